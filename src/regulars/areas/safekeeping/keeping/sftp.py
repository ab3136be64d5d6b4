"""An SFTP server as the second place, through asyncssh. Its key is known beforehand, by fingerprint; nothing of the
user's own SSH settings is read."""

import asyncio
import stat
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

import asyncssh
from django.utils.translation import gettext as _

from regulars.areas.safekeeping.keeping.arrangement import Elsewhere
from regulars.areas.safekeeping.keeping.elsewhere import half, root, unreachable
from regulars.kernel.errors import Refused

_PATIENCE = 20.0  # seconds for the server to answer at all


@contextmanager
def opened(where: Elsewhere, *, reading: str = "") -> Iterator["Sftp"]:
    told = where.told
    with asyncio.Runner() as runner:
        try:
            connection, client = runner.run(_entered(where))
            try:
                base = PurePosixPath(told["path"] or ".") / (reading or root())
                place = Sftp(runner, client, base)
                if not reading:
                    place.do(client.makedirs(str(base), exist_ok=True))
                yield place
            finally:
                connection.close()
                with suppress(OSError, asyncssh.Error):
                    runner.run(connection.wait_closed())
        except (OSError, TimeoutError, asyncssh.Error, asyncssh.SFTPError) as error:
            raise unreachable(str(where), _reason(error)) from error


def key_of(host: str, port: int) -> str:
    """The fingerprint of the key that the server shows now, for comparing. Raises `Refused`."""
    try:
        key = asyncio.run(asyncio.wait_for(asyncssh.get_server_host_key(host, port, config=None), _PATIENCE))
    except (OSError, TimeoutError, asyncssh.Error) as error:
        raise unreachable(f"sftp://{host}:{port}", _reason(error)) from error
    if key is None:
        raise unreachable(f"sftp://{host}:{port}", _("it shows no key"))
    return key.get_fingerprint()


class _Known(asyncssh.SSHClient):
    """Lets in the one server whose key was compared."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        return key.get_fingerprint() == self._fingerprint


async def _entered(where: Elsewhere) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
    told, secrets = where.told, where.secrets
    options: dict[str, Any] = {
        "username": told["user"],
        "known_hosts": ([], [], []),
        "config": None,
        "agent_path": None,
    }
    if secrets.get("private_key"):
        options["client_keys"] = [_private(secrets["private_key"], secrets.get("password"))]
    else:
        options |= {"password": secrets.get("password", ""), "client_keys": None}
    connecting = asyncssh.create_connection(
        lambda: _Known(told["host_key"]), told["host"], int(told["port"]), **options
    )
    connection, _client = await asyncio.wait_for(connecting, _PATIENCE)
    return connection, await connection.start_sftp_client()


def _private(text: str, passphrase: str | None) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(text, passphrase or None)
    except asyncssh.KeyImportError as error:
        raise Refused(_("The private key cannot be read. Paste the whole file, and its password if it has one.")) from (
            error
        )


def _reason(error: BaseException) -> str:
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return _("it shows another key than the one you compared. Somebody may stand in between")
    if isinstance(error, asyncssh.PermissionDenied):
        return _("it does not know this user, password or key")
    if isinstance(error, TimeoutError):
        return _("it does not answer")
    return str(error) or type(error).__name__


class Sftp:
    """The open connection, asked one thing after the other."""

    def __init__(self, runner: asyncio.Runner, client: asyncssh.SFTPClient, base: PurePosixPath) -> None:
        self._runner, self._client, self._base = runner, client, base

    def do[T](self, what: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(what)

    def names(self, folder: str) -> dict[str, int]:
        return self.do(self._walked(folder))

    async def _walked(self, folder: str) -> dict[str, int]:
        found: dict[str, int] = {}
        try:
            entries = await self._client.readdir(str(self._base / folder))
        except asyncssh.SFTPNoSuchFile:
            return found
        for entry in entries:
            name = entry.filename if isinstance(entry.filename, str) else entry.filename.decode(errors="replace")
            if name in (".", ".."):
                continue
            path = f"{folder}/{name}" if folder else name
            if stat.S_ISDIR(entry.attrs.permissions or 0):
                found |= await self._walked(path)
            else:
                found[path] = entry.attrs.size or 0
        return found

    def put(self, source: Path, name: str) -> None:
        target, partial = self._base / name, self._base / half(name)
        try:
            self.do(self._client.makedirs(str(target.parent), exist_ok=True))
            self.do(self._client.put(str(source), str(partial)))
            if self.do(self._client.stat(str(partial))).size != source.stat().st_size:
                raise OSError(_("what arrived is not what was sent"))
            self._rename(partial, target)
        except (OSError, asyncssh.SFTPError) as error:
            with suppress(OSError, asyncssh.Error):
                self.do(self._client.remove(str(partial)))
            raise OSError(_reason(error)) from error

    def _rename(self, partial: PurePosixPath, target: PurePosixPath) -> None:
        try:
            self.do(self._client.posix_rename(str(partial), str(target)))
        except asyncssh.SFTPOpUnsupported:  # the plain one replaces nothing
            with suppress(asyncssh.SFTPError):
                self.do(self._client.remove(str(target)))
            self.do(self._client.rename(str(partial), str(target)))

    def get(self, name: str, target: Path) -> None:
        self.do(self._client.get(str(self._base / name), str(target)))

    def remove(self, name: str) -> None:
        try:
            self.do(self._client.remove(str(self._base / name)))
        except asyncssh.SFTPNoSuchFile:
            return
        except asyncssh.SFTPError as error:
            raise OSError(str(error)) from error

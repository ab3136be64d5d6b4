"""Where we listen, under which address others reach us, and whether that is allowed: plain http only on loopback."""

import errno
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the web process must know. `fingerprint` is that of the house's own authority, where one is used."""

    host: str
    port: int
    workers: int
    base_url: str
    cert: str = ""
    key: str = ""
    authority: str = ""
    fingerprint: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def secure(self) -> bool:
        return bool(self.cert)


def make(host: str, port: int, workers: int, given: Mapping[str, str] = os.environ) -> Plan:
    """The plan of what was asked for; makes a certificate where one is needed and none was given. Raises `Refused`."""
    cert, key = given.get("REGULARS_TLS_CERT", ""), given.get("REGULARS_TLS_KEY", "")
    base = given.get("REGULARS_BASE_URL", "").rstrip("/")
    _refuse_half(cert, key)
    if not cert and is_loopback(host):
        return Plan(host, port, workers, base or f"http://{_bracketed(host)}:{port}")
    if base and urlsplit(base).scheme != "https":
        raise Refused(
            _(
                "%(host)s is reached from other machines, so it is served by https: REGULARS_BASE_URL must begin with "
                "https://, not %(base)s. For plain http listen on 127.0.0.1."
            )
            % {"host": host, "base": base}
        )
    reached = urlsplit(base).hostname or (local_address() if is_wildcard(host) else host)
    base = base or f"https://{_bracketed(reached)}:{port}"
    if cert:
        return Plan(host, port, workers, base, _readable(cert), _readable(key))
    from regulars.interfaces.server import tls

    made = tls.certificate_for(_names(reached))
    return Plan(
        host, port, workers, base, str(made.cert), str(made.key), str(made.authority), tls.fingerprint(made.authority)
    )


_KEPT: list[socket.socket] = []


def take_port(host: str, port: int) -> socket.socket | None:
    """Keeps the port for this process until its end, also from another Regulars of the same user that starts at the
    same moment: both would listen there, as our own workers do side by side. What keeps it, None where the system has
    no such names. Raises `Refused` when something else listens there already, or the address is not this machine's."""
    kept = _kept(host, port)
    try:
        _refuse_taken(host, port)
    except Refused:
        if kept is not None:
            kept.close()
        raise
    return kept


def _kept(host: str, port: int) -> socket.socket | None:
    """A name beside the port, which lies where ports lie, in no folder, and goes with the process (Linux)."""
    if sys.platform != "linux":
        return None
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0regulars {host} {port}")
    except OSError as error:
        name.close()
        raise _cannot_listen(host, port, os.strerror(errno.EADDRINUSE)) from error
    _KEPT.append(name)
    return name


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Refused(
                _("Port %(port)d is for the administrator only. Choose one from 1024: regulars serve --port 8000")
                % {"port": port}
            ) from error
        except OSError as error:
            raise _cannot_listen(host, port, error.strerror or str(error)) from error


def _cannot_listen(host: str, port: int, reason: str) -> Refused:
    return Refused(
        _("Cannot listen on %(host)s, port %(port)d: %(reason)s. Try another: regulars serve --port %(other)d")
        % {"host": host, "port": port, "reason": reason, "other": port + 1}
    )


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_wildcard(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def local_address() -> str:
    """The address of this machine in its own network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _names(reached: str) -> list[str]:
    """Every name and address that the certificate must hold for."""
    return list(dict.fromkeys([reached, local_address(), socket.gethostname(), "localhost", "127.0.0.1"]))


def _refuse_half(cert: str, key: str) -> None:
    if bool(cert) != bool(key):
        raise Refused(_("REGULARS_TLS_CERT and REGULARS_TLS_KEY go together: give both, or neither."))


def _readable(path: str) -> str:
    if not os.access(path, os.R_OK) or not Path(path).is_file():
        raise Refused(_("The certificate file %(file)s cannot be read.") % {"file": path})
    return path


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host

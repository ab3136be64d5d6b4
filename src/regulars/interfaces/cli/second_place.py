"""The second place as it is named at the shell: `sftp://user@host:port/folder`, `s3://bucket/folder`.

What must not stand in a command (passwords) is asked at the terminal, or is the first line of standard input. The place
that this home knows itself is opened as it knows it.
"""

import argparse
import getpass
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from regulars.interfaces.cli.output import WrongUsage, say
from regulars.kernel.early import gettext as _

if TYPE_CHECKING:
    from regulars.areas.safekeeping.keeping.arrangement import Elsewhere

KINDS = ("sftp", "s3")
_PORT = 22


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What a place that nobody arranged here needs beside its name."""
    group = parser.add_argument_group("a second place that this home does not know (its password is asked)")
    group.add_argument("--host-key", default="", metavar="FINGERPRINT", help="sftp: the server's key; else it is shown")
    group.add_argument("--identity", type=Path, metavar="FILE", help="sftp: a private key in place of a password")
    group.add_argument("--access-key", default="", metavar="NAME", help="s3: the access key")
    group.add_argument("--endpoint", default="", metavar="URL", help="s3: the address of the service, https://…")
    group.add_argument("--region", default="", metavar="NAME", help="s3: the region")


def named(text: str, args: argparse.Namespace) -> "Elsewhere | None":
    """The second place of this name; None for a folder. Raises WrongUsage, Refused."""
    kind = text.partition("://")[0]
    if kind not in KINDS or "://" not in text:
        return None
    from regulars.areas.safekeeping.keeping.arrangement import Elsewhere, arrangement

    known = arrangement().elsewhere
    if known is not None and str(known) == text.rstrip("/") and known.secrets:
        return known
    parts = urlsplit(text)
    if not parts.hostname:
        raise WrongUsage(_("Name the second place as sftp://user@host:22/folder or s3://bucket/folder."))
    if kind == "s3":
        told = {"bucket": parts.netloc, "prefix": parts.path.strip("/"), "endpoint": args.endpoint,
                "region": args.region, "user": args.access_key}  # fmt: skip
        if not args.access_key:
            raise WrongUsage(_("An S3 bucket needs --access-key. The secret key is asked for."))
        return Elsewhere("s3", told, {"password": _secret(_("Secret key: "))})
    port = parts.port or _PORT
    if not parts.username:
        raise WrongUsage(_("Name the second place as sftp://user@host:22/folder or s3://bucket/folder."))
    told = {"host": parts.hostname, "port": str(port), "user": parts.username, "path": parts.path,
            "host_key": args.host_key or _compared(parts.hostname, port)}  # fmt: skip
    return Elsewhere("sftp", told, _sftp_secrets(args))


def _sftp_secrets(args: argparse.Namespace) -> dict[str, str]:
    if args.identity is None:
        return {"password": _secret(_("Password: "))}
    try:
        private = args.identity.expanduser().read_text()
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(_("The file %(file)s cannot be read.") % {"file": args.identity}) from None
    return {"private_key": private, "password": _secret(_("Password of the key, empty for none: "))}


def _secret(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt, stream=sys.stderr)
    return sys.stdin.readline().rstrip("\n")


def _compared(host: str, port: int) -> str:
    """The key that the server shows, once somebody has compared it. Raises WrongUsage where nobody can."""
    from regulars.areas.safekeeping.keeping import sftp

    shown = sftp.key_of(host, port)
    say(_("The server shows the key %(key)s. Compare it with what its administrator says.") % {"key": shown})
    if not sys.stdin.isatty():
        raise WrongUsage(_("Give the key that you have compared with --host-key."))
    print(_("Is it the same? [y/N] "), end="", file=sys.stderr, flush=True)
    with suppress(EOFError):
        if input().strip().lower() in ("y", "yes"):
            return shown
    raise WrongUsage(_("Nothing was fetched: the server's key is not the one you know."))

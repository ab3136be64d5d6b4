"""The address of a PostgreSQL database. Read before Django's settings stand, so nothing of Django is wanted here."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused


def postgres(url: str, called: str = "REGULARS_DATABASE_URL") -> dict[str, Any]:
    """Django's database settings of a `postgres://user:password@host:port/name?option=…` address.

    `host` among the options names a socket folder. Refuses another scheme or a missing name; `called` is what the
    address was given as.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise Refused(_("%(name)s must look like postgres://user:password@host:5432/name.") % {"name": called})
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": options.pop("port", None) or str(parts.port or ""),
        "OPTIONS": options,
    }


def told(url: str) -> str:
    """The address as it may be shown and kept: without the password."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    return f"{parts.scheme}://{user}{host}{parts.path}{f'?{parts.query}' if parts.query else ''}"

"""An S3 bucket, of whatever provider, as the second place, through obstore."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from django.utils.translation import gettext as _
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from regulars.areas.safekeeping.keeping.arrangement import Elsewhere
from regulars.areas.safekeeping.keeping.elsewhere import root, unreachable
from regulars.kernel.errors import Refused

_CHUNK = 4 << 20
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@contextmanager
def opened(where: Elsewhere, *, reading: str = "") -> Iterator["Bucket"]:
    told, secrets = where.told, where.secrets
    prefix = "/".join(part for part in (told["prefix"].strip("/"), reading or root()) if part)
    try:
        store = S3Store(
            told["bucket"],
            prefix=prefix,
            endpoint=_safe(told["endpoint"]) or None,
            region=told["region"] or "us-east-1",
            access_key_id=told["user"],
            secret_access_key=secrets.get("password", ""),
            virtual_hosted_style_request=False,
            client_options={"allow_http": _is_here(told["endpoint"]), "timeout": "10 minutes"},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=60)},
        )
        yield Bucket(store)
    except (BaseError, OSError) as error:  # what is not there, or not allowed, comes as Python's own error
        raise unreachable(str(where), _reason(error)) from error


def _is_here(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname in _LOOPBACK


def _safe(endpoint: str) -> str:
    if endpoint and urlsplit(endpoint).scheme != "https" and not _is_here(endpoint):
        raise Refused(_("The address of the S3 service must begin with https://, not %(there)s.") % {"there": endpoint})
    return endpoint


def _reason(error: Exception) -> str:
    """The library's own words, of which the first line says enough; it never names a secret."""
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return said[:300]


class Bucket:
    def __init__(self, store: S3Store) -> None:
        self._store = store

    def names(self, folder: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for page in obstore.list(self._store, prefix=f"{folder}/" if folder else None, chunk_size=1000):
            found |= {each["path"]: each["size"] for each in page}
        return found

    def put(self, source: Path, name: str) -> None:
        try:
            done: Any = obstore.put(self._store, name, source)
        except BaseError as error:
            raise OSError(_reason(error)) from error
        if done is None:
            raise OSError(_("what arrived is not what was sent"))

    def get(self, name: str, target: Path) -> None:
        with target.open("wb") as taken:
            for chunk in obstore.get(self._store, name).stream(min_chunk_size=_CHUNK):
                taken.write(chunk)

    def remove(self, name: str) -> None:
        try:
            obstore.delete(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise OSError(_reason(error)) from error

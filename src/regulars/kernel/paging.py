"""Keyset paging: a page says where the next one begins. A cursor holds the sort values of its last row."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext as _

from regulars.kernel.errors import Refused

Cursor = list[Any]
_LONGEST = 4000


def write_cursor(values: Cursor) -> str:
    """The cursor as text for `after`: opaque, fit for an address."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(text: str, *kinds: type) -> Cursor:
    """The values behind a cursor, of exactly these types. Raises Refused for what is no cursor of this list."""
    try:
        if len(text) > _LONGEST or not text.isascii():
            raise ValueError
        values = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        values = None
    fits = isinstance(values, list) and len(values) == len(kinds)
    if not fits or any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
        raise Refused(_("This is not the `next` of a page of this list."), where="after")
    return list(values)


def next_link(request: HttpRequest, after: str) -> str:
    """The address of the next page: this one's with another `after`."""
    asked = {name: request.GET[name] for name in request.GET if name != "after"}
    return f"{request.path}?{urlencode({**asked, 'after': after})}"

"""What goes back: JSON in the house's spelling, with the headers of a deed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from regulars.kernel.errors import Refused
from regulars.kernel.tables import moment

ETag = '"%d"'


class NoCondition(Refused):
    """An edit that does not say which version it was made on."""

    code = "if_match_missing"
    status = 428


class BadCondition(Refused):
    """An `If-Match` that names no version."""

    code = "if_match_unreadable"
    status = 400


def answer(
    data: Any,
    *,
    status: int = 200,
    version: int | None = None,
    changeset: int | None = None,
    location: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The data as JSON. `version` becomes the ETag, `changeset` the header by which the deed can be taken back."""
    response = HttpResponse(
        orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME),
        status=status,
        content_type="application/json",
    )
    if version is not None:
        response["ETag"] = ETag % version
    if changeset is not None:
        response["Changeset"] = str(changeset)
    if location:
        response["Location"] = location
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def nothing(*, changeset: int | None = None) -> HttpResponse:
    """204: done, and there is nothing to say."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    if changeset is not None:
        response["Changeset"] = str(changeset)
    return response


def bytes_answer(content: bytes, *, kind: str, name: str) -> HttpResponse:
    """A file to be saved, never shown in the house's own origin (H3)."""
    from django.utils.http import content_disposition_header

    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Promise):
        return force_str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


def seen_version(request: HttpRequest) -> int | None:
    """The version that `If-Match` names; None for `*`, which is whatever stands. Raises Refused with 428 or 400."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise NoCondition(_("Send If-Match with the ETag of the card you edited, so that nobody's edit is lost."))
    if given == "*":
        return None
    number = given.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise BadCondition(_('If-Match takes the ETag of the card, for example "17", or *.'), where="If-Match")
    return int(number)

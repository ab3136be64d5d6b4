"""The shapes of requests and answers. A member that its shape does not name is refused, never ignored."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

Instant = Annotated[str, Field(description="UTC, ISO 8601.", json_schema_extra={"format": "date-time"})]
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


def _iso(text: object) -> object:
    """Only ISO 8601: pydantic alone would take a bare number for the seconds since 1970."""
    if isinstance(text, str) and not _ISO.fullmatch(text):
        raise ValueError("not an instant in ISO 8601")
    return text


# An instant that is asked for: far from the ends of the calendar, where a zone's hours would lead out of it.
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_iso),
    Field(gt=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
]


def _iso_day(told: object) -> object:
    """Only ISO 8601, here too."""
    if not (isinstance(told, date) or (isinstance(told, str) and _ISO_DAY.fullmatch(told))):
        raise ValueError("not a day in ISO 8601")
    return told


AskedDay = Annotated[date, BeforeValidator(_iso_day)]


class Shape(BaseModel):
    """What a request may send or an answer holds: these members and no other, each of its own type and no other."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_serialization_defaults_required=True)


class Place(Shape):
    """One member of a request that will not do."""

    where: str = Field(description="The member, as a path: `body.emails.0.value`.")
    message: str


class Problem(BaseModel):
    """RFC 9457. Every refusal has this shape; `code` is a word for a program, `detail` a sentence for a person."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Where this kind of problem is explained.")
    title: str
    status: int
    detail: str
    code: str
    where: str | None = Field(default=None, description="The field, row or place that will not do.")
    errors: list[Place] | None = Field(default=None, description="All that will not do, where it is more than one.")

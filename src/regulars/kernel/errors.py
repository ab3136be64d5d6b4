"""The one family of refusals. A refusal's message is fit for the screen: it says what, where and what to do."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A deed that was not done. Nothing has changed.

    `message` is translated text for a person; `code` is a stable word for a program; `where` names the field,
    row or place; `more` carries what an interface may show beside it (a newer value, a list of conflicts).
    """

    code = "refused"
    status = 422

    def __init__(self, message: str, *, where: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.more: Mapping[str, Any] = more

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refused):
    """There is no such thing, or this person may not know that there is."""

    code = "not_found"
    status = 404


class Gone(NotFound):
    """There was such a thing, and it is gone for good."""

    code = "gone"
    status = 410


class NotAllowed(Refused):
    """The thing may be known, but this person may not do this to it."""

    code = "not_allowed"
    status = 403


class Stale(Refused):
    """The view this edit was made on is old. `more` says what stands now, since when and by whom."""

    code = "stale"
    status = 412

"""Notices for the next page, kept with the session: they may name a customer, so they are in no cookie."""

from collections.abc import Iterable
from typing import Any

from django.contrib.messages.storage.base import BaseStorage, Message
from django.http import HttpResponseBase


class SessionNotices(BaseStorage):
    """Django's message storage over `Session.notices`. A visitor has no session: his notices last for one answer."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message], bool]:
        seat = getattr(self.request, "seat", None)
        kept = seat.notices if seat else []
        return [Message(level, text, extra_tags=tags) for level, text, tags in kept], True

    def _store(
        self, messages: Iterable[Message], response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> list[Message]:
        seat = getattr(self.request, "seat", None)
        waiting = [[each.level, str(each.message), each.extra_tags or ""] for each in messages]
        if seat and seat.pk and waiting != seat.notices:
            seat.notices = waiting
            type(seat).objects.filter(pk=seat.pk).update(notices=waiting)
        return []

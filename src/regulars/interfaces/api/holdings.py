"""What the API keeps of a customer: answers, for the time in which a request may be sent again."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.interfaces.api.models import KeptAnswer
from regulars.kernel.registries import Store


def _found(_erasure: Any) -> int:
    return KeptAnswer.objects.exclude(sealed=None).count()


def _forget(_erasure: Any) -> None:
    KeptAnswer.objects.exclude(sealed=None).update(sealed=None)


STORES = [
    Store(
        name="api.answers",
        label=_("Answers to programs, kept for two days"),
        on_forget="erase",
        why=_("Nobody but the program can read them, so nobody knows whose card is in which: all go. A request that is "
              "sent again is told that it was done; a digest of what was asked stays until the two days are over."),
        found=_found,
        forget=_forget,
    ),
]  # fmt: skip

"""What this room keeps of a customer: words that wait for somebody's next page."""

from django.utils.translation import gettext_lazy as _

from regulars.areas.access.models import Session
from regulars.areas.journal.actions import Erasure
from regulars.kernel.registries import Store


def _found(erasure: Erasure) -> int:
    return sum(erasure.mentions.cleaned_all(row.notices) != row.notices for row in _waiting())


def _forget(erasure: Erasure) -> None:
    for row in _waiting():
        told = erasure.mentions.cleaned_all(row.notices)
        if told != row.notices:
            Session.objects.filter(pk=row.pk).update(notices=told)


def _waiting() -> list[Session]:
    return list(Session.objects.exclude(notices=[]))


STORES = [
    Store(
        name="access.notices",
        label=_("Notices that wait for somebody's next page"),
        on_forget="blank",
        why=_("What names this customer goes out of them."),
        found=_found,
        forget=_forget,
    ),
]

"""What is done to the house as a whole, in one sentence each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Verb

_PLACES = {"file": _("the encrypted file"), "postgresql": "PostgreSQL"}


def _place(word: Any) -> str:
    return str(_PLACES.get(word, word))


_KEYS = {
    "database": _("the database"),
    "fields": _("sealed facts"),
    "sign": _("the signed heads"),
    "session": _("browsers’ marks"),
}


def _key(word: Any) -> str:
    return str(_KEYS.get(word, word))


VERBS = [
    Verb(
        name="safekeeping.arranged",
        sentence=_("arranged how versions are kept: %(budget)s%% of the disk, second place %(place)s"),
        undo="never",
        why_not=_("It changes no row of the register: change it on the page Safekeeping."),
        said={"budget": str},
    ),
    Verb(
        name="safekeeping.restored",
        sentence=_("put the version %(version)s back in place of the register"),
        undo="never",
        why_not=_("The register that was replaced is a version too: put that one back instead."),
        typed=False,
    ),
    Verb(
        name="safekeeping.brought_back",
        sentence=_("brought card %(number)s back as it was in the version %(version)s"),
        typed=False,
    ),
    Verb(
        name="safekeeping.field_brought_back",
        sentence=_("brought “%(fact)s” of card %(number)s back as it was in the version %(version)s"),
        typed=False,
    ),
    Verb(
        name="safekeeping.key_changed",
        sentence=_("began to change the key of %(kind)s"),
        undo="never",
        why_not=_("A key that was changed stays changed: change it again."),
        said={"kind": _key},
        typed=False,
    ),
    Verb(
        name="safekeeping.moved",
        sentence=_("moved the register to %(to)s"),
        undo="never",
        why_not=_("The register lies elsewhere now: move it back."),
        said={"to": _place},
        typed=False,
    ),
    Verb(
        name="safekeeping.stayed",
        sentence=_("let the register stay where it was moved away from"),
        undo="never",
        why_not=_("Move the register again."),
        typed=False,
    ),
]

"""One customer's timeline by kind: changes, notes, what is allowed, files, who looked at hidden values."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.queries.deeds import Deed, history_of
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Text

KINDS: Mapping[str, Text] = {
    "change": _("Changes"),
    "bought": _("Purchases"),
    "note": _("Notes"),
    "allowed": _("What is allowed"),
    "file": _("Files"),
    "look": _("Looks"),
}
_AT_ONCE, _AT_MOST = 50, 1_000  # deeds that are read at a time, and for one page of one kind
_VALUES = 100  # of one deed; all of them stand on the deed's own page


def kind_of(deed: Deed) -> str:
    """What the deed is in a timeline: what its verb says, or the one group that all its values stand in."""
    verb = registries.verbs().get(deed.verb)
    if verb is not None and verb.kind:
        return verb.kind
    facts, groups = registries.facts(), registries.groups()
    touched = {facts[each.field].group if each.field in facts else "" for each in deed.fields}
    group = groups.get(touched.pop() or "") if len(touched) == 1 else None
    return (group.kind if group else "") or "change"


def timeline_of(
    customer: int, *, by: Actor, kind: str = "", before: int | None = None, upto: int | None = None, limit: int = 30
) -> tuple[list[Deed], int | None]:
    """The newest deeds of one kind (all of them where it is empty) done before a changeset, each with its first values,
    and where the next page begins: `before` for it, None where there is no more."""
    found: list[Deed] = []
    for deed in _deeds(customer, by, before, upto, _AT_ONCE if kind else limit + 1):
        if deed is None:
            return found, before
        if kind in ("", kind_of(deed)):
            if len(found) == limit:
                return found, before
            found.append(deed)
        before = deed.changeset
    return found, None


def _deeds(customer: int, by: Actor, before: int | None, upto: int | None, at_once: int) -> Iterator[Deed | None]:
    """One after the other; None where so many were read that the next page had better go on."""
    for _step in range(_AT_MOST // _AT_ONCE):
        deeds = history_of(customer, by=by, before=before, upto=upto, limit=at_once, most=_VALUES)
        yield from deeds
        if len(deeds) < at_once:
            return
        before = deeds[-1].changeset
    yield None

"""Merging: one person's two cards become one. The card that is kept gets everything; the other stays as a row that
says where it went, so that its number and every link to it lead there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer, Standing
from regulars.areas.customers.queries import edited_since, number_is_forgotten, visible
from regulars.areas.journal.actions import Link, deed
from regulars.areas.matching.actions.choosing import Choice, Chosen, Take, read_take
from regulars.areas.matching.actions.rows import Carrying
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Gone, NotAllowed, NotFound, Refused, Stale

RIGHT = "customers.merge"


@dataclass(slots=True)
class Merged:
    """What a merge did, or would do. `moved` counts rows by what they are; `choices` are the facts in which the cards
    differed."""

    keep: int
    absorb: int
    changeset: int | None = None
    moved: dict[str, int] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The contract's shape, with what was chosen."""
        chosen = [each.as_json() for each in self.choices]
        return {
            "changeset": self.changeset, "keep": self.keep, "absorb": self.absorb, "moved": self.moved,
            "chosen": chosen,
        }  # fmt: skip


class _OnlyTried(Exception):
    """Ends a deed that was only tried, so that nothing of it stays."""


@registries.steady(anew=False)
def merge_customers(
    *,
    keep: int,
    absorb: int,
    by: Actor,
    at: datetime,
    take: Take | None = None,
    seen: Mapping[int, int] | None = None,
    dry_run: bool = False,
) -> Merged:
    """Merges the card `absorb` into the card `keep`. `take` says of a fact whose value counts; without it the fuller
    value does, then the later one. `seen` are the versions of the cards on which that was decided.

    Raises NotAllowed, NotFound, Gone, Stale (a card was edited since it was seen), and Refused: into itself, a person
    into an organisation, archived or merged cards, a fact of which nothing can be taken.
    """
    if not by.may(RIGHT):
        raise NotAllowed(_("Your account may not merge customers. Whoever runs the house can give the right."))
    take, done = read_take(take or {}), Merged(keep, absorb)
    try:
        with deed(verb="matching.merged", by=by, at=at, particulars={"number": keep, "absorbed": absorb}) as link:
            _merge(link, done, take, seen or {}, by)
            if dry_run:
                link.touch_cards()
                raise _OnlyTried
    except _OnlyTried:
        return done
    done.changeset = link.changeset
    return done


def _merge(link: Link, done: Merged, take: Take, seen: Mapping[int, int], by: Actor) -> None:
    kept, absorbed = _two(done.keep, done.absorb, by)
    for card in (kept, absorbed):
        _refuse_old_view(card, seen)
    chosen = Chosen(kept, absorbed, take)
    carrying = Carrying(link, kept, absorbed, take)
    carrying.carry()
    link.change(kept, **chosen.values)
    # It names nobody any more: who sent her stands on the card that is kept.
    link.change(absorbed, merged_into_id=kept.number, referred_by_id=None)
    done.moved, done.choices = dict(sorted(carrying.moved.items())), chosen.choices


# --- which two --------------------------------------------------------------------------------------------------------


def _two(keep: int, absorb: int, by: Actor) -> tuple[Customer, Customer]:
    """The two cards. Raises NotFound, Gone, Refused."""
    if keep == absorb:
        raise Refused(_("A card cannot be merged into itself. Name the number of the other card."), where="absorb")
    kept, absorbed = (_card(number, where, by) for number, where in ((keep, "keep"), (absorb, "absorb")))
    if kept.kind != absorbed.kind:
        message = _("Customer %(one)s is a person and customer %(other)s is an organisation: they are not the same.")
        person, other = (kept, absorbed) if kept.kind == "person" else (absorbed, kept)
        raise Refused(message % {"one": person.number, "other": other.number}, where="absorb")
    return kept, absorbed


def _card(number: int, where: str, by: Actor) -> Customer:
    row = visible(by).filter(pk=number).first()
    if row is None:
        if by.own is None and number_is_forgotten(number):
            raise Gone(_("Customer %(number)s was forgotten. Nothing is kept of them.") % {"number": number})
        raise NotFound(_("There is no customer %(number)s.") % {"number": number}, where=where)
    if row.merged_into_id is not None:
        message = _("Card %(number)s was merged into card %(keeper)s already. Name that one, or un-merge them first.")
        raise Refused(message % {"number": number, "keeper": row.merged_into_id}, where=where)
    if Standing.objects.filter(customer=row, kind="archived").exists():
        message = _("Card %(number)s is archived. Take it out of the archive first.")
        raise Refused(message % {"number": number}, where=where)
    return row


def _refuse_old_view(card: Customer, seen: Mapping[int, int]) -> None:
    version = seen.get(card.number)
    if version is not None and version != card.version:
        newer = [each.as_json() for each in edited_since(card, version)]
        message = _("Card %(number)s has been edited since you opened it. Look at both cards again.")
        raise Stale(message % {"number": card.number}, where=str(card.number), newer=newer, version=card.version)

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from regulars.areas.customers import models
from regulars.areas.customers.card import showing
from regulars.areas.customers.queries.forgotten import number_is_forgotten
from regulars.areas.customers.queries.reach import visible, without_strangers
from regulars.areas.journal.queries import as_of, looking_back
from regulars.kernel import keyfile, registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Gone, NotAllowed, NotFound
from regulars.kernel.prepared import Prepared


def card_for(by: Actor, number: int) -> models.Customer:
    """One customer by number; a merged number answers with its keeper. Raises NotFound, also for a stranger's, and Gone
    for one who was forgotten."""
    rows = _CARD.rows(number) if _sees_all(by) else visible(by).filter(pk=number)
    row = next(iter(rows), None)
    if (row is None or row.merged_into_id is not None) and (keeper := keeper_of(number)) != number:
        row = visible(by).filter(pk=keeper).first()
    if row is None:
        if _sees_all(by) and number_is_forgotten(number):
            raise Gone(_("Customer %(number)s was forgotten. Nothing is kept of them.") % {"number": number})
        raise NotFound(_missing(by, number))
    return row


_CARD = Prepared(lambda number: models.Customer.objects.filter(pk=number))


def _merged(number: int) -> QuerySet[models.Customer, Any]:
    return models.Customer.objects.filter(pk=number, merged_into__isnull=False)


_INTO = Prepared(lambda number: _merged(number).values_list("merged_into_id", flat=True))


def keeper_of(number: int) -> int:
    """The number of the card that a number leads to: itself, or the last one that it was merged into."""
    while (further := next(iter(_INTO.rows(number)), None)) is not None:
        number = further
    return number


def keepers_of(numbers: Collection[int]) -> set[int]:
    """The same of many numbers, in one look where none of them was merged."""
    rows = models.Customer.objects.filter(pk__in=numbers, merged_into__isnull=False)
    merged = set(rows.values_list("number", flat=True)) if numbers else set()
    return (set(numbers) - merged) | {keeper_of(each) for each in merged}


def joined_to(number: int) -> list[int]:
    """The card's number, and those of all that were merged into it, one after the other."""
    numbers, fresh = [number], [number]
    while fresh:
        rows = models.Customer.objects.filter(merged_into__in=fresh, merged_into__isnull=False)
        fresh = sorted(set(rows.values_list("number", flat=True)) - set(numbers))
        numbers += fresh
    return numbers


def _sees_all(by: Actor) -> bool:
    return by.own is None and by.may("customers.view")


def _missing(by: Actor, number: int) -> str:
    """Why there is no such card; where one looks back, whether it was not there yet or was there no more."""
    moment, told = looking_back(), {"number": number}
    if moment is not None and _sees_all(by):
        versions = models.Customer.past._default_manager.filter(number=number)
        with as_of(None):
            if versions.filter(until__lte=moment.link).exists():
                return _("Card %(number)s was there before, and was gone by then.") % told
            if visible(by).filter(pk=number).exists() or versions.exists():
                return _("Card %(number)s was not made yet.") % told
    return _("There is no customer %(number)s.") % told


def card_json(by: Actor, number: int) -> dict[str, Any]:
    """The contract's JSON of one customer; masked facts are masked."""
    return json_of(by, card_for(by, number))


def json_of(by: Actor, row: models.Customer) -> dict[str, Any]:
    """The same of a customer that `card_for` has given."""
    return _masked(without_strangers(by, showing.cards_of([row])))[0]


def cards_json(by: Actor, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The same for many, in the order asked, with one query a table."""
    return _masked(_shown(by, numbers))


def _masked(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    masked = [fact.name for fact in registries.facts_of(None) if fact.protection == "masked"]
    own = [fact.key for fact in registries.facts_of("custom") if fact.protection == "masked"]
    for card in shown:
        card |= {name: masked_text(card[name]) for name in masked}
        card["custom"] |= {name: masked_text(card["custom"][name]) for name in own if name in card["custom"]}
    return shown


def cards_clear(by: Actor, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The same with masked facts in clear, for an export that the journal records. Raises NotAllowed."""
    if not by.may("customers.unmask"):
        raise NotAllowed(_("You may not look at masked values."))
    return _shown(by, numbers)


def _shown(by: Actor, numbers: Sequence[int]) -> list[dict[str, Any]]:
    rows = visible(by).in_bulk(list(numbers))
    return without_strangers(by, showing.cards_of([rows[number] for number in numbers if number in rows]))


def own_source() -> str:
    """The source under which this house's own numbers stand in its exports: `regulars 3f9a12bc`."""
    return f"regulars {keyfile.keys().home[:8]}"


def masked_text(value: Any) -> str | None:
    """What is shown of a masked value: that there is one."""
    return None if value in (None, "") else "•••"

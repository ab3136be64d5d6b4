"""Cards as they are compared, read from the register's rows: columns in chunks, no objects."""

from collections.abc import Collection, Iterator, Sequence
from itertools import batched
from typing import Any

from regulars.areas.customers.models import Address, ContactPoint, Customer, IdentityNumber, Standing
from regulars.areas.matching.comparing.features import Card
from regulars.kernel.tables import table_of

AT_ONCE = 5_000
_OWN = (
    "number", "kind", "given_name", "middle_name", "family_name", "called_name", "suffix", "organisation_name",
    "birth_date", "gender",
)  # fmt: skip


def every_card() -> Iterator[list[Card]]:
    """All cards that may be compared, in order of number, some thousand at a time."""
    numbers = Customer.objects.filter(merged_into=None).order_by("number").values_list("number", flat=True)
    for part in batched(list(numbers), AT_ONCE):
        yield list(cards(part).values())


def cards(numbers: Sequence[int]) -> dict[int, Card]:
    """The cards of these customers by number, without those who are merged or archived."""
    wanted = list(numbers)
    archived = _archived(wanted)
    rows = table_of(Customer).pick((*_OWN, "merged_into_id"), "number", wanted)
    found = {row[0]: _card(*row[:-1]) for row in sorted(rows) if row[-1] is None and row[0] not in archived}
    points = table_of(ContactPoint).pick(("customer_id", "kind", "key", "primary", "id"), "customer_id", wanted)
    for number, kind, key, _primary, _id in sorted(points, key=lambda row: (not row[3], row[4])):
        if number in found:
            (found[number].phones if kind == "phone" else found[number].emails).append(key)
    places = ("customer_id", "id", "street", "street2", "postcode", "city")
    for number, _id, *place in sorted(table_of(Address).pick(places, "customer_id", wanted)):
        if number in found:
            street, street2, postcode, city = place
            found[number].addresses.append((street, street2, postcode, city))
    for number, *named in table_of(IdentityNumber).pick(
        ("customer_id", "kind", "country", "blind"), "customer_id", wanted
    ):
        if number in found:
            found[number].identities.append(" ".join(named))
    return found


def _card(
    number: int, kind: str, given: str, middle: str, family: str, called: str, suffix: str, organisation: str,
    birth: str, gender: str,
) -> Card:  # fmt: skip
    return Card(number, kind == "person", given, middle, family, called, suffix, organisation, birth, gender)


def _archived(numbers: Sequence[int]) -> set[int]:
    rows = table_of(Standing).pick(("customer_id", "kind"), "customer_id", numbers)
    return {number for number, kind in rows if kind == "archived"}


def written_after(link: int, numbers: Collection[int] | None = None) -> dict[int, int]:
    """Whose card, contact points, addresses, identity numbers or standings were written after this link, with the last
    link that did; of these customers alone where they are named."""
    found: dict[int, int] = {}
    for model in (Customer, ContactPoint, Address, IdentityNumber, Standing):
        owner = "number" if model is Customer else "customer_id"
        past: Any = model.past._default_manager
        for rows, when in ((model._default_manager.all(), "link"), (past.all(), "until")):
            asked = rows.filter(**{f"{when}__gt": link})
            if numbers is not None:
                asked = asked.filter(**{f"{owner}__in": list(numbers)})
            for number, at in asked.values_list(owner, when):
                found[number] = max(at, found.get(number, 0))
    return found

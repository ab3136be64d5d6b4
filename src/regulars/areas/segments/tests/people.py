"""The cast of this room: forty customers with everything a criterion can trip over, and who may ask."""

from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from regulars.areas.customers.actions import archive_customer, define_field
from regulars.areas.customers.actions.cards import ground, write_new
from regulars.areas.customers.card.drafts import read
from regulars.areas.journal.actions import deed
from regulars.kernel.actor import Actor

OWNER = Actor("user", "Olga", 1, frozenset({"*"}), "page")
STAFF = Actor("user", "Sten", 2, frozenset({"customers.view"}), "page")
STRANGER = Actor("user", "Fremd", 3, frozenset(), "page")
TODAY = date(2026, 2, 25)  # the last week of a February without a 29th
AT = datetime(2026, 2, 25, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
HERE: dict[str, Any] = {"today": TODAY, "zone": ZONE}

CITIES = ["Berlin", "berlin", "Ærøskøbing", "Zürich", "New York", "100%", "a_b", "Straße", "STRASSE"]
GIVEN = ["Anna", "Änna", "Johanna", "Søren", "Jonathan", "Jon"]
FAMILY = ["Jonson", "Johnson", "Jönsson", "Sørensen", "O'Brien", "von Berg", "Berg"]
BIRTHDAYS = ["1980-02-28", "1984-02-29", "--02-29", "--03-01", "1999-12-31", "2000-02-24", "--02-25", "1958-03-04"]
TAGS = ["VIP", "vip ", "staff", "Übung", "a%b", "50\\50"]
FIRMS = ["Example GmbH", "Müller & Söhne", "ACME"]


def everybody() -> list[int]:
    """Makes the cast; the same one every time."""
    for label, type_ in (("Shoe size", "number"), ("Nickname", "text"), ("Height", "decimal"), ("Budget", "money"),
                         ("Wedding", "date"), ("Newsletter", "yesno"), ("Locker", "sealed")):  # fmt: skip
        define_field(label=label, type=type_, by=OWNER, at=AT)
    define_field(label="Colour", type="code", choices=["red", "green", "blue"], by=OWNER, at=AT)
    random = Random(7)
    cards: list[dict[str, Any]] = [{"organisation_name": firm} for firm in FIRMS]
    cards += [_card(random, place) for place in range(37)]
    numbers: list[int] = []
    with deed(verb="customers.added", by=OWNER, at=AT) as link:  # in one deed, for it is made for many a test
        for place, card in enumerate(cards):
            if numbers and random.random() < 0.3:
                card["referred_by"] = random.choice(numbers)
            at = AT.replace(day=1 + place % 25, hour=place % 24)
            numbers.append(write_new(link, read(card, ground(at)), by=OWNER, at=at).number)
    for number in random.sample(numbers, 5):
        archive_customer(number=number, by=OWNER, at=AT)
    return numbers


def _card(random: Random, place: int) -> dict[str, Any]:
    def perhaps(chance: float, value: Any) -> Any:
        return value if random.random() < chance else None

    card: dict[str, Any] = {
        "given_name": perhaps(0.8, random.choice(GIVEN)),
        "family_name": random.choice(FAMILY),
        "middle_name": perhaps(0.2, "Maria"),
        "gender": perhaps(0.7, random.choice(["female", "male", "other"])),
        "language": perhaps(0.6, random.choice(["de", "de-AT", "en", "da"])),
        "birth_date": perhaps(0.6, random.choice(BIRTHDAYS)),
        "children": perhaps(0.6, random.randint(0, 4)),
        "occupation": perhaps(0.4, random.choice(["Bäcker", "baecker", "Teacher"])),
        "emails": [{"value": f"p{place}x{i}@example.com"} for i in range(random.randint(0, 2))],
        "phones": [{"value": f"+49301234{place:02}{i}"} for i in range(random.randint(0, 2))],
        "addresses": [_address(random) for _ in range(random.randint(0, 3))],
        "tags": random.sample(TAGS[:1] + TAGS[2:], random.randint(0, 3)),
        "works_at": perhaps(0.4, [{"organisation": random.choice(FIRMS), "job_title": random.choice(["Buyer", ""])}]),
        "notes": perhaps(0.2, [{"kind": "note", "text": "Likes 100% wool"}]),
        "custom": {},
    }
    for name, value in (
        ("shoe_size", random.randint(36, 44)), ("nickname", random.choice(["Änn", "jo_n"])), ("height", "1.75"),
        ("budget", random.choice(["500", "499.99 EUR", "500 USD"])),
        ("wedding", random.choice(["2026-02-25", "2025-02-25"])),
        ("newsletter", random.choice([True, False])), ("locker", random.choice(["A-1", "b2"])),
        ("colour", random.choice(["red", "green"])),
    ):  # fmt: skip
        if random.random() < 0.5:
            card["custom"][name] = value
    return {key: value for key, value in card.items() if value is not None}


def _address(random: Random) -> dict[str, Any]:
    return {
        "city": random.choice([*CITIES, ""]),
        "street": f"Größe Straße {random.randint(1, 400)}",
        "postcode": random.choice(["10115", "01067", "8000", ""]),
        "country": random.choice(["DE", "DK", "CH", ""]),
    }

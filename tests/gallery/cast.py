"""A house in which every page has something to show: the demo's, and what a demo does not come to by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from regulars.areas.access import actions as access
from regulars.areas.access.door.secrets import digest, secret
from regulars.areas.access.models import OneTimeLink, User
from regulars.areas.access.queries import actor_for
from regulars.areas.customers import actions as customers
from regulars.areas.customers.models import Customer
from regulars.areas.customers.queries import card_json
from regulars.areas.intake import actions as intake
from regulars.areas.intake.models import Intake
from regulars.areas.journal.models import Changeset
from regulars.areas.matching.actions import merge_customers
from regulars.areas.matching.models import Pair
from regulars.areas.safekeeping.actions import make_version
from regulars.areas.segments import actions as segments
from regulars.areas.trade import actions as trade
from regulars.areas.trade.models import Line, Reservation
from regulars.interfaces.demo.filling import fill

LIST = (
    "Kundennr.;Name;Born;Mail;Work;Status;Postcode;Town;Stall\n"
    "7;Wenna Trevose;03/04/1961;wenna@gmial.com;+44 117 496 0007 (after six);Active;BS1 4ST;Bristol;B 4\n"
    "8;Silas Moor;05/06/1958;silas@;+44 117 496 0008;Active;;;B 7\n"
    "9;Petra Kallas;07/02/1990;petra@post.example;+44 117 496 0009;Unsubscribed;1067;Dresden;C 1\n"
)


@dataclass(frozen=True)
class Cast:
    """What stands in addresses."""

    owner: User
    colleague: User
    full: int  # a card with a value of every kind
    double: int  # another card of the same person
    merge: int  # a deed that merged two cards into the full one
    waiting: str  # a file with a question
    tried: str
    done: str
    deed: int  # that can be taken back
    bulk: str
    public_token: str
    file_key: str
    account_key: str
    first: str
    invited: str
    come_in: str
    before: str  # a day to look back to
    copy: str  # of the whole house
    pair: tuple[int, int]  # who may be one person
    purchase: int  # of which something went back
    agreed: int  # of which something due has not come
    year: int  # in which the full card gave
    kept: int  # who has something reserved, and something under warranty


def house(count: int, *, now: datetime) -> Cast:
    """The demo with so many customers, and one of everything."""
    team = fill(count, now=now)
    owner = actor_for(team.owner)
    full = _full_card(owner, now)
    waiting, tried = (_file(owner, now, **options) for options in ({}, {"date_order": "dmy"}))
    intake.dry_run(token=tried, by=owner, at=now, wait=True)
    done = Intake.objects.filter(state="done").order_by("pk").first()
    deed = Changeset.objects.filter(verb="customers.edited", undone_by=None).order_by("-number").first()
    bulk = segments.act_on_many(deed="tag", value="festival", numbers=[full], by=owner, at=now)
    token, _text = access.make_token(by=owner, at=now, user=team.owner, name="Till", rights=["customers.view"], days=90)
    card = card_json(owner, full)
    assert done and deed
    return Cast(
        team.owner, team.staff, full, *_doubles(owner, full, now), waiting, tried, done.token,
        deed.number, bulk.token, token.public,
        card["files"][0]["key"], card["bank_accounts"][0]["key"], _link(OneTimeLink.Purpose.FIRST, None, now),
        access.new_password_link(by=owner, at=now, user=team.staff),
        _link(OneTimeLink.Purpose.COME_IN, team.owner, now), (now - timedelta(days=20)).date().isoformat(),
        make_version(at=now, why="backup", by=owner).name, _pair(now),
        Line.objects.filter(returns__isnull=False).values_list("returns__purchase__serial", flat=True)[0],
        *_given(owner, full, now),
        Reservation.objects.values_list("customer", flat=True).order_by("serial")[1],
    )  # fmt: skip


def _full_card(owner, now: datetime) -> int:
    """Somebody's card with what the list did not say."""
    number = Customer.objects.filter(kind="person", birth_date__gt="").order_by("number")[3].number
    friend = Customer.objects.filter(kind="person").order_by("-number")[0].number
    card = {
        "title": "Dr.", "called_name": "Wen", "name_spoken": "TREH-vose", "preferred_channel": "phone",
        "preferred_hours": "after six", "education": "College", "occupation": "Translator", "income_range": "middle",
        "phones": [{"value": "+44 117 496 0999", "label": "work"}], "referred_by": friend,
        "identity_numbers": [{"value": "36574261809", "kind": "idnr", "country": "DE"}],
        "bank_accounts": [{"iban": "DE89370400440532013000"}],
        "social": [{"network": "Mastodon", "handle": "@wen@letters.example.org", "followers": 1204}],
        "notes": [{"kind": "remember", "text": "Her mother’s birthday is in May: a poem on the parcel."}],
        "relations": [{"number": friend, "kind": "partner"}],
        "custom": {"favourite_genre": "Poetry", "reading_circle": True, "gift_budget": "40.00 GBP"},
    }  # fmt: skip
    customers.edit_customer(number=number, card=card, by=owner, at=now)
    content = BytesIO(b"What she would like to read next\n").getvalue()
    customers.add_file(number=number, name="wish list.txt", content=content, by=owner, at=now)
    return number


def _given(owner, full: int, now: datetime) -> tuple[int, int]:
    """What she pledged and is behind with, and the year of what she gave, for which she has a receipt."""
    since = now.date() - timedelta(days=100)
    pledge = trade.NewAgreement("pledge", 250_000, purpose="Lifeboat", note="By standing order", since=since)
    _deed, serial = trade.agree(customer=full, told=pledge, by=owner, at=now)
    memory = "In memory of Captain Trevose, for the young people of the harbour"
    for currency, gifts in (("", (("Lifeboat", 40), (memory, 12))), ("USD", (("Lifeboat", 20),))):
        lines = [trade.NewLine(text=text, amount=amount * 10_000, kind="donation") for text, amount in gifts]
        new = trade.NewPurchase(lines, customer=full, at=now, currency=currency, rate=800_000_000)
        trade.record_purchase(purchase=new, by=owner, at=now)
    trade.give_receipts(year=now.year, by=owner, at=now)
    return serial, now.year


def _doubles(owner, full: int, now: datetime) -> tuple[int, int]:
    """Another card of the same person, and the deed that merged a third one into hers."""
    name = {each: card_json(owner, full)[each] for each in ("given_name", "family_name")}
    double, third = (
        customers.add_customer(card={**name, "occupation": "Poet", **more}, by=owner, at=now)
        for more in ({"emails": ["wen@example.org"]}, {"phones": ["+44 117 496 0123"]})
    )
    merged = merge_customers(keep=full, absorb=third, by=owner, at=now).changeset
    customers.edit_customer(number=full, card={"tags": ["reads aloud"]}, by=owner, at=now)
    return double, merged or 0


def _pair(now: datetime) -> tuple[int, int]:
    """Two who may be one person, as a scan would have found them."""
    a, b = Customer.objects.filter(kind="person").order_by("number").values_list("number", flat=True)[:2]
    reasons = [{"code": "birth_same", "bits": 13.0}, {"code": "given_nickname", "bits": 5.0}]
    reasons.append({"code": "home_other", "bits": -3.0})
    told = {"score": 0.73, "bits": 1.4, "verdict": "likely", "reasons": reasons, "codes": "birth_same"}
    Pair.objects.create(a=a, b=b, found_at=now, seen_at=now, **told)
    return a, b


def _file(owner, now: datetime, **options: str) -> str:
    name = "harbour festival.csv"
    return intake.inspect(file=BytesIO(LIST.encode()), name=name, by=owner, at=now, **options).token


def _link(purpose: OneTimeLink.Purpose, user: User | None, now: datetime) -> str:
    given = secret()
    OneTimeLink.objects.create(digest=digest(given), purpose=purpose, user=user, expires_at=now + timedelta(hours=1))
    return given

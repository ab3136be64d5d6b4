"""A masked or sealed fact stays hidden on every way out from whoever may not unmask it (Z2).

Berta's hidden facts hold the canary. Whoever serves, writes to groups or audits asks for her in every way there is.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access.models import RIGHTS, RIGHTS_OF
from regulars.areas.access.tests.people import OPERATOR, browser_of, token_of
from regulars.areas.customers import actions as customers
from regulars.areas.customers.queries import card_json
from regulars.areas.house.queries import today, zone
from regulars.areas.segments.language.check import NotShown
from regulars.areas.segments.queries import count, listed_facts, page
from regulars.areas.trade.actions import NewAgreement, agree, give_receipts
from regulars.areas.trade.tests.people import NOW, bought
from regulars.interfaces.api.service import PREFIX, routes
from tests.test_permissions import OWN_PAGES

pytestmark = pytest.mark.django_db
HIDDEN: dict[str, Any] = {
    "birth_date": "1913-07-09", "income_range": "Zeisigreich",
    "bank_accounts": [{"iban": "DE89370400440532013000"}],
    "identity_numbers": [{"kind": "vat", "value": "DE136695976"}],
    "custom": {"veiled": "Zeisigwert", "sealed": "Zeisigsiegel", "score": 918273},
}  # fmt: skip
SINGS = ("zeisig", "1913", "370400440532013000", "136695976", "91827", "918,27")
_BY_CHANCE = re.compile(r'(?<=\d\d:\d\d:\d\d)\.\d+|(?<=name="csrfmiddlewaretoken" value=")\w+')  # sings now and then
ASKED = ("customers", "customers/why", "completeness", "customers/builder")
ROLES = ("staff", "marketer", "auditor")


class House:
    def __init__(self) -> None:
        how: dict[str, Any] = {"by": OPERATOR, "at": timezone.now() - timedelta(minutes=5)}
        customers.define_field(label="Veiled", name="veiled", type="text", protection="masked", **how)
        customers.define_field(label="Score", name="score", type="number", protection="masked", **how)
        customers.define_field(label="Sealed", name="sealed", type="sealed", **how)
        self.number = customers.add_customer(card={"given_name": "Berta", "family_name": "Berg", **HIDDEN}, **how)
        self.version = card_json(OPERATOR, self.number)["version"]
        newer = {
            "birth_date": "1913-07-08",
            "income_range": "Zeisigarm",
            "custom": {"veiled": "Zeisigneu", "score": 918274},
        }
        self.deed = customers.edit_customer(number=self.number, card=newer, **how)
        self.serial = bought(self.number)
        bought(self.number, kind="donation", text="Roof")
        _deed, self.agreed = agree(customer=self.number, told=NewAgreement("pledge", 10_000), **how)
        self.year = NOW.year
        give_receipts(year=self.year, **how)


def _pages(house: House) -> Iterator[str]:
    number = house.number
    known: dict[str, Any] = {"number": number, "kind": "deceased", "fact": "birth_date", "key": "x", "token": "x"}
    for each in OWN_PAGES:
        if "number" in each.parameters:
            names = ("about", "bank_accounts", "identity_numbers", "custom")
            yield from (each.address(**known | {"name": name}) for name in names)
    yield from (
        f"/changes/{house.deed}/",
        "/purchases/",
        f"/purchases/{house.serial}/",
        f"/purchases/{house.serial}/lines/",
        "/purchases/agreements/",
        f"/purchases/agreements/{house.agreed}/",
        f"/purchases/agreements/new/?customer={number}",
        "/purchases/donations/",
        f"/purchases/donations/{house.year}/receipts/",
        f"/purchases/donations/{house.year}/{number}/",
    )
    columns = "&".join(f"column={name}" for name in listed_facts(OPERATOR))
    yield f"/customers/?{columns}"
    for fact in ("birth_date", "income_range", "custom.veiled", "custom.score"):
        yield from (f"/customers/?{columns}&order={way}{fact}" for way in ("", "-"))
        asked = urlencode({"criteria": f"{fact} is not empty", "number": number})
        yield from (f"/{each}/?{asked}" for each in ASKED)
    for text in ("zeis", "09.07.191", "DE893704", "9182", "berg"):
        yield from (f"/{each}/?q={quote(text)}" for each in ("till", "search", "customers/pick"))


def _routes(house: House) -> Iterator[str]:
    for route in routes():
        if route.method == "GET":
            known = dict.fromkeys(("key", "kind", "token", "user", "id", "name"), "x")
            serial = house.agreed if "agreements" in route.path else house.serial
            told = known | {"number": house.number, "changeset": house.deed, "serial": serial, "year": house.year}
            yield PREFIX + route.path.format(**told)
    yield f"{PREFIX}/customers?columns={','.join(listed_facts(OPERATOR))}"
    yield from (f"{PREFIX}/search?q={text}" for text in ("zeis", "DE8937", "berg"))
    yield f"{PREFIX}/compare?at=2020-01-01&criteria=number%20%3E%200"


def _and_then(addresses: Iterator[str]) -> Iterator[str]:
    """Each address once, as of now and as of a minute ago."""
    at = quote((timezone.now() - timedelta(minutes=1)).isoformat())
    for each in dict.fromkeys(addresses):
        yield each
        if "at=" not in each:
            yield f"{each}{'&' if '?' in each else '?'}at={at}"


def _told(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b" ".join(archive.read(name) for name in archive.namelist())
    return _BY_CHANCE.sub("", body.decode(errors="replace").lower())


def _singing(answers: Iterator[tuple[str, Any]]) -> dict[str, str]:
    found = {}
    for address, answer in answers:
        told = _told(answer)
        for sound in SINGS:
            if sound in told and sound not in address:
                found[address] = told[max(told.index(sound) - 60, 0) :][:120]
    return found


def _program(role: str) -> Client:
    rights = [right for right in RIGHTS if right in RIGHTS_OF[role]]
    return Client(headers={"Authorization": f"Bearer {token_of(role, *rights)[1]}"})


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_it(role: str) -> None:
    house, browser = House(), browser_of(role)
    assert not _singing((each, browser.get(each)) for each in _and_then(_pages(house)))


@pytest.mark.parametrize("role", ROLES)
def test_no_route_of_the_api_shows_it(role: str) -> None:
    house, program = House(), _program(role)
    assert not _singing((each, program.get(each)) for each in _and_then(_routes(house)))


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "vcf"])
def test_no_file_that_leaves_the_house_holds_it(form: str) -> None:
    House()
    for at in ("", (timezone.now() - timedelta(minutes=1)).isoformat()):
        wish = {"format": form, "all": "1", "everyone": "yes", "at": at}
        answer = browser_of("marketer").post("/customers/export/", wish)
        assert answer.status_code == 200 and "berta" in (told := _told(answer))
        assert not [sound for sound in SINGS if sound in told]


def test_the_sweep_hears_it_with_who_may_see_it() -> None:
    House()
    answer = browser_of("owner").post("/customers/export/", {"format": "csv", "all": "1", "everyone": "yes"})
    told = _told(answer)
    assert all(sound in told for sound in ("zeisig", "1913", "91827"))


def test_no_refusal_says_it() -> None:
    house, program = House(), _program("staff")
    path = f"{PREFIX}/customers/{house.number}"
    body = json.dumps({"birth_date": "1950-01-01", "income_range": "low", "custom": {"veiled": "x"}}).encode()
    stale = program.patch(path, body, content_type="application/json", headers={"If-Match": f'"{house.version}"'})
    assert stale.status_code == 412
    old = browser_of("staff").post(
        f"/customers/{house.number}/edit/about/",
        {"seen": house.version, "income_range": "low", "birth_date": "1950-01-01"},
    )
    assert not _singing(iter([("api", stale), ("page", old)]))


@pytest.mark.parametrize("asked", ["income_range = 'Zeisigarm'", "custom.veiled startswith 'Zei'", "custom.score > 5",
                                   "top 1 by custom.score", "iban = 'DE89370400440532013000'"])  # fmt: skip
def test_who_may_not_see_it_does_not_ask_by_it(asked: str) -> None:
    House()
    how: dict[str, Any] = {
        "by": OPERATOR.limited_to(RIGHTS_OF["staff"]),
        "today": today(timezone.now()),
        "zone": zone(),
    }
    with pytest.raises(NotShown):
        count(asked, **how)
    assert count("income_range is not empty and custom.score is not empty", **how) == 1
    assert count("birth_date = 1913-07-08", **how) == 1, "decided so: greeting rests on it"


@pytest.mark.parametrize("order", ["income_range", "-custom.veiled", "custom.score", "iban"])
def test_who_may_not_see_it_does_not_sort_by_it(order: str) -> None:
    House()
    how: dict[str, Any] = {"today": today(timezone.now()), "zone": zone()}
    with pytest.raises(NotShown):
        page("", by=OPERATOR.limited_to(RIGHTS_OF["staff"]), order=order, **how)
    if order != "iban":
        assert page("", by=OPERATOR, order=order, **how).count == 1

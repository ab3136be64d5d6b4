"""A representative who is kept to her own customers learns nothing of a foreign one, whichever way she asks (Z1, Z4).

Berta is in the south, the canary in every fact; Stefan has the north, where cards name her. Nothing may sing to him.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access.actions import change_charges, make_token
from regulars.areas.access.models import RIGHTS
from regulars.areas.access.queries import actor_for
from regulars.areas.access.tests.people import OPERATOR, browser_of, person
from regulars.areas.consent.actions import give
from regulars.areas.customers import actions as customers
from regulars.areas.customers.queries import card_json, visible
from regulars.areas.customers.queries.searching import search
from regulars.areas.house.actions import change_settings
from regulars.areas.house.queries import today, zone
from regulars.areas.intake.queries.files import may_import
from regulars.areas.journal.queries import changes
from regulars.areas.segments.actions import act_on_many, make_list, many, save_segment
from regulars.areas.segments.queries import listed_facts
from regulars.areas.trade import actions as trade
from regulars.areas.trade.actions import NewLine, NewPurchase, Wish, record_purchase, reserve
from regulars.interfaces.api.service import PREFIX, routes
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from tests.rig.dump import differing, dump
from tests.test_permissions import OWN_PAGES

pytestmark = pytest.mark.django_db
BERTA: dict[str, Any] = {
    "title": "Prof.", "given_name": "Kanarina", "family_name": "Kanariberg", "called_name": "Kanarika",
    "occupation": "Kanarizucht", "education": "Kanarischule", "source": "Kanarimesse", "birth_date": "1961-02-03",
    "income_range": "Kanarireich", "greeting": "Liebe Kanarina", "territory": "kanarisued",
    "representative": "kanarivertreter", "emails": [{"value": "kanari@example.org"}],
    "phones": [{"value": "+49 30 7654321"}], "addresses": [{"street": "Kanariweg 7", "city": "Kanaristadt"}],
    "tags": ["Kanaritag"], "notes": ["Kanarinotiz"], "households": ["Haus Kanaria", "Haus Nord"],
    "references": [{"source": "shop", "value": "KANARI-1"}], "works_at": ["Kanariwerke"],
    "social": [{"network": "instagram", "handle": "kanarisocial"}], "custom": {"bird": "Kanarivogel"},
    "bank_accounts": [{"iban": "DE89370400440532013000"}],
}  # fmt: skip
SINGS = ("kanari", "7654321", "1961-02-03")


class House:
    """Two territories. `hers` is Berta, `works` the firm she works at, `nora` and `otto` are Stefan's."""

    def __init__(self, role: str = "staff", *, keep: bool = True) -> None:
        how: dict[str, Any] = {"by": OPERATOR, "at": timezone.now() - timedelta(minutes=5)}
        self.how = how
        customers.define_field(label="Bird", name="bird", type="text", **how)
        self.hers = customers.add_customer(card=BERTA, **how)
        self.works = card_json(OPERATOR, self.hers)["works_at"][0]["number"]
        customers.edit_customer(number=self.works, card={"territory": "kanarisued"}, **how)
        customers.edit_customer(number=self.hers, card={"occupation": "Kanariruhestand"}, **how)
        customers.add_file(number=self.hers, name="kanariliste.txt", content=b"Kanariinhalt", **how)
        give(number=self.hers, channels=["email"], purposes=["offers"], heard="Kanariformular", **how)
        self.file = card_json(OPERATOR, self.hers)["files"][0]["key"]
        feed = NewLine(text="Kanarifutter", amount=120_000)
        sold = NewPurchase([feed], customer=self.hers, at=how["at"], number="Kanari-1")
        self.sold = record_purchase(purchase=sold, **how).serial
        gift = NewLine(text="Kanarihilfe", amount=50_000, kind="donation")
        record_purchase(purchase=NewPurchase([gift], customer=self.hers, at=how["at"]), **how)
        pledge = trade.NewAgreement("pledge", 10_000, purpose="Kanarihilfe", note="Kanarischwur")
        self.agreed, self.year = trade.agree(customer=self.hers, told=pledge, **how)[1], today(how["at"]).year
        trade.give_receipts(year=self.year, **how)
        wish = Wish(self.hers, text="Kanarienbuch", note="Kanaripfand")
        assert reserve(wish=wish, **how)[1] == self.sold  # one serial names both
        self.nora = customers.add_customer(card=NORA | {"relations": [{"number": self.hers, "kind": "partner"}],
                                                        "referred_by": self.hers}, **how)  # fmt: skip
        self.otto = customers.add_customer(card=OTTO | {"referred_by": self.nora}, **how)
        customers.edit_customer(
            number=self.hers, card={"relations": [{"number": self.nora, "kind": "buys_for"}]}, **how
        )
        make_list(name="Fair", **how)
        act_on_many(deed="list", value="Fair", numbers=[self.hers, self.nora], **how)
        save_segment(name="Partners", criteria="relation = partner", today=today(how["at"]), zone=zone(), **how)
        self.user = person(role)
        change_charges(user=self.user, territories=["north"], representatives=["ST"], **how)
        change_settings(values={"own_customers_only": keep, "own_customers_only_marketing": keep}, **how)

    @property
    def actor(self) -> Actor:
        return actor_for(self.user)

    def program(self) -> Client:
        rights = [right for right in RIGHTS if right in self.user.rights]
        _token, text = make_token(by=OPERATOR, at=timezone.now(), user=self.user, name="his", rights=rights, days=9)
        return Client(headers={"Authorization": f"Bearer {text}"})


NORA = {
    "given_name": "Nora", "family_name": "Nord", "territory": "north", "works_at": ["Kanariwerke"],
    "phones": ["+49 30 1111111"], "households": ["Haus Nord"],
}  # fmt: skip
OTTO = {"given_name": "Otto", "family_name": "Ost", "representative": "ST"}
TYPED = ("kanar", "berta", "30 765", "DE8937", "haus", "30 111", "ost")
CRITERIA = (
    "", "family_name contains 'kanar'", "works_at.organisation_name contains 'kanar'", "tag contains 'kanar'",
    "custom.bird ~ 'kanarvogel'", "in list 'Fair'", "segment 'Partners'", "city contains 'kanar'",
    "email contains 'kanar'", "household contains 'haus'", "number > 0", "birth_date = 1961-02-04",
)  # fmt: skip
BLOCKS = ("about", "phones", "emails", "addresses", "works_at", "notes", "relations", "households", "files", "consent")


def _pages(house: House) -> Iterator[str]:
    """Every page of the URL table with parameters that could make it tell."""
    known: dict[str, Any] = {"kind": "deceased", "fact": "birth_date", "key": house.file, "public": house.user.public,
                             "serial": house.sold, "year": house.year}  # fmt: skip
    yield f"/purchases/agreements/{house.agreed}/"
    yield f"/purchases/agreements/?customer={house.hers}"
    yield f"/purchases/agreements/new/?customer={house.hers}"
    yield f"/purchases/donations/?year={house.year}"
    for page in OWN_PAGES:
        for number in (house.hers, house.nora) if "number" in page.parameters else (0,):
            names = ("Fair", "Partners", *BLOCKS) if "name" in page.parameters else ("",)
            yield from (page.address(**known | {"number": number, "name": name}) for name in names)
    columns = "&".join(f"column={name}" for name in listed_facts(OPERATOR))
    then = timezone.localtime(house.how["at"] + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%S")
    for criteria in CRITERIA:
        for more in (f"&{columns}", "&order=works_at.organisation_name", f"&at={then}&{columns}"):
            yield f"/customers/?{urlencode({'criteria': criteria})}{more}"
        asked = urlencode({"criteria": criteria, "all": 1, "number": house.nora})
        yield from (f"/customers/{page}/?{asked}" for page in ("builder", "columns", "compare", "export", "many"))
        yield f"/customers/why/?{asked}"
        yield f"/completeness/?{asked}"
    for number in (house.hers, house.works, house.nora):
        yield f"/till/?customer={number}"
        yield f"/customers/{number}/?at={then}"
        yield f"/customers/many/?n={number}"
        yield f"/customers/why/?number={number}"
    for text in (*TYPED, house.hers, house.works):
        yield from (f"/{page}/?q={quote(str(text))}" for page in ("till", "search", "customers/pick"))
    yield from (f"/customers/compare/?at={then}&and=", "/", "/customers/?number=1")


def _routes(house: House) -> Iterator[str]:
    known = {"key": house.file, "kind": "deceased", "token": "x", "changeset": "1", "user": "x", "id": "x",
             "serial": house.sold, "year": house.year}  # fmt: skip
    then = timezone.localtime(house.how["at"] + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%S")
    for route in routes():
        for number in (house.hers, house.works, house.nora):
            for name in ("Fair", "Partners"):
                if route.method == "GET":
                    serial = house.agreed if "agreements" in route.path else house.sold
                    path = PREFIX + route.path.format(**known | {"number": number, "name": name, "serial": serial})
                    yield from (path, f"{path}?at={then}") if "trade.view" in (route.right, *route.also) else (path,)
    columns = ",".join(listed_facts(OPERATOR))
    for criteria in CRITERIA:
        asked = urlencode({"criteria": criteria})
        yield f"{PREFIX}/customers?{asked}&columns={columns}"
        yield f"{PREFIX}/customers?{asked}&order=-works_at.organisation_name"
        yield f"{PREFIX}/completeness?{asked}"
        yield f"{PREFIX}/customers/{house.nora}/why?{asked}"
    yield from (f"{PREFIX}/search?q={quote(text)}" for text in TYPED)


def _told(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = " ".join(f"{name}: {value}" for name, value in answer.items())
    return f"{heads} {body.decode(errors='replace')}".lower()


def _singing(client: Client, addresses: Iterator[str]) -> dict[str, str]:
    """What tells of her, now or as of a minute ago."""
    found, answered, at = {}, 0, quote((timezone.now() - timedelta(minutes=1)).isoformat())
    asked = dict.fromkeys(addresses)
    for address in (*asked, *(f"{each}{'&' if '?' in each else '?'}at={at}" for each in asked if "at=" not in each)):
        answer = client.get(address)
        told = _told(answer)
        answered += answer.status_code == 200
        for sound in SINGS:
            if sound in told and sound not in address.lower():
                found[address] = f"{answer.status_code} …{told[max(told.index(sound) - 60, 0) :][:120]}…"
    assert answered > 30
    return found


@pytest.mark.parametrize("role", ["staff", "marketer"])
def test_no_page_tells_of_a_foreign_customer(role: str) -> None:
    house = House(role)
    browser = browser_of(house.user)
    assert b"Nora" in browser.get("/customers/").content
    assert not _singing(browser, _pages(house))


@pytest.mark.parametrize("role", ["staff", "marketer"])
def test_no_route_of_the_api_tells_of_a_foreign_customer(role: str) -> None:
    house = House(role)
    program = house.program()
    assert b"Nora" in program.get(f"{PREFIX}/customers/{house.nora}").content
    assert not _singing(program, _routes(house))


@pytest.mark.looks
def test_the_sweep_hears_it_where_nobody_is_kept_to_her_own() -> None:
    house = House(keep=False)
    assert len(_singing(browser_of(house.user), _pages(house))) > 40
    assert len(_singing(house.program(), _routes(house))) > 20


# --- nothing of a stranger changes ------------------------------------------------------------------------------------


def test_a_foreign_number_answers_like_a_missing_one_and_nothing_changes() -> None:
    house = House()
    browser, program = browser_of(house.user), house.program()
    browser.get("/account/")
    program.get(f"{PREFIX}/me")
    before, missing = dump(), 99_999_999
    known: dict[str, Any] = {
        "kind": "deceased",
        "fact": "birth_date",
        "key": house.file,
        "name": "about",
        "token": 16 * "0",
        "version": "x",
        "year": house.year,
    }
    for page in OWN_PAGES:
        if "number" in page.parameters and not page.name.startswith(("undo", "journal")):
            there, not_there = (
                browser.post(page.address(**known | {"number": number}), {"occupation": "Spy", "seen": "1"})
                for number in (house.hers, missing)
            )
            assert there.status_code == not_there.status_code >= 400, page.name
    body = {"occupation": "Spy", "reason": "", "tags": ["spy"], "channels": ["email"], "purposes": ["offers"]}
    for route in routes():
        if "{number}" in route.path and route.method != "GET":
            there, not_there = (
                program.generic(
                    route.method,
                    PREFIX + route.path.format(**known | {"number": number}),
                    json.dumps(body).encode() if "consent" in route.path else b'{"occupation": "Spy"}',
                    "application/json",
                    headers={"If-Match": "*"},
                )
                for number in (house.hers, missing)
            )
            assert there.status_code == not_there.status_code, route.path
            assert _without(there, house.hers) == _without(not_there, missing), route.path
    assert not differing(before, dump())


def _without(answer: Any, number: int) -> bytes:
    content: bytes = answer.content
    return content.replace(str(number).encode(), b"N")


def test_what_is_done_to_many_passes_strangers_by() -> None:
    house = House()
    program = house.program()
    for how in ({"numbers": [house.hers, house.nora]}, {"criteria": "number > 0"}):
        body = {"deed": "tag", "value": "mine", **how}
        told = program.post(f"{PREFIX}/bulk-deeds", body, content_type="application/json").json()
        assert told["count"] == len({house.nora, house.otto} if "criteria" in how else {house.nora})
    act_on_many(deed="tag", value="told", numbers=[house.hers, house.nora], by=house.actor, at=timezone.now())
    assert card_json(OPERATOR, house.hers)["tags"] == ["Kanaritag"]
    assert card_json(OPERATOR, house.nora)["tags"] == ["mine", "told"]


def test_a_job_passes_by_who_became_a_stranger_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setattr(many, "AT_ONCE", 0)
    bulk = act_on_many(deed="tag", value="late", numbers=[house.nora, house.otto], by=house.actor, at=timezone.now())
    customers.edit_customer(number=house.nora, card={"territory": "kanarisued"}, by=OPERATOR, at=timezone.now())
    assert many.run_to_end(bulk).changed == 1
    assert [card_json(OPERATOR, each)["tags"] for each in (house.nora, house.otto)] == [[], ["late"]]


@pytest.mark.parametrize("value", ["kanarisued", ""])
def test_her_own_customers_are_not_handed_over(value: str) -> None:
    house = House()
    how: dict[str, Any] = {"by": house.actor, "at": timezone.now()}
    foreign = {"given_name": "Eva", "territory": "kanarisued", "representative": "X"}
    for deed in (
        lambda: customers.edit_customer(number=house.nora, card={"territory": value or None}, **how),
        lambda: act_on_many(deed="territory", value=value, numbers=[house.nora], **how),
        lambda: customers.add_customer(card=foreign, **how),
    ):
        before = dump()
        with pytest.raises(NotAllowed, match="only your own customers"):
            deed()
        assert not differing(before, dump())


def test_a_new_card_and_a_new_employer_are_hers_who_made_them() -> None:
    house = House()
    how: dict[str, Any] = {"by": house.actor, "at": timezone.now()}
    number = customers.add_customer(card={"given_name": "Eva", "works_at": ["Kanariwerke"]}, **how)
    card = card_json(house.actor, number)
    assert (card["representative"], card["works_at"][0]["organisation"]) == ("ST", "Kanariwerke")
    assert card["works_at"][0]["number"] != house.works, "the firm of that name that others know is not found"


def test_what_a_stranger_is_called_is_not_told_and_stays_as_it_is() -> None:
    house = House()
    card = card_json(house.actor, house.nora)
    job = card["works_at"][0]
    assert (job["organisation"], card["relations"][0]["name"]) == (str(house.works), str(house.hers))
    edit = {"works_at": [{**{k: job[k] for k in ("key", "organisation")}, "job_title": "Buyer"}]}
    customers.edit_customer(number=house.nora, card=edit, by=house.actor, at=timezone.now())
    after = card_json(OPERATOR, house.nora)["works_at"]
    assert [(each["organisation"], each["job_title"]) for each in after] == [("Kanariwerke", "Buyer")]


@pytest.mark.parametrize("named", [{"referred_by": 0}, {"relations": [{"number": 0, "kind": "child"}]}])
def test_a_stranger_is_not_named_on_a_card(named: dict[str, Any]) -> None:
    house = House()
    told = json.loads(json.dumps(named).replace("0", str(house.hers)))
    with pytest.raises(Refused, match=f"There is no customer {house.hers}"):
        customers.edit_customer(number=house.otto, card=told, by=house.actor, at=timezone.now())


def test_a_reference_that_is_taken_does_not_say_by_whom() -> None:
    house = House()
    with pytest.raises(Refused) as refused:
        card = {"references": [{"source": "shop", "value": "KANARI-1"}]}
        customers.edit_customer(number=house.nora, card=card, by=house.actor, at=timezone.now())
    assert str(house.hers) not in str(refused.value)


def test_a_deed_of_today_is_not_taken_back_on_a_card_that_is_another_s_by_now() -> None:
    house = House()
    done = customers.edit_customer(number=house.nora, card={"occupation": "Guide"}, by=house.actor, at=timezone.now())
    browser = browser_of(house.user)
    assert browser.get(f"/changes/{done}/undo/").status_code == 200
    moved = {"territory": "kanarisued", "occupation": "Kanaripflege"}
    customers.edit_customer(number=house.nora, card=moved, by=OPERATOR, at=timezone.now())
    for answer in (browser.get(f"/changes/{done}/undo/"), browser.post(f"/changes/{done}/undo/")):
        assert answer.status_code == 403 and b"Kanari" not in answer.content
    assert browser.get(f"/changes/{done}/undo/conflicts.csv").status_code == 403
    assert card_json(OPERATOR, house.nora)["occupation"] == "Kanaripflege"


def test_looking_back_shows_who_is_hers_today() -> None:
    house = House()
    then = quote(timezone.now().isoformat())
    assert browser_of(house.user).get(f"/customers/{house.nora}/?at={then}").status_code == 200
    customers.edit_customer(number=house.nora, card={"territory": "kanarisued"}, by=OPERATOR, at=timezone.now())
    browser = browser_of(house.user)
    assert browser.get(f"/customers/{house.nora}/?at={then}").status_code == 404
    assert b"Nora" not in browser.get(f"/customers/?at={then}").content


def test_search_finds_her_own_behind_any_number_of_strangers() -> None:
    house = House()
    for at in range(60):
        card = {"given_name": "Nora", "family_name": "Nord", "phones": [f"+49 30 55500{at:03}"], "territory": "far"}
        customers.add_customer(card=card, **house.how)
    for text in ("nora", "nord nora", "nroa", "nor", "ora", str(house.nora)):
        assert [hit.number for hit in search(house.actor, text).hits] == [house.nora], text


# --- who is kept to her own, and who is not ---------------------------------------------------------------------------


def test_who_is_kept_to_her_own() -> None:
    house = House()
    everybody = {house.hers, house.works, house.nora, house.otto}

    def seen(role: str) -> set[int]:
        return set(visible(actor_for(person(role))).values_list("number", flat=True))

    assert all(seen(role) == everybody for role in ("owner", "manager", "auditor", "reader"))
    assert seen("staff") == {house.nora, house.otto} and seen("marketer") == seen("till") == set()
    change_settings(values={"own_customers_only_marketing": False}, **house.how)
    assert seen("marketer") == everybody
    change_charges(user=house.user, territories=[], representatives=["ST"], **house.how)
    assert seen("staff") == {house.otto}
    change_settings(values={"own_customers_only": False}, **house.how)
    assert seen("staff") == everybody


def test_a_list_is_not_brought_in_by_who_sees_only_some() -> None:
    house = House()
    with pytest.raises(NotAllowed, match="compared with all of them"):
        may_import(replace(house.actor, rights=frozenset({"customers.view", "customers.import"})))


def test_what_somebody_is_responsible_for_is_set_on_her_page_and_stands_in_the_journal() -> None:
    house = House()
    browser = browser_of("owner")
    answer = browser.post(
        f"/people/{house.user.public}/customers/", {"representatives": "ST", "territories": "north, west"}
    )
    assert answer.status_code == 303
    assert dict(house.actor.own or ()) == {"representative": ("ST",), "territory": ("north", "west")}
    assert b"north, west" in browser.get(f"/people/{house.user.public}/").content
    assert changes(limit=1)[0].sentence == "changed for which customers Stefan is responsible"
    assert browser_of(house.user).post(f"/people/{house.user.public}/customers/").status_code == 403

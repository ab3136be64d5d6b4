"""Sixty ways to break out of a page, in every text the house keeps: chromium visits every page and runs none."""

import json
from itertools import cycle
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions as access
from regulars.areas.access.door import sessions
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of
from regulars.areas.customers.actions import add_customer, add_file, define_field, edit_customer, give_standing
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.house.actions import change_settings
from regulars.areas.segments.actions import save_segment
from regulars.kernel.errors import Refused
from tests.rig.hostile import SCRIPTS, TEXTS
from tests.test_permissions import ALL_PAGES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


TEXT_FACTS = (
    *("title", "given_name", "middle_name", "family_name", "suffix", "called_name", "organisation_name", "source"),
    *("reason_chosen", "income_range", "education", "occupation", "greeting", "territory", "representative"),
)
# what no page of ours holds: a script without our address, a handler in an attribute, an element that only data brings
BROKEN_OUT = """() => [...document.querySelectorAll('*')].filter(each =>
  (each.tagName == 'SCRIPT' && !each.src.startsWith(location.origin) && !each.nonce) ||
  ['IFRAME','OBJECT','EMBED','BASE','MARQUEE','MATH','VIDEO','AUDIO','STYLE'].includes(each.tagName.toUpperCase()) ||
  [...each.attributes].some(one => /^on|^srcdoc$|^style$/i.test(one.name) || /^\\s*javascript:/i.test(
    ['href','src','action','formaction'].includes(one.name) ? one.value : ''))
).map(each => each.outerHTML.slice(0, 200)).concat(window.__pwned ? ['pwned'] : [])"""


def hostile_card(words: Any) -> dict[str, Any]:
    """A card whose every text is hostile; what a kind of value refuses is left out."""

    def w() -> str:
        return str(next(words))[:200]

    return {
        **{
            name: w()
            for name in (
                "title",
                "given_name",
                "middle_name",
                "family_name",
                "suffix",
                "called_name",
                "organisation_name",
                "source",
                "reason_chosen",
                "income_range",
                "education",
                "occupation",
                "greeting",
                "territory",
                "representative",
            )
        },
        "birth_date": "1980-02-03",
        "emails": [{"value": "a@example.org", "label": w()}],
        "phones": [{"value": "0151 23456789", "label": w()}],
        "addresses": [
            {
                "label": w(),
                "street": w(),
                "street2": w(),
                "city": w(),
                "region": w(),
                "postcode": w()[:20],
                "country": "DE",
            }
        ],
        "works_at": [{"organisation": w(), "job_title": w(), "department": w()}],
        "tags": [w()[:60], w()[:60]],
        "notes": [{"kind": "note", "text": w() + next(words)}],
        "references": [{"source": w(), "value": w()}],
        "households": [{"name": w()}],
        "social": [{"network": w(), "handle": w()}],
    }


def bring_in(card: dict[str, Any]) -> int:
    """The card without the values that the house refuses: those can hurt nobody."""
    while True:
        try:
            return add_customer(card=card, by=OLGA, at=NOW)
        except Refused as refused:
            name = str(refused.where).partition(".")[0]
            assert name in card, refused.message
            del card[name]


@pytest.fixture
def hostile_house() -> dict[str, Any]:
    """A house whose every text is hostile: settings, users, tokens, fields, segments, files, cards, reasons."""
    words = cycle(TEXTS)

    def text() -> str:
        return next(words)[:80]

    owner = person("owner")
    change_settings(by=OPERATOR, at=NOW, values={"name": SCRIPTS[0]})
    at = timezone.now()
    for number, role in enumerate(("staff", "manager", "marketer")):
        login = f"evil{number}"
        access.add_user(by=OPERATOR, at=at, login=login, name=SCRIPTS[46 + number][:60], role=role, language="en")
    tokens = [token_of("owner", "customers.view", name=text())[0] for _ in range(5)]
    for number in range(4):
        word = text()
        define_field(label=SCRIPTS[number][:80], name=f"own{number}", type="text", purpose=word, by=OLGA, at=NOW)
    define_field(label="Pick", name="pick", type="code", choices=list(SCRIPTS[:20]), by=OLGA, at=NOW)
    numbers = [bring_in(hostile_card(words)) for _ in range(6)]
    for number, script in zip(cycle(numbers), SCRIPTS, strict=False):
        edit_customer(number=number, card={"notes": [{"text": script}], "tags": [script[:60]]}, by=OLGA, at=NOW)
    for number, script in zip(numbers, SCRIPTS, strict=False):
        edit_customer(number=number, card={"custom": {"own1": script, "pick": script}}, by=OLGA, at=NOW)
        add_file(number=number, name=script[:60], content=b"x " + script.encode(), by=OLGA, at=NOW)
        give_standing(number=number, kind="do_not_contact", reason=script[:200], by=OLGA, at=NOW)
        add_customer(card={"given_name": script[:200], "referred_by": number}, by=OLGA, at=NOW)
    for script in SCRIPTS[40:60]:
        name = script[:60]
        save_segment(name=name, criteria='city = "<b>"', by=OLGA, at=NOW, today=NOW.date(), zone=ZoneInfo("UTC"))
    return {"number": numbers[0], "numbers": numbers, "public": owner.public, "token": tokens[0].public}


def every_address(things: dict[str, Any]) -> list[str]:
    blocks = ("about", "name", "addresses", "emails", "phones", "notes", "tags", "works_at", "social", "custom")
    found = []
    for each in ALL_PAGES:
        if each.name in ("api:v1", "asset", "sign_out"):
            continue
        named = blocks if "slug" in each.parameters.values() else ("own0",)
        known = {**things, "fact": "birth_date"}
        found += [each.address(**known, **dict.fromkeys(("name", "kind"), name)) for name in named]
    number = things["number"]
    found += [f"/customers/{number}/mark/deceased/", f"/customers/{number}/show/birth_date/"]
    found += [f"/customers/{each}/" for each in things["numbers"]] + ["/changes/?limit=500", "/settings/fields/pick/"]
    found += [f"/customers/{each}/history/" for each in things["numbers"]]
    for script in SCRIPTS[::9]:
        told = quote(script)
        found += [f"/customers/?criteria={told}", f"/customers/?criteria={quote(json.dumps(script))}"]
        found += [f"/customers/?columns={told}", f"/customers/?order={told}", f"/sign-in/?next={told}"]
    return list(dict.fromkeys(found))


def has_page(browser: Client, address: str) -> bool:
    answered = browser.get(address)
    assert answered.status_code < 500, address
    return bool(answered.content) and answered["Content-Type"].startswith("text/html")


def test_nothing_runs(hostile_house, live_server, page) -> None:
    _session, value = sessions.begin(person("owner"), at=timezone.now(), browser=SCRIPTS[0])
    port = live_server.url.rpartition(":")[2]
    page.context.add_cookies([{"name": f"session_{port}", "value": value, "url": live_server.url}])
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(page.url), dialog.dismiss()))
    page.on("download", lambda download: opened.append(f"download {page.url}"))
    owner = browser_of("owner")
    pages = [each for each in every_address(hostile_house) if has_page(owner, each)]
    for address in pages:
        page.goto(live_server.url + address, wait_until="load")
        found = page.evaluate(BROKEN_OUT)
        assert not found and not opened, (address, found, opened)
        assert page.url.startswith(live_server.url), page.url
    assert len(pages) > 100

"""What people read of the journal: by days, by what is asked for most, page by page, and one customer step by step."""

import re
from typing import Any

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import edit_customer, unmask
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna
from regulars.areas.journal.actions import deed, undo
from regulars.areas.journal.actions.undo import taking_back, trying
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.pages import deeds
from tests.rig.programs import Program
from tests.test_changes import html, latest

pytestmark = pytest.mark.django_db


def many(count: int) -> tuple[list[int], int]:
    """So many cards, each given a territory by one deed."""
    numbers = [anna(given_name=f"Anna {place}") for place in range(count)]
    from regulars.areas.customers.actions.many import set_many

    with deed(verb="segments.many_territory", by=OLGA, at=NOW, particulars={"count": count, "value": "North"}) as link:
        set_many(link, numbers, "territory", "North")
    return numbers, Changeset.objects.latest("number").number


def test_deeds_are_found_by_a_range_of_days() -> None:
    number, browser = anna(), browser_of()
    for asked in ("since=2026-11-23", "until=2026-11-23", "since=2026-11-22&until=2026-11-24", "day=2026-11-23"):
        assert f"added card {number}" in html(browser.get(f"/changes/?by=Olga&{asked}")), asked
    for asked in ("since=2026-11-24", "until=2026-11-22"):
        assert f"added card {number}" not in html(browser.get(f"/changes/?by=Olga&{asked}")), asked
    assert browser.get("/changes/?since=tomorrow").status_code == 422


def test_who_looked_at_hidden_values_is_one_touch_away() -> None:
    number = anna(bank_accounts=[{"iban": "DE89 3704 0044 0532 0130 00"}])
    unmask(number=number, fact="iban", by=OLGA, at=NOW, reason="refund")
    page = html(browser_of().get("/changes/"))
    (address,) = re.findall(r'href="(\?verb=customers.unmasked)"', page)
    page = html(browser_of().get(f"/changes/{address}"))
    assert "<strong>Olga</strong>" in page and "looked at Bank account" in page and "added card" not in page


def test_a_long_deed_is_read_page_by_page(monkeypatch: Any) -> None:
    monkeypatch.setattr(deeds, "_VALUES", 2)
    numbers, number = many(5)
    browser, seen, address = browser_of(), list[str](), f"/changes/{number}/"
    for _page in range(3):
        page = html(browser.get(address))
        seen += re.findall(r'id="card-(\d+)"', page)
        after = re.findall(r'href="\?after=([\d.]+)"', page)
        address = f"/changes/{number}/?after={after[0]}" if after else ""
    assert seen == [str(each) for each in numbers] and not address
    assert "From the beginning" in page and browser.get(f"/changes/{number}/?after=nonsense").status_code == 200


def test_a_program_reads_it_page_by_page_and_for_one_customer(monkeypatch: Any) -> None:
    from regulars.areas.journal import endpoints

    monkeypatch.setattr(endpoints, "_MOST_FIELDS", 2)
    numbers, number = many(3)
    till = Program("owner")
    first = till.get(f"/changesets/{number}")
    following = re.findall(r"<([^>]*)>", first["Link"])[0].partition("/api/v1")[2]
    rest = till.get(following)
    told = [each["number"] for each in (*first.json()["fields"], *rest.json()["fields"])]
    assert told == numbers and "Link" not in rest
    (one,) = till.get(f"/changesets/{number}?customer={numbers[1]}").json()["fields"]
    assert one == {"number": numbers[1], "field": "territory", "from": None, "to": "North"}


def test_one_customer_is_followed_back_and_forth() -> None:
    number = anna()
    first = latest()
    anna(given_name="Berta")
    edit_customer(number=number, card={"occupation": "Nurse"}, by=BEN, at=NOW)
    last, browser = latest(), browser_of()
    assert f"/changes/{last}/?customer={number}" in html(browser.get(f"/customers/{number}/history/"))
    page = html(browser.get(f"/changes/{last}/?customer={number}"))
    assert f'rel="prev" href="/changes/{first}/?customer={number}"' in page and 'rel="next"' not in page
    page = html(browser.get(f"/changes/{first}/?customer={number}"))
    assert f'rel="next" href="/changes/{last}/?customer={number}"' in page and 'rel="prev"' not in page


@pytest.mark.django_db(transaction=True)
def test_taking_back_that_was_cut_off_is_finished_on_screen(monkeypatch: Any) -> None:
    monkeypatch.setattr(trying, "AT_ONCE", 1)
    for name in ("_LEAST", "_MOST"):
        monkeypatch.setattr(taking_back, name, 1)
    numbers, number = many(3)

    def cut_off(*_told: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo(changeset=number, by=OLGA, at=NOW, progress=cut_off)
    browser = browser_of()
    assert "Taking it back was cut off" in html(browser.get(f"/changes/{number}/"))
    browser.post(f"/changes/{number}/undo/")
    assert "cut off" not in html(browser.get(f"/changes/{number}/"))
    assert Changeset.objects.get(pk=number).undone_by.state == "done"  # type: ignore[union-attr]
    assert len(numbers) == 3

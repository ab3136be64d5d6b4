"""The queue on screen: the list, one pair, no, and on to the next."""

from typing import Any

import pytest
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import NOW, OLGA
from regulars.areas.matching import actions, queries
from regulars.areas.matching.queries.merges import merges
from regulars.areas.matching.tests.pairs import added, juergen

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> list[int]:
    numbers = added(juergen(), juergen(given_name="Juergen", emails=None), juergen(phones=None))
    actions.scan_all(at=NOW)
    return numbers


ULLAS = [{"value": "+4915198765432"}]


def ulla(**more: Any) -> dict[str, Any]:
    told = {"given_name": "Ulla", "family_name": "Jessen", "birth_date": "1971-11-02", "emails": None, **more}
    return juergen(**told, addresses=None)


def two(pair: queries.PairShown) -> tuple[int, int]:
    return pair.a, pair.b


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_before_the_first_scan_it_says_what_to_do() -> None:
    page = text(browser_of("staff").get("/duplicates/"))
    assert "Nothing has been compared yet" in page and "Compare all cards</button>" in page
    assert "Compare all cards</button>" not in text(browser_of("till").get("/duplicates/"))


def test_pairs_are_listed_and_looked_at_side_by_side(three: list[int]) -> None:
    browser = browser_of("staff")
    page = text(browser.get("/duplicates/"))
    assert "/duplicates/group/" in page and 'class="row-link" data-shortcut="ArrowRight"' in page
    page = text(browser.get(reverse("matching:pair", args=three[:2])))
    assert "One person or two?" in page and "The birth date is the same." in page and "juergen.mueller@" in page
    assert "1958" not in page  # a birth date stays masked
    assert browser.get(reverse("matching:pair", args=(three[0], 99_999))).status_code == 404


def test_no_leads_to_the_next_pair_and_can_be_taken_back(three: list[int]) -> None:
    browser = browser_of("staff")
    first, second, _third = queries.open_pairs(OLGA)
    done = browser.post(reverse("matching:reject", args=(first.a, first.b)))
    assert (done.status_code, done.headers["Location"]) == (303, reverse("matching:pair", args=(second.a, second.b)))
    page = text(browser.get(done.headers["Location"]))
    assert f"{first.a} and {first.b} are not the same person" in page and "/undo/" in page
    assert len(queries.open_pairs(OLGA)) == 2


def test_later_puts_it_off_and_leads_on(three: list[int]) -> None:
    browser = browser_of("staff")
    first, second, _third = queries.open_pairs(OLGA)
    done = browser.post(reverse("matching:later", args=(first.a, first.b)))
    assert done.headers["Location"] == reverse("matching:pair", args=(second.a, second.b))
    page = text(browser.get(done.headers["Location"]))
    assert "are put off until" in page and "ArrowRight" in page
    assert len(queries.open_pairs(OLGA)) == 2
    page = text(browser.get("/duplicates/?show=later"))
    assert f"/duplicates/{first.a}/{first.b}/" in page and "Put off" in page
    assert browser_of("reader").post(reverse("matching:later", args=three[:2])).status_code == 403


def test_a_merge_from_the_queue_leads_to_the_next_pair_and_names_who_was_merged() -> None:
    """As somebody does who answers twenty pairs by keyboard; from the card one comes back to the card."""
    numbers = added(juergen(), juergen(given_name="Juergen"), *(ulla(phones=phone) for phone in (ULLAS, None)))
    actions.scan_all(at=NOW)
    browser, (first, second) = browser_of("staff"), queries.open_pairs(OLGA)
    page = text(browser.get(reverse("matching:pair", args=(first.a, first.b))))
    there = f"/customers/{first.a}/merge/{first.b}/"
    assert f'href="{there}?queue=1" data-shortcut="a"' in page
    page = text(browser.get(f"{there}?queue=1"))
    assert 'name="queue" value="1"' in page and f'href="/customers/{first.b}/merge/{first.a}/?queue=1"' in page
    assert f'href="/duplicates/{first.a}/{first.b}/" data-shortcut="Escape"' in page
    done = browser.post(f"/customers/{first.b}/merge/{first.a}/", {"queue": "1"})  # the other way round
    assert done.headers["Location"] == reverse("matching:pair", args=(second.a, second.b))
    page = text(browser.get(done.headers["Location"]))
    assert f"{first.a_name} ({first.a}) is merged into {first.b_name} ({first.b})." in page
    assert f'href="/customers/{first.b}/">Look at it' in page and "/undo/" in page
    late = text(browser.post(f"{there}", {"queue": "1"}))  # a colleague was quicker
    assert "was merged into card" in late and "Back to the queue" in late
    done = browser.post(f"/customers/{second.a}/merge/{second.b}/", {"queue": "1"})
    assert done.headers["Location"] == "/duplicates/" and sorted(numbers) == sorted((*two(first), *two(second)))


def test_the_arrows_lead_to_the_pair_before_and_the_next(three: list[int]) -> None:
    first, second, third = queries.open_pairs(OLGA)
    page = text(browser_of("staff").get(reverse("matching:pair", args=(second.a, second.b))))
    for pair, key in ((first, "ArrowLeft"), (third, "ArrowRight")):
        assert f'href="/duplicates/{pair.a}/{pair.b}/" data-shortcut="{key}"' in page


def test_pairs_that_hang_together_are_one_group_merged_card_by_card(three: list[int]) -> None:
    browser, of = browser_of("staff"), ",".join(map(str, three))
    page = text(browser.get("/duplicates/"))
    assert page.count('class="row-link"') == 1 and f"/duplicates/group/?of={of}" in page and "3 cards" in page
    page = text(browser.get(f"/duplicates/group/?of={of}&keep={three[1]}"))
    step = f"/customers/{three[1]}/merge/{three[0]}/?group={of}"
    assert step in page and "One person on 3 cards?" in page
    assert f'name="group" value="{of}"' in text(browser.get(step))
    done = browser.post(step.partition("?")[0], {"group": of})
    assert done.headers["Location"] == f"/duplicates/group/?of={three[1]},{three[2]}&keep={three[1]}"
    done = browser.post(f"/customers/{three[1]}/merge/{three[2]}/", {"group": f"{three[1]},{three[2]}"})
    assert done.headers["Location"] == "/duplicates/"
    assert browser.get(f"/duplicates/group/?of={of}").headers["Location"] == f"/customers/{three[1]}/"
    assert browser.get("/duplicates/group/?of=x,²,9999999999999999999999").headers["Location"] == "/duplicates/"


def test_facts_are_said_as_the_card_says_them() -> None:
    first, second = added(juergen(language="da"), juergen(language="da", emails=None))
    actions.scan_all(at=NOW)
    page = text(browser_of("staff").get(reverse("matching:pair", args=(first, second))))
    assert "Danish" in page and "+49 1512 3456789" in page and "<td>da</td>" not in page


def test_the_digest_of_a_row_says_nothing_to_people_and_stays_for_programs() -> None:
    digest = "0123456789abcdef" * 2
    told = {"references": [{"source": "list", "value": digest}, {"source": "till", "value": "T-77"}]}
    first, second = added(juergen(**told), juergen(emails=None))
    actions.scan_all(at=NOW)
    browser = browser_of("staff")
    for address in (
        f"/duplicates/{first}/{second}/",
        f"/duplicates/group/?of={first},{second}",
        f"/customers/{first}/",
    ):
        page = text(browser.get(address))
        assert "T-77" in page and digest not in page
    assert digest in [each["value"] for each in card_json(OLGA, first)["references"]]


def test_a_merge_stands_where_one_came_from() -> None:
    first, second = added(juergen(), juergen(emails=None))
    actions.scan_all(at=NOW)
    browser = browser_of("staff")
    assert _here(browser.get(f"/customers/{first}/merge/{second}/")) == ["Customers"]
    assert _here(browser.get(f"/customers/{first}/merge/{second}/?queue=1")) == ["Duplicates"]
    assert _here(browser.get(f"/customers/{first}/merge/{second}/?group={first},{second}")) == ["Duplicates"]
    browser.post(f"/customers/{first}/merge/{second}/", {"queue": "1"})
    assert _here(browser.get("/merges/")) == ["Duplicates"]
    assert _here(browser.get(f"/merges/{merges(OLGA)[0].changeset}/")) == ["Duplicates"]


def _here(answer: Any) -> list[str]:
    """What the navigation marks."""
    return [each.label for each in answer.context["frame"]["main"] if each.here]


def test_a_scan_at_the_command_line_counts_as_one() -> None:
    added(juergen())
    actions.scan_all(at=NOW)
    page = text(browser_of("staff").get("/duplicates/"))
    assert "No pair is open" in page and "Nothing has been compared yet" not in page


def test_on_a_phone_each_value_says_on_which_card_it_stands(three: list[int]) -> None:
    page = text(browser_of("staff").get(reverse("matching:pair", args=three[:2])))
    assert f'<td data-label="{three[0]}">Jürgen</td><td data-label="{three[1]}">Juergen</td>' in page


def test_a_scan_is_asked_for(three: list[int]) -> None:
    browser = browser_of("manager")
    assert browser.post(reverse("matching:scan")).status_code == 303
    assert "The cards are being compared" in text(browser.get("/duplicates/"))
    for pair in queries.open_pairs(OLGA):
        actions.reject(a=pair.a, b=pair.b, by=OLGA, at=NOW)
    page = text(browser.get("/duplicates/"))
    assert "as soon as all cards are compared" in page and "Nothing has been compared yet" not in page
    assert browser_of("till").post(reverse("matching:scan")).status_code == 403
    assert browser_of("reader").post(reverse("matching:reject", args=three[:2])).status_code == 403

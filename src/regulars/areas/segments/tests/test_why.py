"""Why is she in, or not: each leaf with its answer and her value, hidden where it must be."""

from urllib.parse import quote

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.segments.actions import save_segment
from regulars.areas.segments.queries import why
from regulars.areas.segments.tests.people import AT, HERE, OWNER, STRANGER
from regulars.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> int:
    card = {
        "given_name": "Anna", "gender": "female", "birth_date": "1958-03-07",
        "addresses": [{"city": "Bonn"}], "emails": ["a@example.org", "b@example.org"],
    }  # fmt: skip
    return add_customer(card=card, by=OWNER, at=AT)


def test_each_leaf_says_whether_it_holds_and_what_the_card_says(anna: int) -> None:
    save_segment(name="Rhine", criteria="city in (Bonn, Koblenz)", by=OWNER, at=AT, **HERE)
    reason = why(
        'segment "Rhine" and (gender = male or email contains "b@") and not birth_date before 1960-01-01',
        anna, by=OWNER, **HERE,
    )  # fmt: skip
    segment, either, turned = reason.parts
    assert (reason.kind, reason.holds) == ("and", False)
    assert (segment.kind, segment.holds, segment.parts[0].value) == ("segment", True, "Bonn")
    assert [(part.holds, part.value) for part in either.parts] == [
        (False, "Female"),
        (True, "a@example.org, b@example.org"),
    ]
    assert (turned.holds, turned.parts[0].holds, turned.parts[0].value) == (False, True, "•••")


def test_nobody_learns_of_a_stranger_and_slips_are_refused(anna: int) -> None:
    with pytest.raises(NotFound):
        why("city = Bonn", anna, by=STRANGER, **HERE)
    with pytest.raises(Refused):
        why("citty = Bonn", anna, by=OWNER, **HERE)


def test_on_screen(anna: int) -> None:
    page = browser_of().get(f"/customers/why/?number={anna}&criteria={quote('city = Bonn and birth_date is empty')}")
    text = " ".join(page.content.decode().split())
    assert "is not among them" in text and "on the card: Bonn" in text and "on the card: •••" in text
    assert browser_of().get("/customers/why/?number=99&criteria=").status_code == 404


def test_lists_are_made_filled_renamed_and_removed_on_screen(anna: int) -> None:
    browser = browser_of("marketer")
    browser.post("/lists/", {"name": "Spring / 2026"})
    assert "Spring / 2026" in browser.get("/segments/").content.decode()
    here = f"/lists/one/?name={quote('Spring / 2026', safe='')}"
    browser.post(here, {"deed": "list", "numbers": f"{anna}"})
    assert "1 customer on this list" in browser.get(here).content.decode()
    assert browser.post(here, {"deed": "list", "numbers": "999999"}).status_code == 422
    browser.post(here, {"to": "Spring", "description": "Post"})
    browser.post("/lists/one/?name=Spring", {"deed": "unlist", "numbers": f"{anna}"})
    assert "0 customers on this list" in browser.get("/lists/one/?name=Spring").content.decode()
    assert browser.post("/lists/remove/?name=Spring").status_code == 303
    assert browser.get("/lists/one/?name=Spring").status_code == 404


def test_what_a_list_cannot_be_is_said_beside_what_was_typed(anna: int) -> None:
    browser = browser_of("marketer")
    assert 'aria-invalid="true"' not in browser.get("/segments/").content.decode()
    for name in ("Spring", "Summer"):
        assert browser.post("/lists/", {"name": name}).status_code == 303
    for name, problem in (("  SUMMER ", "There is a list “SUMMER” already."), (" ", "A list needs a name")):
        answer = browser.post("/lists/", {"name": name})
        page = answer.content.decode()
        assert answer.status_code == 422 and problem in page
        assert f'value="{name}" maxlength="100" required aria-invalid="true"' in page
    answer = browser.post("/lists/one/?name=Spring", {"to": "summer", "description": "Those of June"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="summer"' in page and 'value="Those of June"' in page
    answer = browser.post("/lists/one/?name=Spring", {"deed": "list", "numbers": f"{anna}, 999999"})
    assert answer.status_code == 422 and f'value="{anna}, 999999"' in answer.content.decode()
    assert "0 customers on this list" in browser.get("/lists/one/?name=Spring").content.decode()

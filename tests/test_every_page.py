"""Every page of the URL table in a real browser: readable for everybody, within its rules, fit for a phone."""

from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.door import sessions
from regulars.areas.access.tests.people import browser_of
from tests.gallery.cast import Cast, house
from tests.gallery.visits import EXPECTED, FILES, NOWHERE, SIGNED_OUT, SLIP, visits
from tests.rig.browser import violations
from tests.test_nothing_sticks_out import STICKS_OUT, TOO_WIDE
from tests.test_permissions import ALL_PAGES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


@pytest.fixture
def cast() -> Cast:
    return house(40, now=timezone.now())


@pytest.fixture
def opened(live_server: Any, page: Any, cast: Cast) -> Any:
    """The owner's browser, at the moment at which she founded the house: even the recovery sheet shows itself."""
    _session, value = sessions.begin(cast.owner, at=timezone.now(), browser="test", errand="recovery-sheet")
    name = f"session_{live_server.url.rpartition(':')[2]}"
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return page


def test_every_page_is_readable_keeps_its_rules_and_fits(opened: Any, live_server: Any, cast: Cast) -> None:
    faults, said = [], []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for light, (name, address) in _in_order(cast):
        if name in SIGNED_OUT:
            opened.context.clear_cookies()
        opened.set_viewport_size({"width": 360, "height": 740})
        opened.emulate_media(color_scheme="light" if light else "dark", reduced_motion="reduce")
        answer = opened.goto(live_server.url + address)
        if name in EXPECTED:
            said.clear()  # chromium tells of every answer but 200
        told = [] if answer.status == EXPECTED.get(name, 200) else [f"answered {answer.status}"]
        told += [f"sticks out: {each}" for script in (TOO_WIDE, STICKS_OUT) for each in opened.evaluate(script)]
        if light:
            opened.set_viewport_size({"width": 1280, "height": 800})
        told += [f"{each['id']}: {node['html'][:160]}" for each in violations(opened) for node in each["nodes"][:3]]
        faults += [f"{name} {address}: {each}" for each in [*told, *said]]
        said.clear()
    assert not faults, "\n".join(faults)


def _in_order(cast: Cast) -> list[tuple[bool, tuple[str, str]]]:
    """Every other visit dark and narrow, the rest light and wide: what differs are the house's tokens.

    All of a kind together, that no page is laid out anew as it is left; who is signed out comes last.
    """
    listed = sorted(visits(cast), key=lambda visit: visit[0] in SIGNED_OUT)
    placed = [(place % 2 == 1, visit) for place, visit in enumerate(listed)]
    return sorted(placed, key=lambda each: (each[1][0] in SIGNED_OUT, each[0]))


def test_no_page_goes_without_a_visit(cast: Cast) -> None:
    """What is neither visited nor a file takes no looking: it answers a deed alone."""
    seen = {name for name, _address in visits(cast)} - {NOWHERE, SLIP}
    browser = browser_of(cast.owner)
    known = {"number": cast.full, "public": cast.colleague.public, "token": cast.waiting}
    rest = [page for page in ALL_PAGES if page.name not in seen | FILES]
    unseen = [page.name for page in rest if browser.get(page.address(**known)).status_code != 405]
    assert not unseen, "Add these pages to tests/gallery/visits.py."
    assert {page.name for page in ALL_PAGES} >= seen | FILES, "tests/gallery/visits.py names what is no route"

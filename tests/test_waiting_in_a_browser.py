"""A page that waits while the register is taken over: it stays while nobody listens, and goes on when it is open."""

from typing import Any

import pytest
from django.utils import timezone

from regulars.areas.access.door import sessions
from regulars.areas.access.tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]


def test_it_stays_while_nobody_listens_and_goes_on_by_itself(live_server: Any, page: Any) -> None:
    _session, value = sessions.begin(person("owner"), at=timezone.now(), browser="test")
    name = f"session_{live_server.url.rpartition(':')[2]}"
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page.goto(f"{live_server.url}/safekeeping/going/?answer=none&what=keys")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort("connectionrefused")
        elif len(asked) == 2:
            route.fulfill(status=503, headers={"Retry-After": "5"}, content_type="text/html", body="waits")
        elif len(asked) == 3:
            route.fulfill(status=200, content_type="text/html", body='<p data-again="">')
        else:
            route.fulfill(status=200, content_type="text/html", body="<h1>Open</h1>")

    page.route("**/safekeeping/going/**", answer)
    page.get_by_role("heading", name="Open", exact=True).wait_for()
    assert len(asked) == 5 and len(loads) == 1, "asked four times, loaded once"

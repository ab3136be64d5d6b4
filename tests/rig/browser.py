"""Debian's chromium through playwright. A page fails its test when it breaks its own rules or calls a foreign host."""

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

PATIENCE = 60_000.0  # milliseconds; how long a page takes is the machine's business
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # what is made to run fast goes with its page, before it has paid
]
READABLE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# axe takes each colour apart for each of hundreds of elements, and gives them all up at the first `oklab(1 -2e-10 0)`
_EACH_COLOUR = """(() => {
  const { prototype } = axe.commons.color.Color, parse = prototype.parseString, known = new Map();
  prototype.parseString = function (text) {
    if (known.has(text)) return Object.assign(this, known.get(text));
    parse.call(this, text.replace(/\\b[\\d.]+e-\\d+/g, "0"));
    known.set(text, { r: this.r, g: this.g, b: this.b, alpha: this.alpha });
    return this;
  };
})()"""
# a colour on its way would be judged; where axe failed itself, nobody has looked
_RUN = """options => {
  document.getAnimations().forEach(each => each instanceof CSSTransition && each.finish());
  const failed = each => each.nodes.some(node => node.none.some(check => check.id == "error-occurred"));
  return axe.run(options).then(told => told.violations.concat(told.incomplete.filter(failed)));
}"""


def find_chromium() -> str | None:
    """The one without a window where it is installed: the same engine, for a third less of the machine's time."""
    known = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, known)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running chromium; skips, saying why, where there is none."""
    chromium = find_chromium()
    if not chromium:
        pytest.skip("no chromium found (Debian: apt-get install chromium-headless-shell)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    # playwright's own loop runs in this thread; without this Django refuses the ORM beside it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page of 1280 × 800. Refused styles or scripts, script errors, foreign hosts fail the test at its end."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if _foreign(request.url) else None)
    with _answered_at_the_end():
        yield page
        context.close()
    assert not faults, faults


@contextmanager
def _answered_at_the_end() -> Iterator[None]:
    """What the page asked for last is answered before it is over: its tables are emptied next."""
    from django.core.signals import request_finished, request_started

    at_work: set[int] = set()

    def begun(**_about: Any) -> None:
        at_work.add(threading.get_ident())

    def ended(**_about: Any) -> None:
        at_work.discard(threading.get_ident())

    request_started.connect(begun)
    request_finished.connect(ended)
    try:
        yield
        until = time.monotonic() + PATIENCE / 1000
        while at_work - {threading.get_ident()} and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        request_started.disconnect(begun)
        request_finished.disconnect(ended)


def sign_in(page: Any, house: str, role: str = "owner", **values: Any) -> None:
    """The page's browser is that of somebody of this role from here on; `house` is the address it is served at."""
    from django.utils import timezone

    from regulars.areas.access.door import sessions
    from regulars.areas.access.tests.people import person

    _session, value = sessions.begin(person(role, **values), at=timezone.now(), browser="test")
    page.context.add_cookies([{"name": f"session_{house.rpartition(':')[2]}", "value": value, "url": house}])


def answers_can_wait(page: Any) -> None:
    """Asks are looked at from the page's first one on: one that is sent just as that begins slips by a `page.route`."""
    page.route("**", lambda route: route.continue_())


def held(page: Any, pattern: str, method: str = "GET") -> list[Any]:
    """The first answer from there is kept back until it is told to go on."""
    kept: list[Any] = []
    page.route(
        re.compile(pattern),
        lambda route: kept.append(route) if not kept and route.request.method == method else route.continue_(),
    )
    return kept


def until_held(page: Any, kept: list[Any]) -> Any:
    for _time in range(300):
        if kept:
            return kept[0]
        page.wait_for_timeout(50)
    raise AssertionError("nothing was asked")


def violations(page: Any, rules: dict[str, Any] | None = READABLE) -> list[dict[str, Any]]:
    """The rules the page breaks as it stands now, of these (or of all axe knows), each with the nodes that break it."""
    from axe_playwright_python.base import AXE_SCRIPT

    if page.evaluate("!window.axe"):
        page.add_init_script(AXE_SCRIPT + _EACH_COLOUR)  # compiled once for all pages that follow
        page.evaluate(AXE_SCRIPT + _EACH_COLOUR)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found: list[dict[str, Any]] = page.evaluate(_RUN, options)
    return found


def inaccessible(page: Any) -> list[str]:
    """What keeps somebody from reading or using this page, by WCAG 2.2 AA, in light and in dark.

    Dark changes colours and nothing else, so there only these are looked at again.
    """
    from axe_playwright_python.base import AxeResults

    found = []
    for scheme, rules in (("light", READABLE), ("dark", _COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        told = violations(page, rules)
        found += [f"{scheme}: {AxeResults({'violations': told}).generate_report()}"] if told else []
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return found


def _foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("localhost", "127.0.0.1")

"""A picture of every page: `python3 run.py gallery [--to FOLDER]`. Its `index.html` shows them side by side.

Light and dark, 1280 and 360 pixels wide, in two languages, of a demo with 10,000 customers. For looking: what can be
told without looking, `tests/test_every_page.py` tells.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

SIZES = {1280: 800, 360: 740}
SCHEMES = ("light", "dark")
PORT = 8124


def main() -> None:
    args = _parser().parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
    from regulars.interfaces.demo.home import throwaway_home

    args.to.mkdir(parents=True, exist_ok=True)
    with throwaway_home():
        shots = list(_taken(args))
    index = args.to / "index.html"
    index.write_text(page_of(shots), encoding="utf-8")
    print(f"{len(shots)} pictures: {index}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py gallery", description=__doc__)
    folder = Path(tempfile.gettempdir()) / "regulars-gallery"
    parser.add_argument("--to", type=Path, default=folder, metavar="FOLDER", help=f"where they go ({folder})")
    parser.add_argument("--customers", type=int, default=10_000, metavar="N", help="of the demo (10,000)")
    parser.add_argument("--languages", type=lambda text: text.split(","), help="of the screen: en,hi")
    parser.add_argument("--only", default="", metavar="WORD", help="the routes whose name has this in it")
    return parser


def _taken(args: argparse.Namespace) -> Iterator[tuple[str, str, int, str, str]]:
    """(route, language, width, scheme, file) of each picture taken."""
    from regulars.interfaces.server import plan as plans
    from regulars.interfaces.server.lock import HomeLock
    from regulars.interfaces.server.supervisor import Supervisor
    from regulars.kernel import keyfile

    plan = plans.make("127.0.0.1", PORT, 1, {})
    plans.take_port(plan.host, plan.port)
    os.environ["REGULARS_BASE_URL"] = plan.base_url
    lock = HomeLock()
    lock.take(plan.base_url)
    keyfile.keys()
    cast = _filled(args.customers)
    supervisor = Supervisor(plan)
    supervisor.prepare()
    try:
        supervisor.open()
        yield from _looked_at(plan.base_url, cast, args)
    finally:
        supervisor.close()
        lock.release()


def _filled(count: int) -> Any:
    import django

    django.setup()
    from django.utils import timezone

    from regulars.interfaces.server import upgrade
    from tests.gallery.cast import house

    upgrade.bring_up_to_date()
    return house(count, now=timezone.now())


def _looked_at(base: str, cast: Any, args: argparse.Namespace) -> Iterator[tuple[str, str, int, str, str]]:
    from playwright.sync_api import sync_playwright

    from tests.gallery.visits import SIGNED_OUT, visits
    from tests.rig.browser import QUIET, find_chromium

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        for language in args.languages or _languages():
            context = browser.new_context(locale=language)
            page = context.new_page()
            cookie = _signed_in(base, cast, language)
            for place, (route, address) in enumerate(visits(cast)):
                if args.only not in route:
                    continue
                context.clear_cookies()
                if route not in SIGNED_OUT:
                    context.add_cookies([cookie])
                name = f"{place:02}-{route.replace(':', '-')}-{language}"
                page.set_viewport_size({"width": 1280, "height": 800})
                page.goto(base + address)
                page.wait_for_load_state("networkidle")
                for width, height in SIZES.items():
                    page.set_viewport_size({"width": width, "height": height})
                    for scheme in SCHEMES:
                        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                        file = f"{name}-{width}-{scheme}.png"
                        page.screenshot(path=args.to / file, full_page=True)
                        yield route, language, width, scheme, file
            context.close()
        browser.close()


def _languages() -> list[str]:
    """English, and Hindi where the screen speaks it, else German."""
    from django.conf import settings

    hindi = settings.PACKAGE / "locale/hi/LC_MESSAGES/django.po"
    return ["en", "hi" if hindi.exists() else "de"]


def _signed_in(base: str, cast: Any, language: str) -> dict[str, str]:
    """The owner's cookie; her screen speaks this language, and she has just founded the house."""
    from django.utils import timezone

    from regulars.areas.access import actions
    from regulars.areas.access.door import sessions
    from regulars.areas.access.models import User
    from regulars.areas.access.queries import actor_for

    owner, now = User.objects.get(pk=cast.owner.pk), timezone.now()
    actions.change_profile(
        by=actor_for(owner), at=now, user=owner, name=owner.name, language=language, theme=owner.theme
    )
    _session, value = sessions.begin(owner, at=now, browser="gallery", errand="recovery-sheet")
    return {"name": f"session_{PORT}", "value": value, "url": base}


def page_of(shots: list[tuple[str, str, int, str, str]]) -> str:
    """The pictures, one row for each visit."""
    rows: dict[str, list[str]] = {}
    for route, language, width, scheme, file in shots:
        told = escape(f"{route}, {language}, {width}, {scheme}")
        rows.setdefault(f"{file[:2]} {escape(route)}", []).append(
            f'<a href="{escape(file)}" title="{told}"><img loading="lazy" src="{escape(file)}" alt="{told}"></a>'
        )
    body = "\n".join(f"<h2>{name}</h2><div>{''.join(pictures)}</div>" for name, pictures in rows.items())
    style = "body{font:16px system-ui;margin:2rem}div{display:flex;gap:1rem;overflow-x:auto;align-items:flex-start}"
    style += "img{height:24rem;border:1px solid #8888}"
    return f'<!doctype html><meta charset="utf-8"><title>Every page</title><style>{style}</style>{body}\n'


if __name__ == "__main__":
    main()

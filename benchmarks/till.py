"""The till: from what was typed to the customer on the screen.

    python -m benchmarks.till [100000] [--home FOLDER] [--asked 300]

A WSGI call to the product, signed in, whole page and all: number, e-mail, phone, or given and family name, drawn from
the register. Where several fit and so a list comes first, the choice of the right one counts too. Goal: 50 ms for 95
of 100. `--home` may be one that `benchmarks.trade` has filled, so that cards have purchases on them.
"""

import argparse
import random
import re
import sys
import time
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from benchmarks.pages import Visit, signed_in
from benchmarks.register import register

GOAL = 50.0
_SHOWN = re.compile(rb'href="/customers/(\d+)/edit/')


def texts(count: int, asked: int) -> list[tuple[str, int, str]]:
    """What is typed: its kind, whom it means, the text."""
    from regulars.areas.customers.models import ContactPoint, Customer

    draw, found = random.Random(3), list[tuple[str, int, str]]()
    while len(found) < asked:
        number = 10001 + draw.randrange(count)
        row = Customer.objects.filter(number=number).first()
        points = dict(ContactPoint.objects.filter(customer_id=number).values_list("kind", "value"))
        if row is None:
            continue
        kind = ("number", "email", "phone", "name")[len(found) % 4]
        text = {"number": str(number), "name": f"{row.given_name} {row.family_name}".strip() or row.organisation_name}
        if typed := (text | points).get(kind):
            found.append((kind, number, typed))
    return found


def looked_up(visit: Visit, number: int, text: str) -> tuple[float, int]:
    """Milliseconds until her card is on the screen, and how many pages that took; at most two."""
    begun, asked = time.perf_counter(), 1
    page = visit("/till/", f"q={quote(text)}")
    if number not in {int(each) for each in _SHOWN.findall(page)}:
        asked, page = 2, visit("/till/", f"customer={number}")
    took = (time.perf_counter() - begun) * 1000
    if number not in {int(each) for each in _SHOWN.findall(page)}:
        raise RuntimeError(f"customer {number} is not on the page")
    return took, asked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--asked", type=int, default=300)
    args = parser.parse_args()
    with register(args.count, home=args.home):
        from django.utils import timezone

        from regulars.areas.customers.actions import fill_search_keys
        from regulars.areas.trade.actions import roll
        from regulars.interfaces.server.web import _application, _warmed

        fill_search_keys()
        roll(at=timezone.now())  # as the night leaves it
        _warmed()
        visit = Visit(_application(), signed_in())
        drawn = texts(args.count, args.asked)
        for _kind, number, text in drawn[:20]:
            looked_up(visit, number, text)
        times: dict[str, list[float]] = {}
        pages: dict[str, int] = {}
        for kind, number, text in drawn:
            took, asked = looked_up(visit, number, text)
            times.setdefault(kind, []).append(took)
            pages[kind] = pages.get(kind, 0) + asked
    every = [took for each in times.values() for took in each]
    for kind, each in [*times.items(), ("all", every)]:
        told = f"p50 {quantiles(each)[1]:5.1f} ms, p95 {quantiles(each, n=20)[-1]:5.1f} ms, at most {max(each):5.1f} ms"
        extra = f"; {pages[kind] / len(each):.2f} pages each" if kind in pages else ""
        print(f"{kind:8} {len(each):4} look-ups: {told}{extra}")
    return int(quantiles(every, n=20)[-1] > GOAL)


if __name__ == "__main__":
    sys.exit(main())

"""How questions about purchases grow with the house: a plot of what each takes in houses of several sizes.

    python -m benchmarks.growth measure 10000 --home FOLDER --into FIGURES     once for each size; FOLDER is kept
    python -m benchmarks.growth draw FIGURES --to docs/operating/growth.svg

Milliseconds of processor time, so that other work on the machine counts little; the median of seven. The house has ten
lines a customer. FIGURES has one JSON object a line, the newest of a size counts.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from math import log10
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.register import register

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 460, 64, 250, 24, 44
COLOURS = ("#0f6b6b", "#b4532a", "#4a5fb0", "#8a6d00", "#8b3a74", "#2f7d32", "#5c5c5c", "#c02b3c", "#007a99")
SHORT = {
    "spent(last 30 days) > 500 and gender = female": "women, > 500 in 30 days",
    "spent(last 30 days) > 500": "> 500 in 30 days",
    "gender = male and region = CA": "men in a region",
    "last_purchase before 30 days ago and last_purchase >= 90 days ago": "last bought 30 to 90 days ago",
    "top 10% by spent(last 12 months)": "the best tenth of 12 months",
    'bought(type = "Type 3") and not bought(type = "Type 7")': "bought one type, not another",
    "purchases > 3 and returned > 0 and spent < 900": "three free conditions",
}


def measure(count: int, home: Path) -> dict[str, Any]:
    """Milliseconds of processor by what was asked."""
    with register(count, home=home):
        from django.utils import timezone

        from benchmarks.criteria import TODAY
        from benchmarks.pages import Visit, signed_in
        from benchmarks.till import looked_up, texts
        from benchmarks.trade import AT, ZONE, cases
        from benchmarks.trade import fill as lines_in
        from regulars.areas.segments import queries
        from regulars.areas.trade.actions import fill, roll
        from regulars.areas.trade.models import Line
        from regulars.interfaces.server.web import _application, _warmed
        from regulars.kernel.actor import Actor

        if not Line.objects.exists():
            lines_in(count)
        fill(at=AT)
        here: dict[str, Any] = {"by": Actor("user", "b", rights=frozenset({"*"})), "today": TODAY, "zone": ZONE}
        found: dict[str, Any] = {"customers": count, "lines": Line.objects.count()}
        for each in cases(False):
            said = SHORT[each.criteria]
            found[f"count: {said}"] = _took(lambda each=each: queries.count(each.criteria, **here))
            found[f"page: {said}"] = _took(lambda each=each: queries.page(each.criteria, **here))
        roll(at=timezone.now())  # as the night leaves it
        _warmed()
        visit = Visit(_application(), signed_in())
        drawn, times = texts(count, 140), list[float]()
        for place, (_kind, number, text) in enumerate(drawn):
            begun = time.process_time()
            looked_up(visit, number, text)
            if place >= 20:
                times.append((time.process_time() - begun) * 1000)
        found["till: from what was typed to the card, 95 of 100"] = round(quantiles(times, n=20)[-1], 2)
    return found


def _took(ask: Callable[[], Any]) -> float:
    ask()
    times = []
    for _round in range(7):
        begun = time.process_time()
        ask()
        times.append((time.process_time() - begun) * 1000)
    return round(median(times), 2)


def draw(figures: list[dict[str, Any]]) -> str:
    """Both axes by powers of ten: a line that rises as steeply as the dashed one grows as the house does."""
    houses = sorted({each["customers"]: each for each in figures}.values(), key=lambda each: each["customers"])
    sizes = [each["customers"] for each in houses]
    named = [name for name in houses[-1] if name.startswith(("page", "till"))]
    values = [each[name] for each in houses for name in named if name in each]
    low, high = 10 ** int(log10(min(values)) - 0.001), 10 ** (int(log10(max(values))) + 1)

    def x(size: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(size / sizes[0]) / log10(sizes[-1] / sizes[0])

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * log10(value / low) / log10(high / low)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    decade = low
    while decade <= high:
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(decade):.1f}" y2="{y(decade):.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(decade) + 4:.1f}" text-anchor="end">{decade:g} ms</text>')
        decade *= 10
    for size in sizes:
        out.append(f'<line x1="{x(size):.1f}" x2="{x(size):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        out.append(f'<text x="{x(size):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{size:,}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    out.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">customers, ten lines each</text>')
    steep = (
        f"{x(sizes[0]):.1f},{y(low * 1.5):.1f} {x(sizes[-1]):.1f},{y(min(high, low * 1.5 * sizes[-1] / sizes[0])):.1f}"
    )
    out.append(f'<polyline points="{steep}" fill="none" stroke="#999" stroke-dasharray="5 5"/>')
    ends = _apart([y(houses[-1][name]) for name in named])
    for name, colour, end in zip(named, COLOURS, ends, strict=False):
        points = [(x(each["customers"]), y(each[name])) for each in houses if name in each]
        told = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
        out.append(f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>' for across, up in points]
        label = name.removeprefix("page: ").replace("<", "&lt;").replace(">", "&gt;")
        label = "till, 95 of 100" if name.startswith("till") else label
        told = f"{label}: {houses[-1][name]:.0f} ms"
        out.append(f'<text x="{WIDTH - RIGHT + 12}" y="{end + 4:.1f}" fill="{colour}">{told}</text>')
    return "\n".join([*out, "</svg>", ""])


def _apart(places: list[float], least: float = 16) -> list[float]:
    """The same places, moved so far that no two words lie over each other."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    found = list(places)
    for before, at in pairwise(order):
        found[at] = max(found[at], found[before] + least)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    does = parser.add_subparsers(dest="does", required=True)
    one = does.add_parser("measure")
    one.add_argument("count", type=int)
    one.add_argument("--home", type=Path, required=True)
    one.add_argument("--into", type=Path, required=True)
    other = does.add_parser("draw")
    other.add_argument("figures", type=Path)
    other.add_argument("--to", type=Path, required=True)
    args = parser.parse_args()
    if args.does == "measure":
        found = measure(args.count, args.home)
        with args.into.open("a") as into:
            into.write(json.dumps(found) + "\n")
        print(json.dumps(found, indent=1))
        return 0
    args.to.write_text(draw([json.loads(line) for line in args.figures.read_text().splitlines()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

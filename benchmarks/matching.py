"""How well duplicates are found, and how fast.

    python -m benchmarks.matching quality --data FOLDER      FEBRL 1 and 3, Fake 1000 (CSV files), and our own truth
    python -m benchmarks.matching speed --count 100000        a scan beside blocking and RapidFuzz written by hand
    python -m benchmarks.matching entry --count 100000        the check on entry, and a scan of 100 new cards

Quality is pairwise: precision, recall and F1 at "likely", precision at "same", and how many of the hard negatives of
each kind were called likely. FEBRL is read twice, with its social security number as an identity number and without.
The speed of the scan is a ratio to a pass written by hand over the same cards in the same run, each in a process of its
own, which reads the cards a part at a time: its memory is its own.
"""

import argparse
import csv
import datetime
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import batched
from pathlib import Path
from typing import Any

from benchmarks.doubles import Truth, truth

GOALS = {"febrl1": 0.99, "febrl3": 0.985, "fake1000": 0.85}
SAME_PRECISION = 0.995
_PERSONS = 2_000  # of our own truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("quality", "speed", "entry", "one"))
    parser.add_argument("--data", type=Path, help="folder with febrl1.csv, febrl3.csv, splink_fake_1000.csv")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--kind", default="scan", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=2, help="how often either way is measured")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help="keep the register here and find it again")
    args = parser.parse_args()
    {"quality": quality, "speed": speed, "entry": entry, "one": one}[args.what](args)


# --- quality ----------------------------------------------------------------------------------------------------------


def quality(args: argparse.Namespace) -> None:
    for name, known in _sets(args.data):
        judge(name, known)


def _sets(folder: Path | None) -> Iterator[tuple[str, Truth]]:
    if folder is None or not folder.is_dir():
        print("  --data names no folder: our own truth alone")
    else:
        for name in ("febrl1", "febrl3"):
            if (folder / f"{name}.csv").exists():
                yield name, febrl(folder / f"{name}.csv", numbers=True)
                yield f"{name} without its number", febrl(folder / f"{name}.csv", numbers=False)
        if (folder / "splink_fake_1000.csv").exists():
            yield "fake1000", fake(folder / "splink_fake_1000.csv")
    yield "our own", truth(_PERSONS)
    yield "our own, other dice", truth(_PERSONS, seed=7)


def judge(name: str, known: Truth) -> None:
    from regulars.areas.matching.comparing.model import LIKELY, SAME

    weights, true = scan(known.cards), known.pairs()
    likely = {pair for pair, weight in weights.items() if weight >= LIKELY}
    same = {pair for pair, weight in weights.items() if weight >= SAME}
    right = len(likely & true)
    precision, recall = right / max(1, len(likely)), right / len(true)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    goal = f" (goal {GOALS[name]})" if name in GOALS else ""
    print(
        f"{name:26} likely: precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}{goal}; "
        f"same: precision {len(same & true) / max(1, len(same)):.4f} (goal {SAME_PRECISION}) of {len(same)}"
    )
    for kind, pairs in known.strangers.items():
        called = sum(pair in likely for pair in pairs)
        print(f"    {kind:24} {called} of {len(pairs)} called likely")


def scan(cards: Collection[Any]) -> dict[tuple[int, int], float]:
    """The weight of every pair that is found, as the product's scan finds them."""
    from regulars.areas.matching.comparing import blocks
    from regulars.areas.matching.comparing.bounds import MOST
    from regulars.areas.matching.comparing.model import prior
    from regulars.areas.matching.comparing.scoring import sobered
    from regulars.areas.matching.comparing.thirds import LEAST, OPPOSED, raised
    from regulars.areas.matching.comparing.told import COLUMNS, COMPARISONS, row_of
    from regulars.areas.matching.engine import Scan

    maker = maker_of(cards)
    with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as engine:
        for part in batched(cards, 5_000):
            told = [maker.features(card) for card in part]
            engine.put([row_of(each) for each in told], [blocks.keys_of(each) for each in told])
        found: list[Any] = []
        asked = (prior(len(cards)), LEAST, blocks.enough(len(cards)))
        for some in engine.pairs(*asked, most=MOST, opposed=OPPOSED):
            found += sobered(some)
    higher = raised(found)
    return {(pair.a, pair.b): higher.get((pair.a, pair.b), pair.weight) for pair in found}


def maker_of(cards: Collection[Any]) -> Any:
    from regulars.areas.matching.comparing.features import Maker, plain_text
    from regulars.kernel.spelling import plainest, words

    names, towns = Counter[str](), Counter[str]()
    for card in cards:
        told = (card.given, card.middle, card.family, card.organisation)
        names.update({plainest(word) for text in told for word in words(text)})
        towns.update(plain_text(town) for *_street, town in card.addresses)
    return Maker(len(cards), lambda word: names[word], lambda town: towns[town])


def febrl(file: Path, *, numbers: bool) -> Truth:
    from regulars.areas.matching.comparing.features import Card

    made = Truth()
    with file.open(newline="", encoding="utf-8") as lines:
        rows = csv.reader(lines, skipinitialspace=True)
        next(rows)
        for row in rows:
            key, given, family, house, one, two, town, postcode, _state, born, number = (cell.strip() for cell in row)
            identities = [f"number AU {number}"] if numbers and number else []
            address = [(f"{house} {one}", two, postcode, town)]
            card = Card(0, given=given, family=family, birth=_day(born), identities=identities, addresses=address)
            made.put(card, key.split("-")[1])
    return made


def fake(file: Path) -> Truth:
    from regulars.areas.matching.comparing.features import Card
    from regulars.kernel.text import fold

    made = Truth()
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            emails = [fold(row["email"])] if row["email"] else []
            address = [("", "", "", row["city"])] if row["city"] else []
            names: dict[str, Any] = {"given": row["first_name"], "family": row["surname"], "birth": row["dob"]}
            made.put(Card(0, **names, emails=emails, addresses=address), row["cluster"])
    return made


def _day(text: str) -> str:
    """What an import would keep of it: a day that exists, or nothing."""
    try:
        return datetime.datetime.strptime(text, "%Y%m%d").date().isoformat()
    except ValueError:
        return ""


# --- speed ------------------------------------------------------------------------------------------------------------


def speed(args: argparse.Namespace) -> None:
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cards"
        subprocess.run([*_ONE, "--kind", "write", "--count", str(args.count), "--file", str(file)], check=True)
        for kind in ("by hand", "scan") * args.rounds:
            words = [*_ONE, "--kind", kind, "--count", str(args.count), "--file", str(file)]
            answer = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
            print(f"  {kind:8} {answer}", flush=True)
            seconds, _s, processor, *_ = answer.split()
            told.setdefault(kind, []).append((float(seconds), float(processor[1:])))
    best = {kind: [min(each) for each in zip(*rounds, strict=True)] for kind, rounds in told.items()}
    clock, processor = (scan / hand for scan, hand in zip(best["scan"], best["by hand"], strict=True))
    print(
        f"scan of {args.count:,}: {clock:.2f} of the pass by hand (goal 1.2; 1.5 GB), {processor:.2f} of its processor"
    )


_ONE = [sys.executable, "-m", "benchmarks.matching", "one"]


def one(args: argparse.Namespace) -> None:
    """One way in a process of its own: seconds from cards to pairs without reading them, and its memory."""
    from django.conf import settings

    settings.configure(USE_I18N=False)  # a phone that is none is refused with a sentence
    if args.kind == "write":
        _write(_people(args.count), args.file)
        return
    cards = Cards(args.count, args.file)
    begun, worked = time.perf_counter(), time.process_time()
    found = len(scan(cards) if args.kind == "scan" else by_hand(cards))
    seconds = time.perf_counter() - begun - cards.seconds
    worked = time.process_time() - worked - cards.worked
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds:.1f} s ({worked:.1f} s of processor), {found:,} pairs, {megabytes} MB")


class Cards(Collection[Any]):
    """The cards of a register, read some thousand at a time as from its tables: none of them stays in memory. How long
    reading took is told beside."""

    def __init__(self, count: int, file: Path) -> None:
        self.count, self.file, self.seconds, self.worked = count, file, 0.0, 0.0

    def __len__(self) -> int:
        return self.count

    def __contains__(self, card: object) -> bool:
        return any(each == card for each in self)

    def __iter__(self) -> Iterator[Any]:
        with self.file.open("rb") as kept:
            while part := self._part(kept):
                yield from part

    def _part(self, kept: Any) -> list[Any]:
        begun, worked = time.perf_counter(), time.process_time()
        try:
            return list(pickle.load(kept))
        finally:
            self.seconds += time.perf_counter() - begun
            self.worked += time.process_time() - worked


def _write(cards: Iterable[Any], file: Path) -> None:
    with file.open("wb") as kept:
        for part in batched(cards, 5_000):
            pickle.dump(part, kept)
        pickle.dump((), kept)


def _people(count: int) -> Iterator[Any]:
    """Plausible customers, every twentieth of them twice."""
    from benchmarks.generator import people
    from regulars.areas.matching.comparing.incoming import read_card

    numbers = iter(range(1, count + 1))
    for place, card in enumerate(people(count), 1):
        told = read_card(card, "DE")
        again = replace(told, family=told.family[:-1], emails=[])
        for each in (told, again) if place % 20 == 0 else (told,):
            if number := next(numbers, 0):
                yield replace(each, number=number)
            else:
                return


def by_hand(cards: Collection[Any]) -> set[tuple[int, int]]:
    """What one would write in an afternoon: blocks by contact point, birth date and name, RapidFuzz over each pair."""
    from rapidfuzz.distance import JaroWinkler

    maker = maker_of(cards)
    told = {card.number: maker.features(card) for card in cards}
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, card in told.items():
        for key in _hand_keys(card):
            blocks[key].append(number)
    pairs = {
        (a, b)
        for block in blocks.values()
        if 1 < len(block) <= 60
        for place, a in enumerate(block)
        for b in block[place + 1 :]
    }
    return {(a, b) for a, b in pairs if _hand_score(told[a], told[b], JaroWinkler.similarity) > 0.85}


def _hand_keys(card: Any) -> Iterator[str]:
    yield from card.emails
    yield from card.phones
    yield from card.homes
    if card.birth:
        yield f"{card.birth} {card.initial}"
        yield f"{card.birth} {card.family[:1]}"
    if card.given and card.family:
        yield f"{card.given} {card.family}"
        yield f"{card.family_sound} {card.initial} {card.postcodes[:1]}"
    yield from card.firm_words


def _hand_score(one: Any, two: Any, alike: Callable[[str, str], float]) -> float:
    parts = [
        alike(a, b)
        for a, b in (
            (one.given, two.given), (one.family, two.family), (one.birth, two.birth), (one.street, two.street),
            (one.town, two.town), (one.mailbox, two.mailbox), (one.firm, two.firm),
        )
        if a and b
    ]  # fmt: skip
    return sum(parts) / len(parts) if len(parts) > 1 else 0.0


# --- on entry ---------------------------------------------------------------------------------------------------------


def entry(args: argparse.Namespace) -> None:
    from benchmarks.register import register

    with register(args.count, home=args.home):
        _entry(args.count)


def _entry(count: int) -> None:
    from benchmarks.generator import people
    from regulars.areas.customers.card import keys
    from regulars.areas.customers.models import Customer, SearchText
    from regulars.areas.matching.queries import whom_it_could_be
    from regulars.areas.matching.queries.candidates import compared, nearby
    from regulars.areas.matching.queries.reading import cards
    from regulars.kernel.actor import Actor

    if not SearchText.objects.exists():
        keys.clear()
        for part in batched(Customer.objects.values_list("number", flat=True), 5_000):
            keys.bring(part)
    by = Actor(kind="operator", name="benchmark", rights=frozenset({"*"}))
    asked = [card for place, card in enumerate(people(count)) if place % max(1, count // 200) == 0][:200]
    whom_it_could_be(by, asked[0])
    times, processor, found = [], [], 0
    for card in asked:
        begun, worked = time.perf_counter(), time.process_time()
        found += any(each.verdict == "same" for each in whom_it_could_be(by, card))
        times.append(1_000 * (time.perf_counter() - begun))
        processor.append(1_000 * (time.process_time() - worked))
    times.sort()
    processor.sort()
    for what, each in (("by the clock", times), ("of processor", processor)):
        told = f"p50 {statistics.median(each):.1f} ms, p95 {each[int(0.95 * len(each))]:.1f} ms {what}"
        print(f"on entry among {count:,}: {told} (goal 50 ms); {found} of {len(asked)} found")
    numbers = list(Customer.objects.order_by("-number").values_list("number", flat=True)[:100])
    begun, worked = time.perf_counter(), time.process_time()
    pairs = sum(len(compared(card, nearby(by, card))) for card in cards(numbers).values())
    clock, worked = time.perf_counter() - begun, time.process_time() - worked
    print(f"100 new cards among {count:,}: {clock:.2f} s (goal 2 s), {worked:.2f} s of processor, {pairs} pairs")


if __name__ == "__main__":
    main()

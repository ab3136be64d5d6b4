"""Who is the same and who only resembles: the levels, in Python and in SQL alike."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.areas.matching.comparing import blocks, bounds
from regulars.areas.matching.comparing.conditions import near
from regulars.areas.matching.comparing.features import Card, Maker, keyed
from regulars.areas.matching.comparing.firms import firm_words
from regulars.areas.matching.comparing.model import LIKELY, MATTERS, POSSIBLE, prior, reasons_of, sober, verdict_of
from regulars.areas.matching.comparing.nicknames import groups_of
from regulars.areas.matching.comparing.scoring import levels_of, weight_of
from regulars.areas.matching.comparing.sounds import sound
from regulars.areas.matching.comparing.thirds import OPPOSED
from regulars.areas.matching.comparing.told import COLUMNS, COMPARISONS, row_of
from regulars.areas.matching.engine import Scan
from regulars.areas.matching.queries.reasons import SENTENCES
from regulars.kernel.engines import open_duckdb

SIZE = 5_000
MAKER = Maker(SIZE, lambda _word: 20, lambda _town: 100)
HOME = ("Lindenweg 7", "", "24937", "Flensburg")
ELSEWHERE = ("Nørregade 12", "", "1165", "København")


def card(**told: Any) -> Card:
    return Card(**{"number": 1, "given": "Jürgen", "family": "Müller", "birth": "1958-03-07", **told})


def verdict(one: Card, two: Card) -> str:
    levels = levels_of(MAKER.features(one), MAKER.features(replace(two, number=2)))
    return verdict_of(sober(weight_of(levels, prior(SIZE)), levels))


JUERGEN = card(emails=["jm@example.org"], phones=["+4915123456789"], addresses=[HOME])


@pytest.mark.parametrize(
    "again",
    [
        card(given="Juergen", family="Mueller", addresses=[HOME]),
        card(given="Müller", family="Jürgen", addresses=[HOME]),
        card(given="J.", addresses=[HOME]),
        card(birth="1958-07-03", addresses=[HOME]),
        card(birth="1958-03-01", addresses=[HOME]),
        card(birth="", emails=["jm@example.org"]),
        card(family="Muller", birth="", phones=["+4915123456789"]),
        card(addresses=[ELSEWHERE]),
        card(given="Georg", addresses=[HOME]),
        card(given="", emails=["jm@example.org"]),
    ],
)
def test_one_person_is_found_however_written(again: Card) -> None:
    assert verdict(JUERGEN, again) in ("same", "likely")


def test_namesakes_are_not_likely_one_however_rare_their_name() -> None:
    elsewhere = {"emails": ["other@example.net"], "phones": ["+4917698765432"]}
    rare = Maker(SIZE, lambda _word: 1, lambda _town: 1)
    one, two = JUERGEN, card(number=2, birth="", addresses=[("Am Hafen 2", "", "24939", "Flensburg")], **elsewhere)
    levels = levels_of(rare.features(one), rare.features(two))
    weight = weight_of(levels, prior(SIZE))
    assert weight >= LIKELY > sober(weight, levels) >= POSSIBLE
    again = replace(two, emails=["jm@example.org"])
    levels = levels_of(rare.features(one), rare.features(again))
    assert sober(weight_of(levels, prior(SIZE)), levels) == weight_of(levels, prior(SIZE)) >= LIKELY


TWIN = replace(JUERGEN, given="Klaus")
SON = replace(JUERGEN, birth="1987-11-20")
BORN_ON_HIS_DAY = replace(JUERGEN, birth="1988-03-07")
SPOUSE = replace(JUERGEN, given="Renate", birth="")
NAMED_LIKE_ANOTHER = replace(JUERGEN, given="Jana")
JUNIOR = replace(JUERGEN, birth="", suffix="jr.")
COLLEAGUE = card(given="Anna", family="Berg", birth="", phones=["+4915123456789"], emails=["jm@example.org"])
NAMESAKE = card(birth="1971-09-30", addresses=[("Hafendamm 3", "", "24939", "Flensburg")])
SISTER = replace(JUERGEN, given="Inge", birth="1959-05-02")


@pytest.mark.parametrize("other", [TWIN, SON, BORN_ON_HIS_DAY, SPOUSE, COLLEAGUE, NAMESAKE, SISTER])
def test_who_only_resembles_is_told_apart(other: Card) -> None:
    assert verdict(JUERGEN, other) in ("", "possible")


def test_junior_and_senior_are_two() -> None:
    assert verdict(replace(JUERGEN, birth="", suffix="sen."), JUNIOR) in ("", "possible")


def test_twins_with_names_alike_are_two() -> None:
    assert verdict(replace(JUERGEN, given="Jan"), NAMED_LIKE_ANOTHER) in ("", "possible")


def test_two_blanks_are_never_equal() -> None:
    blank = Card(number=1)
    levels = levels_of(MAKER.features(blank), MAKER.features(replace(blank, number=2)))
    assert reasons_of(levels) == [] and verdict(blank, blank) == ""


def test_organisations_are_compared_without_their_legal_form() -> None:
    firm = Card(number=1, person=False, organisation="Müller Teehaus GmbH & Co. KG", addresses=[HOME])
    assert verdict(firm, replace(firm, organisation="Mueller Teehaus")) == "likely"
    assert verdict(firm, replace(firm, organisation="Schmidt Teehandel GmbH")) == ""
    assert firm_words("Müller & Söhne Bau GmbH") == ("muller", "bau")


def test_short_forms_in_five_languages() -> None:
    for one, two in (
        ("bob", "robert"),
        ("sepp", "josef"),
        ("stine", "kristine"),
        ("koos", "jacobus"),
        ("puja", "pooja"),
    ):
        assert set(groups_of(one)) & set(groups_of(two)), (one, two)
    assert not set(groups_of("albert")) & set(groups_of("alfred"))  # both may be called Al


def test_what_sounds_the_same() -> None:
    for one, two in (("meyer", "maier"), ("schmidt", "schmitt"), ("stefan", "stephan"), ("sofie", "sophie")):
        assert sound(one) == sound(two), (one, two)
    assert sound("jan") != sound("jana")


def test_every_reason_has_its_sentence() -> None:
    codes = {degree.code for matter in MATTERS for degree in matter.degrees} - {"unknown"}
    assert codes | {"same_third"} == set(SENTENCES)


NAMES = st.sampled_from(
    ["Jürgen", "Juergen", "Georg", "Jana", "Jan", "Müller", "Muller", "Möller", "", "J", "राजेश", "Rajesh"]
)
DATES = st.sampled_from(
    ["", "1958-03-07", "1958-07-03", "1958-03-01", "1988-03-07", "--03-07", "1959-04-01", "2001-01-31"]
)
PLACES = st.lists(
    st.tuples(
        st.sampled_from(["", "Lindenweg 7", "Lindenwg 7", "Lindenweg 9", "Hafendamm 3"]), st.just(""),
        st.sampled_from(["", "24937", "1165"]), st.sampled_from(["", "Flensburg", "Flensbrug", "København"]),
    ),
    max_size=2,
)  # fmt: skip
EMAILS = st.lists(
    st.sampled_from(["jm@example.org", "jm@example.com", "j.mueller@x.example", "j.muller@x.example"]), max_size=2
)
CARDS = st.builds(
    Card, number=st.just(0), person=st.booleans(), given=NAMES, middle=NAMES, family=NAMES, called=st.just(""),
    suffix=st.sampled_from(["", "jr.", "sen."]), organisation=st.sampled_from(["", "Teehaus GmbH", "Tehaus", "Bank"]),
    birth=DATES, gender=st.sampled_from(["", "female", "male"]), emails=EMAILS,
    phones=st.lists(st.sampled_from(["+4915123456789", "+4530111222"]), max_size=2),
    identities=st.lists(st.sampled_from(["cpr DK aa", "cpr DK bb", "idnr DE aa"]), max_size=2), addresses=PLACES,
)  # fmt: skip


@given(st.lists(CARDS, min_size=12, max_size=30))
@settings(max_examples=4, deadline=None)
def test_sql_and_python_say_the_same(cards: list[Card]) -> None:
    """Every pair that the engine finds has the weight and the levels that the plain comparison gives it."""
    told = [MAKER.features(replace(each, number=number)) for number, each in enumerate(cards, 1)]
    keys = {each.number: set(blocks.keys_of(each)) for each in told}
    shared = [(a, b) for a, b in combinations(keys, 2) if keys[a] & keys[b]]
    wanted = {(a, b): levels_of(told[a - 1], told[b - 1]) for a, b in shared}
    with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as scan:
        scan.put([row_of(each) for each in told], [blocks.keys_of(each) for each in told])
        found = {(pair.a, pair.b): pair for part in scan.pairs(prior(SIZE), -500, 1) for pair in part}
    assert {pair: scored.levels for pair, scored in found.items()} == wanted
    for (a, b), scored in found.items():
        assert scored.weight == pytest.approx(weight_of(wanted[a, b], prior(SIZE)), abs=1e-3)


@given(st.lists(CARDS, min_size=12, max_size=30))
@settings(max_examples=6, deadline=None)
def test_no_pair_weighs_more_than_is_said_of_it_beforehand(cards: list[Card]) -> None:
    """What is told from small numbers, so that most strangers are not compared, holds for every pair."""
    born = [replace(each, birth="1931-03-07" if place % 3 == 0 else each.birth) for place, each in enumerate(cards)]
    told = [MAKER.features(replace(each, number=number)) for number, each in enumerate(born, 1)]
    names = [name for name, _kind in COLUMNS]
    with open_duckdb() as database:
        database.execute(f"CREATE TABLE cards ({', '.join(f'{name} {kind}' for name, kind in COLUMNS)})")
        database.executemany(
            f"INSERT INTO cards VALUES ({', '.join('?' * len(names))})", [row_of(each) for each in told]
        )
        sides = ", ".join(f"one.{name} AS {name}_l, two.{name} AS {name}_r" for name in names)
        pairs = f"SELECT {sides} FROM cards one JOIN cards two ON one.number < two.number"
        asked = f"SELECT number_l, number_r, {bounds.MOST_OPPOSED}, {bounds.MOST} FROM ({pairs})"
        most = database.execute(asked).fetchall()
    for a, b, of_opposed, of_any in most:
        levels = levels_of(told[a - 1], told[b - 1])
        weight = weight_of(levels, 0) - 1e-9
        opposed = min(m.degrees[place].weight for m, place in zip(MATTERS, levels, strict=True)) <= OPPOSED.bits
        assert of_opposed is None or (opposed and weight <= of_opposed), (born[a - 1], born[b - 1], levels)
        assert weight <= of_any, (born[a - 1], born[b - 1], levels)


def test_strangers_are_told_beforehand_and_pairs_that_may_be_one_are_not() -> None:
    """By the engine as a scan asks it: who is left out weighs too little, and the rest weighs what it did."""
    klaus = replace(JUERGEN, number=2, given="Klaus", birth="1931-03-07", emails=[], phones=[], addresses=[ELSEWHERE])
    cards = [JUERGEN, klaus, replace(TWIN, number=3), replace(SON, number=4), replace(JUERGEN, number=5, family="")]
    told = [MAKER.features(each) for each in cards]
    weights = {}
    for most, opposed in (("NULL", None), (bounds.MOST, OPPOSED)):
        with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as scan:
            scan.put([row_of(each) for each in told], [blocks.keys_of(each) for each in told])
            found = [pair for part in scan.pairs(prior(SIZE), -60, 1, most=most, opposed=opposed) for pair in part]
        weights[opposed] = {(pair.a, pair.b): pair.weight for pair in found}
    assert (1, 2) in weights[None] and weights[OPPOSED].keys() < weights[None].keys()
    assert all(weights[None][pair] < POSSIBLE for pair in weights[None].keys() - weights[OPPOSED].keys())
    assert weights[OPPOSED][1, 5] == pytest.approx(weights[None][1, 5])


def test_each_scan_has_a_start_of_its_own_though_splink_parses_once() -> None:
    told = [MAKER.features(replace(JUERGEN, number=number)) for number in (1, 2)]
    weights = []
    for start in (prior(SIZE), prior(SIZE) - 3, prior(SIZE)):
        with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, blocks.LARGEST) as scan:
            scan.put([row_of(each) for each in told], [blocks.keys_of(each) for each in told])
            weights += [pair.weight for part in scan.pairs(start, 0, 1) for pair in part]
    assert weights == pytest.approx([weights[0], weights[0] - 3, weights[0]], abs=1e-6)
    before = threads()
    with Scan(COLUMNS, COMPARISONS[:2], blocks.STRENGTHS, blocks.LARGEST) as scan:  # nor is it kept for another model
        scan.put([row_of(each) for each in told], [blocks.keys_of(each) for each in told])
        assert [len(pair.levels) for part in scan.pairs(prior(SIZE), -500, 1) for pair in part] == [2]
    assert threads() == before, "what is closed lets go of the machine"


def threads() -> int:
    """Of this process, with those that Python does not know; none where the system does not tell."""
    return len(list(Path("/proc/self/task").glob("*")))


@given(st.lists(CARDS, min_size=8, max_size=20), st.integers(1, 12))
@settings(max_examples=10, deadline=None)
def test_a_list_meets_those_with_whom_it_shares_enough_keys(cards: list[Card], strength: int) -> None:
    """By the keys alone, without a card read whole: across, and never by a key that too many have."""
    numbers = [(place // 2 + 1) * (-1) ** place for place in range(len(cards))]
    keys = {number: blocks.keys_of(keyed(each)) for number, each in zip(numbers, cards, strict=True)}
    assert all(
        set(keys[n]) == set(blocks.keys_of(MAKER.features(card))) for n, card in zip(numbers, cards, strict=True)
    )
    often = Counter(key for each in keys.values() for key in each)

    def shared(a: int, b: int) -> int:
        return sum(blocks.STRENGTHS[key[0]] for key in set(keys[a]) & set(keys[b]) if often[key] <= 3)

    with Scan(COLUMNS, COMPARISONS, blocks.STRENGTHS, 3) as scan:
        scan.put_keys(list(keys), list(keys.values()))
        found = scan.across(strength)
    assert found == sorted((a, b) for a in keys for b in keys if a < 0 < b and shared(a, b) >= strength)


@given(st.lists(st.tuples(st.text("abe", max_size=9), st.text("abe", max_size=9)), min_size=60, max_size=60))
@settings(max_examples=20, deadline=None)
def test_what_is_asked_first_leaves_no_slip_out(words: list[tuple[str, str]]) -> None:
    """A likeness that is asked before errors are counted holds for all that are so few errors apart."""
    sides = [{"word_l": one, "word_r": two} for one, two in words]
    with open_duckdb() as database:
        for errors, longest in ((1, 3), (1, 4), (1, 5), (2, 4), (2, 6), (2, 9)):
            slip = near("word", errors, longest)
            asked = f"SELECT {slip.sql} FROM (SELECT unnest(?, recursive := true))"
            wanted = [slip.fits(SimpleNamespace(word=one), SimpleNamespace(word=two)) for one, two in words]
            assert [fits for (fits,) in database.execute(asked, [sides]).fetchall()] == wanted, words


def test_likeness_knows_no_order() -> None:
    for one, two in combinations([JUERGEN, TWIN, SON, SPOUSE, COLLEAGUE, NAMESAKE, SISTER, JUNIOR], 2):
        here, there = MAKER.features(one), MAKER.features(two)
        assert levels_of(here, there) == levels_of(there, here)


def test_bands_are_in_order() -> None:
    assert [verdict_of(weight) for weight in (20, LIKELY, POSSIBLE, -20)] == ["same", "likely", "possible", ""]

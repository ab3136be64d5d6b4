"""Splink on DuckDB, the only place that knows either of the two: a whole register compared with itself.

It is told everything: the columns, who is compared with whom, the comparisons with their levels. Parameters are fixed
and nothing is trained, so that the same cards give the same answer today and tomorrow.
"""

import gc
import logging
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, batched, chain
from math import log2
from typing import Any

from regulars.kernel import engines


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of likeness. `m` is how often one person's two cards have it, `u` how often two strangers' do."""

    code: str
    sql: str
    m: float
    u: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that is compared: the first level that fits counts, the last fits always."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair with its weight in bits (the prior included), and for each comparison the place of its level."""

    a: int
    b: int
    weight: float
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opposed:
    """What a pair has to weigh that one comparison opposes with `bits` or more: `least`. `most` is SQL over the columns
    NAME_l and NAME_r: what an opposed pair weighs at most without the prior, NULL where it is not said to be one."""

    bits: float
    least: float
    most: str = "NULL"


class Scan:
    """One register in memory: put cards in with their keys, then ask for the pairs. To be closed."""

    def __init__(
        self,
        columns: Sequence[tuple[str, str]],
        comparisons: Sequence[Comparison],
        strengths: Mapping[str, int],
        largest: int,
    ) -> None:
        """`strengths` says how much a shared key tells, 0 to 7, by its first letter; a key of more than `largest` cards
        tells nothing. Of a list of texts only what tells them apart is kept: whether two meet can be asked, not what
        stands in them."""
        self.columns, self.comparisons, self.largest = list(columns), list(comparisons), largest
        self.weights = [_Places(each) for each in comparisons]
        self.strengths, self._compared = strengths, False
        self.database = engines.open_duckdb()
        told = ", ".join(f"{name} {_KEPT.get(kind, kind)}" for name, kind in self.columns)
        self.database.execute(f"CREATE TABLE cards ({told})")
        self.database.execute("CREATE TABLE keys (number BIGINT, key BIGINT)")

    def __enter__(self) -> "Scan":
        return self

    def __exit__(self, *_error: object) -> None:
        self.database.close()
        if self._compared:  # Splink's tables point at each other and at the database: else it stays, with its threads
            gc.collect()

    def put(self, rows: Sequence[Sequence[Any]], keys: Sequence[Sequence[str]]) -> None:
        """Takes cards in the order of the columns (the first is the number), and for each the keys of its blocks: two
        cards are compared where the keys that they share are strong enough together."""
        import pyarrow as pa

        columns = dict(zip(self.columns, zip(*rows, strict=True), strict=True))
        fed = {
            name: _lists(values, map(hash, chain.from_iterable(values)))
            if kind in _KEPT
            else pa.array(values, _ARROW[kind]())
            for (name, kind), values in columns.items()
        }
        self._feed(f"INSERT INTO cards SELECT {', '.join(fed)} FROM fed", fed)
        self.put_keys([row[0] for row in rows], keys)

    def put_keys(self, numbers: Sequence[int], keys: Sequence[Sequence[str]]) -> None:
        """Takes the keys of cards without the cards, for `across`."""
        import pyarrow as pa

        strengths = self.strengths
        told = (hash(key) & ~_STRENGTH | strengths[key[0]] for key in chain.from_iterable(keys))
        fed = {"number": pa.array(numbers, pa.int64()), "keys": _lists(keys, told)}
        self._feed("INSERT INTO keys SELECT number, unnest(keys) FROM fed", fed)

    def _feed(self, statement: str, columns: dict[str, Any]) -> None:
        import pyarrow as pa

        self.database.register("fed", pa.table(columns))
        self.database.execute(statement)
        self.database.unregister("fed")

    def across(self, strength: int) -> list[tuple[int, int]]:
        """Each number below 0 with each above whose keys are so strong together, in order; once, instead of `pairs`."""
        self._share()
        asked = f"SELECT l, r FROM ({_MEETING.format(whom='l.number < 0 AND r.number > 0')}) ORDER BY l, r"
        return self.database.execute(asked, [strength]).fetchall()

    def pairs(
        self, prior: float, least: float, strength: int, *, most: str = "NULL", opposed: Opposed | None = None
    ) -> Iterator[list[Scored]]:
        """The pairs whose keys are so strong together and whose weight is `least` bits or more, in no order, a part of
        the register at a time: what is in memory at once does not grow with it. `most` is SQL as in `Opposed`, of any
        pair: who cannot come to `least` is not compared further."""
        self._share()
        names, kept, hopeful = (
            [f"mw_{each.name}" for each in self.comparisons],
            "true",
            [_may_reach(least, prior, most)],
        )
        if opposed:
            kept = f"match_weight >= {opposed.least} OR least({', '.join(names)}) > {opposed.bits + _NOTHING}"
            hopeful = [_may_reach(opposed.least, prior, opposed.most), *hopeful]
        for parts in batched(self._parts(), _PARTS_AT_ONCE):
            self.database.execute("CREATE TABLE blocked (match_key VARCHAR, join_key_l BIGINT, join_key_r BIGINT)")
            for first, last in parts:
                self._block(first, last, strength, hopeful)
            if self.database.execute("SELECT 1 FROM blocked LIMIT 1").fetchall():
                found = self._predict(prior, least)
                asked = f"SELECT number_l, number_r, match_weight, {', '.join(names)} FROM {found} WHERE {kept}"
                cursor = self.database.execute(asked)
                while rows := cursor.fetchmany(_AT_ONCE):
                    yield [self._scored(row) for row in rows]
                self.database.execute(f"DROP TABLE {found}")
            self.database.execute("DROP TABLE blocked")

    def _share(self) -> None:
        """Keeps the keys that several cards share, unless so many do that a key tells nothing."""
        self.database.execute("CHECKPOINT")  # only what is settled is packed
        self.database.execute("CREATE TABLE sharing (number BIGINT, key BIGINT)")
        for part in range(_SHARES):
            some = f"(SELECT * FROM keys WHERE (key >> 3) & {_SHARES - 1} = {part})"
            shared = f"SELECT key FROM {some} GROUP BY key HAVING count(*) BETWEEN 2 AND {self.largest}"
            told = f"SELECT number, key FROM {some} JOIN ({shared}) USING (key)"
            self.database.execute(f"INSERT INTO sharing {told}")
        self.database.execute("DROP TABLE keys")
        self.database.execute("CHECKPOINT")

    def _parts(self) -> list[tuple[int, int]]:
        """The numbers of the cards in parts: the first of each and the last."""
        asked = f"""
            SELECT min(number), max(number) FROM
            (SELECT number, (row_number() OVER (ORDER BY number) - 1) // {_A_PART} AS part FROM cards) GROUP BY part
        """
        return self.database.execute(asked).fetchall()

    def _block(self, first: int, last: int, strength: int, hopeful: Sequence[str]) -> None:
        """Who of this part shares enough with a card of a higher number, and may weigh enough: each pair once. What is
        asked first is asked of all; what is asked next, which reads more of the cards, of those who are left."""
        meeting = _MEETING.format(whom="l.number < r.number AND l.number BETWEEN ? AND ?")
        sides = ", ".join(f"one.{name} AS {name}_l, two.{name} AS {name}_r" for name, _kind in self.columns)
        left, given = f"({meeting})", [first, last, strength]
        for place, asked in enumerate(hopeful):
            both = f"SELECT {sides} FROM {left} JOIN cards one ON one.number = l JOIN cards two ON two.number = r"
            pairs = f"SELECT number_l AS l, number_r AS r FROM ({both}) WHERE {asked}"
            self.database.execute(f"CREATE TABLE left_{place} AS {pairs}", given)
            left, given = f"left_{place}", []
        self.database.execute(f"INSERT INTO blocked SELECT '0', l, r FROM {left}")
        for place in range(len(hopeful)):
            self.database.execute(f"DROP TABLE left_{place}")

    def _predict(self, prior: float, least: float) -> str:
        from splink import DuckDBAPI, Linker

        self._compared = True
        logging.getLogger("splink").setLevel(logging.ERROR)  # else it tells each step
        api, settings = DuckDBAPI(connection=self.database), _settings(tuple(self.comparisons), prior)
        linker = Linker(api.register("cards"), settings, log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        return str(found.physical_name)

    def _scored(self, row: Sequence[Any]) -> Scored:
        one, two, weight, *weights = row
        levels = tuple([places[each] for places, each in zip(self.weights, weights, strict=True)])
        return Scored(min(one, two), max(one, two), weight, levels)


_AT_ONCE = 20_000  # pairs
_STRENGTH = 7  # the bits of a key that say how much it tells
_MEETING = """
    SELECT l.number AS l, r.number AS r FROM sharing l JOIN sharing r ON l.key = r.key AND {whom}
    GROUP BY l.number, r.number HAVING sum(l.key & 7) >= ?
"""
_A_PART = 50_000  # cards
_PARTS_AT_ONCE = 2  # that are compared together: of those who meet few are left
_SHARES = 8  # parts in which keys are counted: all of them at once are the most that is ever in memory
_DIGITS = 7
_NOTHING = 0.001  # bits that no two levels differ by, and more than what `_APART` adds to one
_APART = 2.0**-20  # bits between levels of one comparison that weigh the same, so that each has a weight of its own


def _may_reach(least: float, prior: float, most: str) -> str:
    """SQL: whether a pair that weighs so much at most can come to `least`; where nothing is said of it, it may."""
    return f"coalesce({prior} + ({most}) >= {least - _NOTHING}, true)"


def _bits(place: int, level: Level) -> float:
    return log2(level.m / level.u) + place * _APART


class _Places(dict[float, int]):
    """The place of each level of a comparison by its weight, as exactly as the engine tells it."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.told = {round(_bits(place, level), _DIGITS): place for place, level in enumerate(comparison.levels)}

    def __missing__(self, weight: float) -> int:
        self[weight] = place = self.told[round(weight, _DIGITS)]
        return place


def _arrow(name: str) -> Any:
    def made() -> Any:
        import pyarrow as pa

        return {"n": pa.int64(), "s": pa.int32(), "t": pa.string()}[name]

    return made


_ARROW = {"BIGINT": _arrow("n"), "INTEGER": _arrow("s"), "VARCHAR": _arrow("t")}
_KEPT = {"VARCHAR[]": "BIGINT[]"}


def _lists(values: Sequence[Sequence[str]], told: Iterable[int]) -> Any:
    """Lists of what stands for each of these texts, as Arrow has them: it takes far longer over lists of Python's."""
    import pyarrow as pa

    ends = array("i", accumulate(map(len, values), initial=0))
    each = array("q", told)
    numbers = pa.Array.from_buffers(pa.int64(), len(each), [None, pa.py_buffer(each)])
    places = pa.Array.from_buffers(pa.int32(), len(ends), [None, pa.py_buffer(ends)])
    return pa.ListArray.from_arrays(places, numbers)


def _settings(comparisons: tuple[Comparison, ...], prior: float) -> Any:
    from splink import SettingsCreator

    class Kept(SettingsCreator):
        """Settings with the comparisons as they were parsed before."""

        def get_settings(self, sql_dialect_str: str) -> Any:
            made = super().get_settings(sql_dialect_str)
            made.comparisons = list(_parsed(comparisons, sql_dialect_str))
            return made

    return Kept(**_SETTINGS, comparisons=[], probability_two_random_records_match=2**prior / (1 + 2**prior))


@cache
def _parsed(comparisons: tuple[Comparison, ...], dialect: str) -> tuple[Any, ...]:
    """As Splink keeps them. It parses each condition four times, which takes longer than to compare 10,000 cards; and
    changes nothing of them unless it is trained."""
    from splink import SettingsCreator

    told: list[Any] = [_told(each) for each in comparisons]
    return tuple(SettingsCreator(**_SETTINGS, comparisons=told).get_settings(dialect).comparisons)


_SETTINGS: dict[str, Any] = {
    "link_type": "dedupe_only",
    "unique_id_column_name": "number",
    "blocking_rules_to_generate_predictions": [],
    "retain_matching_columns": False,
    "retain_intermediate_calculation_columns": True,  # a level is told by its weight: no wide columns are kept
}


def _told(comparison: Comparison) -> dict[str, Any]:
    levels = []
    for place, level in enumerate(comparison.levels):
        last = place == len(comparison.levels) - 1
        levels.append(
            {
                "sql_condition": "ELSE" if last else level.sql,
                "label_for_charts": level.code,
                "m_probability": level.u * 2 ** _bits(place, level),
                "u_probability": level.u,
            }
        )
    return {"output_column_name": comparison.name, "comparison_levels": levels}

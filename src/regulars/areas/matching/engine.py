"""Splink on DuckDB, the only place that knows either of the two: a whole register compared with itself.

It is told everything: the columns, who is compared with whom, the comparisons with their levels. Parameters are fixed
and nothing is trained, so that the same cards give the same answer today and tomorrow.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


class Scan:
    """One register in memory: put cards in with their keys, then ask for the pairs. To be closed."""

    def __init__(self, columns: Sequence[tuple[str, str]], comparisons: Sequence[Comparison], largest: int) -> None:
        self.columns, self.comparisons, self.largest = list(columns), list(comparisons), largest
        self.database = engines.open_duckdb()
        told = ", ".join(f"{name} {kind}" for name, kind in self.columns)
        self.database.execute(f"CREATE TABLE cards ({told})")
        self.database.execute("CREATE TABLE keys (number BIGINT, key UBIGINT, strength TINYINT)")

    def __enter__(self) -> "Scan":
        return self

    def __exit__(self, *_error: object) -> None:
        self.database.close()

    def put(self, rows: Sequence[Sequence[Any]], keys: Sequence[tuple[int, str, int]]) -> None:
        """Takes cards in the order of the columns (the first is the number), and the keys of their blocks with their
        strength: two cards are compared where the keys that they share are strong enough together."""
        import pyarrow as pa

        told = [(name, _ARROW[kind]()) for name, kind in self.columns]
        columns = list(zip(*rows, strict=True))
        cards = pa.table({name: pa.array(values, kind) for (name, kind), values in zip(told, columns, strict=True)})
        kinds = (("number", pa.int64()), ("key", pa.string()), ("strength", pa.int8()))
        held = list(zip(*keys, strict=True)) or [(), (), ()]
        blocks = pa.table({name: pa.array(values, kind) for (name, kind), values in zip(kinds, held, strict=True)})
        for name, table, into in (
            ("fed", cards, "cards SELECT *"),
            ("fed", blocks, "keys SELECT number, hash(key), strength"),
        ):
            self.database.register(name, table)
            self.database.execute(f"INSERT INTO {into} FROM {name}")
            self.database.unregister(name)

    def pairs(
        self, prior: float, least: float, strength: int, at_once: int = 20_000, *, across: bool = False
    ) -> Iterator[list[Scored]]:
        """The pairs whose keys are so strong together and whose weight is `least` bits or more, in no order, some
        thousand at a time; with `across` only those of a number below 0 with one above."""
        self._block(strength, "l.number < 0 AND r.number > 0" if across else "l.number < r.number")
        found = self._predict(prior, least)
        names = ", ".join(f"gamma_{each.name}" for each in self.comparisons)
        cursor = self.database.execute(f"SELECT number_l, number_r, match_weight, {names} FROM {found}")
        while rows := cursor.fetchmany(at_once):
            yield [self._scored(row) for row in rows]

    def _block(self, strength: int, whom: str) -> None:
        """Who shares a key, unless so many do that it tells nothing: each pair once."""
        self.database.execute(
            """
            CREATE TABLE blocks AS SELECT key FROM keys GROUP BY key HAVING count(*) BETWEEN 2 AND ?
            """,
            [self.largest],
        )
        self.database.execute(
            f"""
            CREATE TABLE blocked AS
            WITH sharing AS (SELECT number, key, strength FROM keys JOIN blocks USING (key))
            SELECT '0' AS match_key, l.number AS join_key_l, r.number AS join_key_r
            FROM sharing l JOIN sharing r ON l.key = r.key AND {whom}
            GROUP BY l.number, r.number HAVING sum(l.strength) >= ?
            """,
            [strength],
        )
        self.database.execute("DROP TABLE keys")
        self.database.execute("DROP TABLE blocks")

    def _predict(self, prior: float, least: float) -> str:
        from splink import DuckDBAPI, Linker, SettingsCreator

        api = DuckDBAPI(connection=self.database)
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="number",
            probability_two_random_records_match=2**prior / (1 + 2**prior),
            comparisons=[_told(each) for each in self.comparisons],
            blocking_rules_to_generate_predictions=[],
            retain_matching_columns=True,
            retain_intermediate_calculation_columns=False,
        )
        logging.getLogger("splink").setLevel(logging.ERROR)  # else it tells each step
        linker = Linker(api.register("cards"), settings, log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        return str(found.physical_name)

    def _scored(self, row: Sequence[Any]) -> Scored:
        one, two, weight, *gammas = row  # a gamma counts from the last level, 0, upwards
        levels = tuple(len(each.levels) - 1 - gamma for each, gamma in zip(self.comparisons, gammas, strict=True))
        return Scored(min(one, two), max(one, two), weight, levels)


def _arrow(name: str) -> Any:
    def made() -> Any:
        import pyarrow as pa

        return {"n": pa.int64(), "s": pa.int32(), "t": pa.string(), "l": pa.list_(pa.string())}[name]

    return made


_ARROW = {"BIGINT": _arrow("n"), "INTEGER": _arrow("s"), "VARCHAR": _arrow("t"), "VARCHAR[]": _arrow("l")}


def _told(comparison: Comparison) -> dict[str, Any]:
    levels = []
    for place, level in enumerate(comparison.levels):
        last = place == len(comparison.levels) - 1
        levels.append(
            {
                "sql_condition": "ELSE" if last else level.sql,
                "label_for_charts": level.code,
                "m_probability": level.m,
                "u_probability": level.u,
            }
        )
    return {"output_column_name": comparison.name, "comparison_levels": levels}

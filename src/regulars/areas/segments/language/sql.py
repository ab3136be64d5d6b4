"""Meaning to SQL: one condition on the customer's row `c`, exact and two-valued on both databases.

`not` is carried down to the leaves first, so that each leaf is asked for or asked not to be. A leaf is on the
customer's own row or in rows of hers. A condition that may come out NULL is as good as false
where it is asked for, and `IS NOT TRUE` where it is asked not to be.

The same meaning can be put as sets (`c.number IN (SELECT …)`: for counting and fetching) or as probes (`EXISTS (… =
c.number)`: for walking along an order and asking of each customer in turn).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

from regulars.areas.journal.queries import looking_back
from regulars.areas.segments.language.conditions import folds, names_customers, unless
from regulars.areas.segments.language.ledgers import Ledgers, at_once
from regulars.areas.segments.language.meaning import All, Both, Either, Given, Highest, Holds, Measured, Nobody
from regulars.areas.segments.language.normal import Leaf, flat
from regulars.areas.segments.language.places import CUSTOMER, Place, customer_column, field_of, place_of
from regulars.kernel.dialect import FALSE, TRUE, Sql, indexed, joined, kept, quoted
from regulars.kernel.registries import Column, Fact, Ledger, Present, model_named

_READ, _SUMMED = 3, 10  # see `Compiler.weight`


class Compiler(Ledgers):
    """Writes the SQL of a meaning over given relations."""

    def where(self, asked: Any, *, probing: bool = False, shielded: bool = False) -> Sql:
        """The condition on `c`. `asked` is normal. Shielded, it may be tested but not searched for: another part of
        the question, or the order, leads the way."""
        match asked:
            case All():
                return TRUE
            case Nobody():
                return FALSE
            case Both(parts):
                return _bracketed(" AND ", [self.where(part, probing=probing, shielded=shielded) for part in parts])
            case Either(parts):
                return self._either(parts, probing, shielded)
            case Leaf():
                return self.leaf(asked, probing=probing, shielded=shielded)
        raise TypeError(asked)

    def _either(self, parts: Sequence[Any], probing: bool, shielded: bool) -> Sql:
        if not probing and self.dialect.plans and any(map(self.is_own, parts)):
            return _bracketed(" OR ", [self._as_set(part, shielded) for part in parts])
        if not probing and not all(map(self.is_own, parts)) and (self.dialect.plans or all(map(self.is_found, parts))):
            number = self.dialect.shield("c.number") if shielded else "c.number"
            return self.dialect.numbered(number, self.numbers(Either(tuple(parts))))
        return _bracketed(" OR ", [self.where(part, probing=probing, shielded=shielded) for part in parts])

    def _as_set(self, part: Any, shielded: bool) -> Sql:
        """A part beside one that the customer's own row answers: the customer is looked up in a set made once."""
        rows = self.rows(part.asked) if isinstance(part, Leaf) and part.wanted else None
        return self.where(part, shielded=shielded) if rows is None else Sql(f"c.number IN ({rows.text})", rows.params)

    def numbers(self, asked: Any) -> Sql:
        """The numbers of those it holds for, perhaps more than once: `SELECT …`."""
        if isinstance(asked, Either):
            return joined(" UNION ALL ", self._each_table_once(asked.parts))
        if isinstance(asked, Leaf) and asked.wanted and (rows := self.rows(asked.asked)):
            return rows
        condition = self.where(asked)
        return Sql(f"SELECT c.number FROM {self.customers} c WHERE {condition.text}", condition.params)

    def _each_table_once(self, parts: Sequence[Any]) -> list[Sql]:
        """The numbers of each part; where the database plans, rows of one table are read once for all asked of them."""
        found: list[Sql] = []
        of_table: dict[Sql, list[Sql]] = {}
        for part in parts:
            plain = self.dialect.plans and isinstance(part, Leaf) and part.wanted and self._plain_rows(part.asked)
            if plain:
                of_table.setdefault(plain[0], []).append(plain[1])
            else:
                found.append(self.numbers(part))
        return [*found, *(_chosen(select, _bracketed(" OR ", some)) for select, some in of_table.items())]

    @property
    def customers(self) -> str:
        """The relation of the customers' own rows; only without parameters while it is the present."""
        return self.relations.of(model_named(CUSTOMER)).text

    def settled(self, asked: Any) -> Any:
        """The same with each `like` looked up (the values in use that are alike, or nobody), and each number of a card
        that was merged as that of the card it leads to. Raises CriteriaError."""
        match asked:
            case Both(parts):
                return flat(Both, at_once([self.settled(part) for part in parts]))
            case Either(parts):
                return flat(Either, [self.settled(part) for part in parts])
            case Leaf(Holds(relation="like") as holds, wanted):
                found = self.of_those_alike(holds)
                return Leaf(found, wanted) if found.values else (Nobody() if wanted else All())
            case Leaf(Holds(relation="eq" | "ne" | "among") as holds, wanted) if names_customers(holds.fact):
                return Leaf(self.of_those_kept(holds), wanted)
        return asked

    # --- leaves ---------------------------------------------------------------------------------------------------

    def is_own(self, asked: Any) -> bool:
        """Whether it is answered by the customer's own row alone."""
        if isinstance(asked, Both | Either):
            return all(map(self.is_own, asked.parts))
        return not isinstance(asked, Leaf) or (
            isinstance(asked.asked, Holds) and isinstance(asked.asked.fact.source, Column)
        )

    def reads_own(self, asked: Any) -> bool:
        """Whether a part of it needs the customer's own row, beside her number."""
        if isinstance(asked, Both | Either):
            return any(map(self.reads_own, asked.parts))
        return isinstance(asked, Leaf) and isinstance(asked.asked.fact.source, Column)

    def weight(self, asked: Any) -> int:
        """How many times as long it takes to test it of one customer as to look at one of the rows that hold it: her
        own row is read for it, or rows of hers are looked up and summed up."""
        if isinstance(asked, Both | Either):
            return max(map(self.weight, asked.parts))
        if self.stretch(asked) is not None:
            return _SUMMED
        return _READ if self.reads_own(asked) else 1

    def stretch(self, asked: Any) -> Sql | None:
        """Rows of a ledger that are summed up to tell whose it holds, where an index finds them by their days; None of
        what is kept, and of what no such index finds."""
        of = self._measured(asked.asked) if isinstance(asked, Leaf) and asked.wanted else None
        if of is None or self.is_kept(of) or self._kept_by(of) is not None or looking_back() is not None:
            return None
        ledger = self._ledger(of)
        day = field_of(model_named(ledger.model), ledger.day)
        if not indexed(day) or not (of.days or ledger.missed[0]):
            return None
        source = self.from_rows(model_named(ledger.model))
        column, rows = f"m.{quoted(day.column)}", f"SELECT 1 FROM {source.text} WHERE"
        if of.days is None:
            return Sql(f"{rows} {column} IS NOT NULL", source.params)
        return Sql(f"{rows} {column} BETWEEN %s AND %s", (*source.params, *(kept(day, each) for each in of.days)))

    def is_found(self, asked: Any) -> bool:
        """Whether those it holds for are found through an index, without reading everybody."""
        if isinstance(asked, Either):
            return all(map(self.is_found, asked.parts))
        if isinstance(asked, Both):
            return any(map(self.is_found, asked.parts))
        if not isinstance(asked, Leaf) or not asked.wanted:
            return isinstance(asked, Nobody)
        holds = asked.asked
        if isinstance(holds, Given):
            return True
        if isinstance(holds, Measured) or (isinstance(holds, Highest) and holds.of is not None):
            return self._is_measured_found(holds)
        if isinstance(holds.fact.source, Present):
            return isinstance(holds, Holds) and _asks_for_yes(holds)
        place = place_of(holds.fact)
        searched = isinstance(holds, Highest) or holds.relation not in ("contains", "ne", "outside", "empty", "yearly")
        return place.indexed and searched and not (place.textual and not self._key_is_kept(holds.fact, place))

    def _key_is_kept(self, fact: Fact, place: Place) -> bool:
        return place.folded is not None or not folds(fact)

    def leaf(self, leaf: Leaf, *, probing: bool, shielded: bool) -> Sql:
        """One leaf as a condition on `c`."""
        holds = leaf.asked
        if isinstance(holds, Measured) or (isinstance(holds, Highest) and holds.of is not None):
            return self._among_rows(holds, leaf.wanted, probing, shielded)
        if isinstance(holds, Holds) and isinstance(holds.fact.source, Column):
            return self.own(holds, leaf.wanted, shielded=shielded or probing)
        if isinstance(holds, Highest) and isinstance(holds.fact.source, Column):
            return unless(self._highest(holds, "c"), leaf.wanted)
        wanted = leaf.wanted
        if isinstance(holds, Holds) and isinstance(holds.fact.source, Present):
            if holds.relation in ("empty", "filled"):
                return TRUE if (holds.relation == "filled") == wanted else FALSE
            wanted, holds = wanted == _says_yes(holds), Holds(holds.fact, "eq", (True,))
        elif isinstance(holds, Holds) and holds.relation == "empty":
            wanted, holds = not wanted, Holds(holds.fact, "filled")
        return self._among_rows(holds, wanted, probing, shielded)

    def _among_rows(
        self, holds: Holds | Given | Highest | Measured, wanted: bool, probing: bool, shielded: bool
    ) -> Sql:
        no = "" if wanted else "NOT "
        of = self._measured(holds)
        # a database that plans makes a join of one EXISTS, of two joined by `or` a question for each customer
        if of is not None and (probing or (self.dialect.plans and self.is_kept(of) and self.is_one_each(of))):
            probe = self.measured_probe(of)
            return Sql(f"{no}{probe.text}", probe.params)
        if of is None and (probing or self.dialect.plans):
            assert not isinstance(holds, Measured)
            probe = self.dialect.exists(self.rows_of_hers(holds), fenced=probing)
            return Sql(f"{no}{probe.text}", probe.params)
        among = self.rows(holds)
        assert among is not None
        number = self.dialect.shield("c.number") if shielded or not wanted else "c.number"
        return Sql(f"{number} {no}IN ({among.text})", among.params)

    def rows(self, holds: Holds | Given | Highest | Measured) -> Sql | None:
        """The numbers of the customers in whose rows it holds; None for the customer's own row and for `empty`."""
        if (of := self._measured(holds)) is not None:
            return self.measured_rows(of)
        plain = self._plain_rows(holds)
        return plain and _chosen(*plain)

    def _plain_rows(self, holds: Holds | Given | Highest | Measured) -> tuple[Sql, Sql] | None:
        """What chooses the numbers of the customers in rows of hers, and which rows; None where no rows say it, or only
        their sums."""
        if self._measured(holds) is not None:
            return None
        assert not isinstance(holds, Measured)
        if isinstance(holds.fact.source, Column) or (isinstance(holds, Holds) and holds.relation == "empty"):
            return None
        if isinstance(holds.fact.source, Present) and isinstance(holds, Holds) and not _asks_for_yes(holds):
            return None
        model, source, condition = self._rows(holds, shielded=False)
        return Sql(f"SELECT m.{quoted(customer_column(model))} FROM {source.text}", source.params), condition

    def names_each_once(self, holds: Any) -> bool:
        """Whether its rows name each customer once, so that counting them is counting customers."""
        of = self._measured(holds)
        return of is not None and self.is_one_each(of)

    def _measured(self, holds: Any) -> Measured | None:
        """What is asked of a ledger; of the highest by one, to reach what the last one in comes to."""
        if isinstance(holds, Measured):
            return holds
        if not isinstance(holds, Highest) or holds.of is None:
            return None
        if holds not in self._edges:
            self._edges[holds] = self._edge(holds, holds.of)
        edge = self._edges[holds]
        return replace(holds.of, relation="ge", values=(max(edge, 1),))

    @cached_property
    def _edges(self) -> dict[Highest, int]:
        return {}

    def _edge(self, highest: Highest, of: Measured) -> int:
        """What the last one in comes to; more than anybody where nobody comes to anything. Looked up once: then the
        count is chosen by, as any other comparison."""
        each = self.measures_of_each(of)
        rank = _rank(highest)
        with connection.cursor() as cursor:
            if rank is None:
                cursor.execute(f"SELECT {_share(highest)} FROM ({each.text}) n", each.params)
                rank = int(cursor.fetchone()[0])
            cursor.execute(
                f"SELECT v FROM ({each.text}) w ORDER BY v DESC LIMIT 1 OFFSET {max(rank - 1, 0)}", each.params
            )
            found = cursor.fetchone()
            if found is None:  # fewer than so many: all of them are in
                cursor.execute(f"SELECT min(v) FROM ({each.text}) w", each.params)
                found = cursor.fetchone()
        return int(found[0]) if found and found[0] is not None else 2**62

    def _is_measured_found(self, holds: Any) -> bool:
        of = self._measured(holds)
        assert of is not None
        source = of.fact.source
        assert isinstance(source, Ledger)
        if self.is_kept(of) and source.kept is not None:
            field = field_of(model_named(source.kept.model), of.kept)
            plain = source.aggregate not in ("average", "pace")
            return plain and indexed(field) and of.relation in ("eq", "gt", "ge", "lt", "le")
        return self._kept_by(of) is not None and source.aggregate == "any"

    def rows_of_hers(self, holds: Holds | Given | Highest) -> Sql:
        """The rows of customer `c` in which it holds."""
        model, source, condition = self._rows(holds, shielded=True)
        link = f"m.{quoted(customer_column(model))} = c.number"
        return Sql(
            f"SELECT 1 FROM {source.text} WHERE {link} AND {condition.text}", (*source.params, *condition.params)
        )

    def _rows(self, holds: Holds | Given | Highest, *, shielded: bool) -> tuple[type[Model], Sql, Sql]:
        """The model of the rows, what stands after FROM, and the condition on `m` (and on `o`, what it points to)."""
        if isinstance(holds, Given) or isinstance(holds.fact.source, Present):
            name = holds.fact.source.model  # type: ignore[union-attr]
            model = model_named(name)
            where = holds.where if isinstance(holds, Given) else holds.fact.source.where  # type: ignore[union-attr]
            return model, self.from_rows(model), self.fixed(model, where)
        place = place_of(holds.fact)
        alias, source = "o" if place.of else "m", self.joined_rows(place)
        condition = (
            self._highest(holds, alias) if isinstance(holds, Highest) else self.holds(holds, place, alias, shielded)
        )
        return place.model, source, joined(" AND ", [*self.each_fixed(place.model, place.where), condition])

    def rows_for_order(self, fact: Fact) -> tuple[type[Model], Sql, Sql]:
        """The rows of customer `c` that a fact's values lie in: the model, what stands after FROM, the condition."""
        if isinstance(fact.source, Present):
            model, where = model_named(fact.source.model), fact.source.where
            source = self.from_rows(model)
        else:
            place = place_of(fact)
            model, where = place.model, place.where
            source = self.joined_rows(place)
        link = Sql(f"m.{quoted(customer_column(model))} = c.number")
        return model, source, joined(" AND ", [link, *self.each_fixed(model, where)])

    # --- the highest ----------------------------------------------------------------------------------------------

    def _highest(self, highest: Highest, alias: str) -> Sql:
        """At or above the value of the last one in. Counted over the whole house, whoever asks."""
        place = place_of(highest.fact)
        if alias == "c":
            self.used |= {each for each in (place.column, place.currency) if each}
        own = place.model is model_named(CUSTOMER)
        each = self._values_of_each(highest, place, own)
        rank = _rank(highest)
        if rank is None:
            size = Sql(
                f"SELECT CASE WHEN count(*) = 0 THEN 0 ELSE {_share(highest)} - 1 END FROM ({each.text}) n", each.params
            )
            offset = Sql(f"({size.text})", size.params)
        else:
            offset = Sql(str(rank - 1))
        last = f"SELECT v FROM ({each.text}) w ORDER BY v DESC LIMIT 1 OFFSET {offset.text}"
        column = f"{alias}.{quoted(place.field.column)}"
        condition = Sql(f"{column} >= COALESCE(({last}), 1)", (*each.params, *offset.params))
        if highest.currency:
            condition = Sql(
                f"{condition.text} AND {alias}.{quoted(place.currency)} = %s", (*condition.params, highest.currency)
            )
        return Sql(f"({condition.text})", condition.params)

    def _values_of_each(self, highest: Highest, place: Place, own: bool) -> Sql:
        relation = self.relations.of(place.model)
        fixed = self.fixed(place.model, place.where)
        column = f"m.{quoted(place.field.column)}"
        where, params = f"{fixed.text} AND {column} > 0", [*relation.params, *fixed.params]
        if highest.currency:
            where, params = f"{where} AND m.{quoted(place.currency)} = %s", [*params, highest.currency]
        if own:
            return Sql(f"SELECT {column} AS v FROM {relation.text} m WHERE {where}", tuple(params))
        whose = f"m.{quoted(customer_column(place.model))}"
        return Sql(f"SELECT max({column}) AS v FROM {relation.text} m WHERE {where} GROUP BY {whose}", tuple(params))


def _rank(highest: Highest) -> int | None:
    return None if highest.percent else int(highest.size)


def _share(highest: Highest) -> str:
    """⌈count × share⌉ in whole numbers."""
    places = -min(int(highest.size.as_tuple().exponent), 0)
    share, whole = int(highest.size * 10**places), 100 * 10**places
    return f"(count(*) * {share} + {whole - 1}) / {whole}"


def _says_yes(holds: Holds) -> bool:
    """Whether `= …` or `!= …` of a yes-or-no fact comes to yes."""
    return holds.values[0] is (holds.relation == "eq")


def _asks_for_yes(holds: Holds) -> bool:
    return holds.relation in ("eq", "ne") and _says_yes(holds)


def _chosen(select: Sql, condition: Sql) -> Sql:
    return Sql(f"{select.text} WHERE {condition.text}", (*select.params, *condition.params))


def _bracketed(word: str, parts: Sequence[Sql]) -> Sql:
    inner = joined(word, parts)
    return inner if len(parts) == 1 else Sql(f"({inner.text})", inner.params)

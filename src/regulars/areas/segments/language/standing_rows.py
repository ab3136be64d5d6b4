"""Which rows of a ledger count, besides those that stand for what is asked."""

from datetime import date
from typing import Any

from regulars.areas.segments.language.conditions import Conditions
from regulars.areas.segments.language.places import field_of
from regulars.kernel.dialect import Sql, kept, quoted
from regulars.kernel.registries import Ledger


class StandingRows(Conditions):
    """Writes the conditions on the rows `m` that a ledger has of its own."""

    def rows_that_count(self, ledger: Ledger, model: Any, today: date) -> list[Sql]:
        """Late ones, those that were not taken back whole, those that have a day: as the ledger says."""
        found, day = [], field_of(model, ledger.day)
        if day.null:
            found.append(Sql(f"m.{quoted(day.column)} IS NOT NULL"))
        if ledger.missed[0]:
            due, met = (field_of(model, name) for name in ledger.missed)
            late = f"m.{quoted(met.column)} > m.{quoted(due.column)}"
            open_yet = f"m.{quoted(met.column)} IS NULL AND m.{quoted(due.column)} < %s"
            found.append(Sql(f"({late} OR {open_yet})", (kept(due, today),)))
        if ledger.left[0]:
            names, quantity = (quoted(field_of(model, name).column) for name in ledger.left)
            relation = self.relations.of(model)
            back = f"(SELECT SUM(b.{quantity}) FROM {relation.text} b WHERE b.{names} = m.id)"
            found.append(Sql(f"m.{quantity} + COALESCE({back}, 0) > 0", relation.params))
        return found

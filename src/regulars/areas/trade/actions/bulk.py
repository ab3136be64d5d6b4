"""Many purchases at once, inside somebody's long deed: rows and payloads by the thousand, the rollups with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from regulars.areas.customers.models import Customer
from regulars.areas.journal.actions.deeds import Link, take
from regulars.areas.trade.actions.book import Book, no_customer
from regulars.areas.trade.actions.making import LINE, Made, made
from regulars.areas.trade.actions.reserving import Sale, bought_of, fetched_with
from regulars.areas.trade.actions.shapes import Many, NewPurchase
from regulars.areas.trade.counting import adding
from regulars.areas.trade.models import Line, Purchase
from regulars.areas.trade.queries.numbers import known_numbers
from regulars.kernel.databases import adapter, among, bulk_insert
from regulars.kernel.errors import Refused
from regulars.kernel.tables import moment, table_of

# Products come in no order, and nobody asks who bought one while the first purchases come in (docs/decisions/0024).
LINES_AT_REST = ((Line, "line_product"),)
_LINE_COLUMNS = ("link", "id", "customer_id", "purchase_id", *LINE)
_DAY, _KIND, _WORTH, _WARRANTY = (LINE.index(name) for name in ("day", "kind", "worth", "warranty_until"))
_PRODUCT, _QUANTITY = LINE.index("product_id"), LINE.index("quantity")
_PURCHASE_COLUMNS = (
    "link", "id", "customer_id", "serial", "source", "number", "place_id", "channel", "served_by", "territory", "at",
    "day", "currency", "base", "rate", "promised", "sent", "delivered", "late", "damaged", "note", "void",
)  # fmt: skip
_DAYS = ("day", "promised", "sent", "delivered")


def record_many(link: Link, book: Book, purchases: Sequence[NewPurchase]) -> Many:
    """Writes purchases that all have their source and number; whose number is known is left alone (`known`), whose
    content cannot be kept is `refused`. What buyers had reserved is fetched with it. Everything within the link's
    transaction."""
    done = Many(serials=[None] * len(purchases))
    fresh = _fresh(purchases, done)
    book.learn_products(link, (line for place in fresh for line in purchases[place].lines))
    book.learn_sold({line.returns for place in fresh for line in purchases[place].lines if line.returns is not None})
    cards = book.customers({number for place in fresh if (number := purchases[place].customer) is not None})
    count = _rows(purchases, fresh)
    first = take("row", count) if count else 0
    ids = iter(range(first, first + count))
    rows: list[tuple[int, int | None, int, list[int], Made]] = []
    for place in fresh:
        new = purchases[place]
        own, lines = next(ids), [next(ids) for _each in new.lines]
        try:
            if new.customer is not None:
                if new.customer not in cards:
                    raise no_customer(new.customer)
                new.customer = cards[new.customer]
            rows.append((place, new.customer, own, lines, made(link, book, new, lines)))
        except Refused as refused:
            done.refused[place] = refused
    if rows:
        added = _write(link, rows, done)
        added.keep(link.at, first, first + count)
        done.fetched += len(fetched_with(link, list(_sales(rows))))
    return done


def _sales(rows: Iterable[tuple[int, int | None, int, list[int], Made]]) -> Iterator[Sale]:
    for _place, customer, _own, _ids, each in rows:
        if customer is not None:
            lines = [(line[_PRODUCT], line[_QUANTITY]) for line in each.lines]
            yield Sale(customer, each.columns["day"], bought_of(lines))


def _fresh(purchases: Sequence[NewPurchase], done: Many) -> list[int]:
    """The places of those that are not known, of two with the same number the first."""
    per: dict[str, list[str]] = defaultdict(list)
    for new in purchases:
        per[new.source].append(new.number)
    known = {source: known_numbers(source, numbers) for source, numbers in per.items()}
    seen, fresh = set[tuple[str, str]](), []
    for place, new in enumerate(purchases):
        serial = known[new.source].get(new.number)
        if serial is not None or (new.source, new.number) in seen:
            done.known.append(place)
            done.serials[place] = serial
        else:
            seen.add((new.source, new.number))
            fresh.append(place)
    return fresh


def _rows(purchases: Sequence[NewPurchase], fresh: Iterable[int]) -> int:
    return sum(1 + len(purchases[place].lines) for place in fresh)


def _write(link: Link, rows: Sequence[tuple[int, int | None, int, list[int], Made]], done: Many) -> adding.Added:
    turn = _turns()
    serial = take("purchase", len(rows))
    heads: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    stated: dict[int | None, list[Any]] = defaultdict(list)
    added = adding.Added()
    row, table = Purchase(link=link.number), table_of(Purchase)  # one after the other is told what each is
    values = vars(row)
    for place, customer, own, ids, each in rows:
        columns, done.serials[place] = each.columns, serial
        values.update(columns, id=own, customer_id=customer, serial=serial)
        table.refuse_overlong(row)
        row.derive()
        heads.append(_head(values, turn))
        new = stated[customer]
        new.append(("trade.purchase", own, _canonical(serial, columns)))
        day, iso = turn["day"](columns["day"]), columns["day"].isoformat()
        for pk, line in zip(ids, each.lines, strict=True):
            told = {name: value for name, value in zip(LINE, line, strict=True) if value is not None and value != ""}
            told["day"], told["purchase_id"] = iso, own
            if (until := line[_WARRANTY]) is not None:
                told["warranty_until"], until = until.isoformat(), turn["day"](until)
            lines.append((link.number, pk, customer, own, *line[:_DAY], day, *line[_DAY + 1 : _WARRANTY], until))
            new.append(("trade.line", pk, told))
        if customer is not None:
            added.take_in(customer, columns["day"], [(line[_KIND], line[_WORTH]) for line in each.lines])
        serial += 1
    bulk_insert(connection, Purchase._meta.db_table, _PURCHASE_COLUMNS, heads)
    bulk_insert(connection, Line._meta.db_table, _LINE_COLUMNS, lines)
    ordered = sorted(stated, key=lambda each: (each is not None, each or 0))
    payloads = [orjson.dumps({"customer": each, "new": stated[each]}, option=orjson.OPT_SORT_KEYS) for each in ordered]
    customers = [each for each in ordered if each is not None]
    link.record_ready(payloads, customers=customers)
    _stamp(link, customers)
    done.new += len(heads)
    done.lines += len(lines)
    return added


def _turns() -> dict[str, Any]:
    """How the database at hand takes a day and an instant, by column."""
    found = {}
    for name in (*_DAYS, "at"):
        turn = adapter(connection, Purchase._meta.get_field(name))
        found[name] = turn if turn is not None else (lambda value: value)
    return found


def _head(values: Mapping[str, Any], turn: Mapping[str, Any]) -> tuple[Any, ...]:
    turned = {name: values[name] if values[name] is None else turn[name](values[name]) for name in turn}
    return tuple([turned[name] if name in turned else values[name] for name in _PURCHASE_COLUMNS])


def _canonical(serial: int, columns: dict[str, Any]) -> dict[str, Any]:
    """The canonical form of a new purchase (`kernel.tables`)."""
    told = {name: value for name, value in columns.items() if value is not None and value != "" and value is not False}
    for name in _DAYS:
        if name in told:
            told[name] = told[name].isoformat()
    return {**told, "serial": serial, "at": moment(columns["at"])}


def _stamp(link: Link, customers: list[int]) -> None:
    """The cards learn that something of theirs changed."""
    if customers:
        field = Customer._meta.get_field("updated_at")
        turn = adapter(connection, field)
        condition, values = among(connection, "number", customers)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Customer._meta.db_table} SET version = %s, updated_at = %s WHERE {condition}",
                [link.number, turn(link.at) if turn is not None else link.at, *values],
            )

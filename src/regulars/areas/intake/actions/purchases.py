"""Bringing a list of purchases in: who bought first, then the purchases, then what was given back.

As every import it is one changeset in many short transactions and goes on where it was cut off: buyers are recognised
anew, of the frames with purchases those are passed over that are done.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.customers.actions.bringing import Chunk
from regulars.areas.customers.actions.proposals import PARTS, Proposed, propose, weigh
from regulars.areas.customers.actions.recognising import Known, recognise
from regulars.areas.customers.models import Address, ContactPoint
from regulars.areas.house.queries import house, today
from regulars.areas.intake import readers
from regulars.areas.intake.actions import originals, refusing
from regulars.areas.intake.actions.ahead import Ahead, ahead
from regulars.areas.intake.actions.pieces import Piece
from regulars.areas.intake.actions.returning import Given
from regulars.areas.intake.actions.running import Import, given_with
from regulars.areas.intake.actions.tallying import Tally
from regulars.areas.intake.queries.files import inspected_of
from regulars.areas.intake.queries.purchases import differing, unmatched
from regulars.areas.intake.readers.ready import unframed
from regulars.areas.journal.actions import Link
from regulars.areas.trade.actions import NewLine, NewPurchase
from regulars.areas.trade.actions.book import Book
from regulars.areas.trade.actions.bulk import LINES_AT_REST, record_many
from regulars.areas.trade.models import REASONS, Line
from regulars.areas.trade.queries import known_numbers
from regulars.kernel.databases.resting import resting
from regulars.kernel.tables import table_of
from regulars.kernel.text import fold

_AHEAD = 6
_SHOPS = ("shopify", "woocommerce")
Order = list[Any]  # as `readers.orders.grouping` sends it
NUMBER, AT, BACK, PLACE, CHANNEL, SERVED_BY, CURRENCY, RATE, BUYER, LINES = range(10)
ROW, CODE, NAME, KIND, QUANTITY, PRICE, AMOUNT, REASON, RETURNS, WARRANTY = range(10)


class PurchaseImport(Import):
    """One list of purchases on its way in. `run` goes to the end, from wherever the intake stands."""

    verb = "intake.purchases_brought_in"
    counting = Tally
    counts: Tally

    def __init__(self, *args: Any, **told: Any) -> None:
        super().__init__(*args, **told)
        self.existing = "" if self.existing == "add" else self.existing
        self.book = Book(by=self.by, at=self.at, make_products=True, make_places=True, as_told=True)
        self.online = any(self.mapping.exporter.startswith(each) for each in _SHOPS)
        self.numbers: dict[int, int] = {}  # of the cards, by the buyers' places in the file
        self.refused: dict[int, list[Any]] = {}

    @contextmanager
    def pieces(self, skip: int) -> Iterator[Ahead]:  # type: ignore[override]
        """The file's frames as the child sends them."""
        told = {
            "layout": self.layout, "source": self.mapping.source, "given": given_with(self.intake),
            "zone": house().time_zone, "skip": skip,
        }  # fmt: skip
        inspected = inspected_of(self.intake)
        with originals.opened(self.intake.sha256) as path:
            frames = readers.purchases(path, inspected, self.mapping, self.context, told)
            with ahead(frames, _AHEAD) as read:
                yield read

    @contextmanager
    def _resting(self) -> Iterator[None]:
        """A long list that comes into a house in which hardly anything was bought is written without the index of who
        bought a product. Buyers are few beside their purchases: the keys for searching are kept as they come."""
        if not self.is_first(Line.objects.all()):
            yield
            return
        with resting(connection, LINES_AT_REST):
            yield

    def _write_all(self, read: Ahead) -> None:  # type: ignore[override]
        while (frame := read.next(wait=True)) is not None:
            if self.is_stopped("running"):
                return
            if frame[:1] == b"B":
                self._buyers(unframed(frame[1:]))
            else:
                self._frame(orjson.loads(frame[1:]))
            self.told(self.counts.rows, self.intake.rows)

    # --- who bought -------------------------------------------------------------------------------------------------

    def _buyers(self, content: dict[str, Any]) -> None:
        """Makes the cards of buyers nobody knew and brings the others up to date, in as many rounds as they need."""
        piece = Piece(0, 0, [], Chunk.of(content["ready"], self.context.country))
        buyers: list[int] = content["buyers"]
        self._refuse(piece)
        self._note_refused(piece, buyers, piece.bad)
        while piece.places:
            known = recognise(piece.chunk, piece.places, self.existing)
            if self.work is None and (known.new or self._would_differ(piece, known)):
                self._open()
            if self.work is None:
                self._keep(buyers, known, ())
            else:
                with self.work.transaction(by=self.by, at=self.at) as link:
                    self._add_original(link)
                    self._write_buyers(link, piece, buyers, known)
                    self._note(counts=self.counts.plain(), beat_at=self.clock())
            piece.places = known.later

    def _would_differ(self, piece: Piece, known: Known) -> bool:
        with self.trial() as link:
            return self.bring_up_to_date(link, piece, known)[0] > 0

    def _write_buyers(self, link: Link, piece: Piece, buyers: Sequence[int], known: Known) -> None:
        numbers = self.bringer.write_new(link, piece.chunk, known.new)
        self.counts.customers_created += len(known.new)
        updated, _unchanged, refused = self.bring_up_to_date(link, piece, known)
        self.counts.customers_updated += updated
        self.counts.recognise(known)
        self.counts.organisations = self.bringer.organisations
        self._keep(buyers, known, numbers)
        self._note_refused(piece, buyers, refused)

    def bring_up_to_date(self, link: Link, piece: Piece, known: Known) -> tuple[int, int, list[list[Any]]]:
        """As a list of customers fills gaps; an address, e-mail or phone beside another is proposed, not added."""
        if self.existing != "update" and known.matched:
            self.counts.proposed += propose(link, self._otherwise_said(piece, known), day=today(self.at))
        return super().bring_up_to_date(link, piece, known)

    def _otherwise_said(self, piece: Piece, known: Known) -> list[Proposed]:
        """Takes out of the piece what its matched rows say of contact points and addresses, all but what may be added;
        gives what is to be proposed."""
        number_at = {place: number for place, number, _by_reference in known.matched}
        said, rows = [], []
        for label, read in ((_POINTS, _point), (_ADDRESSES, _address)):
            for row in piece.chunk.more.get(label, ()):
                if row[2] in number_at:
                    kind, value = read(row)
                    said.append(Proposed(number_at[row[2]], kind, value, self.intake.name))
                    rows.append((label, row))
        verdicts = weigh(said)
        gone = {id(row) for (_label, row), verdict in zip(rows, verdicts, strict=True) if verdict != "add"}
        for label in (_POINTS, _ADDRESSES):
            if label in piece.chunk.more:
                piece.chunk.more[label] = [row for row in piece.chunk.more[label] if id(row) not in gone]
        return [each for each, verdict in zip(said, verdicts, strict=True) if verdict == "propose"]

    def _mode(self, by_reference: bool) -> Any:
        return "update" if self.existing == "update" else "fill"

    def _keep(self, buyers: Sequence[int], known: Known, numbers: Sequence[int]) -> None:
        self.numbers |= {buyers[place]: number for place, number in zip(known.new, numbers, strict=False)}
        self.numbers |= {buyers[place]: number for place, number, _by_reference in known.matched}

    def _note_refused(self, piece: Piece, buyers: Sequence[int], bad: Sequence[list[Any]]) -> None:
        """Whoever cannot be written takes her purchases along: each row says why."""
        place = {row: at for at, row in enumerate(piece.chunk.rows)}
        for row, *reason in bad:
            self.refused[buyers[place[row]]] = reason

    # --- what was bought --------------------------------------------------------------------------------------------

    def _frame(self, content: dict[str, Any]) -> None:
        """Writes the purchases of one frame and notes that it is done, all or nothing."""
        orders, bad = self._apart(content)
        known = known_numbers(self.mapping.source, [order[NUMBER] for order in orders])
        if self.work is None and len(known) < len(orders):
            self._open()
        if self.work is None:
            self._done(content, orders, known.keys(), bad + self._otherwise(orders, known))
            return
        with self.work.transaction(by=self.by, at=self.at) as link:
            self._add_original(link)
            bad = bad + self._otherwise(orders, known) + self._write_purchases(link, orders, known.keys())
            self._done(content, orders, known.keys(), bad)
        if link.changeset is None:
            self._done(content, orders, known.keys(), bad, counted=True)

    def _apart(self, content: dict[str, Any]) -> tuple[list[Order], list[list[Any]]]:
        """The purchases that can be written, and the rows of those whose buyer cannot."""
        orders, bad = [], list(content["bad"])
        for order in content["purchases"]:
            if order[BUYER] in self.refused:
                bad += [[line[ROW], *self.refused[order[BUYER]]] for line in order[LINES]]
            else:
                orders.append(order)
        return orders, bad

    def _otherwise(self, orders: Sequence[Order], known: Any) -> list[list[Any]]:
        """The rows of purchases that came before and say something else now; of the same file again none does."""
        if self.again or not known:
            return []
        there = [order for order in orders if order[NUMBER] in known]
        return differing(self.mapping.source, there)

    def _write_purchases(self, link: Link, orders: Sequence[Order], known: Any) -> list[list[Any]]:
        fresh = [order for order in orders if order[NUMBER] not in known]
        sold = [order for order in fresh if not _gives_back(order)]
        back = [order for order in fresh if _gives_back(order)]  # after the others, which they may give back
        return [row for some in (sold, back) if some for row in self._record(link, some)]

    def _record(self, link: Link, orders: Sequence[Order]) -> list[list[Any]]:
        back = [
            (self.numbers.get(each[BUYER]), line[CODE]) for each in orders for line in each[LINES] if line[QUANTITY] < 0
        ]
        given = Given({number for number, _code in back if number}, {code for _number, code in back if code})
        done = record_many(link, self.book, [self._purchase(order, given) for order in orders])
        self.counts.reservations_fetched += done.fetched
        self.book.sold.clear()  # what may be given back of them is asked anew, or every line of the file is held
        return [row for place, refused in done.refused.items() for row in _told(orders[place], refused)]

    def _purchase(self, order: Order, given: Given) -> NewPurchase:
        customer = self.numbers.get(order[BUYER])
        at = datetime.fromisoformat(order[AT])
        day = self.book.house.day(at)
        sells = any(line[QUANTITY] > 0 and line[AMOUNT] > 0 for line in order[LINES])
        lines = [self._line(line, customer, day, given, sells) for line in order[LINES]]
        channel = order[CHANNEL] or ("web" if self.online else "shop")
        return NewPurchase(
            lines, source=self.mapping.source, number=order[NUMBER], customer=customer, place=order[PLACE],
            channel=channel, served_by=order[SERVED_BY], at=at, currency=order[CURRENCY], rate=order[RATE],
        )  # fmt: skip

    def _line(self, line: list[Any], customer: int | None, day: Any, given: Given, sells: bool) -> NewLine:
        """The line; what is taken off in a purchase that sells something is a deduction, by itself money back."""
        quantity, price, amount = line[QUANTITY], line[PRICE], line[AMOUNT]
        if not line[CODE] and not line[NAME]:
            line[NAME] = _("Sum of the receipt")
        if quantity > 0 and (amount >= 0 or sells):
            until = date.fromisoformat(line[WARRANTY]) if line[WARRANTY] else None
            return NewLine(line[CODE], line[NAME], quantity, price, amount, type=line[KIND], warranty_until=until)
        kind = "return" if quantity < 0 and amount <= 0 else "refund" if amount < 0 else "sale"
        back = given.of(customer, line[CODE], day, -quantity, line[RETURNS]) if kind == "return" else None
        self.counts.unmatched += kind == "return" and back is None
        reason, remark = _reason(line[REASON])
        return NewLine(
            line[CODE], line[NAME], abs(quantity), abs(price), abs(amount), kind, back, reason, remark, line[KIND]
        )

    # --- how far it has come ----------------------------------------------------------------------------------------

    def _done(
        self,
        content: dict[str, Any],
        orders: Sequence[Order],
        known: Any,
        bad: list[list[Any]],
        *,
        counted: bool = False,
    ) -> None:
        place = self.intake.position
        if not counted:
            self._count(orders, known, bad)
        refusing.keep(self.intake, place, bad)
        refusing.keep_beside(self.intake, self.counts, place, content["beside"])
        self._stand(place + 1, None)

    def _count(self, orders: Sequence[Order], known: Any, bad: Sequence[list[Any]]) -> None:
        counts, refused = self.counts, {row for row, *_reason in bad}
        counts.refused += len(refused)
        counts.unmatched += unmatched(self.mapping.source, known)
        for order in orders:
            rows = [line for line in order[LINES] if line[ROW] not in refused]
            if order[NUMBER] in known:
                counts.unchanged += len(rows)
            else:
                counts.created += len(rows)
            counts.count_order(order[BACK], rows, without=order[BUYER] not in self.numbers)

    def _open(self) -> None:
        with transaction.atomic():
            super()._open()

    def particulars(self) -> dict[str, Any]:
        return {"file": self.intake.name, "rows": self.intake.rows, "purchases": 0, "returns": 0, "refused": 0}


_POINTS, _ADDRESSES = "customers.contactpoint", "customers.address"


def _point(row: list[Any]) -> tuple[str, dict[str, Any]]:
    at = table_of(ContactPoint).columns.index
    told = {name: row[at(name)] for name in ("value", "label") if row[at(name)]}
    return str(row[at("kind")]), told


def _address(row: list[Any]) -> tuple[str, dict[str, Any]]:
    at = table_of(Address).columns.index
    return "address", {name: row[at(name)] for name in ("label", *PARTS) if row[at(name)]}


def _reason(text: str) -> tuple[str, str]:
    """The word of the house for why something came back, and the text where it is none of them."""
    word = next((word for word, label in REASONS if fold(text) in (word, fold(str(label)))), "")
    return (word, "") if word or not text else ("other", text[:200])


def _gives_back(order: Order) -> bool:
    return any(line[QUANTITY] < 0 for line in order[LINES])


def _told(order: Order, refused: Any) -> list[list[Any]]:
    """Every row of a purchase that cannot be written, with the reason."""
    return [refusing.told(line[ROW], refused) for line in order[LINES]]

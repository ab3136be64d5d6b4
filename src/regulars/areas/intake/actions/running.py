"""Bringing a file in: one changeset in many short transactions, which goes on where it was cut off.

A child process reads and judges ahead while this one writes. Per transaction: recognise who is known, write the new
ones in bulk, bring the known ones up to date, and note how far it has come, all or nothing.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import orjson
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from regulars.areas.consent.models import Answer
from regulars.areas.customers.actions import fill_search_keys_soon, search_keys_at_rest
from regulars.areas.customers.actions.bringing import RESTING, Bringer, Chunk, layout
from regulars.areas.customers.actions.holding import Holders, holders_of, points_at_rest
from regulars.areas.customers.actions.recognising import Existing, Known, recognise
from regulars.areas.customers.actions.updating import Desk
from regulars.areas.customers.models import Customer
from regulars.areas.house.queries import today
from regulars.areas.intake import readers
from regulars.areas.intake.actions import originals, refusing
from regulars.areas.intake.actions.ahead import ahead
from regulars.areas.intake.actions.counting import Counts
from regulars.areas.intake.actions.pieces import Piece, Pieces
from regulars.areas.intake.models import Intake, Original
from regulars.areas.intake.queries.files import context_of, inspected_of, mapping_of
from regulars.areas.journal.actions import Link, LongDeed, long_deed, resume_long_deed
from regulars.areas.journal.models import Changeset
from regulars.areas.matching.actions import scan_soon
from regulars.kernel.actor import Actor
from regulars.kernel.databases import analyse, bulk_writing, by_indexes, writer_lock
from regulars.kernel.databases.resting import resting
from regulars.kernel.errors import Refused
from regulars.kernel.milestones import milestone
from regulars.kernel.processes import without_collecting

Told = Callable[[int, int], None]
Placed = list[tuple[int, list[list[Any]]]]  # what is told of the rows of each piece, by where that begins
Pending = list[Any]  # [places, [[place, number]…]]: what of a piece waits for its next round
_PREPARE = "regulars.areas.intake.readers.ready:chunks"
_AIM = 0.13  # seconds of work in a transaction before its commit; the whole must not take more than 0.2
_LONG = 20_000  # rows from which it is worth making search keys anew
_AHEAD = 10  # chunks that the child may be ahead


class Import:
    """One file on its way in. `run` goes to the end, from wherever the intake stands."""

    verb = "intake.brought_in"
    counting: type[Counts] = Counts

    def __init__(self, intake: Intake, *, by: Actor, at: datetime, told: Told, clock: Callable[[], datetime]) -> None:
        self.intake, self.by, self.at, self.told, self.clock = intake, by, at, told, clock
        self.counts = self.counting(**intake.counts)
        self.context = context_of(intake, today(at))
        self.mapping = mapping_of(intake)
        self.existing = cast(Existing, intake.options.get("existing", ""))
        self.layout = orjson.loads(orjson.dumps(layout(by=by, at=at, further=[Answer])))
        self.bringer = Bringer(self.layout, by=by, at=at, country=self.context.country, existing=self.existing)
        self.bringer.organisations = self.counts.organisations
        self.work: LongDeed | None = None
        self.holders: Holders | None = None  # where the index of contact points rests
        self.stopped = False  # by somebody, while it was coming in
        # The same file (or sheet) again is no news: it must not lay what it said before over what was learnt since.
        sheet = intake.inspected["layout"].get("sheet")
        came = Original.objects.filter(source=self.mapping.source, **({"read_as__sheet": sheet} if sheet else {}))
        came = came.exclude(token=intake.token)
        self.again = came.filter(Q(sha256=intake.sha256) | Q(read_as__came_as=intake.sha256)).exists()

    # --- the file, piece by piece -----------------------------------------------------------------------------------

    @contextmanager
    def pieces(self, skip: int) -> Iterator[Pieces]:
        """The file from this row on, judged and made ready in the child."""
        told = {
            "layout": self.layout,
            "source": self.mapping.source,
            "heard": self.intake.name,
            "intake": self.intake.token,
            "given": given_with(self.intake),
        }
        inspected = inspected_of(self.intake)
        with originals.opened(self.intake.sha256) as path:
            chunks = readers.prepared(path, inspected, self.mapping, self.context, _PREPARE, told, skip)
            with ahead(chunks, _AHEAD) as read:
                yield Pieces(self.piece, read, skip)

    def piece(self, start: int, content: dict[str, Any]) -> Piece:
        chunk = Chunk.of(content["ready"], self.context.country)
        piece = Piece(start, content["count"], content["bad"], chunk, content["beside"])
        self._refuse(piece)
        return piece

    def _refuse(self, piece: Piece) -> None:
        """Sets aside what cannot be written: values that cannot be sealed, customers that are named and not there."""
        refusing.unknown_customers(piece.chunk)
        for place, refused in piece.chunk.refused.items():
            piece.bad.append(refusing.told(piece.chunk.rows[place], refused))
        piece.places = [place for place in range(len(piece.chunk)) if place not in piece.chunk.refused]

    # --- to the end -------------------------------------------------------------------------------------------------

    def run(self) -> Counts:
        """Brings everything in that is not in yet, unless somebody stops it. Raises Refused where the file cannot be
        read to its end."""
        self._take_up()
        if self.work is None:
            milestone("import", many=self.intake.rows)
        reading = self.pieces(self.intake.position)
        with bulk_writing(connection):
            with self._resting(), by_indexes(connection), without_collecting(), reading as pieces:
                self._write_all(pieces)
            if self.counts.created > 5_000:
                analyse(connection)
        if not self.stopped:
            self._close()
        if self.work is not None:
            milestone("import", many=self.intake.rows, over=True)
        return self.counts

    @contextmanager
    def _resting(self) -> Iterator[None]:
        """A long list that comes into a house with hardly anybody in it is written without the keys for searching."""
        if not self.is_first(Customer.objects.all(), besides=self.counts.created + self.counts.organisations):
            yield
            return
        self.bringer.keys_rest = True
        with search_keys_at_rest(), resting(connection, RESTING), points_at_rest() as self.holders:
            yield
        self.holders = None

    def is_first(self, there: QuerySet[Any], *, besides: int = 0) -> bool:
        """Whether many rows are still to come into a house in which hardly anything of their kind is there, `besides`
        what this import has brought. No more is counted than decides it."""
        few = self.intake.rows // 10 + besides
        return self.intake.rows - self.intake.position >= _LONG and there.order_by()[:few].count() < few

    def abandon(self, refused: Refused) -> None:
        """Ends an import that cannot go on: what has come in stands, closed, and can be taken back."""
        if self.work is not None:
            self.work.close(by=self.by, at=self.at, particulars={**self.counts.plain(), "file": self.intake.name})
        told = {"template": refused.more.get("template") or str(refused), "told": refused.more.get("told") or {}}
        self._note(state="failed", error=told, counts=self.counts.plain(), finished_at=self.clock())

    def _take_up(self) -> None:
        number = self.intake.changeset
        if number is not None and Changeset.objects.filter(pk=number, state="open").exists():
            self.work = resume_long_deed(number)
        self._note(resumed_at=self.clock(), resumed_from=self.counts.rows, beat_at=self.clock())
        upto = self.intake.position + (self.intake.pending is not None)
        self.intake.refusals.filter(trial=False, place__gte=upto).delete()

    def _write_all(self, pieces: Pieces) -> None:
        pending = self.intake.pending
        while waiting := pieces.some():
            if self.is_stopped("running"):
                return
            if pending is not None:
                waiting[0].places, waiting[0].kin = list(pending[0]), dict(pending[1])
                waiting[0].bad, waiting[0].beside, pending = [], {}, None
            if self.work is None and not self._opened(waiting[0]):
                pieces.done(1)
            else:
                self._transaction(pieces, waiting)
            self.told(self.counts.rows, self.intake.rows)

    def is_stopped(self, state: str) -> bool:
        """Whether somebody has stopped it meanwhile: then what is in stays in, and the deed stays open."""
        self.stopped = not Intake.objects.filter(pk=self.intake.pk, state=state).exists()
        return self.stopped

    def _opened(self, piece: Piece) -> bool:
        """Opens the deed if this piece changes anything; a file that changes nothing leaves no trace."""
        changes, refused = self._would_change(piece)
        if not changes:
            self._pass_over(piece, refused)
            return False
        with transaction.atomic():
            self._open()
        return True

    def _open(self) -> None:
        self.work = long_deed(verb=self.verb, by=self.by, at=self.at, particulars=self.particulars())
        self.intake.changeset = self.work.changeset
        self._note(changeset=self.work.changeset)

    def particulars(self) -> dict[str, Any]:
        """What the deed's sentence is written from while it is under way."""
        return {"file": self.intake.name, "rows": self.intake.rows, "created": 0, "updated": 0, "refused": 0}

    def _would_change(self, piece: Piece) -> tuple[bool, list[list[Any]]]:
        """Whether anything differs, found out by doing it and leaving it; and what is refused."""
        refused: list[list[Any]] = []
        rounds: list[Known] = []
        places: Sequence[int] = piece.places
        with self.trial() as link:
            while places:  # rows that rest on one of these wait for their round
                known = self.recognise(piece, places)
                if known.new:
                    return True, []
                updated, _unchanged, bad = self.bring_up_to_date(link, piece, known)
                if updated:
                    return True, []
                refused += bad
                rounds.append(known)
                places = known.later
        for known in rounds:
            self.counts.recognise(known)
        return False, refused

    def recognise(self, piece: Piece, places: Sequence[int]) -> Known:
        """Who each of these places of the piece is."""
        return recognise(piece.chunk, places, self.existing, self.holders or holders_of)

    @contextmanager
    def trial(self) -> Iterator[Link]:
        """A transaction that leaves nothing behind."""
        with transaction.atomic():
            writer_lock(connection)
            self.bringer.dry, made = True, self.bringer.organisations
            try:
                yield Link(by=self.by, at=self.at, verb=self.verb, particulars={})
            finally:
                self.bringer.dry, self.bringer.organisations = False, made
                transaction.set_rollback(True)

    def _pass_over(self, piece: Piece, refused: list[list[Any]]) -> None:
        """Counts a piece in which nothing differs."""
        bad = piece.bad + refused
        self.counts.unchanged += piece.count - len(bad)
        self.counts.refused += len(bad)
        refusing.keep(self.intake, piece.start, bad)
        refusing.keep_beside(self.intake, self.counts, piece.start, piece.beside)
        self._stand(piece.end, None)

    # --- one transaction --------------------------------------------------------------------------------------------

    def _transaction(self, pieces: Pieces, waiting: Sequence[Piece]) -> None:
        """Writes pieces until the time is up, or until one rests on what this very transaction has made."""
        assert self.work is not None
        bad: Placed = []
        beside: list[tuple[int, dict[str, list[list[Any]]]]] = []
        stand, done = (self.intake.position, self.intake.pending), 0
        with self.work.transaction(by=self.by, at=self.at) as link:
            begun, first_new = time.thread_time(), 1 << 62
            self._add_original(link)
            for count, piece in enumerate(waiting):
                known = self.recognise(piece, piece.places)
                known.matched += [(place, number, True) for place, number in piece.kin.items()]
                rests = any(number >= first_new for _place, number, _reference in known.matched)
                if count and (known.later or rests):
                    break
                numbers, refused = self._write(link, piece, known)
                bad.append((piece.start, refused))
                beside.append((piece.start, piece.beside))
                piece.beside = {}
                first_new = min(first_new, *numbers[:1], first_new)
                if left := self._left(piece, known, numbers):
                    stand = piece.start, left
                    break
                stand, done = (piece.end, None), done + 1
                spent = time.thread_time() - begun
                if spent + spent / (count + 1) > _AIM:
                    break
            self._remember(stand, bad, beside)
        if link.changeset is None:  # nothing differed, so nothing was kept: not even how far it has come
            with transaction.atomic():
                self._remember(stand, bad, beside)
        pieces.done(done)

    def _left(self, piece: Piece, known: Known, numbers: Sequence[int]) -> Pending | None:
        """What of the piece waits for another round: rows that rest on this one, new cards that name other cards."""
        piece.kin = {
            place: number for place, number in zip(known.new, numbers, strict=True) if place in piece.chunk.odd
        }
        if not known.later and not piece.kin:
            return None
        piece.places, piece.bad = known.later, []
        return [piece.places, list(piece.kin.items())]

    def _remember(self, stand: tuple[int, Pending | None], bad: Placed, beside: Sequence[tuple[int, Any]]) -> None:
        for place, rows in bad:
            refusing.keep(self.intake, place, rows)
        for place, told_of in beside:
            refusing.keep_beside(self.intake, self.counts, place, told_of)
        self._stand(*stand)

    def _write(self, link: Link, piece: Piece, known: Known) -> tuple[Sequence[int], list[list[Any]]]:
        """The numbers of the new cards, and the rows that were refused."""
        numbers = self.bringer.write_new(link, piece.chunk, known.new)
        self.counts.created += len(known.new)
        updated, unchanged, refused = self.bring_up_to_date(link, piece, known)
        if self.holders:
            made = dict(zip(known.new, numbers, strict=True))
            self.holders.wrote(link.number, known.points, made, others=updated > 0)
        self.counts.recognise(known, piece.kin)
        bad = piece.bad + refused
        self.counts.updated += updated
        self.counts.unchanged += unchanged
        self.counts.refused += len(bad)
        self.counts.organisations = self.bringer.organisations
        return numbers, bad

    def bring_up_to_date(self, link: Link, piece: Piece, known: Known) -> tuple[int, int, list[list[Any]]]:
        """(updated, unchanged, refused) of the matched rows."""
        refused: list[list[Any]] = []
        matched, updated, unchanged = known.matched, 0, 0
        if self.existing == "skip":
            matched = [each for each in matched if each[0] in piece.kin]
            unchanged = len(known.matched) - len(matched)
        if not matched:
            return updated, unchanged, refused
        desk = Desk(link, self.bringer, piece.chunk, matched)
        for place, number, by_reference in matched:
            try:
                refusing.another_person(self.mapping.source, desk, place, number, by_reference)
                differs = desk.apply(place, number, self._mode(by_reference))
            except Refused as problem:
                refused.append(refusing.told(piece.chunk.rows[place], problem))
                continue
            if place not in piece.kin:
                updated, unchanged = updated + differs, unchanged + (not differs)
        desk.put_back()
        return updated, unchanged, refused

    def _mode(self, by_reference: bool) -> Any:
        if self.existing in ("update", "fill"):
            return self.existing
        return "update" if by_reference and not self.again else "fill"

    # --- how far it has come ----------------------------------------------------------------------------------------

    def _stand(self, position: int, pending: Pending | None) -> None:
        """Notes the position in the transaction at hand."""
        self.intake.position, self.intake.pending = position, pending
        self._note(position=position, pending=pending, counts=self.counts.plain(), beat_at=self.clock())

    def _note(self, **values: Any) -> None:
        Intake.objects.filter(pk=self.intake.pk).update(**values)

    def _add_original(self, link: Link) -> None:
        if not Original.objects.filter(token=self.intake.token).exists():
            link.add(self._original())

    def _original(self) -> Original:
        intake = self.intake
        read_as = {name: value for name, value in intake.inspected["layout"].items() if value not in ("", None)}
        if intake.inspected.get("secret"):
            read_as["kept"] = False  # it holds what must not be kept: its digest alone stays (decision 0026)
        return Original(
            token=intake.token,
            name=intake.name,
            sha256=intake.sha256,
            size=intake.size,
            source=self.mapping.source,
            read_as=read_as,
            mapping=self.mapping.as_json(),
            rows=intake.rows,
        )

    def _close(self) -> None:
        counts = self.counts.plain()
        if self.work is not None:
            self.work.close(by=self.by, at=self.at, particulars={**counts, "file": self.intake.name})
        self._note(state="done", counts=counts, position=self.intake.position, pending=None, finished_at=self.clock())
        originals.let_go(self.intake.sha256)
        fill_search_keys_soon()
        if self.counts.created or self.counts.updated:
            scan_soon()


def given_with(intake: Intake) -> dict[str, Any]:
    """What was said of a whole file: how we have these people, and whether they are customers yet."""
    options = intake.options_or
    return {"how": options["how"], "standings": ["prospect"] if options["prospects"] else []}

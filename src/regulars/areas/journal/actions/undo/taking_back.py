"""Taking a deed back, by a deed of its own: in one transaction, or for many customers in transactions of 0.2 seconds.

Nothing but the links says what is to be done, so one that was cut off goes on where it stands: whoever asks for the
same again finishes it, and what stands of it can itself be taken back.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from regulars.areas.journal import models
from regulars.areas.journal.actions.deeds import Link, LongDeed, deed, long_deed, resume_long_deed
from regulars.areas.journal.actions.undo import trying
from regulars.areas.journal.actions.undo.conflicts import Choice, Decisions
from regulars.areas.journal.actions.undo.pieces import pieces
from regulars.areas.journal.actions.undo.settling import Settled
from regulars.areas.journal.actions.undo.steps import Reach
from regulars.areas.journal.actions.undo.trying import is_long, tried
from regulars.areas.journal.actions.undo.undone import Tally, Undone
from regulars.areas.journal.actions.undo.writing import write
from regulars.areas.journal.chain import forgotten
from regulars.kernel.actor import Actor
from regulars.kernel.databases import bulk_writing, by_indexes, writer_lock
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.milestones import milestone
from regulars.kernel.processes import without_collecting
from regulars.kernel.registries import rests, verbs

VERB = "journal.undone"
_AIM = 0.12  # seconds of work in a transaction before its end; the whole must not take more than 0.2
_LEAST, _MOST = 20, 2_000

Told = Callable[[int, int], None]


class AtWork(Refused):
    """The deed has not come to its end."""

    code = "at_work"
    status = 409


def undo(
    *,
    changeset: int,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    later: Choice = "keep",
    decisions: Mapping[str, Choice] | None = None,
    seen: int | None = None,
    show: int = 0,
    skip: int = 0,
    look: bool = True,
    progress: Told | None = None,
    then: Callable[[Link], None] | None = None,
) -> Undone:
    """Takes one deed back. What was edited later is decided by `decisions` (a conflict's key: keep or overwrite), else
    by the rule `later`; an edit made after the link `seen` is kept. A dry run tells `show` values after `skip` others;
    without `look` it only refuses what cannot be. `then` is called with the last link once all is back, for what else
    belongs to the same deed.

    Raises NotFound, or Refused (not undoable, undone already, still at work).
    """
    row = models.Changeset.objects.filter(pk=changeset).first()
    if row is None:
        raise NotFound(_("There is no deed %(number)s.") % {"number": changeset})
    decided = Decisions(later, dict(decisions or {}), seen)
    resumed = _refuse_what_cannot(row)
    work = _TakingBack(row, decided, by=by, at=at, then=then)
    if dry_run:
        return work.tried(show, skip) if look else work.result
    if resumed is not None:
        return work.go_on(resumed, progress)
    if row.state == "open":
        _end(row, by=by, at=at)
    return work.done(progress)


def _refuse_what_cannot(row: models.Changeset) -> models.Changeset | None:
    """Refuses; the undo that was begun and did not come to its end is given back, to be gone on with."""
    verb = verbs().get(row.verb)
    if verb is not None and verb.undo == "never":
        raise Refused(str(verb.why_not) or _("This deed cannot be taken back."))
    if row.verb == VERB and row.undoes is not None and (undone := verbs().get(row.undoes.verb)) and undone.anew:
        raise Refused(str(undone.anew))
    if row.undone_by is not None:
        if row.undone_by.state == "open":
            return row.undone_by
        raise Refused(
            _("Deed %(number)s is taken back already, by deed %(by)s.") % {"number": row.pk, "by": row.undone_by_id}
        )
    if row.state == "open" and row.verb != VERB:
        message = _("Deed %(number)s is still at work. Stop it, or wait for its end, then take it back.")
        raise AtWork(message % {"number": row.pk})
    return None


def _end(row: models.Changeset, *, by: Actor, at: datetime) -> None:
    """Ends an undo that did not come to its end, so that what stands of it can be taken back."""
    resume_long_deed(row.pk).close(by=by, at=at, particulars={})
    row.refresh_from_db()


@contextmanager
def _explained() -> Iterator[None]:
    """Turns a broken reference into a refusal fit for the screen."""
    try:
        yield
    except IntegrityError as broken:
        message = _("Something outside the journal rests on what this deed made. Nothing more was taken back.")
        raise Refused(message) from broken


class _TakingBack:
    def __init__(
        self,
        row: models.Changeset,
        decisions: Decisions,
        *,
        by: Actor,
        at: datetime,
        then: Callable[[Link], None] | None = None,
    ) -> None:
        self.then = then
        self.row, self.decisions, self.by, self.at = row, decisions, by, at
        self.reach = Reach(row.pk)
        self.result = Undone(undoes=row.pk, forgotten=forgotten.skipped(self.reach.links))
        self.tally = Tally(self.result)

    def tried(self, show: int, skip: int) -> Undone:
        return tried(self.reach, self.decisions, self.tally, show=show, skip=skip, by=self.by)

    def _settled(self, subjects: Sequence[int], house: Iterable[Any] = ()) -> Settled:
        return Settled(self.reach, self.decisions).settle(subjects, house)

    # --- doing ------------------------------------------------------------------------------------------------------

    def done(self, progress: Told | None) -> Undone:
        particulars = {"undoes": self.row.pk, "verb": self.row.verb, **self._decided()}
        if is_long(self.reach):
            milestone("undo", many=len(self.reach.subjects))
            work = long_deed(verb=VERB, by=self.by, at=self.at, particulars=particulars, undoes=self.row.pk)
            return self._in_many(work, progress)
        work_at_once = deed(verb=VERB, by=self.by, at=self.at, particulars=particulars, undoes=self.row.pk)
        with _explained(), work_at_once as link:
            self._refuse_a_second_time()
            settled = self._settled(self.reach.subjects, self.reach.house())
            self.tally.count(settled)
            write(link, settled)
            self._afterwards(link)
            self._stands_again()
        self.result.changeset = link.changeset
        return self.result.named_for(self.by)

    def _afterwards(self, link: Link) -> None:
        """What was asked for beside it, and what else must hold between rows that are back, as the deed's verb says."""
        if self.then is not None:
            self.then(link)
        done = self.row
        while done.verb == VERB and done.undoes is not None:  # what holds of a deed holds when it is done again
            done = done.undoes
        verb = verbs().get(done.verb)
        if verb is not None and verb.after_undo is not None:
            verb.after_undo(link, self.row)

    def _decided(self) -> dict[str, Any]:
        """How it was decided, as far as that is not the rule of the house."""
        return {} if self.decisions == Decisions() else {"decided": asdict(self.decisions)}

    def _refuse_a_second_time(self) -> None:
        """Under the lock: somebody may have been quicker."""
        if models.Changeset.objects.filter(pk=self.row.pk, undone_by__isnull=False).exists():
            raise Refused(_("Deed %(number)s has just been taken back.") % {"number": self.row.pk})

    def _stands_again(self) -> None:
        """Where this takes back an undo, the deed that was undone stands again."""
        if self.row.undoes_id:
            models.Changeset.objects.filter(pk=self.row.undoes_id).update(undone_by=None)

    def go_on(self, begun: models.Changeset, progress: Told | None) -> Undone:
        """Goes on with an undo that did not come to its end, as it was decided then."""
        self.decisions = Decisions(**begun.particulars.get("decided", {}))
        return self._in_many(resume_long_deed(begun.pk), progress)

    def _in_many(self, work: LongDeed, progress: Told | None) -> Undone:
        """The house's rows that return come first, those that go last: customers' rows name them. Between the two, on
        the same side of the customers, are those of nobody."""
        self.result.changeset = work.changeset
        moving, others = self.reach.moving()
        with bulk_writing(connection), by_indexes(connection), ExitStack() as resting, without_collecting():
            for rest in rests():
                resting.enter_context(rest(moving, others))
            finished = (
                self._house(work, coming=True)
                and self._nobodys(work, coming=True)
                and self._customers(work, progress)
                and self._nobodys(work, coming=False)
                and self._house(work, coming=False)
            )
        if finished:
            with _explained(), work.transaction(by=self.by, at=self.at) as link:
                self._afterwards(link)
            with transaction.atomic():
                writer_lock(connection)
                self._stands_again()
            work.close(by=self.by, at=self.at, particulars={})
            milestone("undo", many=len(self.reach.subjects), over=True)
        return self.result.named_for(self.by)

    def _house(self, work: LongDeed, *, coming: bool) -> bool:
        if not any((step.before is not None) is coming for step in self.reach.house(nobodys=False)):
            return True
        with _explained(), work.transaction(by=self.by, at=self.at) as link:
            if not _at_work(work):
                return False
            steps = [step for step in self.reach.house(nobodys=False) if (step.before is not None) is coming]
            self._write(link, self._settled((), steps))
        return True

    def _nobodys(self, work: LongDeed, *, coming: bool) -> bool:
        """Piece by piece; what names each other is in one."""
        rows = self.reach.house(nobodys=True) if self.reach.unknown else []
        left = pieces([step for step in rows if (step.before is not None) is coming])
        size = _LEAST
        while left:
            with _explained(), work.transaction(by=self.by, at=self.at) as link:
                begun = time.thread_time()
                if not _at_work(work):
                    return False
                some, left = left[:size], left[size:]
                self._write(link, self._settled((), self.reach.anew(step for piece in some for step in piece)))
            size = _fitting(size, begun)
        return True

    def _customers(self, work: LongDeed, progress: Told | None) -> bool:
        numbers, done, place, size = self.reach.subjects, set[int](), 0, trying.AT_ONCE
        while place < len(numbers):
            with _explained(), work.transaction(by=self.by, at=self.at) as link:
                begun = time.thread_time()
                if not _at_work(work):
                    return False
                some = [each for each in numbers[place : place + size] if each not in done]
                settled = self._settled(some) if some else None
                if settled is not None:
                    self._write(link, settled)
                    done |= settled.loaded
            place += size
            size = _fitting(size, begun)
            if progress is not None:
                progress(min(place, len(numbers)), len(numbers))
        return True

    def _write(self, link: Link, settled: Settled) -> None:
        self.tally.count(settled)
        write(link, settled)


def _fitting(size: int, begun: float) -> int:
    """How many fit into the next transaction, after so many took since then."""
    spent = max(time.thread_time() - begun, 0.001)
    return int(min(max(size * min(_AIM / spent, 2), _LEAST), _MOST))


def _at_work(work: LongDeed) -> bool:
    """Whether nobody has ended it meanwhile. Under the lock."""
    return models.Changeset.objects.filter(pk=work.changeset, state="open").exists()

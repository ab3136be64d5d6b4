"""Taking a deed back on screen: what would change, what was edited since and who decides, then the deed itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.areas.journal import actions, queries
from regulars.areas.journal.actions.undo import Choice, Conflict, Edit
from regulars.areas.journal.forms import HowToUndo
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.templatetags.deeds import Line, line_of, lines_of
from regulars.kernel import registries, sheets
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.http import actor_of, done, safe_next, show

_VALUES = 100
_CONFLICTS = 100  # that are decided one by one on the page; the rule is for the rest, and all are in the file
_EDITS = 6  # of one thing to decide that are shown
_BY_A_JOB, _OF_LINKS = 2_000, 30  # customers, and transactions that it took, from which nobody waits for it


def may_take_back(request: HttpRequest, number: int) -> bool:
    """Whoever holds the right; and everybody her own deed of today, so that a slip is mended by who made it."""
    actor = actor_of(request)
    if actor.may("journal.undo"):
        return True
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    own = Changeset.objects.filter(pk=number, by_kind=actor.kind, by_id=actor.id, at__gte=today)
    return actor.id is not None and own.exists()


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Says first what would be taken back and what was edited since, then does it as it was decided."""
    deed = _deed(request, number)
    if request.method == "POST":
        return _take_back(request, deed)
    form = HowToUndo(request.GET)
    later: Choice = form.rule() if actor_of(request).may("journal.undo") else "keep"
    skip = form.skip()
    try:
        undone = _asked(request, number, later, show=_VALUES, skip=skip)
    except Refused as refused:
        return _ask(request, deed, refused=refused)
    return _ask(request, deed, **_told(undone, later, skip, actor_of(request)))


@require_safe
def conflicts(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """Everything that was edited since, as a file."""
    deed = _deed(request, number)
    undone = _asked(request, number, "keep")
    header = [_("Card"), _("What"), _("Before"), _("Then"), _("Now"), _("Who"), _("Deed"), _("Why")]
    response = StreamingHttpResponse(sheets.csv_of(header, _rows(undone)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="deed-{deed.changeset}-later-edits.csv"'
    return response


def _deed(request: HttpRequest, number: int) -> queries.Deed:
    deed = queries.changeset(number)
    if not may_take_back(request, number):
        raise NotAllowed(_("You may undo only what you did yourself today."))
    if (by := actor_of(request)).own is not None:
        touched = queries.customers_of(number)
        for guard in registries.REGISTRY.guards:
            guard(by, touched, 0)
    return deed


def _asked(request: HttpRequest, number: int, later: Choice, **shown: int) -> actions.Undone:
    return actions.undo(
        changeset=number, by=actor_of(request), at=timezone.now(), dry_run=True, later=later, **cast(Any, shown)
    )


def _rows(undone: actions.Undone) -> Iterator[list[Any]]:
    for conflict in undone.conflicts:
        for edit in conflict.edits:
            told = _edit(edit)
            line, back = told.line, told.back
            yield [edit.number or "", line.label, back, line.was, line.now, edit.by, edit.changeset or "", conflict.why]


# --- asking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A later edit in words: what the deed left and what stands now, and what would come back."""

    line: Line
    back: str
    edit: Edit


def _edit(edit: Edit) -> Told:
    return Told(line_of(edit.then), line_of(edit.back).was, edit)


@dataclass(frozen=True, slots=True)
class Decision:
    """A conflict as it is put before somebody."""

    conflict: Conflict
    name: str
    edits: list[Told]
    more: int

    @property
    def field(self) -> str:
        return f"decide-{self.conflict.key}"

    @property
    def whole(self) -> bool:
        """Whether it is about a row or a card, not about one value whose two forms stand side by side."""
        return self.conflict.kind != "value" or len(self.edits) != 1


def _told(undone: actions.Undone, later: Choice, skip: int, by: Actor) -> dict[str, Any]:
    told = [(card, lines_of(some)) for card, some in groupby(undone.differences, key=lambda each: each.number)]
    some = undone.conflicts[:_CONFLICTS]
    names = queries.cards_named([*(card for card, _lines in told), *(each.number for each in some)], by)
    decisions = [
        Decision(
            each, names.get(each.number or 0, ""), [_edit(e) for e in each.edits[:_EDITS]], len(each.edits[_EDITS:])
        )
        for each in some
    ]
    return {
        "undone": undone,
        "later": later,
        "rules": (("keep", _("Keep all")), ("overwrite", _("Take all back"))),
        "decisions": decisions,
        "more_conflicts": undone.disputed - len(decisions),
        "choice": by.may("journal.undo") and any(decision.conflict.open for decision in decisions),
        "cards": [(card, names.get(card or 0, ""), lines) for card, lines in told if lines],
        "skip": skip,
        "earlier": max(skip - _VALUES, 0),
        "further": skip + _VALUES,
        "nothing": not (undone.restored or undone.removed or undone.rows),
    }


def _ask(request: HttpRequest, deed: queries.Deed, *, status: int = 200, **context: Any) -> HttpResponse:
    back = safe_next(request, otherwise=request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", ""))
    back = "" if reverse("undo", args=[deed.changeset]) in back else _path(back)
    template = "journal/undo.html"
    return show(request, template, part="ask", status=status, deed=deed, next=back, **context)


# --- doing ------------------------------------------------------------------------------------------------------------


def _take_back(request: HttpRequest, deed: queries.Deed) -> HttpResponse:
    form = HowToUndo(request.POST)
    by, at, number = actor_of(request), timezone.now(), deed.changeset
    how: Mapping[str, Any] = {"later": form.rule(), "decisions": form.decisions(), "seen": form.seen()}
    if not by.may("journal.undo"):  # her own deed of today, but not what others did since
        how = {}
    page = reverse("journal_change", args=[number])
    if deed.customers > _BY_A_JOB or deed.links > _OF_LINKS:
        actions.take_back_later(changeset=number, by=by, at=at, **how)
        return done(request, page, notice=_("It is being taken back. You may leave this page: it goes on by itself."))
    try:
        undone = actions.undo(changeset=number, by=by, at=at, **how)
    except Refused as refused:
        return _ask(request, deed, status=refused.status, refused=refused)
    back = _path(request.headers.get("Referer", ""))
    back = page if not back or back.startswith(reverse("undo", args=[number])) else back
    to = "/customers/" if undone.removed else safe_next(request, otherwise=back)
    return done(request, to, notice=_notice(deed, undone), changeset=undone.changeset)


def _notice(deed: queries.Deed, undone: actions.Undone) -> str:
    if undone.changeset is None and undone.disputed:
        return _("Nothing was taken back: all of it was edited since, and that was kept.")
    told = {"what": queries.listed(deed.sentence)}
    if undone.kept:
        return _("Undone: %(what)s. What was edited since was kept.") % told
    return _("Undone: %(what)s.") % told


def _path(address: str) -> str:
    """Only the path of an address, so that nobody is sent elsewhere."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

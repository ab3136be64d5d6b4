"""The house's journal on screen: every deed, one deed with what it changed, and taking it back."""

from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.journal import actions, queries
from regulars.areas.journal.forms import WhichDeeds
from regulars.areas.journal.models import Changeset
from regulars.areas.journal.templatetags.deeds import THROUGH, line_of, lines_of
from regulars.kernel import registries
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.http import actor_of, done, safe_next, show

_A_PAGE = 50
_VALUES = 200
KINDS: dict[str, registries.Text] = {
    "edited": gettext_lazy("Journal altered"),
    "removed": gettext_lazy("Taken out of the journal"),
    "inserted": gettext_lazy("Put into the journal"),
    "reordered": gettext_lazy("Journal put in another order"),
    "truncated": gettext_lazy("End of the journal cut off"),
    "rolled_back": gettext_lazy("Older register put in place"),
    "row_differs": gettext_lazy("Value altered behind the program's back"),
    "file_differs": gettext_lazy("File altered or lost"),
    "page": gettext_lazy("Database damaged"),
}


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The deeds of the house, newest first, as asked for."""
    form = WhichDeeds(request.GET, people=_people())
    unknown = sorted(set(request.GET) - set(form.fields))
    deeds: list[queries.Deed] = []
    if form.is_valid() and not unknown:
        deeds = queries.changes(**form.asked(), limit=_A_PAGE + 1)
    elif unknown:
        form.add_error(None, _("The journal cannot be asked for: %(names)s.") % {"names": ", ".join(unknown)})
    later = request.GET.copy()
    if len(deeds) > _A_PAGE:
        later["before"] = str(deeds[_A_PAGE - 1].changeset)
    context: dict[str, Any] = {
        "deeds": deeds[:_A_PAGE],
        "earlier": later.urlencode() if len(deeds) > _A_PAGE else "",
        "narrowed": bool(set(request.GET) - {"before"}),
        "may_prove": actor_of(request).may("journal.verify"),
    }
    if context["may_prove"]:
        context["proved"] = queries.last_proof()
    return show(request, "journal/changes.html", status=422 if form.errors else 200, form=form, **context)


def _people() -> list[str]:
    """Who did something lately, for the field that asks for a name."""
    names = Changeset.objects.order_by("-number").values_list("by_name", flat=True)[:500]
    return sorted(set(names))


@require_safe
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One deed: its sentence, who, when, through what, and every value it changed."""
    deed = queries.changeset(number)
    differences = queries.differences(number, by=actor_of(request), limit=_VALUES)
    cards = [(card, lines_of(some)) for card, some in groupby(differences, key=lambda each: each.number)]
    context: dict[str, Any] = {
        "deed": deed,
        "cards": [(card, lines) for card, lines in cards if lines],
        "cut": len(differences) >= _VALUES,
        "through": THROUGH.get(deed.through, deed.through),
        "why_not": _why_not(deed),
        "may_undo": may_take_back(request, deed.changeset),
    }
    return show(request, "journal/change.html", **context)


def _why_not(deed: queries.Deed) -> str:
    verb = registries.verbs().get(deed.verb)
    return str(verb.why_not) if verb and verb.undo == "never" else ""


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
    """Says first what would be taken back, then does it. Where later edits rest on the deed they are listed."""
    deed = queries.changeset(number)
    if not may_take_back(request, number):
        raise NotAllowed(_("You may undo only what you did yourself today."))
    by, at, dry = actor_of(request), timezone.now(), request.method != "POST"
    try:
        undone = actions.undo(changeset=number, by=by, at=at, dry_run=dry)
    except Refused as refused:
        return _ask(request, deed, status=200 if dry else refused.status, refused=refused)
    if dry:
        return _ask(request, deed, undone=undone)
    back = _path(request.headers.get("Referer", "")) or reverse("journal_change", args=[number])
    to = "/customers/" if undone.removed else safe_next(request, otherwise=back)
    notice = _("Undone: %(what)s.") % {"what": queries.listed(deed.sentence)}
    return done(request, to, notice=notice, changeset=undone.changeset)


def _ask(request: HttpRequest, deed: queries.Deed, *, status: int = 200, **context: Any) -> HttpResponse:
    refused = context.get("refused")
    kept = [(line_of(each), who) for each, who in getattr(refused, "edits", ())]
    back = safe_next(request, otherwise=request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", ""))
    return show(
        request, "journal/undo.html", part="ask", status=status, deed=deed, kept=kept, next=_path(back), **context
    )


def _path(address: str) -> str:
    """Only the path of an address, so that nobody is sent elsewhere."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """Whether the register is what was written: the last verdict, those before it, and how far a running proof is."""
    at_work, known = queries.proof_at_work(), queries.proofs()
    newest = known[0] if known else None
    context: dict[str, Any] = {"at_work": at_work, "newest": newest, "earlier": known[1:]}
    if newest is not None:
        context["problems"] = [{**each.as_json(), "said": KINDS.get(each.kind, each.kind)} for each in newest.problems]
        context["minutes"], context["seconds"] = divmod(max(1, round(newest.seconds)), 60)
    return show(request, "journal/proof.html", part="state", **context)


@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Has the register proved in the background; whoever asks while it is at it sees that one."""
    actions.ask_for_proof(by=actor_of(request))
    return done(request, reverse("proof"))

"""Whether the register is what was written: the last verdicts, and asking for a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.journal import actions, queries
from regulars.kernel import registries
from regulars.kernel.http import actor_of, done, show

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

"""The lines of a purchase on a page of their own, to be changed, added to and struck."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.trade import actions, queries
from regulars.areas.trade.models import Line
from regulars.areas.trade.pages.typed import TypedLines
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show

PAGE = "trade/lines.html"


@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: HttpRequest, serial: int) -> HttpResponse:
    """The lines in their inputs. `then` says what is asked: `look` what they come to, `more` one more line, else they
    are kept."""
    actor, then = actor_of(request), request.POST.get("then", "")
    row = queries.purchase_for(actor, serial)
    if row.void:
        raise Refused(_("Purchase %(serial)s is void.") % {"serial": serial}, where="serial")
    rows = queries.lines_of(row)
    typed = TypedLines(rows, request.POST if request.method == "POST" else None, currency=row.currency)
    told = typed.told() if request.method == "POST" else [(line.ordinal, actions.as_told(line)) for line in rows]
    now = _as_they_stand(rows)
    seen = request.POST.get("seen", now)
    if then == "more":
        typed.one_more()
    elif then != "look" and seen != now:
        seen = now
        typed.problem = _(
            "Somebody was quicker: these lines were corrected meanwhile. What you typed stands below, unsaved: "
            "save it again if it still holds."
        )
    elif request.method == "POST" and then != "look" and told is not None:
        try:
            changeset = actions.correct_purchase(serial=serial, changes={}, lines=told, by=actor, at=timezone.now())
            notice = _("Corrected.") if changeset else _("Nothing differs.")
            return done(request, reverse("trade:purchase", args=(serial,)), notice=notice, changeset=changeset)
        except Refused as refused:
            if refused.status != 422:
                raise
            typed.refuse(refused)
    becomes = None if told is None else queries.total_of(row, [Line(amount=typed.amount_of(*each)) for each in told])
    context: dict[str, Any] = {
        "purchase": row,
        "seen": seen,
        "typed": typed,
        "was": (queries.total_of(row, rows), row.currency),
        "becomes": None if becomes is None else (becomes, row.currency),
    }
    wrong = typed.wrong and then not in ("look", "more")
    return show(request, PAGE, part="becomes", status=422 if wrong else 200, **context)


def _as_they_stand(rows: Sequence[Line]) -> str:
    """How many they are, and which link wrote one of them last."""
    return f"{len(rows)}.{max((each.link for each in rows), default=0)}"

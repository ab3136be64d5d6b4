"""The card's table of answers, and noting one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.areas.consent import actions, queries
from regulars.areas.consent.forms import AnswerForm
from regulars.areas.customers.queries import card_for
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    customer = card_for(actor, number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changeset = _noted(form.cleaned_data, number, request)
        except Refused as refused:
            form.add_error(refused.where if refused.where in form.fields else None, refused.message)
        else:
            notice = _("The answer is noted.") if changeset else _("That was known.")
            table = queries.for_card(actor, number)
            context: dict[str, Any] = {"number": number, "table": table, "form": AnswerForm(), "noted": True}
            return done(
                request,
                request.path,
                notice=notice,
                changeset=changeset,
                template="consent/answer.html",
                part="answers",
                **context,
            )
    status = 422 if form.errors else 200
    return show(
        request,
        "consent/answer.html",
        part="answers",
        status=status,
        number=number,
        customer=customer,
        table=queries.for_card(actor, number),
        form=form,
    )


def _noted(values: dict[str, str], number: int, request: HttpRequest) -> int | None:
    where = {"number": number, "channels": [values["channel"]], "purposes": [values["purpose"]]}
    who = {"by": actor_of(request), "at": timezone.now()}
    if values["answer"] == "refused":
        return actions.refuse(**where, **who, heard=values["heard"])  # type: ignore[arg-type]
    if values["answer"] == "given":
        return actions.give(**where, **who, heard=values["heard"], wording=values["wording"])  # type: ignore[arg-type]
    return actions.correct(**where, **who)  # type: ignore[arg-type]

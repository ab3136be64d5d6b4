"""What an order says otherwise, answered at one press."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.areas.customers.actions import accept_proposal, decline_proposal
from regulars.kernel.http import actor_of, done


@require_POST
def proposal(request: HttpRequest, number: int, token: str) -> HttpResponse:
    """Takes what is proposed onto the card, or leaves the card as it is; back to the card, or to the till."""
    by, at = actor_of(request), timezone.now()
    till = request.POST.get("back") == "till"
    back = f"{reverse('dossier:till')}?customer={number}" if till else reverse("dossier:card", args=[number])
    if request.POST.get("answer") == "accept":
        changeset = accept_proposal(number=number, token=token, by=by, at=at)
        return done(request, back, notice=_("It stands on the card now."), changeset=changeset)
    changeset = decline_proposal(number=number, token=token, by=by, at=at)
    return done(request, back, notice=_("The card stays as it is."), changeset=changeset)

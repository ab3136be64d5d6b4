"""While the register is taken over for what somebody asked for on screen."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulars.areas.access.actions import may_see_the_sheet
from regulars.kernel import takeover
from regulars.kernel.http import actor_of, show


@require_safe
def going(request: HttpRequest) -> HttpResponse:
    """Waits until it is done, or says why it is not. Who had the keys changed goes on to the new recovery sheet."""
    name, keys = request.GET.get("answer", ""), request.GET.get("what") == takeover.KEYS
    said = takeover.answer(name)
    if said is None:
        back = f"{request.path}?{urlencode({'answer': name, 'what': request.GET.get('what', '')})}"
        return show(request, "safekeeping/going.html", back=back, keys=keys)
    if "error" in said:
        back = reverse("safekeeping:keys" if keys else "safekeeping:restore")
        unsure = keys or "unsure" in said  # whether nothing was done
        return show(request, "safekeeping/going.html", refused=said["error"], back=back, keys=keys, unsure=unsure)
    if "changed" in said and actor_of(request).may("access.users"):
        may_see_the_sheet(request.seat)  # type: ignore[attr-defined]
        return redirect("recovery_sheet")
    return redirect("start")

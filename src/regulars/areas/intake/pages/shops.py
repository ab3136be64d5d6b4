"""Online shops: joined and parted from on screen; what they send."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from regulars.areas.intake import actions, forms, queries
from regulars.areas.intake.models import Shop
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, problem, show

_SIGNATURES = ("X-Shopify-Hmac-Sha256", "X-WC-Webhook-Signature")
_TOPICS = ("X-Shopify-Topic", "X-WC-Webhook-Topic")
_PING = b"webhook_id="  # what WooCommerce sends, unsigned, when a webhook is made


@require_http_methods(["GET", "HEAD", "POST"])
def shops(request: HttpRequest) -> HttpResponse:
    """The shops that are joined, with what they sent lately; the form joins another or parts from one."""
    form, refused, made = forms.ShopForm(request.POST or None), None, None
    if request.method == "POST":
        try:
            if request.POST.get("remove"):
                return _parted(request)
            if form.is_valid():
                shop, secret = actions.add_shop(by=actor_of(request), at=timezone.now(), **form.cleaned_data)
                made = {"shop": shop, "secret": secret, "address": _address(request, shop)}
                form = forms.ShopForm()
        except Refused as problem_:
            refused = problem_
    joined = [(shop, _address(request, shop), calls) for shop, calls in queries.shops(actor_of(request))]
    status = refused.status if refused else 422 if form.errors else 200
    return show(request, "intake/shops.html", status=status, form=form, refused=refused, made=made, joined=joined)


def _parted(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("remove", "")
    changeset = actions.remove_shop(name=name, by=actor_of(request), at=timezone.now())
    notice = _("“%(name)s” is parted from. What it told of stays.") % {"name": name}
    return done(request, reverse("shops"), notice=notice, changeset=changeset)


def _address(request: HttpRequest, shop: Shop) -> str:
    return request.build_absolute_uri(reverse("shop_call", args=[shop.token]))


@csrf_exempt  # a shop's own server sends it; its signature is what counts
@require_POST
def call(request: HttpRequest, token: str) -> HttpResponse:
    """One call of a shop. Signed, it is answered with 200 whatever becomes of it; its shop's page says what did."""
    signature = next((request.headers[name] for name in _SIGNATURES if name in request.headers), "")
    topic = next((request.headers[name] for name in _TOPICS if name in request.headers), "")
    if not signature and request.body.startswith(_PING) and len(request.body) < 40:
        return JsonResponse({"outcome": "passed"})
    try:
        heard = actions.hear(token=token, body=request.body, signature=signature, topic=topic, at=timezone.now())
    except Refused as refused:
        return problem(refused)
    return JsonResponse({"outcome": heard.outcome, "purchase": heard.serial})

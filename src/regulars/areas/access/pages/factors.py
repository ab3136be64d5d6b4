"""One's own second factors, and proving once more that it is oneself."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.access import actions, queries
from regulars.areas.access.door import browsers, codes, passkeys, sessions, steps
from regulars.areas.access.forms import PasskeyForm, ProveForm, SetUpCodeForm
from regulars.areas.access.models import Factor, Passkey, Step
from regulars.areas.access.pages import prove_again, seat_of, user_of
from regulars.areas.house.queries import house
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import actor_of, done, safe_next, show

_ADD, _AGAIN = Step.Kind.ADD, Step.Kind.AGAIN
_SALT = "regulars.access.code-set-up"
_SET_UP_LASTS = 3600  # seconds


@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """What is asked for beside the password, and what may be added."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **shown: Any) -> HttpResponse:
    user = user_of(request)
    living = list(queries.factors_of(user))
    of_kind = {kind: [each for each in living if each.kind == kind] for kind in Factor.Kind.values}
    name = browsers.named(request.headers.get("User-Agent", ""))
    told = {"passkey": PasskeyForm(initial={"name": name}), **shown}
    return show(
        request,
        "access/factors.html",
        status=status,
        passkeys=of_kind["passkey"],
        code=next(iter(of_kind["code"]), None),
        recovery=next(iter(of_kind["recovery"]), None),
        left=queries.recovery_codes_left(user),
        most=codes.RECOVERY_CODES,
        why_none=passkeys.why_none(request),
        owes=sessions.owes(seat_of(request), request.house),  # type: ignore[attr-defined]
        form=told["passkey"],
    )


@require_POST
def passkey_begin(request: HttpRequest) -> HttpResponse:
    """What the browser is asked to make."""
    place, user = passkeys.place_of(request, house().name), user_of(request)
    options, asked = passkeys.ask_new(place, user, _own(request, place))
    response = JsonResponse(options)
    sessions.give_step(request, response, steps.begin(_ADD, user, at=timezone.now(), asked=asked))
    return response


@require_POST
def add_passkey(request: HttpRequest) -> HttpResponse:
    form = PasskeyForm(request.POST)
    try:
        form.is_valid()
        place = passkeys.place_of(request, house().name)
        made = passkeys.made(place, _question(request, _ADD), request.POST.get("credential", ""))
        told: dict[str, Any] = {"name": form.cleaned_data.get("name", ""), "made": made}
        shown = actions.add_passkey(
            by=actor_of(request), at=timezone.now(), user=user_of(request), keep=seat_of(request), **told
        )
    except Refused as refused:
        form.refuse(refused)
        return _page(request, 422, passkey=form)
    return _added(request, shown, _("The passkey is added. All your other sessions have ended."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_code(request: HttpRequest) -> HttpResponse:
    """Shows a fresh secret for the authenticator app, and takes it once the app's first code comes back."""
    user = user_of(request)
    if request.method != "POST":
        return _set_up(request, codes.new_secret(), SetUpCodeForm())
    form = SetUpCodeForm(request.POST)
    secret = _secret_of(request)
    if form.is_valid():
        try:
            told: dict[str, Any] = {"secret": secret, "typed": form.cleaned_data["code"]}
            shown = actions.add_code(by=actor_of(request), at=timezone.now(), user=user, keep=seat_of(request), **told)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _added(request, shown, _("One-time codes are set up. All your other sessions have ended."))
    return _set_up(request, secret, form, status=422)


def _set_up(request: HttpRequest, secret: str, form: SetUpCodeForm, status: int = 200) -> HttpResponse:
    user = user_of(request)
    kept = signing.dumps([user.public, secret], salt=_SALT)
    picture = codes.picture(secret, account=user.login, house=house().name)
    told = {"picture": picture, "secret": codes.in_groups(secret), "kept": kept}
    return show(request, "access/set_up_code.html", status=status, form=form, **told)


def _secret_of(request: HttpRequest) -> str:
    """The secret that the page showed: it comes back signed, so nobody chooses one for somebody else."""
    try:
        whose, secret = signing.loads(request.POST.get("kept", ""), salt=_SALT, max_age=_SET_UP_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("That took too long. Begin again.")) from None
    if whose != user_of(request).public:
        raise NotFound(_("That took too long. Begin again."))
    return str(secret)


@require_POST
def remove(request: HttpRequest, public: str) -> HttpResponse:
    told: dict[str, Any] = {"user": user_of(request), "public": public, "keep": seat_of(request)}
    actions.remove_factor(by=actor_of(request), at=timezone.now(), **told)
    notice = _("Removed. All your other sessions and all your tokens have ended.")
    return done(request, reverse("factors"), notice=notice)


@require_POST
def make_recovery(request: HttpRequest) -> HttpResponse:
    made = actions.make_recovery_codes(by=actor_of(request), at=timezone.now(), user=user_of(request))
    return show(request, "access/recovery_codes.html", codes=made)


def _added(request: HttpRequest, shown: list[str], notice: str) -> HttpResponse:
    """The first factor's answer shows the recovery codes: kept nowhere, there is no page to come back to."""
    if shown:
        return show(request, "access/recovery_codes.html", codes=shown, notice=notice)
    return done(request, reverse("factors"), notice=notice)


# --- once more --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Asks once more who is here, by password or passkey, before something dangerous."""
    to = safe_next(request, reverse("account"))
    form = ProveForm(request.POST or None)
    if request.method == "POST":
        try:
            if "credential" in request.POST:
                _prove_by_passkey(request)
                return done(request, to)
            if form.is_valid():
                prove_again(request, form.cleaned_data["your_password"])
                return done(request, to)
        except Refused as refused:
            form.refuse(refused)
    own = Passkey.objects.filter(factor__user=user_of(request), factor__removed_at=None).exists()
    told: dict[str, Any] = {"next": to, "has_passkey": own and not passkeys.why_none(request)}
    return show(request, "access/prove.html", status=422 if form.errors else 200, form=form, **told)


@require_POST
def prove_begin(request: HttpRequest) -> HttpResponse:
    place = passkeys.place_of(request, house().name)
    options, asked = passkeys.ask(place, _own(request, place))
    response = JsonResponse(options)
    step = steps.begin(_AGAIN, user_of(request), at=timezone.now(), asked=asked)
    sessions.give_step(request, response, step)
    return response


def _prove_by_passkey(request: HttpRequest) -> None:
    place, at = passkeys.place_of(request, house().name), timezone.now()
    asked, answer = _question(request, _AGAIN), request.POST["credential"]
    actions.pass_by_passkey(place=place, asked=asked, answer=answer, at=at, user=user_of(request))
    sessions.prove(seat_of(request), at)


def _question(request: HttpRequest, kind: str) -> dict[str, Any]:
    """What this browser was asked, once."""
    step = steps.find(sessions.cookie_of(request, "step"), kind, at=timezone.now(), user=user_of(request))
    asked = steps.take_question(step)
    step.delete()
    return asked


def _own(request: HttpRequest, place: passkeys.Place) -> list[Passkey]:
    return list(Passkey.objects.filter(factor__user=user_of(request), factor__removed_at=None, place=place.id))

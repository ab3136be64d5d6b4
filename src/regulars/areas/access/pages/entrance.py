"""Coming in and going out: sign-in, sign-out, the first start, invitations, one-time links."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.areas.access import actions, queries
from regulars.areas.access.door import passkeys, sessions, steps
from regulars.areas.access.forms import FirstStartForm, ForgottenForm, PasswordForm, SignInForm
from regulars.areas.access.models import OneTimeLink, Step, Theme, User
from regulars.areas.access.pages import seat_of
from regulars.areas.house import countries
from regulars.kernel import marks
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.http import address_of, done, is_signed_in, safe_next, show
from regulars.kernel.keyfile import recovery_sheet

_read_or_send = require_http_methods(["GET", "HEAD", "POST"])
HOME = "/"


@_read_or_send
def sign_in(request: HttpRequest) -> HttpResponse:
    to = safe_next(request, HOME)
    if is_signed_in(request):
        return done(request, to)
    form = SignInForm(request.POST or None)
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.sign_in(
                **form.cleaned_data,
                address=address_of(request),
                mark=sessions.cookie_of(request, "known"),
                at=timezone.now(),
            )
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
        else:
            return let_in(request, user, to)
    shown: dict[str, Any] = {
        "form": form,
        "next": to,
        "started": queries.has_owner(),
        "passkeys": not passkeys.why_none(request),
        "by_mail": actions.can_mail(),
    }
    return show(request, "access/sign_in.html", status=status, bare=True, **shown)


@_read_or_send
def forgotten(request: HttpRequest) -> HttpResponse:
    """Asking for a link by mail. The answer is the same whether there is such an account or not."""
    if not actions.can_mail():
        raise NotFound(_("No mail can be sent here. Ask the owner or a manager of the house for a link."))
    form = ForgottenForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_link(login=form.cleaned_data["login"], address=address_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
            status = refused.status
        else:
            return show(request, "access/forgotten.html", asked=True, bare=True)
    return show(request, "access/forgotten.html", status=status, form=form, bare=True)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    seat_of(request).delete()
    response = done(request, reverse("sign_in"))
    sessions.take_cookie(request, response)
    response["Clear-Site-Data"] = '"cache"'
    return response


@_read_or_send
def first_start(request: HttpRequest, given: str) -> HttpResponse:
    """The first page of a new house, behind the one-time link that its first start printed."""
    at = timezone.now()
    queries.link_of(given, OneTimeLink.Purpose.FIRST, at=at)
    if request.method != "POST" or "look" in request.POST:
        return _first_page(request, FirstStartForm(initial=_first_guess(request)))
    form = FirstStartForm(request.POST)
    if not form.is_valid():
        return _first_page(request, form, status=422)
    try:
        route = request.resolver_match.view_name if request.resolver_match else ""
        owner = actions.found_house(given=given, at=at, settings=form.settings(), detail=route, **form.owner())
    except Refused as refused:
        if refused.status == 404:
            raise
        form.refuse(refused)
        return _first_page(request, form, status=422)
    return welcome(request, owner, reverse("recovery_sheet"), errand=actions.SHEET)


def _first_page(request: HttpRequest, form: FirstStartForm, status: int = 200) -> HttpResponse:
    return show(request, "access/first_start.html", part="places", status=status, form=form, bare=True)


def _first_guess(request: HttpRequest) -> dict[str, Any]:
    """What is typed so far, else what the browser speaks of; currency, zone and languages follow the country."""
    typed = request.POST if "look" in request.POST else request.GET
    country = typed.get("country") or countries.of_browser(request.headers.get("Accept-Language", "")) or "DE"
    usual = countries.usual(country)
    speaks = get_language() if get_language() in dict(countries.languages()) else usual.languages[0]
    kept = {name: typed[name] for name in ("house", "name", "login") if typed.get(name)}
    return {
        "country": country,
        "currency": usual.currency,
        "time_zone": usual.time_zone,
        "languages": list(usual.languages),
        "language": typed.get("language") or speaks,
        **kept,
    }


@_read_or_send
def sheet(request: HttpRequest) -> HttpResponse:
    """The recovery sheet: for the session that founded the house or had its keys changed, until it is printed."""
    seat = seat_of(request)
    if seat.errand != actions.SHEET:
        raise NotFound(_("The sheet is shown once, after the first start. Later: `regulars keys recovery`."))
    if request.method == "POST":
        seat.errand = ""
        seat.save(update_fields=["errand"])
        marks.note(marks.SHEET_PRINTED, {"at": timezone.now().isoformat()})
        return done(request, HOME)
    return show(request, "access/recovery_sheet.html", sheet=recovery_sheet())


@_read_or_send
def join(request: HttpRequest, given: str) -> HttpResponse:
    """An invitation, or a forgotten password: choose one and come in."""
    at = timezone.now()
    user = queries.link_of(given, OneTimeLink.Purpose.JOIN, at=at).user
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            route = request.resolver_match.view_name if request.resolver_match else ""
            password = form.cleaned_data["password"]
            joined = actions.choose_password(given=given, password=password, at=at, detail=route)
        except Refused as refused:
            if refused.status == 404:
                raise
            form.refuse(refused)
        else:
            return let_in(request, joined, HOME)
    return show(request, "access/join.html", status=422 if form.errors else 200, form=form, joining=user, bare=True)


@_read_or_send
def come_in(request: HttpRequest, given: str) -> HttpResponse:
    """A sign-in link of the shell. Opening it shows a button: nothing changes by looking, nor by a link preview."""
    at = timezone.now()
    if request.method == "POST":
        return welcome(request, actions.take_come_in_link(given=given, at=at), HOME)
    user = queries.link_of(given, OneTimeLink.Purpose.COME_IN, at=at).user
    return show(request, "access/come_in.html", coming=user, bare=True)


def let_in(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """After the right password: in, or first to the second door."""
    if not queries.has_second_factor(user):
        return welcome(request, user, to)
    response = done(request, reverse("sign_in_second"))
    sessions.give_step(request, response, steps.begin(Step.Kind.SECOND, user, at=timezone.now(), to=to))
    return response


def welcome(request: HttpRequest, user: User, to: str, errand: str = "") -> HttpResponse:
    """Signs this browser in: a new session, a new form token, and the mark by which the throttle knows it."""
    agent = request.headers.get("User-Agent", "")
    session, value = sessions.begin(user, at=timezone.now(), browser=agent, errand=errand)
    request.seat = session  # type: ignore[attr-defined]  # what there is to say waits with it for the next page
    rotate_token(request)
    response = done(request, to)
    sessions.give_cookie(request, response, value)
    sessions.give_mark(request, response, user)
    if user.theme != Theme.AUTO:  # otherwise this browser keeps what was chosen in it
        sessions.give_theme(response, user.theme)
    return response

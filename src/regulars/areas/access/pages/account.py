"""One's own account: name, language, light or dark, password, open sessions, tokens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.access import actions, queries
from regulars.areas.access.door import sessions
from regulars.areas.access.forms import ChangePasswordForm, ProfileForm, TokenForm
from regulars.areas.access.pages import prove_again, seat_of, user_of
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    user, at = user_of(request), timezone.now()
    profile = {"name": user.name, "language": user.language, "theme": user.theme}
    shown: dict[str, Any] = {
        "profile": ProfileForm(initial=profile),
        "password": ChangePasswordForm(prefix="change"),
        **forms,
    }
    return show(
        request,
        "access/account.html",
        status=status,
        sessions=queries.sessions_of(user, at=at),
        tokens=queries.tokens(user)[:100],
        now=at,
        may_make_tokens=actor_of(request).may("access.tokens"),
        **shown,
    )


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            by, at = actor_of(request), timezone.now()
            actions.change_profile(by=by, at=at, user=user_of(request), **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            with override(form.cleaned_data["language"]):
                response = done(request, reverse("account"), notice=_("Your profile is changed."))
            sessions.give_theme(response, form.cleaned_data["theme"])
            return response
    return _page(request, 422, profile=form)


@require_POST
def password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST, prefix="change")
    if form.is_valid():
        try:
            prove_again(request, form.cleaned_data["your_password"])
            new, by, at = form.cleaned_data["password"], actor_of(request), timezone.now()
            actions.change_password(by=by, at=at, user=user_of(request), password=new, keep=seat_of(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            told = _("Your password is changed. All other sessions and all your tokens have ended.")
            return done(request, reverse("account"), notice=told)
    return _page(request, 422, password=form)


@require_POST
def end_session(request: HttpRequest, public: str) -> HttpResponse:
    actions.end_session(user=user_of(request), public=public)
    return done(request, reverse("account"), notice=_("The session has ended."))


@require_http_methods(["GET", "HEAD", "POST"])
def make_token(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows it in the answer itself: it is kept nowhere, so there is no page to come back to."""
    user, at = user_of(request), timezone.now()
    fresh, rights = sessions.is_fresh(seat_of(request), at), queries.rights_to_give(user)
    form = TokenForm(request.POST or None, rights=rights, fresh=fresh)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            prove_again(request, given.pop("your_password", None))
            token, text = actions.make_token(by=actor_of(request), at=at, user=user, **given)
        except Refused as refused:
            form.refuse(refused)
        else:
            return show(request, "access/token.html", token=token, text=text)
    return show(request, "access/make_token.html", status=422 if form.errors else 200, form=form)


@require_POST
def revoke_token(request: HttpRequest, public: str) -> HttpResponse:
    token = queries.token_named(public, user=user_of(request))
    actions.revoke_token(by=actor_of(request), at=timezone.now(), token=token)
    return done(request, reverse("account"), notice=_("The token “%(name)s” is revoked.") % {"name": token.name})

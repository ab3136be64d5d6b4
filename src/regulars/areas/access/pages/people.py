"""The people who work here: who they are, what they may; inviting, changing a role, ending an account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.access import actions, queries
from regulars.areas.access.door import sessions
from regulars.areas.access.forms import ChargesForm, PersonForm, RoleForm
from regulars.areas.access.models import Role, User
from regulars.areas.access.pages import prove_again, seat_of
from regulars.areas.house.queries import house
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, page_behind, show


def _fresh(request: HttpRequest) -> bool:
    return sessions.is_fresh(seat_of(request), timezone.now())


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and who has a second factor."""
    guarded, may_change = queries.guarded_users(), _may_change(request)
    return show(request, "access/people.html", people=queries.users(), guarded=guarded, may_change=may_change)


def _may_change(request: HttpRequest) -> bool:
    return actor_of(request).may("access.users")


@require_safe
def who_may_what(request: HttpRequest) -> HttpResponse:
    """Each right in plain words and the roles that have it, from what the doors themselves ask."""
    groups, may_see_people = queries.who_may_what(), actor_of(request).may("access.links")
    return show(
        request, "access/who_may_what.html", groups=groups, roles=queries.roles(), may_see_people=may_see_people
    )


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Every browser that is signed in now."""
    return show(request, "access/signed_in.html", sessions=queries.sessions(at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new; the answer shows the invitation's link, which is kept nowhere."""
    start = {"role": Role.STAFF, "language": house().default_language}
    form = PersonForm(request.POST or None, fresh=_fresh(request), initial=start)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            prove_again(request, given.pop("your_password", None))
            user, secret = actions.add_user(by=actor_of(request), at=timezone.now(), **given)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _invitation(request, user, secret)
    status = 422 if form.errors else 200
    return show(request, "access/add_person.html", status=status, form=form)


def _invitation(request: HttpRequest, user: User, secret: str) -> HttpResponse:
    path = reverse("join", args=[secret])
    link = f"{base}{path}" if (base := settings.ENVIRONMENT.base_url) else request.build_absolute_uri(path)
    return show(request, "access/invitation.html", invited=user, link=link, by_mail=_by_mail(user))


def _by_mail(user: User) -> bool:
    return user.active and "@" in user.login and actions.can_mail()


@require_safe
def person(request: HttpRequest, public: str) -> HttpResponse:
    return _page(request, queries.user_named(public))


def _page(
    request: HttpRequest, user: User, form: RoleForm | None = None, theirs: ChargesForm | None = None
) -> HttpResponse:
    shown = form or RoleForm(initial={"role": user.role}, fresh=_fresh(request))
    rules, at = house(), timezone.now()
    return show(
        request,
        "access/person.html",
        status=422 if form or theirs else 200,
        form=shown,
        theirs=theirs or ChargesForm.begun(queries.charges_of(user), fresh=_fresh(request)),
        may_be_kept=user.role in queries.MAY_BE_KEPT,
        kept=queries.own_of(user, rules),
        person=user,
        sessions=queries.sessions_of(user, at=at),
        tokens=queries.tokens(user)[:100],
        now=at,
        factors=queries.factors_of(user),
        may_change=_may_change(request),
        by_mail=_by_mail(user),
        noticed=queries.noticed(user),
    )


@require_POST
def change_role(request: HttpRequest, public: str) -> HttpResponse:
    user = queries.user_named(public)
    form = RoleForm(request.POST, fresh=_fresh(request))
    if form.is_valid():
        try:
            prove_again(request, form.cleaned_data.get("your_password"))
            by, at = actor_of(request), timezone.now()
            actions.change_role(by=by, at=at, user=user, role=form.cleaned_data["role"])
        except Refused as refused:
            form.refuse(refused)
        else:
            told = _("%(name)s now has another role, and signs in anew.") % {"name": user.name}
            return done(request, reverse("person", args=[public]), notice=told)
    return _page(request, user, form)


@require_POST
def change_charges(request: HttpRequest, public: str) -> HttpResponse:
    """For which customers somebody is responsible."""
    user = queries.user_named(public)
    form = ChargesForm(request.POST, fresh=_fresh(request))
    if form.is_valid():
        try:
            prove_again(request, form.cleaned_data.get("your_password"))
            actions.change_charges(by=actor_of(request), at=timezone.now(), user=user, **form.codes())
        except Refused as refused:
            form.refuse(refused)
        else:
            told = _("What %(name)s is responsible for is kept.") % {"name": user.name}
            return done(request, reverse("person", args=[public]), notice=told)
    return _page(request, user, theirs=form)


@require_POST
def end_account(request: HttpRequest, public: str) -> HttpResponse:
    user = queries.user_named(public)
    actions.end_account(by=actor_of(request), at=timezone.now(), user=user)
    told = _("The account of %(name)s has ended.") % {"name": user.name}
    return done(request, reverse("person", args=[public]), notice=told)


@require_POST
def lift_reading(request: HttpRequest, public: str) -> HttpResponse:
    """The owner has asked, and it was all right that somebody read so much."""
    user = queries.user_named(public)
    actions.lift_reading(by=actor_of(request), at=timezone.now(), user=user)
    return done(request, reverse("person", args=[public]), notice=_("%(name)s reads as before.") % {"name": user.name})


@require_POST
def reopen_account(request: HttpRequest, public: str) -> HttpResponse:
    user = queries.user_named(public)
    actions.reopen_account(by=actor_of(request), at=timezone.now(), user=user)
    told = _("%(name)s can come in again.") % {"name": user.name}
    return done(request, reverse("person", args=[public]), notice=told)


@require_POST
def new_link(request: HttpRequest, public: str) -> HttpResponse:
    """A fresh link to choose a password, for an invitation lost or a password forgotten."""
    user = queries.user_named(public)
    secret = actions.new_password_link(by=actor_of(request), at=timezone.now(), user=user)
    return _invitation(request, user, secret)


@require_POST
def mail_link(request: HttpRequest, public: str) -> HttpResponse:
    """The same by mail: the link is made when it is sent, and stands nowhere else."""
    user = queries.user_named(public)
    actions.mail_link(by=actor_of(request), user=user)
    told = _("A link goes to %(address)s by mail. Links made before work no more.") % {"address": user.login}
    return done(request, reverse("person", args=[public]), notice=told)


@require_POST
def remove_factors(request: HttpRequest, public: str) -> HttpResponse:
    """For somebody who lost the telephone or the key: the password alone lets her in again."""
    user = queries.user_named(public)
    actions.remove_all_factors(by=actor_of(request), at=timezone.now(), user=user)
    told = _("The second factors of %(name)s are removed, and all sessions and tokens have ended.")
    return done(request, reverse("person", args=[public]), notice=told % {"name": user.name})


@require_POST
def end_session(request: HttpRequest, public: str, session: str) -> HttpResponse:
    """Signs somebody else out of one browser."""
    user = queries.user_named(public)
    actions.end_sessions(by=actor_of(request), user=user, public=session)
    back = page_behind(request) or reverse("person", args=[public])
    return done(request, back, notice=_("The session has ended."))


@require_POST
def revoke_token(request: HttpRequest, public: str, token: str) -> HttpResponse:
    """Ends somebody else's token."""
    found = queries.token_named(token, user=queries.user_named(public))
    actions.revoke_token(by=actor_of(request), at=timezone.now(), token=found)
    told = _("The token “%(name)s” is revoked.") % {"name": found.name}
    return done(request, reverse("person", args=[public]), notice=told)

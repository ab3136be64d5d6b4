"""The second door: after the right password a passkey, a one-time code or a recovery code; or a passkey alone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from regulars.areas.access import actions, queries
from regulars.areas.access.door import passkeys, sessions, steps
from regulars.areas.access.forms import CodeForm, RecoveryForm, SignInForm
from regulars.areas.access.models import Factor, Passkey, Step, User
from regulars.areas.access.pages.entrance import HOME, welcome
from regulars.areas.house.queries import house
from regulars.kernel.errors import Refused
from regulars.kernel.http import address_of, safe_next, show

_SECOND, _ALONE = Step.Kind.SECOND, Step.Kind.ALONE


@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """What stands between the right password and the house."""
    try:
        step = _step(request, _SECOND)
        if request.method != "POST":
            return _page(request, step)
        if "credential" in request.POST:
            _by_passkey(request, step)
            return _passed(request, step)
    except steps.StepGone as gone:
        return _begin_again(request, gone)
    except passkeys.PasskeyRefused as refused:
        return _page(request, step, told=refused)
    return _typed(request, step)


def _typed(request: HttpRequest, step: Step) -> HttpResponse:
    """A code from the app, or one from paper, whose page says how many are left."""
    by_paper, left = "recovery" in request.POST, None
    form: CodeForm | RecoveryForm = RecoveryForm(request.POST) if by_paper else CodeForm(request.POST)
    name = "recovery" if by_paper else "code"
    if not form.is_valid():
        return _page(request, step, forms={name: form})
    told: dict[str, Any] = {
        "user": user_of_step(step),
        "typed": form.cleaned_data[name],
        "address": address_of(request),
        "mark": sessions.cookie_of(request, "known"),
        "at": timezone.now(),
    }
    try:
        if by_paper:
            left = actions.pass_by_recovery_code(**told)
        else:
            actions.pass_by_code(**told)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, step, status=refused.status, forms={name: form})
    return _passed(request, step, left)


def _passed(request: HttpRequest, step: Step, left: int | None = None) -> HttpResponse:
    """In. After a recovery code the first page says how many are left."""
    user, to = user_of_step(step), step.to or HOME
    step.delete()
    if left is not None:
        told = ngettext("You have %(count)s recovery code left.", "You have %(count)s recovery codes left.", left)
        messages.warning(request, told % {"count": left})
    response = welcome(request, user, to)
    sessions.take_step(request, response)
    return response


def _by_passkey(request: HttpRequest, step: Step) -> None:
    place, asked = passkeys.place_of(request, house().name), steps.take_question(step)
    answer = request.POST["credential"]
    actions.pass_by_passkey(place=place, asked=asked, answer=answer, at=timezone.now(), user=step.user)


def _page(
    request: HttpRequest,
    step: Step,
    *,
    status: int = 422,
    told: Refused | None = None,
    forms: dict[str, Any] | None = None,
) -> HttpResponse:
    user = user_of_step(step)
    kinds = {each.kind for each in queries.factors_of(user)}
    shown: dict[str, Any] = {"code": CodeForm(), "recovery": RecoveryForm(), **(forms or {})}
    why_none = passkeys.why_none(request)
    return show(
        request,
        "access/second.html",
        status=status if forms or told else 200,
        bare=True,
        coming=user,
        told=told,
        has_passkey=Factor.Kind.PASSKEY in kinds and not why_none,
        has_code=Factor.Kind.CODE in kinds,
        why_none=why_none if Factor.Kind.PASSKEY in kinds else "",
        **shown,
    )


def _begin_again(request: HttpRequest, gone: Refused) -> HttpResponse:
    to = safe_next(request, HOME)
    why_none = passkeys.why_none(request)
    return show(
        request, "access/sign_in.html", status=422, form=SignInForm(), next=to, started=True, bare=True, told=gone,
        passkeys=not why_none,
    )  # fmt: skip


@require_POST
def second_begin(request: HttpRequest) -> HttpResponse:
    """What the browser is to ask the passkeys of whoever gave the right password."""
    step = _step(request, _SECOND)
    place = passkeys.place_of(request, house().name)
    asked_for = Passkey.objects.filter(factor__user=step.user, factor__removed_at=None, place=place.id)
    options, asked = passkeys.ask(place, list(asked_for))
    steps.ask(step, asked)
    return JsonResponse(options)


@require_POST
def passkey_begin(request: HttpRequest) -> HttpResponse:
    """What the browser is to ask any passkey of this house: who comes is not known yet."""
    place = passkeys.place_of(request, house().name)
    options, asked = passkeys.ask(place, None)
    value = steps.begin(_ALONE, None, at=timezone.now(), asked=asked, to=safe_next(request, HOME))
    response = JsonResponse(options)
    sessions.give_step(request, response, value)
    return response


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """In by a passkey alone, which has made sure who holds it."""
    try:
        step = _step(request, _ALONE)
        place, asked = passkeys.place_of(request, house().name), steps.take_question(step)
        answer = request.POST.get("credential", "")
        step.user = actions.pass_by_passkey(place=place, asked=asked, answer=answer, at=timezone.now(), user=None)
    except Refused as refused:
        return _begin_again(request, refused)
    return _passed(request, step)


def _step(request: HttpRequest, kind: str) -> Step:
    return steps.find(sessions.cookie_of(request, "step"), kind, at=timezone.now())


def user_of_step(step: Step) -> User:
    """Who is half way; a step of this kind always has somebody."""
    if step.user is None:
        raise steps.StepGone(_("That took too long. Begin again."))
    return step.user

"""Coming in without an account, seeing what is wrong, and putting a copy back."""

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.safekeeping.actions import restoring
from regulars.interfaces.rescue import TOLD
from regulars.kernel import crypto, keyfile, takeover
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused

_COOKIE, _LASTS = "rescue", 3600  # seconds somebody who came in may take
_TRIES = 10  # of the check letters, while this process runs; then the link alone
_WRONG: list[int] = []


@require_safe
def rescue(request: HttpRequest) -> HttpResponse:
    """What is wrong; for whoever came in also which copies there are and what would be lost."""
    context = {"inside": _inside(request), "why": TOLD.get("why", ""), "tries": len(_WRONG) < _TRIES}
    said = takeover.answer(request.GET.get("answer", ""))
    if said and "error" in said:
        context["refused"] = said["error"]
    if context["inside"]:
        known = restoring.copies()
        context |= {"wrong": restoring.what_is_wrong(), "copies": known, "newest": restoring.newest_good(known)}
    return _expected(render(request, "rescue/rescue.html", context, status=503))


@require_safe
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """By the link that `serve` printed."""
    if not _same(crypto.sha256(token.encode()).hex(), TOLD.get("digest", "")):
        return redirect("rescue")
    return _welcome()


@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """By the check letters of the recovery sheet, ten tries at most."""
    given = "".join(request.POST.get("letters", "").split()).lower()
    if len(_WRONG) < _TRIES and _same(given, keyfile.check_letters()):
        return _welcome()
    _WRONG.append(1)
    told = _("These are not the check letters of this register's recovery sheet.")
    context = {"why": TOLD.get("why", ""), "tries": len(_WRONG) < _TRIES, "refused": told}
    return render(request, "rescue/rescue.html", context, status=403)


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Has the copy put back, or the newest good one; the page goes on by itself."""
    if not _inside(request):
        return redirect("rescue")
    by = Actor(kind="operator", name="rescue page", rights=frozenset({"*"}), through="page", detail="rescue")
    try:
        name = takeover.ask(takeover.Order(by, version=request.POST.get("version", "")))
    except Refused as refused:
        return render(request, "rescue/rescue.html", {"refused": refused, "tries": True}, status=refused.status)
    return render(request, "safekeeping/going.html", {"back": f"/?answer={name}"})


def healthz(_request: HttpRequest) -> HttpResponse:
    """The register is not alive."""
    return _expected(JsonResponse({"ok": False}, status=503))


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Every other address: a person is sent to the rescue page, a program waits."""
    if request.path.startswith("/api/"):
        return _expected(JsonResponse({"ok": False}, status=503, headers={"Retry-After": "60"}))
    return redirect("rescue")


def _expected(response: HttpResponse) -> HttpResponse:
    """Nothing for the log: `serve` has said once that the database does not open."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _welcome() -> HttpResponse:
    response = redirect("rescue")
    response.set_cookie(_COOKIE, signing.dumps(TOLD.get("digest", "")), _LASTS, httponly=True, samesite="Lax")
    return response


def _inside(request: HttpRequest) -> bool:
    try:
        held = signing.loads(request.COOKIES.get(_COOKIE, ""), max_age=_LASTS)
    except signing.BadSignature:
        return False
    return _same(str(held), TOLD.get("digest", "-"))


def _same(one: str, other: str) -> bool:
    return crypto.same(one.encode(), other.encode())

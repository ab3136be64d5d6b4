"""One deed on many: chosen on a list, said, confirmed with its counts, done; and how far it has come."""

from array import array
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.areas.customers.models import CustomField
from regulars.areas.house.queries import house
from regulars.areas.journal.queries import taken_back
from regulars.areas.segments import actions, queries
from regulars.areas.segments.actions.many import AT_ONCE, prepare
from regulars.areas.segments.language import Tree, text_of
from regulars.areas.segments.language.tree import both
from regulars.areas.segments.models import FixedList
from regulars.areas.segments.pages.exporting import asked_tree
from regulars.areas.segments.queries.many import (
    KINDS,
    already,
    changed_meanwhile,
    fingerprint,
    kind_named,
    show_bulk,
    whom,
)
from regulars.kernel import registries, saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, show
from regulars.kernel.text import clean, fold

_WHOM = ("criteria", "archived", "prospects", "all")


@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """GET: what can be done to those chosen; with `deed`, what it would change. POST: does it, or says that it would be
    another thing by now."""
    given = request.POST if request.method == "POST" else request.GET
    by, tree = actor_of(request), _whom(given)
    context: dict[str, Any] = {"kept": _kept(given), "asked": text_of(tree)}
    if request.method == "POST" and given.get("sure"):
        try:
            return _do(request, given, tree)
        except Refused as refused:
            context["problem"] = _of_the_form(refused, given)
    if given.get("deed"):
        try:
            before = _before(request, given, tree)
        except Refused as refused:
            context["problem"] = _of_the_form(refused, given)
        else:
            status = 409 if context.get("problem") else 200
            return show(request, "segments/sure.html", part="ask", status=status, **context, **before)
    count = queries.count(tree, **_how(request))
    kinds = [(name, kind) for name, kind in KINDS.items() if not kind.missing(by)]
    return show(
        request,
        "segments/many.html",
        part="ask",
        status=422 if context.get("problem") else 200,
        **context,
        count=count,
        many=saying.count(count),
        kinds=kinds,
        chosen=given.get("deed", ""),
        may_export=by.may("customers.export"),
        lists=list(FixedList.objects.order_by("key").values_list("name", flat=True)),
        fields=[(f.name, f.label) for f in CustomField.objects.exclude(type="sealed").order_by("label")],
    )


def _of_the_form(refused: Refused, given: QueryDict) -> str:
    """What is said beside the form; what is wrong with anything else is refused."""
    where = (refused.where or "").partition(".")[0]
    if where not in ("value", "field", "tags", "custom", "name", "whom", given.get("deed")):
        raise refused
    return str(refused)


def _how(request: HttpRequest) -> dict[str, Any]:
    rules = house()
    return {"by": actor_of(request), "today": rules.day(timezone.now()), "zone": rules.zone}


def _whom(given: QueryDict) -> Tree:
    """Those ticked, or everybody whom the list shows."""
    if given.get("all"):
        return asked_tree(given)
    return whom(int(number) for number in given.getlist("n") if number.isascii() and number.isdigit())


def _kept(given: QueryDict) -> list[tuple[str, str]]:
    if given.get("all"):
        return [(name, str(given[name])) for name in _WHOM if given.get(name)]
    return [("n", str(number)) for number in given.getlist("n")]


def _value(given: QueryDict) -> tuple[str, str, str]:
    """The deed, its value and its field. A list that is named anew is made on the way."""
    deed = given.get("deed", "")
    return deed, given.get(f"value_{deed}", given.get("value", "")), given.get("field", "")


def _before(request: HttpRequest, given: QueryDict, tree: Tree) -> dict[str, Any]:
    """What the deed would do: to how many, and how many have it already."""
    deed, value, field = _value(given)
    kind, by = kind_named(deed), actor_of(request)
    new = deed == "list" and bool(clean(value)) and not FixedList.objects.filter(key=fold(value)).exists()
    _act, value = prepare(deed=deed, value=value, field=field, makes=new, by=by, at=timezone.now())
    there = None if new else already(deed, value)
    have = queries.count(both(tree, there), **_how(request)) if there is not None else None
    numbers, fact = _numbers(request, tree), registries.facts().get(f"custom.{field}")
    return {
        "kind": kind, "deed": deed, "value": value, "field": field, "label": str(fact.label) if fact else "",
        "count": len(numbers), "many": saying.count(len(numbers)), "long": len(numbers) > AT_ONCE,
        "have": have and saying.count(have), "new_list": new, "whom": fingerprint(numbers),
    }  # fmt: skip


def _numbers(request: HttpRequest, tree: Tree) -> "array[int]":
    return queries.numbers(tree, order="number", **_how(request))


def _do(request: HttpRequest, given: QueryDict, tree: Tree) -> HttpResponse:
    deed, value, field = _value(given)
    by, at = actor_of(request), timezone.now()
    numbers = _numbers(request, tree)
    if fingerprint(numbers) != given.get("whom"):
        raise Refused(changed_meanwhile(), where="whom")
    told: dict[str, Any] = {"deed": deed, "value": value, "field": field, "asked": text_of(tree)}
    bulk = actions.act_on_many(numbers=numbers, makes=bool(given.get("new_list")), by=by, at=at, **told)
    return done(request, f"{reverse('customers_done', args=[bulk.token])}?{urlencode(_back(given))}")


def _back(given: QueryDict) -> dict[str, str]:
    return {name: str(given[name]) for name in ("criteria", "archived", "prospects") if given.get(name)}


@require_safe
def many_done(request: HttpRequest, token: str) -> HttpResponse:
    """How far it has come; at the end what was done, and the way back."""
    bulk, by = show_bulk(token), actor_of(request)
    back = f"{reverse('customers')}?{urlencode(_back(request.GET))}"
    fact = registries.facts().get(f"custom.{bulk.field}")
    return show(
        request,
        "segments/done.html",
        part="work",
        bulk=bulk,
        kind=KINDS[bulk.deed],
        label=str(fact.label) if fact else "",
        percent=100 * bulk.done // max(bulk.count, 1),
        changed=saying.count(bulk.changed),
        same=bulk.done - bulk.changed - bulk.gone,
        gone=saying.count(bulk.gone),
        back=back,
        kept=urlencode(_back(request.GET)),
        undone=bulk.changeset in taken_back([bulk.changeset or 0]),
        may_undo=_may_undo(by),
        may_stop=not KINDS[bulk.deed].missing(by),
    )


@require_POST
def many_stop(request: HttpRequest, token: str) -> HttpResponse:
    try:
        actions.stop_many(token=token, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        if refused.more.get("code_word") != "too_late":  # it was quicker: its page says so
            raise
    return done(request, f"{reverse('customers_done', args=[token])}?{urlencode(_back(request.GET))}")


def _may_undo(by: Actor) -> bool:
    return by.may("journal.undo") or by.may("customers.edit") or by.may("segments.edit")

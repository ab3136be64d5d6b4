"""Merging on screen: which card, then fact by fact which value is kept; and taking it apart, with what is asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.areas.consent.queries import on_card
from regulars.areas.customers.queries import card_json, names_of_customers, visible
from regulars.areas.house.queries import house
from regulars.areas.matching import actions
from regulars.areas.matching.actions.choosing import Side
from regulars.areas.matching.actions.merging import RIGHT
from regulars.areas.matching.forms import WhichCard
from regulars.areas.matching.pages.asking import asked_in_words
from regulars.areas.matching.pages.grouping import numbers_in
from regulars.areas.matching.pages.queue import behind, place_in_queue
from regulars.areas.matching.queries import how_many, left_of
from regulars.areas.matching.queries.merges import merges
from regulars.kernel import registries, saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of, done, number_in, show, stands_under

DUPLICATES = "matching:duplicates"


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in which the cards differ: its two values in words, and whose is kept."""

    fact: str
    label: str
    keep: str
    absorb: str
    side: Side


@require_safe
def whom(request: HttpRequest, number: int) -> HttpResponse:
    """Asks for the number of the other card."""
    by = actor_of(request)
    card = card_json(by, number)
    form = WhichCard(request.GET or None, number=card["number"], by=by)
    if form.is_bound and form.is_valid():
        there = reverse("matching:merge", args=[card["number"], form.cleaned_data["other"]])
        return HttpResponse(status=303, headers={"Location": there})
    return show(request, "matching/whom.html", status=422 if form.is_bound else 200, card=card, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, keep: int, absorb: int) -> HttpResponse:
    """Shows the two cards side by side, and merges them."""
    by, at, onward = actor_of(request), timezone.now(), _Onward(request, keep, absorb)
    take = _sides(request.POST, "take ")
    if onward.queue:
        stands_under(request, DUPLICATES)
    if request.method == "POST":
        seen = {n: int(v) for n in (keep, absorb) if (v := request.POST.get(f"version {n}", "")).isdecimal()}
        try:
            made = actions.merge_customers(keep=keep, absorb=absorb, take=take, seen=seen, by=by, at=at)
        except Refused as refused:
            return _ask(request, keep, absorb, take, refused, onward)
        card, to = reverse("dossier:card", args=[keep]), onward.after()
        notice = _merged_in_words(by, keep, absorb)
        return done(request, to, notice=notice, changeset=made.changeset, leads_to="" if to == card else card)
    return _ask(request, keep, absorb, take, None, onward)


def _merged_in_words(by: Actor, keep: int, absorb: int) -> str:
    names = names_of_customers(by, (keep, absorb))
    told = {"absorbed": names[absorb], "absorb": absorb, "kept": names[keep], "keep": keep}
    return _("%(absorbed)s (%(absorb)s) is merged into %(kept)s (%(keep)s).") % told


class _Onward:
    """Where one came from, and goes on to: the queue of pairs (`queue`), a group of cards (`group`), or a card."""

    def __init__(self, request: HttpRequest, keep: int, absorb: int) -> None:
        sent = request.POST or request.GET
        self.request, self.keep, self.two = request, keep, (min(keep, absorb), max(keep, absorb))
        self.group = numbers_in(sent.get("group", ""))
        self.queue = bool(self.group or sent.get("queue"))
        self.place = place_in_queue(request, *self.two) if self.queue else None

    @property
    def asked(self) -> str:
        """What the addresses of the same question carry along."""
        if self.group:
            return f"?group={_listed(self.group)}"
        return "?queue=1" if self.queue else ""

    @property
    def back(self) -> str:
        """Where one stands again who merges nothing."""
        if self.group:
            return f"{reverse('matching:group')}?of={_listed(self.group)}&keep={self.keep}"
        if self.place:
            return reverse("matching:pair", args=self.two)
        return self._out()

    def after(self) -> str:
        """Where one goes on after the merge: the rest of the group, the next pair, or the card that stays."""
        numbers = left_of(actor_of(self.request), self.group)
        if len(numbers) > 1 and self.keep in numbers:
            return f"{reverse('matching:group')}?of={_listed(numbers)}&keep={self.keep}"
        if self.place:
            return behind(self.request, self.place)
        return self._out()

    def _out(self) -> str:
        return reverse("matching:duplicates") if self.queue else reverse("dossier:card", args=[self.keep])


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def _ask(
    request: HttpRequest, keep: int, absorb: int, take: Mapping[str, Side], refused: Refused | None, onward: _Onward
) -> HttpResponse:
    by, lines, moved = actor_of(request), list[Line](), list[tuple[str, int]]()
    tried: actions.Merged | None = None
    try:
        tried = actions.merge_customers(keep=keep, absorb=absorb, take=take, by=by, at=timezone.now(), dry_run=True)
        lines, moved = list(_lines(tried.choices, by)), [(_called(name), count) for name, count in tried.moved.items()]
    except Refused as why:
        if why.status in (403, 404, 410):
            raise
        refused = refused or why
    two = {number: card_json(by, number) for number in (keep, absorb)}
    versions = visible(by).filter(pk__in=(keep, absorb)).values_list("number", "version")
    told: dict[str, Any] = {
        "keep": two[keep],
        "absorb": two[absorb],
        "versions": versions,
        "lines": lines,
        "moved": moved,
        "onward": onward,
        "group": _listed(onward.group),
        "refusals": _refusals(two),
        "refused": refused,
        "may": tried is not None,
    }
    return show(request, "matching/merge.html", status=refused.status if refused else 200, **told)


def _lines(choices: list[actions.Choice], by: Actor) -> Iterator[Line]:
    facts = registries.facts()
    for choice in choices:
        told, fact = choice.as_json(), facts[choice.fact]
        words = {}
        for side in ("keep", "absorb"):
            value = told[side]
            if fact.type == "customer" and isinstance(value, int):
                words[side] = names_of_customers(by, [value]).get(value, str(value))
            else:
                words[side] = "" if value in (None, "") else _said(fact, value)
        yield Line(choice.fact, choice.label, words["keep"], words["absorb"], choice.side)


def _said(fact: registries.Fact, value: Any) -> str:
    return str(value) if value == registries.MASK else saying.said(fact, value)


def _called(name: str) -> str:
    """What is moved, in words."""
    group = registries.groups().get(name)
    if group is not None:
        return str(group.label)
    return next(str(each.label) for each in registries.holdings().values() if each.model.lower() == name)


def _refusals(two: Mapping[int, dict[str, Any]]) -> list[str]:
    """What one of the two said no to: the merged card says no as well."""
    cells = [c for number, card in two.items() for line in on_card(number, card["standings"]) for c in line]
    found = [f"{each.channel_label}: {each.purpose_label}" for each in cells if each.word == "refused"]
    return list(dict.fromkeys(found))


@require_http_methods(["GET", "HEAD", "POST"])
def apart(request: HttpRequest, changeset: int) -> HttpResponse:
    """Asks what nobody can tell, and takes the merge apart."""
    by, at = actor_of(request), timezone.now()
    stands_under(request, DUPLICATES)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            made = actions.unmerge(changeset=changeset, assign=_sides(request.POST, "give "), by=by, at=at)
            told = {"keep": made.keep, "absorb": made.absorb}
            notice = _("Cards %(keep)s and %(absorb)s stand apart again.") % told
            return done(request, reverse("dossier:card", args=[made.absorb]), notice=notice)
        except Refused as why:
            refused = why
    looked: actions.Unmerged | None = None
    try:
        looked = actions.unmerge(changeset=changeset, by=by, at=at, dry_run=True)
    except Refused as why:
        if why.status in (403, 404, 410):
            raise
        refused = refused or why
    shown: dict[str, Any] = {"looked": looked, "changeset": changeset, "refused": refused}
    if looked:
        shown["card"] = card_json(by, looked.keep)
        shown["absorbed"] = names_of_customers(by, [looked.absorb])[looked.absorb]
        shown["asked"] = list(asked_in_words(by, looked, house().country))
    return show(request, "matching/apart.html", status=refused.status if refused else 200, **shown)


def _sides(sent: QueryDict, prefix: str) -> dict[str, Side]:
    """What was chosen: `take given_name` is keep or absorb."""
    chosen: dict[str, Side] = {}
    for name, value in sent.items():
        if name.startswith(prefix) and value in ("keep", "absorb"):
            chosen[name.removeprefix(prefix)] = "absorb" if value == "absorb" else "keep"
    return chosen


_A_PAGE = 50


@require_safe
def merged(request: HttpRequest) -> HttpResponse:
    """Which cards were merged, newest first, by whom or by the house itself; each can be taken apart."""
    actor = actor_of(request)
    stands_under(request, DUPLICATES)
    found = merges(actor, before=number_in(request.GET, "before"), limit=_A_PAGE + 1)
    shown = found[:_A_PAGE]
    names = names_of_customers(actor, {number for each in shown for number in (each.keep, each.absorb)})
    return show(
        request,
        "matching/merged.html",
        merges=[(each, names[each.keep], names[each.absorb]) for each in shown],
        next=shown[-1].changeset if len(found) > _A_PAGE else None,
        may_merge=actor.may(RIGHT),
        put_off=how_many(actor, "later"),
    )

"""The queue on screen: the pairs that were found, one pair side by side with its reasons, and what is said of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.customers.queries import cards_json, names_of_customers
from regulars.areas.house.queries import house, today
from regulars.areas.matching import actions, queries
from regulars.areas.matching.pages.side_by_side import lines_of
from regulars.areas.matching.queries.colleagues import may_work_together
from regulars.areas.matching.queries.near import kinds_of, was_scanned
from regulars.areas.matching.queries.pairs import PairShown
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.http import actor_of, done, show
from regulars.kernel.paging import read_cursor, write_cursor

A_PAGE = 50
Place = tuple[float, int, int]  # bits, and the two numbers
_WIDEST = 20  # bits whose bar is as wide as it gets


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue: a pair, or the group whose weightiest pair it is, with everybody's names."""

    pair: PairShown
    numbers: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        return len(self.numbers) > 2

    @property
    def of(self) -> str:
        """The numbers as they stand in the address of the group's page."""
        return ",".join(map(str, self.numbers))


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The open pairs, the likeliest first, those that hang together as one; how a scan stands."""
    actor, asked = actor_of(request), request.GET.get("after", "")
    state = "later" if request.GET.get("show") == "later" else "open"
    after: Any = tuple(read_cursor(asked, float, int, int)) if asked else None
    pairs = queries.open_pairs(actor, limit=A_PAGE + 1, after=after, state=state)
    last = pairs[A_PAGE - 1] if len(pairs) > A_PAGE else None
    return show(
        request,
        "matching/duplicates.html",
        waiting=list(_waiting(actor, pairs[:A_PAGE], state)),
        next=write_cursor([float(last.bits), last.a, last.b]) if last else "",
        first=not asked,
        state=state,
        put_off=queries.how_many(actor, "later"),
        scan=actions.last_scan(),
        scanned=was_scanned(),
        may_scan=actor.may(actions.RIGHT_TO_SCAN),
    )


def _waiting(by: Actor, pairs: Sequence[PairShown], state: str) -> Iterator[Waiting]:
    """Each group once, where its weightiest pair stands."""
    groups = queries.groups_among(by, pairs) if state == "open" else {}
    names = names_of_customers(by, {number for group in groups.values() for number in group.numbers})
    for pair in pairs:
        group = groups.get((pair.a, pair.b))
        if group is None:
            yield Waiting(pair, (pair.a, pair.b), (pair.a_name, pair.b_name))
        elif group.first == (pair.a, pair.b):
            yield Waiting(pair, group.numbers, tuple(names[number] for number in group.numbers))


@require_safe
def pair(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """Two cards side by side, with what speaks for one person and what against."""
    actor = actor_of(request)
    shown = queries.show_pair(actor, a, b)
    before = queries.pair_before(actor, shown.bits, shown.a, shown.b)
    group = queries.groups_among(actor, [shown]).get((shown.a, shown.b))
    return show(
        request,
        "matching/pair.html",
        pair=shown,
        lines=list(lines_of(cards_json(actor, [shown.a, shown.b]), house().country)),
        reasons=[(each, round(100 * min(abs(each.bits), _WIDEST) / _WIDEST)) for each in shown.reasons],
        percent=shown.score * 100,
        following=_following(request, shown),
        before=before,
        home=_may_be_one_household(shown),
        work=may_work_together(shown.a, shown.b),
        group=",".join(map(str, group.numbers)) if group else "",
        merge=f"{reverse('matching:merge', args=(shown.a, shown.b))}?queue=1" if actor.may("customers.merge") else "",
        may_edit=actor.may(actions.RIGHT_TO_REJECT),
    )


_SHARED = frozenset({"email_same", "email_shared", "phone_same", "phone_shared", "home_same", "home_shared"})


def _may_be_one_household(shown: PairShown) -> bool:
    """Whether the two share what people of one household do, and are people."""
    return bool(_SHARED & {each.code for each in shown.reasons}) and "household" in kinds_of(shown.a, shown.b)


@require_POST
def reject(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """They are two: remembered, and on to the next pair."""
    actor = actor_of(request)
    following = _following(request, queries.show_pair(actor, a, b))
    changeset = actions.reject(a=a, b=b, by=actor, at=timezone.now())
    notice = _("Noted: %(a)s and %(b)s are not the same person.") % {"a": a, "b": b}
    return done(request, _on(following), notice=notice, changeset=changeset)


@require_POST
def later(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """It waits a month: remembered, and on to the next pair."""
    actor, at = actor_of(request), timezone.now()
    following = _following(request, queries.show_pair(actor, a, b))
    changeset = actions.put_off(a=a, b=b, by=actor, at=at)
    told = {"a": a, "b": b, "day": saying.day(today(at) + actions.A_MONTH)}
    notice = _("%(a)s and %(b)s are put off until %(day)s, or until something on them changes.") % told
    return done(request, _on(following), notice=notice, changeset=changeset)


def following_of(request: HttpRequest, a: int, b: int) -> str:
    """The page after these two were answered: the next pair, or, where they are none, those who belong together."""
    place = place_in_queue(request, a, b)
    return behind(request, place) if place else reverse("matching:near")


def place_in_queue(request: HttpRequest, a: int, b: int) -> Place | None:
    """Where the pair of these two stands in the queue; None where they are no pair."""
    try:
        shown = queries.show_pair(actor_of(request), a, b)
    except NotFound:
        return None
    return float(shown.bits), shown.a, shown.b


def behind(request: HttpRequest, place: Place) -> str:
    """The page of the pair that stands behind this place now; the list where none does."""
    return _on(_behind(request, place))


def _on(following: PairShown | None) -> str:
    if following is None:
        return reverse("matching:duplicates")
    return reverse("matching:pair", args=(following.a, following.b))


@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Asks for a scan of all cards in the background."""
    actions.start_scan(by=actor_of(request))
    return done(request, reverse("matching:duplicates"), notice=_("All cards are being compared."))


def _following(request: HttpRequest, shown: PairShown) -> PairShown | None:
    return _behind(request, (float(shown.bits), shown.a, shown.b))


def _behind(request: HttpRequest, place: Place) -> PairShown | None:
    return next(iter(queries.open_pairs(actor_of(request), limit=1, after=place)), None)

"""The queue on screen: the pairs that were found, one pair side by side with its reasons, and what is said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.customers.queries import cards_json
from regulars.areas.matching import actions, queries
from regulars.areas.matching.queries.pairs import PairShown
from regulars.kernel import registries
from regulars.kernel.api import read_cursor, write_cursor
from regulars.kernel.http import actor_of, done, show

A_PAGE = 50
_WIDEST = 20  # bits whose bar is as wide as it gets


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of both cards side by side."""

    label: str
    a: str
    b: str

    @property
    def alike(self) -> bool:
        return bool(self.a) and self.a == self.b and self.a != registries.MASK  # what is masked says nothing


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """The open pairs, the likeliest first; how a scan stands."""
    actor, asked = actor_of(request), request.GET.get("after", "")
    after: Any = tuple(read_cursor(asked, float, int, int)) if asked else None
    pairs = queries.open_pairs(actor, limit=A_PAGE + 1, after=after)
    last = pairs[A_PAGE - 1] if len(pairs) > A_PAGE else None
    return show(
        request,
        "matching/duplicates.html",
        pairs=pairs[:A_PAGE],
        next=write_cursor([float(last.bits), last.a, last.b]) if last else "",
        first=not asked,
        scan=actions.last_scan(),
        may_scan=actor.may(actions.RIGHT_TO_SCAN),
    )


@require_safe
def pair(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """Two cards side by side, with what speaks for one person and what against."""
    actor = actor_of(request)
    shown = queries.show_pair(actor, a, b)
    following = _following(request, shown)
    return show(
        request,
        "matching/pair.html",
        pair=shown,
        lines=list(_lines(*cards_json(actor, [shown.a, shown.b]))),
        reasons=[(each, round(100 * min(abs(each.bits), _WIDEST) / _WIDEST)) for each in shown.reasons],
        percent=shown.score * 100,
        following=following,
        merge=reverse("matching:merge", args=(shown.a, shown.b)) if actor.may("customers.merge") else "",
        may_edit=actor.may(actions.RIGHT_TO_REJECT),
    )


@require_POST
def reject(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """They are two: remembered, and on to the next pair."""
    actor = actor_of(request)
    following = _following(request, queries.show_pair(actor, a, b))
    changeset = actions.reject(a=a, b=b, by=actor, at=timezone.now())
    notice = _("Noted: %(a)s and %(b)s are not the same person.") % {"a": a, "b": b}
    to = reverse("matching:pair", args=(following.a, following.b)) if following else reverse("matching:duplicates")
    return done(request, to, notice=notice, changeset=changeset)


@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Asks for a scan of all cards in the background."""
    actions.start_scan(by=actor_of(request))
    return done(request, reverse("matching:duplicates"), notice=_("All cards are being compared."))


def _following(request: HttpRequest, shown: PairShown) -> PairShown | None:
    after = (float(shown.bits), shown.a, shown.b)
    return next(iter(queries.open_pairs(actor_of(request), limit=1, after=after)), None)


# --- side by side -----------------------------------------------------------------------------------------------------

_OWN = (
    "title", "given_name", "middle_name", "family_name", "suffix", "called_name", "organisation_name", "birth_date",
    "gender", "language", "occupation", "territory",
)  # fmt: skip
_GROUPS = ("emails", "phones", "addresses", "works_at", "tags", "references")


def _lines(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Line]:
    facts, groups = registries.REGISTRY.facts, registries.groups()
    for name in _OWN:
        here, there = (_word(name, card[name]) for card in (a, b))
        if here or there:
            yield Line(str(facts[name].label), here, there)
    for name in _GROUPS:
        here, there = ("; ".join(_texts(card[name])) for card in (a, b))
        if here or there:
            yield Line(str(groups[name].label), here, there)


def _word(name: str, value: Any) -> str:
    """A value as it is said: a code by its label."""
    return str(dict(registries.REGISTRY.facts[name].choices).get(value, value or ""))


def _texts(rows: list[Any]) -> Iterator[str]:
    for row in rows:
        if not isinstance(row, dict):
            yield str(row)
        elif "value" in row:
            yield str(row["value"])
        else:
            parts = ("street", "street2", "postcode", "city", "organisation", "job_title")
            yield ", ".join(str(row[part]) for part in parts if row.get(part))

"""The list: criteria in, one page of customers out. Rows go to the template as plain texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.areas.access.actions import reads
from regulars.areas.customers.queries import visible
from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import House, house
from regulars.areas.journal.queries import looking_back
from regulars.areas.segments import queries
from regulars.areas.segments.language import CriteriaError, parse
from regulars.areas.segments.language.tree import Every
from regulars.areas.segments.models import Segment
from regulars.areas.segments.pages.rows import table_rows
from regulars.areas.segments.queries import DEFAULT_COLUMNS, listed_facts
from regulars.areas.segments.queries.apart import hidden, of_the_list
from regulars.areas.trade.queries import golden
from regulars.kernel import saying
from regulars.kernel.actor import Actor
from regulars.kernel.http import actor_of, show
from regulars.kernel.prepared import Prepared
from regulars.kernel.registries import Fact

A_PAGE = 50
REMEMBERED = "columns"  # the cookie with the columns last chosen in this browser
_A_YEAR = 365 * 86_400
_TRAIL = 20  # pages that can be gone back without beginning anew
_OF_A_LIST = ("criteria", "order", "archived", "prospects", "at")
_ASKED = {"criteria", "order", "after", "trail", "columns", "archived", "prospects", "find", "from", "at"}
_ANEW: dict[str, Any] = {"after": None, "trail": None, "from": None}  # the same list from its first page
_NUMERIC = {"number", "decimal", "money"}


_SEGMENTS = Prepared(lambda _none: Segment.objects.order_by("key").values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its head shows it: where sorting by it leads, how it is sorted now."""

    name: str
    label: str
    numeric: bool
    sorted: str
    sort: str
    title: bool

    def __getitem__(self, name: str) -> Any:
        """How a template asks first."""
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Slip:
    """An error in criteria: the text before, at and after its place, and what may have been meant."""

    message: str
    before: str
    at: str
    after: str
    offers: tuple[tuple[str, str], ...]


@require_safe
@looks_back
def customers(request: HttpRequest) -> HttpResponse:
    """Which customers, how many, one page of them."""
    if "find" in request.GET:
        return _found(request)
    asked = request.GET
    actor, rules = actor_of(request), request.house  # type: ignore[attr-defined]
    moment = looking_back()
    if moment is not None:
        rules = house()  # as they were
    today = rules.day(moment.at if moment else timezone.now())
    facts = listed_facts(actor)
    chosen = _columns(request, facts)
    context: dict[str, Any] = {
        "slip": None,
        "elsewhere": False,
        "building": False,
        "criteria": asked.get("criteria", ""),
        "order": asked.get("order", ""),
        "columns": ",".join(chosen),
        "segments": _SEGMENTS.rows(),
        "may_edit": actor.may("customers.edit"),
        "may_import": actor.may("customers.import"),
        "may_export": actor.may("customers.export"),
        "may_save": actor.may("segments.edit"),
        "may_act": moment is None
        and any(actor.may(right) for right in ("customers.edit", "segments.edit", "customers.export")),
    }
    try:
        _refuse_unknown(asked)
        tree = parse(asked.get("criteria", ""))
        hides = hidden(asked, tree)
        whole = of_the_list(asked, tree)
        page = queries.page(
            whole,
            by=actor,
            today=today,
            zone=rules.zone,
            columns=chosen,
            order=asked.get("order", ""),
            after=asked.get("after") or None,
            limit=A_PAGE,
            rules=rules,
        )
        said = queries.sentence(tree, by=actor, today=today, zone=rules.zone) if asked.get("criteria") else ""
    except CriteriaError as error:
        context.update(slip=_slip(request, error))
        return show(request, "segments/customers.html", part="results", status=422, **context)
    if asked.get("after"):  # who turns page after page reads all of them
        reads(actor, timezone.now(), len(page.rows))
    heads = list(_heads(asked, chosen, facts))
    context.update(
        rows=table_rows(
            page.rows, [facts[name] for name in chosen], _query(asked, "at"), _golden(actor, page.rows, today, rules)
        ),
        heads=heads,
        count=page.count,
        many=saying.count(page.count),
        said=said,
        hides="archived" in hides,
        apart="prospect" in hides,
        everybody=isinstance(tree, Every),
        wide=len(heads) > 5,
        **_turning(asked, page.next, len(page.rows)),
        **_links(asked),
    )
    response = show(request, "segments/customers.html", part="results", **context)
    if "columns" in asked:
        _remember(response, chosen)
    return response


def _refuse_unknown(asked: QueryDict) -> None:
    """An unknown word in the address is an error, never ignored."""
    unknown = sorted(set(asked) - _ASKED)
    if unknown:
        raise CriteriaError(_("The list does not know: %(names)s.") % {"names": ", ".join(unknown)[:200]})


# --- columns ----------------------------------------------------------------------------------------------------------


def _columns(request: HttpRequest, facts: Mapping[str, Fact]) -> list[str]:
    """As the address says, else as last chosen in this browser, else the usual ones. The name stands first."""
    given = request.GET.getlist("columns")
    names = [name for part in given for name in part.split(",") if name]
    if not names:
        names = [name for name in request.COOKIES.get(REMEMBERED, "").split("~") if name in facts]
    names = names or list(DEFAULT_COLUMNS)
    return list(dict.fromkeys(["name", *names]))


def _remember(response: HttpResponse, chosen: Sequence[str]) -> None:
    from django.conf import settings

    response.set_cookie(
        REMEMBERED,
        "~".join(chosen),
        max_age=_A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _golden(actor: Actor, rows: Sequence[dict[str, Any]], today: date, rules: House) -> set[int]:
    """Who of those on the page is gold, for whoever may see what customers bought."""
    return golden([row["number"] for row in rows], today, rules) if actor.may("trade.view") else set()


def _heads(asked: QueryDict, chosen: Sequence[str], facts: Mapping[str, Fact]) -> Iterator[Column]:
    order = asked.get("order", "")
    bare, descending = order.removeprefix("-"), order.startswith("-")
    for name in chosen:
        fact = facts[name]
        here = name == (bare or "name")
        turned = f"-{name}" if here and not descending else name
        sort = "" if fact.protection == "sealed" else _address(asked, order=turned, **_ANEW)
        state = ("descending" if descending else "ascending") if here else ""
        yield Column(name, _capital(str(fact.label)), fact.type in _NUMERIC, state, sort, name == "name")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- addresses --------------------------------------------------------------------------------------------------------


def _address(asked: QueryDict, **changes: Any) -> str:
    """This list with some of its parameters changed; None takes one away."""
    kept = {name: asked[name] for name in asked if name in _ASKED} | changes
    told = {name: value for name, value in kept.items() if value not in (None, "")}
    return f"?{urlencode(told)}" if told else reverse("customers")


def _query(asked: QueryDict, *names: str) -> str:
    """`?at=…` of what is asked; nothing where nothing is."""
    told = urlencode({name: asked[name] for name in names if asked.get(name)})
    return f"?{told}" if told else ""


def _turning(asked: QueryDict, following: str | None, shown: int) -> dict[str, Any]:
    """Where the next and the earlier page lie, and which rows these are."""
    began = asked.get("from", "")
    begin = int(began) if began.isdecimal() else 1
    trail = [each for each in asked.get("trail", "").split(".") if each]
    here = asked.get("after") or "-"
    onward = ".".join([*trail, here][-_TRAIL:])
    turning: dict[str, Any] = {"begin": begin, "end": begin + shown - 1, "next": "", "earlier": ""}
    if following:
        turning["next"] = _address(asked, after=following, trail=onward, **{"from": begin + shown})
    if asked.get("after"):
        last = trail[-1] if trail else "-"
        back = None if last == "-" else last
        before = None if back is None else max(1, begin - A_PAGE)
        turning["earlier"] = _address(asked, after=back, trail=".".join(trail[:-1]), **{"from": before})
    return turning


def _links(asked: QueryDict) -> dict[str, str]:
    return {
        "show_archived": _address(asked, archived="yes", **_ANEW),
        "hide_archived": _address(asked, archived=None, **_ANEW),
        "show_prospects": _address(asked, prospects="yes", **_ANEW),
        "hide_prospects": _address(asked, prospects=None, **_ANEW),
        "everyone": _address(asked, criteria=None, **_ANEW),
        "query": urlencode({name: asked[name] for name in _OF_A_LIST if asked.get(name)}),
    }


# --- errors and free text ---------------------------------------------------------------------------------------------


def _slip(request: HttpRequest, error: CriteriaError) -> Slip:
    text = request.GET.get("criteria", "")
    begin = error.more.get("offset", 0)
    end = begin + error.more.get("length", 0)
    if not text:
        return Slip(str(error), "", "", "", ())
    near = [name for name in error.more.get("nearest", ()) if text[begin:end]]
    meant = [(name, text[:begin] + name + text[end:]) for name in near]
    offers = tuple((name, _address(request.GET, **{**_ANEW, "criteria": criteria})) for name, criteria in meant)
    return Slip(str(error), text[:begin], text[begin:end] or "\u00a0", text[end:], offers)


def _found(request: HttpRequest) -> HttpResponse:
    """What was typed into the search box, as criteria that can be read and refined. A number leads to its card."""
    text = request.GET.get("find", "").strip()
    number = _number_of(actor_of(request), text)
    to = f"/customers/{number}/" if number else reverse("customers")
    if not number and text:
        to += f"?criteria={quote(as_criteria(text))}"
    return HttpResponse(status=302, headers={"Location": to})


def _number_of(by: Actor, text: str) -> int | None:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    return visible(by).filter(pk=int(text)).values_list("pk", flat=True).first()


def as_criteria(text: str) -> str:
    """`jonson` → `name ~ "jonson"`; an address, a phone number, a postcode are told from how they look."""
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    digits = re.sub(r"[\s()/.\-]", "", text)
    if "@" in text:
        return f"email contains {quoted}"
    if re.fullmatch(r"\+?\d{6,}", digits):
        return f'phone contains "{digits.lstrip("+0")}"'
    if digits.isdigit():
        return f"postcode startswith {quoted} or reference = {quoted}"
    return f"name ~ {quoted}"

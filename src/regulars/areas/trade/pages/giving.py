"""What was given in a year, on screen and on paper: all who gave, the receipt of one, the receipts of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from regulars.areas.access.actions import reads
from regulars.areas.customers.queries import cards_json
from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import House, house
from regulars.areas.journal.queries import looking_back
from regulars.areas.trade import actions, queries
from regulars.areas.trade.forms import WhichYear
from regulars.areas.trade.models import GivingReceipt
from regulars.areas.trade.pages.purchases import A_PAGE, day_shown
from regulars.kernel import postal, saying
from regulars.kernel.http import actor_of, done, show

_SHEETS = 200  # on one page to be printed
_ADDRESS = ("street", "street2", "city", "region", "postcode", "country")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A receipt as it is printed, in the giver's language; `serial` and `at` are those of one that was given out."""

    language: str
    address: Sequence[str]
    year: int
    gifts: Sequence[queries.Gift]
    total: tuple[int, str]
    serial: int | None = None
    at: datetime | None = None

    @property
    def foreign(self) -> bool:
        """Whether something was given in another currency than that of the sum."""
        return any(gift.currency != self.total[1] for gift in self.gifts)


@require_safe
@looks_back
def donations(request: HttpRequest) -> HttpResponse:
    """Who gave in a year, the highest sum first; this year where none is asked for."""
    actor, form, year = actor_of(request), WhichYear(request.GET), day_shown().year
    rows, following = list[queries.Year](), ""
    if form.is_valid():
        year = form.cleaned_data["year"] or year
        rows, following = queries.giver_page(actor, year, after=request.GET.get("after", ""), limit=A_PAGE)
        reads(actor, timezone.now(), len(rows))
        form = WhichYear(initial={"year": year})
    later = request.GET.copy()
    later["after"] = following
    may_give = looking_back() is None and actor.may("trade.correct")
    return show(
        request,
        "trade/donations.html",
        status=422 if form.errors else 200,
        form=form,
        year=year,
        rows=rows,
        more=later.urlencode() if following else "",
        may_give=may_give,
        given_out=any(each.receipt for each in rows),
        waiting=any(not each.stands for each in rows) or following,
    )


@require_safe
@looks_back
def receipt(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The receipt of one customer for a year: as it was given out where it stands, else as it would be given out."""
    actor = actor_of(request)
    given = queries.year_of(actor, number, year)
    reads(actor, timezone.now())
    kept = given.receipt if given.stands else None
    sheets = _sheets(request, [(given.number, year, given.gifts, given.total, kept)]) if given.gifts else []
    may_give = looking_back() is None and actor.may("trade.record")
    before = (given.receipt.amount, given.receipt.currency) if given.receipt else None
    context: dict[str, Any] = {"given": given, "sheets": sheets, "before": before, "may_give": may_give}
    return show(request, "trade/receipt.html", **context)


@require_POST
def receipt_give(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Gives it out."""
    changeset = actions.give_receipt(customer=number, year=year, by=actor_of(request), at=timezone.now())
    notice = _("Given out. Print it now.") if changeset else _("It was given out already, and nothing differs.")
    return done(request, reverse("trade:receipt", args=(year, number)), notice=notice, changeset=changeset)


@require_safe
@looks_back
def receipts(request: HttpRequest, year: int) -> HttpResponse:
    """All receipts of a year that were given out, to be printed, each on a page of its own."""
    actor = actor_of(request)
    rows, following = queries.receipts_of(actor, year, after=request.GET.get("after", ""), limit=_SHEETS)
    reads(actor, timezone.now(), len(rows))
    told = [(row.customer_id or 0, year, _gifts(row), (row.amount, row.currency), row) for row in rows]
    later = request.GET.copy()
    later["after"] = following
    more = later.urlencode() if following else ""
    return show(request, "trade/receipts.html", year=year, sheets=_sheets(request, told), more=more)


@require_POST
def receipts_give(request: HttpRequest, year: int) -> HttpResponse:
    """Gives out all that are missing or differ, as one deed."""
    changeset, count = actions.give_receipts(year=year, by=actor_of(request), at=timezone.now())
    notice = _("All were given out already, and nothing differs.")
    if changeset:
        told = ngettext(
            "%(count)s receipt is given out. Print it now.", "%(count)s receipts are given out. Print them now.", count
        )
        notice = told % {"count": saying.count(count)}
    return done(request, reverse("trade:receipts", args=(year,)), notice=notice, changeset=changeset)


def _gifts(row: GivingReceipt) -> list[queries.Gift]:
    return [queries.Gift.told(each) for each in row.gifts]


def _sheets(request: HttpRequest, told: Sequence[tuple[Any, ...]]) -> list[Sheet]:
    """The sheets of (customer, year, gifts, total, receipt that was given out or None)."""
    rules, numbers = house(), [each[0] for each in told]
    cards = {card["number"]: card for card in cards_json(actor_of(request), numbers)}
    found = []
    for number, year, gifts, total, kept in told:
        if (card := cards.get(number)) is not None:
            at = (kept.serial, kept.at) if kept else (None, None)
            found.append(Sheet(_language(card, rules), _address(card, rules), year, gifts, total, *at))
    return found


def _language(card: dict[str, Any], rules: House) -> str:
    """The giver's language where the house's forms know it, else the main language of the house."""
    spoken = str(card["language"] or "").partition("-")[0]
    known = dict(settings.LANGUAGES)
    return spoken if spoken in known else rules.default_language if rules.default_language in known else "en"


def _address(card: dict[str, Any], rules: House) -> list[str]:
    """The name, and the first address that holds today, as its country writes it."""
    day = rules.day(timezone.now()).isoformat()
    holding = [each for each in card["addresses"] if not each["valid_to"] or each["valid_to"] >= day]
    if not holding:
        return [card["name"]]
    parts = {name: str(holding[0].get(name) or "") for name in _ADDRESS}
    return [card["name"], *postal.address_lines(parts, at_home=rules.country)]

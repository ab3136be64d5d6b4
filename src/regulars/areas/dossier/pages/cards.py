"""The card as it is read: whole, or one block of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.areas.access.actions import reads
from regulars.areas.consent.queries import on_card
from regulars.areas.customers.card.salutation import salutation
from regulars.areas.customers.models import LABELS, STANDINGS
from regulars.areas.customers.queries import forgotten_on, stale_before
from regulars.areas.customers.queries.proposals import proposals_on
from regulars.areas.dossier import queries
from regulars.areas.dossier.face import asking, layout, matters, showing
from regulars.areas.dossier.pages import recent
from regulars.areas.house.forms import looks_back
from regulars.areas.house.queries import House, house
from regulars.areas.journal.queries import KINDS, changes, looking_back, timeline_of
from regulars.areas.trade.queries import kept_for, latest_with_totals, standing_of, there_is
from regulars.kernel import saying
from regulars.kernel.errors import Gone, NotFound
from regulars.kernel.http import actor_of, is_htmx, show

LATEST = 10


@require_safe
@looks_back
def card(request: HttpRequest, number: int) -> HttpResponse:
    """The card; of one that is gone, to whoever reads the journal, the deed that took it away; of one who was
    forgotten, that."""
    actor = actor_of(request)
    try:
        look = queries.look(actor, number)
    except Gone as gone:
        return show(request, "dossier/forgotten.html", status=gone.status, number=number, at=forgotten_on(number))
    except NotFound:
        may_read = actor.may("customers.view") and actor.may("journal.view") and looking_back() is None
        last = changes(customer=number, limit=1) if may_read else []
        if not last:
            raise
        may = actor.may("customers.forget")
        return show(request, "dossier/gone.html", status=404, number=number, deeds=last, may_forget=may)
    if look.number != number:
        then = f"?at={quote(request.then)}" if request.then else ""  # type: ignore[attr-defined]
        return HttpResponse(status=302, headers={"Location": reverse("dossier:card", args=[look.number]) + then})
    reads(actor, timezone.now())
    return recent.remember(request, show(request, "dossier/card.html", **card_context(request, look)), look.number)


@require_safe
def block(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One block as it is read; a whole page where no script asked."""
    look = queries.look(actor_of(request), number)
    here = layout.block_named(name)
    context = block_context(request, look, here)
    return show(request, "dossier/block.html", part="block", **context)


@require_safe
def pick(request: HttpRequest) -> HttpResponse:
    """Customers whose name begins as typed: for fields that name another card."""
    text = str(request.GET.get("q") or next(iter(request.GET.values()), ""))[:100]
    people = queries.pick(actor_of(request), text)
    return show(request, "dossier/pick.html", part="options", people=people, text=text)


def card_context(request: HttpRequest, look: queries.Look) -> dict[str, Any]:
    """What the whole card needs: its head, its blocks by column, its latest history."""
    shown = shown_blocks(request, look)
    columns: dict[str, list[showing.ShownBlock]] = {}
    for each in shown:
        columns.setdefault(each.block.column, []).append(each)
    actor = actor_of(request)
    told = about(request, look)
    there = there_is(actor, look.number, told["day"])
    return {
        **told,
        "tab": "card",
        "proposals": proposals_on(look.number) if looking_back() is None else [],
        "merged": queries.merged_into(actor, look.number),
        "columns": columns,
        "purchases": latest_with_totals(actor, look.number) if there.bought else [],
        "kept": kept_for(actor, look.number, told["day"], there),
        "to_add": showing.still_to_add(shown, look.card),
        **timeline(request, look.number),
    }


def about(request: HttpRequest, look: queries.Look) -> dict[str, Any]:
    """What every page and part of this customer knows: who she is, what the asker may do."""
    actor, now = actor_of(request), timezone.now()
    answers = on_card(look.number, look.card["standings"])
    rules, present = rules_of(request), looking_back() is None
    answered = any(each.word != "none" for line in answers for each in line if each.purpose == "offers")
    greeting = salutation(look.card, otherwise=rules.default_language)
    may_edit = actor.may("customers.edit")
    then = looking_back()
    day = rules.day(then.at if then else now)
    bought = standing_of(look.number, day, rules) if actor.may("trade.view") else None
    return {
        "look": look,
        "day": day,
        "standing": bought,
        "may_reserve": actor.may("trade.record") and present,
        "card": look.card,
        "head": showing.head(look.card, layout.block_named("name").parts[0], greeting),
        "matters": matters.matters(look.card, look.birth_day, rules.day(now)) if present else [],
        "questions": _questions(look.card, answered, stale_before(rules, now)) if present and may_edit else [],
        "marks": [(kind, label, kind in look.card["standings"]) for kind, label in STANDINGS if kind != "archived"],
        "number": look.number,
        "labels": LABELS,
        "table": answers,
        "refusals": [
            str(label)
            for label in dict.fromkeys(
                each.channel_label for line in answers for each in line if each.word == "refused"
            )
        ],
        "confirmed": saying.day(look.card["confirmed"]) if look.card["confirmed"] else "",
        "confirmed_today": not present or look.card["confirmed"] == rules.day(now).isoformat(),
        "may_read": actor.may("journal.view"),
        "may_edit": may_edit,
        "may_unmask": actor.may("customers.unmask") and looking_back() is None,
        "may_archive": actor.may("customers.archive"),
        "may_merge": actor.may("customers.merge") and present,
        "may_forget": actor.may("customers.forget"),
        "is_htmx": is_htmx(request),
    }


def _questions(card: Mapping[str, Any], answered: bool, old: date) -> list[asking.Question]:
    return asking.questions(card, answered=answered, old=old)


def block_context(request: HttpRequest, look: queries.Look, here: layout.Block) -> dict[str, Any]:
    """What one block needs, read or edited."""
    return {**about(request, look), "shown": showing.shown_block(here, look.card, ground(request, look)), "block": here}


def shown_blocks(request: HttpRequest, look: queries.Look) -> list[showing.ShownBlock]:
    on = ground(request, look)
    return [showing.shown_block(each, look.card, on) for each in layout.blocks()]


def rules_of(request: HttpRequest) -> House:
    """The house's settings; whoever sits at the door has read those of today."""
    known: House | None = getattr(request, "house", None) if looking_back() is None else None
    return known or house()


def ground(request: HttpRequest, look: queries.Look) -> showing.Ground:
    return showing.Ground(rules_of(request).country, queries.named_on(actor_of(request), look))


def timeline(
    request: HttpRequest, number: int, *, kind: str = "", before: int | None = None, limit: int = LATEST
) -> dict[str, Any]:
    """What was done to this customer, for whoever reads the journal; in the past, what had been done by then."""
    actor, then = actor_of(request), looking_back()
    if not actor.may("journal.view"):
        return {"deeds": [], "older": None}
    upto = then.link if then else None
    deeds, older = timeline_of(number, by=actor, kind=kind, before=before, upto=upto, limit=limit)
    return {"deeds": deeds, "older": older, "kind": kind, "kinds": KINDS.items()}

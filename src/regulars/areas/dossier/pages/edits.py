"""Editing in place: one part of a block becomes a form, is saved by one action, and is read again.

Without a script each form is a page of its own. An edit made on an old view shows the newer value, who and when, and
asks: mine or theirs.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.areas.customers.actions import edit_customer
from regulars.areas.dossier import queries
from regulars.areas.dossier.face import layout, showing
from regulars.areas.dossier.forms import CardForm, ItemForm, OwnForm
from regulars.areas.dossier.pages.alike import FOUND, Alike, asked
from regulars.areas.dossier.pages.cards import block_context, shown_blocks, timeline
from regulars.kernel.errors import NotFound, Refused, Stale
from regulars.kernel.http import actor_of, done, is_htmx, show

PAGE = "dossier/block.html"


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Several facts of the customer's own row, or a new row of a group."""
    here, part = layout.part_named(name)
    look = queries.look(actor_of(request), number)
    if part.group is None:
        form: CardForm = OwnForm(request.POST or None, part=part, card=look.card)
    else:
        form = ItemForm(request.POST or None, part=part, card=look.card)
    return _answer(request, look, here, part, form)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, number: int, name: str, key: str) -> HttpResponse:
    """One row that stands in a group."""
    here, part = layout.part_named(name)
    look = queries.look(actor_of(request), number)
    form = ItemForm(request.POST or None, part=part, card=look.card, item=_standing(look.card, part, key))
    return _answer(request, look, here, part, form, key)


@require_POST
def remove(request: HttpRequest, number: int, name: str, key: str) -> HttpResponse:
    """Takes one row off the card."""
    here, part = layout.part_named(name)
    card = {part.group or "": [{"key": key, "remove": True}]}
    changeset = edit_customer(number=number, card=card, by=actor_of(request), at=timezone.now())
    return _saved(request, number, here, changeset, _("Taken off the card."))


def _standing(card: Mapping[str, Any], part: layout.Part, key: str) -> Mapping[str, Any]:
    for each in card.get(part.group or "", ()):
        if isinstance(each, Mapping) and each.get("key") == key:
            return each
    raise NotFound(_("That value is no longer on the card."))


def _answer(
    request: HttpRequest, look: queries.Look, here: layout.Block, part: layout.Part, form: CardForm, key: str = ""
) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, look, here, part, form, key)
    if not form.is_valid():
        return _ask(request, look, here, part, form, key, status=422)
    try:
        patch = _patch(request, form)
        alike = asked(request, patch, number=look.number)
        if alike.open:
            return _ask(request, look, here, part, form, key, status=FOUND, alike=alike)
        changeset = edit_customer(
            number=look.number,
            card=patch,
            by=actor_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
            apart=alike.apart,
        )
    except Stale as stale:
        return _ask(request, look, here, part, form, key, status=stale.status, stale=stale)
    except Refused as refused:
        form.refuse(refused)
        return _ask(request, look, here, part, form, key, status=422)
    return _saved(request, look.number, here, changeset, _("Saved.") if changeset else _("Nothing was different."))


def _patch(request: HttpRequest, form: CardForm) -> dict[str, Any]:
    """What the form changes; names typed for other cards become their numbers, tags are split at commas."""
    patch: dict[str, Any] = form.patch()  # type: ignore[attr-defined]
    actor = actor_of(request)
    for name, typed in patch.items():
        if isinstance(typed, str) and form.facts[name].type == "customer":
            patch[name] = queries.number_named(actor, typed, where=name)
    for each in patch.get("relations", ()):
        if isinstance(each.get("number"), str):
            each["number"] = queries.number_named(actor, each["number"], where="relations.number")
    if "tags" in patch:
        patch["tags"] = [tag for each in patch["tags"] for tag in str(each.get("tag") or "").split(",") if tag.strip()]
    return patch


def _ask(
    request: HttpRequest,
    look: queries.Look,
    here: layout.Block,
    part: layout.Part,
    form: CardForm,
    key: str,
    *,
    status: int = 200,
    stale: Stale | None = None,
    alike: Alike | None = None,
) -> HttpResponse:
    """The block with this part as a form."""
    address = reverse("dossier:item" if key else "dossier:edit", args=[look.number, part.name, *([key] if key else [])])
    context = block_context(request, look, here)
    clashes = _clashes(part, form, stale) if stale else []
    if stale:
        form.now_seen(int(stale.more["version"]))
    return show(
        request,
        PAGE,
        part="block",
        status=status,
        **context,
        form=form,
        editing=part,
        editing_key=key,
        form_address=address,
        clashes=clashes,
        alike=alike,
    )


def _clashes(part: layout.Part, form: CardForm, stale: Stale) -> list[dict[str, str]]:
    facts = {**form.facts, **{_column(fact): fact for fact in form.facts.values()}}
    return [showing.clash(facts, each, part.label) for each in stale.more.get("newer", ())]


def _column(fact: Any) -> str:
    return str(getattr(fact.source, "column", fact.name))


def _saved(request: HttpRequest, number: int, here: layout.Block, changeset: int | None, notice: str) -> HttpResponse:
    """The block as it reads now; beside it the head, the latest history and the notice with its undo."""
    to = reverse("dossier:card", args=[number]) + f"#block-{here.name}"
    if not is_htmx(request):
        return done(request, to, notice=notice, changeset=changeset)
    look = queries.look(actor_of(request), number)
    context = {**block_context(request, look, here), **timeline(request, number)}
    context["to_add"] = showing.still_to_add(shown_blocks(request, look), look.card)
    return done(request, to, notice=notice, changeset=changeset, template=PAGE, part="saved", **context)

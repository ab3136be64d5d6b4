"""Cards over HTTP: added, read, edited, put away; their standings, files, history and masked values."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Path, Query
from ninja.files import UploadedFile
from pydantic import Field

from regulars.areas.access.actions import reads
from regulars.areas.customers import actions, models, queries
from regulars.areas.customers.actions.files import LARGEST
from regulars.areas.customers.card import shapes
from regulars.areas.house.queries import looking_at, moment_asked
from regulars.areas.journal.endpoints import At, ChangeWithFields, Undoable, page_of_deeds
from regulars.areas.journal.queries import Deed, as_of, changeset_of, history_of
from regulars.kernel.api import Routes, Shape, answer, bytes_answer, seen_version
from regulars.kernel.errors import NotAllowed
from regulars.kernel.http import actor_of

routes = Routes("Customers")
Number = Annotated[int, Path(ge=1, le=2**53 - 1, description="The customer's number.")]
Kind = Annotated[Literal["archived", "deceased", "do_not_contact", "minor", "secret_address", "prospect"], Path()]
Key = Annotated[str, Path(max_length=320, description="The `key` of the row on the card.")]
VIEW = ("customers.view",)  # what is answered is the card
Card, CardAdded = shapes.card(), shapes.card_added()
CardInput: Any = shapes.card_input()
ETAG = {"headers": {"ETag": {"description": "The card's version, for `If-Match`.", "schema": {"type": "string"}}}}


class Reason(Shape):
    reason: str = Field("", max_length=300, description="Why; it stands in the journal.")


class Look(Shape):
    fact: str = Field(max_length=100, description="The masked or sealed fact, `birth_date` or `iban`.")
    key: str = Field("", max_length=320, description="Which of several rows.")
    reason: str = Field("", max_length=300, description="Why; it stands in the journal.")


class Seen(Shape):
    fact: str
    value: str


class Fate(Shape):
    name: str = Field(description="The holding, `customers.contactpoint`, or what is kept beside rows.")
    label: str = Field(description="What that is, in the language asked for.")
    then: Literal["erase", "blank", "keep"] = Field(
        description="It goes; it stays without what named this customer; it stays."
    )
    count: int | None = Field(description="How much of it is this customer's; null where that cannot be counted.")
    why: str


class Forgotten(Shape):
    number: int
    changeset: int | None = Field(description="The deed; null in a dry run.")
    holdings: list[Fate] = Field(description="What goes, what stays and why.")
    cards: list[int] = Field(description="The numbers of other cards that named this customer.")


class FieldInput(Shape):
    """A fact of the business's own."""

    label: str = Field(min_length=1, max_length=100)
    type: Literal["text", "number", "decimal", "money", "date", "code", "yesno", "sealed"]
    name: str = Field("", pattern="^([a-z][a-z0-9_]{0,59})?$", description="Made from the label if left out.")
    choices: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field([], max_length=200)
    purpose: str = Field("", max_length=300, description="What it is kept for; it stands in the data map.")
    keep: int | None = Field(
        None, ge=1, le=models.CustomField.LONGEST_KEPT, description="Days after the relation ends."
    )
    protection: Literal["open", "masked"] = "open"


class FieldPatch(Shape):
    label: str | None = Field(None, min_length=1, max_length=100)
    choices: list[Annotated[str, Field(min_length=1, max_length=100)]] | None = Field(None, max_length=200)
    purpose: str | None = Field(None, max_length=300)
    keep: int | None = Field(None, ge=1, le=models.CustomField.LONGEST_KEPT)
    protection: Literal["open", "masked"] | None = None


class FieldShown(Shape):
    name: str = Field(description="`custom.NAME` in criteria, columns and imports.")
    label: str
    type: str
    choices: list[str]
    purpose: str
    keep: int | None
    protection: str


# --- cards ----------------------------------------------------------------------------------------------------------


@routes.post("/customers", right="customers.edit", also=VIEW, gives={201: CardAdded}, extra={"responses": {201: ETAG}})
def add_customer(request: HttpRequest, card: CardInput) -> HttpResponse:
    """Add a customer.

    A card needs one of: a name part, an organisation name, a contact point, a reference. What you send is cleaned
    (phones to E.164, countries to their code); the answer is the card as it is kept, with the customers who may be the
    same.
    """
    told: dict[str, Any] = {"card": shapes.as_sent(card), "by": actor_of(request), "at": timezone.now()}
    alike = [each.as_json() for each in actions.whom_it_could_be(**told)]
    return _shown(request, actions.add_customer(**told), status=201, deed=True, possible_duplicates=alike)


@routes.get(
    "/customers/{number}",
    right="customers.view",
    gives={200: Card},
    refuses=(404, 410),
    extra={"responses": {200: ETAG}},
)
def show_customer(request: HttpRequest, number: Number, at: At = "") -> HttpResponse:
    """Show a customer.

    The number of a merged card answers with its keeper. Masked facts show that there is a value; sealed ones end in
    their last signs, a third of them at most. With `at` as the card stood then, without an ETag; what is masked today
    is masked there, too.
    """
    moment = moment_asked(at, now=timezone.now())
    reads(actor_of(request), timezone.now())
    if moment is None:
        return _shown(request, number)
    with as_of(moment):
        return answer(queries.card_json(actor_of(request), number))


@routes.patch(
    "/customers/{number}",
    right="customers.edit",
    also=VIEW,
    gives={200: Card},
    refuses=(400, 404, 410, 412, 428),
    extra={
        "responses": {200: ETAG},
        "parameters": [
            {
                "in": "header",
                "name": "If-Match",
                "required": True,
                "description": "The ETag of the card you edited, or `*` for whatever stands.",
                "schema": {"type": "string", "pattern": '^(\\*|"[0-9]{1,15}")$'},
                "example": '"17"',
            }
        ],
    },
)
def edit_customer(request: HttpRequest, number: Number, card: CardInput) -> HttpResponse:
    """Edit a customer.

    Only what you send changes; null empties a fact. In a list such as `emails` an item whose value, or `key`, stands
    on the card changes that row, any other is added, `{"key": …, "remove": true}` takes one away; rows you do not name
    stay. Made on an old version it is refused with 412, and `newer` lists what was changed since, by whom and when.
    """
    seen = seen_version(request)
    changeset = actions.edit_customer(
        number=number, card=shapes.as_sent(card), by=actor_of(request), at=timezone.now(), seen=seen, whole=True
    )
    return _shown(request, number, changeset=changeset)


@routes.delete("/customers/{number}", right="customers.archive", also=VIEW, gives={200: Card}, refuses=(404, 410))
def archive_customer(request: HttpRequest, number: Number) -> HttpResponse:
    """Archive a customer.

    The card leaves the lists on screen and stays findable: `archived` in criteria. Taking the standing away, or
    undoing the deed, brings it back.
    """
    changeset = actions.archive_customer(number=number, by=actor_of(request), at=timezone.now())
    return _shown(request, number, changeset=changeset)


@routes.post(
    "/customers/{number}/delete", right="customers.archive", also=VIEW, gives={200: Undoable}, refuses=(404, 410)
)
def delete_customer(request: HttpRequest, number: Number) -> HttpResponse:
    """Delete a customer.

    Takes the card out of the present; undoing the deed brings it back whole. The number is never used again. Refused
    while other cards name this one.
    """
    changeset = actions.delete_customer(number=number, by=actor_of(request), at=timezone.now())
    return answer({"changeset": changeset}, changeset=changeset)


@routes.post(
    "/customers/{number}/forget", right="customers.forget", also=VIEW, gives={200: Forgotten}, refuses=(404, 410)
)
def forget_customer(
    request: HttpRequest,
    number: Number,
    dry_run: Annotated[bool, Query(description="Only say what goes, what stays and why.")] = False,
) -> HttpResponse:
    """Forget a customer for good.

    The card goes out of the register, out of its history, out of files that were brought in and out of what was kept
    of answers and work. Nothing takes it back. Afterwards its number answers 410, and is never given again.
    """
    by = actor_of(request)
    if dry_run:
        told = actions.what_would_go(number=number, by=by)
    else:
        told = actions.forget_customer(number=number, by=by, at=timezone.now())
    return answer(told.as_json(), changeset=told.changeset)


@routes.get(
    "/customers/{number}/history", right="journal.view", also=VIEW, gives=list[ChangeWithFields], refuses=(404, 410)
)
def show_history(
    request: HttpRequest,
    number: Number,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> HttpResponse:
    """Show what was done to a customer.

    Newest first, each deed with the values it changed. `Link: rel="next"` leads to the next page.
    """
    actor = actor_of(request)
    row = queries.card_for(actor, number)

    def page(before: int | None, many: int) -> list[Deed]:
        return history_of(row.pk, by=actor, before=before, limit=many)

    return page_of_deeds(request, page, after, limit)


@routes.post("/customers/{number}/unmask", right="customers.unmask", also=VIEW, gives={200: Seen}, refuses=(404, 410))
def unmask_customer(request: HttpRequest, number: Number, look: Look) -> HttpResponse:
    """Look at a masked value.

    Who looked, when and why stands in the journal before the value is given.
    """
    value = actions.unmask(
        number=number, fact=look.fact, key=look.key, reason=look.reason, by=actor_of(request), at=timezone.now()
    )
    return answer({"fact": look.fact, "value": value})


def _shown(
    request: HttpRequest, number: int, *, status: int = 200, changeset: int | None = None, deed: bool = False,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    card = {**queries.card_json(actor_of(request), number), **more}
    made = changeset_of(card["version"]) if deed else changeset
    location = f"/api/v1/customers/{card['number']}" if status == 201 else ""
    return answer(card, status=status, version=card["version"], changeset=made, location=location)


# --- standings ------------------------------------------------------------------------------------------------------


@routes.put("/customers/{number}/standings/{kind}", right="customers.edit", also=VIEW, gives=Card, refuses=(404, 410))
def give_standing(request: HttpRequest, number: Number, kind: Kind, given: Reason) -> HttpResponse:
    """Mark a customer.

    `prospect` says that this one is not a customer yet: kept, found, and apart in every count.
    Deceased and do-not-contact customers are kept and left in peace by every list, label, mail and export. `archived`
    needs the right to archive. Giving a standing twice changes nothing.
    """
    _may_archive(request, kind)
    at, by = timezone.now(), actor_of(request)
    if kind == "archived":
        changeset = actions.archive_customer(number=number, by=by, at=at, reason=given.reason)
    else:
        changeset = actions.give_standing(number=number, kind=kind, by=by, at=at, reason=given.reason)
    return _shown(request, number, changeset=changeset)


@routes.delete(
    "/customers/{number}/standings/{kind}", right="customers.edit", also=VIEW, gives=Card, refuses=(404, 410)
)
def take_standing(request: HttpRequest, number: Number, kind: Kind) -> HttpResponse:
    """Take a mark off a customer.

    To take `prospect` off is to make somebody a customer.
    """
    _may_archive(request, kind)
    at, by = timezone.now(), actor_of(request)
    if kind == "archived":
        changeset = actions.unarchive_customer(number=number, by=by, at=at)
    elif kind == "prospect":
        changeset = actions.become_customer(number=number, by=by, at=at)
    else:
        changeset = actions.take_standing(number=number, kind=kind, by=by, at=at)
    return _shown(request, number, changeset=changeset)


def _may_archive(request: HttpRequest, kind: str) -> None:
    if kind == "archived" and not actor_of(request).may("customers.archive"):
        raise NotAllowed(
            _("The right for this is missing. The owner of the house can give it."), right="customers.archive"
        )


# --- files ----------------------------------------------------------------------------------------------------------


@routes.post(
    "/customers/{number}/files",
    right="customers.edit",
    also=VIEW,
    gives={201: Card},
    refuses=(404, 410),
    largest=LARGEST + (1 << 16),
    file=True,
)
def add_file(request: HttpRequest, number: Number, file: Annotated[UploadedFile, File()]) -> HttpResponse:
    """Put a file on a card.

    Documents, pictures and plain text up to 20 MB, known by what they contain, not by their name. Kept enciphered.
    """
    content = file.read(LARGEST + 1)
    changeset = actions.add_file(
        number=number, name=file.name or "", content=content, by=actor_of(request), at=timezone.now()
    )
    return _shown(request, number, status=201, changeset=changeset)


@routes.get(
    "/customers/{number}/files/{key}",
    right="customers.view",
    gives={200: None},
    refuses=(404, 410),
    extra={"responses": {200: {"description": "The file.", "content": {"application/octet-stream": {}}}}},
)
def open_file(request: HttpRequest, number: Number, key: Key) -> HttpResponse:
    """Fetch a file of a card."""
    row, content = actions.open_file(number=number, key=key, by=actor_of(request))
    return bytes_answer(content, kind="application/octet-stream", name=row.name)


@routes.delete(
    "/customers/{number}/files/{key}", right="customers.edit", also=VIEW, gives={200: Card}, refuses=(404, 410)
)
def remove_file(request: HttpRequest, number: Number, key: Key) -> HttpResponse:
    """Take a file off a card."""
    changeset = actions.remove_file(number=number, key=key, by=actor_of(request), at=timezone.now())
    return _shown(request, number, changeset=changeset)


# --- the business's own facts -----------------------------------------------------------------------------------------

fields = Routes("Fields")


@fields.get("/fields", right="customers.view", gives=list[FieldShown])
def list_fields(request: HttpRequest, at: At = "") -> HttpResponse:
    """List the business's own facts, now or then."""
    with looking_at(at):
        return answer([_field(each) for each in models.CustomField.objects.order_by("name")])


@fields.post("/fields", right="house.settings", gives={201: FieldShown})
def define_field(request: HttpRequest, field: FieldInput) -> HttpResponse:
    """Define a fact of the business's own.

    Once defined it behaves as a built-in one: in criteria, lists, exports, imports and on the card. Its name and type
    stay, since values rest on them.
    """
    told = field.model_dump(exclude_unset=True)
    name = actions.define_field(by=actor_of(request), at=timezone.now(), **told)
    row = models.CustomField.objects.get(name=name)
    return answer(_field(row), status=201, location=f"/api/v1/fields/{name}", changeset=changeset_of(row.link))


@fields.patch("/fields/{name}", right="house.settings", gives=FieldShown, refuses=(404,))
def change_field(request: HttpRequest, name: Annotated[str, Path(max_length=60)], field: FieldPatch) -> HttpResponse:
    """Change the label, choices, purpose, retention or protection of a fact of the business's own."""
    told = field.model_dump(exclude_unset=True)
    changeset = actions.change_field(name=name, by=actor_of(request), at=timezone.now(), **told)
    return answer(_field(models.CustomField.objects.get(name=name)), changeset=changeset)


def _field(row: models.CustomField) -> dict[str, Any]:
    return {
        "name": row.name, "label": row.label, "type": row.type, "choices": row.choices, "purpose": row.purpose,
        "keep": row.keep, "protection": row.protection,
    }  # fmt: skip

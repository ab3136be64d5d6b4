"""Purchases over HTTP: read, put right, made void, given back."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query

from regulars.areas.house.queries import looking_at, today
from regulars.areas.journal.endpoints import At
from regulars.areas.trade import actions, queries
from regulars.areas.trade.endpoints.shapes import (
    Channel,
    LinePatch,
    PurchasePatch,
    PurchaseShown,
    ReturnInput,
    Serial,
    WhyVoid,
    day_of,
    scaled,
)
from regulars.areas.trade.models import Purchase
from regulars.kernel.api import AskedDay, Routes, answer, next_link
from regulars.kernel.errors import Refused
from regulars.kernel.http import actor_of

routes = Routes("Purchases")
_DELIVERY = ("promised", "sent", "delivered")


@routes.get("/purchases", right="trade.view", gives=list[PurchaseShown])
def list_purchases(
    request: HttpRequest,
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    place: Annotated[str, Query(max_length=40)] = "",
    channel: Annotated[Channel | Literal[""], Query()] = "",
    product: Annotated[str, Query(max_length=60, description="The number of a product that was bought.")] = "",
    late: Annotated[bool, Query(description="Those alone whose delivery came late, or has not come in time.")] = False,
    since: Annotated[AskedDay | None, Query(description="The first house day.")] = None,
    until: Annotated[AskedDay | None, Query(description="The last house day.")] = None,
    after: Annotated[str, Query(max_length=4000, description="Where the page before ended.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    at: At = "",
) -> HttpResponse:
    """List purchases, the newest day first."""
    with looking_at(at) as then:
        found = queries.purchases(
            actor_of(request), customer=customer, place=place, channel=channel, product=product, since=since,
            until=until, late_on=today(then) if late else None,
        )  # fmt: skip
        rows, following = queries.page_of(found, after, limit)
        lines = queries.lines_of_each(rows)
        headers = {"Link": f'<{next_link(request, following)}>; rel="next"'} if following else {}
        return answer([queries.as_json(row, lines[row.pk]) for row in rows], headers=headers)


@routes.get("/purchases/{serial}", right="trade.view", gives=PurchaseShown, refuses=(404,))
def show_purchase(request: HttpRequest, serial: Serial, at: At = "") -> HttpResponse:
    """Show a purchase with its lines, and what of each may still be given back."""
    with looking_at(at):
        row = queries.purchase_for(actor_of(request), serial)
        return answer(queries.as_json(row, queries.lines_of(row)))


@routes.post(
    "/purchases/{serial}/returns",
    right="trade.record",
    also=("trade.view",),
    gives={201: PurchaseShown},
    refuses=(404,),
)
def add_return(request: HttpRequest, serial: Serial, given: ReturnInput) -> HttpResponse:
    """Take lines of a purchase back, at the price that was paid or for another sum; or pay money back alone.

    Never more goes back than is left of the lines, and of what was paid.
    """
    by = actor_of(request)
    items = [(each.ordinal, scaled(each.quantity, f"lines.{at}.quantity")) for at, each in enumerate(given.lines)]
    amount = None if given.amount is None else scaled(given.amount, "amount")
    done = actions.return_lines(
        serial=serial, items=items, amount=amount, reason=given.reason, remark=given.remark, place=given.place,
        number=given.number, source=given.source, served_by=given.served_by, by=by, at=timezone.now(),
    )  # fmt: skip
    row = queries.purchase_for(by, done.serial)
    told = queries.as_json(row, queries.lines_of(row))
    return answer(told, status=201, changeset=done.changeset, location=f"/api/v1/purchases/{done.serial}")


@routes.patch("/purchases/{serial}", right="trade.correct", also=("trade.view",), gives=PurchaseShown, refuses=(404,))
def correct_purchase(request: HttpRequest, serial: Serial, given: PurchasePatch) -> HttpResponse:
    """Put a purchase right, or say how its delivery goes: promised, sent, delivered, damaged.

    What is said already changes nothing, so that the same call may come again. What was returned of it goes along to
    another customer. `lines` are all of its lines, each that stands by its ordinal; what went back of one stays.
    """
    told: dict[str, Any] = given.model_dump(exclude_unset=True, exclude={"lines"})
    for name in _DELIVERY:
        if told.get(name) is not None:
            told[name] = day_of(told[name], name)
    empty = {"customer", *_DELIVERY}
    told = {name: value for name, value in told.items() if value is not None or name in empty}
    by = actor_of(request)
    lines = None if given.lines is None else _lines(queries.purchase_for(by, serial), given.lines)
    changeset = actions.correct_purchase(serial=serial, changes=told, lines=lines, by=by, at=timezone.now())
    return answer(_shown(request, serial), changeset=changeset)


@routes.post(
    "/purchases/{serial}/void", right="trade.correct", also=("trade.view",), gives={200: PurchaseShown}, refuses=(404,)
)
def void_purchase(request: HttpRequest, serial: Serial, why: WhyVoid) -> HttpResponse:
    """Make a purchase void.

    It counts for nothing any more; its number stays taken. Refused while something of it was returned.
    """
    changeset = actions.void_purchase(serial=serial, reason=why.reason, by=actor_of(request), at=timezone.now())
    return answer(_shown(request, serial), changeset=changeset)


def _shown(request: HttpRequest, serial: int) -> dict[str, Any]:
    row = queries.purchase_for(actor_of(request), serial)
    return queries.as_json(row, queries.lines_of(row))


def _lines(row: Purchase, given: Sequence[LinePatch]) -> list[tuple[int | None, actions.NewLine]]:
    """Each line as the deed takes it, beside the ordinal of the one it puts right."""
    standing = {line.ordinal: line for line in queries.lines_of(row)}
    found: list[tuple[int | None, actions.NewLine]] = []
    for at, each in enumerate(given):
        stood = standing.get(each.ordinal) if each.ordinal is not None else None
        line = actions.as_told(stood) if stood else actions.NewLine(kind=each.kind or "sale")
        if each.kind not in (None, line.kind):
            raise Refused(_("A line stays of the kind it is: strike it and add another."), where=f"lines.{at}.kind")
        found.append((each.ordinal, _brought_to(line, each, f"lines.{at}")))
    return found


def _brought_to(line: actions.NewLine, given: LinePatch, where: str) -> actions.NewLine:
    told: dict[str, Any] = given.model_dump(exclude_unset=True, exclude_none=True, exclude={"ordinal", "kind"})
    for name in ("product", "text", "remark"):
        if name in told:
            told[name] = told[name].strip()
    if "warranty_until" in told:
        told["warranty_until"] = day_of(told["warranty_until"], f"{where}.warranty_until")
    for name in {"quantity", "price", "amount"} & set(told):
        told[name] = scaled(told[name], f"{where}.{name}")
    if told.get("product", line.product) != line.product:
        told = {"text": "", "warranty_until": None} | told  # those of the product
    fresh = any(told.get(name, getattr(line, name)) != getattr(line, name) for name in ("quantity", "price"))
    if fresh:
        told.setdefault("amount", None)  # price times quantity
    return line._replace(**told)

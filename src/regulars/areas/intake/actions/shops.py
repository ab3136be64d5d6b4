"""Online shops that tell of their orders: joined, parted from, listened to.

A call is believed by its signature alone (HMAC-SHA-256 of its bytes under the shop's secret). The same call again
changes nothing: what it tells of is known by its number. What cannot be kept is noted and answered all the same, or the
shop would send it for days and then stop sending anything.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from regulars.areas.customers.actions.cards import ground
from regulars.areas.customers.card import drafts
from regulars.areas.intake.actions.orders import Order, Otherwise, take_order
from regulars.areas.intake.models import Shop, ShopCall, ShopSecret
from regulars.areas.intake.queries.shops import RIGHT
from regulars.areas.intake.readers.shops import READERS, Told
from regulars.areas.journal.actions import deed
from regulars.areas.trade.actions import NewLine, NewPurchase, return_lines
from regulars.areas.trade.models import Purchase
from regulars.areas.trade.queries import known_numbers, lines_of, unpaid_of
from regulars.kernel import crypto, keyfile
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound, Refused
from regulars.kernel.money import SCALE, plain
from regulars.kernel.text import clean

KEPT = 200  # calls of one shop that are kept to be looked at
_PURPOSE = "shops"
_RIGHTS = frozenset({"trade.record", "trade.view", "customers.view", "customers.edit"})


class NotSigned(Refused):
    """A call whose signature does not fit."""

    code = "not_signed"
    status = 401


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a call: kept, known, passed (nothing to keep), refused. `error`: what there is to say of it."""

    outcome: str
    serial: int | None = None
    error: str = ""


def add_shop(*, name: str, kind: str, secret: str, by: Actor, at: datetime, place: str = "") -> tuple[Shop, str]:
    """Joins a shop; the shop and its secret, which is made where none is given and told this once. Raises Refused."""
    _may(by)
    name = clean(name)[:60]
    if not name or kind not in dict(Shop.KINDS):
        raise Refused(_("Give the shop a name, and say of which kind it is."), where="name")
    secret = secret.strip() or base64.urlsafe_b64encode(crypto.random_bytes(24)).decode()
    if len(secret) < 8:
        raise Refused(_("A secret of fewer than eight signs is guessed. Take a longer one."), where="secret")
    token = crypto.random_bytes(16).hex()
    with deed(verb="intake.shop_added", by=by, at=at, particulars={"name": name}) as link:
        if Shop.objects.filter(name=name).exists():
            raise Refused(_("There is a shop called “%(name)s” already.") % {"name": name}, where="name")
        shop = Shop(name=name, kind=kind, token=token, place=place.strip()[:40])
        link.add(shop)
        key = crypto.derive(keyfile.keys().fields, _PURPOSE)
        sealed = crypto.seal(crypto.key_id(key), key, secret.encode(), token.encode())
        ShopSecret.objects.create(token=token, sealed=sealed)
    return shop, secret


def remove_shop(*, name: str, by: Actor, at: datetime) -> int | None:
    """Parts from a shop: its address answers no more, its secret is gone for good. What it told of stays."""
    _may(by)
    with deed(verb="intake.shop_removed", by=by, at=at, particulars={"name": name}) as link:
        shop = Shop.objects.filter(name=name).first()
        if shop is None:
            raise NotFound(_("There is no shop called “%(name)s”.") % {"name": name})
        link.remove(shop)
        ShopSecret.objects.filter(token=shop.token).delete()
        ShopCall.objects.filter(token=shop.token).delete()
    return link.changeset


def hear(*, token: str, body: bytes, signature: str, topic: str, at: datetime) -> Heard:
    """Takes one call of a shop in. Raises NotFound for an address that is no shop's, NotSigned."""
    shop = Shop.objects.filter(token=token).first()
    secret = ShopSecret.objects.filter(token=token).first()
    if shop is None or secret is None:
        raise NotFound(_("There is nothing at this address."))
    _refuse_unsigned(secret, body, signature)
    told, heard = None, Heard("passed")
    try:
        told = _read(shop, body, topic)
        if told is not None:
            heard = _take_in_turn(shop, told, at)
    except Refused as refused:
        heard = Heard("refused", error=str(refused.message)[:300])
    number = told.number if told else ""
    ShopCall.objects.create(
        token=token, at=at, topic=topic[:60], number=number, outcome=heard.outcome, serial=heard.serial,
        error=heard.error, changed_at=_moment(told.changed) if told else None,
    )  # fmt: skip
    old = ShopCall.objects.filter(token=token).order_by("-id").values_list("id", flat=True)[KEPT : KEPT + 1].first()
    if old is not None:
        ShopCall.objects.filter(token=token, id__lte=old).delete()
    return heard


def _refuse_unsigned(secret: ShopSecret, body: bytes, signature: str) -> None:
    key = crypto.unseal(keyfile.opened_by(_PURPOSE), bytes(secret.sealed), secret.token.encode())
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if not crypto.same(crypto.mac(key, body), given):
        raise NotSigned(_("The signature does not fit: the secret here and that of the shop differ."))


def _read(shop: Shop, body: bytes, topic: str) -> Told | None:
    if topic and "order" not in topic:
        return None
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused(_("This is not JSON.")) from None
    return READERS[shop.kind](told) if isinstance(told, Mapping) else None


def _take_in_turn(shop: Shop, told: Told, at: datetime) -> Heard:
    """Takes it in; once more where another call of the same order was just being kept, so that it is known now."""
    try:
        return _take(shop, told, at)
    except Otherwise:
        raise
    except Refused as refused:
        if "serial" not in refused.more:
            raise
        return _take(shop, told, at)


def _take(shop: Shop, told: Told, at: datetime) -> Heard:
    by = Actor(kind="system", name=shop.name, rights=_RIGHTS, through="api", detail=f"shop {shop.name}")
    known = known_numbers(shop.name, [told.number]).get(told.number)
    if known is None and (told.gone or not told.items or _is_overtaken(shop, told)):
        return Heard("passed")  # cancelled before it came to be a purchase
    new = False
    if known is None:
        taken = take_order(order=_order(shop, told, at), by=by, at=at)
        known, new = taken.serial, taken.new  # another call may have kept it this very moment
    elif not told.back and not told.gone:
        try:
            take_order(order=_order(shop, told, at), by=by, at=at)
        except Otherwise as refused:
            return Heard("refused", known, str(refused.message)[:300])
    back, remark = _give_back(shop, told, known, by, at)
    return Heard("kept" if new or back else "known", known, remark)


def _is_overtaken(shop: Shop, told: Told) -> bool:
    """Whether a call that came before it says of a later moment that there is nothing to keep of this order."""
    changed = _moment(told.changed)
    passed = ShopCall.objects.filter(token=shop.token, number=told.number, outcome="passed")
    return changed is not None and passed.filter(changed_at__gte=changed).exists()


def _order(shop: Shop, told: Told, at: datetime) -> Order:
    lines = [NewLine(each.code, each.name, abs(each.quantity) or SCALE, None, each.amount) for each in told.items]
    new = NewPurchase(
        lines, source=shop.name, number=told.number, place=shop.place, channel="web", at=_moment(told.at) or at,
        currency=told.currency, note=told.note,
    )  # fmt: skip
    card = _readable(told.card, at)
    if told.reference:
        card["references"] = [{"source": shop.name, "value": told.reference}]
    return Order(new, buyer=card)


def _readable(card: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The card without what cannot be read: a purchase does not stay outside for a phone with a digit too many."""
    found: dict[str, Any] = {}
    on = ground(at)
    for name, value in card.items():
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            one = [part] if isinstance(value, list) else part
            try:
                drafts.read({name: one}, on)
            except Refused:
                continue
            found[name] = [*found.get(name, []), part] if isinstance(value, list) else part
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 1 < found.year < 9999 else None


def _give_back(shop: Shop, told: Told, serial: int, by: Actor, at: datetime) -> tuple[bool, str]:
    """Takes back what the order says was given back, each refund once; all that is left of an order that is gone.
    Whether there was anything, and what there is to say of it."""
    row = Purchase.objects.get(serial=serial)
    gone = f"{told.number}-cancelled"[:80]
    if row.void or known_numbers(shop.name, [gone]):
        return False, ""
    done, remark = False, ""
    for each in told.back:
        number = f"{told.number}-{each.number}"[:80]
        if known_numbers(shop.name, [number]):
            continue
        amount, left = each.amount, unpaid_of(row)
        if amount is not None and amount > left > 0:
            asked, amount = amount, left
            said = {"asked": plain(asked), "left": plain(left)}
            remark = _("%(asked)s was paid back there, and %(left)s here: no more of what was paid is left.") % said
        return_lines(serial=serial, items=each.items, amount=amount, reason="other", remark=each.reason, number=number,
                     source=shop.name, by=by, at=at)  # fmt: skip
        done = True
    if not told.gone:
        return done, remark
    left_over, money = [(line.ordinal, line.left) for line in lines_of(row) if line.left > 0], unpaid_of(row)
    if left_over or money:
        return_lines(serial=serial, items=left_over, amount=money, reason="other", number=gone, source=shop.name,
                     by=by, at=at)  # fmt: skip
        done = True
    return done, remark


def _may(by: Actor) -> None:
    if not by.may(RIGHT):
        raise NotAllowed(_("Only who may change the settings joins shops."), right=RIGHT)

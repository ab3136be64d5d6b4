"""Looking at what is masked: allowed by right, and always recorded."""

from datetime import datetime

from django.utils.translation import gettext as _

from regulars.areas.customers import models, queries
from regulars.areas.customers.card import sealing
from regulars.areas.customers.card.showing import key_of
from regulars.areas.journal.actions import deed
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, NotFound


def unmask(*, number: int, fact: str, key: str = "", by: Actor, at: datetime, reason: str = "") -> str:
    """The clear value of a masked or sealed fact. Who looked, when and why is in the journal before it is returned."""
    if not by.may("customers.unmask"):
        raise NotAllowed(_("You may not look at masked values."))
    declared = registries.facts().get(fact)
    if declared is None or declared.protection == "open":
        raise NotFound(_("%(fact)s is not a masked fact.") % {"fact": fact}, where="fact")
    with deed(verb="customers.unmasked", by=by, at=at, particulars={"number": number, "fact": fact}) as link:
        row = queries.card_for(by, number)
        clear = _clear(row, declared, key)
        link.add(models.Look(customer=row, fact=fact, reason=reason[:300], by=by.name, seen_at=at))
    return clear


def _clear(row: models.Customer, fact: registries.Fact, key: str) -> str:
    if isinstance(fact.source, registries.Column):
        return str(getattr(row, fact.source.column) or "")
    assert isinstance(fact.source, registries.Member)
    group = registries.groups()[fact.source.group]
    model = registries.model_named(group.model)
    rows = model._default_manager.filter(customer=row, **dict(group.where), **dict(fact.source.where))
    found = next((each for each in rows if not key or key_of(each) == key), None)
    if found is None:
        raise NotFound(_("That value is no longer on the card."), where=fact.name)
    if fact.protection == "sealed":
        return sealing.opened(found)
    return str(getattr(found, fact.source.column) or "")

"""The operators that each type of fact understands."""

from django.utils.translation import gettext as _

from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.errors import CriteriaError, either
from regulars.areas.segments.language.meaning import Relation
from regulars.kernel.registries import Asked, Column, Defined, Fact, Ledger, Several, model_named

EQUAL = ("=", "!=", "in")
EMPTY = ("is empty", "is not empty")
_ORDER = ("<", "<=", ">", ">=", "between")
_DAYS = ("before", "after", "in window")
_TEXT = (*EQUAL, *_ORDER, "startswith", "contains", "~", *EMPTY)

OPERATORS: dict[str, tuple[str, ...]] = {
    "text": _TEXT,
    "email": _TEXT,
    "phone": (*EQUAL, "startswith", "contains", *EMPTY),
    "code": (*EQUAL, *EMPTY),
    "number": (*EQUAL, *_ORDER, *EMPTY),
    "decimal": (*EQUAL, *_ORDER, *EMPTY),
    "money": (*EQUAL, *_ORDER, *EMPTY),
    "date": (*EQUAL, *_ORDER, *_DAYS, *EMPTY),
    "birthday": (*EQUAL, *_ORDER, *_DAYS, *EMPTY),
    "moment": (*EQUAL, *_ORDER, *_DAYS, *EMPTY),
    "yesno": ("yes", "=", "!=", *EMPTY),
    "country": (*EQUAL, *EMPTY),
    "language": (*EQUAL, *EMPTY),
    "customer": (*EQUAL, *EMPTY),
    "sealed": ("=", *EMPTY),
}
RELATIONS: dict[str, Relation] = {
    "=": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "before": "lt",
    "after": "gt",
    "startswith": "starts",
    "contains": "contains",
    "~": "like",
    "is empty": "empty",
    "is not empty": "filled",
}


def operators_of(fact: Fact) -> tuple[str, ...]:
    """The operators a fact understands, as written; `yes` is the fact standing alone."""
    if isinstance(fact.source, Asked | Defined) or (isinstance(fact.source, Ledger) and fact.type == "yesno"):
        return ("yes", "=", "!=")
    if isinstance(fact.source, Ledger) and fact.type == "text":
        return (*EQUAL, *EMPTY)
    if isinstance(fact.source, Several):
        return (*EQUAL, "startswith", "contains", "~", *EMPTY)
    if fact.type == "code" and not fact.choices:
        return _TEXT
    if yearless(fact):
        return ("=", "!=", "in", "between", "in window", *EMPTY)
    return OPERATORS[fact.type]


def yearless(fact: Fact) -> bool:
    """Whether a birthday is kept as MMDD alone."""
    if fact.type != "birthday" or not isinstance(fact.source, Column):
        return False
    field = model_named("customers.Customer")._meta.get_field(fact.source.column)
    return bool(field.get_internal_type() != "CharField")


def no_such_operator(fact: Fact, test: t.Test, known: tuple[str, ...]) -> CriteriaError:
    """What to say where a fact is asked with an operator that it does not understand."""
    if test.operator == "yes":
        shown = either([each.replace(" window", "") for each in known[:4]])
        message = _("“%(fact)s” needs an operator, such as %(known)s.") % {"fact": fact.name, "known": shown}
        return CriteriaError(message, test.place, expected=known)
    shown = either([each.replace("in window", "in last 30 days") for each in known if each != "yes"])
    values = {"fact": fact.name, "operator": test.operator.replace(" window", ""), "known": shown}
    return CriteriaError(_("“%(fact)s” cannot be asked with “%(operator)s”, but with %(known)s.") % values, test.place)

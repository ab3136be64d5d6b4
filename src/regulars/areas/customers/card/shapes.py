"""The shapes of a customer in JSON, made from the registry of facts: a new fact stands in the API's schema by itself.

`Card` is what goes out, `CardInput` what comes in. Both are made once, when the API is first asked; the business's own
facts may change any time and stand in `custom`, whose members `custom_schema` describes as they are now.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, create_model

from regulars.areas.customers import models
from regulars.areas.customers.card.cleaning import longest_of
from regulars.areas.customers.card.showing import GROUPS_SHOWN
from regulars.kernel import registries
from regulars.kernel.api.shapes import Shape
from regulars.kernel.registries import Fact

Members = dict[str, tuple[Any, Any]]
_NUMBER = Annotated[int, Field(ge=1, le=2**53 - 1)]
_WHOLE = Annotated[int, Field(ge=-(2**31) + 1, le=2**31 - 1)]
_LINE = Annotated[str, Field(max_length=300)]
_HOW = Literal["told", "observed", "worked_out", "third_party"]
_STANDING = Literal["archived", "deceased", "do_not_contact", "minor", "secret_address", "prospect"]
_KEY = Annotated[str, Field(max_length=320, description="Names this row in a PATCH. It changes when the value does.")]
_TYPES: dict[str, Any] = {
    "number": _WHOLE,
    "customer": _NUMBER,
    "yesno": bool,
    "date": Annotated[str, Field(json_schema_extra={"format": "date"})],
    "moment": Annotated[str, Field(json_schema_extra={"format": "date-time"})],
}

# What stands in a group's rows beside its facts: (shown, may be sent).
_BESIDE: dict[str, Members] = {
    "emails": {"primary": (bool, True)},
    "phones": {"primary": (bool, True)},
    "works_at": {"number": (_NUMBER, True)},
    "bank_accounts": {"number": (str, True)},
    "notes": {"by": (str, False)},
    "relations": {"name": (str, False)},
    "files": {"content_type": (str, False), "size": (int, False), "sha256": (str, False)},
}
_SENT_BIC = {"bank_accounts": {"bic": (Annotated[str, Field(max_length=11)], True)}}


class Shown(Shape):
    """A part of a card as it goes out: a member with a default may be missing (`how`)."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


def _type(fact: Fact, *, sent: bool) -> Any:
    if fact.type == "code" and fact.choices:
        words = tuple(word for word, _label in fact.choices)
        return Literal[words]
    known = _TYPES.get(fact.type)
    if known is not None:
        return known
    if not sent:
        return str
    return Annotated[str, Field(max_length=longest_of(fact))] if fact.type in ("text", "code") else _LINE


def _about(fact: Fact) -> str:
    """The label, what it is for and how it is protected, in the language of the document."""
    told = [str(fact.label)]
    if fact.protection == "masked":
        told.append("masked; POST …/unmask shows it")
    if fact.type == "sealed":
        told.append("sealed: shown masked")
    if fact.type == "birthday":
        told.append("ISO 8601, the year may lack: --03-07")
    return f"{'; '.join(told)}."


def _built_in(group: str | None) -> Iterator[Fact]:
    """The facts that the rooms declare: the shapes are made without asking the database."""
    return (fact for fact in registries.REGISTRY.facts.values() if fact.group == group)


def _own(*, sent: bool) -> Members:
    """The facts of the customer's own row."""
    found: Members = {}
    for fact in _built_in(None):
        if not isinstance(fact.source, registries.Column) or fact.name in ("number", "birthday"):
            continue
        if sent and not fact.writable:
            continue
        default = None if sent else ...
        found[fact.name] = (_type(fact, sent=sent) | None, Field(default, description=_about(fact)))
    return found


def _row(group: str, *, sent: bool) -> type[Shape]:
    """One row of a group."""
    members: Members = {}
    default = None if sent else ...
    for fact in _built_in(group):
        if not sent or fact.writable:
            members[fact.key] = (_type(fact, sent=sent) | None, Field(default, description=_about(fact)))
    for name, (kind, may_be_sent) in {**_BESIDE.get(group, {}), **(_SENT_BIC.get(group, {}) if sent else {})}.items():
        if not sent or may_be_sent:
            members[name] = (kind | None, Field(default))
    members["how"] = (_HOW | None, Field(None, description="How we have it."))
    members["key"] = (_KEY | None, Field(None)) if sent else (_KEY, ...)
    if sent:
        members["remove"] = (bool | None, Field(None, description="With `key`: takes this row off the card."))
    name = "".join(part.capitalize() for part in group.split("_"))
    return create_model(f"{name}{'Input' if sent else ''}", __base__=Shape if sent else Shown, **members)  # type: ignore[call-overload, no-any-return]


def _groups(*, sent: bool) -> Members:
    found: Members = {}
    for name in GROUPS_SHOWN:
        group = registries.groups()[name]
        if name == "custom" or (sent and name == "files"):
            continue
        each: Any = _row(name, sent=sent)
        if group.plain:
            each = (Annotated[str, Field(max_length=100)] | each) if sent else str
        many = Annotated[list[each], Field(max_length=500)] if sent else list[each]
        found[name] = (many, Field([] if sent else ..., description=f"{group.label}."))
    return found


class Sent(Shape):
    """A card, whole or in part, as it is sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "given_name": "Anna",
                    "family_name": "Berg",
                    "emails": [{"value": "anna@example.com"}],
                    "tags": ["VIP"],
                }
            ]
        }
    )


@cache
def card() -> type[Shape]:
    """A customer as the API shows it."""
    members: Members = {
        "number": (_NUMBER, Field(..., description="What people say. Never used again, also after forgetting.")),
        "name": (str, Field(..., description="The name as it is shown.")),
        **_own(sent=False),
        **_groups(sent=False),
        "custom": (dict[str, Any], Field(..., description="The business's own facts, by name.")),
        "hows": (dict[str, str], Field(..., description="How we have it, fact by fact, where that was said.")),
        "declined": (list[str], Field(..., description="Facts the customer would rather not tell.")),
        "state": (Literal["active", "archived", "merged"], ...),
        "standings": (dict[_STANDING, str], Field(..., description="Standings with the day each began.")),
        "standing_reasons": (dict[_STANDING, str], Field(..., description="Why, of those that were given a reason.")),
        "version": (int, Field(..., description="The ETag.")),
    }
    return create_model("Customer", __base__=Shape, **members)  # type: ignore[call-overload, no-any-return]


class AlikeReason(Shape):
    """What speaks for one person, or against it."""

    code: str
    bits: float = Field(description="Its weight in bits; below 0 it speaks against.")
    text: str = Field(description="The same in words.")


class Alike(Shape):
    """A customer whom a card could be of."""

    number: _NUMBER
    score: float = Field(ge=0, le=1, description="The probability.")
    verdict: Literal["same", "likely", "possible"]
    reasons: list[AlikeReason] = Field(description="The weightiest first.")


@cache
def card_added() -> type[Shape]:
    """The answer to a card that was added."""
    alike = Field(..., description="Customers who may be the same; the card is made all the same.")
    return create_model("CustomerAdded", __base__=card(), possible_duplicates=(list[Alike], alike))


@cache
def card_input() -> type[Shape]:
    """A customer, whole or in part, as it is sent. A member that is left out stays as it is; null empties it."""
    members: Members = {
        **_own(sent=True),
        **_groups(sent=True),
        "custom": (dict[str, Any], Field({}, description="The business's own facts, by name; null empties one.")),
        "hows": (dict[Annotated[str, Field(max_length=60)], _HOW], Field({})),
        "declined": (Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=100)], Field([])),
    }
    return create_model("CustomerInput", __base__=Sent, **members)  # type: ignore[call-overload, no-any-return]


def as_sent(card: Any) -> dict[str, Any]:
    """The members that were sent, at every depth."""
    told: dict[str, Any] = card.model_dump(exclude_unset=True)
    return told


def schemas() -> dict[str, Any]:
    """The shapes of a customer, and all they are made of, as JSON Schema of the facts that are declared now."""
    ways: Any = ((card.__wrapped__(), "serialization"), (card_input.__wrapped__(), "validation"))
    found: dict[str, Any] = {}
    for model, way in ways:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode=way)
        found |= {**schema.pop("$defs", {}), schema["title"]: schema}
    return found


def custom_schema() -> dict[str, Any]:
    """The business's own facts as JSON Schema, as they are declared now."""
    return {fact.key: dict(_custom_members(fact)) for fact in registries.facts_of("custom")}


def _custom_members(fact: Fact) -> Iterator[tuple[str, Any]]:
    kinds = {"number": ["integer", "null"], "yesno": ["boolean", "null"]}
    yield "type", kinds.get(fact.type, ["string", "null"])
    yield "description", _about(fact)
    if fact.choices:
        yield "enum", [*(word for word, _label in fact.choices), None]


def standings() -> Iterable[str]:
    return [word for word, _label in models.STANDINGS]

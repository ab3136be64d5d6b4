"""Facts, groups, holdings, verbs and checks: each room declares its own, all are gathered here.

A fact is one thing that can be asked of a customer. From its one declaration come criteria, list columns, exports,
import targets, the API schema and the data map. A group is a many-valued part of the card (e-mail addresses,
addresses, tags). A holding says what happens to a room's rows about a customer. A verb is a deed's name and sentence.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from django.apps import apps
from django.core.exceptions import AppRegistryNotReady
from django.utils.translation import gettext

from regulars.kernel.actor import Actor
from regulars.kernel.checks import Check
from regulars.kernel.ledgers import Defined as Defined
from regulars.kernel.ledgers import Kept as Kept
from regulars.kernel.ledgers import KeptBy as KeptBy
from regulars.kernel.ledgers import Ledger as Ledger
from regulars.kernel.ledgers import Parameter as Parameter
from regulars.kernel.resembling import Apart, Resembling
from regulars.kernel.stores import Holding as Holding
from regulars.kernel.stores import Store as Store
from regulars.kernel.stores import Text as Text

FactType = Literal[
    "text",  # any text; compared folded
    "code",  # one of `choices`, or a free short code where `choices` is empty
    "number",  # a whole number
    "decimal",  # scaled by 10,000
    "money",  # exact integer of 1/10,000 of the unit, currency beside it
    "date",  # a house day, ISO 8601
    "birthday",  # ISO date, the year may lack: --03-07
    "moment",  # an instant, aware UTC
    "yesno",
    "email",
    "phone",
    "country",  # ISO 3166-1 alpha-2
    "language",  # BCP 47
    "customer",  # another customer's number
    "sealed",  # enciphered for itself: `=` and `is empty` only
]
Protection = Literal["open", "masked", "sealed"]
Basis = Literal["contract", "consent", "legal_duty", "legitimate_interest"]


@dataclass(frozen=True, slots=True)
class Column:
    """The fact stands in a column of the customer's own row. `folded` names the column with its folded key, `currency`
    that with the currency of an amount (decision 13): a text of three letters, empty where there is no amount."""

    column: str
    folded: str | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """The fact stands in the rows of a group; any value counts. `where` fixes further columns of those rows.

    With `via`, the column stands in the row that this key of the group's row points to, in the model `of`: the name of
    the organisation that somebody works at (`via="organisation_id", of="customers.Customer"`).
    """

    group: str
    column: str
    folded: str | None = None
    where: tuple[tuple[str, Any], ...] = ()
    via: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """Yes where the model (`app.Model`) has a row of this customer with these values."""

    model: str
    where: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact with parameters, `consent(email, offers)`: yes where a row has the parameters in these columns.

    `parameters` pairs each parameter with its column and its permitted words; `words` says how these are called.
    """

    model: str
    parameters: tuple[tuple[str, str, tuple[str, ...]], ...]
    where: tuple[tuple[str, Any], ...] = ()
    words: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Several:
    """A text fact that is any of other text facts (`name`: given, family, … ). The first two, in either order, also
    answer together: `name = "Anna Berg"`."""

    facts: tuple[str, ...]


Source = Column | Member | Present | Asked | Several | Ledger | Defined


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that can be asked of a customer, declared once by the room that keeps it.

    `name` is the word in criteria, columns, `edit NUMBER name=value` and import mappings. `member` is its key inside
    its group's JSON (`emails[].value`), for a fact of the customer's own row it is `name`. `headers` are further
    spellings of a column heading, in any language, by which an imported column is recognised.
    `words` are those of a free text that the house knows: kept as the first, said and typed as the second.
    `keep` is the retention in days after the relation ends (None: as long as the card).
    """

    name: str
    type: FactType
    label: Text
    source: Source
    purpose: Text
    basis: Basis = "contract"
    keep: int | None = None
    protection: Protection = "open"
    choices: tuple[tuple[str, Text], ...] = ()
    words: tuple[tuple[str, Text], ...] = ()
    member: str = ""
    headers: tuple[str, ...] = ()
    help: Text = ""
    writable: bool = True  # may be set by a person, a program, an import
    listed: bool = True  # may be a list column and an export column
    room: str = ""  # filled in when gathered

    @property
    def key(self) -> str:
        return self.member or self.name

    @property
    def group(self) -> str | None:
        return self.source.group if isinstance(self.source, Member) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A many-valued part of the card, one row each: `emails`, `addresses`, `works_at`.

    `name` is its key in the customer's JSON. `model` is `app.Model`; `where` are fixed columns (`kind` = email).
    `identity` are the columns that make two rows the same value (folded); `plain` marks a group whose JSON is a
    list of bare values (`tags`) and names the member; `bare` is the member that a bare text in the list means. `kind`
    is what a deed is in a timeline that touched rows of this group alone.
    """

    name: str
    label: Text
    model: str
    where: tuple[tuple[str, Any], ...] = ()
    identity: tuple[str, ...] = ()
    plain: str = ""
    bare: str = "value"
    kind: str = ""
    room: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verb:
    """A deed's dotted name and its sentence, written when read.

    `sentence` is a translatable format over the changeset's particulars (`%(name)s`); `undo` is rows (the rows go back
    as they were), or never with the reason in `why_not`. `said` puts particulars into words when the sentence is read:
    a code by its label, a count with the reader's grouping. A number by which something is called is no count. `one` is
    the sentence where the one count in it is 1. `typed` is False where no particular is a text that somebody typed:
    then nobody can be named in one. `kind` is what the deed is in a customer's timeline (`journal.queries.KINDS`); left
    out, a change. `after_undo` is called with the link and the changeset taken back (the deed's, or that of its undo)
    when the rows are back, for what must hold between them; `anew` says what to do instead of undoing the undo.
    """

    name: str
    sentence: Text
    kind: str = ""
    undo: Literal["rows", "never"] = "rows"
    why_not: Text = ""
    said: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    one: Text = ""
    typed: bool = True
    after_undo: Callable[[Any, Any], None] | None = None
    anew: Text = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something `verify` found. `kind` is edited, removed, inserted, reordered, truncated, rolled_back, row_differs,
    file_differs or page; `where` names the link, row or file. `template`, a message id with `%(name)s` for what is
    `told`, is what a proof keeps: whoever reads it has the `message` in her language."""

    kind: str
    where: str
    template: str
    told: Mapping[str, str | int] = field(default_factory=dict)
    changeset: int | None = None

    @property
    def message(self) -> str:
        """What was found, for a person, in the language of this moment."""
        said = gettext(self.template)
        return said % self.told if self.told else said

    def as_json(self) -> dict[str, Any]:
        """The contract's shape of a problem."""
        return {"kind": self.kind, "where": self.where, "changeset": self.changeset, "message": self.message}

    def kept(self) -> dict[str, Any]:
        """What is kept of it, for `Problem(**kept)`."""
        return asdict(self)


# Brings what a room works out from cards up to date for the customers of these numbers, in the transaction at hand, as
# it is to be at this instant.
Keeper = Callable[[Collection[int], datetime], None]
Rest = Callable[[int, int], AbstractContextManager[None]]

# What rows of one table are called today, by their keys: every key asked for is answered, one whose name the actor may
# not know with what may be said instead.
Naming = Callable[[Actor, Collection[int]], Mapping[int, str]]

# Refuses what one link (its number) did to the customers of these numbers, where the actor may not reach them.
Guard = Callable[[Actor, Collection[int], int], None]


def _named(constant: str, shelf: str) -> Any:
    def read(registry: "Registry") -> dict[str, Any]:
        found: dict[str, Any] = {}
        for room, module in registry.shelf(shelf):
            for each in getattr(module, constant, ()):
                name = getattr(each, "name", None) or each.model
                if name in found and found[name].room != room:
                    raise RuntimeError(f"{name!r} is declared by {found[name].room} and by {room}.")
                found[name] = replace(each, room=room)
        return found

    return cached_property(read)


def _taken(name: str, shelf: str) -> Any:
    return cached_property(lambda known: [getattr(each, name) for _, each in known.shelf(shelf) if hasattr(each, name)])


class Registry:
    """Everything the rooms declare, by name; no name twice in the house. A shelf is read when it is first asked for."""

    facts: dict[str, Fact] = _named("FACTS", "facts")
    groups: dict[str, Group] = _named("GROUPS", "facts")
    more_facts: list[Callable[[], Iterable[Fact]]] = _taken("more_facts", "facts")
    resembling: list[Resembling] = _taken("resembling", "facts")
    holdings: dict[str, Holding] = _named("HOLDINGS", "holdings")
    stores: dict[str, Store] = _named("STORES", "holdings")
    checks: list[Callable[[], Iterable[Problem]]] = _taken("check", "holdings")
    keepers: list[Keeper] = _taken("keep", "holdings")
    guards: list[Guard] = _taken("guard", "holdings")
    rests: list[Rest] = _taken("rest", "holdings")
    apart: list[Apart] = _taken("apart", "holdings")
    verbs: dict[str, Verb] = _named("VERBS", "verbs")
    looked_at: dict[str, Check] = _named("CHECKS", "checks")

    def __init__(self) -> None:
        self.rooms: list[str] = []

    @cached_property
    def naming(self) -> dict[str, Naming]:
        modules = [module for shelf in ("facts", "holdings", "verbs") for _room, module in self.shelf(shelf)]
        return {name.lower(): naming for each in modules for name, naming in getattr(each, "NAMING", {}).items()}

    def read(self) -> None:
        """All of it at once, for a process that will be asked for anything."""
        for name in [name for name, each in vars(Registry).items() if isinstance(each, cached_property)]:
            getattr(self, name)

    def shelf(self, shelf: str) -> Iterator[tuple[str, Any]]:
        """Each room that has this shelf, lowest floor first. Raises where not all rooms stand yet."""
        if not apps.ready:
            raise AppRegistryNotReady(f"The {shelf} of the rooms are asked for before all stand.")
        for room in self.rooms:
            if find_spec(f"{room}.{shelf}"):
                yield room.rpartition(".")[2], import_module(f"{room}.{shelf}")


REGISTRY = Registry()


def gather(room: str) -> None:
    """Takes in one room (its dotted package), whose shelves are read when asked for. Called by its `ready`."""
    if room not in REGISTRY.rooms:
        REGISTRY.rooms.append(room)


# Within `steady`, what `facts` found: a list, to tell a fresh one from none.
_STEADY: ContextVar[list[Mapping[str, Fact]] | None] = ContextVar("steady facts", default=None)


@contextmanager
def steady(*, anew: bool = True) -> Iterator[None]:
    """Within it, or the deed it stands over, facts are read once; without `anew` what was read around it holds."""
    token = _STEADY.set([] if anew or _STEADY.get() is None else _STEADY.get())
    try:
        yield
    finally:
        _STEADY.reset(token)


def facts() -> Mapping[str, Fact]:
    """Every fact by name: those declared in the rooms, then the business's own (`custom.NAME`)."""
    held = _STEADY.get()
    if held:
        return held[0]
    own = {fact.name: fact for more in REGISTRY.more_facts for fact in more()}
    known = {**REGISTRY.facts, **own}
    if held is not None:
        held.append(known)
    return known


def groups() -> Mapping[str, Group]:
    return REGISTRY.groups


def checks() -> Iterable[Callable[[], Iterable[Problem]]]:
    """What else `verify` looks at: each room's `holdings.check` walks the files that its rows name."""
    return REGISTRY.checks


def keepers() -> Iterable[Keeper]:
    """What is worked out from cards: each room's `holdings.keep` is told whom a transaction has touched."""
    return REGISTRY.keepers


def rests() -> Iterable[Rest]:
    """Around a long deed in which so many cards go or come beside so many others: each room's `holdings.rest` may let
    what it works out from cards wait, and makes it anew at the end."""
    return REGISTRY.rests


def holdings() -> Mapping[str, Holding]:
    return REGISTRY.holdings


def stores() -> Mapping[str, Store]:
    """What is kept of customers beside rows that point at them."""
    return REGISTRY.stores


def verbs() -> Mapping[str, Verb]:
    return REGISTRY.verbs


def looked_at() -> Mapping[str, Check]:
    """What is looked at before it hurts, in every room."""
    return REGISTRY.looked_at


MASK = "•••"


def veiled(fact: str, value: Any) -> Any:
    """The value as it may stand in a history or beside a refusal: of a masked fact only that there is one."""
    declared = REGISTRY.facts.get(fact) or (facts().get(fact) if fact.startswith("custom.") else None)
    hidden = declared is not None and declared.protection == "masked" and value not in (None, "")
    return MASK if hidden else value


def names_of(model: str, keys: Collection[int], by: Actor) -> Mapping[int, str]:
    """What these rows of a table (`app.model`) are called by whoever asks; nothing for a table that names none."""
    naming = REGISTRY.naming.get(model.lower())
    return naming(by, keys) if naming and keys else {}


def facts_of(group: str | None) -> Iterator[Fact]:
    """The facts of one group, or of the customer's own row."""
    return (fact for fact in facts().values() if fact.group == group)


def model_named(name: str) -> Any:
    """The model that a group or holding names (`app.Model`)."""
    return apps.get_model(name)


def data_map() -> list[dict[str, Any]]:
    """What is kept about a customer and why, one entry a fact: the register of processing is written from this."""
    told = ("room", "type", "group", "purpose", "basis", "protection")
    return [
        {"fact": fact.name, "label": str(fact.label), "keep_days": fact.keep}
        | {name: str(getattr(fact, name)) if name == "purpose" else getattr(fact, name) for name in told}
        for fact in facts().values()
    ]

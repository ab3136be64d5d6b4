"""The tables of the chain, and `Journaled`, from which every table inherits whose rows are kept for ever."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models.base import ModelBase

from regulars.kernel.registries import Text


class Counter(models.Model):
    """The next free number of a kind: `link`, `changeset`, `customer`, `row`. It never goes back: nothing is reused."""

    name = models.CharField(max_length=20, primary_key=True)
    next = models.BigIntegerField()


class Changeset(models.Model):
    """One deed: who, when, through what, and the particulars its sentence is written from.

    The same facts stand as the first payload of its first link, so that `verify` finds an edit here. `state` is open
    while a long deed still has transactions to come, done afterwards.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    through = models.CharField(max_length=10)
    detail = models.CharField(max_length=300, blank=True)
    verb = models.CharField(max_length=80)
    particulars = models.JSONField(default=dict)
    customers = models.IntegerField(default=0)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    undone_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="done", choices=[("open", "open"), ("done", "done")])
    first_link = models.BigIntegerField(null=True)
    last_link = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"]), models.Index(fields=["verb", "number"])]


class Link(models.Model):
    """One transaction of a changeset, one link of the chain.

    `block` is a zstd frame of the payloads, each with its own salt; `digests` are their salted SHA-256, 32 bytes each,
    in order. `digest` is HMAC-SHA256 under the chain key over the previous digest, the number, the changeset and the
    digests; a blanked payload therefore leaves the chain whole.
    """

    number = models.BigIntegerField(primary_key=True)
    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT, related_name="links")
    at = models.DateTimeField()
    digests = models.BinaryField()
    block = models.BinaryField()
    digest = models.BinaryField()


@dataclass(frozen=True, slots=True)
class Counted:
    """How rows of a table are told where a deed that brought in many is taken back: `name` towards programs, the others
    what stands behind their number, lazily translated and with a plural over `count`."""

    name: str
    go: Any
    come: Any


class _JournaledBase(ModelBase):
    """Makes the twin of each concrete journaled table right after the table itself."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        made: Any = super().__new__(mcs, name, bases, attrs, **kwargs)
        meta = getattr(made, "_meta", None)
        if (
            meta is None
            or meta.abstract
            or meta.proxy
            or "journal_twin_of" in attrs
            or attrs.get("__module__") == "__fake__"
        ):
            return made
        made.past = _make_twin(made)
        return made


class Journaled(models.Model, metaclass=_JournaledBase):
    """A table whose every version is kept. Rows are written by a deed alone (`journal.actions.deed`).

    `journal_told` names columns that are no facts and still tell something, with their label. `journal_said` puts
    values of columns that are no facts into words for whoever reads the history. `journal_of_today` marks a table that
    is read as it stands also where one looks back: who may see what is a question of today.


    `journal_silent` names columns that say nothing to who reads a history, beside the others.

    `journal_whole` names the column by which a row says of what it is a part: the row named and all its parts go, or
    come back, together.

    `journal_joined` names the column that says into which other card this one was joined; `journal_enciphered` columns
    that say the same in other letters on another's card. `move_to` brings a row onto another card.

    `journal_together` names columns that are one value: taken back, or kept, only together. `journal_tree` names
    columns that point at rows of the same table and in which nobody may come to stand below herself.

    `journal_subject` names the column that says which customer a row belongs to (the primary key's column for the card
    itself), None for rows of the house; where the column is empty, the row is of the house, too.
    `journal_counted` says that the rows count for themselves, beside the cards, where a deed is taken back.
    `journal_derived` names columns computed from others: they are not in the
    payload; `verify` computes them again.
    """

    journal_subject: ClassVar[str | None] = None
    journal_derived: ClassVar[tuple[str, ...]] = ()
    journal_of_today: ClassVar[bool] = False
    journal_silent: ClassVar[tuple[str, ...]] = ()
    journal_told: ClassVar[Mapping[str, Text]] = {}
    journal_said: ClassVar[Mapping[str, Callable[[Any], str]]] = {}
    journal_together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    journal_tree: ClassVar[tuple[str, ...]] = ()
    journal_whole: ClassVar[str] = ""
    journal_joined: ClassVar[str] = ""
    journal_enciphered: ClassVar[tuple[str, ...]] = ()
    journal_counted: ClassVar[Counted | None] = None
    past: ClassVar[type[models.Model]]

    link = models.BigIntegerField(db_index=True, editable=False, default=0)

    class Meta:
        abstract = True

    def derive(self) -> None:
        """Computes the derived columns from the others: texts and numbers alone. Called before each write, and by
        `verify` on an instance that holds nothing but the columns, days as texts (`kernel.dates.day_of` reads both)."""

    def move_to(self, subject: int | None) -> None:
        """Makes the row another customer's, with what in it is bound to whose it is. Writes nothing."""
        assert self.journal_subject is not None
        setattr(self, self.journal_subject, subject)

    def may_hold(self, column: str, value: Any) -> bool:
        """Whether a derived column may also hold this value, other than what `derive` computes today: where a setting
        of the house went into it that has changed since."""
        return False


def _make_twin(live: type[models.Model]) -> type[models.Model]:
    """`…_past`: the same columns without their constraints, keyed by row and link, with the link that ended it.

    Its indexes are those of the table, each with the two links behind: whoever looks back finds by the same columns,
    and sees in the index alone which version stood then.
    """
    pk = live._meta.pk
    assert pk is not None
    attrs: dict[str, Any] = {"__module__": live.__module__, "journal_twin_of": live}
    for field in live._meta.local_concrete_fields:
        attrs[field.attname] = _plain(field)
    attrs["until"] = models.BigIntegerField()
    attrs["pk"] = models.CompositePrimaryKey(pk.name, "link")
    meta: dict[str, Any] = {"app_label": live._meta.app_label, "db_table": f"{live._meta.db_table}_past", "indexes": []}
    subject = getattr(live, "journal_subject", None)
    meta["indexes"].append(models.Index(fields=["until", "link"], name=f"{live._meta.model_name}_past_until"[-30:]))
    if subject:
        name = f"{live._meta.model_name}_past_customer"[-30:]
        meta["indexes"].append(models.Index(fields=[subject, "until", "link"], name=name))
    for index in live._meta.indexes:
        columns = [_attname(live, name) for name in index.fields]
        if columns != [subject]:
            whose = [subject] if subject and subject not in columns else []
            name, more = f"{index.name}_past"[-30:], [*columns, "until", "link", *whose]
            meta["indexes"].append(models.Index(fields=more, name=name, condition=_plainly(live, index.condition)))
    attrs["Meta"] = type("Meta", (), meta)
    return type(f"{live.__name__}Past", (models.Model,), attrs)


def _attname(live: type[models.Model], name: str) -> str:
    return next(field.attname for field in live._meta.concrete_fields if field.name == name)


def _plainly(live: type[models.Model], condition: models.Q | None) -> models.Q | None:
    """The condition of a partial index, on the columns of a twin."""
    if condition is None:
        return None
    told = []
    for child in condition.children:
        assert isinstance(child, tuple)
        name, _, lookup = child[0].partition("__")
        told.append((f"{_attname(live, name)}__{lookup}", child[1]))
    return models.Q(*told)


def _plain(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    """The column without key, uniqueness, index or reference: history may hold what the present may not."""
    if isinstance(field, models.ForeignKey):
        plain: models.Field[Any, Any] = models.BigIntegerField(null=True, db_column=field.column)
    elif isinstance(field, models.AutoField | models.BigAutoField):
        plain = models.BigIntegerField(db_column=field.column)
    else:
        _, _, args, kwargs = field.deconstruct()
        for word in ("primary_key", "unique", "db_index", "auto_created"):
            kwargs.pop(word, None)
        plain = type(field)(*args, **kwargs)
    return plain


def journaled_models() -> list[type[Journaled]]:
    """Every journaled table of the house, by label."""
    found = [model for model in apps.get_models() if issubclass(model, Journaled)]
    return sorted(found, key=lambda model: model._meta.label_lower)


class JournaledRow(Journaled):
    """A journaled table whose rows are numbered by the house's own counter, so that an id is never reused."""

    id = models.BigIntegerField(primary_key=True, editable=False)

    class Meta:
        abstract = True


class Forgotten(JournaledRow):
    """A customer who was forgotten: that number and when, nothing else of her.

    `blanked` says which payloads are gone for it, by link, as places in its block: `verify` takes no other one for
    forgotten. Of the links in `restated` a payload of the house had to go as well, because something of hers stood in
    it; what remains of it is said anew in this row's own link, with `restates`.
    """

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    blanked = models.JSONField(default=dict)
    restated = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.number)

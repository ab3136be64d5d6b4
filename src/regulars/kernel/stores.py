"""What a room keeps of customers: in tables whose rows point at them, and beside these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise

# Counts what of a store is a person's, before anything is done; it may refuse, and then she is not forgotten. Both get
# the journal's `Erasure`, which knows her rows and her texts.
Counting = Callable[[Any], int]
Forgetting = Callable[[Any], None]


OnMerge = Literal["move", "join", "stricter", "fields", "worked_out"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """What a room keeps about a customer in one table, and what happens to it.

    `by` names the columns that point at a customer. `on_merge` says what happens when one card is joined to another:
    move (every row goes to the card that stays), join (likewise; a row that says the same as one there fills its gaps
    and goes), stricter (likewise, but of two that answer the same question the stricter counts, as `stricter`
    says), fields (the card's own row: fact by fact) or worked_out (nothing: it is made anew from the cards).
    `while_both` names rows that hold only where both cards have one: `{column: values}`.
    `on_forget` is erase, blank or keep, `why` says why where it is kept; `export` names the columns a person gets when
    she asks for her data. `label` is what it is called where somebody is about to be forgotten; `names` are the columns
    by whose texts she can be told in words that somebody typed elsewhere, the name of a file or a search.
    """

    model: str
    by: tuple[str, ...]
    on_merge: OnMerge
    on_forget: Literal["erase", "blank", "keep"]
    export: tuple[str, ...]
    stricter: Callable[[Any, Any], bool] | None = None  # (row, standing): the row takes the place of the standing one
    while_both: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    why: Text = ""
    label: Text = ""
    names: tuple[str, ...] = ()
    room: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """What a room keeps of customers beside rows that point at them: files, work in hand, answers, words.

    `found` counts what is hers; `forget` sees to it in the deed's transaction, and names with `Erasure.let_go` what may
    only be destroyed once that is kept: `let_go` does so, for one name, and may be called again. `why` says what
    becomes of it and, where something stays, why. A store that only says what stays has none of the three.
    """

    name: str
    label: Text
    on_forget: Literal["erase", "blank", "keep"]
    why: Text
    found: Counting | None = None
    forget: Forgetting | None = None
    let_go: Callable[[str], None] | None = None
    room: str = ""

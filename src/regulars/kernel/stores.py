"""What a room keeps of customers beside rows that point at them, and what becomes of it when one is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise

# Counts what of a store is a person's, before anything is done; it may refuse, and then she is not forgotten. Both get
# the journal's `Erasure`, which knows her rows and her texts.
Counting = Callable[[Any], int]
Forgetting = Callable[[Any], None]


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

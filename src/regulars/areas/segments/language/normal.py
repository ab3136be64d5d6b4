"""A meaning with `not` carried down to its leaves, so that each leaf is asked for or asked not to be."""

from dataclasses import dataclass
from typing import Any

from regulars.areas.segments.language.meaning import (
    All,
    Both,
    Either,
    Given,
    Highest,
    Holds,
    Meaning,
    Measured,
    Neg,
    Nobody,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the meaning, asked for or asked not to be."""

    asked: Holds | Given | Highest | Measured
    wanted: bool


Normal = All | Nobody | Leaf | Both | Either


def normal(meaning: Meaning, wanted: bool = True) -> Any:
    """The meaning with `not` carried down to its leaves; the parts of `Both` and `Either` are normal too."""
    match meaning:
        case Neg(part):
            return normal(part, not wanted)
        case Both(parts):
            return flat(Both if wanted else Either, [normal(part, wanted) for part in parts])
        case Either(parts):
            return flat(Either if wanted else Both, [normal(part, wanted) for part in parts])
        case All():
            return All() if wanted else Nobody()
        case Nobody():
            return Nobody() if wanted else All()
        case _:
            return Leaf(meaning, wanted)


def flat(kind: type[Both] | type[Either], parts: list[Any]) -> Any:
    """`Both` within `Both` is one; what is everybody or nobody decides or falls away."""
    decides, falls_away = (Nobody, All) if kind is Both else (All, Nobody)
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    if any(isinstance(part, decides) for part in flat):
        return decides()
    kept_parts = tuple(dict.fromkeys(part for part in flat if not isinstance(part, falls_away)))
    return kind(kept_parts) if len(kept_parts) > 1 else kept_parts[0] if kept_parts else falls_away()

"""What is wrong with a criterion, where, and what was probably meant."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

from regulars.areas.segments.language.tree import NOWHERE, Place
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold


class CriteriaError(Refused):
    """These criteria cannot be asked. `more` holds offset, length, line and column (both from 1), the nearest names
    (`nearest`) and, for a slip of grammar, the words that could stand there (`expected`)."""

    code = "criteria"

    def __init__(
        self, message: str, place: Place = NOWHERE, *, nearest: Sequence[str] = (), expected: Sequence[str] = ()
    ) -> None:
        if nearest:
            message = f"{message} {meant(nearest)}"
        super().__init__(
            message,
            where=f"{place.line}:{place.column}",
            offset=place.offset,
            length=place.length,
            line=place.line,
            column=place.column,
            nearest=list(nearest),
            expected=list(expected),
        )
        self.place = place


def meant(names: Sequence[str]) -> str:
    """`Did you mean “city” or “country”?`"""
    return _("Did you mean %(names)s?") % {"names": either([_("“%s”") % name for name in names])}


def either(names: Sequence[str]) -> str:
    """`a, b or c`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def nearest(word: str, names: Iterable[str], limit: int = 3, likeness: float = 0.6) -> list[str]:
    """The names nearest to a word, nearest first; compared folded, by their whole and by their last part."""
    known = {fold(name): name for name in names}
    tails = {key.rpartition(".")[2]: name for key, name in known.items() if "." in key}
    key = fold(word)
    found = [known[match] for match in get_close_matches(key, known, limit, likeness)]
    found += [tails[match] for match in get_close_matches(key, tails, limit, 0.75)]
    found += [name for folded, name in known.items() if len(key) > 2 and folded.startswith(key)]
    return list(dict.fromkeys(found))[:limit]

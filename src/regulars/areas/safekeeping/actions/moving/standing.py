"""What stands at the other place: nothing, a move that was cut off, a register that was moved away from, or another's.

Two marks tell. `arriving` stands in a database into which a move has come that is not done yet: nobody may work there,
and the next move replaces it. `moved` stands in the one that was moved away from: nobody may work there any more.
Replaced is it, too, whose newest link is in our own history, for everything in it is here: the one that was moved away
from when the register comes back, and the one that a move came into which was taken back.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.journal.models import Link
from regulars.areas.safekeeping.actions.moving.places import Place
from regulars.areas.safekeeping.keeping.moved import ARRIVING
from regulars.kernel.errors import Refused
from regulars.kernel.models import Mark

_MARK, _LINK = Mark._meta.db_table, Link._meta.db_table


@dataclass(frozen=True, slots=True)
class Standing:
    """`tables` whether there are any at all; `marks` by name; `links` and `digest` the newest link of its chain."""

    tables: bool = False
    marks: dict[str, str] = field(default_factory=dict)
    links: int = 0
    digest: str = ""

    def told(self, mark: str) -> dict[str, Any]:
        return dict(json.loads(self.marks.get(mark, "{}")))


def standing(connection: Any) -> Standing:
    """What stands in this database; None for a connection is a file that is not there."""
    names = set(connection.introspection.table_names()) if connection else set()
    if not {_MARK, _LINK} <= names:
        return Standing(tables=bool(names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, value FROM {_MARK}")
        marks = dict(cursor.fetchall())
        cursor.execute(f"SELECT number, digest FROM {_LINK} ORDER BY number DESC LIMIT 1")
        links, digest = cursor.fetchone() or (0, b"")
    return Standing(True, marks, links, bytes(digest).hex())


def refuse_other(found: Standing, own: Standing, place: Place) -> None:
    """Raises `Refused` unless nothing would be lost at the other place by taking it."""
    if not found.tables:
        return
    ours = found.marks.get("keys") == own.marks.get("keys")
    cut_off = ours and ARRIVING in found.marks
    unused = ours and not found.links
    if not (cut_off or unused or (ours and _in_our_history(found))):
        raise Refused(
            _("There are other data at %(place)s. Name an empty database: nothing there is overwritten.")
            % {"place": place.told}
        )


def _in_our_history(found: Standing) -> bool:
    digest = Link.objects.filter(pk=found.links).values_list("digest", flat=True).first()
    return digest is not None and bytes(digest).hex() == found.digest

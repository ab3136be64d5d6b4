"""Where the register does not lie, or not yet: the marks of a move, looked at when a command starts."""

import json

from django.db import DatabaseError
from django.utils.translation import gettext as _

from regulars.kernel.errors import Refused
from regulars.kernel.models import Mark

ARRIVING, MOVED = "arriving", "moved"


def refuse_elsewhere() -> None:
    """Raises `Refused` in a database from which the register was moved away, or in which it has not quite arrived."""
    try:
        marks = dict(Mark.objects.filter(name__in=(MOVED, ARRIVING)).values_list("name", "value"))
    except DatabaseError:  # no tables yet
        return
    if MOVED in marks:
        raise Refused(moved_to(marks[MOVED]))
    if ARRIVING in marks:
        raise Refused(
            _("A move into this database was cut off. Run it again from where the register lies: %(place)s.")
            % {"place": json.loads(marks[ARRIVING])["from"]}
        )


def moved_to(mark: str) -> str:
    """What is said to whoever would work where the register no longer lies."""
    place = json.loads(mark)["to"]
    if place == "file":
        return _(
            "The register has moved from this database into the encrypted file of its home. Unset "
            "REGULARS_DATABASE_URL. To stay here after all: regulars move --undo."
        )
    return _(
        "The register has moved from here to %(place)s. Set REGULARS_DATABASE_URL to it. To stay here after all: "
        "regulars move --undo."
    ) % {"place": place}

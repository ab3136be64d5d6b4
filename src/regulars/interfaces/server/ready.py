"""Whether the house can open: what was left half done is finished, the database is sound and of this version."""

from collections.abc import Mapping

from django.db import DatabaseError, connection, connections

from regulars.areas.safekeeping.actions import restoring
from regulars.interfaces.cli.output import say
from regulars.interfaces.server import upgrade
from regulars.kernel import crypto, databases, takeover
from regulars.kernel.databases import replacing
from regulars.kernel.early import gettext as _


def database(token: str) -> Mapping[str, str] | None:
    """None for a house that can open. Else what the rescue pages must know: `why` (a sentence), and the `digest` of the
    `token` in the link that lets one in. Raises Refused for what no copy would mend (PostgreSQL does not answer, a
    newer version wrote the database)."""
    takeover.clear()
    if replacing.pending(connection) and restoring.finish_swap():
        say(_("What was begun before the program ended was finished: the register is whole."))
    replacing.abandon(connection)
    if not databases.is_file(connection):
        upgrade.database_is_reachable()
    wrong = restoring.what_is_wrong()
    if wrong:
        connections.close_all()
        return _rescue(wrong[0], token)
    try:
        if upgrade.bring_up_to_date():
            say(_("The database is at this version now."))
    except DatabaseError as error:
        connections.close_all()
        return _rescue(_("The database does not open: %(reason)s") % {"reason": str(error).splitlines()[0]}, token)
    return None


def _rescue(why: str, token: str) -> Mapping[str, str]:
    say(why)
    return {"why": why, "digest": crypto.sha256(token.encode()).hex()}

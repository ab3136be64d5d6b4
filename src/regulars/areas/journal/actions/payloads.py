"""What a link states, frozen: a payload for each customer touched, and one of the changeset itself."""

from collections.abc import Iterable
from typing import Any

import orjson

from regulars.areas.journal import models
from regulars.kernel.tables import Canonical, Table, moment


def payload_of(
    subject: int | None,
    new: Iterable[tuple[int, Table, Canonical]] = (),
    set: Iterable[Any] = (),
    gone: Iterable[Any] = (),
) -> bytes:
    """A frozen payload: what one link did to one customer (or, without one, to the house).

    `{"customer", "new": [[table, id, row]…], "set": [[table, id, row]…], "gone": [[table, id]…]}`, keys sorted, empty
    parts left out. `row` is the whole row after the deed, canonical.
    """
    body: dict[str, Any] = {"customer": subject}
    if added := [[table.label, pk, row] for pk, table, row in new]:
        body["new"] = added
    if set:
        body["set"] = set
    if gone:
        body["gone"] = gone
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def header_of(changeset: models.Changeset) -> bytes:
    """The changeset's own payload: who, when, through what, which deed."""
    return orjson.dumps(
        {
            "changeset": changeset.number,
            "at": moment(changeset.at),
            "by": [changeset.by_kind, changeset.by_id, changeset.by_name],
            "through": changeset.through,
            "detail": changeset.detail,
            "verb": changeset.verb,
            "particulars": changeset.particulars,
            "undoes": changeset.undoes_id,
        },
        option=orjson.OPT_SORT_KEYS,
    )

"""Proving a version: a child process opens it and looks at all that can be known of it.

pages   every page is authentic and sound, no key points at nothing (an older program wrote it: the rest later)
listed  PostgreSQL where the role may make no database: every segment opened, the table of contents read
new     besides: what the slip counts, the chain from its beginning, the files it names, the rows of the links since
        the newest version that was proved whole
whole   the same with the rows of all links
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from regulars.areas.journal.chain import ledger
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries import verify_copy
from regulars.areas.safekeeping.keeping.holding import Held, held
from regulars.kernel import crypto, places
from regulars.kernel.databases import copies, copying, small_cache
from regulars.kernel.errors import Refused

MEMORY = 768  # MiB that the child may have
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """What a slip says of a version; no `sha256` where it could not be read. `whole` names the link, and its digest, up
    to which a version before was proved row by row; `database` is where the house lies."""

    file: Path
    sha256: str
    held: Held
    files: tuple[str, ...] = ()
    whole: tuple[int, str] = (0, "")
    database: str = ""


def look_at(claim: Claim) -> dict[str, Any]:
    """The verdict, for a slip: `{"kind", "problems", "doubts", "changes", "seconds"}`; under `anew` what it is and
    holds, where the slip could not be read.

    To be called in a process of its own.
    """
    began = time.monotonic()
    connection.settings_dict["NAME"] = claim.database or connection.settings_dict["NAME"]
    looked = _looked(claim)
    return {
        "kind": looked.kind, "problems": looked.problems[:_ENOUGH], "doubts": looked.doubts[:_ENOUGH],
        "changes": looked.changes, "seconds": round(time.monotonic() - began, 1), "anew": looked.anew,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found: wrong with the copy, and wrong in the register of which it is a true copy."""

    kind: str
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    changes: int = 0
    anew: dict[str, Any] = field(default_factory=dict)


def _looked(claim: Claim) -> _Looked:
    if not claim.file.is_file():
        return _Looked("pages", [_("The file of this version is gone.")])
    if claim.sha256 and crypto.sha256_of_file(claim.file).hex() != claim.sha256:
        return _Looked("pages", [_("The file of this version is not the one that was written.")])
    if problems := copying.rotten(claim.file):
        return _Looked("pages", problems)
    if not copies.may_restore(connection):
        return _Looked("listed")
    try:
        with copies.read_instead(connection, claim.file):
            return _opened(claim)
    except (Refused, DatabaseError) as error:
        return _Looked("pages", [str(error)])


def _opened(claim: Claim) -> _Looked:
    small_cache(connection)
    loader = MigrationLoader(connection)
    if set(loader.disk_migrations or ()) - set(loader.applied_migrations):
        return _Looked("pages")
    there = held(_ask)
    anew = {} if claim.sha256 else {
        "sha256": crypto.sha256_of_file(claim.file).hex(), "head": {"link": there.link, "digest": there.digest},
        "customers": there.customers, "links": there.links, "files": len(claim.files),
    }  # fmt: skip
    problems = _files(claim.files) if anew else _counts(there, claim.held) + _files(claim.files)
    since = claim.whole[0] if _stands(*claim.whole) else 0
    verdict = verify_copy(since=since)
    kind, doubts = "new" if since else "whole", [each.message for each in verdict.problems]
    return _Looked(kind, problems, doubts, verdict.changes, anew)


def _ask(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()  # type: ignore[no-any-return]


def _counts(there: Held, said: Held) -> list[str]:
    return [] if there == said else [_("It does not hold what its slip says: %(there)s instead of %(said)s.") % {
        "there": there, "said": said,
    }]  # fmt: skip


def _files(named: tuple[str, ...]) -> list[str]:
    """Each sealed file that the version names must be there, unless it was destroyed because somebody was forgotten."""
    gone = {name for entry in ledger.entries() for names in entry.let_go.values() for name in names}
    missing = [name for name in named if name.rpartition("/")[2] not in gone and not (places.home() / name).is_file()]
    return [_("The file %(name)s that this version names is missing.") % {"name": name} for name in missing]


def _stands(link: int, digest: str) -> bool:
    """Whether the link up to which rows were proved before is the same in this copy."""
    known = Link.objects.filter(number=link).values_list("digest", flat=True).first()
    return bool(link and known is not None and bytes(known).hex() == digest)

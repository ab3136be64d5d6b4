"""Whether the database at hand is a whole register: what is wrong with it, in plain words, found in a moment.

It opens, its file is as long as it says, every table and column of this version is there, and what cannot be empty is
not. What only a reading of every page can find is found by the proof of each night (`verify`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.journal.chain import blocks, heads, walking
from regulars.areas.journal.models import Counter, Forgotten, Link
from regulars.kernel import databases, keyfile
from regulars.kernel.databases import beside, migrating
from regulars.kernel.errors import Refused


def what_is_wrong() -> list[str]:
    """Sentences; none for a sound register, also one of an older version, and for a house that never had anything."""
    try:
        return list(_found())
    except (DatabaseError, Refused, OSError) as error:
        return [_("The database does not open: %(reason)s") % {"reason": _first_line(error)}]


def end_of_chain() -> list[str]:
    """What is wrong with the newest link of the journal: it must hold where it stands."""
    newest = Link.objects.order_by("-number").values_list("number", flat=True).first()
    if newest is None:
        return []
    link = next(walking.links(newest, start=newest - 1))
    before = Link.objects.filter(pk=newest - 1).values_list("digest", flat=True).first()
    start = blocks.beginning(keyfile.keys().home) if before is None else bytes(before)
    return [] if link.holds(before=start) else [_("The newest link of the journal is not what was written.")]


def _found() -> Iterator[str]:
    if databases.is_file(connection) and not Path(connection.settings_dict["NAME"]).exists():
        if _had_something():
            yield _("The database file %(file)s is missing.") % {"file": connection.settings_dict["NAME"]}
        return
    present = set(connection.introspection.table_names())
    if "django_migrations" not in present:
        if present or _had_something():
            yield _("The database has lost what it must have: it is empty, or not this register's.")
        return
    if databases.is_file(connection) and not connection.in_atomic_block:  # what we are adding is nowhere yet
        yield from _too_short()
    if not migrating.is_due(connection):
        yield from _lacking(present)
    if {Link._meta.db_table, Counter._meta.db_table, Customer._meta.db_table} <= present:
        yield from _emptied()
    else:
        yield _("Tables of the register are missing: %(tables)s.") % {"tables": Link._meta.db_table}


def _had_something() -> bool:
    """Whether this home's register had anything in it: then a head was signed for it."""
    return not beside.at_work(connection) and keyfile.heads_path().exists() and heads.last() is not None


def _too_short() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute("PRAGMA page_size")
        (size,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM sqlite_master")
    # Pages that only the log holds yet are counted as well: short is what lost more than the log could bring. The log
    # is looked at first, as what leaves it meanwhile is in the file then.
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    logged = log.stat().st_size if log.exists() else 0
    wanted, there = int(pages) * int(size), Path(connection.settings_dict["NAME"]).stat().st_size
    if there + logged < wanted:
        yield _("The database file was cut off: %(there)d of %(wanted)d bytes are left.") % {
            "there": there,
            "wanted": wanted,
        }


def _lacking(present: set[str]) -> Iterator[str]:
    lost: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if not model._meta.managed or model._meta.proxy:
            continue
        if table not in present:
            lost.append(table)
            continue
        columns = databases.columns(connection, table)
        lost += [
            f"{table}.{field.column}" for field in model._meta.local_concrete_fields if field.column not in columns
        ]
    if lost:
        yield _("Parts of the database are missing: %(parts)s.") % {"parts": ", ".join(sorted(lost)[:8])}


def _emptied() -> Iterator[str]:
    following: dict[str, Any] = dict(Counter.objects.values_list("name", "next"))
    links = Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
    signed = 0 if beside.at_work(connection) else getattr(heads.last(), "links", 0)
    if links == 0 and (following.get("link", 1) > 1 or signed):
        yield _("The journal of the register is empty, and it was not.")
    past: Any = Customer.past
    if following.get("customer", 0) > 10_001 and not any(
        kind._default_manager.exists() for kind in (Customer, past, Forgotten)
    ):
        yield _("No customer is left in the register, and nobody removed them.")


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

"""The database brought to this program's version; one of a newer version or of other keys is refused, not harmed."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction
from django.utils.translation import gettext as _

from regulars.areas.journal.models import Changeset, Link, journaled_models
from regulars.areas.safekeeping.keeping.moved import refuse_elsewhere
from regulars.interfaces.server.lock import HomeLock
from regulars.kernel import crypto, databases, keyfile, places
from regulars.kernel.actor import Actor
from regulars.kernel.databases import beside, copying, migrating, replacing, resting, swapping
from regulars.kernel.errors import Refused
from regulars.kernel.models import Mark

log = logging.getLogger("regulars.serve")
_UPGRADER = databases.WRITER + 1
_PATIENCE = 30.0  # seconds for others to let go of the file


def bring_up_to_date(*, opening: bool = True) -> bool:
    """Runs what migrations are due, after keeping a copy of a database that has data. True if any ran.

    Where the house is `opening`, what a power cut or a kill left half done is finished as well.
    """
    refuse_elsewhere()
    ran = migrating.is_due(connection) and _upgraded()
    _refuse_other_keys()
    resting.mend(connection)  # an import that was killed may have left its indexes at rest
    for name, value in (("steps", _steps()), ("keys", _keys())):
        if _mark(name) != value:
            Mark.objects.update_or_create(name=name, defaults={"value": value})
    if opening:
        places.clear_spool()
        _finish_forgetting()
    return ran


def finish_what_was_begun() -> None:
    """A restore or an upgrade that was killed after it had decided is finished before anybody opens the database."""
    if replacing.pending(connection):
        from regulars.areas.safekeeping.actions import restoring

        restoring.finish_swap()
    if databases.is_file(connection) and not replacing.live_file(connection).exists():
        _refuse_broken()  # opening it would make an empty one


def _refuse_broken() -> None:
    from regulars.areas.safekeeping.actions import restoring

    wrong = restoring.what_is_wrong()
    if wrong:
        raise Refused(_("%(what)s Bring the newest good version back with: regulars restore") % {"what": wrong[0]})


def _finish_forgetting() -> None:
    """Who was to be forgotten when the power went is: the ledger knew of it before the register did."""
    from django.utils import timezone

    from regulars.areas.customers import actions, queries

    if not queries.returned():
        return
    by = Actor(kind="system", name="Regulars", rights=frozenset({"customers.forget"}), through="job")
    try:
        actions.forget_again(by=by, at=timezone.now())
    except Refused as refused:  # a list is coming in: `verify` names them until it is done
        log.warning("Customers who were to be forgotten are still here: %s", refused)


def bring_up_to_date_alone() -> bool:
    """The same from a command: where an upgrade is due, no `serve` of the older version may be running on this home.

    Three small queries when nothing has changed since the last time.
    """
    refuse_elsewhere()
    if _mark("steps") == _steps() and _mark("keys") == _keys():
        return False
    _refuse_broken()
    if not migrating.is_due(connection):
        return bring_up_to_date(opening=False)
    lock = HomeLock()
    lock.take("")
    try:
        return bring_up_to_date(opening=False)
    finally:
        lock.release()


def is_new() -> bool:
    """Whether nothing was ever done in this register."""
    return not Changeset.objects.exists()


def _upgraded() -> bool:
    with _alone():
        if migrating.has_begun(connection):
            _refuse_other_keys()
            _keep_a_copy()
            _beside() if databases.is_file(connection) else _in_one_transaction()
        else:
            migrating.bring_up(connection)
    return True


def _beside() -> None:
    """The steps are taken on a copy beside the live file, which is put in place when it is sound. Whatever fails, and
    whenever this is killed, the database before it is untouched and the program before this one opens it."""
    from regulars.areas.safekeeping.actions import restoring

    live = replacing.live_file(connection)
    connections.close_all()
    with replacing.alone(connection, patience=_PATIENCE):
        try:
            target = swapping.begin(live)
            copying.copy(connection, target)
            before = _counts()
            connection.close()
            with beside.working_on(connection, target), _explained():
                migrating.bring_up(connection)
                _check_itself(before)
            swap = swapping.Swap(live, live.with_name("replaced"), keep=False, then={})
            swapping.put_in_place(swap, restoring.say_outside)
        finally:
            connections.close_all()
            swapping.abandon(live)


def _in_one_transaction() -> None:
    """PostgreSQL changes tables within a transaction: all steps and the check are one, or nothing of them is."""
    before = _counts()
    with _explained(), transaction.atomic():
        migrating.bring_up(connection)
        _check_itself(before)


def _check_itself(before: Mapping[str, int]) -> None:
    """Raises `Refused` where the steps broke something: a part lacking, rows gone, keys that point at nothing, the end
    of the chain."""
    from regulars.areas.safekeeping.actions import restoring

    wrong = restoring.what_is_wrong()
    after = _counts()
    wrong += [
        _("Table %(table)s had %(before)d rows and has %(after)d.")
        % {"table": table, "before": count, "after": after[table]}
        for table, count in before.items()
        if table in after and after[table] < count
    ]
    try:
        connection.check_constraints()
    except DatabaseError as error:
        wrong.append(str(error))
    wrong += restoring.end_of_chain()
    if wrong:
        raise Refused(wrong[0])


def _counts() -> dict[str, int]:
    """How many rows each table of journaled rows and of the journal has: steps move and change rows, and lose none."""
    tables = {each._meta.db_table for model in journaled_models() for each in (model, model.past)}
    tables |= {Link._meta.db_table, Changeset._meta.db_table}
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables & set(connection.introspection.table_names(cursor))):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own names
            counts[table] = int(cursor.fetchone()[0])
    return counts


@contextmanager
def _explained() -> Iterator[None]:
    """Whatever goes wrong in a step is told as what it is: the upgrade did not come about, and nothing was changed."""
    try:
        yield
    except Exception as error:
        raise Refused(
            _(
                "The upgrade failed, and the database is as it was: %(reason)s The version of Regulars before "
                "this one opens it. Install that one again, and tell us what stands here."
            )
            % {"reason": _first_line(error)}
        ) from error


def _mark(name: str) -> str | None:
    """What the database remembers; None before it remembers anything."""
    try:
        return Mark.objects.filter(name=name).values_list("value", flat=True).first()
    except DatabaseError:
        return None


def _steps() -> str:
    """The digest of all migrations of this program, by the names of their files."""
    folders = [(app.label, Path(app.path) / "migrations") for app in apps.get_app_configs()]
    names = sorted(f"{label}.{file.stem}" for label, folder in folders for file in folder.glob("[0-9]*.py"))
    return crypto.sha256("\n".join(names).encode()).hex()


def _keys() -> str:
    """The names of the keys that what is in the database needs."""
    own = keyfile.keys()
    return f"{own.chain.id} {own.index.id}"  # those that are never changed


def _refuse_other_keys() -> None:
    """On PostgreSQL a foreign home would find a readable database, and write into it what nobody can join."""
    known = _mark("keys")
    if known is not None and known != _keys():
        raise Refused(
            _(
                "This database belongs to another home: its keys are not those in %(file)s. Set REGULARS_HOME and "
                "REGULARS_KEY_FILE to the home that it belongs to."
            )
            % {"file": keyfile.path()}
        )


def _keep_a_copy() -> None:
    from django.utils import timezone

    from regulars.areas.safekeeping import actions

    actions.make_version(at=timezone.now(), why="upgrade")


@contextmanager
def _alone() -> Iterator[None]:
    """Two programs on one PostgreSQL upgrade it one after the other; on the file the home's lock has done that."""
    if databases.is_file(connection):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_UPGRADER])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_UPGRADER])


def database_is_reachable() -> None:
    """Raises `Refused` with the reason when there is no speaking to the database."""
    from django.db import OperationalError

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Refused(_("The database does not answer: %(reason)s") % {"reason": _first_line(error)}) from error


def _first_line(error: Any) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

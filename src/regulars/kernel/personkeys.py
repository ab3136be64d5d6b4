"""One key per customer who has a sealed value: destroy it, and the value is gone from every copy of the register.

The keys lie in `keys.db` in the home, an enciphered file of its own, each wrapped by the house's `fields` key. A key
is made when the first value is sealed and is on disk before the deed that needs it can commit; a deed that is then
taken back leaves an unused key, which harms nobody. A destroyed key leaves its number behind, so that no value is ever
sealed for a forgotten customer again. The file is in no version of the register (decision 6).
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _

from regulars.kernel import crypto, keyfile, places, trouble
from regulars.kernel.errors import Refused

_BATCH = 1000
_GENERATION = "p1"  # the id that ciphertexts under a person's first key carry
_WRAPPED_AFTER = (
    "SELECT number, wrapped FROM person_key WHERE number > ? AND wrapped IS NOT NULL ORDER BY number LIMIT ?"
)
_OPEN = threading.local()


class KeyDestroyed(Refused):
    """There is no key for this customer (any more): what was sealed for them cannot be read."""

    code = "key_destroyed"


def seal_value(number: int, place: str, text: str) -> bytes:
    """Enciphers a value of one customer, bound to its place (table, row id, field). Makes a missing key."""
    return seal_values([(number, place, text)])[0]


def seal_values(values: Sequence[tuple[int, str, str]]) -> list[bytes]:
    """Many values, each `(number, place, text)`; the keys that are missing are made in one durable transaction."""
    keys = make_keys(number for number, _place, _text in values)
    return [crypto.seal(_GENERATION, keys[number], text.encode(), place.encode()) for number, place, text in values]


def open_value(number: int, place: str, blob: bytes) -> str:
    """What `seal_value` enciphered. Raises `KeyDestroyed`, or `crypto.Tampered` for a value moved from its place."""
    return crypto.unseal({_GENERATION: key_for(number)}, bytes(blob), place.encode()).decode()


def key_for(number: int) -> bytes:
    """The customer's key. Raises `KeyDestroyed` where there is none."""
    found = keys_for([number])
    if number not in found:
        raise KeyDestroyed(_("The sealed values of customer %(number)d were destroyed.") % {"number": number})
    return found[number]


def keys_for(numbers: Iterable[int]) -> dict[int, bytes]:
    """The keys of those customers who have one."""
    found: dict[int, bytes] = {}
    for part in batched(sorted(set(numbers)), _BATCH):
        wanted = f"SELECT number, wrapped FROM person_key WHERE number IN ({_marks(part)}) AND wrapped IS NOT NULL"  # noqa: S608
        with _opening() as file:
            rows = file.execute(wanted, part).fetchall()
        found.update(_unwrapped(rows))
    return found


def make_keys(numbers: Iterable[int]) -> Mapping[int, bytes]:
    """The keys of all these customers, made where they are missing; durable when this returns."""
    wanted = set(numbers)
    found = keys_for(wanted)
    missing = sorted(wanted - found.keys())
    if not missing:
        return found
    fields = keyfile.keys().fields
    fresh = [(number, _wrapped(fields, number, crypto.random_key())) for number in missing]
    with _opening() as file:
        file.execute("BEGIN IMMEDIATE")
        file.executemany("INSERT INTO person_key (number, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING", fresh)
        file.execute("COMMIT")
    made = {**found, **keys_for(missing)}  # another process may have made one first: its key counts
    for number in missing:
        if number not in made:
            raise KeyDestroyed(_("The sealed values of customer %(number)d were destroyed.") % {"number": number})
    return made


def wrap_anew() -> int:
    """Wraps every key by the house's `fields` key of today, all in one durable transaction. Returns how many.

    The values sealed under them stay as they are: they need not be read. Others may read and make keys meanwhile; who
    does not know the key of today yet still makes some under the one before.
    """
    done, last, fields = 0, -1, keyfile.keys().fields
    with _opening() as file:
        file.execute("BEGIN IMMEDIATE")
        while rows := file.execute(_WRAPPED_AFTER, (last, _BATCH)).fetchall():
            last = rows[-1][0]
            old = [each for each in rows if crypto.sealed_by(bytes(each[1])) != fields.id]
            fresh = [(_wrapped(fields, number, key), number) for number, key in _unwrapped(old)]
            file.executemany("UPDATE person_key SET wrapped = ? WHERE number = ?", fresh)
            done += len(fresh)
        file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what the old key opens stays in no log
    return done


def destroy(number: int) -> None:
    """Makes every value sealed for this customer unreadable for good, also in copies. Durable when this returns."""
    gone = "INSERT INTO person_key (number, wrapped) VALUES (?, NULL) ON CONFLICT DO UPDATE SET wrapped = NULL"
    with _opening() as file:
        file.execute(gone, (number,))
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the old page stays in no log


def problems() -> list[str]:
    """What is rotten in the file, a sentence each. No file: nobody has a sealed value yet."""
    if not places.person_keys().exists():
        return []
    try:
        with _opening() as file:
            first = _rotten(file)
            # A checkpoint may have written the very page that was being read, or the power was cut while it did: then
            # the log has the page whole and brings it home.
            if first:
                file.execute("PRAGMA wal_checkpoint(PASSIVE)")
            return _rotten(file) if first else []
    except Refused as refused:
        return [str(refused)]


def _rotten(file: Any) -> list[str]:
    return [str(line) for (line,) in file.execute("PRAGMA cipher_integrity_check").fetchall()]


def file_key() -> bytes:
    """The key of the file `keys.db` itself, for a copy of it."""
    return keyfile.of_person_keys(keyfile.keys().database)


def close() -> None:
    """Closes this thread's connection (before the file is moved; in tests)."""
    held = getattr(_OPEN, "held", None)
    if held:
        held[1].close()
        _OPEN.held = None


@contextmanager
def _opening() -> Iterator[Any]:
    """This thread's connection. After an error it is closed, and with it what was not committed: nobody knows what of
    it is on the disk. A file that does not read is refused with what to do."""
    from regulars.kernel.databases.sqlcipher import base

    try:
        yield _file()
    except base.DatabaseError as error:
        close()
        raise (trouble.of(error) or _damaged(error)) from error
    except BaseException:
        close()
        raise


def _damaged(error: Exception) -> Exception:
    if not any(word in str(error) for word in ("not a database", "malformed", "HMAC")):
        return error
    return Refused(
        _(
            "The keys of the customers in %(file)s cannot be read: the file is damaged. Put it back from the copy that "
            "`regulars backup --to` keeps beside the versions."
        )
        % {"file": places.person_keys()}
    )


def _file() -> Any:
    """This thread's connection to the file of this home; opened and made where it is missing."""
    place = (os.getpid(), str(places.person_keys()))
    held = getattr(_OPEN, "held", None)
    if held is None or held[0] != place:
        _OPEN.held = held = (place, _opened())
    return held[1]


def _opened() -> Any:
    from regulars.kernel.databases.sqlcipher import base, disk

    disk.refuse_network(places.home())
    file = base.open_file(places.person_keys(), file_key())
    file.execute("CREATE TABLE IF NOT EXISTS person_key (number INTEGER PRIMARY KEY, wrapped BLOB)")
    return file


def _wrapped(fields: keyfile.Key, number: int, key: bytes) -> bytes:
    return crypto.seal(fields.id, fields, key, _owner(number))


def _unwrapped(rows: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Each customer's number with her key. A key of the house that this process does not know yet is looked for."""
    known = {each.id: each for each in keyfile.keys().all("fields")}

    def named(key_id: str) -> bytes:
        return known.get(key_id) or keyfile.fields_key(key_id)

    for number, wrapped in rows:
        yield number, crypto.unseal(named, bytes(wrapped), _owner(number))


def _owner(number: int) -> bytes:
    return f"person key of {number}".encode()


def _marks(part: Sequence[int]) -> str:
    return ", ".join("?" * len(part))

"""The house's keys: one file outside the home, for the owner's eyes only.

JSON `{"home","database","fields","chain","sign","check"}`: the home's id, four independent 256-bit keys in hex, a sum.
It is made at the first start and never again: a home that has keys and cannot find them says which file is missing. The
home keeps only the names (ids) of its keys in `keys.ids`, so that a foreign file is refused as well.

A key that was changed stays in the file under `retired`, so that what was enciphered or signed with it can be read for
ever (decision 45); of a signing key only the public half. `session` is there once it was changed.
"""

import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from regulars.kernel import crypto, places
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused
from regulars.kernel.keyring import KINDS, Key, Keys, Retired, summed

__all__ = [
    "CHANGEABLE", "FALLBACK", "FRESH", "KINDS", "Key", "Keys", "KeysMissing", "Retired", "change", "changed_at",
    "check_letters", "fields_key", "forget_cached", "heads_path", "keys", "lasting_secret", "ledger_path",
    "of_person_keys", "opened_by", "or_earlier", "path", "recovery_sheet", "restore_from_sheet", "session_secrets",
    "sheet_fits", "succession",
]  # fmt: skip

CHANGEABLE = ("database", "fields", "sign", "session")  # the chain's stays as long as the register does
FRESH = 0.5  # seconds after which a change of the file is noticed
FALLBACK = timedelta(days=1)  # so long what the earlier session key signed is still taken
_LINE = re.compile(r"^[ \t]*(home|database|fields|chain|sign|session|check)[ \t]+([0-9a-f ]+?)[ \t\r]*$", re.MULTILINE)
_EARLIER = re.compile(
    r"^[ \t]*earlier[ \t]+(database|fields|sign)[ \t]+([0-9a-f]{8})[ \t]+([0-9a-f ]+?)[ \t\r]*$", re.MULTILINE
)
_OF_PERSONS = "regulars: keys.db"  # what the key of the file `keys.db` is derived for
_SEEN: dict[Path, tuple[float, int]] = {}  # when this process looked, and when the file had been written
_SECRET = "web secret 1"  # noqa: S105 - likewise


class KeysMissing(Refused):
    """The keys cannot be had: no file, a foreign file, or one that others can read. Nothing was made."""

    code = "keys_missing"


def path() -> Path:
    """`REGULARS_KEY_FILE`, or `<config folder>/regulars/<home id>.json`."""
    given = os.environ.get("REGULARS_KEY_FILE")
    return Path(given).expanduser().absolute() if given else places.config() / f"{places.home_id()}.json"


def heads_path() -> Path:
    """The append-only file of signed heads: beside the keys, not in the home."""
    return path().with_suffix(".heads")


def ledger_path() -> Path:
    """The append-only ledger of who was forgotten: beside the keys, so that an older copy of the home learns of it."""
    return path().with_suffix(".forgotten")


def keys() -> Keys:
    """The keys of this home; made on the very first call for a home that never had any. Raises `KeysMissing`.

    A file that was written anew is read anew, within `FRESH` seconds.
    """
    file = path()
    return _keys(file, places.home(), _written_at(file))


def forget_cached() -> None:
    """Reads the file again at the next call."""
    _SEEN.clear()
    _keys.cache_clear()


def opened_by(purpose: str, salt: bytes | None = None) -> Callable[[str], bytes]:
    """Gives the key for one purpose, drawn from any `fields` key there was, by its id. It raises KeyError."""

    def named(key_id: str) -> bytes:
        for each in _every("fields"):
            key = crypto.derive(each, purpose, salt=salt)
            if crypto.key_id(key) == key_id:
                return key
        raise KeyError(key_id)

    return named


def fields_key(key_id: str) -> bytes:
    """The `fields` key of this id, of today or earlier. Raises KeyError."""
    for each in _every("fields"):
        if each.id == key_id:
            return each
    raise KeyError(key_id)


def _every(kind: str) -> Iterator[Key]:
    """All keys of this kind that this process knows; then, since another may just have changed them, all there are."""
    yield from keys().all(kind)
    forget_cached()
    yield from keys().all(kind)


def of_person_keys(database: bytes) -> bytes:
    """The key of the file `keys.db` under this key of the database."""
    return crypto.derive(database, _OF_PERSONS)


def or_earlier(key: bytes) -> tuple[bytes, ...]:
    """With which keys a file of ours may open that is to open with this one: a change of keys may have been cut off,
    and a copy is as old as it is."""
    every = keys().all("database")
    if key == every[0]:
        return every
    persons = tuple(map(of_person_keys, every))
    return persons if key == persons[0] else (key,)


def lasting_secret() -> str:
    """A secret of the house that stays: recovery codes are kept under it."""
    return crypto.derive(keys().chain, _SECRET).hex()


def session_secrets(at: datetime) -> list[str]:
    """What a browser's marks are signed with, and before it what they may still be signed with."""
    own = keys()
    earlier = [each for each in own.retired if each.kind == "session"]
    young = [each.key.hex() for each in earlier if at - datetime.fromisoformat(each.at) < FALLBACK]
    return [_session_secret(own).hex(), *young]


def change(kind: str, *, at: datetime) -> Keys:
    """Puts a fresh key of this kind in the place of the old one, which is retired. Durable when this returns.

    From then on both open; what is to be enciphered anew is the caller's matter. Raises ValueError for the chain's.
    """
    if kind not in CHANGEABLE:
        raise ValueError(kind)
    own, fresh = keys(), Key(crypto.random_key())
    retired = Retired(kind, *_as_retired(own, kind, fresh), at=at.astimezone(UTC).isoformat())
    if kind == "sign":
        retired = replace(retired, signed=crypto.sign(own.sign, succession(own.home, crypto.public_key(fresh))).hex())
    kept = tuple(each for each in own.retired if kind != "session" or each.kind != "session")
    changed: dict[str, Any] = {kind: fresh, "retired": (retired, *kept)}
    made = replace(own, **changed)
    places.write_whole(path(), _written(made))
    forget_cached()
    return keys()


def changed_at() -> dict[str, datetime]:
    """When each kind of key was changed last; those that never were are left out."""
    found: dict[str, datetime] = {}
    for each in keys().retired:
        if each.at:
            at = datetime.fromisoformat(each.at)
            found[each.kind] = max(at, found.get(each.kind, at))
    return found


def succession(home: str, public: bytes) -> bytes:
    """What an old signing key says of the new one, by its public half."""
    return f"regulars signing key 1|{home}|{public.hex()}".encode()


def recovery_sheet() -> str:
    """What to print and lock away: the whole key file as text, with how to use it. Shown to the owner only."""
    own = keys()
    lines = [f"  {kind:<9} {_grouped(getattr(own, kind).hex())}" for kind in KINDS]
    lines += [f"  session   {_grouped(own.session.hex())}"] if own.session else []
    lines += [
        f"  earlier   {each.kind:<8} {each.id} {_grouped(each.key.hex())}" for each in own.retired if _on_sheet(each)
    ]
    return _sheet() % {
        "block": "\n".join((f"  home      {own.home}", *lines, f"  check     {_check(own)}")),
        "file": path(),
        "folder": places.home(),
    }


def check_letters() -> str:
    """The last line of this home's recovery sheet: whoever has it in hand can show so."""
    return _check(keys())


def restore_from_sheet(text: str) -> Keys:
    """The keys read back from a recovery sheet and written to the key file. Refuses a sheet with a slip in it, and one
    that this home's keys have outlived. On a blank machine the home takes the sheet's name with them, so that its
    copies fit."""
    found = _from_sheet(text)
    marker = places.home() / "keys.ids"
    if marker.exists() and not _known(found, marker):
        raise KeysMissing(_strange(found, None, marker))
    places.write_once(places.home() / "home.id", found.home.encode() + b"\n")
    places.folder(path().parent)
    places.write_once(path(), _written(found))
    forget_cached()
    return keys()


def sheet_fits(text: str) -> str:
    """Whether a printed sheet would bring back all keys of today: `fits`, `older` or `foreign`. Refuses one with a slip
    in it."""
    found, own = _from_sheet(text), keys()
    if (found.home, found.chain) != (own.home, own.chain):
        return "foreign"
    needed = {each.id for each in own.retired if _on_sheet(each)}
    same = (found.ids(), found.session) == (own.ids(), own.session)
    return "fits" if same and needed <= {each.id for each in found.retired} else "older"


def _written_at(file: Path) -> int:
    """When the file was written; as last seen, where it is not to be had any more (a medium that was taken out)."""
    now, seen = time.monotonic(), _SEEN.get(file)
    if seen is not None and now - seen[0] < FRESH:
        return seen[1]
    try:
        written = file.stat().st_mtime_ns
    except OSError:
        written = seen[1] if seen else 0
    _SEEN[file] = (now, written)
    return written


@lru_cache(maxsize=8)
def _keys(file: Path, home: Path, _written_at: int) -> Keys:
    marker = home / "keys.ids"
    if not file.exists():
        if marker.exists() or places.database().exists() or places.person_keys().exists():
            raise KeysMissing(_missing(file, home))
        _make(file)
    found = _read(file)
    _belongs(found, file, marker)
    return found


def _make(file: Path) -> None:
    fresh = _from_hex({"home": places.home_id(), **{kind: crypto.random_key().hex() for kind in KINDS}}, ())
    places.folder(file.parent)
    places.write_once(file, _written(fresh))


def _written(keys: Keys) -> bytes:
    return json.dumps(summed(keys.as_json()), indent=2).encode() + b"\n"


def _as_retired(own: Keys, kind: str, fresh: bytes) -> tuple[str, Key]:
    if kind == "session":
        secret = _session_secret(own)
        return crypto.key_id(secret), Key(secret)
    old: Key = getattr(own, kind)
    return old.id, Key(crypto.public_key(old)) if kind == "sign" else old


def _session_secret(own: Keys) -> bytes:
    return crypto.derive(own.session or own.chain, _SECRET)


def _read(file: Path) -> Keys:
    _private(file)
    try:
        content: Mapping[str, Any] = json.loads(file.read_text())
        if "check" in content and content != summed(content):  # none in files of older versions
            raise ValueError("check")
        found = Keys(
            content["home"],
            **{kind: Key(bytes.fromhex(content[kind])) for kind in KINDS},
            session=Key(bytes.fromhex(content["session"])) if "session" in content else None,
            retired=tuple(
                Retired(**{**each, "key": Key(bytes.fromhex(each["key"]))}) for each in content.get("retired", ())
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise KeysMissing(
            _("The key file %(file)s is damaged. Put it back from a copy or from the recovery sheet.") % {"file": file}
        ) from error
    every = [*(getattr(found, kind) for kind in KINDS), *(each.key for each in found.retired)]
    if any(len(each) != crypto.KEY_BYTES for each in every):
        raise KeysMissing(_("The key file %(file)s is damaged: a key must have 64 hex letters.") % {"file": file})
    return found


def _from_hex(told: Mapping[str, Any], earlier: Iterable[Retired]) -> Keys:
    database, fields, chain, sign = (Key.fromhex(told[kind]) for kind in KINDS)
    session = Key.fromhex(told["session"]) if "session" in told else None
    return Keys(told["home"], database, fields, chain, sign, session, tuple(earlier))


def _private(file: Path) -> None:
    mode = file.stat().st_mode
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeysMissing(
            _("The key file %(file)s can be read by others. Close it with: chmod 600 '%(file)s'") % {"file": file}
        )


def _belongs(found: Keys, file: Path, marker: Path) -> None:
    """Notes the keys' names in the home at first; later refuses any others, and keys older than the home's."""
    noted = json.dumps(found.ids()).encode() + b"\n"
    if not marker.exists():
        places.write_once(marker, noted)
    if not _known(found, marker):
        raise KeysMissing(_strange(found, file, marker))
    if json.loads(marker.read_text()) != found.ids():  # they were changed
        places.write_whole(marker, noted)


def _known(found: Keys, marker: Path) -> bool:
    """Whether the keys whose names the home has noted are among these."""
    noted = json.loads(marker.read_text())
    earlier = {(each.kind, each.id) for each in found.retired}
    return all(noted.get(kind) == own or (kind, noted.get(kind)) in earlier for kind, own in found.ids().items())


def _strange(found: Keys, file: Path | None, marker: Path) -> str:
    """What is said of a key file, or of a sheet (no file), that is not this home's or is older than its keys."""
    told = {"file": file, "home": marker.parent}
    if json.loads(marker.read_text()).get("chain") == found.chain.id:
        older = (
            _(
                "The key file %(file)s is older than the keys of the home %(home)s, which were changed since. Take the "
                "newer key file, or the recovery sheet that was printed after the change."
            )
            if file
            else _(
                "The sheet is older than the keys of the home %(home)s, which were changed since. Take the sheet that "
                "was printed after the change."
            )
        )
        return older % told
    foreign = (
        _("The key file %(file)s belongs to another home than %(home)s. Set REGULARS_KEY_FILE to this home's own.")
        if file
        else _("The sheet belongs to another home than %(home)s.")
    )
    return foreign % told


def _missing(file: Path, home: Path) -> str:
    return _(
        "The home %(home)s has data, but its key file %(file)s is missing. Without it nobody can read them, and new "
        "keys would not fit. Put the file back from a copy, or type in the recovery sheet with: regulars keys recovery "
        "--restore SHEET, or set REGULARS_KEY_FILE to where it lies."
    ) % {"home": home, "file": file}


def _grouped(hexed: str) -> str:
    return " ".join(hexed[at : at + 8] for at in range(0, len(hexed), 8))


def _sheet() -> str:
    return _(
        "RECOVERY SHEET OF THE REGISTER\n\n"
        "Print this and lock it away from the computer. Whoever has this sheet and a copy of the\n"
        "register can read everything; without the keys nobody can, not even you.\n\n"
        "%(block)s\n\n"
        "To use it: install Regulars, put the copy of the home in its place (it lay in\n"
        "%(folder)s), save this sheet as a file and run: regulars keys recovery --restore FILE\n"
        "The keys lay in %(file)s\n"
    )


def _on_sheet(each: Retired) -> bool:
    return each.kind != "session"


def _check(keys: Keys) -> str:
    """Eight letters by which a slip in a typed sheet is noticed."""
    more = [keys.session] if keys.session else []
    more += [Key(each.kind.encode() + each.id.encode() + each.key) for each in keys.retired if _on_sheet(each)]
    return crypto.sha256(keys.home.encode(), *(getattr(keys, kind) for kind in KINDS), *more).hex()[:8]


def _from_sheet(text: str) -> Keys:
    words = {name: "".join(value.split()) for name, value in _LINE.findall(text)}
    try:
        found = Keys(
            words["home"],
            **{kind: Key(bytes.fromhex(words[kind])) for kind in KINDS},
            session=Key(bytes.fromhex(words["session"])) if "session" in words else None,
            retired=tuple(
                Retired(kind, name, Key(bytes.fromhex(value))) for kind, name, value in _EARLIER.findall(text)
            ),
        )
    except (KeyError, ValueError) as error:
        raise Refused(_("This is not a whole recovery sheet: one of its lines is missing or misread.")) from error
    if _check(found) != words.get("check"):
        raise Refused(_("The recovery sheet has a slip in it: its check letters do not fit its keys."))
    return found

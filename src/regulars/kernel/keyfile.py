"""The house's keys: one file outside the home, for the owner's eyes only.

JSON `{"home","database","fields","chain","sign"}`: the home's id and four independent 256-bit keys in hex. It is made
at the first start and never again: a home that has keys and cannot find them says which file is missing. The home
keeps only the names (ids) of its keys in `keys.ids`, so that a foreign file is refused as well.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from regulars.kernel import crypto, places
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

KINDS = ("database", "fields", "chain", "sign")
_LINE = re.compile(r"^[ \t]*(home|database|fields|chain|sign|check)[ \t]+([0-9a-f ]+?)[ \t\r]*$", re.MULTILINE)


class KeysMissing(Refused):
    """The keys cannot be had: no file, a foreign file, or one that others can read. Nothing was made."""

    code = "keys_missing"


class Key(bytes):
    """A key: plain bytes to the crypto module, never written out by `repr`, `str` or a traceback."""

    @cached_property
    def id(self) -> str:
        """The name of the key, as ciphertexts carry it."""
        return crypto.key_id(self)

    def __repr__(self) -> str:
        return f"<Key {self.id}>"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Keys:
    """The four keys of a home. `sign` is an Ed25519 seed."""

    home: str
    database: Key
    fields: Key
    chain: Key
    sign: Key

    def ids(self) -> dict[str, str]:
        return {kind: getattr(self, kind).id for kind in KINDS}


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
    """The keys of this home; made on the very first call for a home that never had any. Raises `KeysMissing`."""
    return _keys(path(), places.home())


def forget_cached() -> None:
    """Reads the file again at the next call (tests, rotation)."""
    _keys.cache_clear()


def recovery_sheet() -> str:
    """What to print and lock away: the whole key file as text, with how to use it. Shown to the owner only."""
    own = keys()
    lines = [f"  {kind:<9} {_grouped(getattr(own, kind).hex())}" for kind in KINDS]
    return _sheet() % {
        "block": "\n".join((f"  home      {own.home}", *lines, f"  check     {_check(own)}")),
        "file": path(),
        "folder": places.home(),
    }


def check_letters() -> str:
    """The last line of this home's recovery sheet: whoever has it in hand can show so."""
    return _check(keys())


def restore_from_sheet(text: str) -> Keys:
    """The keys read back from a recovery sheet and written to the key file. Refuses a sheet with a slip in it.

    On a blank machine the home takes the sheet's name with them, so that its copies fit.
    """
    found = _from_sheet(text)
    places.write_once(places.home() / "home.id", found.home.encode() + b"\n")
    _write(path(), found)
    forget_cached()
    return keys()


@lru_cache(maxsize=8)
def _keys(file: Path, home: Path) -> Keys:
    marker = home / "keys.ids"
    if not file.exists():
        if marker.exists() or places.database().exists() or places.person_keys().exists():
            raise KeysMissing(_missing(file, home))
        _make(file)
    found = _read(file)
    _belongs(found, file, marker)
    return found


def _make(file: Path) -> None:
    fresh = Keys(places.home_id(), *(Key(crypto.random_key()) for _kind in KINDS))
    _write(file, fresh)


def _write(file: Path, keys: Keys) -> None:
    places.folder(file.parent)
    content = {"home": keys.home, **{kind: getattr(keys, kind).hex() for kind in KINDS}}
    places.write_once(file, json.dumps(content, indent=2).encode() + b"\n")


def _read(file: Path) -> Keys:
    _private(file)
    try:
        content: Mapping[str, Any] = json.loads(file.read_text())
        found = Keys(content["home"], *(Key(bytes.fromhex(content[kind])) for kind in KINDS))
    except (ValueError, KeyError, TypeError) as error:
        raise KeysMissing(
            _("The key file %(file)s is damaged. Put it back from a copy or from the recovery sheet.") % {"file": file}
        ) from error
    if any(len(getattr(found, kind)) != crypto.KEY_BYTES for kind in KINDS):
        raise KeysMissing(_("The key file %(file)s is damaged: a key must have 64 hex letters.") % {"file": file})
    return found


def _private(file: Path) -> None:
    mode = file.stat().st_mode
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeysMissing(
            _("The key file %(file)s can be read by others. Close it with: chmod 600 '%(file)s'") % {"file": file}
        )


def _belongs(found: Keys, file: Path, marker: Path) -> None:
    """Notes the keys' names in the home at first; later refuses any others."""
    if not marker.exists():
        places.write_once(marker, json.dumps(found.ids()).encode() + b"\n")
    expected = json.loads(marker.read_text())
    if expected != found.ids():
        raise KeysMissing(
            _("The key file %(file)s belongs to another home than %(home)s. Set REGULARS_KEY_FILE to this home's own.")
            % {"file": file, "home": marker.parent}
        )


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


def _check(keys: Keys) -> str:
    """Eight letters by which a slip in a typed sheet is noticed."""
    return crypto.sha256(keys.home.encode(), *(getattr(keys, kind) for kind in KINDS)).hex()[:8]


def _from_sheet(text: str) -> Keys:
    words = {name: "".join(value.split()) for name, value in _LINE.findall(text)}
    try:
        found = Keys(words["home"], *(Key(bytes.fromhex(words[kind])) for kind in KINDS))
    except (KeyError, ValueError) as error:
        raise Refused(_("This is not a whole recovery sheet: one of its lines is missing or misread.")) from error
    if _check(found) != words.get("check"):
        raise Refused(_("The recovery sheet has a slip in it: its check letters do not fit its keys."))
    return found

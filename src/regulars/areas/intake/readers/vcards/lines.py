"""The properties of an address book, one after the other (RFC 6350 section 3, RFC 2426, vCard 2.1)."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

LONGEST = 131_072  # characters of a property that are kept
_PART = 65_536  # characters of a line that are read at once
BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
_HEAD = re.compile(r'((?:[^":]|"[^"]*")*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"))
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class Property:
    """One property. `types` are its TYPE values in small letters, the bare ones of vCard 2.1 among them."""

    name: str
    value: str
    group: str = ""
    types: list[str] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)


def properties(file: TextIO) -> Iterator[Property | None]:
    """Every property in order, unfolded and decoded; None for a line that is none. Pictures come without bytes."""
    for line in _logical(file):
        yield _property(line)


def _logical(file: TextIO) -> Iterator[str]:
    """Lines unfolded, as long as `LONGEST` at most. Those that hold a picture or a key end after their head."""
    held, soft = "", False
    for line in _physical(file):
        if soft:
            held = _longer(held[:-1], line)
        elif line[:1] in (" ", "\t") and held:
            held = _longer(held, line[1:])
            continue
        elif not line or (":" not in line and _binary(held)):
            continue
        else:
            if held:
                yield held
            held = line
        soft = held.endswith("=") and _quoted(held)
    if held:
        yield held


def _longer(held: str, more: str) -> str:
    return held if _binary(held) or len(held) > LONGEST else held + more


def _binary(line: str) -> bool:
    return line[:60].partition(":")[0].partition(";")[0].rpartition(".")[2].upper() in BINARY


def _quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _physical(file: TextIO) -> Iterator[str]:
    """Lines without their ends; of a line beyond the measure the beginning."""
    while line := file.readline(_PART):
        whole = line.endswith(("\n", "\r"))
        while not whole:
            rest = file.readline(_PART)
            whole = not rest or rest.endswith(("\n", "\r"))
            if len(line) < LONGEST:
                line += rest
        yield line.rstrip("\r\n")


def _property(line: str) -> Property | None:
    match = _HEAD.fullmatch(line)
    if match is None:
        return None
    head, value = match[1], match[2]
    name, _semicolon, rest = head.partition(";")
    group, _dot, name = name.strip().rpartition(".")
    if not name or not name.replace("-", "").replace("_", "").isalnum():
        return None
    found = Property(name.upper(), value, group)
    if rest:
        _parameters(found, f";{rest}")
        found.value = _decoded(found)
    return found


def _parameters(found: Property, text: str) -> None:
    for parameter in _PARAMETER.findall(text):
        key, equals, value = parameter.partition("=")
        key, value = key.strip().upper(), value.strip().strip('"')
        if not equals:
            key, value = ("ENCODING", key) if key in _ENCODINGS else ("TYPE", key)
        if key == "TYPE":
            found.types += [each.strip().strip('"').lower() for each in value.split(",") if each.strip()]
        else:
            found.parameters.setdefault(key, value)


def _decoded(found: Property) -> str:
    if found.parameters.get("ENCODING", "").upper() != "QUOTED-PRINTABLE":
        return found.value
    content = quopri.decodestring(found.value.encode("utf-8", "surrogateescape"))
    for charset in (found.parameters.get("CHARSET", "utf-8"), "utf-8", "cp1252"):
        try:
            return content.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return content.decode("latin-1")


def parts(text: str, sign: str, *, old: bool = False) -> list[str]:
    """The pieces between signs that no backslash stands before, each as it was meant."""
    if sign not in text:
        return [plain(text, old=old)]
    if "\\" not in text:
        return text.split(sign)
    pieces, held, escaped = [], "", False
    for ch in text:
        if ch == sign and not escaped:
            pieces.append(held)
            held = ""
        else:
            held += ch
        escaped = ch == "\\" and not escaped
    return [plain(each, old=old) for each in [*pieces, held]]


def plain(text: str, *, old: bool = False) -> str:
    r"""The text without its backslashes: `\n` is a line break, but not in vCard 2.1 (`old`), which has none."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: _meant(match[1], old), text)


def _meant(ch: str, old: bool) -> str:
    if ch in "nN":
        return f"\\{ch}" if old else "\n"
    return ch if ch in "\\,;:" else f"\\{ch}"

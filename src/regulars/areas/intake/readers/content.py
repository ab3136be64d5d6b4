"""What a file is, by what it contains; its name counts for nothing (security H3).

Runs in the house's own process, so it looks at the first and last bytes only and refuses within a moment.
"""

import re
import struct
import zipfile
from pathlib import Path

from regulars.areas.intake.readers.cards import is_json
from regulars.areas.intake.readers.encoding import has_many_nuls
from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

HEAD = 4096
MOST_UNPACKED = 200 * 2**20
MOST_RATIO = 200
MOST_ENTRIES = 2000
_MOST_DIRECTORY = 2 * 2**20
_ALPHABETS = 6  # different high bytes in the text of one language
_END = struct.Struct("<4s4H2LH")  # end of central directory record (APPNOTE 4.3.16)

_OTHER = (
    (b"%PDF", _("a PDF")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"BM", _("a picture")),
    (b"II*\0", _("a picture")),
    (b"MM\0*", _("a picture")),
    (b"RIFF", _("a picture or a sound")),
    (b"\x1f\x8b", _("a packed archive")),
    (b"7z\xbc\xaf", _("a packed archive")),
    (b"Rar!", _("a packed archive")),
    (b"\xfd7zXZ", _("a packed archive")),
    (b"BZh", _("a packed archive")),
    (b"\x28\xb5\x2f\xfd", _("a packed archive")),
    (b"\x7fELF", _("a program")),
    (b"MZ", _("a program")),
    (b"SQLite format 3", _("a database")),
    (b"{\\rtf", _("a text document")),
    (b"ID3", _("a sound")),
    (b"wOFF", _("a font")),
    (b"OggS", _("a sound")),
    (b"PAR1", _("a data file for programs")),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table", b"<head", b"<script")
_SPREADSHEETS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_VCARD = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def recognise(path: Path, name: str) -> str:
    """`csv` for text that may be a table, `sheet` for a spreadsheet, `vcf` for an address book, `json` for JSON.

    Raises `Refused`, saying what the file is.
    """
    size = path.stat().st_size
    if not size:
        raise refusal(_("{name} is empty. Choose the file with the list in it."), name=name)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK"):
        return _packed(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(path, name)
    if _VCARD.match(head.replace(b"\0", b"")[:200]):
        return "vcf"
    if is_json(head):
        return "json"
    _refuse_other(head, name)
    return "csv"


def _refuse_other(head: bytes, name: str) -> None:
    for magic, what in _OTHER:
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head):
            raise _no_table(name, what)
    if head[4:8] == b"ftyp":
        raise _no_table(name, _("a picture or a film"))
    low = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if low.startswith(_MARKUP):
        raise _no_table(name, _("a web page or XML"))
    if not head.startswith(_BOMS) and not _wide(head) and _unprintable(head):
        raise _no_table(name, _("no text and no spreadsheet"))


def _unprintable(head: bytes) -> bool:
    """Bytes that no text has: more than a stray NUL, or more than a few control characters."""
    controls = sum(
        head.count(bytes((code,))) for code in range(1, 32) if code not in (9, 10, 11, 12, 13, 26, 27, 30, 31)
    )
    return has_many_nuls(head) or controls * 50 > len(head)


def _wide(head: bytes) -> bool:
    """Looks like UTF-16 without its mark: the high bytes are of few alphabets, the line breaks stand in it."""
    if len(head) < 4 or not any(line in head for line in (b"\n\0", b"\0\n", b"\r\0", b"\0\r")):
        return False
    for high, low in ((head[1::2], head[::2]), (head[::2], head[1::2])):
        if b"\0" not in low and len(set(high)) <= _ALPHABETS and b"\0" in high:
            return True
    return False


def _no_table(name: str, what: str) -> Refused:
    return refusal(
        _("{name} is {what}. A list comes as CSV, xlsx, xls, ods or vCard: save it as one of these."),
        name=name,
        what=what,
    )


def _packed(path: Path, name: str) -> str:
    """Checks a zip's directory before anything is unpacked (security H4), then what it holds."""
    _refuse_directory(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError, struct.error):
        raise _broken(name) from None
    if len(entries) > MOST_ENTRIES:
        raise _bomb(name)
    unpacked = sum(entry.file_size for entry in entries)
    for entry in entries:
        if entry.file_size > 2**20 and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise _bomb(name)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(path.stat().st_size, 2**14):
        raise _bomb(name)
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _locked(name)
    if not names & set(_SPREADSHEETS):
        raise _no_table(name, _("a text document") if "word/document.xml" in names else _("a packed archive"))
    return "sheet"


def _refuse_directory(path: Path, name: str) -> None:
    """The end record first: a directory of millions of entries would itself be the bomb."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 0x10000 - _END.size))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise _broken(name)
    _magic, _disk, _start, _here, entries, length, _offset, _comment = _END.unpack_from(tail, at)
    if entries > MOST_ENTRIES or length > _MOST_DIRECTORY:
        raise _bomb(name)


def _old_office(path: Path, name: str) -> str:
    """The container of .xls, of old documents, and of every file that Office has locked."""
    with path.open("rb") as file:
        start = file.read(2**20)
    if "EncryptedPackage".encode("utf-16-le") in start:
        raise _locked(name)
    if path.stat().st_size > MOST_UNPACKED // 2:
        raise _bomb(name)
    if "Workbook".encode("utf-16-le") in start or "Book\0".encode("utf-16-le") in start:
        return "sheet"
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**20))
        if "Workbook".encode("utf-16-le") in file.read():
            return "sheet"
    raise _no_table(name, _("a text document"))


def _bomb(name: str) -> Refused:
    return refusal(
        _("{name} is small but unpacks to far too much, so it was not opened. Save the list as CSV."), name=name
    )


def _broken(name: str) -> Refused:
    return refusal(_("{name} is damaged and cannot be opened. Save it anew and try again."), name=name)


def _locked(name: str) -> Refused:
    return refusal(_("{name} is locked with a password. Save it without one and try again."), name=name)

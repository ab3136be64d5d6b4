"""Files on a card: typed by what they contain, kept enciphered outside the web root under the digest of their bytes."""

import hashlib
import io
import zipfile
from datetime import datetime
from mimetypes import guess_type
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.areas.customers import models, queries
from regulars.areas.customers.card import filing
from regulars.areas.customers.card.showing import key_of
from regulars.areas.journal.actions import deed
from regulars.kernel import forbidden, saying
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotFound, Refused
from regulars.kernel.text import clean

LARGEST = 20 * 2**20
_ZIP = b"PK\x03\x04"
_LONGEST_TYPE = 100
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PARTS = {"word/document.xml": _WORD, "xl/workbook.xml": _EXCEL}
ALLOWED = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    _WORD: ".docx",
    _EXCEL: ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}

_TEXTS = {".txt", ".csv", ".tsv", ".md", ".log", ".ics", ".vcf", ".eml"}


def add_file(*, number: int, name: str, content: bytes, by: Actor, at: datetime) -> int | None:
    """Puts a file on the card. Raises Refused for an empty or too large one and for kinds that could do harm."""
    kind = content_type(content)
    if kind == "text/plain":
        forbidden.refuse(content.decode(), where="file")
    digest = hashlib.sha256(content).hexdigest()
    kept_as = named_as(clean(Path(name.replace("\\", "/")).name)[:200] or digest[:12], kind)
    filing.write(digest, content)
    with deed(verb="customers.file_added", by=by, at=at, particulars={"number": number}) as link:
        row = queries.card_for(by, number)
        if not models.Attachment.objects.filter(customer=row, sha256=digest, name=kept_as).exists():
            link.add(
                models.Attachment(
                    customer=row,
                    name=kept_as,
                    content_type=kind,
                    size=len(content),
                    sha256=digest,
                    by=by.name,
                    added_at=at,
                )
            )
    filing.write(digest, content)  # should the only other card that had it have been forgotten in this very moment
    return link.changeset


def remove_file(*, number: int, key: str, by: Actor, at: datetime) -> int | None:
    """Takes a file off the card. Its bytes stay until the history that names them goes."""
    with deed(verb="customers.file_removed", by=by, at=at, particulars={"number": number}) as link:
        link.remove(_named(queries.card_for(by, number), key))
    return link.changeset


def open_file(*, number: int, key: str, by: Actor) -> tuple[models.Attachment, bytes]:
    """The file and its bytes, for whoever may see the card."""
    row = _named(queries.card_for(by, number), key)
    try:
        return row, filing.read(row.sha256)
    except FileNotFoundError:
        raise NotFound(_("The file is missing from the home folder. Run `regulars verify`.")) from None


def _named(card: models.Customer, key: str) -> models.Attachment:
    for row in models.Attachment.objects.filter(customer=card):
        if key_of(row) == key:
            return row
    raise NotFound(_("There is no such file on this card."))


def named_as(name: str, kind: str) -> str:
    """The name with an ending of its kind, so that whoever opens it later opens what it is: `page.html.txt`."""
    ending = Path(name).suffix.lower()
    fits = ending in _TEXTS if kind == "text/plain" else guess_type(f"x{ending}")[0] == kind or ending == ALLOWED[kind]
    return name if fits else f"{name[: 200 - len(ALLOWED[kind])]}{ALLOWED[kind]}"


def content_type(content: bytes) -> str:
    """The type by what the bytes are, whatever the name says."""
    if not content:
        raise Refused(_("The file is empty. Save it again, or choose another."), where="file")
    if len(content) > LARGEST:
        raise Refused(
            _("The file has %(size)s MB; a card takes at most %(most)s MB. Make it smaller, or put it down elsewhere.")
            % {"size": saying.count(-(-len(content) // 2**20)), "most": LARGEST >> 20},
            where="file",
        )
    found = _packed(content) if content.startswith(_ZIP) else _by_magic(content)
    if found not in ALLOWED:
        raise Refused(
            _("A card takes PDF, pictures (%(pictures)s), Word, Excel, OpenDocument and plain text. Save it as one.")
            % {"pictures": "JPEG, PNG, WebP, GIF, TIFF"},
            where="file",
        )
    return found


def _packed(content: bytes) -> str:
    """What a zip archive is: an office document by what stands in it, else nothing that a card takes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _LONGEST_TYPE:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
        return ""
    kind = next((kind for part, kind in _PARTS.items() if part in names), "")
    return kind if "[Content_Types].xml" in names else ""


def _by_magic(content: bytes) -> str:
    import puremagic  # for whoever keeps a file

    try:
        named: list[str] = [each.mime_type for each in puremagic.magic_string(content) if each.mime_type]
    except puremagic.PureError:
        named = []
    for each in named:
        if each in ALLOWED and each != "text/plain":
            return each
    if b"\0" in content[:4096] or content.lstrip()[:1] == b"<":
        return ""
    try:
        content.decode()
    except UnicodeDecodeError:
        return ""
    return "text/plain"

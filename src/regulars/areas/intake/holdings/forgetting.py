"""Taking one person out of what this room keeps: the files that came in, what was refused of them, work in hand."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.intake.models import Intake, Original, Refusal
from regulars.areas.intake.queries.rejected import key_of_refusals, opened_chunk, place_of
from regulars.areas.intake.readers import originals
from regulars.areas.intake.readers.cutting import Cut, Uncuttable, cut
from regulars.areas.intake.readers.layout import Layout
from regulars.areas.intake.readers.marks import Marks
from regulars.areas.journal.actions import Erasure
from regulars.kernel import crypto, places
from regulars.kernel.errors import Refused
from regulars.kernel.text import fold

STORE = "intake.files"
_OLD = 3600  # seconds after which a private file that a killed process left behind is nobody's any more
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class File:
    """One kept file, how it is read, under which source its references stand, and where those stand in a row."""

    sha256: str
    layout: Layout
    source: str
    references: tuple[int, ...]


# --- which files she is in --------------------------------------------------------------------------------------------


def files_with(erasure: Erasure) -> int:
    _refuse_at_work()
    return len(list(_changed(erasure)))


def _refuse_at_work() -> None:
    if Intake.objects.filter(state__in=("running", "trying")).exists():
        raise Refused(_("A list is coming in. Wait for its end, or stop it; then forget this customer."))


def _changed(erasure: Erasure) -> Iterator[tuple[File, Cut | None]]:
    """The files that she is in, each without her; None where it cannot be cut and goes whole."""
    marks: dict[str, Marks] = {}
    for file in _files():
        if file.source not in marks:
            marks[file.source] = _marks(erasure, file.source)
        known = (file, marks[file.source])
        if known not in erasure.prepared:
            erasure.prepared[known] = _without(*known)
        without = erasure.prepared[known]
        if without is None or without.rows:
            yield file, without


def _without(file: File, marks: Marks) -> Cut | None:
    held = io.BytesIO()
    try:
        originals.unseal(file.sha256, held)
        return cut(held.getvalue(), file.layout, marks, file.references)
    except (FileNotFoundError, originals.Tampered):
        return Cut()  # `verify` tells of it
    except Uncuttable:
        return None


def _files() -> list[File]:
    found: dict[str, File] = {}
    rows: Iterator[Any] = chain(Original.objects.all(), Original.past._default_manager.all())
    for row in rows:
        if row.read_as.get("kept", True):
            found[row.sha256] = _file(row.sha256, row.read_as, row.mapping)
    for intake in Intake.objects.only("sha256", "inspected", "mapping"):
        found.setdefault(intake.sha256, _file(intake.sha256, intake.inspected["layout"], intake.mapping))
    return list(found.values())


def _file(sha256: str, read_as: dict[str, Any], mapping: dict[str, Any]) -> File:
    layout = Layout.from_json({name: value for name, value in read_as.items() if name in Layout.__slots__})
    columns = mapping.get("columns", ())
    at = tuple(int(each.get("index", 0)) for each in columns if each.get("to") == "reference")
    return File(sha256, layout, mapping.get("source", ""), at)


def _marks(erasure: Erasure, source: str) -> Marks:
    points = [each.row for each in erasure.versions("customers.contactpoint")]
    places_of = [each.row for each in erasure.versions("customers.address")]
    cards = [each.row for each in erasure.versions("customers.customer")]
    names = frozenset(pair for row in cards if (pair := _pair(row))[1])
    return Marks(
        emails=frozenset(row["value"] for row in points if row["kind"] == "email"),
        phones=frozenset(row["value"] for row in points if row["kind"] == "phone"),
        references=frozenset(
            each.row["value"] for each in erasure.versions("customers.reference") if each.row["source"] == source
        ),
        names=names,
        shared=frozenset(pair for pair in names if _others(pair, erasure)),
        beside=frozenset(
            [row[name] for row in places_of for name in ("street", "postcode") if name in row]
            + [row["birth_date"] for row in cards if "birth_date" in row]
        ),
    )


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    """What she is called in a list: the given name may lack."""
    family = row.get("family_name") or row.get("organisation_name") or row.get("given_name") or ""
    return row.get("given_name", "") if row.get("family_name") else "", family


def _others(pair: tuple[str, str], erasure: Erasure) -> bool:
    given, family = map(fold, pair)
    others = Customer.objects.exclude(number__in=erasure.numbers)
    named = Q(family_fold=family, given_fold=given) if given else Q(family_fold=family) | Q(given_fold=family)
    return others.filter(named).exists() or others.filter(organisation_fold=family).exists()


# --- taking her out ---------------------------------------------------------------------------------------------------


def forget_in_files(erasure: Erasure) -> None:
    """Writes each file she is in anew, under the digest of what it is now; the old one goes once this is kept."""
    _refuse_at_work()
    gone: dict[str, set[int]] = {}
    for file, without in list(_changed(erasure)):
        erasure.let_go(STORE, file.sha256)
        sha256 = file.sha256 if without is None else _kept(without.data, file.sha256)
        size = None if without is None else len(without.data)
        erasure.reword(Original, partial(_reworded, sha256=sha256, size=size), sha256=file.sha256)
        for intake in Intake.objects.filter(sha256=file.sha256):
            _forget_in_sample(intake, without)
            intake.sha256, intake.size = sha256, size or intake.size
            intake.save(update_fields=["sha256", "size", "inspected"])
            gone[intake.token] = set(without.rows if without else ())
    erasure.clean(Original, "name")
    for intake in Intake.objects.all():
        _forget_in_words(intake, erasure)
        _forget_in_refusals(intake, erasure, gone.get(intake.token, set()))
    _clear_spool(erasure)


def _kept(data: bytes, was: str) -> str:
    """The digest under which the file lies now, enciphered, on the disk before this returns."""
    sha256 = crypto.sha256(data).hex()
    own = originals.key()
    target = originals.place_of(sha256) if originals.place_of(was).exists() else originals.passing(sha256)
    part = places.in_hand("original")
    try:
        with part.open("wb") as sealed:
            crypto.seal_stream(crypto.key_id(own), own, io.BytesIO(data), sealed, sha256.encode())
            sealed.flush()
            os.fsync(sealed.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    places.sync_folder(target.parent)
    return sha256


def _reworded(row: Any, *, sha256: str, size: int | None) -> bool:
    """`came_as` is what the file was when it came: brought in again as it was, it is known still."""
    came = row.read_as.get("came_as", row.sha256)
    row.read_as = {**row.read_as, "came_as": came} if size is not None else {**row.read_as, "kept": False}
    row.sha256, row.size = sha256, row.size if size is None else size
    return True


def _forget_in_sample(intake: Intake, without: Cut | None) -> None:
    rows = set(without.rows) if without else set()
    sample = [(number, [""] * len(cells) if number in rows else cells) for number, cells in intake.inspected["sample"]]
    intake.inspected = {**intake.inspected, "sample": sample if without else []}


_WORDS = ("name", "inspected", "mapping", "options", "trial", "error")


def _forget_in_words(intake: Intake, erasure: Erasure) -> None:
    before = {name: getattr(intake, name) for name in _WORDS}
    if not erasure.mentions.within([str(before)]):
        return
    told = {name: erasure.mentions.cleaned_all(value) for name, value in before.items()}
    told["name"] = told["name"][:200]
    Intake.objects.filter(pk=intake.pk).update(**told)


def _forget_in_refusals(intake: Intake, erasure: Erasure, rows: set[int]) -> None:
    """That a row was refused, and why, stays; what stood in it goes."""
    key = key_of_refusals()
    for chunk in Refusal.objects.filter(intake=intake):
        aad = place_of(intake, chunk.place)
        bad = orjson.loads(opened_chunk(intake, chunk.place, chunk.sealed))
        told = [_without_words(each) if _hers(each, erasure, rows) else each for each in bad]
        if told != bad:
            sealed = crypto.seal(crypto.key_id(key), key, orjson.dumps(told), aad)
            Refusal.objects.filter(pk=chunk.pk).update(sealed=sealed)


def _hers(bad: list[Any], erasure: Erasure, rows: set[int]) -> bool:
    return bad[0] in rows or erasure.mentions.cleaned_all(bad[2:3] + bad[4:]) != bad[2:3] + bad[4:]


def _without_words(bad: list[Any]) -> list[Any]:
    row, column, _value, template, *rest = bad
    return [row, column, "", template, *(dict.fromkeys(told, _ELLIPSIS) for told in rest)]


def _clear_spool(erasure: Erasure) -> None:
    """Private files in the clear that a killed process left behind."""
    for path in places.spool().glob("intake-*"):
        if path.stat().st_mtime < erasure.link.at.timestamp() - _OLD:
            path.unlink(missing_ok=True)


def let_go_of_file(sha256: str) -> None:
    """Destroys a file that is kept under another digest now, or goes whole."""
    named = [row for row in Original.objects.filter(sha256=sha256) if row.read_as.get("kept", True)]
    if not named:
        for place in (originals.place_of(sha256), originals.passing(sha256)):
            place.unlink(missing_ok=True)

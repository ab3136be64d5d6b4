"""Customers in JSON, as `regulars export` writes them, as the same rows of text that its CSV gives.

A card becomes the columns of our own CSV (`exporters.toml`, the program `regulars`), so all that is known of those
holds for it. A file of one card a line is read line by line; another one whole, if it is small enough.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from regulars.areas.intake.readers.headings import BETWEEN
from regulars.areas.intake.readers.layout import Cells, Inspected, Layout
from regulars.kernel.errors import Refused
from regulars.kernel.sheets import shield
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import refusal

Card = dict[str, Any]
ALWAYS = ("kind", "title", "given_name", "family_name", "organisation_name")  # by these our own export is recognised
_MOST = 32 * 2**20  # bytes of a file that is not of one card a line
_MOST_COLUMNS = 900
_HEAD = 2**16
_MARK = b"\xef\xbb\xbf"  # of UTF-8, at the beginning
# What a card says and no file brings in: it follows from the rest, is the house's own, or leaves masked.
_LEFT = frozenset((
    "number", "register", "name", "age", "age_band", "how", "tell_by", "told_on", "confirmed", "merged_into",
    "created_at", "updated_at", "state", "version",
))  # fmt: skip
_GROUPS: Mapping[str, Mapping[str, str]] = {
    "emails": {"value": "email", "label": "email_label"},
    "phones": {"value": "phone", "label": "phone_label"},
    "addresses": {
        "street": "street", "street2": "street2", "postcode": "postcode", "city": "city", "region": "region",
        "country": "country", "label": "address_label", "valid_from": "address_from", "valid_to": "address_to",
    },
    "works_at": {
        "organisation": "works_at.organisation_name", "job_title": "works_at.job_title",
        "department": "works_at.department", "from": "works_at.from", "to": "works_at.to",
    },
    "social": {
        "network": "social.network", "handle": "social.handle", "followers": "followers", "influence": "influence",
    },
    "households": {"name": "household", "role": "household.role"},
}  # fmt: skip
_KNOWN = (*_GROUPS, "tags", "references", "notes", "custom", "standings")
_BESIDE = ("key", "primary", "number", "by", "day")  # what our own rows say of themselves
_MASKED = "•"


def is_json(head: bytes) -> bool:
    """Whether a file that begins so is JSON."""
    low = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return low[:1] in (b"{", b"[") and b'"' in low[:400] and b":" in low[:400]


def looked_through(path: Path, name: str, _sample: int, *, encoding: str = "") -> Inspected:
    """What the file holds. Raises `Refused` where it is no list of customers, or holds none."""
    columns: dict[str, None] = {}
    count, whole = 0, False
    for card in _cards(path, name):
        whole = whole or "standings" in card
        cells = cells_of(card)
        count += bool(cells)
        for column in cells:
            if len(columns) < _MOST_COLUMNS:
                columns.setdefault(column)
    if not count:
        raise _no_list(name)
    named = (*ALWAYS, *(each for each in columns if each not in ALWAYS)) if whole else tuple(columns)
    return Inspected(name, Layout("json", encoding="utf-8", skip=0, fields=named), named, count, ())


def records(path: Path, layout: Layout, name: str = "") -> Iterator[Cells]:
    """Every card as a row of the layout's columns."""
    for card in _cards(path, name):
        cells = cells_of(card)
        yield [cells.get(column, "") for column in layout.fields]


def cells_of(card: Card) -> dict[str, str]:
    """A card by the columns of our own CSV; an object of plain values by its names."""
    cells: dict[str, str] = {}
    home = str(card.get("register") or "").removeprefix("regulars ")
    if home and card.get("number"):
        cells[f"number [{home}]"] = str(card["number"])
    whole = "standings" in card
    for name, value in card.items():
        if not isinstance(value, list | dict) and not (whole and name in _LEFT):
            _put(cells, name, value)
        elif not whole and name not in _KNOWN:
            _put_within(cells, name, value)
    for group, headings in _GROUPS.items():
        rows = _rows(card.get(group), next(iter(headings)))
        if not whole and any(key not in headings and key not in _BESIDE for row in rows for key in row):
            _put_within(cells, group, rows)
            continue
        for slot, row in enumerate(rows, 1):
            for key, heading in headings.items():
                _put(cells, heading if slot == 1 else f"{heading} {slot}", row.get(key))
    tags = card.get("tags")
    for slot, tag in enumerate(tags if isinstance(tags, list) else (), 1):
        _put(cells, "tag" if slot == 1 else f"tag {slot}", tag)
    for group, key, part, plain in (("references", "value", "source", ""), ("notes", "text", "kind", "note")):
        _put_parted(cells, _rows(card.get(group), key), group.removesuffix("s"), key, part, plain)
    custom, standings = card.get("custom"), card.get("standings")
    for name, value in custom.items() if isinstance(custom, dict) else ():
        _put(cells, f"custom.{name}", value)
    for name in standings if isinstance(standings, dict) else ():
        _put(cells, name, "yes")
    return cells


def emptied(text: str, numbers: Sequence[int]) -> str:
    """The file with nothing in the cards of these numbers, counted from 1; every other line as it was."""
    lines, place = text.splitlines(keepends=True), 0
    for at, line in enumerate(lines):
        mark = line[: line.startswith("\ufeff")]
        body = line.removeprefix(mark).strip()
        if body.startswith("{"):
            place += 1
            if place in numbers:
                ending = line[len(line.rstrip("\r\n")) :]
                lines[at] = mark + "{}" + ("," if body.endswith(",") else "") + ending
    return "".join(lines)


def is_of_lines(text: str) -> bool:
    """Whether each card stands in a line of its own, be it in brackets and with commas (a list) or without."""
    first, newline, rest = text[:_HEAD].lstrip("\ufeff").partition("\n")
    first = first.strip()
    return bool(newline) and rest[:1] == "{" and (first == "[" or (first[:1] == "{" and first[-1:] == "}"))


def cards_in(text: str) -> list[Card]:
    """The cards of a file that came in. Raises ValueError for another."""
    text = text.removeprefix("\ufeff")
    if is_of_lines(text):
        return [orjson.loads(body) for line in text.splitlines() if (body := line.strip().rstrip(",")).startswith("{")]
    return _listed(orjson.loads(text))


def _cards(path: Path, name: str) -> Iterator[Card]:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        try:
            if is_of_lines(head.decode("utf-8-sig", "replace")):
                for line in file:
                    if (body := line.removeprefix(_MARK).strip().rstrip(b",")).startswith(b"{"):
                        yield _card(orjson.loads(body))
                    elif body not in (b"[", b"]", b""):
                        raise ValueError("a line that is no card")
                return
            if path.stat().st_size > _MOST:
                raise refusal(
                    _("{name} is too large to be read as JSON, unless each customer stands in a line of its own."),
                    name=name,
                )
            yield from map(_card, _listed(orjson.loads(file.read().removeprefix(_MARK))))
        except Refused:
            raise
        except ValueError:
            raise _no_list(name) from None


def _listed(told: Any) -> list[Card]:
    """The list of customers: the file itself, or what `find --json` calls so."""
    found = told.get("customers") if isinstance(told, dict) else told
    if not isinstance(found, list):
        raise ValueError("no list")
    return found


def _card(told: Any) -> Card:
    if not isinstance(told, dict):
        raise ValueError("no card")
    return told


def _rows(told: Any, alone: str) -> list[Card]:
    """The objects of a list. A text among them is what is called `alone` in an object: `["a@example.com"]`."""
    rows = [{alone: each} if isinstance(each, str) else each for each in told] if isinstance(told, list) else []
    return [each for each in rows if isinstance(each, dict)]


def _put_within(cells: dict[str, str], name: str, value: Any) -> None:
    """What somebody else's card has under a name of its own: an object by its members, as under a heading over several
    columns (`address › city`), each one of a list by itself, texts in one cell."""
    if isinstance(value, dict):
        for key, one in value.items():
            _put(cells, f"{name}{BETWEEN}{key}", one)
    elif isinstance(value, list):
        _put(cells, name, ", ".join(each for each in value if isinstance(each, str)))
        for slot, one in enumerate((each for each in value if isinstance(each, dict)), 1):
            _put_within(cells, name if slot == 1 else f"{name} {slot}", one)


def _put_parted(cells: dict[str, str], rows: list[Card], column: str, key: str, part: str, plain: str) -> None:
    """Rows that have a column for each source, or kind: `reference [google] 2`."""
    many: dict[str, int] = {}
    for row in rows:
        told = str(row.get(part) or "")
        many[told] = slot = many.get(told, 0) + 1
        heading = column if told == plain else f"{column} [{told}]"
        _put(cells, heading if slot == 1 else f"{heading} {slot}", row.get(key))


def _put(cells: dict[str, str], column: str, value: Any) -> None:
    """Nothing of what leaves masked, or of what is no plain value. An apostrophe before `=` is one here, and no
    spreadsheet's shield."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, dict) and "amount" in value:
        value = f"{value['amount']} {value.get('currency') or ''}".strip()
    if value in (None, "") or isinstance(value, list | dict) or _MASKED in str(value):
        return
    text = str(value)
    cells[column] = shield(text) if text[0] == "'" else text


def _no_list(name: str) -> Refused:
    return refusal(
        _("{name} is JSON, but no list of customers as `regulars export` writes it. A list comes as CSV, xlsx, xls, "
          "ods or vCard, too."),
        name=name,
    )  # fmt: skip

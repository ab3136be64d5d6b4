"""Contact points: several in one cell, labels, a star for the first, extensions, doubts."""

import re
from collections.abc import Callable
from typing import Any

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.headings import label_of, speaks
from regulars.areas.intake.readers.layout import Cells
from regulars.areas.intake.readers.looks import WORDS_BEHIND
from regulars.areas.intake.readers.mapping import Column, Mapping
from regulars.areas.intake.readers.parts.placing import At, Card, Guarded, Part, Placed, guarded, has_value, slots
from regulars.areas.intake.readers.row import Row
from regulars.kernel import emails as addresses
from regulars.kernel import phones as numbers
from regulars.kernel.errors import Refused
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import short

Items = list[dict[str, Any]]
_PHONES_APART = re.compile(r"\s*(?:;|,|\n|\r| ::: |\s/\s|\||\boder\b|\bor\b)\s*")
_WORDS = re.compile(  # behind a number, without brackets; in them is no other number
    r"(.*?\d)[\s.:–-]+([^\W\d_]{2}(?:(?!\d[\d\s/().–-]{4}).)*)", re.DOTALL
)
_BEFORE = re.compile(r"\s*([^\W\d_][^:\d]*):\s*(?=[+(\d])")
_STAR = "* "  # Google marks the first of several so
_PLAIN_LABELS = {
    "work": "work",
    "home": "home",
    "mobile": "mobile",
    "other": "other",
    "main": "main",
    "e-mail": "",
    "email": "",
}
_LONGEST_LABEL = 60
_EXCHANGE = _("“{text}” is how Outlook names an address within a company, and no e-mail address. It was left out.")

Doubts = list[tuple[str, str, dict[str, str]]]  # the cell, the message id, the words


def email_items(column: Column) -> Callable[[str, str, Doubts], Items]:
    """The addresses of a cell as items of the card. A mistyped domain is doubted, kept all the same."""
    label = column.label

    def read(text: str, written: str, doubts: Doubts) -> Items:
        first, named = star(written) if written else (False, label)
        if text[:3].lower() == "/o=":
            doubts.append((text, _EXCHANGE, {"text": short(text)}))
            return []
        if "," in text or ";" in text or ":::" in text or "\n" in text:
            values = [addresses.clean_email(each) for each in addresses.split_emails(text)]
        else:
            values = [addresses.clean_email(text)]
        for value in values:
            if addresses.doubt(value):
                doubts.append(
                    (text, addresses.doubt(value), {"text": short(value), "domain": addresses.probable_domain(value)})
                )
        return _items(values, named, first)

    return read


def phone_items(column: Column, context: Context) -> Callable[[str, str, str, Doubts], Items]:
    """The numbers of a cell in E.164: read as of the row's own country first, then of the house's."""
    label, house = column.label, context.country

    def read(text: str, written: str, country: str, doubts: Doubts) -> Items:
        first, named = star(written) if written else (False, label)
        if text[0] == "'":
            text = text[1:]
        if text[-2:] == ".0" and len(text) > 6 and text[:-2].isdigit():  # a number that a spreadsheet took for one
            text = text[:-2]
        if "#" in text or text.lower() != text.upper():
            return _again(text, named, first, (country, house))
        try:
            item: dict[str, Any] = {"value": numbers.clean_phone(text, country or house)}
        except Refused:
            if text.isspace():
                return []
            if country in ("", house) and not _PHONES_APART.search(text):
                raise  # there is no other way to read it
            return _again(text, named, first, (country, house))
        if text[0] in "123456789" and numbers.may_hold_code(text, country or house):
            item["value"] = numbers.with_lost_plus(text, country or house) or item["value"]
            lost = item["value"] == f"+{text.replace(' ', '')}"
            template = numbers.DOUBT_PLUS if lost else numbers.DOUBT_CODE
            doubts.append((text, template, {"text": short(text), "number": item["value"]}))
        if named:
            item["label"] = named
        if first:
            item["primary"] = True
        return [item]

    return read


def _again(text: str, label: str, first: bool, countries: tuple[str, str]) -> Items:
    """A cell that is not one number of the row's country: of the house's, with an extension or words in brackets behind
    it (`(after 6 pm)`, which become its label), or several numbers."""
    row, house = countries
    parts = [part for part in _PHONES_APART.split(text) if part]
    refused: Refused | None = None
    for pieces in ([text], parts) if len(parts) > 1 else ([text],):
        for country in dict.fromkeys((row or house, house)):
            try:
                return _labelled([_one(each, label, country) for each in pieces], first)
            except Refused as why:
                refused = refused or why
    assert refused
    raise refused


def _one(text: str, label: str, country: str) -> tuple[str, str]:
    """One number and its label. Raises Refused for what is none."""
    if len(text) > numbers.LONGEST:
        return numbers.clean_phone(text, country), label
    if before := _BEFORE.match(text):
        said = label_of(before[1]) or ("" if speaks(before[1], "phone") else before[1].strip())
        text, label = text[before.end() :], label or said
    number = text
    words = None if numbers.split_extension(text)[1] else WORDS_BEHIND.fullmatch(text) or _WORDS.fullmatch(text)
    if words:
        number, said = words[1].rstrip(), " ".join(words[2].split())
        label = f"{label} {label_of(said) or said}".strip() if said.lower() != label.lower() else label
    number, extension = numbers.split_extension(number)
    if extension:
        label = f"{label} ext. {extension}".strip()
    return numbers.clean_phone(number, country), label[:_LONGEST_LABEL]


def star(written: str) -> tuple[bool, str]:
    """A label as written: whether it is marked as the first, and the label in our words (`* Work` → work)."""
    first = written.startswith(_STAR) or written.strip() == "*"
    label = written.strip().removeprefix("*").strip()
    return first, _PLAIN_LABELS.get(label.lower(), label)[:_LONGEST_LABEL]


def _items(values: list[str], label: str, first: bool) -> Items:
    return _labelled([(value, label) for value in values], first)


def _labelled(values: list[tuple[str, str]], first: bool) -> Items:
    """Items of values and their labels, each value once."""
    items: dict[str, dict[str, Any]] = {}
    for value, label in values:
        if value in items:
            continue
        items[value] = {"value": value, "label": label} if label else {"value": value}
        if first and len(items) == 1:
            items[value]["primary"] = True
    return list(items.values())


def emails(placed: list[Placed], _mapping: Mapping, _context: Context) -> list[Guarded]:
    def make(value: Column, label: int | None) -> Part:
        read, index, fixed = email_items(value), value.index, value.label

        def part(row: Row, card: Card, cells: Cells, at: At) -> None:
            text = cells[index]
            at.index = index
            written = cells[label] if label is not None else ""
            if not written and "emails" not in card and addresses.is_plain(text):
                card["emails"] = [{"value": text, "label": fixed} if fixed else {"value": text}]
            elif not text.isspace():
                doubts: Doubts = []
                _join(card, "emails", read(text, written, doubts), str.casefold)
                for cell, template, told in doubts:
                    row.doubt(value.column, cell, template, told)

        return part

    return [_guarded(slot, make) for slot in slots(placed, "emails") if has_value(slot)]


def phones(placed: list[Placed], _mapping: Mapping, context: Context) -> list[Guarded]:
    def make(value: Column, label: int | None) -> Part:
        read, index = phone_items(value, context), value.index

        def part(row: Row, card: Card, cells: Cells, at: At) -> None:
            text = cells[index]
            at.index = index
            doubts: Doubts = []
            country = card["addresses"][0].get("country", "") if "addresses" in card else ""
            _join(card, "phones", read(text, cells[label] if label is not None else "", country, doubts), str)
            for cell, template, told in doubts:
                row.doubt(value.column, cell, template, told)

        return part

    return [_guarded(slot, make) for slot in slots(placed, "phones") if has_value(slot)]


def _guarded(slot: list[Placed], make: Callable[[Column, int | None], Part]) -> Guarded:
    """The part of a slot: the label beside an empty value says nothing."""
    return guarded([each for each in slot if each.target.key == "value"], make(*_value_and_label(slot)))


def _value_and_label(slot: list[Placed]) -> tuple[Column, int | None]:
    value = next(each.column for each in slot if each.target.key == "value")
    label = next((each.column.index for each in slot if each.target.key == "label"), None)
    return value, label


def _join(card: dict[str, Any], group: str, items: list[dict[str, Any]], key: Callable[[str], str]) -> None:
    """Adds the contact points that the row does not have yet."""
    there = card.get(group)
    if there is None:
        if items:
            card[group] = items
        return
    known = {key(each["value"]) for each in there}
    there += [each for each in items if key(each["value"]) not in known]

"""The forms in which customers leave the house: csv, xlsx, json, vcf. Each opens harmlessly."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.utils.translation import gettext as _

from regulars.areas.customers.queries import own_source
from regulars.areas.segments.queries.exporting import Export
from regulars.kernel import sheets
from regulars.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Format:
    """A form by its ending. `kind` is its media type; `table`: its columns can be chosen."""

    ending: str
    kind: str
    table: bool


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", True),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", True),
    "json": Format("json", "application/json", False),
    "vcf": Format("vcf", "text/vcard; charset=utf-8", False),
}


def format_named(word: str) -> Format:
    """The form of this ending. Raises Refused."""
    found = FORMATS.get(word.lower().removeprefix("."))
    if found is None:
        raise Refused(_("A file is one of: %(words)s.") % {"words": ", ".join(FORMATS)}, where="format")
    return found


def written(export: Export, form: Format) -> Iterator[bytes]:
    """The file, part by part. Raises Refused for more customers than a spreadsheet holds."""
    if form.ending == "xlsx" and len(export.numbers) >= sheets.MOST_ROWS:
        raise Refused(_("A spreadsheet holds 1,048,575 customers at most. Choose fewer, or CSV."), where="format")
    match form.ending:
        case "csv":
            return sheets.csv_of(export.header(), export.rows())
        case "xlsx":
            return sheets.xlsx_of(export.header(), export.rows(), title=_("Customers"))
        case "json":
            return _json(export)
        case _:
            return _vcards(export)


def _vcards(export: Export) -> Iterator[bytes]:
    from regulars.areas.customers.card.vcards import vcard_of  # takes its time to load

    return (vcard_of(card).encode() for card in export.cards())


def _json(export: Export) -> Iterator[bytes]:
    """A list of customers in the contract's shape, with whose numbers theirs are; or with the chosen columns alone. One
    a line: so it comes back through an import."""
    register = own_source()
    yield b"["
    for count, card in enumerate(export.cards()):
        shown = (
            {place.heading: place.value(card) for place in export.places}
            if export.chosen
            else {**card, "register": register}
        )
        yield (b",\n" if count else b"\n") + orjson.dumps(shown)
    yield b"\n]\n"

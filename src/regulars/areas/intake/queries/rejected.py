"""The refused rows of a file, enciphered as they are kept, opened to be shown; and as they stand in the file, whole."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import batched, groupby

import orjson
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from regulars.areas.customers.models import Customer
from regulars.areas.house.queries import today
from regulars.areas.intake import readers
from regulars.areas.intake.models import Intake
from regulars.areas.intake.queries.files import context_of, inspected_of, is_of_purchases, mapping_of
from regulars.areas.intake.readers.originals import opened
from regulars.kernel import crypto, keyfile, sheets
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed, Refused
from regulars.kernel.tables import table_of

_AT_ONCE = 500
NOBODY = gettext_noop("There is no customer {number}.")


_REFUSALS = "refusals"  # what their key is drawn for


def on_trial(intake: Intake) -> bool:
    """Whether what is known of this file is what a trial found."""
    return intake.state in ("waiting", "trying")


def refused_rows(
    intake: Intake, *, trial: bool = False, most: int | None = None, beside: str = ""
) -> Iterator[readers.Problem]:
    """The refused rows in order, up to `most`; or what is told `beside` rows that came in: where something was
    `blacked` out, what is `doubted`."""
    count, heading = 0, _headings(intake)
    what = {name: name == beside for name in ("blacked", "doubted")}
    kept = intake.refusals.filter(trial=trial, **what).order_by("place", "pk").iterator(chunk_size=50)
    for place, chunks in groupby(kept, key=lambda chunk: chunk.place):
        sealed = (opened_chunk(intake, place, c.sealed) for c in chunks)
        bad = [each for chunk in sealed for each in orjson.loads(chunk)]
        for row, column, *rest in sorted(bad, key=lambda each: each[0]):
            if most is not None and count >= most:
                return
            count += 1
            yield readers.Problem(row, heading.get(column, column), *rest)


def _headings(intake: Intake) -> Mapping[str, str]:
    """The heading over each place on a card: what only the register could tell names the place, not the column."""
    columns = intake.mapping.get("columns", [])
    known = {each["column"] for each in columns}
    return {each["to"]: each["column"] for each in reversed(columns) if each["to"] not in known}


def sees_whole(intake: Intake, by: Actor) -> bool:
    """Whether somebody may see what stands in the file: who handed it over, and who may see what cards hide."""
    own = (by.kind, by.id) == (intake.by.get("kind"), intake.by.get("id"))
    return own or by.may("customers.unmask")


def ask_to_see_whole(intake: Intake, by: Actor) -> None:
    """Raises NotAllowed for whoever may not see what stands in the file."""
    if not sees_whole(intake, by):
        raise NotAllowed(_("These rows hold what cards hide. Only who handed the file over may take them out."))


def refused_csv(intake: Intake, by: Actor) -> Iterator[bytes]:
    """The refused rows whole, as they stand in the file, each with its number and every reason before its cells: a CSV
    that opens harmlessly, and can be brought in again once it is mended.

    Raises NotAllowed for somebody who neither handed the file over nor may see what cards hide.
    """
    ask_to_see_whole(intake, by)
    header = [_("Refused row"), _("Why it was refused"), *intake.inspected["columns"]]
    return sheets.csv_of(header, _told(intake, get_language() or "en"), shield=sheets.harmless)


def _told(intake: Intake, language: str) -> Iterator[list[str]]:
    own = context_of(intake, today(intake.made_at)).own
    named = [name for name, each in own.items() if each.type == "customer"]
    for batch in batched(_whole(intake), _AT_ONCE, strict=False):
        with override(language):  # it is written after the request is over
            unknown = _unknown([row for _problems, row, _gone in batch if row], named, _headings(intake))
            lines = [_line([*problems, *unknown.get(problems[0].row, ())], row, gone) for problems, row, gone in batch]
        yield from lines


def _unknown(
    rows: list[readers.Reasoned], named: list[str], headings: Mapping[str, str]
) -> dict[int, list[readers.Problem]]:
    """What is against each row that names customers who are not there: an import asks that last."""
    asked = [(row, name, int(row.card[name])) for row in rows for name in named if row.card.get(name)]
    numbers = sorted({number for _row, _name, number in asked})
    there = {number for (number,) in table_of(Customer).pick(("number",), "number", numbers)}
    found: dict[int, list[readers.Problem]] = {}
    for row, name, number in asked:
        if number not in there:
            where, told = headings.get(name, name), {"number": str(number)}
            found.setdefault(row.number, []).append(readers.Problem(row.number, where, str(number), NOBODY, told))
    return found


def _line(problems: list[readers.Problem], row: readers.Reasoned | None, gone: Refused | None) -> list[str]:
    reasons = [f"{each.column}: {each.reason}" if each.column else each.reason for each in problems]
    reasons += [str(gone.message)] if gone else []
    return [str(problems[0].row), " | ".join(dict.fromkeys(reasons)), *(row.cells if row else [])]


_Refused = tuple[list[readers.Problem], readers.Reasoned | None, Refused | None]


def _whole(intake: Intake) -> Iterator[_Refused]:
    """Each refused row: every reason, what stands in the file, and why that cannot be read where it cannot."""
    trial = on_trial(intake)
    numbers = [each.row for each in refused_rows(intake, trial=trial)]
    gone: Refused | None = None
    with ExitStack() as stack:
        rows: Iterator[readers.Reasoned] = iter(())
        try:
            path = stack.enter_context(opened(intake.sha256))
            context = context_of(intake, today(intake.started_at or intake.made_at))
            told = readers.reasons(path, inspected_of(intake), mapping_of(intake), context, numbers)
            rows = stack.enter_context(closing(told))  # type: ignore[type-var]
        except Refused as refused:
            gone = refused
        for number, kept in groupby(refused_rows(intake, trial=trial), key=lambda problem: problem.row):
            row = None
            try:
                row = None if gone else next(rows, None)
            except Refused as refused:
                gone = refused
            if row is None or row.number != number:
                yield list(kept), None, gone
            else:
                found = [] if is_of_purchases(intake.options) else row.problems  # a row of these is no card by itself
                yield _joined(found, kept), row, None


def _joined(found: list[readers.Problem], kept: Iterable[readers.Problem]) -> list[readers.Problem]:
    """What is found now, and before it what was kept and only the register could tell."""
    said = {(each.column, each.template) for each in found}
    return [*(each for each in kept if (each.column, each.template) not in said), *found]


def place_of(intake: Intake, place: int) -> bytes:
    """What a chunk's cipher text is bound to."""
    return f"refusals|{intake.token}|{place}".encode()


def key_of_refusals() -> bytes:
    return crypto.derive(keyfile.keys().fields, _REFUSALS)


def opened_chunk(intake: Intake, place: int, sealed: bytes | memoryview) -> bytes:
    """What was kept of one chunk, with whichever key of the house it was sealed."""
    return crypto.unseal(keyfile.opened_by(_REFUSALS), bytes(sealed), place_of(intake, place))

"""What has to be asked before a file may come in, because a guess would be dangerous."""

from collections.abc import Mapping as AnyMapping

from regulars.areas.intake.readers.layout import Doubt, Inspected
from regulars.areas.intake.readers.mapping import Column, Mapping, Question
from regulars.areas.intake.readers.targets import DAYS
from regulars.kernel.wording import marked as _
from regulars.kernel.wording import short

_DATES = DAYS | {"birth_date"}


def questions(inspected: Inspected, mapping: Mapping, types: AnyMapping[str, str] | None = None) -> list[Question]:
    """The open questions of this mapping, in the order of the columns.

    `types` are those of the declared facts by place (`custom.shoe_size` → decimal). An answer goes in by
    `mapping.changed(question.index, **{question.asks: choice})`; `serial` takes yes or no as True or False.
    `repair` is of the whole file, which is then read anew.
    """
    found: list[Question] = _of_text(inspected)
    for column in mapping.used():
        read = column.of[0] if len(column.of) == 1 else column.index  # a column that goes to two places
        doubt = inspected.doubts.get(read)
        if doubt is not None:
            found += _of_dates(column, doubt) if _is_date(column, types or {}) else []
            found += _of_numbers(column, doubt) if _is_decimal(column, types or {}) else []
    return found


def _of_text(inspected: Inspected) -> list[Question]:
    """Whether text that seems garbled is to be mended: never by ourselves, it may be meant."""
    if not inspected.garbled or inspected.layout.repair:
        return []
    before, after = inspected.garbled[0]
    told = {"before": short(before), "after": short(after)}
    template = _("Some text seems to have been garbled before: “{before}” was probably “{after}”. Mend it all?")
    return [Question(0, "", "repair", ("yes", "no"), template, told)]


def _is_date(column: Column, types: AnyMapping[str, str]) -> bool:
    place = _place(column)
    return place in _DATES or types.get(place) in ("date", "birthday")


def _is_decimal(column: Column, types: AnyMapping[str, str]) -> bool:
    return types.get(column.to) in ("decimal", "money")


def _place(column: Column) -> str:
    group, bracket, rest = column.to.partition("[")
    return f"{group}{rest.partition(']')[2]}" if bracket else column.to


def _of_dates(column: Column, doubt: Doubt) -> list[Question]:
    asked = []
    if doubt.orders and not column.order:
        told = {"column": column.column, "example": doubt.order_examples[0]}
        template = _("In “{column}”, which comes first in {example}: the day (dmy), the month (mdy) or the year (ymd)?")
        if "ymd" not in doubt.orders:
            template = _("In “{column}”, which comes first in {example}: the day (dmy) or the month (mdy)?")
        asked.append(Question(column.index, column.column, "order", doubt.orders, template, told))
    if doubt.serials and column.serial is None:
        told = {"column": column.column, "example": doubt.serials[0]}
        template = _("“{column}” holds bare numbers such as {example}. Are they a spreadsheet's day numbers?")
        asked.append(Question(column.index, column.column, "serial", ("yes", "no"), template, told))
    return asked


def _of_numbers(column: Column, doubt: Doubt) -> list[Question]:
    if not doubt.marks or column.mark:
        return []
    told = {"column": column.column, "example": doubt.mark_examples[0]}
    template = _("In “{column}”, is the sign in {example} a decimal point (.) or comma (,), or does it part thousands?")
    return [Question(column.index, column.column, "mark", doubt.marks, template, told)]

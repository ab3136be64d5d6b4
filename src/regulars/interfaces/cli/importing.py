"""What an import says at the shell: what did not simply come in, and what it came to."""

from typing import Any

from django.utils.translation import ngettext

from regulars.interfaces.cli.output import say
from regulars.kernel.early import gettext as _

_SHOWN = 20  # refused rows that a person is shown


def say_result(told: dict[str, Any], *, stopped: bool, came_in: bool, dry_run: bool) -> None:
    """Says an import's result (`intake.queries.result`) in words; with open questions only these."""
    if told["questions"]:
        _say_questions(told["questions"])
        return
    _say_rows(told)
    if not came_in:
        say(told["error"] or _("The file did not come in."))
        return
    if stopped:
        say(_("Stopped. To bring in the rest: regulars imports go-on %(id)s") % told)
    _say_counts(told, dry_run=dry_run)
    if told["changeset"]:
        say(_("To take it back: regulars undo %(deed)s") % {"deed": told["changeset"]})


def _say_questions(questions: list[dict[str, Any]]) -> None:
    for question in questions:
        column = f"{question['column']}: " if question["column"] else ""
        say(f"{column}{question['question']} [{'/'.join(question['choices'])}]")
    say(_("Answer with --date-order, --repair or a mapping (--map). Nothing came in."))


def _say_rows(told: dict[str, Any]) -> None:
    """What became of single rows and columns that did not simply come in."""
    for each in told["set_aside"]:
        say(_("Row %(row)s left out (%(value)s): %(reason)s") % each)
    for notice in told["notices"]:
        say(notice)
    for each in told["rejected"][:_SHOWN]:
        where = f", {each['column']}" if each["column"] else ""
        say(_("Row %(row)s%(where)s: %(reason)s") % {**each, "where": where})
    if len(told["rejected"]) > _SHOWN:
        say(_("… and %(count)s more; --json lists them all.") % {"count": len(told["rejected"]) - _SHOWN})
    if told["never_kept"]:
        columns = ", ".join(told["never_kept"])
        say(_("Left out, because passwords and card numbers are never kept: %(columns)s.") % {"columns": columns})
    if told["left_out"]:
        columns = ", ".join(told["left_out"])
        say(_("Left out, because nobody said what they become: %(columns)s.") % {"columns": columns})
    for each in told["blacked"][:_SHOWN]:
        say(_("Row %(row)s%(where)s: %(reason)s") % {**each, "where": f", {each['column']}"})
    if len(told["blacked"]) > _SHOWN:
        say(_("Blacked out in so many places: %(count)s; --json lists them.") % {"count": len(told["blacked"])})


def _say_counts(told: dict[str, Any], *, dry_run: bool) -> None:
    counts = {**told, "refused": len(told["rejected"])}
    print(_would_come(counts) if dry_run else _came(counts))
    if "purchases" in told:
        _say_purchases(told)
    words = {
        "reference": _("by their customer number, or the same row"),
        "email": _("by their e-mail address"),
        "phone": _("by their phone"),
    }
    if known := [f"{count} {words[by]}" for by, count in told["recognised"].items() if count]:
        print(_("Known already: %(known)s.") % {"known": ", ".join(known)})
    if told["alike"] and told["alike"]["rows"]:
        print(
            _("Rows that may be people you already have: %(rows)s; once in, they stand under duplicates.")
            % told["alike"]
        )
    if told["organisations_created"]:
        print(_("Organisations made on the way: %(organisations_created)s.") % told)
    if told["doubted"]:
        print(_("Cells that look wrong and come in all the same: %(doubted)s; --json lists them.") % told)


def _came(counts: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(rows)s row: %(created)s new, %(updated)s brought up to date, %(unchanged)s as before, "
            "%(refused)s refused.",
            "%(rows)s rows: %(created)s new, %(updated)s brought up to date, %(unchanged)s as before, "
            "%(refused)s refused.",
            counts["rows"],
        )
        % counts
    )


def _would_come(counts: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(rows)s row: %(created)s would be new, %(updated)s would be brought up to date, %(unchanged)s as before, "
            "%(refused)s refused.",
            "%(rows)s rows: %(created)s would be new, %(updated)s would be brought up to date, %(unchanged)s as "
            "before, %(refused)s refused.",
            counts["rows"],
        )
        % counts
    )


def _say_purchases(told: dict[str, Any]) -> None:
    print(
        _(
            "Purchases: %(purchases)s; their lines: %(lines)s. Cancellations: %(cancellations)s; lines given back: "
            "%(returns)s, of them matched to nothing bought before: %(unmatched)s."
        )
        % told
    )
    print(
        _(
            "Customers made: %(customers_created)s; brought up to date: %(customers_updated)s; proposals for their "
            "cards: %(proposed)s. Rows without a customer: %(without_customer)s; with the price nought: "
            "%(zero_prices)s; of a quantity below nought: %(negative_quantities)s."
        )
        % told
    )
    if told["reservations_fetched"]:
        print(_("Reservations fetched with what was bought: %(reservations_fetched)s.") % told)

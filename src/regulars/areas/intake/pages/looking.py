"""What the screen shows of a file that was understood: its columns with what they may become, rows as they will be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.areas.consent.models import ANSWERS, CHANNELS
from regulars.areas.customers.models import HOWS
from regulars.areas.customers.queries import names_of_customers
from regulars.areas.house import countries
from regulars.areas.house.queries import house
from regulars.areas.intake import queries, readers
from regulars.areas.intake.forms import AS_IT_IS, NOTHING, unnumbered
from regulars.areas.intake.models import Intake
from regulars.areas.intake.pages.selling import EXISTING as OF_BUYERS
from regulars.areas.intake.pages.selling import like_purchases, lines_of, places
from regulars.areas.intake.queries.files import inspected_of, is_of_purchases, mapping_of, words
from regulars.kernel import forbidden, registries, saying
from regulars.kernel.actor import Actor
from regulars.kernel.text import fold

Choice = tuple[str, Any]
EXISTING = (
    (
        "",
        gettext_lazy("As usual: your list wins where its own customer number says who it is; otherwise it fills gaps"),
    ),
    ("update", gettext_lazy("Your list wins: what it says takes the place of what the card says")),
    ("fill", gettext_lazy("The card wins: your list only fills gaps")),
    ("add", gettext_lazy("Make a second card all the same")),
    ("skip", gettext_lazy("Leave the card as it is")),
)
KNOWN_BY = {
    "reference": gettext_lazy("by their customer number, or the same row"),
    "email": gettext_lazy("by their e-mail address"),
    "phone": gettext_lazy("by their phone"),
}
_PROGRAMS = {
    "google": "Google Contacts", "outlook": "Outlook", "hubspot": "HubSpot", "shopify": "Shopify",
    "shopify_orders": gettext_lazy("Shopify, orders"),
    "woocommerce_orders": gettext_lazy("WooCommerce, orders"), "woocommerce": "WooCommerce",
    "mailchimp": gettext_lazy("Mailchimp, who is subscribed"),
    "mailchimp_unsubscribed": gettext_lazy("Mailchimp, who has unsubscribed"),
    "mailchimp_cleaned": gettext_lazy("Mailchimp, addresses that are dead"),
    "salesforce": "Salesforce", "thunderbird": "Thunderbird", "freshsales": "Freshsales",
    "intercom": "Intercom", "campaign_monitor": "Campaign Monitor", "webcrm": "webCRM",
    "vcard": gettext_lazy("an address book (vCard)"),
    "regulars": gettext_lazy("an export of this register"),
}  # fmt: skip
_CODES = re.compile(r" \((?:dmy|mdy|ymd|[.,])\)")  # what the command line answers with; the screen has buttons
ENCODINGS = ("", "utf-8", "cp1252", "cp1250", "latin-1", "mac-roman", "utf-16", "utf-16-le", "utf-16-be", "cp437",
             "cp850")  # fmt: skip
DELIMITERS = (("", gettext_lazy("as found")), (",", ","), (";", ";"), ("\t", gettext_lazy("tab")), ("|", "|"))
_ANSWERS = {
    "dmy": gettext_lazy("day, month, year"),
    "mdy": gettext_lazy("month, day, year"),
    "ymd": gettext_lazy("year, month, day"),
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    ".": gettext_lazy("point before the decimals"),
    ",": gettext_lazy("comma before the decimals"),
}
SIGNS: tuple[Choice, ...] = (
    (" ", gettext_lazy("a blank")), (", ", ","), ("; ", ";"), (" / ", "/"), ("-", "-"),
    ("\n", gettext_lazy("a new line")), ("", gettext_lazy("nothing")),
)  # fmt: skip
YES_OR_NO: tuple[Choice, ...] = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))
_MOST_WORDS = 12  # beyond, a column holds no few words that could be translated one by one
_FURTHER: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (gettext_lazy("Names as lists write them"), (
        ("full_name", gettext_lazy("Whole name")),
        ("salutation", gettext_lazy("Salutation (title, gender)")),
        ("organisation", gettext_lazy("Organisation, or where she works")),
    )),
    (gettext_lazy("Addresses as lists write them"), (
        ("addresses.house_number", gettext_lazy("House number")),
        ("addresses.postcode_city", gettext_lazy("Postcode and city")),
        ("addresses.whole", gettext_lazy("Whole address")),
    )),
    (gettext_lazy("A no"), (
        ("refusal.email", gettext_lazy("Wants no e-mail")),
        ("refusal.phone", gettext_lazy("Wants no calls")),
        ("refusal.post", gettext_lazy("Wants no post")),
        ("refusal.sms", gettext_lazy("Wants no SMS")),
        ("refusal.any", gettext_lazy("Wants nothing at all")),
    )),
    (gettext_lazy("A yes, kept as an unproved claim"), (
        ("claim.email", gettext_lazy("E-mail is welcome")),
        ("claim.phone", gettext_lazy("Calls are welcome")),
        ("claim.post", gettext_lazy("Post is welcome")),
        ("claim.sms", gettext_lazy("SMS is welcome")),
        ("claim.any", gettext_lazy("Advertising is welcome")),
    )),
    (gettext_lazy("To be left in peace"), (
        ("standing.deceased", gettext_lazy("Deceased")),
        ("standing.do_not_contact", gettext_lazy("Do not contact")),
        ("standing.minor", gettext_lazy("Minor")),
        ("standing.secret_address", gettext_lazy("Secret address")),
    )),
    (gettext_lazy("Kept apart"), (("standing.prospect", gettext_lazy("Not yet a customer")),)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meant:
    """A word found in a column, and what it means; `=` is what it says."""

    said: str
    means: str


@dataclass(frozen=True, slots=True)
class Made:
    """A column that the file does not have, as a person sees it."""

    place: int
    said: str
    to: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One column as a person sees it. `sure` is high, fair or low."""

    index: int
    heading: str
    examples: str
    place: str
    sure: str
    why: str
    used: bool
    hidden: bool = False
    values: tuple[Meant, ...] = ()
    offers: tuple[Choice, ...] = ()


def said_left(seconds: int | None) -> str:
    """An estimate in words, no finer than it is: seconds under a minute and a half, then minutes, then hours."""
    if seconds is None:
        return ""
    if seconds < 90:
        return ngettext("about %(count)s second left", "about %(count)s seconds left", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("about %(count)s minute left", "about %(count)s minutes left", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("about %(count)s hour left", "about %(count)s hours left", hours) % {"count": hours}


def stage_of(intake: Intake, look: str) -> str:
    """Where the file stands: columns, trying, trial, running, stopped, done or failed."""
    if intake.state == "waiting":
        return "trial" if intake.trial and look != "columns" else "columns"
    if intake.state == "failed" and not intake.changeset:
        return "columns" if look == "columns" or intake.started_at is None else "failed"
    return intake.state


def understood(intake: Intake, by: Actor) -> dict[str, Any]:
    """Everything the second step shows."""
    inspected, mapping = inspected_of(intake), mapping_of(intake)
    settings, columns = house(), list(_columns(inspected, mapping))
    purchases = is_of_purchases(intake.options)
    some = [*(places() if purchases else ()), *choices()]
    return {
        "inspected": inspected,
        "layout": inspected.layout,
        "mapping": mapping,
        "program": _PROGRAMS.get(mapping.exporter, mapping.exporter),
        "purchases": purchases,
        "like_purchases": not purchases and like_purchases(inspected.columns),
        "columns": [each for each in columns if each.examples or each.hidden],
        "left_out": queries.left_out(intake),
        "empty": sum(1 for each in columns if not (each.examples or each.hidden)),
        "choices": some,
        "known": {path for _group, each in some for path, _label in each},
        "garbled": inspected.garbled if not inspected.layout.repair else (),
        "questions": [_asked(each) for each in queries.questions(intake)],
        "existing": OF_BUYERS if purchases else EXISTING,
        "hows": HOWS,
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "options": intake.options_or,
        "country": intake.options.get("country") or settings.country,
        "countries": countries.names(),
        "saved": [each.name for each in queries.mappings(by)],
        "kept_as": mapping.kept_as,
        "passed_over": queries.passed_over(intake),
        "nearly": queries.nearly(intake),
        "earlier": queries.earlier(intake),
        "made": [_shown_made(place, each, mapping, some) for place, each in enumerate(mapping.made)],
        "signs": SIGNS,
    }


def _asked(question: dict[str, Any]) -> dict[str, Any]:
    """A question with its choices in words."""
    said: list[Choice] = [(word, str(_ANSWERS.get(word, word))) for word in question["choices"]]
    return {**question, "question": _CODES.sub("", question["question"]), "said": said}


def _columns(inspected: readers.Inspected, mapping: readers.Mapping) -> Iterator[Shown]:
    for each in mapping.columns:
        examples = list(dict.fromkeys(inspected.column(each.index)))[:3]
        offers = _offers(each)
        values = tuple(_meanings(each, inspected)) if offers else ()
        sure = "high" if each.confidence > 0.8 else "fair" if each.confidence >= 0.5 else "low"
        yield Shown(
            index=each.index,
            heading=each.column,
            examples=" · ".join(text[:40] for text in examples),
            place=unnumbered(each.to),
            sure=sure,
            why=_(readers.WHY[each.why]) if each.why in readers.WHY else "",
            used=each.to != "ignore",
            hidden=each.index in inspected.hidden,
            values=values if offers else (),
            offers=offers,
        )


def _meanings(column: readers.Column, inspected: readers.Inspected) -> Iterator[Meant]:
    """The different words in the first rows, with what they were said to mean; those that were said first."""
    known = {fold(said): (said, meant) for said, meant in column.values}
    for said, meant in known.values():
        yield Meant(said, meant or NOTHING)
    found = dict.fromkeys(text.strip() for text in inspected.column(column.index))
    if len(found) <= _MOST_WORDS:
        yield from (Meant(text, AS_IT_IS) for text in found if fold(text) not in known and text != forbidden.BLACK)


def _offers(column: readers.Column) -> tuple[Choice, ...]:
    """What a word of this column may mean, where that is one of a few."""
    if column.to.partition(".")[0] in ("refusal", "claim", "standing"):
        return YES_OR_NO
    paths = words()
    fact = next((each for each in registries.facts().values() if paths.get(each.name) == column.to), None)
    if fact is None:
        return ()
    if fact.type == "yesno":
        return YES_OR_NO
    return tuple((word, str(label)) for word, label in fact.choices)


def _shown_made(
    place: int, made: readers.Column, mapping: readers.Mapping, some: list[tuple[str, list[Choice]]]
) -> Made:
    labels = dict(pair for _group, pairs in some for pair in pairs)
    sign = dict(SIGNS).get(made.joined, made.joined)
    parts = [f"“{mapping.columns[index].column}”" for index in made.of]
    said = f" {sign} ".join(parts) if len(parts) > 1 else parts[0] if parts else made.text
    return Made(place, said, labels.get(unnumbered(made.to), made.to))


def choices() -> list[tuple[str, list[Choice]]]:
    """What a column may become, group by group: the facts of the house, then what lists say in their own way."""
    paths = words()
    groups = registries.groups()
    found: dict[str, list[Choice]] = {_("On the card"): []}
    for fact in registries.facts().values():
        if fact.name not in paths:
            continue
        group = str(groups[fact.group].label) if fact.group else _("On the card")
        place = unnumbered(str(readers.target(paths[fact.name], paths)))
        found.setdefault(group, []).append((place, str(fact.label)))
    further = [(str(name), [(path, str(label)) for path, label in some]) for name, some in _FURTHER]
    return [*((name, list(dict.fromkeys(some))) for name, some in found.items()), *further]


def preview_of(intake: Intake, day: date) -> list[dict[str, Any]]:
    """The first twenty rows as they will be: a few words each, or why not."""
    if is_of_purchases(intake.options):
        return list(lines_of(intake, day))
    return [
        {
            "number": row.number,
            "problem": row.problem.reason if row.problem else "",
            "column": row.problem.column if row.problem else "",
            "name": _named(row.card or {}),
            "words": list(_words(row.card or {})),
            "answers": [_answer(each) for each in row.answers],
            "doubts": row.doubts,
        }
        for row in queries.preview(intake, day)
    ]


def _named(card: dict[str, Any]) -> str:
    parts = (card.get(part) for part in ("title", "given_name", "middle_name", "family_name", "suffix"))
    return " ".join(str(part) for part in parts if part) or str(card.get("organisation_name") or "")


_IN_THE_NAME = {"title", "given_name", "middle_name", "family_name", "suffix", "organisation_name", "kind"}


def _words(card: dict[str, Any]) -> Iterator[str]:
    facts = registries.facts()
    if _named(card) and card.get("organisation_name") and card.get("family_name"):
        yield str(card["organisation_name"])
    for name, value in card.items():
        if name in _IN_THE_NAME or value in (None, "", []):
            continue
        if name in facts:
            yield saying.said(facts[name], value)
        elif name == "phones":
            yield from (saying.said(facts["phone"], each.get("value")) for each in value)
        elif isinstance(value, list):
            yield from (_item(each) for each in value)
        elif isinstance(value, dict):
            yield from (f"{key}: {each}" for key, each in value.items())
        else:
            yield str(value)


def _item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    hidden = ("label", "primary", "source", "kind", "how")
    return ", ".join(str(value) for key, value in item.items() if value and key not in hidden)


def _answer(answer: Mapping[str, Any]) -> str:
    """What a row says to one channel, in the reader's words: `E-mail: Yes, unproved`."""
    channel, said = str(answer["channel"]), str(answer["answer"])
    return f"{dict(CHANNELS).get(channel, channel)}: {dict(ANSWERS).get(said, said)}"


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """A row that may be somebody who is here already, with what speaks for it."""

    row: int
    number: int
    name: str
    verdict: str
    speaks: str


def alike_of(by: Actor, told: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """How many rows may be people who are here already, and the first of them; None where none is."""
    if not told or not told["rows"]:
        return None
    names = names_of_customers(by, {each["number"] for each in told["first"]})
    first = [
        AlikeRow(
            each["row"], each["number"], names[each["number"]], each["verdict"],
            " ".join(why["text"] for why in each["reasons"][:4] if why["bits"] > 0),
        )
        for each in told["first"]
    ]  # fmt: skip
    return {"rows": told["rows"], "first": first}

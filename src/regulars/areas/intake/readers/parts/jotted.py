"""What somebody jotted into one cell with a name: `Anna Müller (Müller GmbH), 0171 2345678`."""

import re
from typing import Any

from regulars.areas.intake.readers import cells as reading
from regulars.areas.intake.readers.headings import label_in, label_of, plain, speaks
from regulars.areas.intake.readers.looks import is_like_phone
from regulars.areas.intake.readers.parts.placing import Card
from regulars.kernel import emails, phones

MORE = re.compile(r"[@(\d]")  # a name alone has none of these
_APART = re.compile(r"\s*[,;|\n]\s*|\s+[–-]\s+")
_BEFORE = re.compile(r"([^\W\d_][^@\d]*?)(?:[.:]\s*|\s+)(?=[+(\d]|\S+@)")
_MAIL = frozenset(("e mail", "email", "mail", "epost", "e post", "epos", "e pos"))
_BRACKETS = re.compile(r"(.*\S)\s*\(([^()]+)\)\s*")


def name_in(card: Card, text: str, country: str) -> str:
    """The name that is left of the cell once its e-mail addresses, telephones and the firm in brackets are on the card;
    the cell as it stands where it holds none of them. Raises Refused for an address or a telephone that is none."""
    left: list[str] = []
    found: list[dict[str, Any]] = []
    for piece in filter(None, _APART.split(text.strip())):
        before = _BEFORE.match(piece)
        group, item = _point(piece[before.end() :] if before else piece, country)
        if not group:
            left.append(piece)
            continue
        if before and _says_what(before[1]):
            item |= {"label": label} if (label := label_of(before[1])) else {}
        elif before:
            left.append(before[1])
        if all(each["value"] != item["value"] for each in card.setdefault(group, [])):
            card[group].append(item)
        found.append(item)
    name = ", ".join(left) if found else text
    brackets = _BRACKETS.fullmatch(name)
    if brackets and reading.has_legal_form(brackets[2]):
        card.setdefault("works_at", []).append({"organisation": brackets[2].strip()})
        return brackets[1]
    if brackets and found and (label := label_in(brackets[2])):
        for each in found:
            each.setdefault("label", label)
        return brackets[1]
    return name


def _says_what(words: str) -> bool:
    """Whether what stands before a contact point only says what it is: `Tel.`, `mobil privat`, `E-Mail`."""
    return speaks(words, "phone") or plain(words) in _MAIL or bool(label_in(words))


def _point(text: str, country: str) -> tuple[str, dict[str, Any]]:
    """The group and the item of what is a contact point, ('', {}) for anything else."""
    if "@" in text:
        return "emails", {"value": emails.clean_email(text)}
    if is_like_phone(text):
        return "phones", {"value": phones.clean_phone(text, country)}
    return "", {}

"""What a heading says, in English, German, Danish, Afrikaans and Hindi (`headings.toml`)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from regulars.kernel.text import fold

NAME_WORDS = frozenset(
    map(
        fold,
        (
            "name",
            "navn",
            "naam",
            "नाम",
            "kunde",
            "customer",
            "client",
            "kunden",
            "kliënt",
            "ग्राहक",
            "contact",
            "kontakt",
        ),
    )
)
TITLE_WORDS = frozenset(("title", "titel"))
ID_WORDS = frozenset(("id", "nr", "no", "number", "nummer", "nommer", "key", "code"))
NAMING = frozenset(map(fold, ("name", "navn", "naam", "नाम")))  # of the name words those that say nothing else
FOR_A_FIRM = frozenset(map(fold, (  # who speaks for a customer that is a firm
    "ansprechpartner", "ansprechpartnerin", "kontaktperson", "contact person", "contact name", "kontakpersoon",
    "संपर्क व्यक्ति",
)))  # fmt: skip
_WISHES = ("refusal.", "claim.", "standing.")
_NETWORKS = ("twitter", "instagram", "facebook", "linkedin", "tiktok", "youtube", "xing", "mastodon")
BETWEEN = " › "  # between a heading over several columns and that of one of them
_SIGNS = re.compile(r"[^\w\u0900-\u0963\u0966-\u097f]+|_")
_NUMBERED = re.compile(r"([^\W\d_]{3,})(\d)")
_CAMEL = re.compile(r"(?<=[a-zäöüæøå])(?=[A-ZÄÖÜÆØÅ])")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading says: a path without its slot, the label, the number in it (`Phone 2`), how sure (0 to 1)."""

    path: str
    label: str = ""
    number: int = 0
    sure: float = 0.95
    kind: str = ""
    country: str = ""
    network: str = ""


def plain(heading: str) -> str:
    """The heading in small folded words: `E-Mail-Adresse`, `eMailAdresse` and `E_MAIL_ADRESSE` alike."""
    spaced = _CAMEL.sub(" ", heading) if not heading.isupper() else heading
    return " ".join(_SIGNS.sub(" ", fold(spaced)).split())


def meaning(heading: str, further: Mapping[str, str] | None = None) -> Meaning | None:
    """What the heading says, None where it says nothing known. `further` are the facts' own headers (plain → path)."""
    words = plain(heading)[:100]
    if not words:
        return None
    more = further or {}
    if BETWEEN in heading:
        return _under(heading, more)
    return _exact(words, more) or _in_parts(words, more) or _nearly(words)


def further_headings(headers: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The facts' own headers, path → headers, as `meaning` takes them."""
    return {plain(each): path for path, each_of in headers.items() for each in each_of}


def of_the_list(headings: Sequence[str]) -> Sequence[str]:
    """The headings without the two that a download of refused rows begins with: where they stand it was one."""
    said = [meaning(heading) for heading in headings[:2]]
    report = len(said) == 2 and all(each is not None and each.path == "ignore" for each in said)
    return headings[2:] if report else headings


def is_known(heading: str) -> bool:
    """Whether a cell reads like a heading: to find the header among the first rows."""
    words = plain(heading)[:100]
    return bool(words) and (
        words in NAME_WORDS or words in TITLE_WORDS or words in ID_WORDS or meaning(heading) is not None
    )


def _exact(
    words: str, further: Mapping[str, str], label: str = "", number: int = 0, sure: float = 0.95
) -> Meaning | None:
    known = _known()
    path = known.get(words) or known.get(words.replace(" ", "")) or further.get(words)
    if not path:
        return None
    path, _at, own_label = path.partition("@")
    kind, country = _identity(words) if path.startswith("identity") else ("", "")
    return Meaning(
        path, label or own_label, number, sure, kind, country, _network(words) if path.startswith("social") else ""
    )


def _in_parts(words: str, further: Mapping[str, str]) -> Meaning | None:
    """Places and numbers (`Phone 2`, `TEL2`, `Business Street`, `Straße geschäftlich`, `Rechnungsort`) taken off,
    then looked up. A number stays where it says which part it is: `Billing Address 2`."""
    label, rest = _placed(words)
    if rest and not label:
        label, rest[0] = _compound(rest[0])
    number, bare = 0, []
    for word in rest:
        if word.isdigit() and len(word) < 3:
            number = int(word)
        elif numbered := _NUMBERED.fullmatch(word):
            number = int(numbered[2])
            bare.append(numbered[1])
        else:
            bare.append(word)
    if not bare or " ".join(bare) == words:
        return None
    part = _exact(" ".join(rest), further, label, sure=0.9) if label and number else None
    return part or _exact(" ".join(bare), further, label, number, 0.9)


def _placed(words: str) -> tuple[str, list[str]]:
    """The first label that stands in these words, and the words that are none."""
    label = ""
    for two in (each for each in _labels() if " " in each and f" {each} " in f" {words} "):
        label, words = label or _labels()[two], f" {words} ".replace(f" {two} ", " ").strip()
    rest = []
    for word in words.split():
        if word in _labels():
            label = label or _labels()[word]
        else:
            rest.append(word)
    return label, rest


def _under(heading: str, further: Mapping[str, str]) -> Meaning | None:
    """`Rechnung › Straße`: the lower heading says what it is, the upper one whose; or both do, `Telefon › privat`."""
    over, _sign, part = heading.rpartition(BETWEEN)
    found = meaning(part, further)
    if found is None:
        words = plain(heading)[:100]
        return _exact(words, further) or _in_parts(words, further) or meaning(over, further)
    if found.label or found.path.partition(".")[0] not in ("emails", "phones", "addresses"):
        return found
    words = plain(over)
    label = next((_labels()[word] for word in words.split() if word in _labels()), "") or _compound(words)[0]
    return replace(found, label=label)


def _compound(word: str) -> tuple[str, str]:
    """The label in the first part of a compound word, and the rest: `Rechnungsort` is a billing address's city."""
    for prefix, label in _words()["prefixes"].items():
        if word.startswith(prefix) and len(word) > len(prefix) + 1:
            return label, word.removeprefix(prefix)
    return "", word


def _nearly(words: str) -> Meaning | None:
    """A heading with a slip of the keyboard: `Emial`, `Adress`, `Nachnahme`."""
    from difflib import get_close_matches

    if len(words) < 5 or words in _labels():
        return None
    alike = [each for each in _known() if abs(len(each) - len(words)) < 3 and each[0] == words[0]]
    if len(words) < 6:  # a short word is near to many: only letters that changed places
        alike = [each for each in alike if sorted(each) == sorted(words)]
    near = get_close_matches(words, alike, n=1, cutoff=0.8 if len(words) < 6 else 0.85)
    found = _exact(near[0], {}, sure=0.7) if near else None
    if found and found.path.startswith(_WISHES) and near[0][:2] != words[:2]:
        return None  # `angemeldet` is no `abgemeldet`
    return found


def speaks(heading: str, of: str) -> bool:
    """Whether any word of a heading speaks of `phone`, `birth`, `status` or `others` (somebody other than the
    customer): a short word is the word itself, a long one may go on (`Telefonkontakt`)."""
    long = tuple(each for each in _spoken()[of] if len(each) > 4)
    return any(word in _spoken()[of] or word.startswith(long) for word in plain(heading)[:100].split())


def known(words: str) -> Meaning | None:
    """What exactly these words say, without numbers, places and slips of the keyboard."""
    return _exact(plain(words), {})


def label_of(words: str) -> str:
    """The label that words before a value say: `mobil`, `Tel. privat`; '' for none."""
    found = known(words)
    return (found.label if found else "") or label_in(words)


def label_in(heading: str) -> str:
    """The label that a word of the heading is (`Work`), '' for none."""
    return next((_labels()[word] for word in plain(heading)[:100].split() if _labels().get(word)), "")


def _identity(words: str) -> tuple[str, str]:
    for word, (kind, country) in _words()["identities"].items():
        if f" {word} " in f" {words} " or (len(word) > 5 and word in words):
            return kind, country
    return "", ""


def _network(words: str) -> str:
    return next((each for each in _NETWORKS if each in words), "web")


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))


@cache
def _known() -> dict[str, str]:
    """Every spelling with its path; `phones.value@mobile` carries its label along."""
    known: dict[str, str] = {}
    for path, spellings in _words()["phrases"].items():
        for each in spellings.split(" | "):
            known.setdefault(plain(each), path)
            known.setdefault(plain(each).replace(" ", ""), path)
    return known


@cache
def _spoken() -> dict[str, tuple[str, ...]]:
    return {of: tuple(map(plain, words.split(" | "))) for of, words in _words()["spoken"].items()}


@cache
def _labels() -> dict[str, str]:
    labels = _words()["labels"].items()
    return {plain(each): "" if label == "main" else label for label, words in labels for each in words.split(" | ")}

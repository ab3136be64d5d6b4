"""What stands beneath a heading: what a heading nobody knows does not say, and what denies one that is known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from regulars.areas.intake.readers import looks
from regulars.areas.intake.readers.cells.answers import may_be_subscriptions
from regulars.areas.intake.readers.headings import ID_WORDS, NAME_WORDS, Meaning, label_in, plain, speaks
from regulars.kernel import phones, postal
from regulars.kernel.errors import Refused

_MOST = 0.8  # of the filled cells are of the kind
_LOOKED_AT = 50
_SURE, _LIKELY, _GUESS = 0.9, 0.7, 0.6
# Headings that nobody means an e-mail address or a telephone by: what stands beneath them counts, where it is one.
_DENIED = frozenset(
    (
        "name", "full_name", "given_name", "middle_name", "family_name", "called_name", "organisation",
        "addresses.street", "addresses.street2", "addresses.city", "addresses.whole",
    )
)  # fmt: skip
_BETWEEN = re.compile(r"\s*[;,\n]\s*|\s+(?:/|oder|or|und|and)\s+")
_SEVERAL_PARTS = re.compile(r"\d+(?:[ ./()–-]+\d+){2,}\D*")
_TOWN_BEHIND = re.compile(r"\w\s*[,;\n]\s*(?:[A-Z]{1,2}-)?\d{4,6}\s+[^\W\d_]{2}")
_CODE_BEFORE = re.compile(r"\s*(?:[A-Z]{1,3}\s?[-–]\s?)?\d{4,6}(?:\s[A-Z]{2})?\s+[^\W\d_]{2}")
_DECIMAL = re.compile(r"\s*\d+[.,]\d+\s*")


@dataclass(frozen=True, slots=True)
class Beneath:
    """The filled cells of one column of the sample, read in a house of this `country` ('' for none) on this day."""

    heading: str
    cells: Sequence[str]
    country: str
    today: date

    def denies(self, said: Meaning) -> Meaning | None:
        """What the cells plainly are where a heading says something else; None where they may be what it says."""
        words = plain(self.heading)
        if words in NAME_WORDS:
            said = Meaning("name")  # or a reference, by the digits in it
        deniable = said.path in _DENIED or said.path == "phones.value"
        if deniable and looks.share("email", self.cells, self.today) >= _MOST:
            return Meaning("emails.value", said.label if said.path == "phones.value" else "", sure=_SURE)
        bare = all(each.strip().isdigit() for each in self.cells)
        if (said.path in _DENIED or said.path == "emails.value") and not bare and self.are_phones(spoken_of=False):
            return Meaning("phones.value", said.label if said.path == "emails.value" else "", sure=_LIKELY)
        if said.path == "addresses.region" and words == "state" and self._are_subscriptions():
            return Meaning("claim.email", sure=_LIKELY)
        return None

    def tells(self) -> Meaning | None:
        """What the cells are under a heading that nobody knows, less sure; None where anything may be meant."""
        if not self.cells:
            return None
        of_phones = speaks(self.heading, "phone")
        if self.are_phones(spoken_of=of_phones):
            return Meaning("phones.value", label_in(self.heading), sure=_LIKELY if of_phones else _GUESS)
        if self._are_regions():
            return Meaning("addresses.region", sure=_LIKELY)
        if speaks(self.heading, "birth") and looks.share("date", self.cells, self.today) >= _MOST:
            return Meaning("birth_date", sure=_LIKELY)
        return None

    def _are_regions(self) -> bool:
        """Whether these are the letters by which the country calls its regions: `MA`, `NY`."""
        return all(len(each.strip()) < 4 and postal.is_region(each, self.country) for each in self.cells)

    def are_whole_addresses(self) -> bool:
        """Whether most cells have a postcode and a town behind the street: `Weg 1, 01067 Dresden`."""
        return sum(map(bool, map(_TOWN_BEHIND.search, self.cells))) >= _GUESS * len(self.cells) > 0

    def are_towns_behind_postcodes(self) -> bool:
        """Whether most cells have the postcode before the town: `01067 Dresden`, `A-1010 Wien`."""
        return sum(map(bool, map(_CODE_BEFORE.match, self.cells))) >= _GUESS * len(self.cells) > 0

    def is_state_of_subscription(self) -> bool:
        """Whether this is the column by which programs that send mail say who gets any."""
        return speaks(self.heading, "status") and self._are_subscriptions()

    def are_phones(self, *, spoken_of: bool) -> bool:
        """Whether nearly all cells are telephone numbers of this country, or with a +. Where the heading does not speak
        of them, bare digits that a number of any kind may have do not count."""
        asked = self.cells[:_LOOKED_AT]
        if not asked or (not spoken_of and not ID_WORDS.isdisjoint(plain(self.heading).split())):
            return False
        return sum(self._is_phone(each.strip(), bare=spoken_of) for each in asked) >= _MOST * len(asked)

    def _is_phone(self, text: str, *, bare: bool) -> bool:
        text = _BETWEEN.split(text, maxsplit=1)[0]  # of two in one cell
        if not looks.is_like_phone(text) or looks.is_date(text, self.today):
            return False
        behind = looks.WORDS_BEHIND.fullmatch(text)
        text = behind[1].rstrip() if behind else text
        written = text[:1] in "+0(" or _SEVERAL_PARTS.fullmatch(text)
        if not bare and (not written or _DECIMAL.fullmatch(text)):
            return False
        try:
            return bool(phones.clean_phone(text, self.country))
        except Refused:
            return False

    def _are_subscriptions(self) -> bool:
        return may_be_subscriptions(self.cells)

"""What each likeness is worth, in bits: the logarithm of how much more often one person's two cards have it than two
strangers' do (Fellegi and Sunter 1969). Fixed by judgement and never trained; only how rare a name or a town is comes
from the register. A level weighs what `m` / `u` says; the first that fits counts.

Hard cases decide the weights. Who has clearly another given name, another birth date or another `jr.` is *apart*: a
shared e-mail, telephone or home then speaks of a household or of colleagues, and is worth next to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from regulars.areas.matching.comparing.conditions import (
    Condition,
    alike,
    covers,
    equal,
    far,
    filled,
    listed,
    meet,
    near,
    same,
)
from regulars.areas.matching.comparing.features import COMMONEST, RAREST


@dataclass(frozen=True, slots=True)
class Degree:
    """One level: its code (what a reason is called), its weight in bits, when it holds."""

    code: str
    weight: float
    when: Condition | None = None  # None for the last: whatever is left


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that is compared."""

    name: str
    degrees: tuple[Degree, ...]


def _by_rarity(code: str, when: Condition, column: str, least: int, most: int, share: float = 1.0) -> list[Degree]:
    """The same likeness, worth as many bits as it is rare."""
    return [Degree(f"{code}", bits * share, when & equal(column, bits)) for bits in range(most, least - 1, -1)]


SWAPPED = same("given", "family") & same("family", "given")
_NEARLY_SWAPPED = near("given", 1, 4, other="family") & near("family", 1, 4, other="given")
_SLIP_IN_GIVEN = near("given", 1, 3) | near("given", 2, 6) | alike("given", 0.92)
_BOTH_KNOWN = equal("given_known", 1)
_CROSSED = (
    ~same("given")
    & ~same("family")
    & (
        same("given", "family")
        | same("family", "given")
        | near("given", 1, 5, other="family")
        | near("family", 1, 5, other="given")
        | near("given", 2, 8, other="family")
        | near("family", 2, 8, other="given")
    )
)
_INITIAL = same("initial") & ~equal("spelled_out", 1)
_GIVEN_FITS = (
    same("given")
    | covers("names", "givens")
    | meet("groups")
    | same("given_sound")
    | _CROSSED
    | _INITIAL
    | (~_BOTH_KNOWN & (_SLIP_IN_GIVEN | near("given", 2, 4)))
)
_SAME_DAY = same("birth_month") & same("birth_day")
_YEARS_APART = far("year", 15)
_GENERATION = _SAME_DAY & _YEARS_APART
TWO_OF_THREE = (same("birth_year") & same("birth_month")) | (same("birth_year") & same("birth_day")) | _SAME_DAY
_SLIP_IN_BIRTH = same("birth", "birth_turned") | (TWO_OF_THREE & near("birth", 1, 10))
BIRTH_CLOSE = filled("birth") & ~_YEARS_APART & (~far("year", 2) | near("birth_year", 1, 4)) & ~far("month", 2)
_BIRTH_DIFFERS = _YEARS_APART & (_GENERATION | ~(_SLIP_IN_BIRTH | TWO_OF_THREE))
FAMILY_SLIP = near("family", 1, 4) | near("family", 2, 7) | alike("family", 0.93)
FIRM_SLIP = near("firm", 1, 5) | near("firm", 2, 9) | alike("firm", 0.95)
_FIRM_FITS = same("firm") | FIRM_SLIP | covers("firm_words", "firm_words")
APART = (
    (filled("given") & ~_GIVEN_FITS)
    | _BIRTH_DIFFERS
    | (filled("suffix") & ~same("suffix"))
    | (filled("firm") & ~_FIRM_FITS)
)
_SAME_FIGURES = same("mailbox_figures")  # anna1984@ and anna1991@ are two people's
_PLACE = meet("postcodes") | meet("towns") | meet("places")
_SLIP_IN_STREET = alike("street", 0.93) | (alike("street", 0.8) & near("street", 2, 6))
_NO_HOME = ~(listed("streets") | listed("towns") | listed("postcodes"))

MATTERS: tuple[Matter, ...] = (
    Matter("given", (
        *_by_rarity("given_same", same("given"), "given_rare", COMMONEST, RAREST),
        Degree("names_swapped", 15, SWAPPED),
        Degree("names_swapped", 11, _NEARLY_SWAPPED),
        Degree("names_crossed", 3, _CROSSED),
        Degree("unknown", 0, ~filled("given")),
        Degree("given_part", 5, covers("names", "givens")),
        Degree("given_nickname", 5, meet("groups")),
        Degree("given_sound", 5, same("given_sound")),
        Degree("given_initial", 2, _INITIAL),
        Degree("given_slip", 6, ~_BOTH_KNOWN & _SLIP_IN_GIVEN),
        Degree("given_slip", 1, ~_BOTH_KNOWN & near("given", 2, 4)),
        Degree("given_other", -18, _BOTH_KNOWN),
        Degree("given_other", -9, alike("given", 0.7)),
        Degree("given_other", -14),
    )),
    Matter("family", (
        Degree("unknown", 0, ~filled("family")),
        *_by_rarity("family_same", same("family"), "family_rare", COMMONEST, RAREST),
        Degree("unknown", 0, _CROSSED),
        Degree("family_slip", 6, FAMILY_SLIP),
        Degree("family_sound", 6, same("family_sound")),
        Degree("family_part", 5, meet("family_words")),
        Degree("family_other", -5, same("given")),
        Degree("family_other", -5, ~filled("given")),
        Degree("family_other", -8),
    )),
    Matter("firm", (
        Degree("unknown", 0, ~filled("firm")),
        *_by_rarity("firm_same", same("firm"), "firm_rare", COMMONEST, RAREST),
        Degree("firm_slip", 6, FIRM_SLIP),
        Degree("firm_part", 4, covers("firm_words", "firm_words")),
        Degree("firm_other", -14),
    )),
    Matter("birth", (
        Degree("unknown", 0, ~filled("birth_day")),
        Degree("birth_same", 13, same("birth")),
        Degree("birthday_same", 7, _SAME_DAY & ~filled("birth_year")),
        Degree("birth_generation", -8, _GENERATION),
        Degree("birth_slip", 6, _SLIP_IN_BIRTH),
        Degree("birth_near", 3, TWO_OF_THREE),
        Degree("birth_near", 2, BIRTH_CLOSE),
        Degree("birth_other", -10, _YEARS_APART),
        Degree("birth_other", -8),
    )),
    Matter("suffix", (
        Degree("unknown", 0, ~filled("suffix")),
        Degree("suffix_same", 1, same("suffix")),
        Degree("suffix_other", -10),
    )),
    Matter("gender", (
        Degree("unknown", 0, ~filled("gender")),
        Degree("gender_same", 0.7, same("gender")),
        Degree("gender_other", -5),
    )),
    Matter("identity", (
        Degree("unknown", 0, ~listed("identities")),
        Degree("identity_same", 32, meet("identities")),
        Degree("identity_other", -4, meet("identity_kinds")),
        Degree("unknown", 0),
    )),
    Matter("email", (
        Degree("unknown", 0, ~listed("emails")),
        Degree("email_shared", 1, meet("emails") & APART),
        Degree("email_same", 14, meet("emails")),
        Degree("email_slip", 11, _SAME_FIGURES & alike("mailbox", 0.8) & near("mailbox", 2, 8) & ~APART),
        Degree("mailbox_same", 9, meet("mailboxes") & ~APART),
        Degree("email_slip", 6, _SAME_FIGURES & alike("mailbox", 0.93) & ~APART),
        Degree("email_other", -2),
    )),
    Matter("phone", (
        Degree("unknown", 0, ~listed("phones")),
        Degree("phone_shared", 0.5, meet("phones") & APART),
        Degree("phone_same", 9, meet("phones")),
        Degree("phone_other", -1.5),
    )),
    Matter("home", (
        Degree("unknown", 0, _NO_HOME),
        Degree("home_shared", 1, meet("streets") & APART),
        Degree("home_same", 11, meet("homes") & _PLACE),
        Degree("home_same", 7, meet("streets") & _PLACE & ~listed("homes")),
        Degree("home_slip", 8, meet("house_numbers") & _PLACE & _SLIP_IN_STREET & ~APART),
        Degree("street_same", 5, _PLACE & (meet("streets") | (alike("street", 0.8) & near("street", 1, 6)))),
        Degree("home_same", 4, meet("homes")),
        Degree("street_same", 0.5, meet("streets")),
        Degree("postcode_same", 4, meet("postcodes")),
        Degree("town_same", 0.3, meet("towns") & listed("streets")),
        *_by_rarity("town_same", meet("towns"), "town_rare", 0, 6, 0.8),
        Degree("town_same", 3, meet("towns")),
        Degree("town_slip", 2, (near("town", 1, 4) | near("town", 2, 6) | alike("town", 0.88)) & ~listed("streets")),
        Degree("home_other", -3, listed("streets")),
        Degree("home_other", -1.5),
    )),
)  # fmt: skip

SAME, LIKELY, POSSIBLE = 8.0, 0.0, -5.0  # bits from which a pair is called so
NAMES_ALONE = LIKELY - 1.0
_MORE_THAN_NAMES = frozenset({
    "names_swapped", "firm_same", "firm_slip", "birth_same", "birthday_same", "birth_slip", "identity_same",
    "email_same", "email_slip", "mailbox_same", "phone_same", "home_same", "home_slip", "street_same", "birth_near",
})  # fmt: skip
_DIFFERS = frozenset({"birth_other", "email_other", "phone_other", "home_other", "identity_other"})
_MUCH = 3.0  # bits from which a likeness is more than a place: two parts of three of a birth date, a street in a town
VERDICTS = ("same", "likely", "possible")


def prior(size: int) -> float:
    """The weight of any two cards of a register of so many, in bits: the larger, the more strangers resemble."""
    return -(14 + 0.5 * log2(max(size, 1_000) / 5_000))


def sober(weight: float, levels: Sequence[int]) -> float:
    """The weight, unless the cards share nothing but names, a sex and a place, and two things that both tell differ:
    then at most `NAMES_ALONE`, however rare the names are. Namesakes are many in a large register."""
    if weight <= NAMES_ALONE:
        return weight
    told = [matter.degrees[place] for matter, place in zip(MATTERS, levels, strict=True)]
    shared = any(each.code in _MORE_THAN_NAMES and each.weight >= _MUCH for each in told)
    differ = sum(each.code in _DIFFERS for each in told)
    return NAMES_ALONE if differ >= 2 and not shared else weight


def verdict_of(weight: float) -> str:
    """same, likely, possible; '' for what is none of them."""
    return next((name for name, least in zip(VERDICTS, (SAME, LIKELY, POSSIBLE), strict=True) if weight >= least), "")


def probability(weight: float) -> float:
    """The probability behind a weight, the prior included."""
    return float(1 / (1 + 2.0**-weight))


def reasons_of(levels: Sequence[int]) -> list[dict[str, float | str]]:
    """What speaks for a pair and what against, the weightiest first: `{"code": "birth_same", "bits": 12}`."""
    told = [matter.degrees[place] for matter, place in zip(MATTERS, levels, strict=True)]
    kept = [(degree.code, degree.weight) for degree in told if degree.weight and degree.code != "unknown"]
    return [{"code": code, "bits": round(bits, 1)} for code, bits in sorted(kept, key=lambda each: -abs(each[1]))]

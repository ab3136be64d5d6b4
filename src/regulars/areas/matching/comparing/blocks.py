"""Who is compared with whom: those who share a contact point, a home or a number, or two weaker things. A key that very
many have is left out by the engine, so that the work grows with the register and not with its square; common names have
narrower keys beside."""

from collections.abc import Iterator

from regulars.areas.matching.comparing.features import Features, Keyed, skeletons

LARGEST = 60  # cards with one key above which it tells nothing
_SMALL = 20_000
_TOGETHER = 6  # what shared keys must tell together, in a large register
STRENGTHS = {  # how much a key tells, by its first letter
    "e": 6, "m": 6, "t": 6, "i": 6, "n": 6, "b": 6, "o": 6, "h": 4, "d": 4, "p": 4, "y": 4, "s": 3, "f": 3, "g": 3,
    "x": 2,
}  # fmt: skip


def enough(size: int) -> int:
    """How strong the keys that two cards share must be together: a small register can afford to compare more."""
    return 1 if size < _SMALL else _TOGETHER


def keys_of(card: Keyed | Features) -> list[str]:
    """The keys of one card, none twice. People and organisations share none."""
    return [f"{key}|{card.person}" for key in set(_keys(card))]


def _keys(card: Keyed | Features) -> Iterator[str]:
    given, family = skeletons(card)
    parts = {each for each in (given, family) if len(each) > 1}
    yield from (f"e{each}" for each in card.emails)
    yield from (f"m{each}" for each in card.mailboxes)
    yield from (f"t{each}" for each in card.phones)
    yield from (f"i{each}" for each in card.identities)
    yield from (f"h{each}" for each in card.homes)
    if given and family:
        both = "|".join(sorted((given, family)))
        yield f"n{both}"
        yield from (f"p{both}|{each[:2]}" for each in card.postcodes[:1])
        if card.birth_year:
            yield f"y{both}|{card.birth_year}"
    for part in parts:
        yield from (f"x{part}|{each}" for each in (*card.postcodes[:1], *card.towns[:1]))
        yield from (f"s{part}|{each}" for each in card.streets[:2])
        if card.birth_day:
            yield f"d{part}|{card.birth_month}{card.birth_day}"
        if card.birth_year:
            yield f"o{part}|{card.birth_year}{card.birth_month}"
    if card.birth:
        yield from (f"b{card.birth}|{part[0]}" for part in parts)
        yield from (f"b{card.birth}|{each}" for each in (*card.postcodes[:1], *card.towns[:1]))
    for word in card.firm_words:
        yield f"f{word}"
        yield from (f"g{word}|{each}" for each in card.towns[:1])

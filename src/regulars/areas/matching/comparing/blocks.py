"""Who is compared with whom: those who share a contact point, a home or a number, or two weaker things. A key that very
many have is left out by the engine, so that the work grows with the register and not with its square; common names have
narrower keys beside."""

from collections.abc import Iterator

from regulars.areas.matching.comparing.features import Features, skeletons

_ENOUGH = "emtihnbdo"  # how keys begin that are enough by themselves
LARGEST = 60  # cards with one key above which it tells nothing


_SMALL = 20_000


def enough(size: int) -> int:
    """How strong the keys that two cards share must be together: a small register can afford to compare more."""
    return 1 if size < _SMALL else 2


def keys_of(card: Features) -> list[tuple[int, str, int]]:
    """The keys of one card: its number, the key, and 2 where the key is enough by itself, else 1."""
    return [(card.number, f"{card.person}{key}", 2 if key[0] in _ENOUGH else 1) for key in set(_keys(card))]


def _keys(card: Features) -> Iterator[str]:
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
        yield from (f"x{part}|{each}" for each in (*card.postcodes[:1], *card.towns[:1], *card.streets[:2]))
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

"""Who is compared with whom: those who share a contact point, a home or a number, or two weaker things. A key that very
many have is left out by the engine, so that the work grows with the register and not with its square; common names have
narrower keys beside."""

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
    who, (given, family) = card.person, skeletons(card)
    parts = [each for each in dict.fromkeys((given, family)) if len(each) > 1]
    places = (*card.postcodes[:1], *card.towns[:1])
    keys = [f"e{who}{each}" for each in card.emails]
    keys += [f"m{who}{each}" for each in card.mailboxes]
    keys += [f"t{who}{each}" for each in card.phones]
    keys += [f"i{who}{each}" for each in card.identities]
    keys += [f"h{who}{each}" for each in card.homes]
    if given and family:
        both = f"{given}|{family}" if given < family else f"{family}|{given}"
        keys.append(f"n{who}{both}")
        keys += [f"p{who}{both}|{each[:2]}" for each in card.postcodes[:1]]
        if card.birth_year:
            keys.append(f"y{who}{both}|{card.birth_year}")
    for part in parts:
        keys += [f"x{who}{part}|{each}" for each in places]
        keys += [f"s{who}{part}|{each}" for each in card.streets[:2]]
        if card.birth_day:
            keys.append(f"d{who}{part}|{card.birth_month}{card.birth_day}")
        if card.birth_year:
            keys.append(f"o{who}{part}|{card.birth_year}{card.birth_month}")
    if card.birth:
        keys += [f"b{who}{card.birth}|{part[0]}" for part in parts]
        keys += [f"b{who}{card.birth}|{each}" for each in places]
    for word in card.firm_words:
        keys.append(f"f{who}{word}")
        keys += [f"g{who}{word}|{each}" for each in card.towns[:1]]
    return list(dict.fromkeys(keys))

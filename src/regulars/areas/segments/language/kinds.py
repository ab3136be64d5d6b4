"""How each type of fact is asked: a test of it becomes a meaning."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from regulars.areas.segments.language import names
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language.days import birthday_test, date_test, moment_test
from regulars.areas.segments.language.errors import CriteriaError, nearest
from regulars.areas.segments.language.meaning import Both, Either, Ground, Holds, Meaning, Neg, Relation
from regulars.areas.segments.language.operators import EMPTY, EQUAL, RELATIONS, no_such_operator, operators_of
from regulars.areas.segments.language.values import compared, decimal_in, misfit, number_in, simple, text_in, written
from regulars.kernel.errors import Refused
from regulars.kernel.registries import Fact, Several
from regulars.kernel.saying import kept_word
from regulars.kernel.text import fold

YES = ("yes", "true", "ja", "1")
NO = ("no", "false", "nein", "nej", "nee", "0")


def reading(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """What a test of this fact asks. Raises CriteriaError where operator or value do not fit its type."""
    known = operators_of(fact)
    if test.operator not in known:
        raise no_such_operator(fact, test, known)
    if isinstance(fact.source, Several):
        return _several_test(fact, fact.source, test, ground)
    if test.operator in EMPTY:
        return Holds(fact, RELATIONS[test.operator])
    return _READINGS[fact.type](fact, test, ground)


def _text_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """Where the house knows words for a text, `= "privat"` asks for `home` too; as typed it may stand as well."""
    if not fact.words or test.operator not in ("=", "in"):
        return simple(text_in)(fact, test, ground)
    typed = [text_in(fact, value, ground) for value in test.values]
    return compared(fact, "in", tuple(each for text in typed for each in (fold(kept_word(fact, text)), text)))


def _several_test(fact: Fact, source: Several, test: t.Test, ground: Ground) -> Meaning:
    """Any of the parts; words are looked for in each (`contains`, `~`), or run on from the first to the second."""
    parts = [ground.facts[name] for name in source.facts if name in ground.facts]
    texts = [text_in(fact, value, ground) for value in test.values]
    match test.operator:
        case "is empty":
            return Both(tuple(Holds(part, "empty") for part in parts))
        case "is not empty":
            return Either(tuple(Holds(part, "filled") for part in parts))
        case "~" | "contains":
            relation = RELATIONS[test.operator]
            words = texts[0].split()
            return Both(tuple(Either(tuple(Holds(part, relation, (word,)) for part in parts)) for word in words))
        case "!=":
            known = Either(tuple(Holds(part, "filled") for part in parts))
            return Both((known, Neg(_run_on(parts, texts[0], "eq"))))
        case operator:
            relation = "starts" if operator == "startswith" else "eq"
            return Either(tuple(_run_on(parts, text, relation) for text in texts))


def _run_on(parts: list[Fact], text: str, relation: Relation) -> Meaning:
    """The text in one part, or begun in one of the first two and ended in the other."""
    words = text.split()
    found: list[Meaning] = [Holds(part, relation, (text,)) for part in parts]
    for first, second in (parts[:2], parts[1::-1]) if len(parts) > 1 else ():
        for place in range(1, len(words)):
            begun = Holds(first, "eq", (" ".join(words[:place]),))
            found.append(Both((begun, Holds(second, relation, (" ".join(words[place:]),)))))
    return Either(tuple(found))


def _code(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> str:
    if not fact.choices:
        return text_in(fact, value, ground)
    text = written(fact, value)
    words = {fold(str(label)): word for word, label in fact.choices} | {fold(word): word for word, _l in fact.choices}
    if fold(text) in words:
        return words[fold(text)]
    message = _("“%(fact)s” has no choice “%(word)s”.") % {"fact": fact.name, "word": text[:60]}
    known = [word for word, _label in fact.choices]
    near = nearest(text, known) or list(dict.fromkeys(words[fold(each)] for each in nearest(text, words))) or known[:4]
    raise CriteriaError(message, value.place, nearest=near)


def _looked_up(fact: Fact, value: t.Value | t.Stretch, known: Any, message: str) -> str:
    text = written(fact, value)
    found = known.get(fold(text))
    if found is None:
        near = nearest(text, [name for name in known if len(name) > 3], 2)
        raise CriteriaError(message % {"name": text[:60]}, value.place, nearest=[name.title() for name in near])
    return str(found)


def _country(fact: Fact, value: t.Value | t.Stretch, ground: Ground) -> str:
    return _looked_up(fact, value, names.countries(), _("There is no country “%(name)s”."))


def _phone_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    read = _phone if test.operator in EQUAL else _part_of_phone
    return compared(fact, test.operator, tuple(read(fact, value, ground, test.operator) for value in test.values))


def _phone(fact: Fact, value: t.Value | t.Stretch, ground: Ground, operator: str) -> str:
    assert ground.phone is not None
    try:
        return fold(ground.phone(written(fact, value), ground.country))
    except Refused as refusal:
        raise CriteriaError(refusal.message, value.place) from refusal


def _part_of_phone(fact: Fact, value: t.Value | t.Stretch, ground: Ground, operator: str) -> str:
    """Digits as typed; a beginning without a country is one of the house's country: `030` is `+4930`."""
    from phonenumbers import country_code_for_region

    typed = written(fact, value).strip()
    digits = "".join(ch for ch in typed if ch.isdigit())
    if not digits:
        raise misfit(fact, value)
    if operator == "contains":
        return digits
    if typed.startswith("+") or digits.startswith("00"):
        return f"+{digits.removeprefix('00')}"
    return f"+{country_code_for_region(ground.country) or ''}{digits.removeprefix('0')}"


def _money_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    currencies = {value.currency for value in test.values if isinstance(value, t.Money)}
    if len(currencies) > 1:
        raise CriteriaError(_("One comparison takes one currency."), test.place)
    values = tuple(decimal_in(fact, value, ground) for value in test.values)
    return compared(fact, test.operator, values, (currencies or {ground.currency}).pop())


def _yesno_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    return compared(fact, "!=" if test.operator == "!=" else "=", (_yes(fact, test),))


def _yes(fact: Fact, test: t.Test) -> bool:
    if not test.values:
        return True
    word = fold(written(fact, test.values[0]))
    if word in (*YES, fold(_("yes"))):
        return True
    if word in (*NO, fold(_("no"))):
        return False
    raise misfit(fact, test.values[0])


def _language_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    """`language = de` holds for de-AT too: whoever asks for German speakers means Austrians."""
    found = (_looked_up(fact, v, names.languages(), _("There is no language “%(name)s”.")) for v in test.values)
    chosen = tuple(
        Either((Holds(fact, "eq", (tag,)), Holds(fact, "starts", (f"{tag}-",)))) for tag in dict.fromkeys(found)
    )
    if test.operator == "!=":
        return Both((Holds(fact, "filled"), Neg(chosen[0])))
    return Either(chosen)


def _sealed_test(fact: Fact, test: t.Test, ground: Ground) -> Meaning:
    assert ground.blind is not None
    text = written(fact, test.values[0])
    if not fold(text):
        raise misfit(fact, test.values[0])
    return Holds(fact, "eq", (ground.blind(fact, text),))


_READINGS: dict[str, Callable[[Fact, t.Test, Ground], Meaning]] = {
    "text": _text_test,
    "email": simple(text_in),
    "code": simple(_code),
    "phone": _phone_test,
    "number": simple(number_in),
    "customer": simple(number_in),
    "decimal": simple(decimal_in),
    "money": _money_test,
    "date": date_test,
    "moment": moment_test,
    "birthday": birthday_test,
    "yesno": _yesno_test,
    "country": simple(_country),
    "language": _language_test,
    "sealed": _sealed_test,
}

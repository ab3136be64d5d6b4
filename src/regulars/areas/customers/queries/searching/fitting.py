"""How well a customer fits what was typed, judged by her search text alone."""

from collections.abc import Collection, Mapping

from regulars.areas.customers.queries.searching.asking import Asked, Token

NAMES, EMAILS, PHONES, TOWNS, REFERENCES = range(5)
NEAR = 45  # what a mistyped word is worth
MISTYPED = 62  # what somebody is worth at most of whose name one word was mistyped
_RESPELLED = 90
_NUMBER, _NUMBER_BEGUN = 130, 70
# For each line of the text: a word is the whole of what was typed, begins with it, holds it. The best come first.
_WORTH = ((NAMES, 100, 80, 40), (EMAILS, 95, 60, 35), (REFERENCES, 95, 55, 30), (TOWNS, 60, 50, 0))
_PHONE = (98, 75, 50)  # the whole number, its beginning or end, any part of it


class Fitting:
    """Judges one customer after another. What stands in the lines of `hidden` is not looked at.

    `meant` may be set later: the words that each mistyped one may have meant, with their errors.
    """

    def __init__(self, asked: Asked, hidden: Collection[int]) -> None:
        self.hidden = frozenset(hidden)
        self.number, self.keeper = asked.number, asked.keeper
        self.digits = "" if asked.number is None else str(asked.number)
        self.in_order = " " + " ".join(token.word for token in asked.tokens)
        self.tokens = [(token, [(form, f" {form}", f" {form} ") for form in token.forms]) for token in asked.tokens]
        self.lines = [each for each in _WORTH if each[0] not in self.hidden]
        self.meant: Mapping[Token, Mapping[str, int]] = {}

    def worth(self, number: int, text: str) -> int:
        """What the customer is worth, 0 if she does not fit."""
        lines = text.split("\n")
        least, total = 1_000, 0
        for token, forms in self.tokens:
            worth = self._word(forms, lines)
            if token.dialled and PHONES not in self.hidden:
                worth = max(worth, _phone(token, lines[PHONES]))
            if worth < NEAR and token in self.meant:
                worth = max(worth, _near(lines[NAMES], self.meant[token]))
            if self.digits and str(number).startswith(self.digits):
                worth = max(worth, _NUMBER if number == self.number else _NUMBER_BEGUN)
            if number == self.keeper:
                worth = max(worth, _NUMBER)
            if not worth:
                return 0
            least, total = min(worth, least), total + worth
        return (least + total // len(self.tokens)) // 2 + 4 * lines[NAMES].startswith(self.in_order)

    def _word(self, forms: list[tuple[str, str, str]], lines: list[str]) -> int:
        found = 0
        for place, whole, begun, held in self.lines:
            if whole <= found:
                continue
            line = lines[place]
            for form, beginning, word in forms:
                if form in line:
                    if beginning in line:
                        found = max(found, whole if word in line else begun)
                    elif len(form) > 2:
                        found = max(found, held)
        return found


def _phone(token: Token, line: str) -> int:
    whole, end, held = _PHONE
    if token.whole:
        return (whole if f" {token.whole} " in line else end) if f" {token.whole}" in line else 0
    if len(token.dialled) < 3 or token.dialled not in line:
        return 0
    return end if f"{token.dialled} " in line or f" {token.dialled}" in line else held


def _near(names: str, meant: Mapping[str, int]) -> int:
    errors = [errs for word, errs in meant.items() if f" {word} " in names]
    return (NEAR if min(errors) else _RESPELLED) if errors else 0

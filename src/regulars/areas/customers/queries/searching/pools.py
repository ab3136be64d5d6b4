"""Who may be meant: a few rows of search texts for each question, from the surest to the widest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import product
from typing import Any

from django.db import connection

from regulars.areas.customers.card.keys import INDEX, TEXT, WORD, halves
from regulars.areas.customers.queries.searching.asking import Asked, Token
from regulars.kernel.databases import among, trigrams
from regulars.kernel.dialect import Sql
from regulars.kernel.likeness import within
from regulars.kernel.spelling import plainest

_ONLY: ContextVar[Sql | None] = ContextVar("whom a search keeps to", default=None)
_MEANT: ContextVar[dict[str, dict[str, int]] | None] = ContextVar("what words may have meant", default=None)
Rows = Iterable[tuple[int, str]]
_FEW, _MANY = 24, 40
_LAST = "\U0010ffff"
_SHORT = 3  # letters below which no error is forgiven
_WORDS = 12  # words that a mistyped one may have meant, the most frequent first
_PAIRS = 60
_FURTHER = 4  # digits that a number may go on with
_RARE = 5  # digits that so few telephone numbers hold that there is no need to ask for their ends first


@contextmanager
def keeping_to(only: Sql | None) -> Iterator[None]:
    """Within it only customers are found whose own row, called `z`, meets the condition: a pool of a few dozen that
    was filtered afterwards would miss those who stand further down."""
    before = _ONLY.set(only)
    try:
        yield
    finally:
        _ONLY.reset(before)


@contextmanager
def remembering(meant: dict[str, dict[str, int]]) -> Iterator[None]:
    """Within it a word is looked for once among the words of names, and kept here."""
    before = _MEANT.set(meant)
    try:
        yield
    finally:
        _MEANT.reset(before)


def _kept(number: str) -> tuple[str, tuple[Any, ...]]:
    """What follows AND for the customer of this number, and its values."""
    only = _ONLY.get()
    if only is None:
        return "TRUE", ()
    return f"EXISTS (SELECT 1 FROM customers_customer z WHERE z.number = {number} AND {only.text})", only.params


def _of_texts() -> trigrams.Only:
    return _kept("t.number") if _ONLY.get() is not None else None


def sure(asked: Asked) -> Iterator[Rows]:
    """By number, and by names that begin as typed."""
    if asked.keeper is not None:
        yield from numbered([asked.keeper])
    if asked.number is not None:
        yield _numbered(asked.number)
    tokens = asked.tokens
    if len(tokens) == 1 and not tokens[0].dialled:
        for column in ("family_fold", "given_fold", "organisation_fold"):
            yield _named(*((f"{column} >= %s AND {column} < %s", [form, form + _LAST]) for form in tokens[0].forms))
    elif len(tokens) > 1 and all(token.is_word for token in tokens):
        for one, two in asked.cuts:
            yield _named(_both(one, two), _both(two, one))


def addressed(address: str) -> Iterator[Rows]:
    """By an e-mail address that begins so."""
    kept, further = _kept("p.customer_id")
    inner = f"SELECT customer_id FROM customers_contactpoint p WHERE key >= %s AND key < %s AND {kept} LIMIT {_FEW}"
    sql = f"SELECT t.number, t.text FROM ({inner}) c JOIN {TEXT} t ON t.number = c.customer_id"
    yield _fetched(sql, [address, address + _LAST, *further])


def worded(asked: Asked, meant: Mapping[Token, Mapping[str, int]]) -> Iterator[Rows]:
    """By the words of names, wherever they stand in them; the last one may only have begun.

    Nothing where one of the others is no name. A last word that has hardly begun is left to judging: so many begin so
    that to collect them all takes longer than to look at those whom the other words name.
    """
    *others, last = asked.tokens
    named = all(0 in meant.get(token, {token.word: 0}).values() for token in others)
    if not named or not all(token.is_word for token in asked.tokens):
        return
    groups = [token.forms for token in others]
    if len(last.word) < _SHORT:
        yield trigrams.with_words(*INDEX, groups, 2 * _MANY, begun=False, only=_of_texts())
    else:
        yield trigrams.with_words(*INDEX, [*groups, last.forms], _MANY, begun=True, only=_of_texts())


def _both(family: str, given: str) -> tuple[str, list[Any]]:
    """Both names begin so. The longer one leads: it is the shorter walk, and either index holds the other name too."""
    names = [("family_fold", family), ("given_fold", given)]
    if len(given) > len(family):
        names.reverse()
    condition = " AND ".join(f"{column} >= %s AND {column} < %s" for column, _name in names)
    return condition, [value for _column, name in names for value in (name, name + _LAST)]


def elsewhere(asked: Asked) -> bool:
    """Whether something typed is no name alone: a town begins so, or it is no word."""
    return any(
        not token.is_word or (len(token.word) > 2 and _begins(token, _BEGINNINGS[1:2])) for token in asked.tokens
    )


def begun(asked: Asked) -> Iterator[Rows]:
    """By the beginnings of words anywhere in the text, by the end of a telephone number."""
    if len(asked.tokens) == 1 and asked.tokens[0].dialled:
        if not asked.tokens[0].whole and 1 < len(asked.tokens[0].dialled) < _RARE:
            yield _holding([[f"{asked.tokens[0].dialled} "]])
        elif asked.tokens[0].whole:
            yield _holding([asked.tokens[0].begun])
    elif all(_begins(token, _BEGINNINGS) for token in asked.tokens if token.is_word):
        yield _holding([token.begun for token in asked.tokens])


def inside(asked: Asked) -> Iterator[Rows]:
    """By any part of a text."""
    yield _holding([_parts(token) for token in asked.tokens])


def numbered(numbers: Sequence[int]) -> Iterator[Rows]:
    """These customers, whoever they are."""
    if numbers:
        condition, values = among(connection, "t.number", list(numbers))
        kept, further = _kept("t.number")
        yield _fetched(f"SELECT t.number, t.text FROM {TEXT} t WHERE {condition} AND {kept}", [*values, *further])


def alike(asked: Asked) -> tuple[dict[Token, dict[str, int]], Rows]:
    """The words that mistyped ones may have meant, by token, each with its errors; and who is called so."""
    tokens = asked.tokens
    meant = {token: near(token.word) for token in tokens if token.is_word and len(token.word) >= _SHORT}
    known = [list(found) for found in meant.values() if found]
    unfinished = [token.forms for token in tokens if not meant.get(token)]
    if not known or len(unfinished) > 1 or not all(token.is_word for token in tokens):
        return meant, ()
    if unfinished and all(0 in found.values() for found in meant.values() if found):
        return meant, ()  # nothing was mistyped: these words were asked for already
    if len(tokens) == 1:
        return meant, [row for column in ("family_fold", "given_fold") for row in _called(column, known[0])]
    if len(known) == 2 and not unfinished and (rows := list(_pairs(*meant.values()))):
        return meant, rows
    wanted = [*known, *unfinished]
    return meant, trigrams.with_words(*INDEX, wanted, _MANY, begun=bool(unfinished), only=_of_texts())


def near(word: str) -> dict[str, int]:
    """The words in somebody's name that are this one in another spelling (0) or one error away (1), likeliest first."""
    known = _MEANT.get()
    if known is None:
        return _looked_up(word)
    if word not in known:
        known[word] = _looked_up(word)
    return known[word]


def _looked_up(word: str) -> dict[str, int]:
    asked = {word, plainest(word)}  # an error may have made two letters of one, or brought together what looks like it
    heads, tails = set[str](), set[str]()
    for each in asked:
        for length in range(len(each) - 1, len(each) + 2):
            heads.add(each[: length // 2])
            tails.add(each[len(each) - (length - length // 2) :])
        heads.update(_swapped(each)[1:2])
    sql, values = [], []
    for column, wanted in (("head", heads), ("tail", tails)):
        condition, told = among(connection, column, sorted(wanted - {""}))
        sql.append(f"SELECT word, plain, count FROM {WORD} WHERE {condition}")
        values += told
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(sql), values)
        rows = cursor.fetchall()
    fitting = [
        (plain not in asked, -count, found)
        for found, plain, count in rows
        if any(within(each, plain, 1) or within(each, found, 1) for each in asked)
    ]
    return {found: int(errs) for errs, _count, found in sorted(fitting)[:_WORDS]}


def _swapped(plain: str) -> tuple[str, ...]:
    """The halves of the word whose two middle letters are swapped: the one error that harms both halves."""
    middle = len(plain) // 2
    return halves(plain[: middle - 1] + plain[middle] + plain[middle - 1] + plain[middle + 1 :]) if middle else ("",)


# --- the questions ----------------------------------------------------------------------------------------------------


def _numbered(number: int) -> Rows:
    """The number itself, then numbers that begin with it."""
    spans = [(number * 10**more, (number + 1) * 10**more) for more in range(_FURTHER)] if number else []
    spans = [(low, high) for low, high in spans if high < 1 << 62]
    kept, further = _kept("t.number")
    rows = f"SELECT t.number, t.text FROM {TEXT} t WHERE t.number >= %s AND t.number < %s AND {kept}"
    each = f"SELECT * FROM ({rows} ORDER BY t.number LIMIT 5) s"
    values = [value for span in spans for value in (*span, *further)]
    return _fetched(" UNION ALL ".join([each] * len(spans)), values) if spans else ()


def _named(*asked: tuple[str, list[Any]]) -> Rows:
    found: list[tuple[int, str]] = []
    kept, further = _kept("p.number")
    for condition, values in asked:
        order = condition.partition(" ")[0]
        inner = f"SELECT number FROM customers_customer p WHERE {condition} AND {kept} ORDER BY {order} LIMIT {_FEW}"
        sql = f"SELECT t.number, t.text FROM ({inner}) c JOIN {TEXT} t ON t.number = c.number"
        found += _fetched(sql, [*values, *further])
    return found


def _called(column: str, wanted: Sequence[str]) -> Rows:
    """A few of each word: who is called by the likeliest must not crowd out the rest."""
    each = max(4, _FEW // max(len(wanted), 1))
    kept, further = _kept("p.number")
    for word in wanted:
        inner = f"SELECT number FROM customers_customer p WHERE {column} = %s AND {kept} LIMIT {each}"
        sql = f"SELECT t.number, t.text FROM ({inner}) c JOIN {TEXT} t ON t.number = c.number"
        yield from _fetched(sql, [word, *further])


def _pairs(one: dict[str, int], two: dict[str, int]) -> Rows:
    """Family name and given name are words meant, in either order; the pairs with the fewest errors first."""
    errors = sorted((one[a] + two[b], place, a, b) for place, (a, b) in enumerate(product(one, two)))
    pairs = [pair for errs, _place, a, b in errors if errs < 2 for pair in ((a, b), (b, a))][: 2 * _PAIRS]
    if not pairs:
        return ()
    marks = ", ".join(["(%s, %s)"] * len(pairs))
    kept, further = _kept("c.number")
    sql = f"""
    WITH meant (family, given) AS (VALUES {marks})
    SELECT t.number, t.text FROM meant CROSS JOIN customers_customer c
    JOIN {TEXT} t ON t.number = c.number
    WHERE c.family_fold = meant.family AND c.given_fold >= meant.given AND c.given_fold < meant.given || %s AND {kept}
    LIMIT {2 * _MANY}
    """
    return _fetched(sql, [*(word for pair in pairs for word in pair), _LAST, *further])


def _holding(wanted: Sequence[Sequence[str]]) -> Rows:
    """Parts too short to be found quickly are left to judging, unless all are."""
    long = [[part for part in parts if len(part) >= trigrams.SHORTEST] for parts in wanted]
    asked = [parts for parts in long if parts]
    return trigrams.holding(*INDEX, asked, _MANY, _of_texts()) if asked else ()


def _begins(token: Token, columns: Sequence[tuple[str, str]]) -> bool:
    """Whether anything begins so in one of these columns: a mistyped word is not looked for."""
    asked, values = [], []
    for column, table in columns:
        shapes = (str.lower, str.upper, str.capitalize) if column == "value" else (str.lower,)
        for form in {shape(form) for form in token.forms for shape in shapes}:
            asked.append(f"SELECT 1 FROM {table} WHERE {column} >= %s AND {column} < %s")
            values += [form, form + _LAST]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE {' OR '.join(f'EXISTS ({each})' for each in asked)}", values)
        return cursor.fetchone() is not None


_BEGINNINGS = (
    ("word", WORD),
    ("city_fold", "customers_address"),
    ("key", "customers_contactpoint"),
    ("value", "customers_reference"),
)


def _parts(token: Token) -> list[str]:
    if token.whole:
        return token.begun
    return list(dict.fromkeys((*token.forms, token.dialled))) if token.dialled else list(token.forms)


def _fetched(sql: str, values: Sequence[Any]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())

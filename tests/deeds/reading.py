"""What the register itself says, in the model's words: read from its tables, as they stand or stood."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

from regulars.areas.segments import queries
from regulars.kernel.actor import Actor
from tests.deeds.model import OWN, Seen, fold

# Every row in one statement, all values as texts, so that a moment costs one question.
_TABLES = {
    "point": ("customers_contactpoint", ("kind", "value", "label", "primary")),
    "tag": ("customers_tag", ("tag",)),
    "custom": ("customers_customvalue", ("field_id", "text", "number")),
    "standing": ("customers_standing", ("kind",)),
    "reference": ("customers_reference", ("source", "value")),
    "job": ("customers_employment", ("organisation_id",)),
    "note": ("customers_note", ("text",)),
    "answer": ("consent_answer", ("channel", "purpose", "answer")),
    "purchase": ("trade_line", ("amount",)),
}
_CARD = ("referred_by_id", "children", "merged_into_id", "kind", *OWN)


def _select(name: str, table: str, subject: str, columns: Sequence[str]) -> str:
    texts = [f'CAST("{column}" AS TEXT)' for column in columns] + ["NULL"] * (len(_CARD) - len(columns))
    return f"SELECT '{name}', {subject}, {', '.join(texts)} FROM {table} WHERE {subject} IS NOT NULL"


_EVERYTHING = " UNION ALL ".join(
    [_select("", "customers_customer", "number", _CARD)]
    + [_select(name, table, "customer_id", columns) for name, (table, columns) in _TABLES.items()]
)


def seen_in_the_register(fields: Mapping[str, str]) -> Seen:
    """What stands on each card; `fields` are the names of the facts of our own, by their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING)
        rows = cursor.fetchall()
    found: Seen = {}
    for name, number, referrer, children, into, *texts in rows:
        if not name:
            card = dict(zip(_CARD[3:], texts, strict=True))
            named = {"children": children, "referred_by": referrer, "merged_into": into}
            numbers = {column: _number(value) for column, value in named.items()}
            found[number] = {**card, **numbers, "customer": number, **{table: [] for table in _TABLES}}
    for name, number, *texts in rows:
        if name:
            found[number][name].append(_shown(name, texts, fields))
    for card in found.values():
        for name in _TABLES:
            card[name].sort()
    return found


def _shown(name: str, texts: Sequence[str], fields: Mapping[str, str]) -> Any:
    match name:
        case "point":
            return (*texts[:3], texts[3] in ("1", "true"))
        case "custom":
            return fields[texts[0]], texts[1] or _number(texts[2])
        case "reference":
            return tuple(texts[:2])
        case "job":
            return int(texts[0])
        case "answer":
            return f"{texts[0]} {texts[1]}", texts[2]
        case "purchase":
            return int(texts[0]) // 10_000
    return texts[0]


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


# A criterion, and whom it finds among the model's cards.
ASKED: list[tuple[str, Callable[[dict[str, Any], Seen], bool]]] = [
    ("", lambda card, _all: True),
    ("given_name = anna", lambda card, _all: card["given_name"] == "Anna"),
    ("tag = vip and not archived",
     lambda card, _all: "vip" in map(fold, card["tag"]) and "archived" not in card["standing"]),
    ('email contains "a@"', lambda card, _all: any(point[1].startswith("a@") for point in card["point"])),
    ("custom.size >= 2", lambda card, _all: ("size", 2) in card["custom"]),
    ("custom.motto = tea or children > 1",
     lambda card, _all: ("motto", "tea") in card["custom"] or (card["children"] or 0) > 1),
    ('works_at.organisation_name = "Tea Ltd"',
     lambda card, every: any(every.get(firm, {}).get("organisation_name") == "Tea Ltd" for firm in card["job"])),
    ("territory is empty", lambda card, _all: not card["territory"]),
    ("consent(email, offers)", lambda card, _all: ("email offers", "given") in card["answer"]),
    ("refused(email, offers)", lambda card, _all: ("email offers", "refused") in card["answer"]),
    ("spent > 30", lambda card, _all: sum(card["purchase"]) > 30),
]  # fmt: skip


def counted(asked: str, **how: Any) -> int:
    return queries.count(asked, **how)


def found(asked: str, **how: Any) -> list[int]:
    return list(queries.numbers(asked, **how))


def everything_on(card: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What a card holds that no merge may lose: of what can be on both, that it is there."""
    holds = {"point": lambda row: fold(row[1]), "tag": fold, "reference": str, "note": str, "purchase": str}
    return {(table, said(row)) for table, said in holds.items() for row in card[table]}


EVERYTHING = Actor(kind="user", id=1, name="Olga", rights=frozenset("*"), through="page")

"""A tree as a form of rows and back: the criteria builder. `tree_of(draft_of(tree)) == tree` for every tree.

A form is a list of names and values: `q.0.1:fact` is the fact of the second row in the first group. A group is `all` or
`any` of its rows, a row is one condition, both can be turned round. Each row carries in `was` the condition it was made
from: a row that nobody touched is that condition to the letter, whatever its inputs can show. What a row cannot show
it keeps as text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from regulars.areas.segments.language import brackets
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.language import values_shown as shown
from regulars.areas.segments.language.errors import CriteriaError
from regulars.areas.segments.language.grammar import parse
from regulars.areas.segments.language.operators import operators_of
from regulars.areas.segments.language.shape import parse_word
from regulars.areas.segments.language.text import text_of
from regulars.kernel.registries import Asked, Fact, Ledger

Fields = dict[str, list[str]]
Facts = Mapping[str, Fact]
Leaf = t.Test | t.Segment | t.Listed | t.Top
SEGMENT, LIST, TOP, TEXT = "@segment", "@list", "@top", "@text"  # stand in a row in the place of a fact
_NAME = re.compile(r"q((?:\.\d{1,3}){0,60}):([a-z0-9_.]{1,80})")


@dataclass(slots=True)
class Row:
    """One condition. `fields` are its inputs by name; `wanted` is False where it is turned round."""

    fields: Fields
    wanted: bool = True


@dataclass(slots=True)
class Block:
    """A group: all of its parts, or any."""

    parts: "list[Row | Block]" = field(default_factory=list)
    any: bool = False
    wanted: bool = True


# --- tree to form -----------------------------------------------------------------------------------------------------


def draft_of(tree: t.Tree, facts: Facts) -> Block:
    """The form of a tree: always a group, for something can be added to it."""
    part = _draft(tree, facts)
    return part if isinstance(part, Block) else Block([part])


def _draft(tree: t.Tree, facts: Facts) -> "Row | Block":
    match tree:
        case t.Every():
            return Block()
        case t.And(parts) | t.Or(parts):
            return Block([_draft(part, facts) for part in parts], isinstance(tree, t.Or))
        case t.Not(part):
            inner = _draft(part, facts)
            if not inner.wanted:
                inner = Block([inner])
            inner.wanted = False
            return inner
        case _:
            return Row(fields_of(tree, facts) | {"was": [text_of(tree)]})


def fields_of(leaf: Leaf, facts: Facts) -> Fields:
    """What the inputs of a row show of a condition; as a text where they cannot."""
    match leaf:
        case t.Segment(name):
            return {"fact": [SEGMENT], "v": [name]}
        case t.Listed(name):
            return {"fact": [LIST], "v": [name]}
        case t.Top(size, percent, t.Ask(name, ())) if name in facts:
            return {"fact": [TOP], "n0": [size], "share": ["share" if percent else "number"], "by": [name]}
        case t.Test():
            return _test_fields(leaf, facts) or _as_text(leaf)
    return _as_text(leaf)


def _as_text(leaf: Leaf) -> Fields:
    return {"fact": [TEXT], "v": [text_of(leaf)]}


def _test_fields(test: t.Test, facts: Facts) -> Fields | None:
    fact = facts.get(test.ask.name)
    if fact is None or test.operator not in operators_of(fact):
        return None
    given: Fields | None = {}
    if isinstance(fact.source, Asked):
        given = shown.parameters(fact, fact.source, test.ask)
    elif isinstance(fact.source, Ledger):
        given = brackets.fields(fact.source, test.ask)
    elif test.ask.arguments:
        return None
    told = shown.fields(fact, test.operator, test.values)
    return None if told is None or given is None else {"fact": [fact.name], **given, **told}


def as_form(block: Block) -> list[tuple[str, str]]:
    """The names and values that a browser sends for it."""
    return list(_sent(block, ""))


def _sent(part: "Row | Block", path: str) -> Iterable[tuple[str, str]]:
    if not part.wanted:
        yield f"q{path}:not", "yes"
    if isinstance(part, Block):
        yield f"q{path}:join", "any" if part.any else "all"
        for place, inner in enumerate(part.parts):
            yield from _sent(inner, f"{path}.{place}")
        return
    for name, values in part.fields.items():
        yield from ((f"q{path}:{name}", value) for value in values)


# --- form to tree -----------------------------------------------------------------------------------------------------


def draft_from(sent: Iterable[tuple[str, str]]) -> Block:
    """The form that was sent. A row without a fact is one still to be filled; other names are not looked at."""
    per: dict[tuple[int, ...], Fields] = {}
    for name, value in sent:
        if found := _NAME.fullmatch(name):
            path = tuple(int(step) for step in found[1].split(".")[1:])
            per.setdefault(path, {}).setdefault(found[2], []).append(value)
    root = Block(any=_first(per.get((), {}), "join") == "any", wanted=not _first(per.get((), {}), "not"))
    known: dict[tuple[int, ...], Block] = {(): root}
    for path in sorted(path for path in per if path):
        around = known.get(path[:-1])
        if around is None:
            continue
        fields = per[path]
        wanted = not _first(fields, "not")
        if "join" in fields:
            known[path] = Block(any=_first(fields, "join") == "any", wanted=wanted)
            around.parts.append(known[path])
        else:
            around.parts.append(Row({name: held for name, held in fields.items() if name != "not"}, wanted))
    return root


def _first(fields: Fields, name: str) -> str:
    return (fields.get(name) or [""])[0]


def tree_of(draft: Block, facts: Facts, problems: dict[str, str] | None = None) -> t.Tree:
    """What the form asks for. Rows that are not filled yet, and groups of such, ask nothing.

    Raises CriteriaError for a row of text that is no criterion; with `problems` it is noted there by its path.
    """
    return _tree(draft, facts, "", problems) or t.Every()


def _tree(part: "Row | Block", facts: Facts, path: str, problems: dict[str, str] | None) -> t.Tree | None:
    if isinstance(part, Row):
        found = _leaf_or_problem(part, facts, path, problems)
    else:
        inner = (_tree(each, facts, f"{path}.{place}", problems) for place, each in enumerate(part.parts))
        parts = [tree for tree in inner if tree is not None]
        join = t.either if part.any else t.both
        found = join(*parts) if parts else None
    return t.Not(found) if found is not None and not part.wanted else found


def _leaf_or_problem(row: Row, facts: Facts, path: str, problems: dict[str, str] | None) -> t.Tree | None:
    try:
        return leaf_of(row.fields, facts)
    except CriteriaError as error:
        if problems is None:
            raise
        problems[path] = error.message
        return None


def leaf_of(fields: Fields, facts: Facts) -> t.Tree | None:
    """The condition of a row; None while something is missing. Raises CriteriaError for a text that is none."""
    was = _was(fields)
    if was is not None and fields_of(was, facts) == {name: held for name, held in fields.items() if name != "was"}:
        return was
    value = _first(fields, "v").strip()
    match _first(fields, "fact"):
        case "@segment":
            return t.Segment(value) if value else None
        case "@list":
            return t.Listed(value) if value else None
        case "@text":
            tree = parse(value)
            return None if isinstance(tree, t.Every) else tree
        case "@top":
            return _top(fields)
        case name if name in facts:
            return _test(facts[name], fields)
    return None


def _was(fields: Fields) -> Leaf | None:
    try:
        tree = parse(_first(fields, "was"))
    except CriteriaError:
        return None
    return None if isinstance(tree, t.Every | t.Not | t.And | t.Or) else tree


def _top(fields: Fields) -> t.Tree | None:
    size, by = _first(fields, "n0").strip().replace(",", "."), _first(fields, "by")
    if not size or not by:
        return None
    sign = "%" if _first(fields, "share") != "number" else ""
    return parse(f"top {size}{sign} by {by}")


def _test(fact: Fact, fields: Fields) -> t.Tree | None:
    ask = t.Ask(fact.name)
    if isinstance(fact.source, Asked):
        words = [
            _first(fields, f"a.{name}") or (known[0] if known else "") for name, _c, known in fact.source.parameters
        ]
        if not all(words):
            return None
        ask = t.Ask(fact.name, tuple(t.Argument(t.Word(w) if parse_word(w) else t.Text(w)) for w in words))
    if isinstance(fact.source, Ledger):
        told = brackets.ask(fact, fact.source, fields)
        if told is None:
            return None
        ask = told
    operator = operator_in(fact, fields)
    if fact.type == "yesno" and operator == "no":
        return t.Test(ask, "=", (t.Word("no"),))
    values = shown.values(fact, operator, fields)
    return None if values is None else t.Test(ask, operator, values)


def operator_in(fact: Fact, fields: Fields) -> str:
    """The operator of a row, or the fact's first one where it has none that fits."""
    given, known = _first(fields, "op"), choices_of(fact)
    return given if given in (*known, *operators_of(fact)) else known[0]


def choices_of(fact: Fact) -> tuple[str, ...]:
    """The operators that a row offers: each meaning once."""
    known = operators_of(fact)
    if fact.type == "yesno":
        return ("yes", "no", *(each for each in known if each.startswith("is ")))
    if "before" in known:
        return tuple(each for each in known if each not in ("<", ">"))
    return known


# --- what the buttons do ----------------------------------------------------------------------------------------------


def changed(draft: Block, deed: str) -> str:
    """Does what a button asks (`add:.0`, `group:`, `wrap:.1`, `remove:.0.1`, `more:.0`, `less:.0:2`) and gives the path
    of what should have the focus next. A deed that fits nowhere changes nothing."""
    kind, _, rest = deed.partition(":")
    path, _, which = rest.partition(":")
    around, place, part = _found(draft, path)
    match kind:
        case "add" | "group" if isinstance(part, Block):
            part.parts.append(Row({}) if kind == "add" else Block([Row({})], any=not part.any))
            return f"{path}.{len(part.parts) - 1}" + (".0" if kind == "group" else "")
        case "wrap" if around is not None and part is not None:
            around.parts[place] = Block([part, Row({})], any=not around.any)
            return f"{path}.1"
        case "remove" if around is not None:
            del around.parts[place]
            return path.rpartition(".")[0]
        case "more" if isinstance(part, Row):
            part.fields.setdefault("v", [""]).append("")
        case "less" if isinstance(part, Row) and which.isdigit() and len(part.fields.get("v", ())) > int(which):
            del part.fields["v"][int(which)]
    return path


def _found(draft: Block, path: str) -> "tuple[Block | None, int, Row | Block | None]":
    around: Block | None = None
    part: Row | Block | None = draft
    place = 0
    for step in path.split(".")[1:]:
        if not isinstance(part, Block) or not step.isdigit() or int(step) >= len(part.parts):
            return None, 0, None
        around, place = part, int(step)
        part = part.parts[place]
    return around, place, part

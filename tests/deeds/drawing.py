"""Cards, edits, lists and deeds on many, out of few values, so that they meet."""

from typing import Any

from hypothesis import strategies as st

_GIVEN, _FAMILY, _JOBS = ["Anna", "Berta"], ["Berg", "Dahl"], ["Baker", "Baker of bread", "Nurse"]
_EMAILS, _PHONES = ["a@x.org", "b@x.org", "c@x.org"], ["+4930123456", "+4930654321"]
_TAGS, _MOTTOS, _FIRMS, _NUMBERS = ["VIP", "vip", "gold"], ["tea", "oak"], ["Tea Ltd", "Oak Ltd"], ["1", "2", "3"]


def _one(values: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def _some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=1, max_size=2)


def _points(values: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    more = {"primary": st.booleans(), "label": _one(["home", "work"])}
    return st.fixed_dictionaries({"value": _one(values)}, optional=more)


def _gone(values: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda value: {"key": value.casefold(), "remove": True}, _one(values))


_own: dict[str, st.SearchStrategy[Any]] = {
    "family_name": _one(["", *_FAMILY]),
    "occupation": _one(["", *_JOBS]),
    "territory": _one(["", "north"]),
    "children": st.none() | st.integers(0, 2),
}
_rows: dict[str, st.SearchStrategy[Any]] = {
    "references": st.lists(st.builds(lambda value: {"source": "till", "value": value}, _one(_NUMBERS)), max_size=1),
    "works_at": _some(st.builds(lambda name: {"organisation": name}, _one(_FIRMS))),
    "custom": st.lists(
        st.tuples(st.just("motto"), st.none() | _one(_MOTTOS))
        | st.tuples(st.just("size"), st.none() | st.integers(1, 2)),
        min_size=1,
        max_size=2,
        unique_by=lambda told: told[0],
    ),
}
_tag = st.builds(lambda tag: {"tag": tag}, _one(_TAGS))
_person = st.fixed_dictionaries(
    {},
    optional={
        "given_name": _one(["", *_GIVEN]), **_own,
        "emails": _some(_points(_EMAILS)), "phones": _some(_points(_PHONES)), "tags": _some(_tag), **_rows,
    },
)  # fmt: skip
_firm = st.fixed_dictionaries({"organisation_name": _one(_FIRMS)}, optional={"emails": _some(_points(_EMAILS))})
cards = st.one_of(_person, _person, _firm)
edits = st.fixed_dictionaries(
    {},
    optional={
        "given_name": _one(["", *_GIVEN]), **_own,
        "emails": _some(_points(_EMAILS) | _gone(_EMAILS)), "phones": _some(_points(_PHONES) | _gone(_PHONES)),
        "tags": _some(_tag | _gone(_TAGS)), **_rows,
    },
)  # fmt: skip
one_thing = st.one_of(
    *(st.fixed_dictionaries({name: rows}) for name, rows in (
        ("custom", _rows["custom"]), ("emails", _some(_points(_EMAILS) | _gone(_EMAILS))), ("occupation", _one(_JOBS)),
    )),
)  # fmt: skip


def plain(card: dict[str, Any]) -> dict[str, Any]:
    """A card as it is given to an action; the model has the facts of our own one after the other."""
    if "custom" not in card:
        return card
    return {**card, "custom": [{"field": name, "value": value} for name, value in card["custom"]]}


_line = st.fixed_dictionaries(
    {"given_name": _one(_GIVEN), "email": _one(_EMAILS)},
    optional={"reference": _one(_NUMBERS), "tag": _one(_TAGS), "phone": _one(_PHONES), "custom.motto": _one(_MOTTOS),
              "family_name": _one(_FAMILY), "occupation": _one(_JOBS)},
)  # fmt: skip
_by_number = st.fixed_dictionaries(
    {"reference": _one(_NUMBERS)},
    optional={"given_name": _one(_GIVEN), "family_name": _one(_FAMILY), "occupation": _one(_JOBS), "tag": _one(_TAGS)},
)
lines = st.lists(_line | _by_number, min_size=1, max_size=2)
many = st.one_of(
    st.tuples(st.sampled_from(["tag", "untag"]), _one(_TAGS), st.just("")),
    st.tuples(st.just("territory"), _one(["", "north", "south"]), st.just("")),
    st.tuples(st.sampled_from(["archive", "unarchive"]), st.just(""), st.just("")),
    st.tuples(st.just("fact"), _one(["", *_MOTTOS]), st.just("motto")),
    st.tuples(st.just("fact"), _one(["", "1", "2"]), st.just("size")),
)
takes = st.dictionaries(
    st.sampled_from(["given_name", "occupation", "children"]), st.sampled_from(["keep", "absorb"]), max_size=2
)

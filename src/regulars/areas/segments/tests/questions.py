"""Random criteria that fit the cast: every type, every operator, values that are there and values that nearly are."""

from hypothesis import strategies as st

from regulars.areas.segments.language import parse
from regulars.areas.segments.language import tree as t
from regulars.areas.segments.tests.people import BIRTHDAYS, CITIES, FAMILY, FIRMS, GIVEN, TAGS

_TEXT = ["=", "!=", "<", "<=", ">", ">=", "startswith", "contains", "~", "in", "between"]
_TEXTS = {
    "city": CITIES,
    "given_name": GIVEN,
    "family_name": FAMILY,
    "occupation": ["Bäcker", "teacher"],
    "street": ["Grosse Strasse 1", "größe straße", "3"],
    "tag": [tag.strip() for tag in TAGS],
    "works_at.organisation_name": FIRMS,
    "works_at.job_title": ["Buyer"],
    "note": ["100%", "WOOL"],
    "custom.nickname": ["ÄNN", "n"],
    "email": ["p1x0@example.com", "p1", "P3X1@"],
}
_NAMES = ['"Anna Johnson"', '"johnson anna"', '"berg"', '"von Berg jon"', '"jonson"', '"example gmbh"', '"anna jo"']
_DAYS = ["2026-02-25", "2025-02-25", "2026-02-01", "today", "2 days ago", "3 days from now"]
_NUMERIC = ["=", "!=", "<", "<=", ">", ">=", "in", "between"]
_EMPTIABLE = ["city", "gender", "children", "birth_date", "birthday", "tag", "name", "custom.budget", "custom.locker",
              "works_at.organisation_name", "email", "archived", "referred_by", "note"]  # fmt: skip


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(name: str, operator: str, pool: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    if operator == "in":
        return st.lists(pool, min_size=1, max_size=3).map(lambda many: f"{name} in ({', '.join(many)})")
    if operator == "between":
        return st.tuples(pool, pool).map(lambda pair: f"{name} between {pair[0]} and {pair[1]}")
    return pool.map(lambda value: f"{name} {operator} {value}")


def _among(names: list[str], operators: list[str], values: list[str]) -> st.SearchStrategy[str]:
    pool = st.sampled_from(values)
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(operators))
    return pairs.flatmap(lambda pair: _written(*pair, pool))


def _text_tests() -> st.SearchStrategy[str]:
    def test(name: str) -> st.SearchStrategy[str]:
        beginnings = (text[:3].strip() for text in _TEXTS[name])
        pool = st.sampled_from([*_TEXTS[name], *beginnings]).map(_quoted)
        return st.sampled_from(_TEXT).flatmap(lambda operator: _written(name, operator, pool))

    return st.sampled_from(sorted(_TEXTS)).flatmap(test)


_TESTS = [
    _text_tests(),
    _among(["name"], ["=", "!=", "startswith", "contains", "~", "in"], _NAMES),
    _among(["gender"], ["=", "!=", "in"], ["female", "male", "other"]),
    _among(["kind"], ["=", "!="], ["person", "organisation"]),
    _among(["custom.colour"], ["=", "!=", "in"], ["red", "green", "blue"]),
    _among(["country"], ["=", "!=", "in"], ["DE", "dk", "CH"]),
    _among(["language"], ["=", "!=", "in"], ["de", "de-AT", "en"]),
    _among(["children", "custom.shoe_size"], _NUMERIC, ["0", "2", "3", "40"]),
    _among(["custom.height"], _NUMERIC, ["1.75", "1.7501", "2"]),
    _among(["custom.budget"], _NUMERIC, ["500 EUR", "499.99 EUR"]),
    _among(["custom.budget"], ["=", ">"], ["500 USD", "500"]),
    _among(["birth_date"], [*_NUMERIC, "before", "after"], _DAYS[:3]),
    _among(["custom.wedding", "created_at"], [*_NUMERIC, "before", "after"], _DAYS),
    _among(["birth_date"], ["=", "!=", "in"], [*BIRTHDAYS, "today"]),
    _among(["birthday"], ["=", "!=", "in", "between"], ["--02-29", "--12-31", "--02-25"]),
    st.builds(
        "{} in {} {} days".format,
        st.sampled_from(["birthday", "birth_date", "custom.wedding", "created_at"]),
        st.sampled_from(["last", "next"]),
        st.sampled_from([0, 1, 4, 7, 30, 360, 400]),
    ),
    st.builds(
        "{} in {} to {}".format,
        st.sampled_from(["birthday", "birth_date", "custom.wedding", "created_at"]),
        st.sampled_from(["1960-01-01", "2026-02-27"]),
        st.sampled_from(["2026-02-28", "2026-03-01", "2026-12-31"]),
    ),
    _among(["custom.newsletter", "archived"], ["=", "!="], ["yes", "no"]),
    st.sampled_from(["archived", "deceased", "custom.newsletter"]),
    _among(["phone"], ["startswith", "contains"], ['"+4930"', '"+45"', '"1234"']),
    st.builds("{} {}".format, st.sampled_from(_EMPTIABLE), st.sampled_from(["is empty", "is not empty"])),
    st.builds(
        "top {} by {}".format,
        st.sampled_from(["10%", "33.3%", "3", "100%", "50"]),
        st.sampled_from(["children", "custom.shoe_size", "custom.budget"]),
    ),
]
criteria = st.recursive(
    st.one_of(_TESTS).map(parse),
    lambda part: st.one_of(
        st.builds(t.Not, part),
        st.lists(part, min_size=2, max_size=4).map(lambda parts: t.both(*parts)),
        st.lists(part, min_size=2, max_size=4).map(lambda parts: t.either(*parts)),
    ),
    max_leaves=6,
)

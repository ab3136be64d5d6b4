"""`~` searches all values as one text for the parts in which no error lies, and finds what looking at each finds."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.areas.segments.language.likeness import alike
from regulars.areas.segments.tests.naive import near

WORDS = st.text("abc", min_size=1, max_size=11)
VALUES = st.lists(st.text("abc -", min_size=1, max_size=24).map(lambda text: " ".join(text.split())), max_size=40)


def one_by_one(asked: str, values: list[str]) -> list[str]:
    return [
        value
        for value in values
        if all(any(near(each, word) for word in value.replace("-", " ").split()) for each in asked.split())
    ]


@settings(max_examples=600, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), VALUES.map(lambda each: sorted(set(each) - {""})))
@example("jonson", ["jonson", "johnson", "josnon", "jonsen-berg", "jon", "anna jonsn", "jonson\tx", "j onson"])
@example("abcabcabc", ["bacabcbac", "abacbcabc", "abcacbabc", "bcabcabc", "abcbacabcc", "abcabc", "ab cabc"])
def test_nothing_that_is_near_is_passed_over(asked: str, values: list[str]) -> None:
    assert list(alike(asked, values)) == one_by_one(asked, values)


@settings(max_examples=600, deadline=None)
@given(st.text("ab", min_size=3, max_size=10), st.data())
def test_a_word_with_errors_in_it_is_found(word: str, data: st.DataObject) -> None:
    changed = word
    for _error in range(1 if len(word) < 8 else 2):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from(("drop", "add", "change", "swap")))
        if kind == "drop":
            changed = changed[:at] + changed[at + 1 :]
        elif kind == "swap":
            changed = changed[:at] + changed[at + 1 : at + 2] + changed[at : at + 1] + changed[at + 2 :]
        else:
            changed = changed[:at] + "x" + changed[at + (kind == "change") :]
    for value in (changed, f"anna-{changed}", f"{changed} anna"):
        assert list(alike(word, [value])) == one_by_one(word, [value])

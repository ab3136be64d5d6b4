"""Whatever stands in the cells: a card or a reason, never an error."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.intake.readers import Column, Context, Declared, Mapping, compile_judge
from regulars.areas.intake.readers.tests.files import TODAY

PATHS = [
    "given_name",
    "full_name",
    "salutation",
    "organisation",
    "emails[1].value",
    "phones[1].value",
    "addresses[1].street",
    "addresses[1].postcode",
    "addresses[1].country",
    "addresses[1].whole",
    "addresses[1].postcode_city",
    "birth_date",
    "gender",
    "language",
    "kind",
    "tag",
    "note",
    "reference",
    "identity_numbers[1].value",
    "bank_accounts[1].iban",
    "bank_accounts[1].bic",
    "social[1].handle",
    "social[1].followers",
    "households[1].name",
    "households[1].from",
    "claim.email",
    "refusal.any",
    "standing.deceased",
    "works_at[1].organisation",
    "works_at[1].from",
    "children",
    "custom.size",
    "referred_by",
]
EVERYWHERE = compile_judge(
    Mapping("list", tuple(Column(index=index, column=path, to=path) for index, path in enumerate(PATHS))),
    Context("DE", "EUR", TODAY, {"size": Declared("money")}),
)


@given(
    st.lists(
        st.text(max_size=20) | st.sampled_from(("1,5", "a@b.de", "030 901820", "07.03.58", "x")),
        max_size=len(PATHS) + 1,
    )
)
def test_any_cells_give_a_card_or_a_reason(cells):
    row = EVERYWHERE(2, cells)
    assert (row.card is None) == (row.problem is not None)
    assert row.problem is None or row.problem.reason


@given(st.integers(0, len(PATHS) - 1), st.text(max_size=30))
def test_any_cell_in_any_place_gives_a_card_or_a_reason(place, text):
    cells = [""] * len(PATHS)
    cells[place] = text
    row = EVERYWHERE(2, cells)
    assert (row.card is None) == (row.problem is not None)

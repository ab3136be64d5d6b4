"""What is typed: card numbers and passwords are refused, and the refusal does not repeat them."""

import pytest

from regulars.areas.customers.actions import add_customer, add_file, define_field, edit_customer, give_standing
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize("card", [
    {"notes": [f"Pays by {CARD}"]}, {"notes": ["Kennwort: geheim"]}, {"occupation": CARD}, {"tags": [CARD]},
    {"custom": {"locker": CARD}}, {"bank_accounts": [{"number": CARD}]}, {"addresses": [{"street": f"Ring {CARD}"}]},
    {"works_at": [{"organisation": CARD}]}, {"references": [f"card {CARD}"]},
])  # fmt: skip
def test_a_fact_that_holds_one_is_refused(card) -> None:
    define_field(label="Locker", type="sealed", by=OLGA, at=NOW)
    number = anna()
    with pytest.raises(Refused, match="never kept") as caught:
        edit_customer(number=number, card=card, by=OLGA, at=NOW)
    assert "1111" not in repr(caught.value.more) + caught.value.message and "geheim" not in repr(caught.value.more)


def test_a_long_customer_number_is_none() -> None:
    assert add_customer(card={"references": [{"source": "till", "value": "4111111111111111"}]}, by=OLGA, at=NOW)


def test_in_a_reason_and_in_a_text_file() -> None:
    number = anna()
    with pytest.raises(Refused, match="never kept"):
        give_standing(number=number, kind="minor", reason=f"see {CARD}", by=OLGA, at=NOW)
    with pytest.raises(Refused, match="never kept"):
        add_file(number=number, name="a.txt", content=f"Card {CARD}".encode(), by=OLGA, at=NOW)
    assert add_file(number=number, name="b.txt", content=b"Likes tea", by=OLGA, at=NOW)

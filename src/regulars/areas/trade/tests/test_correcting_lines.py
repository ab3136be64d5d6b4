"""The lines of a purchase are put right: changed, added, struck; the sums follow, and it can be taken back."""

import pytest

from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import verify
from regulars.areas.trade.actions import NewLine, NewPurchase, correct_purchase, record_purchase, return_lines
from regulars.areas.trade.counting.proving import astray
from regulars.areas.trade.models import Line
from regulars.areas.trade.queries import standing_of
from regulars.areas.trade.tests.people import NOW, OLGA, anna
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db
ATLAS, GLOBE, CHART = (
    NewLine(text=text, price=10_000 * price) for text, price in (("Atlas", 40), ("Globe", 60), ("Chart", 5))
)


def sold(number: int | None) -> int:
    return record_purchase(purchase=NewPurchase([ATLAS, GLOBE, CHART], customer=number), by=OLGA, at=NOW).serial


def put_right(serial: int, *lines: tuple[int | None, NewLine]) -> int:
    return correct_purchase(serial=serial, changes={}, lines=lines, by=OLGA, at=NOW) or 0


def stands() -> list[tuple[int, str, int]]:
    return list(Line.objects.order_by("ordinal").values_list("ordinal", "text", "amount"))


def test_a_line_in_the_middle_is_struck_and_the_others_stay_what_they_are() -> None:
    number = anna()
    serial, before = sold(number), stands()
    rows = dict(Line.objects.values_list("ordinal", "pk"))
    new = NewLine(text="Ruler", price=20_000, quantity=20_000)
    deed = put_right(serial, (1, ATLAS._replace(quantity=20_000)), (3, CHART), (None, new))
    assert stands() == [(1, "Atlas", 800_000), (3, "Chart", 50_000), (4, "Ruler", 40_000)]
    assert Line.objects.get(ordinal=3).pk == rows[3]
    assert standing_of(number, NOW.date()).spent == 890_000 and astray() == []
    undo(changeset=deed, by=OLGA, at=NOW)
    assert stands() == before and standing_of(number, NOW.date()).spent == 1_050_000
    assert astray() == [] and verify().ok


def test_a_line_that_was_struck_comes_back_beside_one_added_since() -> None:
    serial = sold(None)
    struck = put_right(serial, (1, ATLAS), (2, GLOBE))
    put_right(serial, (1, ATLAS), (2, GLOBE), (None, NewLine(text="Ruler", amount=1)))
    undo(changeset=struck, by=OLGA, at=NOW)
    assert [text for _ordinal, text, _amount in stands()] == ["Atlas", "Globe", "Chart", "Ruler"] and verify().ok


def test_what_went_back_stays() -> None:
    number = anna()
    serial = sold(number)
    back = return_lines(serial=serial, items=[(2, 10_000)], reason="mind", by=OLGA, at=NOW).serial
    for lines in ([(1, ATLAS), (3, CHART)], [(1, ATLAS), (2, GLOBE._replace(quantity=5_000))]):
        with pytest.raises(Refused, match="went back") as refused:
            put_right(serial, *lines)
        assert refused.value.more["ordinal"] == 2
    put_right(serial, (2, GLOBE))
    line = NewLine(kind="return", quantity=10_000, amount=500_000, returns=("", str(serial), 2), reason="mind")
    put_right(back, (1, line))
    assert standing_of(number, NOW.date()).spent == 100_000
    with pytest.raises(Refused, match="cannot go back"):
        put_right(back, (1, line._replace(quantity=20_000)))


@pytest.mark.parametrize("ordinals", [(1, 1), (9,)])
def test_lines_that_are_others_by_now_are_refused(ordinals: tuple[int, ...]) -> None:
    serial = sold(None)
    with pytest.raises(Refused, match="other ones by now"):
        put_right(serial, *((ordinal, ATLAS) for ordinal in ordinals))
    with pytest.raises(Refused, match="needs a line"):
        put_right(serial)

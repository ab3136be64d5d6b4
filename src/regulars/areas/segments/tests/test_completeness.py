"""What is missing: counted, and each figure opens exactly the customers behind it."""

import pytest

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions import add_customer
from regulars.areas.segments import queries
from regulars.areas.segments.actions import save_segment
from regulars.areas.segments.queries.completeness import completeness
from regulars.areas.segments.tests.people import AT, HERE, OWNER
from tests.rig.programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast_for_all")]


def test_each_figure_counts_the_customers_it_opens() -> None:
    gaps = completeness(by=OWNER, **HERE)
    assert {gap.section for gap in gaps} == {"reach", "person", "consent", "origin", "stale", "own"}
    for gap in gaps:
        assert queries.count(gap.criteria, by=OWNER, **HERE) == gap.count <= gap.of
    assert any(0 < gap.count < gap.of for gap in gaps)
    (silent,) = [gap for gap in gaps if gap.criteria.endswith("not answered")]
    assert silent.count == silent.of == queries.count("not archived and not prospect", by=OWNER, **HERE)


def test_for_a_segment_on_screen_and_through_the_api() -> None:
    save_segment(name="Berlin", criteria="city = Berlin", by=OWNER, at=AT, **HERE)
    among = completeness('segment "Berlin"', by=OWNER, **HERE)
    assert among[0].of == queries.count("city = Berlin and not archived and not prospect", by=OWNER, **HERE)
    page = " ".join(browser_of().get("/completeness/?among=segment+%22Berlin%22").content.decode().split())
    assert "no way to reach them" in page and "segment%20%22Berlin%22" in page
    assert browser_of().get("/completeness/?among=nonsense+%3D").status_code == 422
    assert len(Program("owner").get("/completeness?criteria=city%20%3D%20Berlin").json()) == len(among)


def test_prospects_are_apart_here_too_unless_they_are_asked_for() -> None:
    before = completeness(by=OWNER, **HERE)[0].of
    add_customer(card={"given_name": "Ada"}, standings=["prospect"], by=OWNER, at=AT)
    assert completeness(by=OWNER, **HERE)[0].of == before
    assert completeness("prospect", by=OWNER, **HERE)[0].of == 1

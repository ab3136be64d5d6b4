"""What looks wrong in a list of purchases about who bought is told as in a list of customers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.html import escape

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.models import Note
from regulars.areas.intake import actions, queries
from regulars.areas.intake.tests.lists import NOON, OLGA, csv_of, handed_over, in_this_process
from regulars.kernel.forbidden import BLACK

pytestmark = pytest.mark.django_db
LINES = (
    "Order no,Date,Product name,Quantity,Unit price,First name,E-mail,Postcode,City",
    "R1,2026-11-02,Bowl,1,12.50,Anna,anna@gmial.com,1067,Dresden",
    "R1,2026-11-02,Cup,2,4.00,Anna,anna@gmial.com,1067,Dresden",
    "R2,2026-11-03,Bowl,1,12.50,Ben,ben@example.org,10115,Berlin",
    "R3,2026-11-04,Cup,x,4.00,Cleo,cleo@hotmial.com,10115,Berlin",
)
DOUBTED = [(2, "E-mail"), (2, "Postcode"), (5, "E-mail")]


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def test_doubts_about_buyers_are_told_on_trial_and_when_the_list_is_in() -> None:
    token = handed_over(csv_of(*LINES), **{"as": "purchases", "country": "DE"})
    actions.dry_run(token=token, by=OLGA, at=NOON, wait=True)
    tried = queries.result(queries.intake_for(OLGA, token))
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    done = queries.result(queries.intake_for(OLGA, token))
    for told in (tried, done):
        assert sorted((each["row"], each["column"]) for each in told["doubts"]) == DOUBTED, "once for each buyer"
        assert told["doubted"] == 3 and "01067" in told["doubts"][0]["reason"]
        assert told["customers_created"] == 3 and len(told["rejected"]) == 1


def test_doubts_about_buyers_stand_beside_the_first_rows_and_with_the_result() -> None:
    token = handed_over(csv_of(*LINES), **{"as": "purchases", "country": "DE"})
    browser = browser_of("owner")
    said = escape("“1067” came in as 01067")
    assert said in browser.get(f"/imports/{token}/").content.decode()
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    assert said in browser.get(f"/imports/{token}/").content.decode()


def test_a_card_number_in_a_note_about_a_buyer_is_blacked_out_and_told() -> None:
    lines = ("Order no,Date,Product,E-mail,Remark", "R1,2026-11-02,Bowl,a@example.org,pays with 4111 1111 1111 1111",
             "R2,2026-11-02,Bowl,b@example.org,likes tea", "R3,2026-11-02,Cup,c@example.org,likes tea")  # fmt: skip
    columns = {"Order no": "purchase.number", "Date": "purchase.at", "Product": "line.name", "E-mail": "email"}
    options: dict[str, Any] = {"as": "purchases", "mapping": {"columns": {**columns, "Remark": "note"}}}
    token = handed_over(csv_of(*lines), **options)
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    told = queries.result(queries.intake_for(OLGA, token))
    assert [(each["row"], each["value"]) for each in told["blacked"]] == [(2, BLACK)]
    assert f"pays with {BLACK}" in Note.objects.values_list("text", flat=True)

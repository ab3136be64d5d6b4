"""The country of which a list's telephones and postcodes are."""

from collections.abc import Iterator

import pytest

from regulars.areas.intake import actions, queries
from regulars.areas.intake.tests.lists import NOON, OLGA, csv_of, handed_over, in_this_process

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def test_another_country_has_columns_guessed_anew_unless_somebody_chose() -> None:
    lines = csv_of("Name,ST,Home #", "Jane Doe,MA,(617) 555-0142", "Pat Ng,NY,(212) 555-0144")
    for changed in (False, True):
        token = handed_over(lines, country="DK")
        intake = queries.intake_for(OLGA, token)
        assert [each["to"] for each in intake.mapping["columns"]] == ["full_name", "ignore", "ignore"]
        mapping = intake.mapping
        if changed:
            columns = [mapping["columns"][0], {**mapping["columns"][1], "to": "occupation"}, mapping["columns"][2]]
            mapping = {**mapping, "columns": columns}
        found = actions.correct(token=token, by=OLGA, at=NOON, mapping=mapping, country="US").mapping["columns"]
        wanted = ["occupation", "ignore"] if changed else ["addresses[1].region", "phones[1].value"]
        assert [each["to"] for each in found[1:]] == wanted, found

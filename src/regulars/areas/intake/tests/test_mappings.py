"""Kept mappings: kept, taken by themselves and by name, renamed, removed; and what a form says of the columns."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.models import Address, Customer, Reference
from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Intake, SavedMapping
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, csv_of, handed_over, in_this_process
from regulars.areas.journal.actions import undo
from regulars.areas.journal.queries import changes
from regulars.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db
LIST = ("Kd,Anrede,Vorname,Weg,Nr", "1,Mr,Jonas,Ring,7", "2,Ms,Anna,Allee,9")
MAPPING: dict[str, Any] = {
    "columns": {"Kd": "reference", "Anrede": {"to": "gender", "values": {"Mr": "male", "Ms": "female"}},
                "Vorname": "given_name"},
    "made": [{"to": "street", "of": ["Weg", "Nr"], "joined": " "}],
    "fixed": {"source": "fair 2026"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def kept(name: str = "till") -> str:
    """The token of a file whose mapping was kept under this name."""
    token = handed_over(csv_of(*LIST), mapping=MAPPING)
    actions.save_mapping(token=token, name=name, by=OLGA, at=NOON)
    return token


def test_everything_a_mapping_says_happens() -> None:
    brought(*LIST, mapping=MAPPING)
    jonas, anna = Customer.objects.order_by("number")
    assert (jonas.gender, jonas.source, anna.gender) == ("male", "fair 2026", "female")
    assert list(Address.objects.order_by("id").values_list("street", flat=True)) == ["Ring 7", "Allee 9"]


def test_a_kept_one_is_taken_by_the_next_file_with_the_same_headings_and_says_so() -> None:
    kept()
    told = brought(*LIST)
    assert told["mapping"]["kept_as"] == "till" and Customer.objects.filter(gender="male").exists()
    assert set(Reference.objects.values_list("source", flat=True)) == {"till"}


def test_one_is_taken_by_name_for_a_file_with_fewer_columns() -> None:
    kept()
    token = handed_over(csv_of("Vorname,Anrede", "Cleo,Ms"))
    intake = actions.use_mapping(token=token, name="till", by=OLGA, at=NOON)
    assert intake.mapping["kept_as"] == "till"
    assert [each["to"] for each in intake.mapping["columns"]] == ["given_name", "gender"]
    assert [each.get("text") for each in intake.mapping["made"]] == ["fair 2026"]


def notices(token: str) -> str:
    return " ".join(queries.result(queries.intake_for(OLGA, token))["notices"])


def test_what_a_kept_one_places_and_the_file_has_not_is_told() -> None:
    kept()
    token = handed_over(csv_of("Kundennr,Vorname,Anrede,Weg", "3,Cleo,Ms,Ring"))
    actions.use_mapping(token=token, name="till", by=OLGA, at=NOON)
    assert "“till” places columns that this file has not: Kd, Nr." in notices(token)
    assert notices(handed_over(csv_of(*LIST))) == ""


def test_one_for_nearly_the_same_columns_is_named() -> None:
    kept()
    token = handed_over(csv_of(f"{LIST[0]},Stadt", "1,Mr,Jonas,Ring,7,Bonn"))
    assert "Most of these columns are kept as “till”" in notices(token)
    actions.use_mapping(token=token, name="till", by=OLGA, at=NOON)
    assert notices(token) == ""
    assert notices(handed_over(csv_of("Kd,Ort,Vorname", "1,Bonn,Jonas"))) == ""


def test_one_for_quite_other_columns_is_refused() -> None:
    kept()
    with pytest.raises(Refused, match="other columns"):
        actions.use_mapping(token=handed_over(csv_of("E-mail", "a@x.org")), name="till", by=OLGA, at=NOON)


def test_renaming_keeps_the_source_so_that_nobody_comes_in_twice() -> None:
    kept()
    brought(*LIST)
    changeset = actions.rename_mapping(name="till", to="cash desk", by=OLGA, at=NOON)
    told = brought(*LIST, "3,Ms,Cleo,Weg,1")
    assert told["mapping"]["kept_as"] == "cash desk" and (told["created"], told["unchanged"]) == (1, 2)
    undo(changeset=changeset or 0, by=OLGA, at=NOON)
    assert SavedMapping.objects.get().name == "till"


def test_two_of_one_name_cannot_be() -> None:
    kept("a")
    kept("b")
    with pytest.raises(Refused, match="already"):
        actions.rename_mapping(name="a", to="b", by=OLGA, at=NOON)
    with pytest.raises(NotFound):
        actions.rename_mapping(name="c", to="d", by=OLGA, at=NOON)


def test_each_deed_stands_in_the_journal() -> None:
    kept()
    actions.rename_mapping(name="till", to="desk", by=OLGA, at=NOON)
    actions.remove_mapping(name="desk", by=OLGA, at=NOON)
    verbs = [each.verb for each in changes(limit=3)]
    assert verbs == ["intake.mapping_removed", "intake.mapping_renamed", "intake.mapping_saved"]


def test_the_columns_of_the_last_such_file_are_offered() -> None:
    brought(*LIST, mapping=MAPPING)
    intake = Intake.objects.get(token=handed_over(csv_of(LIST[0], "3,Ms,Cleo,Weg,1")))
    assert queries.earlier(intake) is not None
    taken = actions.use_earlier(token=intake.token, by=OLGA, at=NOON)
    assert queries.earlier(taken) is None and len(taken.mapping["made"]) == 2


# --- on screen


def on_screen(*lines: str) -> tuple[Any, Intake]:
    olga = browser_of("owner")
    olga.post(reverse("imports"), {"file": SimpleUploadedFile("list.csv", csv_of(*lines))})
    return olga, Intake.objects.latest("pk")


def sent(olga: Any, intake: Intake, **more: Any) -> Intake:
    from regulars.areas.intake.forms import unnumbered

    places = {f"to-{each['index']}": unnumbered(each["to"]) for each in intake.mapping["columns"]}
    form = {**places, "existing": "", "source": "list", "country": "DE", **more}
    answer = olga.post(reverse("import_columns", args=[intake.token]), form)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    intake.refresh_from_db()
    return intake


def page(olga: Any, intake: Intake) -> str:
    return " ".join(olga.get(reverse("import", args=[intake.token])).content.decode().split())


def test_words_are_offered_and_given_a_meaning() -> None:
    olga, intake = on_screen("Vorname,Geschlecht", "Jonas,Mr", "Anna,Ms")
    shown = page(olga, intake)
    assert "What its words mean" in shown and 'value="Mr"' in shown
    meanings = {"said-1-1": "Mr", "meant-1-1": "male", "said-1-2": "Ms", "meant-1-2": "-"}
    intake = sent(olga, intake, **meanings)
    assert intake.mapping["columns"][1]["values"] == {"Mr": "male", "Ms": ""}
    intake = sent(olga, intake, **{"said-1-1": "Mr", "meant-1-1": "="})
    assert intake.mapping["columns"][1]["values"] == {"Ms": ""}


def test_columns_are_put_together_and_taken_apart_again() -> None:
    olga, intake = on_screen(*LIST)
    more = {"join-of": ["3", "4"], "join-sign": " ", "join-to": "addresses.street",
            "fixed-text": "fair 2026", "fixed-to": "source"}  # fmt: skip
    intake = sent(olga, intake, **{"to-3": "ignore", "to-4": "ignore"}, **more)
    assert [each["to"] for each in intake.mapping["made"]] == ["addresses[1].street", "source"]
    assert "Ring 7" in page(olga, intake) and "“Weg” a blank “Nr” becomes Street" in page(olga, intake)
    intake = sent(olga, intake, **{"unmade-1": "yes"})
    assert [each["to"] for each in intake.mapping["made"]] == ["addresses[1].street"]


def test_a_kept_one_is_told_taken_renamed_and_removed() -> None:
    kept()
    olga, intake = on_screen(*LIST)
    assert "where “till” says" in page(olga, intake)
    other, intake = on_screen("Vorname,Anrede", "Cleo,Ms")
    assert sent(other, intake, then="use", use="till").mapping["kept_as"] == "till"
    address = reverse("import_mappings")
    olga.post(address, {"name": "till", "to": "desk"})
    assert "desk" in olga.get(address).content.decode()
    assert olga.post(address, {"name": "nobody", "to": "x"}).status_code == 404
    olga.post(address, {"name": "desk", "remove": "yes"})
    assert not SavedMapping.objects.exists() and "None yet" in olga.get(address).content.decode()


def test_one_for_nearly_the_same_columns_is_taken_on_screen() -> None:
    kept()
    olga, intake = on_screen("Kd,Anrede,Vorname,Weg,Ort", "1,Mr,Jonas,Ring,Bonn")
    assert "Most of these columns are kept as “till”" in page(olga, intake)
    assert sent(olga, intake, take="till").mapping["kept_as"] == "till"
    assert "places columns that this file has not: Nr." in page(olga, intake)


def test_the_last_such_file_is_offered_on_screen() -> None:
    brought(*LIST, mapping=MAPPING)
    olga, intake = on_screen(LIST[0], "3,Ms,Cleo,Weg,1")
    assert "came in before" in page(olga, intake)
    assert len(sent(olga, intake, then="earlier").mapping["made"]) == 2

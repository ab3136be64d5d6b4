"""Refused rows leave whole, with every reason, opened harmlessly; mended, they come in again as they were meant."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from regulars.areas.customers.models import Customer, Note, Reference
from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Intake
from regulars.areas.intake.readers import of_the_list
from regulars.areas.intake.readers.originals import place_of
from regulars.areas.intake.tests.lists import NOON, OLGA, brought_bytes, csv_of, handed_over, in_this_process
from regulars.kernel.actor import Actor
from regulars.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db

LIST = (
    "Kundennr;Vorname;E-Mail;Geburtstag;Empfohlen von;Bemerkung",
    "1;Anna;anna@example.org;24.12.1980;;Trinkt Tee",
    "2;Ben;ben@;31.02.1990;77777;=1+1",
    "3;Clara;clara@example.org;05.06.1990;88888;",
    "4;Dora;dora@example.org;03.04.1990;;'-5 %;zu viel",
)


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process(), override("en"):
        yield


def refused_of(token: str, by: Actor = OLGA) -> list[list[str]]:
    text = b"".join(queries.refused_csv(queries.intake_for(by, token), by)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def token() -> str:
    token = handed_over(csv_of(*LIST), source="kasse")
    asked = {each["index"]: {each["asks"]: "dmy"} for each in queries.questions(queries.intake_for(OLGA, token))}
    if asked:
        actions.correct(token=token, by=OLGA, at=NOON, answers=asked)
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    return token


def test_the_whole_row_comes_with_its_number_and_every_reason(token: str) -> None:
    header, ben, clara, dora = refused_of(token)
    assert header == ["Refused row", "Why it was refused", *LIST[0].split(";")]
    assert ben[0] == "3" and ben[2:] == ["2", "Ben", "ben@", "31.02.1990", "77777", "'=1+1"]
    assert {each.partition(":")[0] for each in ben[1].split(" | ")} == {"E-Mail", "Geburtstag", "Empfohlen von"}
    assert "There is no customer 77777." in ben[1]
    assert clara[:2] == ["4", "Empfohlen von: There is no customer 88888."] and clara[3] == "Clara"
    assert "cells" in dora[1] and dora[2:] == ["4", "Dora", "dora@example.org", "03.04.1990", "", "'-5 %", "zu viel"]


def test_the_list_of_them_names_the_column_of_the_file(token: str) -> None:
    told = queries.result(queries.intake_for(OLGA, token))
    assert [(each["row"], each["column"]) for each in told["rejected"]][1] == (4, "Empfohlen von")
    assert told["rows"] == 4 == told["created"] + len(told["rejected"])


@pytest.mark.parametrize("language", ["en", "de"])
def test_mended_they_come_in_as_the_list_did(token: str, language: str) -> None:
    with override(language):
        header, ben, clara, dora = refused_of(token)
    ben[4:7] = ["ben@example.org", "28.02.1990", ""]
    clara[6] = ""
    mended = io.StringIO()
    csv.writer(mended).writerows([header, ben, clara, dora[:8]])
    told = brought_bytes(mended.getvalue().encode(), "mended.csv")
    assert (told["created"], told["rejected"], told["questions"]) == (3, [], [])
    assert told["mapping"]["source"] == "kasse"
    assert [each["to"] for each in told["mapping"]["columns"]][:2] == ["ignore", "ignore"]
    assert set(Reference.objects.values_list("source", "value")) == {("kasse", str(each)) for each in range(1, 5)}
    assert Customer.objects.get(given_name="Ben").birth_date == "1990-02-28"
    assert set(Note.objects.values_list("text", flat=True)) == {"Trinkt Tee", "=1+1", "-5 %"}


def test_a_trial_gives_them_too() -> None:
    token = handed_over(csv_of("Vorname,E-Mail", "Ben,nothing", "Anna,anna@example.org"))
    actions.dry_run(token=token, by=OLGA, at=NOON)
    assert [row[0] for row in refused_of(token)[1:]] == ["2"] and not Customer.objects.exists()


def test_who_else_may_see_them(token: str) -> None:
    narrow = Actor(kind="token", id=7, name="shop", rights=frozenset({"customers.import", "customers.view"}))
    with pytest.raises(NotAllowed, match="handed the file over"):
        refused_of(token, narrow)
    wide = replace(narrow, rights=narrow.rights | {"customers.unmask"})
    assert len(refused_of(token, wide)) == 4


def test_without_the_original_the_reasons_are_left(token: str) -> None:
    place_of(Intake.objects.get().sha256).unlink()
    header, *rows = refused_of(token)
    assert len(header) == 8 and [row[0] for row in rows] == ["3", "4", "5"]
    assert all("is no longer in the home folder" in row[1] and len(row) == 2 for row in rows)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_its_own_columns_are_known_in_every_language(language: str) -> None:
    with override(language):
        own = [gettext("Refused row"), gettext("Why it was refused")]
    assert of_the_list([*own, "Vorname"]) == ["Vorname"]
    assert of_the_list(["Vorname", "Nachname"]) == ["Vorname", "Nachname"]

"""A list on its way in, through the door: handed over, corrected, tried, brought in, taken back."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers import models as customers
from regulars.areas.intake.models import Intake
from regulars.kernel import jobs

pytestmark = pytest.mark.django_db(transaction=True)

LIST = """Kundennr;Vorname;Nachname;E-Mail;Geburtstag;Bemerkung
1;Anna;Ærøskøbing;anna@example.org;03.04.1980;Trinkt Tee
2;Ben;Berg;nicht;05.06.1990;
3;Clara;Schmidt;clara@example.org;;=1+1
"""


@pytest.fixture
def olga() -> Client:
    return browser_of("owner")


def hand_over(browser: Client, content: bytes | str, name: str = "kunden.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return browser.post(reverse("imports"), {"file": SimpleUploadedFile(name, data)})


def form_of(intake: Intake, **more: str) -> dict[str, str]:
    from regulars.areas.intake.forms import unnumbered

    places = {f"to-{each['index']}": unnumbered(each["to"]) for each in intake.mapping["columns"]}
    return {**places, "existing": "", "source": "kasse", "country": "DE", **more}


def test_another_sheet_with_rows_is_named_first_and_taken_at_one_press(olga: Client) -> None:
    book, held = Workbook(), io.BytesIO()
    book.active.title = "Kiel"
    for sheet, name in ((book.active, "Anna"), (book.create_sheet("Bonn & Köln"), "Bert")):
        sheet.append(["Vorname", "Nachname"])
        sheet.append([name, "Berg"])
    book.create_sheet("Leer")
    book.save(held)
    address = hand_over(olga, held.getvalue(), "kunden.xlsx")["Location"]
    intake = Intake.objects.get()
    page = olga.get(address).content.decode()
    assert "Only the sheet “Kiel” is read. Another one has rows, too" in page and "Leer" not in page
    assert (
        page.index("<option>Bonn &amp; Köln</option>") < page.index("Your columns") and page.count('name="sheet"') == 1
    )
    answer = olga.post(
        reverse("import_columns", args=[intake.token]), form_of(intake, then="look", sheet="Bonn & Köln")
    )
    page = olga.get(answer["Location"]).content.decode()
    assert "Only the sheet “Bonn &amp; Köln” is read" in page and "Bert" in page and "Anna" not in page


def test_a_list_comes_in_and_goes_back(olga: Client) -> None:
    address = hand_over(olga, LIST)["Location"]
    intake = Intake.objects.get()
    page = olga.get(address).content.decode()
    assert "Vorname" in page and "Trinkt Tee" in page and "nicht" in page
    answer = olga.post(reverse("import_columns", args=[intake.token]), form_of(intake, then="try"))
    assert answer.status_code == 303
    trial = olga.get(address).content.decode()
    assert "Nothing has been changed yet" in trial
    assert not customers.Customer.objects.exists()
    refused = b"".join(olga.get(reverse("import_refused", args=[intake.token])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "nicht" in refused
    olga.post(reverse("import_go", args=[intake.token]))
    jobs.run_due()
    assert "The list is in" in olga.get(address).content.decode()
    assert set(customers.Customer.objects.values_list("given_name", flat=True)) == {"Anna", "Clara"}
    assert set(customers.Note.objects.values_list("text", flat=True)) == {"Trinkt Tee", "=1+1"}
    assert set(customers.Reference.objects.values_list("source", flat=True)) == {"kasse"}
    intake.refresh_from_db()
    olga.post(reverse("undo", args=[intake.changeset]))
    assert not customers.Customer.objects.exists()


def test_nothing_comes_in_another_way_than_was_seen(olga: Client) -> None:
    address = hand_over(olga, LIST)["Location"]
    intake = Intake.objects.get()
    there = [reverse(f"import_{name}", args=[intake.token]) for name in ("columns", "go")]
    olga.post(there[0], form_of(intake, then="try"))
    first_tab = olga.get(address).content.decode()
    olga.post(there[0], form_of(intake, then="try", **{"to-2": "ignore"}))
    refused = olga.post(there[1], {"seen": _seen(first_tab)})
    assert refused.status_code == 422 and "changed meanwhile" in refused.content.decode()
    assert olga.post(there[1], {"seen": _seen(refused.content.decode())}).status_code == 303


def _seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_the_deed_of_an_import_reads_in_plain_words(olga: Client) -> None:
    hand_over(olga, "E-mail,Unsubscribed\nanna@example.org,yes\n")
    intake = Intake.objects.get()
    olga.post(reverse("import_go", args=[intake.token]))
    jobs.run_due()
    intake.refresh_from_db()
    deed = " ".join(olga.get(reverse("journal_change", args=[intake.changeset])).content.decode().split())
    assert "<dt>Purpose</dt><dd><ins>Offers and news</ins>" in deed and "<dt>Channel</dt><dd><ins>E-mail</ins>" in deed
    assert "{&#x27;" not in deed and intake.sha256 not in deed, "how the columns were read is for programs"
    asked = olga.get(reverse("undo", args=[intake.changeset])).content.decode()
    assert "card goes again" in asked and "what it was before" not in asked


def test_what_is_shown_of_a_known_export_is_what_holds_something(olga: Client) -> None:
    outlook = "E-mail Address,First Name,Last Name,Business Phone\nanna@example.org,Anna,Berg,\n"
    page = olga.get(hand_over(olga, outlook)["Location"]).content.decode()
    assert "Recognised: Outlook" in page and "Business Phone" not in page and "utf-8 ·" not in page
    assert "1 column is empty in the first rows" in page
    assert ">Germany</option>" in page


def test_a_doubt_stands_beside_the_cell_and_with_the_result(olga: Client) -> None:
    address = hand_over(olga, "Name,E-mail\nAnna Berg,anna@gmial.com\nBen Berg,ben@example.org\n")["Location"]
    intake = Intake.objects.get()
    page = olga.get(address).content.decode()
    assert page.count(">doubtful</span>") == 1 and "gmail.com" in page
    olga.post(reverse("import_columns", args=[intake.token]), form_of(intake, then="try"))
    trial = olga.get(address).content.decode()
    assert "Looks wrong, and comes in all the same" in trial and "anna@gmial.com" in trial
    assert "<span>Doubtful cells</span><strong>1</strong>" in trial
    olga.post(reverse("import_go", args=[intake.token]))
    jobs.run_due()
    assert "Looks wrong, and came in all the same" in olga.get(address).content.decode()


def test_columns_that_are_left_out_are_named_before_and_after(olga: Client) -> None:
    address = hand_over(olga, "Name,E-mail,Rank\nAnna Berg,a@example.org,Gold\n")["Location"]
    intake = Intake.objects.get()
    page = olga.get(address).content.decode()
    assert "Left out: Rank." in page and page.count(">left out</span>") == 1
    olga.post(reverse("import_columns", args=[intake.token]), form_of(intake, then="try"))
    assert "These columns do not come in: Rank." in olga.get(address).content.decode()
    olga.post(reverse("import_go", args=[intake.token]))
    jobs.run_due()
    assert "These columns were left out: Rank." in olga.get(address).content.decode()


def test_a_column_left_out_stays_out_and_the_rest_keep_their_places(olga: Client) -> None:
    hand_over(olga, LIST)
    intake = Intake.objects.get()
    before = {each["column"]: each["to"] for each in intake.mapping["columns"]}
    last = intake.mapping["columns"][-1]["index"]
    olga.post(reverse("import_columns", args=[intake.token]), form_of(intake, **{f"to-{last}": "ignore"}))
    intake.refresh_from_db()
    after = {each["column"]: each["to"] for each in intake.mapping["columns"]}
    assert after == {**before, "Bemerkung": "ignore"}


def test_two_columns_of_one_kind_stand_one_after_the_other(olga: Client) -> None:
    hand_over(olga, "Name;Mail;Privat\nAnna Berg;a@example.org;b@example.org\n")
    intake = Intake.objects.get()
    olga.post(
        reverse("import_columns", args=[intake.token]),
        form_of(intake, **{"to-1": "emails.value", "to-2": "emails.value", "then": "try"}),
    )
    intake.refresh_from_db()
    assert [each["to"] for each in intake.mapping["columns"]][1:] == ["emails[1].value", "emails[2].value"]


def test_an_ambiguous_date_is_asked_before_anything_is_tried(olga: Client) -> None:
    hand_over(olga, "Name,Birthday\nAnna Berg,03/04/1980\nBen Berg,05/06/1981\n", "list.csv")
    intake = Intake.objects.get()
    tried = olga.post(reverse("import_columns", args=[intake.token]), form_of(intake, then="try"))
    assert tried.status_code == 422
    assert "day, month, year" in tried.content.decode()
    answered = form_of(intake, then="try", **{"ask-1-order": "dmy"})
    assert olga.post(reverse("import_columns", args=[intake.token]), answered).status_code == 303
    intake.refresh_from_db()
    assert intake.trial


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.csv"), (b"Name,Mail\n", "header.csv"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture.csv")],
)
def test_what_is_no_list_is_refused_in_plain_words(olga: Client, content: bytes, name: str) -> None:
    answer = hand_over(olga, content, name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Intake.objects.exists()


def test_staff_may_not_bring_lists_in() -> None:
    assert hand_over(browser_of("staff"), LIST).status_code == 403


def test_a_list_of_which_nothing_was_understood_can_be_told_what_it_is(olga: Client) -> None:
    address = hand_over(olga, "Anna Ott <a@example.com>\nBo Ey <b@example.com>\n")["Location"]
    intake = Intake.objects.get()
    page = olga.get(address)
    assert page.status_code == 200 and "Say for at least one what it is." in page.content.decode()
    answer = olga.post(
        reverse("import_columns", args=[intake.token]), form_of(intake, **{"to-0": "full_name"}, then="look")
    )
    assert "The first rows, as they will be" in olga.get(answer["Location"]).content.decode()
    olga.post(reverse("import_columns", args=[intake.token]), form_of(intake, **{"to-0": "ignore"}, then="look"))
    assert olga.get(address).status_code == 200

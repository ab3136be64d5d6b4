"""Lists of other programs, whole: what Mailchimp knows of a no, address books, what is set aside, what is mended."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from regulars.areas.access.tests.people import browser_of
from regulars.areas.consent.models import Answer
from regulars.areas.customers.models import Customer, Tag
from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Intake
from regulars.areas.intake.tests.lists import (
    NOON,
    OLGA,
    brought,
    brought_bytes,
    emails,
    handed_over,
    in_this_process,
    names,
    sums,
    tried,
)
from regulars.kernel.errors import Refused

pytestmark = pytest.mark.django_db

BEGIN = '"Email Address","First Name","Last Name",Company'
TIMES = "MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP"
PLACE = "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION"
END = "LEID,EUID,NOTES,TAGS"
SUBSCRIBED = f"{BEGIN},{TIMES},{PLACE},LAST_CHANGED,{END}"
UNSUBSCRIBED = (
    f"{BEGIN},{TIMES},{PLACE},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,{END}"
)
CLEANED = f"{BEGIN},{TIMES},{PLACE},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,{END}"
WHO = 'anna@example.com,Anna,Meier,"Beispiel GmbH"'
RATED = '2,"2020-02-03 04:05:06",192.0.2.1,"2020-02-03 04:06:00",192.0.2.1,,,,,,DE,BE'
TAGGED = '90498395,810826c56e,,"""VIP"",""Blog"""'


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with in_this_process():
        yield


def answers() -> set[tuple[str, str]]:
    return set(Answer.objects.values_list("channel", "answer"))


@pytest.mark.parametrize(
    ("header", "row", "exporter", "answer"),
    [
        (SUBSCRIBED, f'{WHO},{RATED},"2021-01-01 00:00:00",{TAGGED}', "mailchimp", "claimed"),
        (SUBSCRIBED, f"{WHO},2,,,,,,,,,,DE,BE,,{TAGGED}", "mailchimp", "claimed"),
        (
            UNSUBSCRIBED,
            f'{WHO},{RATED},"2021-01-01 00:00:00",,,NORMAL,,{TAGGED}',
            "mailchimp_unsubscribed",
            "refused",
        ),
        (CLEANED, f'{WHO},{RATED},"2021-01-01 00:00:00",Autumn,1,{TAGGED}', "mailchimp_cleaned", "refused"),
    ],
)
def test_mailchimps_files_say_yes_unproved_or_no_at_once(header: str, row: str, exporter: str, answer: str) -> None:
    told = brought(header, row)
    assert (told["mapping"]["exporter"], told["mapping"]["source"]) == (exporter, "mailchimp")
    assert answers() == {("email", answer)}
    assert set(Tag.objects.values_list("tag", flat=True)) == {"VIP", "Blog"}
    assert set(Customer.objects.values_list("organisation_name", flat=True)) == {"", "Beispiel GmbH"}


def test_whoever_has_left_stays_away_whatever_file_comes_later() -> None:
    brought(UNSUBSCRIBED, f'{WHO},{RATED},"2021-01-01 00:00:00",,,NORMAL,,{TAGGED}')
    told = brought(SUBSCRIBED, f'{WHO},{RATED},"2021-01-01 00:00:00",{TAGGED}')
    assert (told["created"], answers()) == (0, {("email", "refused")})


def test_whoever_left_is_known_when_the_file_of_the_subscribed_came_first() -> None:
    brought(SUBSCRIBED, f'{WHO},{RATED},"2021-01-01 00:00:00",{TAGGED}')
    brought(CLEANED, f'{WHO},{RATED},"2021-01-01 00:00:00",Autumn,1,{TAGGED}')
    assert ("email", "refused") in answers() and ("email", "claimed") not in answers()


def test_a_report_of_salesforce() -> None:
    told = brought(
        "Salutation,First Name,Last Name,Title,Mailing Street,Mailing City,Mailing State/Province,"
        "Mailing Zip/Postal Code,Mailing Country,Phone,Email,Account Name,Email Opt Out,Do Not Call",
        "Mr.,Alejandro,Rosales,Manager,414 Main Street,Anytown,AL,95762,United States,+18705550156,"
        "a@example.com,Example Corp.,1,0",
    )
    assert (told["mapping"]["exporter"], sums(told)) == ("salesforce", (1, 0, 0, 0))
    assert answers() == {("email", "refused")}


def test_an_address_book_of_thunderbird() -> None:
    told = brought(
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Organization,Birth Year",
        "John,Doe,John Doe,,john@example.com,j@example.org,030 901820,Contoso,1972",
    )
    assert (told["mapping"]["exporter"], emails(10001)) == ("thunderbird", ["john@example.com", "j@example.org"])


def test_contacts_of_freshsales() -> None:
    told = brought(
        "Id,First name,Last name,Email,Phone,Company id,Company,Sales owner id,Sales owner,Title,Tags",
        "7,Anna,Meier,anna@example.com,030 901820,3,Beispiel GmbH,,,Leiterin,a",
    )
    assert (told["mapping"]["exporter"], sums(told), told["organisations_created"]) == ("freshsales", (1, 0, 0, 0), 1)


@pytest.mark.parametrize(
    ("unsubscribed", "spam", "bounced", "said"),
    [
        ("false", "false", "false", set()),
        ("true", "false", "false", {("email", "refused")}),
        ("false", "true", "false", {("email", "refused")}),
        ("false", "false", "true", {("email", "refused")}),
    ],
)
def test_people_of_intercom(unsubscribed: str, spam: str, bounced: str, said: set[tuple[str, str]]) -> None:
    told = brought(
        "First name,Last name,Name,Email,Phone,User ID,Signed up (AEDT),Web sessions,Country,City,Browser Language,"
        "Segment,Tag,Unsubscribed from Emails,Marked email as spam,Has hard bounced,Company name",
        f'Anna,Meier,Anna Meier,anna@example.com,,78-ab,2018-02-02 09:59:00,150,Germany,Berlin,de,Active,"a,b",'
        f"{unsubscribed},{spam},{bounced},Beispiel GmbH",
    )
    assert (told["mapping"]["exporter"], told["organisations_created"]) == ("intercom", 1)
    assert (answers(), set(Tag.objects.values_list("tag", flat=True))) == (said, {"a", "b"})


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("Active", {("email", "claimed")}),
        ("Unsubscribed", {("email", "refused")}),
        ("Bounced", {("email", "refused")}),
        ("Deleted", set()),
        ("Unconfirmed", set()),
    ],
)
def test_the_people_of_a_list_of_campaign_monitor(state: str, said: set[tuple[str, str]]) -> None:
    told = brought(
        "EmailAddress,Name,Date,ListJoinedDate,State,ReadsEmailWith,ConsentToTrack",
        f"anna@example.com,Anna Meier,2010-10-25 10:28:00,2010-10-25 10:28:00,{state},Gmail,Yes",
    )
    assert (told["mapping"]["exporter"], sums(told), answers()) == ("campaign_monitor", (1, 0, 0, 0), said)


def test_persons_and_organisations_of_webcrm() -> None:
    told = brought(
        "PersonId,PersonFirstName,PersonLastName,PersonEmail,PersonDirectPhone,OrganisationName,OrganisationCity",
        "7,Anna,Meier,anna@example.com,030 901820,Beispiel GmbH,Berlin",
    )
    assert (told["mapping"]["exporter"], sums(told), told["organisations_created"]) == ("webcrm", (1, 0, 0, 0), 1)
    told = brought(
        "OrganisationId,OrganisationName,OrganisationAddress,OrganisationPostCode,OrganisationCity",
        "3,Muster AG,Hauptstr. 5,10115,Berlin",
    )
    assert (told["mapping"]["exporter"], sums(told)) == ("webcrm", (1, 0, 0, 0))
    assert Customer.objects.filter(organisation_name="Muster AG", kind="organisation").exists()


BOOK = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Meier;Anna;;;\r\nFN:Anna Meier\r\nEMAIL:anna@example.com\r\nCATEGORIES:a,b\r\n"
    "PHOTO;ENCODING=b:AAAA\r\nUID:1\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Alle\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bert Ng\r\nEMAIL:nowhere\r\nEND:VCARD\r\n"
)


def test_an_address_book_comes_in_like_any_list() -> None:
    told = brought_bytes(BOOK.encode(), "book.vcf")
    assert (told["rows"], told["created"], told["encoding"]) == (2, 1, "utf-8")
    assert [(each["row"], each["column"]) for each in told["rejected"]] == [(3, "EMAIL 1")]
    assert [(each["row"], each["value"]) for each in told["set_aside"]] == [(2, "Alle")]
    assert told["notices"] == ["Pictures, sounds and keys are left out: 1 of them."]
    assert (names(), emails(10001)) == (["Anna Meier"], ["anna@example.com"])
    again = brought_bytes(BOOK.encode(), "book.vcf")
    assert (again["created"], again["updated"], again["unchanged"], again["changeset"]) == (0, 0, 1, None)


def test_what_is_no_customer_is_set_aside_and_told() -> None:
    lines = ("Kundenliste;;", "Vorname;Nachname;Umsatz", "Anna;Berg;10", "Ben;Dahl;20", "Summe;;30")
    assert [each["row"] for each in tried(*lines)["set_aside"]] == [1, 5]
    told = brought(*lines)
    assert (sums(told), [each["row"] for each in told["set_aside"]]) == ((2, 0, 0, 0), [1, 5])
    assert sums(brought(*lines, feet="in"))[0] == 1


def test_garbled_text_must_be_decided() -> None:
    content = "Vorname;Nachname\nAnna;MÃ¼ller\n".encode()
    token = handed_over(content)
    with pytest.raises(Refused):
        actions.start_import(token=token, by=OLGA, at=NOON)
    intake = actions.correct(token=token, by=OLGA, at=NOON, answers={0: {"repair": "yes"}})
    assert queries.questions(intake) == []
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    assert names() == ["Anna Müller"]
    brought_bytes(content, existing="add", repair="no")
    assert names() == ["Anna Müller", "Anna MÃ¼ller"]


def test_a_stray_nul_in_a_short_list_is_passed_over_and_told() -> None:
    told = brought_bytes(b"Vorname;Nachname\nAn\0na;Meier\n")
    assert names() == ["Anna Meier"] and any("NUL" in each for each in told["notices"])


@pytest.mark.parametrize("option", [{"repair": "perhaps"}, {"feet": "none"}])
def test_an_option_has_its_words(option: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="is one of"):
        actions.inspect(file=io.BytesIO(b"a,b\n1,2\n"), name="x.csv", by=OLGA, at=NOON, **option)


def test_the_screen_shows_what_is_garbled_and_what_is_left_out() -> None:
    olga = browser_of("owner")
    content = "Kundenliste;;\nVorname;Nachname;Umsatz\nAnna;MÃ¼ller;10\nBen;Dahl;20\nSumme;;30\n".encode()
    address = olga.post(reverse("imports"), {"file": SimpleUploadedFile("kunden.csv", content)})["Location"]
    page = olga.get(address).content.decode()
    assert "MÃ¼ller" in page and "Müller" in page and "Kundenliste" in page and "Summe · 30" in page
    token = Intake.objects.get().token
    olga.post(reverse("import_columns", args=[token]), {"ask-0-repair": "yes", "then": "try"})
    page = olga.get(f"{address}?look=columns").content.decode()
    assert "MÃ¼ller" not in page and "Müller" in page
    olga.post(reverse("import_columns", args=[token]), {"feet": "in"})
    assert Intake.objects.get().rows == 3

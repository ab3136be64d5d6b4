"""Address books: every version, as telephones and mail programs write them."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.areas.intake.readers import Context, guess, judged, open_file
from regulars.areas.intake.readers.tests.files import TODAY, brought, looked_at, written
from regulars.areas.intake.readers.vcards.card import cells_of
from regulars.areas.intake.readers.vcards.lines import parts, properties
from regulars.kernel.errors import Refused

APPLE = """BEGIN:VCARD
VERSION:3.0
N:Meier;Anna;Maria;Dr.;
FN:Dr. Anna Maria Meier
NICKNAME:Anni
ORG:Beispiel GmbH;Einkauf;Büro
TITLE:Leiterin
item1.EMAIL;type=INTERNET;type=pref:anna@example.com
item1.X-ABLabel:_$!<Home>!$_
item2.EMAIL;type=INTERNET:anna@firma.example
item2.X-ABLabel:Verein
TEL;type=CELL;type=VOICE;type=pref:+49 171 1234567
TEL;type=WORK;type=FAX:030 901820
item3.ADR;type=HOME;type=pref:;;Weg 1\\, Hinterhaus;Berlin;;10115;
item3.X-ABADR:de
BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-07
CATEGORIES:Kunde,Verein\\, alt
NOTE:Erste Zeile\\nzweite\\; mit Zeichen
X-ANNIVERSARY:2001-05-06
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 AAAQABAAD
UID:ABCD-1
END:VCARD
"""
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BC=
rgen;;;
TEL;HOME;CELL:0171 1234567
TEL;WORK:030 901820
EMAIL;INTERNET:j@example.com
ADR;HOME;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:;;K=F6nigstra=DFe 7;K=F6ln;;50667;Germany
NOTE;ENCODING=QUOTED-PRINTABLE:eins=0D=0Azwei
PHOTO;JPEG;BASE64:
/9j/4AAQSkZJRgABAQ
AAAQABAAD

BDAY:19800102
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Søren Kierkegaard
N:Kierkegaard;Søren;;;
GENDER:M;mand
LANG;PREF=1:da
BDAY:--0505
TEL;VALUE=uri;TYPE="work,voice";PREF=2:tel:+45-32-12-34-56;ext=7
TEL;VALUE=uri;TYPE=cell;PREF=1:tel:+45-20-12-34-56
EMAIL:mailto:soeren@example.dk
ROLE:Filosof
URL:https://example.dk/
X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/soeren
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:group
FN:Freunde
MEMBER:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Beispiel A/S
TEL:+45 33 12 34 56
END:VCARD
"""


def book(folder: Path, content: str | bytes, **said: Any) -> Path:
    return written(folder, content, "book.vcf", **said)


def card_of(folder: Path, content: str | bytes) -> dict[str, Any]:
    (row,) = brought(book(folder, content))
    assert row.problem is None, row.problem
    card: dict[str, Any] = row.card
    return card


def test_an_apple_card_comes_in_whole(tmp_path):
    card = card_of(tmp_path, APPLE)
    assert card == {
        "title": "Dr.",
        "given_name": "Anna",
        "middle_name": "Maria",
        "family_name": "Meier",
        "called_name": "Anni",
        "birth_date": "--03-07",
        "emails": [{"value": "anna@example.com", "label": "home"}, {"value": "anna@firma.example", "label": "Verein"}],
        "phones": [{"value": "+491711234567", "label": "mobile"}, {"value": "+4930901820", "label": "work fax"}],
        "addresses": [
            {"label": "home", "street": "Weg 1, Hinterhaus", "city": "Berlin", "postcode": "10115", "country": "DE"}
        ],
        "works_at": [{"organisation": "Beispiel GmbH", "department": "Einkauf, Büro", "job_title": "Leiterin"}],
        "tags": ["Kunde", "Verein, alt"],
        "notes": [{"kind": "note", "text": "Erste Zeile\nzweite; mit Zeichen"}],
        "references": [{"source": "vcard", "value": "ABCD-1"}],
    }


def test_pictures_are_told_and_unknown_properties_shown(tmp_path):
    inspected = looked_at(book(tmp_path, APPLE))
    assert [each.reason for each in inspected.notices] == ["Pictures, sounds and keys are left out: 1 of them."]
    column = next(each for each in guess(inspected, today=TODAY).columns if each.column == "X-ANNIVERSARY")
    assert (column.to, inspected.column(column.index)) == ("ignore", ["2001-05-06"])


def test_an_old_card_says_its_charset_line_by_line(tmp_path):
    card = card_of(tmp_path, OLD.replace("\n", "\r\n"))
    assert (card["given_name"], card["family_name"], card["birth_date"]) == ("Jürgen", "Müller", "1980-01-02")
    assert card["phones"] == [
        {"value": "+491711234567", "label": "mobile"},
        {"value": "+4930901820", "label": "work"},
    ]
    assert card["addresses"][0] == {
        "label": "home", "street": "Königstraße 7", "city": "Köln", "postcode": "50667", "country": "DE",
    }  # fmt: skip
    assert card["notes"][0]["text"] == "eins\nzwei"


def test_cards_of_the_newest_version(tmp_path):
    path = book(tmp_path, NEW)
    person, organisation = brought(path)
    assert person.card == {
        "given_name": "Søren",
        "family_name": "Kierkegaard",
        "gender": "male",
        "language": "da",
        "birth_date": "--05-05",
        "occupation": "Filosof",
        "emails": [{"value": "soeren@example.dk"}],
        "phones": [{"value": "+4520123456", "label": "mobile"}, {"value": "+4532123456", "label": "work ext. 7"}],
        "social": [{"network": "web", "handle": "https://example.dk/"}, {"network": "twitter", "handle": "soeren"}],
        "references": [{"source": "vcard", "value": "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"}],
    }
    assert organisation.number == 3
    assert (organisation.card["kind"], organisation.card["organisation_name"]) == ("organisation", "Beispiel A/S")
    (group,) = looked_at(path).aside
    assert (group.row, group.value, group.template) == (2, "Freunde", "This card is a group of others, not somebody.")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"])
def test_a_book_may_be_in_any_encoding(tmp_path, encoding):
    text = "BEGIN:VCARD\nVERSION:3.0\nN:Größe;Sören;;;\nFN:Sören Größe\nADR:;;Königsstraße 1;Köln;;;\nEND:VCARD\n"
    card = card_of(tmp_path, text.encode(encoding))
    assert (card["family_name"], card["addresses"][0]["city"]) == ("Größe", "Köln")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("BDAY:circa 1800", {"notes": [{"kind": "note", "text": "Birthday: circa 1800"}]}),
        ("BDAY;VALUE=date-time:1985-04-12T00:00:00Z", {"birth_date": "1985-04-12"}),
        ("ORG:Anna Meier KG", {"works_at": [{"organisation": "Anna Meier KG"}]}),
        ("EMAIL;TYPE=INTERNET,WORK:x@example.com", {"emails": [{"value": "x@example.com", "label": "work"}]}),
        ("NOTE:eins\nNOTE:zwei", {"notes": [{"kind": "note", "text": "eins"}, {"kind": "note", "text": "zwei"}]}),
        ("AGENT:\nBEGIN:VCARD\nFN:Nobody\nEND:VCARD\nCATEGORIES:a", {"tags": ["a"]}),
        ("a line that is none\nCATEGORIES:a,b\nCATEGORIES:c", {"tags": ["a", "b", "c"]}),
    ],
)
def test_what_a_card_may_say(tmp_path, lines, words):
    card = card_of(tmp_path, f"BEGIN:VCARD\nVERSION:3.0\nN:Meier;Anna;;;\n{lines}\nEND:VCARD\n")
    assert {name: value for name, value in card.items() if name not in ("given_name", "family_name")} == words


def test_a_card_that_names_only_a_firm_is_the_firm(tmp_path):
    card = card_of(tmp_path, "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:Beispiel GmbH\nORG:Beispiel GmbH\nEND:VCARD\n")
    assert card == {"kind": "organisation", "organisation_name": "Beispiel GmbH"}


def test_a_bad_card_is_refused_alone(tmp_path):
    cards = [f"BEGIN:VCARD\nVERSION:3.0\nFN:Anna Meier\nEMAIL:{value}\nEND:VCARD" for value in ("a@b.de", "no")]
    good, bad = brought(book(tmp_path, "\n".join(cards)))
    assert good.card and (bad.problem.row, bad.problem.column, bad.problem.value) == (2, "EMAIL 1", "no")


def test_a_card_never_closed_ends_where_the_next_begins(tmp_path):
    text = "BEGIN:VCARD\nFN:Anna Meier\nBEGIN:VCARD\nFN:Bert Ng\nEND:VCARD\nBEGIN:VCARD\nFN:Carl Cramer\n"
    assert [row.card["given_name"] for row in brought(book(tmp_path, text))] == ["Anna", "Bert", "Carl"]


def test_one_line_of_many_megabytes_costs_no_memory(tmp_path):
    path = tmp_path / "book.vcf"
    with path.open("wb") as file:
        file.write(b"BEGIN:VCARD\r\nFN:Anna Meier\r\nNOTE:")
        for _part in range(100):
            file.write(b"x" * 2**20)
        file.write(b"\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Bert Ng\r\nEND:VCARD\r\n")
    inspected = open_file(path, "book.vcf", today=TODAY)
    first, second = judged(path, inspected, guess(inspected, today=TODAY), Context("DE", "EUR", TODAY))
    assert first.card is None and first.problem and first.problem.column == "NOTE"
    assert second.card and second.card["given_name"] == "Bert"


def test_more_of_a_kind_than_anybody_has_is_set_aside(tmp_path):
    many = "\n".join(f"TEL:030 90182{n:03}" for n in range(60))
    path = book(tmp_path, f"BEGIN:VCARD\nFN:A B\n{many}\nEND:VCARD\nBEGIN:VCARD\nFN:C D\nEND:VCARD\n")
    assert ([each.row for each in looked_at(path).aside], len(brought(path))) == ([1], 1)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_parts_written_are_parts_read(texts):
    written_ = ";".join(text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for text in texts)
    assert parts(written_, ";") == texts


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_a_note_survives_writing_and_reading(text):
    """Escaped and folded at 75 octets, as RFC 6350 wants it, even within a letter's neighbours."""
    line = "NOTE:" + text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    folded = "\r\n ".join(line[at : at + 40] for at in range(0, len(line), 40))
    (one,) = properties(io.StringIO(f"{folded}\r\n", newline=None))
    assert one is not None
    assert cells_of([one]).get("NOTE", "") == (text.strip() if text.strip() else "")


@given(st.text(max_size=300))
def test_nothing_but_a_refusal_is_raised(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("book") / "book.vcf"
    path.write_text(f"BEGIN:VCARD\n{text}\nEND:VCARD\n", encoding="utf-8", errors="replace")
    try:
        brought(path)
    except Refused as refused:
        assert refused.message

"""Files up and down, and the fields of the house."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regulars.areas.access.tests.people import browser_of
from regulars.areas.customers.actions.files import ALLOWED, LARGEST, content_type, named_as
from regulars.areas.customers.models import CustomField
from regulars.areas.customers.queries import card_json
from regulars.areas.customers.tests.people import OLGA, anna

pytestmark = pytest.mark.django_db


def put(number: int, name: str, content: bytes):
    return browser_of().post(f"/customers/{number}/files/", {"file": SimpleUploadedFile(name, content)})


def test_a_file_goes_up_and_comes_down_as_a_download_in_a_sandbox() -> None:
    number = anna()
    assert put(number, "Garantie ärger.txt", b"three years").status_code == 303
    (file,) = card_json(OLGA, number)["files"]
    answer = browser_of("auditor").get(f"/customers/{number}/files/{file['key']}/")
    assert answer.content == b"three years"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Garantie%20%C3%A4rger.txt"
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"


def test_a_harmful_file_is_refused_beside_its_field() -> None:
    number = anna()
    for name, content in (("page.txt", b"<script>alert(1)</script>"), ("a.docx", packed(x=b"y")), ("a.zip", b"PK\3\4")):
        answer = put(number, name, content)
        page = answer.content.decode()
        assert answer.status_code == 422 and name in page and "A card takes PDF" in page


def test_an_empty_or_too_large_file_is_refused_and_says_what_to_do() -> None:
    number = anna()
    assert "Save it again" in put(number, "empty.txt", b"").content.decode()
    answer = put(number, "big.txt", b"x" * (LARGEST + 1)).content.decode()
    assert "has 21 MB" in answer and "at most 20 MB" in answer and "big.txt" in answer


def packed(**parts: bytes) -> bytes:
    """A zip archive with these parts; `__` in a name is a `/`, a leading `types` the list of contents."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr("[Content_Types].xml" if name == "types" else name.replace("__", "/"), content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("page.html", "text/plain", "page.html.txt"),
        ("list.CSV", "text/plain", "list.CSV"),
        ("bill.pdf", "application/pdf", "bill.pdf"),
        ("bill.pdf.exe", "application/pdf", "bill.pdf.exe.pdf"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("photo.png", "image/jpeg", "photo.png.jpg"),
        ("no ending", "image/png", "no ending.png"),
        ("a" * 200, "image/png", "a" * 196 + ".png"),
    ],
)
def test_a_name_ends_as_its_content_says(name: str, kind: str, kept: str) -> None:
    assert named_as(name, kind) == kept


def test_office_documents_are_known_by_what_stands_in_them() -> None:
    odt = b"application/vnd.oasis.opendocument.text"
    word = packed(types=b"", **{"word__document.xml": b""})
    assert ALLOWED[content_type(word)] == ".docx"
    assert ALLOWED[content_type(packed(types=b"", **{"xl__workbook.xml": b""}))] == ".xlsx"
    assert content_type(packed(mimetype=odt)) == odt.decode()


def test_a_file_is_taken_off() -> None:
    number = anna()
    put(number, "a.txt", b"a text")
    browser_of().post(f"/customers/{number}/files/{card_json(OLGA, number)['files'][0]['key']}/remove/")
    assert not card_json(OLGA, number)["files"]


def test_a_field_is_defined_and_changed() -> None:
    browser = browser_of()
    form = {"label": "Binding", "type": "code", "choices": "paper\ncloth", "protection": "open"}
    assert browser.post("/settings/fields/", form).status_code == 303
    assert CustomField.objects.get().choices == ["paper", "cloth"]
    browser.post("/settings/fields/binding/", {**form, "choices": "paper\ncloth\nleather"})
    assert CustomField.objects.get().choices == ["paper", "cloth", "leather"]
    assert "custom.binding" in browser.get("/settings/fields/").content.decode()


def test_a_field_without_choices_to_choose_from_is_refused() -> None:
    answer = browser_of().post("/settings/fields/", {"label": "Binding", "type": "code", "protection": "open"})
    assert answer.status_code == 422 and "words to choose from" in answer.content.decode()

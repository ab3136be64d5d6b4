"""Files up and down, and the fields of the house."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regulars.areas.access.tests.people import browser_of
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
    answer = put(anna(), "page.txt", b"<script>alert(1)</script>")
    assert answer.status_code == 422 and "Only documents, pictures and plain text" in answer.content.decode()


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

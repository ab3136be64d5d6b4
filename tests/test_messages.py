"""The catalogue tool finds every text and every fault of a translation."""

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

spec = importlib.util.spec_from_file_location("messages", Path(__file__).parent.parent / ".ci/messages.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


def test_texts_of_code_and_templates_are_found(tmp_path):
    code = tmp_path / "pages.py"
    code.write_text('ngettext("%(n)s card", "%(n)s cards", 2)\npgettext("month", "May")\n_("Anna " "Berg")\n')
    page = tmp_path / "page.html"
    page.write_text(
        '{% translate "Find" %}{% blocktranslate trimmed with a=b %}\n Go to {{ a }}\n{% endblocktranslate %}'
    )
    assert [(key, context) for _, key, context, _ in tool.messages(code)] == [
        (("%(n)s card", "%(n)s cards"), None),
        ("May", "month"),
        ("Anna Berg", None),
    ]
    assert [key for _, key, _, _ in tool.messages(page)] == ["Find", "Go to %(a)s"]


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("{name} came", "{name} kam", None),
        ("{name} came", "{Name} kam", "other placeholders"),
        ("%(n)s cards", "Karten", "other placeholders"),
        ("Find", "", "not translated"),
    ],
)
def test_faults_of_a_translation(text, translation, fault):
    assert [each.partition(":")[0] for each in tool.wrong(Message(text, translation))] == ([fault] if fault else [])


def test_bringing_up_to_date_keeps_translations_and_drops_what_is_gone(tmp_path, monkeypatch):
    path = tmp_path / "de/LC_MESSAGES/django.po"
    first, second = Catalog(), Catalog()
    first.add("Find")
    first.add("Gone")
    second.add("Find")
    second.add("New")
    tool.bring_up_to_date(path, first)
    path.write_text(path.read_text().replace('"Find"\nmsgstr ""', '"Find"\nmsgstr "Suchen"'))
    tool.bring_up_to_date(path, second)
    assert tool.read(path)["Find"].string == "Suchen"
    assert list(tool.faults(path, second)) == ["not translated: 'New'"]
    before = path.read_bytes()
    tool.bring_up_to_date(path, second)
    assert path.read_bytes() == before


def test_a_text_of_djangos_own_is_said_as_django_says_it(tmp_path):
    path, texts = tmp_path / "de/LC_MESSAGES/django.po", Catalog()
    texts.add("May")  # a month
    texts.add("May", context="be allowed to")
    tool.bring_up_to_date(path, texts)
    path.write_text(path.read_text().replace('"May"\nmsgstr ""', '"May"\nmsgstr "Darf"'))
    assert [fault.partition(":")[0] for fault in tool.faults(path, texts)] == [
        "says it otherwise than Django, whose text it is too; give it a context"
    ]

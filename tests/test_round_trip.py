"""What is exported comes back through an import unchanged, and computes nothing on the way (H5)."""

import re
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from regulars.areas.customers.actions import add_customer, define_field, delete_customer, edit_customer, give_standing
from regulars.areas.customers.models import Customer, Reference
from regulars.areas.customers.queries import cards_clear, own_source
from regulars.areas.house.queries import house
from regulars.areas.intake import actions, queries
from regulars.areas.intake.models import Intake
from regulars.areas.intake.tests.lists import in_this_process
from regulars.areas.segments.queries.exporting import Export
from regulars.areas.segments.queries.formats import FORMATS, written
from regulars.kernel.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
OLGA = Actor(kind="user", name="Olga", rights=frozenset("*"))
RICH: dict[str, Any] = {
    "title": "Dr.", "given_name": "Anna", "family_name": "'t Hooft", "called_name": "=Anni", "birth_date": "--03-07",
    "gender": "female", "language": "de", "children": 2, "source": "fair, hall 4", "occupation": "+1 consultant",
    "emails": [{"value": "anna@example.com", "label": "home"}, {"value": "a@work.example", "label": "work"}],
    "phones": [{"value": "+4930901820"}, {"value": "+4915123456789", "label": "mobile"}],
    "addresses": [
        {"street": "Am Markt 1", "postcode": "01067", "city": "Dresden", "country": "DE", "label": "home"},
        {"city": "Berlin", "country": "DE", "valid_from": "2026-01-01"},
    ],
    "tags": ["VIP", "a, b", "@home"],
    "references": [
        {"source": "google", "value": "00017"}, {"source": "shop 2", "value": "9"}, {"source": "", "value": "x"},
    ],
    "works_at": [{"organisation": "Example GmbH", "job_title": "Buyer", "from": "2020-05-01"}],
    "notes": [{"text": "likes\njazz; and \"quotes\""}, {"text": "a ramp", "kind": "need"}],
    "social": [{"network": "instagram", "handle": "anna", "followers": 1200}],
    "households": [{"name": "Berg family", "role": "mother"}],
    "custom": {"shoe_size": 42, "budget": "1234.5 EUR", "since": "2024-02-29", "pet": "yes"},
}  # fmt: skip
OTHERS: list[dict[str, Any]] = [
    {"organisation_name": "Café @ Platz", "kind": "organisation", "addresses": [{"city": "=SUM(1)"}]},
    {"given_name": "Bert", "family_name": "-", "tags": ["'=1"]},
    {"references": [{"source": "google", "value": "18"}]},
]


@pytest.fixture
def house_of_some() -> list[int]:
    at = timezone.now()
    for label, kind in (("Shoe size", "number"), ("Budget", "money"), ("Since", "date"), ("Pet", "yesno")):
        define_field(label=label, type=kind, by=OLGA, at=at)
    made = [add_customer(card=card, by=OLGA, at=at) for card in (RICH, *OTHERS)]
    edit_customer(number=made[1], card={"referred_by": made[0]}, by=OLGA, at=at)
    give_standing(number=made[2], kind="minor", by=OLGA, at=at)
    return list(Customer.objects.order_by("number").values_list("number", flat=True))


def exported(ending: str, tmp_path, **more: Any):
    rules, at = house(), timezone.now()
    out = Export("", by=OLGA, today=rules.day(at), zone=rules.zone, everyone=True, **more)
    path = tmp_path / f"all.{ending}"
    path.write_bytes(b"".join(written(out, FORMATS[ending])))
    return path


def brought_in(path) -> dict[str, Any]:
    at = timezone.now()
    with path.open("rb") as file:
        intake: Intake = actions.inspect(file=file, name=path.name, by=OLGA, at=at)
    exporter = "vcard" if path.suffix == ".vcf" else "regulars"
    assert intake.mapping["exporter"] == exporter and queries.questions(intake) == []
    actions.run_to_end(actions.start_import(token=intake.token, by=OLGA, at=at))
    told = queries.result(queries.intake_for(OLGA, intake.token))
    assert told["state"] == "done", told["error"]
    return told


@pytest.mark.parametrize("ending", ["csv", "xlsx", "vcf"])
def test_the_same_house_learns_nothing_new(ending, house_of_some, tmp_path):
    before = cards_clear(OLGA, house_of_some)
    told = brought_in(exported(ending, tmp_path))
    assert told["rejected"] == []
    assert (told["unchanged"], told["changeset"]) == (len(house_of_some), None)
    assert cards_clear(OLGA, house_of_some) == before


def test_what_was_edited_in_the_file_is_edited_on_the_card(house_of_some, tmp_path):
    path = exported("csv", tmp_path)
    path.write_text(path.read_text("utf-8-sig").replace("Am Markt 1", "Am Markt 2").replace("Bert", "Bertram"), "utf-8")
    told = brought_in(path)
    assert (told["created"], told["rejected"]) == (0, [])
    assert Customer.objects.filter(given_name="Bertram").count() == 1


def bare(card: dict[str, Any]) -> dict[str, Any]:
    """The card without what a new one has of its own."""
    left = {"number", "version", "created_at", "updated_at", "key", "day", "by", "referred_by", "how"}
    found = {
        name: [{k: v for k, v in row.items() if k not in left} if isinstance(row, dict) else row for row in value]
        if isinstance(value, list)
        else value
        for name, value in card.items()
        if name not in left
    }
    others = [row for row in found["references"] if row["source"] != own_source()]
    found["references"] = sorted(others, key=lambda row: row["value"])
    found["notes"] = sorted(found["notes"], key=lambda row: row["text"])
    found["standings"] = list(card["standings"])
    return found


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_empty_house_gets_all_of_it(ending, house_of_some, tmp_path):
    path = exported(ending, tmp_path)
    before = {card["name"]: bare(card) for card in cards_clear(OLGA, house_of_some)}
    edit_customer(number=house_of_some[2], card={"referred_by": None}, by=OLGA, at=timezone.now())
    for number in Customer.objects.order_by("-kind", "number").values_list("number", flat=True):  # employers last
        delete_customer(number=number, by=OLGA, at=timezone.now())
    told = brought_in(path)
    assert [each for each in told["rejected"] if each["column"] != "referred_by"] == []
    now = cards_clear(OLGA, list(Customer.objects.order_by("number").values_list("number", flat=True)))
    after = {card["name"]: bare(card) for card in now}
    for name in before.keys() & after.keys():
        assert after[name] == before[name]
    assert "Dr. Anna 't Hooft" in after
    assert Reference.objects.filter(source=own_source()).exists()


BOOK: list[dict[str, Any]] = [  # all of these is said in an address book
    {"title": "Dr.", "given_name": "Anna", "family_name": "'t Hooft", "called_name": "Anni, the one", "gender": "other",
     "language": "da", "birth_date": "--02-29", "emails": [{"value": "anna@example.com", "label": "the shop; Kiel"}],
     "phones": [{"value": "+4930901820", "label": "mobile ext. 5"}, {"value": "+4930901821", "label": "work fax"},
                {"value": "+4930901822", "label": "mobile"}],
     "addresses": [{"street": "Weg 1", "street2": "Hinterhaus", "city": "Kiel", "country": "DE", "label": "delivery"}],
     "notes": [{"text": "a ramp", "kind": "need"}], "tags": ["a, b"]},
    {"title": "Frau", "family_name": "Berg", "birth_date": "1980-03-07"},
    {"kind": "organisation", "organisation_name": "Kiosk; Bar, Café", "emails": [{"value": "k@example.com"}]},
]  # fmt: skip


def test_an_address_book_gives_an_empty_house_what_it_can_say(tmp_path):
    made = [add_customer(card=card, by=OLGA, at=timezone.now()) for card in BOOK]
    path = exported("vcf", tmp_path)
    before = [bare(card) for card in cards_clear(OLGA, made)]
    for number in made:
        delete_customer(number=number, by=OLGA, at=timezone.now())
    assert (told := brought_in(path))["created"] == len(made) and told["rejected"] == []
    after = [bare(card) for card in cards_clear(OLGA, list(Customer.objects.values_list("number", flat=True)))]
    assert sorted(after, key=lambda card: card["name"]) == sorted(before, key=lambda card: card["name"])
    assert path.read_text().count("TYPE=CELL:") == 1 and "CELL,CELL" not in path.read_text()


def test_her_number_in_an_address_book_counts_in_its_own_house_alone(tmp_path):
    """Without a contact point, and though she came by another address book before."""
    came = {"given_name": "Anna", "family_name": "Berg", "references": [{"source": "vcard", "value": "other-uid"}]}
    number = add_customer(card=came, by=OLGA, at=timezone.now())
    path = exported("vcf", tmp_path)
    assert brought_in(path)["unchanged"] == 1 and Customer.objects.count() == 1
    path.write_text(re.sub(r"urn:regulars:\w+:", "urn:regulars:0123456789abcdef:", path.read_text()))
    assert brought_in(path)["created"] == 1
    assert Reference.objects.filter(source="regulars 01234567", value=str(number)).exists()


SIGNS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")) | st.sampled_from("'=+-@\t,;\"\n")
TEXTS = st.text(SIGNS, max_size=12)


@example(name="Ó¤ÌčKĪÑ§ē𨶫¼吖", tag="", note="", street="")  # looks garbled, and is not
@example(name="Berg", tag='12" ', note="", street="")
@example(name="Berg", tag="* starred", note="", street="")
# Each example is an export and an import: a failure is told at once, for making it small would take long.
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(name=TEXTS, tag=TEXTS, note=TEXTS, street=TEXTS)
def test_any_text_comes_back(tmp_path_factory, name, tag, note, street):
    card = {"given_name": "Anna", "family_name": name, "tags": [tag] if tag.strip() else []}
    card |= {"notes": [{"text": note}] if note.strip() else [], "addresses": [{"street": street, "city": "Berlin"}]}
    number = add_customer(card=card, by=OLGA, at=timezone.now())
    before = cards_clear(OLGA, [number])
    with in_this_process():  # the tests above read in a process of its own, as the house does
        told = brought_in(exported("csv", tmp_path_factory.mktemp("out")))
    assert (told["rejected"], told["created"], told["updated"]) == ([], 0, 0)
    assert cards_clear(OLGA, [number]) == before

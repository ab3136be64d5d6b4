"""Segments and lists that name a customer who is forgotten: reworded, still asked, still proved."""

import pytest

from regulars.areas.customers import actions as customers
from regulars.areas.customers.tests.people import NOW, OLGA, anna
from regulars.areas.house.queries import zone
from regulars.areas.journal.queries import verify
from regulars.areas.segments import actions
from regulars.areas.segments.models import FixedList, Listing, Segment
from regulars.areas.segments.queries import count

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]


def save(name: str, criteria: str) -> None:
    actions.save_segment(name=name, criteria=criteria, by=OLGA, at=NOW, today=NOW.date(), zone=zone())


def forget(number: int) -> None:
    customers.forget_customer(number=number, by=OLGA, at=NOW)


@pytest.mark.parametrize(
    ("criteria", "left"),
    [
        ('email = "anna@example.org"', 'email = "forgotten {}"'),
        ('phone = "+4915123456789" or city = "Ulm"', "number = {}"),
        ('phone = "0151 23456789"', "number = {}"),
        ('name contains "aeroskobing, ANNA"', 'name contains "forgotten {}"'),
        ('given_name = "Anna" and city = "Berlin"', 'given_name = "forgotten {}" and city = "Berlin"'),
        ('city = "Berlin"', 'city = "Berlin"'),
    ],
)
def test_criteria_lose_who_was_named_and_can_still_be_asked(criteria: str, left: str) -> None:
    number = anna()
    save("Some", criteria)
    save("More", 'segment "Some" and tag "VIP"')
    forget(number)
    assert Segment.objects.get(name="Some").criteria == left.format(number)
    assert count('segment "More"', by=OLGA, today=NOW.date(), zone=zone()) == 0
    assert verify().ok


def test_two_that_are_named_after_her_are_told_apart() -> None:
    number = anna()
    for name, criteria in (("Anna", "tag VIP"), ("Ærøskøbing", ""), ("Both", 'segment "ANNA" or segment "Ærøskøbing"')):
        save(name, criteria)
    forget(number)
    assert set(Segment.objects.values_list("name", "criteria")) == {
        (f"forgotten {number}", "tag = VIP"),
        (f"forgotten {number} 2", ""),
        ("Both", f'segment "forgotten {number}" or segment "forgotten {number} 2"'),
    }
    assert verify().ok


def test_a_name_with_odd_signs_that_names_her_is_still_found_by_criteria() -> None:
    number = anna()
    save('Anna "\\g" friends', "tag VIP")
    save("Both", r'segment "Anna \"\\g\" friends"')
    forget(number)
    named = Segment.objects.exclude(name="Both").get().name
    assert named == f'forgotten {number} "\\g" friends'
    assert Segment.objects.get(name="Both").criteria == rf'segment "forgotten {number} \"\\g\" friends"'


def test_a_whole_name_is_hers_where_each_half_is_somebody_elses_too() -> None:
    number = anna()
    for given, family in (("Anna", "Meier"), ("Sören", "Ærøskøbing")):
        customers.add_customer(card={"given_name": given, "family_name": family}, by=OLGA, at=NOW)
    save("Anna Ærøskøbing and friends", 'given_name = "Anna"')
    forget(number)
    assert Segment.objects.get().name == f"forgotten {number} and friends"
    assert Segment.objects.get().criteria == 'given_name = "Anna"'


def test_every_version_is_reworded_and_proved() -> None:
    number = anna()
    save("Like Ærøskøbing", 'email = "anna@example.org"')
    save("Like Ærøskøbing", "")
    forget(number)
    assert set(Segment.past._default_manager.values_list("criteria", flat=True)) == {f'email = "forgotten {number}"'}
    assert Segment.objects.get().name == f"Like forgotten {number}" and verify().ok


def test_a_word_that_others_have_too_stays() -> None:
    number = anna(family_name="Berg")
    customers.add_customer(card={"family_name": "Berg"}, by=OLGA, at=NOW)
    save("Berg", 'family_name = "Berg"')
    save("Bergfest", 'email = "anna@example.org"')
    forget(number)
    assert set(Segment.objects.values_list("name", flat=True)) == {"Berg", "Bergfest"}
    assert Segment.objects.get(name="Berg").criteria == 'family_name = "Berg"'


def test_she_leaves_lists_and_they_stay() -> None:
    number = anna()
    actions.make_list(name="For anna@example.org", by=OLGA, at=NOW)
    actions.act_on_many(deed="list", value="For anna@example.org", numbers=[number], by=OLGA, at=NOW)
    assert Listing.objects.exists()
    forget(number)
    assert not Listing.objects.exists() and FixedList.objects.get().name == f"For forgotten {number}" and verify().ok


def test_two_forgettings_reword_one_another_s_words() -> None:
    """A payload that was said anew for one is said anew again for the other."""
    first, second = anna(), customers.add_customer(card={"emails": [{"value": "ben@x.org"}]}, by=OLGA, at=NOW)
    save("Both", 'email = "anna@example.org" or email = "ben@x.org"')
    forget(first)
    forget(second)
    told = Segment.objects.get().criteria
    assert told == f'email = "forgotten {first}" or email = "forgotten {second}"' and verify().ok

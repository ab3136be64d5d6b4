"""Search keys that wait while a long first list comes in: cards may change meanwhile, and all are found afterwards."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from regulars.areas.customers.actions import delete_customer, edit_customer, fill_search_keys, fill_search_keys_soon
from regulars.areas.customers.card import at_rest, keys
from regulars.areas.customers.card.findable import names_in
from regulars.areas.customers.jobs import wake_search_keys
from regulars.areas.customers.models import Customer, SearchText, SearchWord
from regulars.areas.customers.queries.searching import MARK, search
from regulars.areas.customers.tests.people import BEN, NOW, OLGA, anna
from regulars.kernel import jobs
from regulars.kernel.databases import trigrams
from regulars.kernel.models import Job, Mark

pytestmark = pytest.mark.django_db
INDEX = f"{keys.TEXT}_trigram"


def found(asked: str) -> list[str]:
    return sorted(hit.name for hit in search(BEN, asked).hits)


def let_wait(*numbers: int) -> None:
    """As the last rows of a list that came in: their texts stand, and nothing is taken in."""
    texts = keys.texts(numbers)
    SearchText.objects.filter(number__in=numbers).delete()
    for text in texts.values():
        for word in names_in(text):
            SearchWord.objects.filter(word=word).delete()
    keys.keep_new(sorted(texts.items()), at_rest=True)
    Mark.objects.create(name=MARK, value="due")


def all_counted() -> bool:
    told = keys.texts(list(Customer.objects.values_list("number", flat=True)))
    words = [word for text in told.values() for word in names_in(text)]
    kept = dict(SearchWord.objects.values_list("word", "count"))
    return dict(SearchText.objects.values_list("number", "text")) == told and kept == {
        word: words.count(word) for word in words
    }


def test_who_changes_or_goes_while_her_keys_wait_is_counted_once() -> None:
    stays, changes, goes = (anna(given_name=name, title="") for name in ("Stine", "Carla", "Gerda"))
    let_wait(stays, changes, goes)
    edit_customer(number=changes, card={"given_name": "Cosima"}, by=OLGA, at=NOW)
    delete_customer(number=goes, by=OLGA, at=NOW)
    later = anna(given_name="Lotte", title="")
    assert not search(BEN, "stine").whole
    fill_search_keys()
    assert search(BEN, "stine").whole and all_counted() and not keys.astray()
    assert not trigrams.lacking(connection, keys.TEXT, "number", 0, 10)
    assert [len(found(name)) for name in ("stine", "cosima", "lotte", "carla", "gerda")] == [1, 1, 1, 0, 0]
    delete_customer(number=stays, by=OLGA, at=NOW)
    delete_customer(number=changes, by=OLGA, at=NOW)
    delete_customer(number=later, by=OLGA, at=NOW)
    assert not SearchWord.objects.exists()


def test_two_who_fill_them_in_at_once_count_nobody_twice() -> None:
    waiting = [anna(given_name=name) for name in ("Stine", "Carla")]
    let_wait(*waiting)
    keys.take_in(waiting)  # the other was quicker
    keys.take_in(waiting)
    assert all_counted() and len(found("carla")) == 1


def test_filling_leaves_the_mark_of_a_list_that_is_under_way() -> None:
    """A job that was asked for before it began may run late; the list's last keys still wait then."""
    with at_rest.keys_at_rest():
        fill_search_keys()
        assert Mark.objects.get(name=MARK).value == "at rest"


def test_filling_leaves_the_mark_of_a_list_that_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    let_wait(anna(given_name="Stine"))
    fill_search_keys_soon()
    assert Job.objects.filter(task__endswith=".fill_search_keys").count() == 1
    with at_rest.keys_at_rest():
        assert Mark.objects.get(name=MARK).value == "at rest"
        fill_search_keys_soon()
        assert Job.objects.filter(task__endswith=".fill_search_keys").count() == 1
        real = trigrams.lacking

        def another_list_begins(*told):
            at_rest._rest_as("at rest")
            return real(*told)

        monkeypatch.setattr(trigrams, "lacking", another_list_begins)
        fill_search_keys()
    assert Mark.objects.get(name=MARK).value == "due"
    monkeypatch.setattr(trigrams, "lacking", real)
    jobs.run_due()
    assert not Mark.objects.filter(name=MARK).exists() and all_counted()


@pytest.mark.parametrize("state", ["at rest", "filling", "due"])
def test_what_a_kill_left_is_filled_in_at_night(state: str) -> None:
    let_wait(anna(given_name="Stine"))
    Mark.objects.filter(name=MARK).update(value=state)
    wake_search_keys()
    jobs.run_due()
    assert not Mark.objects.filter(name=MARK).exists() and all_counted() and len(found("stine")) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="about PostgreSQL, where the index itself rests")
@pytest.mark.django_db(transaction=True)
def test_the_index_of_postgresql_rests_and_is_made_anew_also_over_one_that_is_of_no_use() -> None:
    def stands() -> list[bool]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [INDEX])
            return [valid for (valid,) in cursor.fetchall()]

    anna(given_name="Stine")
    assert stands() == [True]
    with at_rest.keys_at_rest():
        assert stands() == [] and len(found("tin")) == 1
        anna(given_name="Carla")
    fill_search_keys()
    assert stands() == [True] and len(found("arl")) == 1 and all_counted()
    with connection.cursor() as cursor:  # as a kill in the middle of making it leaves it
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)", [INDEX])
    fill_search_keys()
    assert stands() == [True]


def test_here_and_now() -> None:
    let_wait(anna(given_name="Stine"))
    fill_search_keys_soon(here=True)
    assert search(BEN, "stine").whole and all_counted()
    fill_search_keys_soon(here=True)


@pytest.mark.django_db(transaction=True)
def test_what_an_older_version_counted_before_its_index_is_counted_once() -> None:
    waits = anna(given_name="Stine")
    anna(given_name="Carla")
    with connection.schema_editor() as editor:
        count_anew = import_module("regulars.areas.customers.migrations.0010_words_counted_with_the_index").count_anew
        count_anew(apps, editor)
        assert SearchWord.objects.exists()
        trigrams.take_out(*keys.INDEX, [waits])  # its words are counted still
        Mark.objects.create(name=MARK, value="at rest")
        count_anew(apps, editor)
    fill_search_keys_soon(here=True)
    assert all_counted() and not trigrams.lacking(connection, keys.TEXT, "number", 0, 10)

"""What both databases promise alike; the cases of one alone are in `test_sqlcipher.py`."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.kernel import databases
from regulars.kernel.databases import KeyField
from regulars.kernel.text import fold

pytestmark = pytest.mark.django_db


def folded(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {databases.fold_sql('%s')}", [text])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "text",
    ["Sørensen", "STRAẞE", "ÅRHUS", "İstanbul", "  a \u2003 b\u00a0", "Σίσυφος", "ﬁn", "ᾳ", "Łódź", "d’Arc", "हिन्दी"],
)
def test_the_database_folds_as_python_does(text: str) -> None:
    assert folded(text) == fold(text)


LATIN = st.characters(max_codepoint=0x52F, exclude_categories=["Cs", "Cn"], exclude_characters="\0")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LATIN, max_size=8))
def test_the_database_folds_any_european_text_as_python_does(text: str) -> None:
    assert folded(text) == fold(text)


class Sample(models.Model):
    """Not of the product: one column of each kind."""

    key = KeyField()
    at = models.DateTimeField(null=True)
    on = models.DateField(null=True)
    yes = models.BooleanField(default=False)
    raw = models.BinaryField(default=b"")
    json = models.JSONField(null=True)

    objects: models.Manager["Sample"] = models.Manager()

    class Meta:
        app_label = "kernel_sample"
        managed = False


@pytest.fixture
def sample() -> None:
    statement, values = connection.schema_editor().table_sql(Sample)
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


MOMENT = datetime(2026, 11, 22, 9, 30, 0, 5, tzinfo=UTC)
FIELDS = ("id", "key", "at", "on", "yes", "raw", "json")


def test_bulk_inserted_rows_are_what_the_orm_writes(sample: None) -> None:
    values = [(1, "æ", MOMENT, date(2026, 2, 28), True, b"\0\xff", {"ü": [1]}), (2, "", None, None, False, b"", None)]
    turns = [databases.adapter(connection, Sample._meta.get_field(name)) or (lambda value: value) for name in FIELDS]
    rows = [[turn(value) for turn, value in zip(turns, row, strict=True)] for row in values]
    databases.bulk_insert(connection, Sample._meta.db_table, FIELDS, rows)
    Sample.objects.create(id=3, key="æ", at=MOMENT, on=date(2026, 2, 28), yes=True, raw=b"\0\xff", json={"ü": [1]})
    one, two, three = Sample.objects.order_by("id")
    assert [getattr(one, name) for name in FIELDS[1:]] == [getattr(three, name) for name in FIELDS[1:]]
    assert (two.at, two.on, two.yes, bytes(two.raw), two.json) == (None, None, False, b"", None)
    assert Sample.objects.filter(at=MOMENT, on="2026-02-28", yes=True).count() == 2


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
ROWS = st.tuples(
    TEXTS, st.one_of(st.none(), st.just(MOMENT)), st.booleans(), st.one_of(st.none(), st.just(date(2026, 2, 28)))
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(common=ROWS, apart=st.lists(st.tuples(st.integers(0, 79), st.integers(0, 3), ROWS), max_size=6))
def test_many_rows_are_what_they_were_whatever_they_have_in_common(sample: None, common: Any, apart: Any) -> None:
    wanted = [list(common) for _row in range(80)]
    for place, column, other in apart:
        wanted[place][column] = other[column]
    names = ("key", "at", "yes", "on")
    turns = [databases.adapter(connection, Sample._meta.get_field(name)) or (lambda value: value) for name in names]
    rows = [
        [place, *(turn(value) for turn, value in zip(turns, row, strict=True)), b""]
        for place, row in enumerate(wanted, 1)
    ]
    databases.bulk_insert(connection, Sample._meta.db_table, ("id", *names, "raw"), rows)
    kept = list(Sample.objects.order_by("id").values_list(*names))
    Sample.objects.all().delete()
    assert kept == [tuple(row) for row in wanted]


def test_keys_are_ordered_by_code_point(sample: None) -> None:
    for key in ("b", "a b", "ab", "B", "z{", "é"):
        Sample.objects.create(key=key)
    assert list(Sample.objects.order_by("key").values_list("key", flat=True)) == ["B", "a b", "ab", "b", "z{", "é"]


def test_what_is_whole_is_found_whole() -> None:
    assert databases.quick_integrity(connection) == []


@pytest.mark.django_db(transaction=True)
def test_the_writer_lock_is_held_by_one() -> None:
    from threading import Thread

    from django.db import connections, transaction

    order: list[str] = []

    def second() -> None:
        with transaction.atomic():
            databases.writer_lock(connections["default"])
            order.append("second")
        connections.close_all()

    with transaction.atomic():
        databases.writer_lock(connection)
        thread = Thread(target=second)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_table_tells_its_columns() -> None:
    """As Django's introspection does, of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            described = connection.introspection.get_table_description(cursor, table)
            assert databases.columns(connection, table) == {each.name for each in described}, table

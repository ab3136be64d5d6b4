"""What migrations work out for rows that stood there before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from regulars.areas.customers.actions import add_customer, delete_customer
from regulars.areas.customers.models import Address
from regulars.areas.customers.tests.people import NOW, OLGA

pytestmark = pytest.mark.django_db(transaction=True)


def test_regions_are_folded_also_those_of_the_past() -> None:
    for region in ("Île-de-France", "ÖSTERREICH", ""):
        card = {"given_name": "Anna", "addresses": [{"city": "x", "region": region}]}
        number = add_customer(card=card, by=OLGA, at=NOW)
        if region.startswith("Ö"):
            delete_customer(number=number, by=OLGA, at=NOW)
    there = Address.objects.order_by("id")
    before = Address.past._default_manager
    folded = [list(rows.values_list("region_fold", flat=True)) for rows in (there, before)]
    assert folded == [["ile-de-france", ""], ["osterreich"]]
    there.update(region_fold="")
    before.update(region_fold="")
    with connection.schema_editor() as editor:
        import_module("regulars.areas.customers.migrations.0008_region_found_folded").fill(apps, editor)
    assert folded == [list(rows.values_list("region_fold", flat=True)) for rows in (there, before)]

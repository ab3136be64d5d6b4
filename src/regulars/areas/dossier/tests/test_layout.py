"""Every fact that a person may set has its place on the card, also one declared tomorrow."""

import pytest
from django.utils.translation import gettext_lazy

from regulars.areas.dossier.face import layout
from regulars.kernel import registries
from regulars.kernel.registries import Column, Fact, Member

pytestmark = pytest.mark.django_db
ELSEWHERE = {"kind_of"}


def on_the_card() -> set[str]:
    return {fact.name for block in layout.blocks() for part in block.parts for fact in part.facts}


def test_every_writable_fact_stands_in_some_part() -> None:
    wanted = {
        name
        for name, fact in registries.facts().items()
        if fact.writable and isinstance(fact.source, Column | Member) and fact.group not in ("files",)
    }
    missing = {name for name in wanted - on_the_card() if not getattr(registries.facts()[name].source, "where", ())}
    assert not missing


def test_a_fact_declared_in_one_place_is_on_the_card(monkeypatch) -> None:
    fresh = Fact(name="hat_size", type="text", label=gettext_lazy("Hat size"), purpose="x", source=Column("occupation"))
    monkeypatch.setitem(registries.REGISTRY.facts, "hat_size", fresh)
    assert "hat_size" in on_the_card()


def test_no_part_is_named_twice() -> None:
    names = [part.name for block in layout.blocks() for part in block.parts]
    assert len(names) == len(set(names))

"""What every question stands on: the house's settings, its facts, its segments, the keys of its sealed facts."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from regulars.areas.house.queries import House, house
from regulars.areas.segments.language.meaning import Ground
from regulars.areas.segments.models import FixedList, Segment
from regulars.kernel import registries
from regulars.kernel.actor import Actor
from regulars.kernel.registries import Fact


def ground_of(
    by: Actor, today: date, zone: ZoneInfo, segments: Mapping[str, str] | None = None, rules: House | None = None
) -> Ground:
    """The ground of a question asked by somebody on a house day; `rules` spares reading the settings again."""
    settings = rules or house()
    return Ground(
        by=by,
        today=today,
        zone=zone,
        facts=registries.facts(),
        country=settings.country,
        currency=settings.currency,
        segments=_Lazy(segments_by_name) if segments is None else segments,
        lists=_Lazy(lists_by_name),
        blind=_blind,
        phone=_phone,
    )


def segments_by_name() -> dict[str, str]:
    """Every segment's criteria by its name."""
    return dict(Segment.objects.order_by("key").values_list("name", "criteria"))


def lists_by_name() -> dict[str, int]:
    """Every list's row by its name."""
    return dict(FixedList.objects.order_by("key").values_list("name", "pk"))


class _Lazy[Value](Mapping[str, Value]):
    """What is saved by name, read when the first is asked for: most questions name none."""

    def __init__(self, read: Callable[[], dict[str, Value]]) -> None:
        self._read = read
        self._known: dict[str, Value] | None = None

    def _all(self) -> dict[str, Value]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def __getitem__(self, name: str) -> Value:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _blind(fact: Fact, text: str) -> Any:
    from regulars.areas.customers.card.sealing import index_of

    return index_of(fact, text)


def _phone(text: str, country: str) -> str:
    from regulars.kernel.phones import clean_phone

    clean: Callable[[str, str], str] = clean_phone
    return clean(text, country)

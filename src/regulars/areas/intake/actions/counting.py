"""What became of the rows so far, and how those were recognised that were known."""

from collections.abc import Collection
from dataclasses import dataclass

from regulars.areas.customers.actions.recognising import Known


@dataclass(slots=True)
class Counts:
    """`rows` is the sum of what became of them; organisations made on the way stand beside it, as do the places that
    were blacked out, those that look wrong, and by what the known ones were recognised: reference (or the same row),
    e-mail address, phone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    organisations: int = 0
    blacked: int = 0
    doubted: int = 0
    by_reference: int = 0
    by_email: int = 0
    by_phone: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.refused

    def recognise(self, known: Known, passing: Collection[int] = ()) -> None:
        """Counts whom this round recognised, without the cards `passing` through it a second time."""
        for place, _number, by_reference in known.matched:
            if place not in passing:
                self.recognised("reference" if by_reference else "phone" if place in known.by_phone else "email")

    def recognised(self, by: str, count: int = 1) -> None:
        setattr(self, f"by_{by}", getattr(self, f"by_{by}") + count)

    def plain(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in Counts.__slots__}

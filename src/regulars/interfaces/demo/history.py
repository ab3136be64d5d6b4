"""What three people of the shop did since the list came in: a deed or two an hour on the days the shop is open."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from regulars.areas.consent import actions as consent
from regulars.areas.customers import actions as customers
from regulars.areas.house.queries import house
from regulars.areas.journal import actions as journal
from regulars.areas.segments import actions as segments
from regulars.interfaces.demo import town, words
from regulars.interfaces.demo.people import NUMBERED_FROM, Row
from regulars.kernel.actor import Actor

if TYPE_CHECKING:
    from regulars.interfaces.demo.filling import Team

_AT_MOST = 150  # deeds on single cards, however large the register
_SEGMENTS = (
    ("Crime readers", "custom.favourite_genre = Crime and not prospect", "For the crime evening on the first Friday"),
    ("Birthdays this week", "birthday in next 7 days and not deceased and not do_not_contact", "A card and a bookmark"),
    ("May be written to", "email is not empty and not refused(email, offers) and not do_not_contact", ""),
)  # fmt: skip
_LIST = "Harbour festival helpers"

Step = Callable[[Actor, datetime], object]


def lived(rows: list[Row], callers: list[Row], team: "Team", *, begun: datetime, now: datetime) -> None:
    """All of it, in the order of its days; the last of it today. `callers` become customers in the last days."""
    rng = Random(len(rows))  # noqa: S311  # invented deeds, no secret
    here = _Days(rows, callers, team, rng)
    steps = list(here.steps())
    for (by, step), at in zip(steps, _moments(len(steps), begun, now, rng), strict=True):
        step(by, at)


def _moments(count: int, begun: datetime, now: datetime, rng: Random) -> list[datetime]:
    """So many moments in the hours the shop is open, in order; five of them within the last hours."""
    zone, days = house().zone, (now - begun).days
    found: list[datetime] = []
    while len(found) < count - 5:
        day = (begun + timedelta(days=rng.random() ** 0.7 * (days - 1))).astimezone(zone)
        if day.weekday() not in (0, 6):
            found.append(day.replace(hour=rng.randint(9, 17), minute=rng.randint(0, 59), second=rng.randint(0, 59)))
    recent = [now - timedelta(minutes=minutes) for minutes in (212, 147, 96, 41, 12)]
    return [at.astimezone(now.tzinfo) for at in [*sorted(each for each in found if each < recent[0]), *recent]]


class _Days:
    """What is done to whom. Each customer that is drawn is drawn once."""

    def __init__(self, rows: list[Row], callers: list[Row], team: "Team", rng: Random) -> None:
        self.rng, self.rows, self.callers = rng, rows, callers
        self.owner = team.actor(team.owner, "dossier:edit")
        self.manager = team.actor(team.manager, "dossier:edit")
        self.staff = team.actor(team.staff, "dossier:edit")
        self.persons = [place for place, row in enumerate(rows) if row.get("given")]
        rng.shuffle(self.persons)
        self.taken_back: int | None = None

    def steps(self) -> Iterator[tuple[Actor, Step]]:
        yield from self._first()
        usual = (
            self._met,
            self._moved,
            self._met,
            self._telephone,
            self._yes,
            self._met,
            self._tagged,
            self._no,
            self._likes,
        )
        for place in range(min(_AT_MOST, len(self.rows) // 3)):
            if (found := self._somebody()) is not None:
                by = self.rng.choice((self.staff, self.staff, self.manager, self.owner))
                yield by, usual[place % len(usual)](found)
        yield from self._last()

    def _somebody(self, **has: str) -> int | None:
        """The place of somebody who was not drawn before and whose row has these values."""
        for at, place in enumerate(self.persons):
            if all(self.rows[place].get(name, "") == value for name, value in has.items()):
                return self.persons.pop(at)
        return None

    # --- as it comes --------------------------------------------------------------------------------------------------

    def _edit(self, place: int, **card: object) -> Step:
        return lambda by, at: customers.edit_customer(number=NUMBERED_FROM + place, card=card, by=by, at=at)

    def _met(self, place: int) -> Step:
        return self._edit(place, notes=[{"text": self.rng.choice(words.MET)}])

    def _moved(self, place: int) -> Step:
        home = town.home_in_town(self.rng)
        parts = {"street": home.street, "postcode": home.postcode, "city": home.city, "country": home.country}
        return self._edit(place, addresses=[parts], territory=home.territory)

    def _telephone(self, place: int) -> Step:
        return self._edit(place, preferred_channel="phone", preferred_hours=self.rng.choice(("after six", "mornings")))

    def _tagged(self, place: int) -> Step:
        return self._edit(place, tags=[self.rng.choice(words.TAGS)])

    def _likes(self, place: int) -> Step:
        return self._edit(place, custom={"favourite_genre": self.rng.choice(words.GENRES)})

    def _yes(self, place: int) -> Step:
        return lambda by, at: consent.give(
            number=NUMBERED_FROM + place, channels=["email"], purposes=["offers"], by=by, at=at, heard="At the counter"
        )

    def _no(self, place: int) -> Step:
        return lambda by, at: consent.refuse(
            number=NUMBERED_FROM + place, channels=["phone"], purposes=["all"], by=by, at=at, heard="On the telephone"
        )

    # --- what a visitor shall find ------------------------------------------------------------------------------------

    def _first(self) -> Iterator[tuple[Actor, Step]]:
        for name, criteria, told in _SEGMENTS:
            yield self.manager, self._segment(name, criteria, told)
        yield self.manager, lambda by, at: segments.make_list(name=_LIST, description="Ask in June", by=by, at=at)
        helpers = [found for _each in range(7) if (found := self._somebody(tags="")) is not None]
        yield self.manager, self._listed([NUMBERED_FROM + place for place in helpers])

    def _last(self) -> Iterator[tuple[Actor, Step]]:
        """Some put away, some left in peace, a prospect won, a slip taken back; a godmother and her godchild."""
        for reason in words.GONE[: max(1, len(self.rows) // 60)]:
            yield from self._stands(self.owner, "archived", reason)
        for reason in words.NO_REASONS[: max(1, len(self.rows) // 60)]:
            yield from self._stands(self.staff, "do_not_contact", reason)
        for caller in self.callers[1:]:
            yield self.staff, self._called(caller)
        if (won := self._somebody(prospect="yes")) is not None:
            yield self.staff, lambda by, at: customers.become_customer(number=NUMBERED_FROM + won, by=by, at=at)
        child, other = self._somebody(minor="yes"), self._somebody(deceased="")
        if child is not None and other is not None:
            bond = {"number": NUMBERED_FROM + other, "kind": "buys_for"}
            yield self.staff, self._edit(child, relations=[bond])
        if (slip := self._somebody(deceased="", minor="")) is not None:
            yield self.staff, self._slip(slip)
            yield self.staff, self._back()
        for caller in self.callers[:1]:
            yield self.staff, self._called(caller)
        if (fresh := self._somebody(prospect="", deceased="")) is not None:
            yield self.staff, self._met(fresh)

    def _stands(self, by: Actor, kind: str, reason: str) -> Iterator[tuple[Actor, Step]]:
        if (found := self._somebody(deceased="", minor="", prospect="", peace="")) is None:
            return
        number = NUMBERED_FROM + found
        if kind == "archived":
            yield by, lambda by, at: customers.archive_customer(number=number, by=by, at=at, reason=reason)
        else:
            yield by, lambda by, at: customers.give_standing(number=number, kind=kind, by=by, at=at, reason=reason)

    def _segment(self, name: str, criteria: str, told: str) -> Step:
        def save(by: Actor, at: datetime) -> object:
            return segments.save_segment(
                name=name, criteria=criteria, description=told, by=by, at=at, today=house().day(at), zone=house().zone
            )

        return save

    def _listed(self, numbers: list[int]) -> Step:
        return lambda by, at: segments.act_on_many(deed="list", value=_LIST, numbers=numbers, by=by, at=at)

    def _called(self, row: Row) -> Step:
        names = {"given_name": row["given"], "family_name": row["family"]}
        reach = {fact: [row[word]] for fact, word in (("phones", "phone"), ("emails", "email")) if row.get(word)}
        return lambda by, at: customers.add_customer(card={**names, **reach}, by=by, at=at)

    def _slip(self, place: int) -> Step:
        def slip(by: Actor, at: datetime) -> None:
            row = self.rows[place]
            card = {"family_name": f"{row['family']}x", "occupation": "Lighthouse keeper"}
            self.taken_back = customers.edit_customer(number=NUMBERED_FROM + place, card=card, by=by, at=at)

        return slip

    def _back(self) -> Step:
        def back(by: Actor, at: datetime) -> None:
            if self.taken_back is not None:
                journal.undo(changeset=self.taken_back, by=by, at=at)

        return back

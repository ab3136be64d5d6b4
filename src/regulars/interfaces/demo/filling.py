"""The demo's house: founded weeks ago, its list brought in, its people at work since. All of it by the real actions."""

import csv
import secrets
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import TextIOWrapper
from typing import Any

from regulars.areas.access import actions as access
from regulars.areas.access.models import User
from regulars.areas.access.queries import actor_for
from regulars.areas.customers.actions import define_field
from regulars.areas.house.queries import house
from regulars.areas.intake import actions as intake
from regulars.areas.intake.models import Intake
from regulars.areas.intake.queries import intake_for
from regulars.interfaces.demo import history, people, sales, town, words
from regulars.kernel.actor import Actor

FOUNDED = timedelta(days=58)
_KIN = 1_000  # rows that name other cards or a household: each costs the import a look of its own
_CALLERS, _SOME = 3, 60  # who comes in the last days, where there are at least so many customers
_BOUND = ("household", "employer", "prospect", "minor", "deceased", "peace", "no_email", "no_phone", "no_post")
_LIST = "customers of Harbour Lights Books.csv"
_SENT = "who sent whom.csv"
Watched = Callable[[Intake], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Team:
    """Who works in the shop. `password` is the owner's, made for this demo and known to nobody before."""

    owner: User
    password: str
    manager: User
    staff: User

    def actor(self, user: User, route: str) -> Actor:
        return actor_for(user).coming(through="page", detail=route)


def fill(count: int, *, now: datetime, language: str = "en", watched: Watched = lambda _intake: nullcontext()) -> Team:
    """A house with so many customers and a history up to `now`. The owner's screen speaks `language`."""
    begun = now - FOUNDED
    team = _founded(begun, language)
    _facts(team, begun + timedelta(hours=1))
    today = house().day(now)
    rows = list(people.rows(count, today=today))
    for row in rows[_KIN:]:
        row.pop("household", None)
        row.pop("role", None)
    rows, callers = _apart(rows)
    owner = team.actor(team.owner, "import")
    _bring_in(_LIST, rows, people.COLUMNS, by=owner, at=begun + timedelta(hours=2), watched=watched)
    sent = _referrals(rows)
    if sent:
        columns = {"reference": "reference", "by": "referred_by"}
        _bring_in(_SENT, sent, columns, by=owner, at=begun + timedelta(days=3), watched=watched)
    history.lived(rows, callers, team, begun=begun + timedelta(days=8), now=now)
    sales.sold(by=team.actor(team.owner, "purchases"), now=now)
    return team


def _apart(rows: list[people.Row]) -> tuple[list[people.Row], list[people.Row]]:
    """The rows of the list, and apart from it a few grown-ups on their own, who come to the shop only this week."""
    alone = [place for place, row in enumerate(rows) if row.get("given") and not any(map(row.get, _BOUND))]
    apart = set(alone[-_CALLERS:] if len(rows) >= _SOME else ())
    listed = [row for place, row in enumerate(rows) if place not in apart]
    return listed, [rows[place] for place in sorted(apart)]


def _founded(at: datetime, language: str) -> Team:
    """The owner by the first start's own deed, the others by her invitation."""
    given = access.first_link("", at=at).rstrip("/").rpartition("/")[2]
    password = secrets.token_urlsafe(12)
    owner = access.found_house(
        given=given, at=at, login="morwenna@harbourlights.example", name="Morwenna Pascoe", password=password,
        language=language, settings=town.SETTINGS, through="command", detail="demo",
    )  # fmt: skip
    by = actor_for(owner).coming(through="page", detail="person_add")
    invited = (("ingrid", "Ingrid Holm", "manager"), ("jory", "Jory Nance", "staff"))
    links = [
        access.add_user(
            by=by, at=at + timedelta(minutes=20), login=f"{login}@harbourlights.example", name=name, role=role,
            language="en",
        )[1]
        for login, name, role in invited
    ]  # fmt: skip
    manager, staff = (_joined(given, at=at + timedelta(minutes=25)) for given in links)
    return Team(owner, password, manager, staff)


def _joined(given: str, *, at: datetime) -> User:
    """Who was invited has come: with a password that nobody will ever know."""
    return access.choose_password(given=given, password=secrets.token_urlsafe(24), at=at, through="page", detail="join")


def _facts(team: Team, at: datetime) -> None:
    by = team.actor(team.owner, "customers:fields")
    for each in (
        {"label": "Favourite genre", "type": "code", "choices": list(words.GENRES), "purpose": "to suggest books"},
        {"label": "Reading circle", "type": "yesno", "purpose": "to invite to the circle’s evenings"},
        {"label": "Customer since", "type": "date", "purpose": "to thank for many years"},
        {"label": "Gift budget", "type": "money", "purpose": "to suggest presents that fit"},
    ):
        define_field(by=by, at=at, **each)


def _referrals(rows: list[people.Row]) -> list[dict[str, str]]:
    """Who came by a friend was sent by somebody who stands before her in the list: so no circle can close."""
    first = sum(1 for row in rows if row.get("firm"))
    came = [place for place, row in enumerate(rows) if row["source"] == "friend" and place > first]
    return [
        {
            "reference": rows[place]["reference"],
            "by": str(people.NUMBERED_FROM + first + (place * 7919) % (place - first)),
        }
        for place in came
        if place % 2
    ][:_KIN]


def _bring_in(
    name: str, rows: Iterable[dict[str, str]], columns: dict[str, Any], *, by: Actor, at: datetime, watched: Watched
) -> None:
    """One file by the import's own way. Only the same customer number makes two rows one customer."""
    with tempfile.TemporaryFile() as file:
        text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.DictWriter(text, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
        text.detach()
        file.seek(0)
        mapping = {"source": "card index", "columns": columns}
        taken = intake.inspect(file=file, name=name, by=by, at=at, mapping=mapping, existing="add")
    started = intake.start_import(token=taken.token, by=by, at=at)
    with watched(taken):
        intake.run_to_end(started)
    done = intake_for(by, taken.token)
    if done.state != "done" or done.counts["refused"]:
        raise RuntimeError(f"{name}: {done.state}, {done.counts}, {done.error}")

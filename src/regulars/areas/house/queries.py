"""What the house is, now or at a moment; which day it has."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.areas.house.models import DECLARED, SETTINGS, Declared, Setting
from regulars.areas.journal.models import Link
from regulars.areas.journal.queries import Moment, as_of, looking_back, moment_at, moment_named
from regulars.kernel import saying, text
from regulars.kernel.prepared import Prepared


@dataclass(frozen=True, slots=True)
class House:
    """Every setting with its value. `hours` has seven entries from Monday, `"09:00-12:30, 14:00-18:00"`, '' closed."""

    name: str
    email: str
    phone: str
    hours: tuple[str, ...]
    country: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    default_language: str
    quiet_after_days: int
    lost_after_days: int
    gold_percent: int
    check_after_months: int
    merge_surely: bool
    session_idle_minutes: int
    session_hours: int
    second_factor_for_all: bool
    own_customers_only: bool
    own_customers_only_marketing: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day(self, at: datetime) -> date:
        """The house's day at an instant (aware)."""
        return at.astimezone(self.zone).date()


def house(at: datetime | None = None) -> House:
    """The settings as they stand, or as they stood at an instant. One statement; ask once per request or job.

    Not kept between calls: another process may change a setting at any time, and reading the few rows costs less
    than asking whether they changed.
    """
    found = House(**{each.name: _typed(each.default) for each in SETTINGS} | chosen(at))
    if at is None and looking_back() is None:
        text.House.language = found.default_language
    return found


def chosen(at: datetime | None = None) -> dict[str, Any]:
    """Only the settings somebody has chosen, by name."""
    rows = _SETTINGS.rows() if at is None else _rows_at(at)
    known = {each.name for each in SETTINGS}
    return {name: _typed(value) for name, value in rows if name in known}


_SETTINGS = Prepared(lambda _none: Setting.objects.values_list("name", "value"))


def zone() -> ZoneInfo:
    return house().zone


def today(at: datetime) -> date:
    """The house's day at an instant: where the house stands it may already be tomorrow."""
    return house().day(at)


def moment_asked(asked: str, *, now: datetime) -> Moment | None:
    """The moment that an address or a command asks for, in the house's zone; None for none. Raises Refused."""
    return moment_named(asked, now=now, zone=zone()) if asked.strip() else None


@contextmanager
def looking_at(asked: str) -> Iterator[datetime]:
    """The instant asked for, and the register as it stood then; now and the present where none is. Raises Refused."""
    now = timezone.now()
    moment = moment_asked(asked, now=now)
    with as_of(moment):
        yield now if moment is None else moment.at


def _rows_at(at: datetime) -> list[tuple[str, Any]]:
    """The rows as of the last link made by then: live ones made by it, and past ones that it had not yet ended."""
    link = moment_at(at).link
    live = Setting.objects.filter(link__lte=link).values_list("name", "value")
    past = Setting.past._default_manager.filter(link__lte=link, until__gt=link).values_list("name", "value")
    return [*live, *past]


def _typed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Change:
    """One setting changed: by whom, when, from what (the default, if none was chosen) to what, as JSON keeps it."""

    setting: Declared
    before: Any
    now: Any
    by: str
    at: datetime

    @property
    def before_text(self) -> str:
        return _told(self.setting, self.before)

    @property
    def now_text(self) -> str:
        return _told(self.setting, self.now)


def _told(setting: Declared, value: Any) -> str:
    """A value as a line of text; opening hours by weekday."""
    if setting.kind == "yes":
        return _("yes") if value else _("no")
    if setting.kind == "hours":
        monday = date(2024, 1, 1)
        open_days = [(monday + timedelta(days=day), span) for day, span in enumerate(value) if span]
        return ", ".join(f"{date_format(day, 'D')} {span}" for day, span in open_days) or "–"
    values = value if isinstance(value, list) else [value]
    return ", ".join(_named(setting, str(each)) for each in values if each != "") or "–"


_NAMING: Mapping[str, Callable[[str], str]] = {
    "languages": saying.language,
    "language": saying.language,
    "country": saying.country,
    "phone": saying.phone,
}


def _named(setting: Declared, value: str) -> str:
    """A language and a country as the reader calls them, a phone as it is dialled; the rest stands for itself."""
    naming = _NAMING.get(setting.kind)
    return naming(value) if naming else value


def changes(limit: int = 20) -> list[Change]:
    """The latest changes of settings, the newest first."""
    fields = ("name", "value", "link")
    versions = [*Setting.objects.values_list(*fields), *Setting.past._default_manager.values_list(*fields)]
    versions.sort(key=lambda version: version[2])
    last = {name: as_kept({name: each.default})[name] for name, each in DECLARED.items()}
    told = []
    for name, value, link in versions:
        if name in DECLARED and value != last[name]:
            told.append((DECLARED[name], last[name], value, link))
            last[name] = value
    told = told[: -limit - 1 : -1]
    deeds = Link.objects.select_related("changeset").in_bulk([link for *_rest, link in told])
    return [Change(each, a, b, deeds[n].changeset.by_name, deeds[n].at) for each, a, b, n in told]


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a JSON column holds them: tuples become lists."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

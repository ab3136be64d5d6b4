"""What the frame around every page shows: where one can go, who is signed in, how it looks.

A place in the navigation is one line in `PLACES`. It is shown to those who hold its right; a place whose route the
house does not have is not shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Text
from regulars.kernel.text import fold

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the route's name, its word, its icon (frontend/src/icons.txt), the right it needs, its group; the room
    whose every page stands under it."""

    route: str
    label: Text
    icon: str
    right: str
    group: str = "main"
    room: str = ""


PLACES = (
    Place("start", _("Today"), "house", "customers.view"),
    Place("dossier:till", _("Till and telephone"), "phone", "customers.view"),
    Place("customers", _("Customers"), "users", "customers.view"),
    Place("trade:purchases", _("Purchases"), "shopping-bag", "trade.view", room="trade"),
    Place("segments", _("Segments"), "layers", "customers.view"),
    Place("matching:duplicates", _("Duplicates"), "git-merge", "customers.view"),
    Place("completeness", _("What is missing"), "circle-help", "customers.view"),
    Place("imports", _("Bring in a list"), "import", "customers.import"),
    Place("journal", _("Changes"), "history", "journal.view"),
    Place("safekeeping:versions", _("Safekeeping"), "shield-check", "safekeeping.backup", "house"),
    Place("health", _("Health"), "activity", "health.view", "house"),
    Place("house", _("Settings"), "settings", "house.settings", "house"),
    Place("people", _("People and rights"), "key-round", "access.links", "house"),
    # by name alone, from the search field
    Place("dossier:new", _("New customer"), "user-plus", "customers.edit", "deeds"),
    Place("dossier:stale", _("Cards to check"), "check-check", "customers.view", "deeds"),
    Place("trade:deliveries", _("Deliveries"), "truck", "trade.view", "deeds"),
    Place("trade:reservations", _("Reservations"), "bookmark", "trade.view", "deeds"),
    Place("trade:agreements", _("Subscriptions and pledges"), "hand-coins", "trade.view", "deeds"),
    Place("trade:donations", _("Donations"), "gift", "trade.view", "deeds"),
    Place("trade:products", _("Products"), "list", "trade.goods", "deeds"),
    Place("trade:places", _("Places"), "map-pin", "trade.goods", "deeds"),
    Place("compare", _("Compare two moments"), "arrow-left-right", "customers.view", "deeds"),
    Place("customers_export", _("Export customers"), "download", "customers.export", "deeds"),
    Place("proof", _("Prove the register"), "shield-check", "journal.verify", "deeds"),
    Place("account", _("Your account"), "user", "customers.view", "deeds"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as one person sees it on one page."""

    label: str
    icon: str
    address: str
    here: bool


def context(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "frame": SimpleLazyObject(lambda: {group: list(entries(request, group)) for group in ("main", "house")}),
        "theme": theme if theme in THEMES else "",
    }


def entries(request: HttpRequest, group: str) -> Iterator[Entry]:
    """The places of one group that this person may enter, in order."""
    actor = getattr(request, "actor", None)
    for place in PLACES:
        if place.group != group or actor is None or not actor.may(place.right):
            continue
        if address := address_of(place.route):
            under = getattr(request, "stands_under", None)
            here = place.route == under if under else _within(request.path, address) or _is_of(request, place.room)
            yield Entry(str(place.label), place.icon, address, here)


def called(request: HttpRequest, text: str) -> list[Entry]:
    """The places and deeds of this person whose words begin as typed, in any order; all of them where nothing is."""
    typed = fold(text).split()
    known = [entry for group in ("deeds", "main", "house") for entry in entries(request, group)]
    return [each for each in known if all(_begins(each, word) for word in typed)]


def _begins(entry: Entry, typed: str) -> bool:
    return any(word.startswith(typed) for word in fold(str(entry.label)).split())


def address_of(route: str) -> str:
    """The address of a route without arguments, '' where the house has none."""
    return _address(get_script_prefix(), settings.ROOT_URLCONF, route)


@lru_cache(500)
def _address(_prefix: str, _routes: str, route: str) -> str:
    """Worked out once for each table of routes and each prefix under which it is served."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _is_of(request: HttpRequest, room: str) -> bool:
    """Whether the page is one of this room's."""
    return bool(room) and request.resolver_match is not None and request.resolver_match.app_name == room


def _within(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))

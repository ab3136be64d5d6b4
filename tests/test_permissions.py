"""Who may what, over every route: role × route, refused means nothing happened, a stranger's thing is not there.

Rows Z1, Z3, Z5, Z6 and A10 of the security goals. The table stands in `permissions.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.forms import BaseForm
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.models import RIGHTS, RIGHTS_OF, OneTimeLink, Role, Session, User
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of
from regulars.areas.customers.tests.people import anna
from regulars.interfaces.api.service import PREFIX, routes
from tests.permissions import API, OPEN, PAGES, ROLES, SIGNED_IN, WHO_MAY
from tests.rig.dump import Dump, differing, dump

pytestmark = pytest.mark.django_db
MISSING = "ThereIsNothingOfThisNm"
# Who may less is refused before a page asks the database anything, and is let in where the owner is: by both databases
# the owner goes, everybody else by one.
EVERYBODY = [pytest.param(role, marks=() if role == "owner" else pytest.mark.looks) for role in (None, *ROLES)]


@dataclass(frozen=True)
class Page:
    """One route of the URLconf."""

    name: str
    right: str | None
    parameters: dict[str, str]

    def address(self, **known: Any) -> str:
        made_up = {"int": 99999999, "str": MISSING, "slug": "nothing", "path": "nothing", "uuid": "0" * 32}
        given = {name: known.get(name, made_up[kind]) for name, kind in self.parameters.items()}
        return reverse(self.name, kwargs=given)


def _walk(patterns: Any, space: str = "", before: dict[str, str] | None = None) -> Iterator[Page]:
    for pattern in patterns:
        found = getattr(pattern.pattern, "converters", {}) if isinstance(pattern.pattern, RoutePattern) else {}
        kinds = {
            name: type(each).__name__.removesuffix("Converter").lower().replace("string", "str")
            for name, each in found.items()
        }
        parameters = {**(before or {}), **kinds}
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, space + (f"{pattern.namespace}:" if pattern.namespace else ""), parameters
            )
        elif isinstance(pattern, URLPattern):
            yield Page(f"{space}{pattern.name}", getattr(pattern.callback, "right", None), parameters)


ALL_PAGES = sorted(_walk(get_resolver().url_patterns), key=lambda page: page.name)
OWN_PAGES = [page for page in ALL_PAGES if page.right != OPEN and page.name in PAGES]


def may(role: str | None, right: str) -> bool:
    return right == OPEN or (role is not None and role in WHO_MAY[right].split())


# --- the table is whole ---------------------------------------------------------------------------------------------


def test_every_page_has_its_line_and_the_right_it_says() -> None:
    wrong = {page.name: page.right for page in ALL_PAGES if PAGES.get(page.name) != page.right}
    assert not wrong, "Add or correct these lines in tests/permissions.py, or wrap the view in needs()/open_to_all()."


def test_every_route_of_the_api_has_its_line_and_the_rights_it_says() -> None:
    declared = {f"{route.method} {route.path}": ", ".join((route.right, *route.also)) for route in routes()}
    wrong = {name: rights for name, rights in declared.items() if API.get(name) != rights}
    assert not wrong, "Add or correct these lines in tests/permissions.py."


def test_every_right_is_held_by_exactly_those_the_table_names() -> None:
    held = {right: {role for role in Role if {right, "*"} & RIGHTS_OF[role]} for right in RIGHTS}
    assert held == {right: set(who.split()) for right, who in WHO_MAY.items() if right != SIGNED_IN}


# --- role × route ---------------------------------------------------------------------------------------------------


@pytest.fixture
def house() -> dict[str, Any]:
    """A house with somebody in every role, a customer, a token and an invitation."""
    people = {role: person(role) for role in ROLES}
    number = anna()
    _token, _text = token_of("owner", "customers.view", name="theirs")
    return {"people": people, "number": number, "public": people["staff"].public, "token": _token.public}


def _browser(role: str | None) -> Client:
    browser = Client() if role is None else browser_of(role)
    if role:
        browser.get("/account/")  # so that what is written on first sight is written
    return browser


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_role_enters_where_it_may_and_nowhere_else(role: str | None, house: dict[str, Any]) -> None:
    browser, answers = _browser(role), {}
    before = dump()
    for page in OWN_PAGES:
        if not may(role, PAGES[page.name]):
            for method in ("get", "post", "put", "delete"):
                answers[page.name, method] = getattr(browser, method)(page.address(**house)).status_code
    assert set(answers.values()) <= ({302} if role is None else {403})
    assert not differing(before, dump()), "something was written before it was refused"
    for page in OWN_PAGES:
        if may(role, PAGES[page.name]):
            assert browser.get(page.address()).status_code not in (302, 401, 403), page.name


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_token_does_what_it_may_and_nothing_else(role: str | None, house: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {_token_text(role)}"} if role else {}
    client = Client(headers=headers)
    client.get(f"{PREFIX}/fields")
    before, answers, refused = dump(), {}, 401 if role is None else 403
    for name, rights in _known_api():
        if not all(may(role, right) for right in rights):
            answers[name] = _call(client, name, **house).status_code
    assert set(answers.values()) <= {refused}, {name: each for name, each in answers.items() if each != refused}
    assert not differing(before, dump()), "something was written before it was refused"
    for name, rights in _known_api():
        if all(may(role, right) for right in rights):
            assert _call(client, name).status_code not in (401, 403), name


def _known_api() -> list[tuple[str, list[str]]]:
    known = {f"{route.method} {route.path}" for route in routes()}
    return [(name, rights.split(", ")) for name, rights in API.items() if name in known and rights != OPEN]


def _token_text(role: str) -> str:
    rights = [right for right in RIGHTS if may(role, right)]
    return token_of(role, *rights, name="all that the role may")[1]


def _call(client: Client, name: str, **known: Any) -> Any:
    method, path = name.split()
    for parameter in ("number", "changeset", "kind", "key", "name", "id", "token", "user"):
        path = path.replace(
            f"{{{parameter}}}", str(known.get(parameter, "99999999" if parameter != "kind" else "deceased"))
        )
    return client.generic(method, PREFIX + path, b"{}", "application/json")


def test_a_cookie_counts_for_nothing_in_the_api(house: dict[str, Any]) -> None:
    browser = _browser("owner")
    assert {_call(browser, name, **house).status_code for name, _rights in _known_api()} == {401}


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole() -> None:
    answer = Client().get("/account/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=%2Faccount%2F")


# --- losing a right works at once (Z9) ------------------------------------------------------------------------------


def test_what_a_page_still_offers_is_refused_after_the_role_was_lost() -> None:
    person("owner")
    mette = person("owner", login="mette")
    browser = browser_of(mette)
    assert browser.get("/people/add/").status_code == 200
    actions.change_role(by=OPERATOR, at=timezone.now(), user=mette, role="staff")
    count = User.objects.count()
    answer = browser.post("/people/add/", {"name": "Eve", "login": "eve", "role": "owner", "language": "en"})
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/") and User.objects.count() == count


# --- a stranger's thing answers like one that is not there (Z1) -----------------------------------------------------


def test_a_strangers_thing_answers_exactly_like_one_that_is_not_there(house: dict[str, Any]) -> None:
    other = browser_of("manager")
    session = Session.objects.get(user=person("manager"))
    browser = browser_of("staff")
    for name, foreign in (("session_end", session.public), ("token_revoke", house["token"])):
        there = browser.post(reverse(name, args=[foreign]))
        missing = browser.post(reverse(name, args=[MISSING]))
        assert there.status_code == missing.status_code == 404
        assert _bare(there) == _bare(missing)
    assert other.get("/account/").status_code == 200


def _bare(answer: Any) -> bytes:
    """The answer without what differs from one answer to the next."""
    import re

    return re.sub(rb'"[A-Za-z0-9]{64}"', b"", re.sub(rb"nonce-[^']*", b"", answer.content))


# --- no change by GET, none from another site (A10) -----------------------------------------------------------------


def test_looking_changes_nothing(house: dict[str, Any]) -> None:
    browser, looked_at = _browser("owner"), []
    Session.objects.update(seen_at=timezone.now() + timedelta(minutes=30))  # that a minute passes is noted
    before = dump()
    for page in ALL_PAGES:
        try:
            address = page.address(**house)
        except (NoReverseMatch, KeyError):
            continue  # the door of the API; its routes are looked at below
        browser.get(address)
        browser.head(address)
        looked_at.append(page.name)
    assert not differing(before, dump()), f"one of these writes: {looked_at}"
    assert len(looked_at) > 40


def test_a_link_looked_at_is_not_used_up() -> None:
    owner = person("owner")
    links = [actions.come_in_link("", by=OPERATOR, at=timezone.now(), user=owner)]
    links.append("/join/" + actions.new_password_link(by=OPERATOR, at=timezone.now(), user=owner) + "/")
    before = dump()
    for link in links:
        assert Client().get(link).status_code == 200 and Client().head(link).status_code == 200
    assert not differing(before, dump()) and OneTimeLink.objects.count() == 2


FOREIGN: list[dict[str, Any]] = [
    {},  # no token of the form
    {"headers": {"Origin": "https://evil.example"}},
    {"headers": {"Origin": "null"}},
    {"headers": {"Sec-Fetch-Site": "cross-site"}},
    {"headers": {"Sec-Fetch-Site": "same-site"}},
    {"content_type": "text/plain", "data": '{"role": "owner"}'},
    {"content_type": "application/json", "data": '{"role": "owner"}'},
]


@pytest.mark.looks  # what is forged is refused before any page asks the database
@pytest.mark.parametrize("sent", FOREIGN)
def test_nothing_changes_from_another_site(sent: dict[str, Any], house: dict[str, Any]) -> None:
    browser = browser_of("owner", enforce_csrf_checks=True)
    browser.get("/account/")
    before = dump()
    for page in OWN_PAGES:
        answer = browser.post(page.address(**house), **sent)
        assert answer.status_code == 403, page.name
    assert not differing(before, dump())


def test_a_form_token_alone_does_not_let_another_site_in(house: dict[str, Any]) -> None:
    browser = browser_of("owner", enforce_csrf_checks=True)
    browser.get("/account/")
    token = browser.cookies["csrf"].value
    form = {"name": "Olga P", "language": "en", "theme": "dark", "csrfmiddlewaretoken": token}
    assert browser.post("/account/profile/", form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post("/account/profile/", form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post("/account/profile/", form, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


# --- a form writes only its own fields (Z5) -------------------------------------------------------------------------

HOURS = {f"hours_{day}": "" for day in range(7)}
FORMS: dict[str, dict[str, Any]] = {
    "account_profile": {"name": "Olga P", "language": "de", "theme": "dark"},
    "person_role": {"role": "auditor"},
    "person_add": {"name": "Eve", "login": "eve", "role": "staff", "language": "en"},
    "person_end": {},
    "person_reopen": {},
    "person_link": {},
    "token_make": {"name": "shop", "rights": ["customers.view"], "days": "30"},
    "consent:answer": {"channel": "email", "purpose": "offers", "answer": "refused", "heard": "by phone"},
    "customers:fields": {"label": "Shoe size", "type": "number", "purpose": "shoes", "protection": "open"},
    "segment_save": {"name": "Berlin", "criteria": 'city = "Berlin"', "description": ""},
    "dossier:new": {"kind": "person", "given_name": "Eve", "family_name": "Berg"},
    "dossier:archive": {"reason": "moved"},
    "dossier:delete": {"reason": "asked"},
    "house": {
        "name": "Teehaus", "country": "DE", "currency": "EUR", "time_zone": "Europe/Berlin", "languages": ["en"],
        "default_language": "en", "quiet_after_days": "91", "lost_after_days": "365", "gold_percent": "10",
        "check_after_months": "24",
        "session_idle_minutes": "30", "session_hours": "12", **HOURS,
    },
}  # fmt: skip
RANDOM = {"public", "digest", "hash", "block", "digests", "at", "link", "password_set_at"}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_writes_only_its_own_fields(name: str, house: dict[str, Any]) -> None:
    page = next((page for page in ALL_PAGES if page.name == name), None)
    if page is None:
        pytest.skip(f"There is no page {name}.")
    own = FORMS[name]
    known = _fields(page.address(**house))
    columns = {field.name for model in apps.get_models() for field in model._meta.concrete_fields} - known
    hostile = {"is_staff": "1", "is_superuser": "1", "user": "1", **dict.fromkeys(columns, "1"), "active": "0"}
    more = {**hostile, **({} if "role" in known else {"role": "owner"}), **own}
    written = _written(page.address(**house), own)
    assert any(written.values()) or name in ("person_reopen", "person_link"), "this form does nothing: correct FORMS"
    assert _written(page.address(**house), more) == written


def _fields(address: str) -> set[str]:
    """The names of the fields that the page's own forms have."""
    contexts = _browser("owner").get(address).context or []
    values = [value for each in contexts for layer in each for value in layer.values()]
    return {form.add_prefix(name) for form in values if isinstance(form, BaseForm) for name in form.fields}


def _written(address: str, form: dict[str, Any]) -> dict[str, Any]:
    """What a form changes, without chance and time. The change is taken back."""
    with transaction.atomic():
        browser = _browser("owner")
        before = _plain()
        browser.post(address, form)
        after = _plain()
        transaction.set_rollback(True)
    return {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}


def _plain() -> dict[str, list[str]]:
    """Every row without the columns that are random or say when."""
    found = {}
    for model in apps.get_models():
        moments = {f.name for f in model._meta.concrete_fields if f.get_internal_type() == "DateTimeField"}
        kept = [f.name for f in model._meta.concrete_fields if f.name not in RANDOM | moments]
        found[model._meta.label] = sorted(
            json.dumps(row, default=str) for row in model._default_manager.values_list(*kept)
        )
    return found


# --- public names tell nothing (Z7) ---------------------------------------------------------------------------------


def test_public_names_are_random_and_long() -> None:
    from base64 import urlsafe_b64decode

    from regulars.areas.access.door.secrets import public_name, secret

    names = {public_name() for _ in range(1000)}
    assert len(names) == 1000 and all(len(urlsafe_b64decode(name + "==")) * 8 >= 128 for name in names)
    assert len(urlsafe_b64decode(secret() + "=")) * 8 >= 256


def test_no_inner_id_stands_in_an_address_of_people(house: dict[str, Any]) -> None:
    shown = _browser("owner").get("/people/").content.decode()
    assert all(f"/people/{user.pk}/" not in shown for user in User.objects.all())
    assert _browser("owner").get(f"/people/{house['people']['staff'].pk}/").status_code == 404


def test_equal_dumps_are_equal_and_others_are_not(house: dict[str, Any]) -> None:
    """The measuring rod of this module measures."""
    before: Dump = dump()
    assert not differing(before, dump())
    User.objects.filter(pk=house["people"]["staff"].pk).update(theme="dark")
    assert differing(before, dump()) == ["access_user"]

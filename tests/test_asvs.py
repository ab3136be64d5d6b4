"""The list after OWASP ASVS (docs/operating/asvs.md): nothing missing, every proof there; proofs of whole rows (S1)."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from regulars.areas.access import actions
from regulars.areas.access.tests.people import OPERATOR, browser_of, person, token_of

TOP = Path(__file__).resolve().parent.parent
ROOT = TOP / "src" / "regulars"
SCRIPTS = TOP / "frontend" / "src"
PAGE = TOP / "docs/operating/asvs.md"

# Section of the standard: the numbers that concern us, of levels 1 and 2 and the chosen ones of level 3.
TAILORED = {
    "1.1": "1-2", "1.2": "1-5 9-10", "1.3": "1-7 10-11", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-5", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-8", "3.5": "1-5 7-8", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1",
    "5.1": "1", "5.2": "1-6", "5.3": "1-3", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-5 7-8", "6.4": "1-4 6", "6.5": "1-6",
    "7.1": "1-2", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-3",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1-3", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "11.1": "1-2", "11.2": "1-4", "11.3": "1-4", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-2", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2 4", "13.4": "1-6",
    "14.1": "1-2", "14.2": "1-4 6-8", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-4", "15.3": "1-7", "15.4": "2",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-4",
}  # fmt: skip


class Row(NamedTuple):
    id: str
    level: int
    asks: str
    here: str
    shown_by: list[str]

    @property
    def state(self) -> str:
        return next((state for state in ("not held", "when that room comes") if self.here.startswith(state)), "held")


@cache
def rows() -> tuple[Row, ...]:
    found = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+) \| (.+) \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return tuple(Row(i, int(level), asks, here, re.findall(r"`([^`]+)`", by)) for i, level, asks, here, by in found)


def tailored() -> set[str]:
    found = set()
    for section, numbers in TAILORED.items():
        for span in numbers.split():
            first, _dash, last = span.partition("-")
            found |= {f"{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_requirement_stands_there_once() -> None:
    ids = [row.id for row in rows()]
    assert len(ids) == len(set(ids)) == 220 and set(ids) == tailored()
    assert Counter(row.level for row in rows()) == {1: 64, 2: 128, 3: 28}


def test_the_counts_are_right() -> None:
    told = dict(re.findall(r"^\| (held|when that room comes|not held) \| ([\d |]+) \|$", PAGE.read_text("utf-8"), re.M))
    for state in ("held", "when that room comes", "not held"):
        levels = [sum(row.state == state and row.level == level for row in rows()) for level in (1, 2, 3)]
        assert [int(each) for each in told[state].split(" | ")] == [*levels, sum(levels)], state


def test_what_is_not_held_says_what_would_hold_it() -> None:
    named = PAGE.read_text("utf-8").partition("## What is not held")[2]
    assert {row.id for row in rows() if row.state == "not held"} == set(re.findall(r"\b\d+\.\d+\.\d+\b", named))


def test_every_proof_is_there() -> None:
    for row in rows():
        assert row.asks and row.shown_by, row.id
        for proof in row.shown_by:
            path, mark, name = re.fullmatch(r"([\w./-]+)(::|#)([\w-]+)", proof).groups()  # type: ignore[union-attr]
            assert (TOP / path).is_file(), proof
            assert name in (_tests(path) if mark == "::" else _headings(path)), f"{row.id}: {proof}"


@cache
def _tests(path: str) -> set[str]:
    tree = ast.parse((TOP / path).read_text("utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")}


@cache
def _headings(path: str) -> set[str]:
    """The marks of a page's headings, as a forge makes them."""
    found = re.findall(r"^#+ (.+)$", (TOP / path).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


# --- proofs of whole rows -------------------------------------------------------------------------------------------


Calls = list[tuple[str, str, ast.Call]]
Imports = list[tuple[str, str]]


@pytest.fixture(scope="module")
def source() -> list[tuple[str, ast.AST]]:
    """Every node of the program, with its file; read once for this module."""
    files = [path for path in ROOT.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    trees = [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in files]
    return [(path, node) for path, tree in trees for node in ast.walk(tree)]


@pytest.fixture(scope="module")
def calls(source: list[tuple[str, ast.AST]]) -> Calls:
    return [(path, _dotted(node.func), node) for path, node in source if isinstance(node, ast.Call)]


@pytest.fixture(scope="module")
def imports(source: list[tuple[str, ast.AST]]) -> Imports:
    found = [(path, each.name) for path, node in source if isinstance(node, ast.Import) for each in node.names]
    return found + [
        (path, node.module or "") for path, node in source if isinstance(node, ast.ImportFrom) and not node.level
    ]


def _dotted(node: ast.expr) -> str:
    """As `ast.unparse` writes it, which takes ten times as long for names."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ast.unparse(node)


def test_nothing_that_is_sent_is_run(calls: Calls, imports: Imports) -> None:
    """No evaluation, no reading back of objects, no shell, no template made of text."""
    forbidden = {"eval", "exec", "compile", "os.system", "os.popen", "Template", "Engine", "from_string"}
    found = [(path, name) for path, name, _call in calls if name.rpartition(".")[2] in forbidden - {"compile"}]
    found += [(path, name) for path, name, _call in calls if name in forbidden]
    found += [(path, "shell") for path, _name, call in calls if any(word.arg == "shell" for word in call.keywords)]
    found += [(path, name) for path, name in imports if name in {"pickle", "marshal", "shelve", "yaml", "dill"}]
    assert not found


def test_nothing_calls_out(imports: Imports) -> None:
    """No module can ask another machine for anything; the supervisor asks its own process, mail goes to one server."""
    means = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "smtplib", "ftplib"}
    assert {path for path, name in imports if name in means} == {"interfaces/server/supervisor.py", "kernel/mail.py"}


def test_what_is_typed_stands_escaped_in_a_pattern(calls: Calls) -> None:
    """Patterns are constants, or put together from constants and `re.escape`; else of a table of our own."""
    made = {
        path
        for path, name, call in calls
        if name in {f"re.{each}" for each in ("compile", "search", "match", "fullmatch", "sub", "split", "finditer")}
        and not _harmless(call.args[0])
    }
    assert made <= {
        "kernel/phones.py",  # telephone plans
        "kernel/names.py",  # words before a birth name, escaped
        "areas/intake/readers/exporters.py",  # headings of known exports
        "areas/matching/comparing/sounds.py",  # letters that sound alike
        "areas/intake/readers/cutting.py",  # BEGIN and END
        "areas/intake/readers/marks.py",  # digits of telephones; names, escaped
        "areas/intake/readers/encoding.py",  # letters that encodings take for each other
        "areas/journal/queries/moments.py",  # names of our tables
        "kernel/forbidden.py",  # words for a password
    }


def _harmless(pattern: ast.expr) -> bool:
    """A literal, a constant of the module, or several of them with what is escaped."""
    if isinstance(pattern, ast.BinOp):
        return _harmless(pattern.left) and _harmless(pattern.right)
    if isinstance(pattern, ast.JoinedStr):
        return all(_harmless(part) for part in pattern.values)
    if isinstance(pattern, ast.FormattedValue):
        return _harmless(pattern.value)
    if isinstance(pattern, ast.Call):
        return ast.unparse(pattern.func) == "re.escape"
    return isinstance(pattern, ast.Constant) or (isinstance(pattern, ast.Name) and pattern.id.isupper())


def test_scripts_keep_nothing_and_run_nothing() -> None:
    forbidden = re.compile(
        r"\b(localStorage|sessionStorage|indexedDB|postMessage|onpaste|eval|new Function|document\.write|__proto__)\b"
        r"|\b(inner|outer)HTML *=|insertAdjacentHTML|\"paste\"|addEventListener\(.message"
    )
    scripts = {path.name: path.read_text("utf-8") for path in SCRIPTS.rglob("*.js")}
    assert len(scripts) > 5 and not {name for name, each in scripts.items() if forbidden.search(each)}
    assert not {name for name, text in scripts.items() if re.search(r"\w\[[^\]]+\] *= ", text)}, (
        "a name may be __proto__"
    )
    assert "allowEval: false" in scripts["main.js"] and "historyCacheSize: 0" in scripts["main.js"]


def test_tls_is_1_2_at_least() -> None:
    pytest.importorskip("granian")
    from regulars.interfaces.server.web import _server

    plan = {"host": "127.0.0.1", "port": 1, "workers": 1, "cert": "", "key": ""}
    server = _server(plan)
    told = (ROOT / "interfaces/server/web.py").read_text("utf-8")
    assert server is not None and "ssl_protocol_min=SSLProtocols.tls12" in told


def test_postgresql_elsewhere_is_asked_for_its_certificate() -> None:
    from regulars.kernel.databases.postgres.base import DatabaseWrapper

    def asked(host: str, **options: str) -> object:
        values = {**settings.DATABASES["default"], "NAME": "x", "USER": "u", "PASSWORD": "p", "HOST": host, "PORT": ""}
        return DatabaseWrapper({**values, "OPTIONS": options}).get_connection_params().get("sslmode")

    assert asked("db.example") == asked("192.0.2.1") == "verify-full"
    assert asked("localhost") is asked("/run/postgresql") is None
    assert asked("db.example", sslmode="require") == "require"


def test_the_log_goes_to_one_place(calls: Calls) -> None:
    told = settings.LOGGING
    assert list(told["handlers"]) == ["stderr"] and told["root"]["handlers"] == ["stderr"]
    assert not [name for name, logger in told["loggers"].items() if logger["handlers"]]
    assert not [path for path, name, _call in calls if name in ("logging.FileHandler", "logging.basicConfig")]


def test_the_package_holds_no_tests() -> None:
    wheel = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["src/regulars"] and "**/tests/**" in wheel["exclude"]


@pytest.mark.django_db
def test_passwords_are_masked_and_may_be_pasted() -> None:
    link = actions.new_password_link(by=OPERATOR, at=timezone.now(), user=person("staff"))
    seen = 0
    for browser, address in ((Client(), "/sign-in/"), (Client(), f"/join/{link}/"), (browser_of("owner"), "/account/")):
        page = browser.get(address).content.decode()
        for field in re.findall(r"<input[^>]*name=\"[\w-]*password\"[^>]*>", page):
            seen += 1
            assert 'type="password"' in field and " onpaste" not in field, field
            assert int((re.search(r'maxlength="(\d+)"', field) or ["", "9999"])[1]) >= 1000, field
            assert re.search(r'autocomplete="(current|new)-password"', field), field
    assert seen >= 4


@pytest.mark.django_db
def test_the_way_out_is_in_sight() -> None:
    browser = browser_of("owner")
    for address in ("/", "/account/", "/customers/", "/people/", "/changes/", "/house/", "/imports/"):
        answer = browser.get(address, follow=True)
        assert b'action="/sign-out/"' in answer.content, address


@pytest.mark.django_db
def test_no_version_is_told() -> None:
    client = Client(raise_request_exception=False)
    for address in ("/nowhere", "/sign-in/", "/api/v1/nowhere", "/healthz"):
        answer = client.get(address)
        told = f"{answer.headers} {answer.content.decode()}".lower()
        assert not [word for word in ("django", "python", "granian", "sqlite", "postgres", "0.1.0") if word in told], (
            address
        )


@pytest.mark.django_db
def test_a_parameter_sent_twice_is_refused() -> None:
    _token, text = token_of("owner", "customers.view")
    answer = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/customers?limit=1&limit=2")
    assert (answer.status_code, answer.json()["where"]) == (422, "limit")


@pytest.mark.django_db
def test_tries_to_get_round_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    browser = browser_of("owner", enforce_csrf_checks=True)
    with caplog.at_level("INFO"):
        browser.post("/account/profile/", {"name": "x"})
        browser.post("/account/profile/", {"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        browser.get("/account/", headers={"Host": "evil.example"})
        for _each in range(6):
            Client().post("/sign-in/", {"login": "Olga", "password": "x"})
    told = {(record.name, record.levelname) for record in caplog.records}
    assert {("django.security.csrf", "WARNING"), ("django.security.DisallowedHost", "ERROR")} <= told
    assert "Refused (from_elsewhere)" in caplog.text and "too many" in caplog.text

"""The house keeps its own rules: tables held, facts explained, verbs with sentences, rooms with their shelves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from regulars.areas.journal.actions.undo.unique import once
from regulars.areas.journal.models import Journaled, journaled_models
from regulars.kernel import registries, saying
from regulars.kernel.checks import GROUPS
from regulars.kernel.tables import table_of

TOP = Path(__file__).resolve().parent.parent
ROOT = TOP / "src" / "regulars"
AREAS = ROOT / "areas"
ROOMS = sorted(path.name for path in AREAS.iterdir() if (path / "apps.py").exists())
SHELVES = {
    "__init__", "apps", "urls", "pages", "endpoints", "forms", "actions", "holdings", "facts", "queries", "engine",
    "models", "verbs", "jobs", "checks", "sql", "templates", "migrations", "tests", "templatetags",
}  # fmt: skip
CRAFT = {
    "segments": "language", "intake": "readers", "journal": "chain", "customers": "card", "house": "countries",
    "access": "door", "dossier": "face", "health": "machine", "safekeeping": "keeping", "matching": "comparing",
    "trade": "counting",
}  # fmt: skip
HTTP = {"urls", "pages", "endpoints", "forms", "templatetags", "door"}
CUSTOMER = "customers.Customer"


def customer_keys() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        if hasattr(model, "journal_twin_of"):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is apps.get_model(CUSTOMER):
                yield model, field.name


def test_every_key_to_a_customer_is_held() -> None:
    """A room that keeps something about a customer says what becomes of it on merge, export and forget."""
    held = {(holding.model, column) for holding in registries.holdings().values() for column in holding.by}
    missing = [f"{m._meta.label}.{name}" for m, name in customer_keys() if (m._meta.label, name) not in held]
    assert not missing


def test_every_holding_names_real_columns() -> None:
    for holding in registries.holdings().values():
        model = registries.model_named(holding.model)
        known = {f.name for f in model._meta.get_fields()} | {f.attname for f in model._meta.concrete_fields}
        assert {*holding.by, *holding.export} - {"*"} <= known, holding.model
        assert holding.why or holding.on_forget == "erase", f"{holding.model} is not erased and does not say why."


def test_every_holding_says_what_becomes_of_it_on_a_merge() -> None:
    """A table in which a card has a value once must join; one in which it has none so has nothing to join by. Of two
    answers to one question the stricter counts. The card's own row is chosen fact by fact."""
    for holding in registries.holdings().values():
        model = registries.model_named(holding.model)
        if not issubclass(model, Journaled):
            assert holding.on_merge == "worked_out", f"{holding.model} is not journaled: its rows cannot be moved."
            continue
        table = table_of(model)
        rules = [rule for rule in once(table) if table.subject in rule.columns and not rule.only]
        known = {"fields"} if table.is_card else {"join", "stricter"} if rules else {"move"}
        assert holding.on_merge in known, f"{holding.model} says {holding.on_merge}, and can only be: {known}"
        assert (holding.on_merge == "stricter") == (holding.stricter is not None), holding.model
        assert set(holding.while_both) <= {field.column for field in table.fields}, holding.model


@pytest.mark.django_db
def test_every_fact_says_why_it_is_kept_and_where_it_stands() -> None:
    for fact in registries.facts().values():
        assert str(fact.label) and str(fact.purpose), fact.name
        source = fact.source
        if isinstance(source, registries.Column):
            columns = {f.column for f in registries.model_named(CUSTOMER)._meta.concrete_fields}
            assert source.column in columns and (source.folded is None or source.folded in columns), fact.name
            assert (source.currency in columns) if fact.type == "money" else not source.currency, fact.name
        elif isinstance(source, registries.Member):
            model = registries.model_named(source.of or registries.groups()[source.group].model)
            columns = {f.column for f in model._meta.concrete_fields}
            assert source.column in columns and (source.folded is None or source.folded in columns), fact.name


def test_every_column_of_a_card_is_some_fact() -> None:
    """Nothing is kept about a customer that no fact declares: the data map would not show it."""
    told = {"hows", "declined", "link", "version", "sealed", "masked", "customer_id", "id", "primary", "how", "by"}
    sources = [fact.source for fact in registries.REGISTRY.facts.values()]
    for model in journaled_models():
        if model._meta.app_label != "customers" or model.journal_subject is None:
            continue
        derived = {*model.journal_derived, "sort_key"}
        own = [s for s in sources if isinstance(s, registries.Column) and model._meta.label == CUSTOMER]
        said = {column for source in own for column in (source.column, source.currency)}
        for source in sources:
            if isinstance(source, registries.Member) and registries.groups()[source.group].model == model._meta.label:
                said |= {source.column, source.via or source.column}
        if any(isinstance(s, registries.Present) and s.model == model._meta.label for s in sources):
            continue
        kept = {f.column for f in model._meta.concrete_fields} - derived - told - said
        assert kept <= BESIDE.get(model._meta.object_name or "", set()), (model._meta.label, kept)


# Columns that say how another value is kept, not something new about a person.
BESIDE = {
    "ContactPoint": {"kind"},
    "BankAccount": {"kind", "country"},
    "CustomValue": {"field_id", "text", "number", "currency", "day", "yes", "blind", "key"},
    "HouseholdMember": {"since", "until_day", "household_id"},
    "Relation": {"since", "until_day"},
    "Attachment": {"content_type", "size", "sha256", "added_at"},
    "Look": {"fact", "reason", "seen_at"},
    "Proposal": {
        "kind",
        "token",
        "value",
        "told",
        "said",
        "day",
        "state",
    },  # what a contact point or an address may become
}


def verbs_recorded() -> Iterator[tuple[str, str]]:
    for path in ROOT.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            verb = node.value if isinstance(node, ast.keyword) and node.arg == "verb" else None
            if isinstance(verb, ast.Constant) and isinstance(verb.value, str) and "." in verb.value:
                yield str(path.relative_to(ROOT)), verb.value


def test_every_verb_recorded_is_declared() -> None:
    unknown = [(path, verb) for path, verb in verbs_recorded() if verb not in registries.verbs()]
    assert not unknown


def test_every_verb_has_a_sentence_and_a_rule_for_undo() -> None:
    for verb in registries.verbs().values():
        assert str(verb.sentence)
        assert verb.undo == "rows" or str(verb.why_not), verb.name
        counted = [
            name for name, say in verb.said.items() if say is saying.count and f"%({name})s" in str(verb.sentence)
        ]
        assert (len(counted) == 1) == bool(str(verb.one)), f"{verb.name}: one, and how it is said of one"


def test_every_check_has_its_sentences_and_says_what_to_do() -> None:
    assert {check.room for check in registries.looked_at().values()} >= {"health", "journal", "safekeeping", "access"}
    for check in registries.looked_at().values():
        assert check.name.startswith(f"{check.room}.") or check.room == "health", check.name
        assert str(check.title) and check.group in GROUPS and check.answers, check.name
        assert not check.page or reverse(check.page)
        for name, answer in check.answers.items():
            assert str(answer.sentence), (check.name, name)
            assert (answer.level == "good") != bool(str(answer.todo)), (check.name, name)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_known_shelves_and_says_what_it_owns(room: str) -> None:
    folder = AREAS / room
    names = {
        p.stem for p in folder.iterdir() if p.suffix == ".py" or (p.is_dir() and not p.name.startswith("__pycache"))
    }
    assert names <= SHELVES | {CRAFT.get(room, "__init__")}, names - SHELVES
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert docstring and len(docstring.splitlines()) <= 15


def rules_with_http() -> Iterator[str]:
    for path in AREAS.glob("*/**/*.py"):
        shelf = path.relative_to(AREAS).parts[1].removesuffix(".py")
        if shelf in HTTP or "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("django.http", "django.shortcuts", "ninja")
            ):
                yield f"{path.relative_to(ROOT)}: {node.module}"


def test_http_stays_at_the_door() -> None:
    assert not list(rules_with_http())


def test_no_clock_inside_an_action() -> None:
    """Time comes from the interface, so that a deed can be told when it was done, and tested."""
    found = []
    for path in AREAS.rglob("actions*/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("now", "utcnow", "today")
                and isinstance(node.value, ast.Name)
            ) and node.value.id in ("datetime", "timezone", "date"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


def test_no_helpers() -> None:
    assert not [p for p in ROOT.rglob("*.py") if p.stem in ("utils", "helpers", "common", "misc")]


def sources() -> Iterator[Path]:
    for folder in (ROOT, TOP / "tests", TOP / "benchmarks", TOP / "frontend/src"):
        yield from (path for path in folder.rglob("*") if not {"migrations", "dist"} & set(path.parts))


def test_no_file_is_longer_than_a_shelf() -> None:
    """A shelf of more than 400 lines becomes a package of the same name, a page of more than 150 several parts."""
    most = {".py": 400, ".css": 400, ".js": 400, ".html": 150}
    long = {path: path.read_text(encoding="utf-8").count("\n") for path in sources() if path.suffix in most}
    assert not {path for path, lines in long.items() if lines > most[path.suffix]}


def test_journaled_rows_are_written_by_deeds_alone() -> None:
    """No room saves, creates or deletes a journaled row by itself."""
    managers = tuple(f"{each.__name__}.objects" for each in apps.get_models() if issubclass(each, Journaled))
    found = []
    for path in AREAS.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts or "journal" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            making = isinstance(node, ast.Attribute) and node.attr in ("create", "bulk_create", "get_or_create")
            if making and ast.unparse(node.value).endswith(managers):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


def test_what_a_deed_changes_is_read_within_it() -> None:
    """Before it, no lock keeps another from changing the row: an older one would be written over what that said."""
    found = []
    for path in (*AREAS.rglob("actions/**/*.py"), *AREAS.rglob("actions.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found += [f"{path.relative_to(ROOT)}:{line}" for line in _read_too_early(function)]
    assert not found


def _read_too_early(function: ast.FunctionDef) -> Iterator[int]:
    """Lines in which a deed changes or removes a row by a name that the function gave it before the deed began."""
    for block in ast.walk(function):
        if not isinstance(block, ast.With) or not re.search(r"\b(deed|transaction)\(", ast.unparse(block.items[0])):
            continue
        within = {id(node) for node in ast.walk(block)}
        named = [node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        early = {node.id for node in named} - {node.id for node in named if id(node) in within}
        for node in ast.walk(block):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "link.change",
                "link.change_many",
                "link.remove",
            ):
                rows = (each.value if isinstance(each, ast.Starred) else each for each in node.args)
                if any(isinstance(row, ast.Name) and row.id in early for row in rows):
                    yield node.lineno


def test_migrations_speak_to_the_database_they_are_run_on() -> None:
    """A move makes the tables at the other place, and its migrations wrote into the register that was to be moved."""
    asked = re.compile(r"\.objects\.(?!using\()")
    assert not [path for path in AREAS.rglob("migrations/*.py") if asked.search(path.read_text(encoding="utf-8"))]

"""Schemathesis over the whole API: no 5xx, and what is answered is what the document says (H9).

Half the numbers it makes up are those of customers and deeds that exist, so that more than refusals is tried. The suite
asks a handful of each route; `SCHEMATHESIS_EXAMPLES=1000 uv run pytest tests/test_api_schemathesis.py` asks more.
"""

import os
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.schemas import APIOperation, BaseSchema

from regulars.interfaces.api.service import PREFIX, routes
from regulars.project.wsgi import application
from tests.rig import databases
from tests.rig.programs import Program

# Beside what is made up, every bound of every shape is tried. What a shape refuses is refused before a database is
# asked, so the pass on PostgreSQL leaves that to the other, and makes up more.
ON_FILE = databases.described() == "SQLCipher"
PHASES = [Phase.explicit, Phase.generate] if ON_FILE else [Phase.generate]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4" if ON_FILE else "10"))
# What a shape cannot say (an e-mail address that is none, a criterion that asks for no fact) is refused with 422.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "304", "400", "401", "403", "404", "409", "410", "412", "422", "428"]
            },
            "missing_required_header": {"expected-statuses": ["400", "401", "403", "415", "422", "428"]},
        },
        # It reads of a card what it compares, and leaves the rest to whoever adds the card.
        "operations": [
            {
                "include-path": f"{PREFIX}/duplicates/check",
                "checks": {"negative_data_rejection": {"enabled": False}},
            }
        ],
    }
)
TOKEN = [""]


class Bearer:
    def get(self, case, context):
        return TOKEN[-1]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@cache
def document() -> BaseSchema:
    read = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)
    read.auth(refresh_interval=None)(Bearer)
    load_all_checks()
    return read


@cache
def constants() -> Any:
    return make_constants_value_source(document())


@cache
def operations() -> dict[str, APIOperation]:
    return {each.ok().label: each.ok() for each in document().get_all_operations()}


@pytest.fixture
def till(transactional_db) -> Program:
    """A token that may do everything, and two customers, the second with a file, a tag and a deed to take back."""
    till = Program("owner")
    till.post("/customers", {"given_name": "Anna", "emails": [{"value": "anna@example.com"}]})
    till.post("/customers", {"organisation_name": "Example GmbH", "tags": ["VIP"]})
    till.upload("/customers/10002/files", "note.txt", b"likes jazz")
    till.post("/segments", {"name": "All", "criteria": ""})
    till.post("/fields", {"label": "Shoe size", "type": "number"})
    TOKEN.append(till.text)
    return till


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
)
def answered_well(case):
    for name, known in (("number", (10001, 10002)), ("changeset", (3, 4))):
        given = (case.path_parameters or {}).get(name)
        if isinstance(given, int) and given > 1 and not isinstance(given, bool) and given % 2:
            case.path_parameters[name] = known[given // 2 % 2]
    case.call_and_validate()


@pytest.mark.parametrize("label", [f"{route.method} {PREFIX}{route.path}" for route in routes()])
def test_whatever_is_asked(label: str, till: Program) -> None:
    """What is asked of a route is made up here, when there is a token: `schema.parametrize()` makes up what is asked of
    all of them when tests are collected, in every process, and asks most of it as nobody."""
    asked = build_operation_test(
        config=document().config,
        operation=operations()[label],
        test_func=answered_well,
        given_kwargs={},
        feedback=FeedbackSources(constants_value_source=constants()),
    )
    asked()


def test_nothing_that_the_document_tells_of_is_left_out() -> None:
    assert {f"{route.method} {PREFIX}{route.path}" for route in routes()} == operations().keys()

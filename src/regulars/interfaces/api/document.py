"""The OpenAPI 3.1 document: ninja's, completed with every refusal, header, right and example."""

import json
from functools import cache
from http import HTTPStatus
from typing import Any

from django.utils import translation

from regulars.areas.customers.card.shapes import schemas
from regulars.interfaces.api.service import PREFIX, api, routes
from regulars.kernel.api import Problem, Route
from regulars.kernel.http import OPEN, SIGNED_IN

_ALWAYS = (400, 401, 403, 422)
_FIRST = ("Customers", "Segments", "Consent", "Imports", "Journal")  # the headings in the order in which one needs them
_WITH_BODY = (411, 413, 415)
_REASONS = {
    400: "What was sent cannot be read.",
    401: "No token, or one that does not hold.",
    403: "The token lacks the right.",
    404: "There is no such thing, or this token may not know that there is.",
    405: "Not with this method.",
    409: "It cannot be done as things stand: later edits, or a request with this idempotency key at work.",
    410: "There was such a customer, who was forgotten for good.",
    411: "The body's length is missing.",
    412: "The card was edited since this version; `newer` lists what, by whom and when.",
    413: "The body is too long.",
    415: "The body is of another type than is read here.",
    422: "A value will not do, a parameter or member does not exist, or the deed is refused; `where` names the place.",
    428: "If-Match is missing.",
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Sent twice with the same key, the deed is done once and answered alike. Kept for 48 hours.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "5f0c1a9e-8a55-4c1d-9c36-1f3a6a0e7a11",
}
_CHANGESET = {
    "description": "The deed in the journal, by which it can be taken back; missing where nothing was different.",
    "schema": {"type": "string", "pattern": "^[0-9]+$"},
}


def document(custom: dict[str, Any] | None = None) -> dict[str, Any]:
    """The document in the active language. `custom` are the business's own facts, for who may see customers."""
    made: dict[str, Any] = json.loads(_document(translation.get_language() or "en"))
    for name in ("Customer", "CustomerInput") if custom else ():
        made["components"]["schemas"][name]["properties"]["custom"] |= {
            "properties": custom, "additionalProperties": False,
        }  # fmt: skip
    return made


@cache
def _document(language: str) -> str:
    made = dict(api().get_openapi_schema(path_prefix=f"{PREFIX.removeprefix('/')}/"))
    for route in routes():
        _complete(made["paths"][PREFIX + route.path][route.method.lower()], route)
    made["servers"] = [{"url": "/"}]
    made["security"] = [{"Token": []}]
    tags = dict.fromkeys([*_FIRST, *(route.tag for route in routes())])
    made["tags"] = [{"name": tag} for tag in tags if any(route.tag == tag for route in routes())]
    made["components"]["schemas"] |= schemas()
    made["components"]["schemas"]["Problem"] = _problem_schema(made)
    made["components"]["responses"] = {_name(status): _refusal(status) for status in _REASONS}
    return json.dumps(made, default=str)


def _complete(operation: dict[str, Any], route: Route) -> None:
    statuses = {*_ALWAYS, *route.refuses, *(_WITH_BODY if route.method in ("POST", "PUT", "PATCH") else ())}
    if route.method == "POST":
        statuses.add(409)
        operation["parameters"] = [*operation.get("parameters", []), _KEY]
    for status in [each for each in operation["responses"] if int(each) >= 400]:
        del operation["responses"][status]
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}
    for status, response in operation["responses"].items():
        if route.method != "GET" and int(status) < 300:
            response.setdefault("headers", {})["Changeset"] = _CHANGESET
    operation["x-rights"] = [] if route.right in (OPEN, SIGNED_IN) else [route.right, *route.also]
    operation["description"] = f"{operation.get('description', '')} {_needs(route)}".strip()
    if route.right == OPEN:
        operation["security"] = []


def _needs(route: Route) -> str:
    if route.right == OPEN:
        return "Needs no token."
    if route.right == SIGNED_IN:
        return "Any token will do."
    rights = " and ".join(f"`{right}`" for right in (route.right, *route.also))
    return f"Needs the right{'s' if route.also else ''} {rights}."


def _name(status: int) -> str:
    return "".join(word.capitalize() for word in HTTPStatus(status).phrase.replace("-", " ").split())


def _refusal(status: int) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "description": _REASONS[status],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 401:
        shape["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return shape


def _problem_schema(made: dict[str, Any]) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    made["components"]["schemas"].update(schema.pop("$defs", {}))
    return schema

"""The document laid out for a person: headings, operations, members, and each call as a line for the shell."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from regulars.kernel.errors import Refused

Schema = dict[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Member:
    """One parameter, or one member of a shape. `place` is path, query, header or body; `shape` is what it holds."""

    name: str
    place: str
    kind: str
    needed: bool
    about: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `gives` has each good status, what is answered, its headers, and its shape."""

    name: str
    method: str
    path: str
    title: str
    about: str
    rights: tuple[str, ...]
    takes: tuple[Member, ...]
    gives: tuple[tuple[str, str, str, str], ...]
    refuses: tuple[str, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A shape with its members."""

    name: str
    about: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A `code` that a problem may carry."""

    code: str
    status: int
    about: str


def sections(made: dict[str, Any], base: str) -> list[Section]:
    """The operations under their headings. `base` is the address of the house, for the examples."""
    found: dict[str, list[Operation]] = {each["name"]: [] for each in made["tags"]}
    for path, methods in made["paths"].items():
        for method in _METHODS:
            if method in methods:
                told = methods[method]
                found[told["tags"][0]].append(_operation(made, path, method, told, base))
    return [Section(title, tuple(operations)) for title, operations in found.items()]


def forms(made: dict[str, Any]) -> list[Form]:
    """Every shape that stands in a request or an answer."""
    return [
        Form(name, marked(schema.get("description", "")), tuple(_members(schema)))
        for name, schema in sorted(made["components"]["schemas"].items())
        if schema.get("properties")
    ]


@cache
def refusals() -> tuple[Refusal, ...]:
    """Every code that a refusal may carry, by status."""
    known = {each.code: Refusal(each.code, each.status, marked(_first(each.__doc__))) for each in _refused(Refused)}
    return tuple(sorted(known.values(), key=lambda each: (each.status, each.code)))


def _refused(kind: type[Refused]) -> Iterator[type[Refused]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _refused(below)


def _first(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


# --- one operation --------------------------------------------------------------------------------------------------


def _operation(made: Schema, path: str, method: str, told: Schema, base: str) -> Operation:
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        title=told["summary"],
        about=marked(told.get("description", "")),
        rights=tuple(told["x-rights"]),
        takes=(*_parameters(told), *_sent(made, told)),
        gives=tuple(_given(told)),
        refuses=tuple(status for status in told["responses"] if int(status) >= 400),
        curl=_curl(made, path, method, told, base),
    )


def _parameters(told: Schema) -> Iterator[Member]:
    for each in told.get("parameters", []):
        about = each.get("description") or each["schema"].get("description", "")
        yield Member(each["name"], each["in"], kind_of(each["schema"]), bool(each.get("required")), marked(about))


def _sent(made: Schema, told: Schema) -> Iterator[Member]:
    for content in told.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        if name:
            about = made["components"]["schemas"][name].get("description", "")
            yield Member("", "body", name, True, marked(about), shape=name)
        else:
            yield from _members(content["schema"])


def _members(schema: Schema) -> Iterator[Member]:
    needed = schema.get("required", [])
    for name, each in schema.get("properties", {}).items():
        yield Member(name, "body", kind_of(each), name in needed, marked(each.get("description", "")), shape_in(each))


def _given(told: Schema) -> Iterator[tuple[str, str, str, str]]:
    for status, response in told["responses"].items():
        if int(status) < 300:
            content: Schema = next(iter(response.get("content", {}).values()), {})
            kind = kind_of(content["schema"]) if "schema" in content else response.get("description", "")
            shape = shape_in(content.get("schema", {}))
            yield status, kind, ", ".join(response.get("headers", {})), shape


def shape_in(schema: Schema) -> str:
    """The shape that a schema is, or is a list of; '' for none."""
    inner = schema.get("items", schema)
    return str(inner.get("$ref", "").rpartition("/")[2])


def marked(text: str) -> SafeString:
    """The text with what stands between backticks as code; everything is escaped."""
    parts = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in parts)
    )


def kind_of(schema: Schema) -> str:
    """A schema in a few words: `text`, `list of Email`, `one of a, b`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        kinds = [kind_of(each) for each in schema["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds)) or "null"
    if "enum" in schema or "const" in schema:
        return "one of " + ", ".join(str(each) for each in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " or ".join(each for each in kind if each != "null")
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    return str(schema.get("format") or {"string": "text", "object": "object", None: "anything"}.get(kind, kind))


# --- examples -------------------------------------------------------------------------------------------------------


def _curl(made: Schema, path: str, method: str, told: Schema, base: str) -> str:
    lines = [f"curl -H \"Authorization: Bearer $TOKEN\" '{base}{_filled(path, told)}'"]
    if method != "get":
        lines[0] = lines[0].replace("curl ", f"curl -X {method.upper()} ", 1)
    if any(each["name"] == "If-Match" for each in told.get("parameters", [])):
        lines.append("""-H 'If-Match: "17"'""")
    if method == "post":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    content: Schema = told.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        lines.append("-F file=@FILE")
    elif content:
        body = json.dumps(_example(made, content["application/json"]["schema"]), ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", "-d '" + body.replace("'", "'\\''") + "'"]
    return " \\\n  ".join(lines)


def _filled(path: str, told: Schema) -> str:
    for each in told.get("parameters", []):
        if each["in"] == "path":
            example = {"number": "10001", "changeset": "17"}.get(each["name"]) or str(_example({}, each["schema"]))
            path = path.replace("{" + each["name"] + "}", example)
    return path


def _example(made: Schema, schema: Schema) -> Any:
    if "$ref" in schema:
        return _example(made, made["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return _example(made, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            needed = schema.get("required") or list(schema.get("properties", {}))[:1]
            return {name: _example(made, schema["properties"][name]) for name in needed if "properties" in schema}
        case "array":
            return [_example(made, schema.get("items", {}))]
        case "integer":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return {"date": "2026-11-24", "date-time": "2026-11-24T09:00:00Z"}.get(schema.get("format", ""), "…")

"""This room's cast: lists as somebody would hand them over, brought in whole."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import orjson

from regulars.areas.customers.models import ContactPoint, Customer
from regulars.areas.intake import actions, queries
from regulars.areas.intake.readers import child, sandbox
from regulars.kernel.actor import Actor
from regulars.kernel.errors import Refused

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLGA = Actor(kind="user", id=1, name="Olga", rights=frozenset({"*"}), through="page")


@contextmanager
def in_this_process() -> Iterator[None]:
    """Reads files here instead of in a child: the same code, without the second that a child needs to begin."""

    def frames(job: dict[str, Any], _path: Any) -> Iterator[tuple[bytes, bytes]]:
        sent: list[tuple[bytes, bytes]] = []
        told = orjson.loads(orjson.dumps(job))
        try:
            child._JOBS[job["do"]](told, lambda letter, content: sent.append((letter, _json(content))))
        except Refused as refused:
            raise sandbox._said(child._refusal(refused)) from None
        yield from sent

    with patch.object(sandbox, "_frames", frames):
        yield


def _json(content: Any) -> bytes:
    return content if isinstance(content, bytes) else orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)


def csv_of(*lines: str) -> bytes:
    return "\n".join(lines).encode() + b"\n"


def handed_over(content: bytes, name: str = "list.csv", **options: Any) -> str:
    """The token of a file that was looked through."""
    return actions.inspect(file=io.BytesIO(content), name=name, by=OLGA, at=NOON, **options).token


def brought(*lines: str, name: str = "list.csv", **options: Any) -> dict[str, Any]:
    """Brings these lines in and returns the contract's JSON of it."""
    return brought_bytes(csv_of(*lines), name, **options)


def brought_bytes(content: bytes, name: str = "list.csv", **options: Any) -> dict[str, Any]:
    token = handed_over(content, name, **options)
    actions.run_to_end(actions.start_import(token=token, by=OLGA, at=NOON))
    return queries.result(queries.intake_for(OLGA, token))


def tried(*lines: str, **options: Any) -> dict[str, Any]:
    token = handed_over(csv_of(*lines), **options)
    actions.dry_run(token=token, by=OLGA, at=NOON, wait=True)
    return queries.result(queries.intake_for(OLGA, token))


def sums(told: dict[str, Any]) -> tuple[int, int, int, int]:
    """(created, updated, unchanged, refused), which must be all the rows."""
    counts = told["created"], told["updated"], told["unchanged"], len(told["rejected"])
    assert sum(counts) == told["rows"], told
    return counts


def names() -> list[str]:
    return [row.name for row in Customer.objects.order_by("number")]


def emails(number: int) -> list[str]:
    return list(
        ContactPoint.objects.filter(customer=number, kind="email").order_by("id").values_list("value", flat=True)
    )

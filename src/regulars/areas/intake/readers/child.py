"""The process in which a foreign file is parsed (started by `sandbox`).

It limits itself before it looks at the file (security H3, H4), knows no settings, no database and no key, may write no
file, and answers in frames of JSON on its standard output: nothing that it sends is ever run or unpickled. A frame is a
letter, the length of what follows (4 bytes, big endian), and that: `I` what was understood, `R` rows (as their factory
frames them, where it does), `E` the end with its counts, `X` a refusal.
"""

import contextlib
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from importlib import import_module
from itertools import batched, islice, takewhile
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from regulars.kernel.wording import marked as _

HEAD = struct.Struct(">cI")
CHUNK = 500  # rows in a frame
_MEGABYTE = 2**20

Prepare = Callable[[Sequence[Any]], Any]
Factory = Callable[[Any], Prepare]


def main() -> None:
    job = orjson.loads(sys.stdin.buffer.read())
    limit(megabytes=job["megabytes"], seconds=job["seconds"])
    send = partial(_send, sys.stdout.buffer)
    sys.stdout = sys.stderr  # a library that prints must not break the frames
    from regulars.kernel.errors import Refused
    from regulars.kernel.wording import speak_plainly

    speak_plainly()
    try:
        _JOBS[job["do"]](job, send)
    except Refused as refused:
        send(b"X", _refusal(refused))
    except MemoryError:
        send(b"X", {"template": TOO_LARGE, "told": {"name": job["name"]}})
    except (OSError, ValueError, OverflowError, RecursionError) as why:
        send(b"X", {"template": UNREADABLE, "told": {"name": job["name"]}, "why": repr(why)[:500]})


TOO_LARGE = _("{name} takes more memory than a file may. Save the list as CSV and bring that in.")
TOO_LONG = _("{name} takes longer to open than a file may. Save the list as CSV and bring that in.")
UNREADABLE = _("{name} is damaged and cannot be opened. Save it anew and try again.")


def limit(*, megabytes: int, seconds: int) -> None:
    """Memory, computing time, files: as far as the platform knows limits (Windows knows none of these)."""
    try:
        import resource
    except ImportError:
        return
    wanted = [
        (resource.RLIMIT_CPU, seconds, seconds + 5),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
    ]
    if sys.platform != "darwin":  # macOS refuses limits on the address space
        wanted.append((resource.RLIMIT_AS, megabytes * _MEGABYTE, megabytes * _MEGABYTE))
    for which, soft, hard in wanted:
        with contextlib.suppress(ValueError, OSError):
            _soft, highest = resource.getrlimit(which)
            hard = hard if highest == resource.RLIM_INFINITY else min(hard, highest)
            resource.setrlimit(which, (min(soft, hard), hard))


def _inspect(job: dict[str, Any], send: Callable[[bytes, Any], None]) -> None:
    from regulars.areas.intake.readers.inspecting import inspect

    found = inspect(
        Path(job["path"]), job["name"], job["kind"], today=date.fromisoformat(job["today"]),
        sheet=job["sheet"], encoding=job["encoding"], delimiter=job["delimiter"], repair=job["repair"],
        feet=job["feet"],
    )  # fmt: skip
    send(b"I", _clean(found.as_json()))


def _judge(job: dict[str, Any], send: Callable[[bytes, Any], None]) -> None:
    from regulars.areas.intake.readers.judging import judge

    mapping, context = _understood(job)
    prepare = _prepare(job["prepare"], job["told"])
    source = islice(_rows(job), job["skip"], None)
    count = 0
    for chunk in batched(judge(source, mapping, context), CHUNK, strict=False):
        count += len(chunk)
        send(b"R", prepare(chunk))
    send(b"E", {"rows": count})


def _tell(job: dict[str, Any], send: Callable[[bytes, Any], None]) -> None:
    """The rows asked for as they stand in the file but for what is never kept, each with every reason against it and
    its card without those.
    """
    from regulars.areas.intake.readers.blackout import Blackout
    from regulars.areas.intake.readers.judging import compile_reasons

    mapping, context = _understood(job)
    reasons, black = compile_reasons(mapping, context), Blackout(context.hidden, context.numbered)
    wanted = frozenset(job["rows"])
    last = max(wanted, default=0)
    asked = (row for row in takewhile(lambda row: row[0] <= last, _rows(job)) if row[0] in wanted)
    for chunk in batched(asked, CHUNK, strict=False):
        told = []
        for number, cells in chunk:
            problems, row = reasons(number, cells)
            told.append([number, black.row(cells, ())[0], [_told(each) for each in problems], row.card])
        send(b"R", _clean(told))
    send(b"E", {})


def _purchases(job: dict[str, Any], send: Callable[[bytes, Any], None]) -> None:
    from regulars.areas.intake.readers.orders.grouping import purchases

    mapping, context = _understood(job)
    for frame in purchases(lambda: _rows(job), mapping, context, job["told"]):
        send(b"R", frame)
    send(b"E", {})


def _understood(job: dict[str, Any]) -> tuple[Any, Any]:
    from regulars.areas.intake.readers.cells import Context
    from regulars.areas.intake.readers.mapping import Column, Mapping

    told = job["mapping"]
    columns, made = (tuple(Column(**each) for each in told[name]) for name in ("columns", "made"))
    mapping = Mapping(told["source"], columns, told["exporter"], made)
    return mapping, Context.from_json(job["context"])


def _rows(job: dict[str, Any]) -> Iterator[Any]:
    from regulars.areas.intake.readers.inspecting import rows
    from regulars.areas.intake.readers.layout import Layout

    return rows(Path(job["path"]), Layout(**job["layout"]), job["name"])


def _prepare(name: str, told: Any) -> Prepare:
    """What turns a chunk of judged rows into what is sent: the rows in short, or what the named factory makes."""
    if not name:
        return lambda rows: [in_short(row) for row in rows]
    module, _colon, function = name.partition(":")
    factory: Factory = getattr(import_module(module), function)
    return factory(told)


def in_short(row: Any) -> list[Any]:
    """A judged row as plain JSON, in the order of its fields; `sandbox.row_of` makes it a row again."""
    short: list[Any] = [row.number, row.card, row.digest]
    if row.problem or row.answers or row.standings or row.doubts:
        short += [_told(row.problem), row.answers, row.standings, [_told(each) for each in row.doubts]]
    return short


def _told(problem: Any) -> list[Any] | None:
    return problem and [problem.row, problem.column, problem.value, problem.template, problem.told]


def _refusal(refused: Any) -> dict[str, Any]:
    return {
        "template": refused.more.get("template") or str(refused),
        "told": refused.more.get("told") or {},
        "where": refused.where,
    }


def _clean(found: Any) -> Any:
    """The same without halves of surrogate pairs: a damaged file's bytes are told apart only where cells are judged."""
    if isinstance(found, str):
        return found if found.isascii() else found.encode("utf-8", "replace").decode("utf-8")
    if isinstance(found, dict):
        return {_clean(key): _clean(value) for key, value in found.items()}
    return [_clean(each) for each in found] if isinstance(found, list | tuple) else found


def _send(output: BinaryIO, letter: bytes, content: Any) -> None:
    body = content if isinstance(content, bytes) else orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    output.write(HEAD.pack(letter, len(body)) + body)
    output.flush()


_JOBS: dict[str, Callable[[dict[str, Any], Callable[[bytes, Any], None]], None]] = {
    "inspect": _inspect,
    "judge": _judge,
    "tell": _tell,
    "purchases": _purchases,
}

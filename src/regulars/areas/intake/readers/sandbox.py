"""The house's side of the child process: starts it, feeds it, believes nothing but JSON, ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

import orjson

from regulars.areas.intake.readers.cells import Context
from regulars.areas.intake.readers.child import HEAD, TOO_LARGE, TOO_LONG, UNREADABLE
from regulars.areas.intake.readers.content import recognise
from regulars.areas.intake.readers.layout import Inspected
from regulars.areas.intake.readers.mapping import Mapping
from regulars.areas.intake.readers.row import Problem, Reasoned, Row
from regulars.kernel.errors import Refused
from regulars.kernel.wording import refusal

MEGABYTES = 512
SECONDS = 60
_SECONDS_PER_MEGABYTE = 1.0  # of a text file: a million rows of 150 MB are judged in a quarter of this
# The child has no settings and no Django. Its refusals travel as templates; whoever shows them puts them in words.
# It makes no cycles, and looking for them costs a tenth.
_START = """
import gc
gc.disable()
from regulars.areas.intake.readers.child import main
main()
"""
_LARGEST_FRAME = 256 * 2**20
_NEEDED = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "PYTHONPATH")  # the house's own settings stay outside


def open_file(
    path: Path,
    name: str,
    *,
    today: date,
    sheet: str = "",
    encoding: str = "",
    delimiter: str = "",
    repair: str = "",
    feet: str = "",
) -> Inspected:
    """What a file is, found out in a child process of 512 MiB and 60 s.

    `name` is what the person called it: for messages only, the content decides. `sheet`, `encoding`, `delimiter`,
    `repair` (yes, no) and `feet` (`in`: rows that look like totals are data) are used where they are said. Raises
    `Refused`, fit for the screen, for everything that is no list.
    """
    kind = recognise(path, name)
    job = {
        "do": "inspect",
        "path": str(path),
        "name": name,
        "kind": kind,
        "today": today.isoformat(),
        "sheet": sheet,
        "encoding": encoding,
        "delimiter": delimiter,
        "repair": repair,
        "feet": feet,
    }
    for letter, content in _frames(job, path):
        if letter == b"I":
            return Inspected.from_json(orjson.loads(content))
    raise refusal(UNREADABLE, name=name)


def judged(path: Path, inspected: Inspected, mapping: Mapping, context: Context) -> Iterator[Row]:
    """Every data row judged, read and judged in a child process, streamed: memory is flat however long the file.

    Raises `Refused` where the file cannot be read to its end; what came before it has come.
    """
    for chunk in prepared(path, inspected, mapping, context):
        yield from map(row_of, orjson.loads(chunk))


def prepared(
    path: Path,
    inspected: Inspected,
    mapping: Mapping,
    context: Context,
    prepare: str = "",
    told: Any = None,
    skip: int = 0,
) -> Iterator[bytes]:
    """Chunks of up to 500 rows as the child made them, JSON; the first `skip` rows are passed over unjudged.

    `prepare` names a factory (`package.module:function`) of the house's that the child calls with `told` (JSON); what
    that gives is called with each chunk of `Row`s and answers with JSON, or with bytes that only its module reads. It
    must import no settings and no models.
    Without it the chunk is a list of rows as `row_of` takes them.
    """
    job = {"do": "judge", "prepare": prepare, "told": told, "skip": skip}
    yield from _read({**job, **_how(path, inspected, mapping, context)}, path)


def purchases(path: Path, inspected: Inspected, mapping: Mapping, context: Context, told: Any) -> Iterator[bytes]:
    """A list of purchases, as `orders.grouping` sends it: buyers first, then purchases, grouped by their numbers.

    Raises `Refused` where the file cannot be read to its end.
    """
    yield from _read({"do": "purchases", "told": told, **_how(path, inspected, mapping, context)}, path)


def reasons(
    path: Path, inspected: Inspected, mapping: Mapping, context: Context, rows: Iterable[int]
) -> Iterator[Reasoned]:
    """The rows of these numbers as they stand in the file, each with every reason against it, in order, streamed."""
    job = {"do": "tell", "rows": list(rows), **_how(path, inspected, mapping, context)}
    for chunk in _read(job, path):
        for number, cells, problems, card in orjson.loads(chunk):
            yield Reasoned(number, cells, [Problem(*each) for each in problems], card or {})


def _how(path: Path, inspected: Inspected, mapping: Mapping, context: Context) -> dict[str, Any]:
    """How the file is to be read and judged, for the child."""
    told = {
        "source": mapping.source,
        "exporter": mapping.exporter,
        "columns": [asdict(each) for each in mapping.columns],
        "made": [asdict(each) for each in mapping.made],
    }
    layout = asdict(inspected.layout)
    return {
        "path": str(path), "name": inspected.name, "layout": layout, "mapping": told, "context": asdict(context),
    }  # fmt: skip


def _read(job: dict[str, Any], path: Path) -> Iterator[bytes]:
    """The rows' frames. Raises `Refused` where the file cannot be read to its end."""
    ended = False
    for letter, content in _frames(job, path):
        if letter == b"R":
            yield content
        ended = letter == b"E"
    if not ended:
        raise refusal(UNREADABLE, name=job["name"])


def row_of(short: list[Any]) -> Row:
    """A row from its JSON (`child.in_short`)."""
    row = Row(short[0], short[1], short[2])
    if len(short) > 3:
        row.problem = Problem(*short[3]) if short[3] else None
        row.answers, row.standings = short[4], short[5]
        row.doubts = [Problem(*each) for each in short[6]]
    return row


def _frames(job: dict[str, Any], path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Starts the child with the job and gives its frames: letter and JSON, to be read by whoever has the time.

    A refusal of its is raised. The child never outlives this.
    """
    seconds = SECONDS + int(path.stat().st_size / 2**20 * _SECONDS_PER_MEGABYTE)
    child = subprocess.Popen(
        [sys.executable, "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    assert child.stdin and child.stdout
    try:
        child.stdin.write(orjson.dumps({**job, "megabytes": MEGABYTES, "seconds": seconds}))
        child.stdin.close()
        while frame := _frame(child.stdout):
            if frame[0] == b"X":
                raise _said(orjson.loads(frame[1]))
            yield frame
        _refuse_fallen(child.wait(), job["name"])
    except BrokenPipeError:
        _refuse_fallen(child.wait(), job["name"])
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}


def _frame(output: IO[bytes]) -> tuple[bytes, bytes] | None:
    head = output.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    letter, length = HEAD.unpack(head)
    if length > _LARGEST_FRAME:
        return None
    body = output.read(length)
    return (letter, body) if len(body) == length else None


def _said(content: dict[str, Any]) -> Refused:
    return refusal(content["template"], where=content.get("where"), **content["told"])


def _refuse_fallen(code: int, name: str) -> None:
    """Why a child ended without a word: out of time, out of memory (a parser in C or Rust aborts), or broken."""
    if code == 0:
        return
    if code in (-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9)):
        raise refusal(TOO_LONG, name=name)
    raise refusal(TOO_LARGE if code == -signal.SIGABRT else UNREADABLE, name=name)

"""A disk that is full or fails is told of in the same sentence, however deep it is found."""

import errno
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from regulars.interfaces.cli import main as cli
from regulars.interfaces.web import errors
from regulars.kernel import places, trouble


def full() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


def of_sqlite(code: int) -> DatabaseError:
    cause: Any = sqlite3.OperationalError("told")
    cause.sqlite_errorcode = code
    error = DatabaseError("told")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (full(), "full"),
        (OSError(errno.EROFS, "x"), "read-only"),
        (OSError(errno.EIO, "x"), "failing"),
        (of_sqlite(13), "full"),
        (of_sqlite(10 | 4 << 8), "failing"),
        (of_sqlite(8), "read-only"),
    ],
)
def test_it_is_known_by_what_lies_behind(error: Exception, kind: str) -> None:
    found = trouble.of(error)
    assert found and found.more["trouble"] == kind and str(places.home_path()) in str(found)


@pytest.mark.parametrize("error", [ValueError("x"), OSError(errno.ENOENT, "x"), of_sqlite(19), of_sqlite(5)])
def test_other_faults_are_none(error: Exception) -> None:
    assert trouble.of(error) is None


@pytest.mark.parametrize(
    ("accepts", "kind"), [("text/html", "text/html"), ("application/json", "application/problem+json")]
)
def test_where_even_the_frame_breaks_a_bare_page_says_so(accepts: str, kind: str) -> None:
    request = RequestFactory().get("/", headers={"accept": accepts})
    try:
        raise full()
    except OSError:
        answer = errors.broken(request)
    assert answer.status_code == 503 and answer["Content-Type"].startswith(kind)
    assert b"is full" in answer.content
    assert errors.broken(request).status_code == 500


def test_a_command_says_so_without_a_trace(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(_args: Any) -> int:
        raise full()

    command = SimpleNamespace(DATABASE=False, NAME="fill", HELP="fills", run=run, add_arguments=lambda _parser: None)
    monkeypatch.setattr(cli, "known", lambda *_named: iter([command]))
    assert cli.main(["fill"]) == 1
    said = capsys.readouterr().err
    assert "is full" in said and "Traceback" not in said


def test_what_a_killed_process_had_in_hand_goes(tmp_path: Path) -> None:
    mine = places.in_hand("intake")
    gone = mine.with_name("intake-4194304000-abc")
    gone.write_text("a list in the clear")
    other = mine.with_name("something else")
    other.write_text("x")
    places.clear_spool()
    assert mine.exists() and other.exists() and not gone.exists()
    mine.unlink()
    other.unlink()

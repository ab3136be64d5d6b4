"""`regulars doctor` answers where everything is well, where something is bad, and where nothing else works any more."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regulars.areas.health.checks import keys
from regulars.areas.health.tests.test_looking import found
from regulars.interfaces.cli.main import main
from regulars.interfaces.server import tls

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def asked(at: datetime) -> str | None:
    seen = keys._certificate(at)
    return seen.answer if seen else None


@pytest.mark.django_db
def test_doctor_ends_with_1_where_something_is_bad(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for look, code in ((found(disk="full", sheet="unsaid"), 1), (found(disk="filling", newest="fresh"), 0)):
        monkeypatch.setattr("regulars.areas.health.queries.look_now", lambda at, look=look, **how: look)
        assert main(["doctor"]) == code
        lines = capsys.readouterr().out
        assert ("BAD    Room on the disk: 96% of the disk is used" in lines) == (code == 1) and "WATCH" in lines
        assert main(["doctor", "--json"]) == code
        assert json.loads(capsys.readouterr().out)["ok"] == (code == 0)


def test_the_certificate_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_KEY_FILE", str(tmp_path / "keys.json"))
    monkeypatch.delenv("REGULARS_BASE_URL", raising=False)
    assert asked(AT) is None
    made = tls.certificate_for(["register.example"])
    monkeypatch.setenv("REGULARS_TLS_CERT", str(made.cert))
    now = datetime.now(UTC)
    at = {"holds": 0, "soon": 380, "now": 394, "ended": 400}
    assert {answer: asked(now + timedelta(days=days)) for answer, days in at.items()} == {
        answer: answer for answer in at
    }
    monkeypatch.delenv("REGULARS_TLS_CERT")
    monkeypatch.setenv("REGULARS_BASE_URL", "https://register.example")
    assert asked(now + timedelta(days=380)) == "own soon"
    monkeypatch.setenv("REGULARS_TRUSTED_PROXIES", "127.0.0.1")  # then the proxy's counts, which is not ours to see
    assert asked(now) is None
    monkeypatch.setenv("REGULARS_TLS_CERT", str(tmp_path / "none.pem"))
    assert asked(now) == "unreadable"


def doctor(home: Path, *words: str) -> tuple[int, Any]:
    """As somebody at the machine runs it, on a home of its own: its exit code and what it said, without a traceback."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    env |= {"REGULARS_HOME": str(home), "REGULARS_KEY_FILE": str(home.parent / "keys.json")}
    command = [sys.executable, "-m", "regulars", *words, "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def bad(told: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["check"], each["answer"]) for each in told["checks"] if each["level"] == "bad"}


def test_it_answers_without_a_home_without_keys_and_with_a_broken_database(tmp_path: Path) -> None:
    home, key_file = tmp_path / "home", tmp_path / "keys.json"
    code, told = doctor(home, "doctor")
    assert (code, bad(told)) == (0, set()) and not home.exists() and not key_file.exists()  # looking makes nothing
    assert doctor(home, "versions") == (0, [])
    code, told = doctor(home, "doctor")
    assert (code, bad(told)) == (0, set())
    key_file.chmod(0o640)
    code, told = doctor(home, "doctor")
    assert code == 1 and ("keys.file", "open") in bad(told) and "can be read by others" in told["settings"]
    key_file.chmod(0o600)
    (home / "regulars.db").write_bytes(os.urandom(100_000))
    code, told = doctor(home, "doctor")
    assert code == 1 and ("data.database", "silent") in bad(told)
    assert {each["answer"] for each in told["checks"] if each["check"].startswith("journal.")} == {"no database"}
    key_file.rename(tmp_path / "elsewhere.json")
    code, told = doctor(home, "doctor")
    assert code == 1 and ("keys.file", "missing") in bad(told)

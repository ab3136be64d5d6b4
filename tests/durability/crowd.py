"""A crowd: writers and readers at a real `serve` while a list comes in and a version is made. Nobody hears errors."""

import http.client
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.durability import door, scenarios
from tests.durability.homes import Place
from tests.durability.report import Report

Times = list[float]


class House:
    """A `serve` on this home."""

    def __init__(self, place: Place) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, **place.environment(), "REGULARS_BASE_URL": ""}
        self.said = place.root / "said"
        command = [sys.executable, "-m", "regulars", "serve", "--port", str(self.port), "--json"]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=said)
        assert self.process.stdout
        if not self.process.stdout.readline():
            raise RuntimeError(self.said.read_text())

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def command(self, *words: str) -> str:
        """What was wrong with a command; '' if nothing."""
        done = subprocess.run([sys.executable, "-m", "regulars", *words], env=self.environment, capture_output=True)
        return "" if done.returncode == 0 else f"{words[0]}: {done.stderr.decode()[-300:]}"


def _asking(port: int, token: str, many: int, write: bool, until: float, pause: float, told: Any) -> None:
    """A process of many who ask, each in a thread with a connection of its own. They come one after another, within
    the pause that each makes between an answer and the next question."""
    times: Times = []
    faults: list[str] = []

    def one(who: int) -> None:
        connection, turn = http.client.HTTPConnection("127.0.0.1", port, timeout=60), 0
        time.sleep(pause * who / many)
        while time.time() < until:
            turn += 1
            name = f"{os.getpid()} {who} {turn}"
            ask = ("POST", "/customers", json.dumps({"given_name": name})) if write else ("GET", _READ[turn % 3], None)
            began = time.monotonic()
            try:
                connection.request(ask[0], f"/api/v1{ask[1]}", ask[2], _headers(token))
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                faults.append(f"{ask[0]} {ask[1]}: {type(error).__name__}")
                connection.close()
                continue
            times.append(time.monotonic() - began)
            if answer.status >= 300:
                faults.append(f"{ask[0]} {ask[1]}: {answer.status} {content[:200]!r}")
            time.sleep(pause)

    threads = [threading.Thread(target=one, args=(who,)) for who in range(many)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    told.put((write, times, faults))


_READ = (
    "/customers?limit=20",
    "/customers?criteria=given_name%20startswith%20%221%22&limit=20",
    "/changesets?limit=10",
)


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def _import(port: int, token: str, rows: int) -> str:
    """Hands a list over and lets it come in; what was wrong, '' if nothing."""
    word = f"w{time.monotonic_ns()}"
    body, kind = door.form(f"{word}.csv", scenarios.list_of(word, rows), source=word)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(method: str, path: str, content: bytes = b"", kind: str = "application/json") -> Any:
        connection.request(method, f"/api/v1{path}", content, {**_headers(token), "Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    status, told = ask("POST", "/imports", body, kind)
    if status != 201:
        return f"import: {told}"
    intake = told["id"]
    status, told = ask("POST", f"/imports/{intake}/go")
    until = time.monotonic() + 600
    while told["state"] == "running" and time.monotonic() < until:
        time.sleep(0.5)
        status, told = ask("GET", f"/imports/{intake}")
    return "" if told.get("created") == rows else f"import: {told}"


def measured(
    place: Place, *, writers: int, readers: int, seconds: float, rows: int, pause: float
) -> tuple[Times, Times, list[str]]:
    """(seconds of each write, of each read, what was wrong)."""
    house, told = House(place), multiprocessing.get_context("spawn").Queue()
    faults: list[str] = []

    def beside(work: Callable[[], str]) -> None:
        found = work()
        if found:
            faults.append(found)

    try:
        until = time.time() + seconds + 3  # they need a moment to begin
        parts = [(writers, True)] + [(readers // 2, False)] * 2
        crowd = [
            multiprocessing.get_context("spawn").Process(
                target=_asking, args=(house.port, place.token, many, write, until, pause, told)
            )
            for many, write in parts
        ]
        beside_them = [
            threading.Thread(target=beside, args=(work,))
            for work in (partial(_import, house.port, place.token, rows), partial(house.command, "backup"))
        ]
        at_work: list[Any] = [*crowd, *beside_them]
        for each in at_work:
            each.start()
        answers = [told.get(timeout=seconds + 300) for _part in parts]
        for each in at_work:
            each.join()
        found = house.command("verify")
    finally:
        house.close()
    faults += [each for _write, _times, wrong in answers for each in wrong] + ([found] if found else [])
    writes = [each for write, times, _wrong in answers if write for each in times]
    reads = [each for write, times, _wrong in answers if not write for each in times]
    return sorted(writes), sorted(reads), faults


def at(times: Times, share: float) -> float:
    """The time, in milliseconds, within which this share of them was answered."""
    return 1000 * times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


def run(furnished: Place, folder: Path, *, minutes: float, seed: int, writers: int = 50, readers: int = 200) -> Report:
    """So many at once for so long. That it is quick is measured in `benchmarks/`, not here."""
    report, began = Report("a crowd at once"), time.monotonic()
    rows = max(200, int(5_000 * minutes))
    place = furnished.copied(folder / "crowd")
    writes, reads, faults = measured(
        place, writers=writers, readers=readers, seconds=60 * minutes, rows=rows, pause=0.5
    )
    report.tried = len(writes) + len(reads)
    report.add("all", sorted(set(faults)))
    report.note = (
        f"{writers} writers, {readers} readers; 95 % of {len(writes)} writes in {at(writes, 0.95):.0f} ms, "
        f"of {len(reads)} reads in {at(reads, 0.95):.0f} ms"
    )
    report.seconds = time.monotonic() - began
    return report

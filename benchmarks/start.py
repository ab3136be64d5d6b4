"""How long until the first page: a web worker from spawn, the web process, `serve`, against a bare `django.setup()`;
and what commands, which are all start, take of the processor.

    uv run python benchmarks/start.py [ROUNDS]

All in turn in one run, on a throwaway home that was opened once before; medians. A worker is forked from the web
process, which has everything loaded; it is timed by killing the only one. Ends with 1 beyond the promise: a worker at
most 3 times bare Django with six contrib apps, `serve` at most 4 seconds.
"""

import http.client
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BARE = """
import django
from django.conf import settings
apps = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
settings.configure(INSTALLED_APPS=["django.contrib." + app for app in apps], SECRET_KEY="x",
                   DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
django.setup()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


COMMANDS = (("--version",), ("user", "list", "--json"), ("list", "list", "--json"), ("doctor", "--json"))


def first_page(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Returns when the page has come; ends everything where the process that should give it has ended."""
    while True:
        if process.poll() is not None:
            sys.exit(f"{process.args!r} ended with {process.returncode}")
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            asked.request("GET", path)
            asked.getresponse().read()
            return
        except OSError:
            time.sleep(0.005)
        finally:
            asked.close()


def timed(deed: Callable[[], None]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def bare() -> None:
    subprocess.run([sys.executable, "-c", BARE], check=True)


def until_first_page(
    command: list[str], port: int, path: str, then: Callable[[], float] | None = None
) -> tuple[float, float]:
    """Seconds from the start of the command to its first page, and what was measured after that."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(b"go\n")
    process.stdin.flush()
    try:
        first_page(port, path, process)
        return time.perf_counter() - began, then() if then else replaced(process, port, path)
    finally:
        process.terminate()
        process.communicate()


def replaced(web: subprocess.Popen[bytes], port: int, path: str) -> float:
    """Seconds from the death of the only worker to the first page of the next."""
    only = int(subprocess.check_output(["pgrep", "-P", str(web.pid)]).split()[0])
    os.kill(only, signal.SIGKILL)
    began = time.perf_counter()
    first_page(port, path, web)
    return time.perf_counter() - began


def plan_for(port: int) -> dict[str, Any]:
    """What `serve` tells the web of one worker behind plain http."""
    return {"host": "127.0.0.1", "port": port, "workers": 1, "cert": "", "key": "", "rescue": None, "warmed": -1}


def web(path: str) -> tuple[float, float]:
    port = free_port()
    plan = json.dumps(plan_for(port))
    return until_first_page([sys.executable, "-m", "regulars.interfaces.server.web", plan], port, path)


def serve(path: str) -> float:
    port = free_port()
    command = [sys.executable, "-m", "regulars", "serve", "--port", str(port)]
    return until_first_page(command, port, path, then=lambda: 0.0)[0]


def computed(words: tuple[str, ...]) -> float:
    """Seconds of processor of one command, whatever else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "regulars", *words], stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"REGULARS_HOME": f"{folder}/home", "REGULARS_KEY_FILE": str(Path(folder) / "key.json")}
        os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
        path = "/sign-in/"
        print(f"very first start, with keys and migrations: {serve(path):.2f} s")
        taken = [(timed(bare), *web(path), serve(path)) for _ in range(rounds)]
        for words in COMMANDS:
            found = statistics.median(computed(words) for _ in range(rounds))
            print(f"{' '.join(words)}: {found:.2f} s of processor")
    plain, loaded, spawned, served = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"bare django.setup(): {plain:.2f} s")
    print(f"worker from spawn to its first page: {spawned:.2f} s, {spawned / plain:.1f} times (at most 3)")
    print(f"web process with its worker, from nothing to the first page: {loaded:.2f} s, {loaded / plain:.1f} times")
    print(f"serve to its first page: {served:.2f} s (at most 4)")
    return int(spawned > 3 * plain or served > 4)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))

"""How long until the first page: a web worker from spawn, and `serve` from the command, against a bare `django.setup()`.

    uv run python benchmarks/start.py [ROUNDS]

All three in turn in one run, on a throwaway home that was opened once before; medians. Ends with 1 beyond the promise:
a worker at most 3 times bare Django with six contrib apps, `serve` at most 4 seconds.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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


def first_page(port: int, path: str) -> None:
    """Returns when the page has come."""
    while True:
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


def until_first_page(command: list[str], port: int, path: str) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        first_page(port, path)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def worker(path: str) -> float:
    port = free_port()
    plan = {"host": "127.0.0.1", "port": port, "workers": 1, "cert": "", "key": ""}
    return until_first_page([sys.executable, "-m", "regulars.interfaces.server.web", json.dumps(plan)], port, path)


def serve(path: str) -> float:
    port = free_port()
    return until_first_page([sys.executable, "-m", "regulars", "serve", "--port", str(port)], port, path)


def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"REGULARS_HOME": f"{folder}/home", "REGULARS_KEY_FILE": str(Path(folder) / "key.json")}
        os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
        path = "/sign-in/"
        print(f"very first start, with keys and migrations: {serve(path):.2f} s")
        taken = [(timed(bare), worker(path), serve(path)) for _ in range(rounds)]
    plain, spawned, served = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"bare django.setup(): {plain:.2f} s")
    print(f"worker to its first page: {spawned:.2f} s, {spawned / plain:.1f} times (at most 3)")
    print(f"serve to its first page: {served:.2f} s (at most 4)")
    return int(spawned > 3 * plain or served > 4)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))

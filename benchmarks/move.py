"""How long the move of a whole register to PostgreSQL takes, and back.

    uv run python -m benchmarks.move [CUSTOMERS]

Brings a generated list in by the product's own import, on a throwaway home, then moves it to a throwaway PostgreSQL
(with its write-ahead log synced, as a real one) and back, by the commands an operator uses. Everything counts: looking,
the carrying, the indexes, holding both sides against each other, the proof at the new place. The promise is for 100,000
customers: two minutes each way; other counts are held to their share. Ends with 1 beyond it.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.generator import write_csv
from tests.rig.postgres import Server

PROMISED = 120.0  # seconds for 100,000


def run(*words: str, url: str = "") -> Any:
    command: list[str | Path] = [Path(sys.executable).with_name("regulars"), *words, "--json"]
    environment, before = {**os.environ, "REGULARS_DATABASE_URL": url}, resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cores = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**json.loads(done.stdout), "cores": cores, "most": after.ru_maxrss >> 10}


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    server = Server(quick=False)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {"REGULARS_HOME": f"{folder}/home", "REGULARS_KEY_FILE": f"{folder}/keys.json"}
            run("import", str(write_csv(Path(folder) / "customers.csv", customers)), "--yes")
            server.make("regulars")
            there = run("move", "--to", server.url)
            back = run("move", "--to", "file", url=server.url)
    finally:
        server.stop()
    allowed = PROMISED * max(customers, 20_000) / 100_000  # below that it is the making of tables that counts
    print(f"{customers:,} customers, {there['rows']:,} rows of {there['tables']} tables, {there['links']} links")
    for way, told in (("to PostgreSQL", there), ("to the file", back)):
        print(f"{way:<14} {told['seconds']:6.1f} s (promised {allowed:.0f} s)", end="")
        print(f", {told['cores']:.1f} s of our own processes on a core, {told['most']} MiB at most")
    return int(max(there["seconds"], back["seconds"]) > allowed)


if __name__ == "__main__":
    sys.exit(main())

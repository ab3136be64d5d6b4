"""How long it takes to put a copy back: from the command to a register that is proved to be sound and open again.

    uv run python -m benchmarks.restore [CUSTOMERS]

Brings a generated list in by the product's own import, on a throwaway home, makes a copy, goes on working and puts the
copy back. The promise is 60 seconds for 100,000 customers; smaller counts are held to their share, with 5 seconds for
the start of a process. Named limit: copying the database's file with the system's own tool in the same run. Ends with 1
beyond the promise.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.verify import fill

PROMISE, START = 60.0, 5.0  # seconds for 100,000; of any count


def regulars(*words: str) -> Any:
    command = [str(Path(sys.executable).with_name("regulars")), *words, "--json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="regulars-restore-") as folder:
        fill(Path(folder), customers)
        made = regulars("backup")
        regulars("add", "family_name=Later")
        began = time.perf_counter()
        done = regulars("restore", "--yes")
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        shutil.copyfile(made["file"], Path(folder) / "bare")
        os.sync()
        bare = time.perf_counter() - began
    then, now = done["customers"]["then"], done["customers"]["now"]
    if done["version"] != made["version"] or then < customers or now != then + 1:
        sys.exit(f"Not what was to come back: {done}")
    allowed = max(START, PROMISE * customers / 100_000)
    print(
        f"{customers:,} customers, {made['bytes'] / 1e6:.0f} MB: {seconds:.1f} s (allowed {allowed:.0f} s); "
        f"a bare copy of the file {bare:.2f} s"
    )
    return int(seconds > allowed)


if __name__ == "__main__":
    sys.exit(main())

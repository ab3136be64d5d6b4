"""How long a version takes, and whether anybody notices.

    python -m benchmarks.versions [CUSTOMERS]

Brings a generated list in by the product's own import, on a throwaway home. A process of its own (the backroom's part)
makes versions while this one asks for pages, one after the other, as the web does. Named limit of the version: a bare
`VACUUM INTO` of the same file in the same run. Promised for 100,000: a version in 5 seconds, no page slower than
300 ms meanwhile. Then how long its whole proof takes in a child. Ends with 1 beyond the promise.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.pages import LIST, Visit, signed_in
from benchmarks.verify import fill

SECONDS, PAGE, TIMES = 5.0, 0.300, 5
_MAKING = """
import sys, time, django
django.setup()
from django.utils import timezone
from regulars.areas.safekeeping import actions
print("ready", flush=True)
for _time in range(int(sys.argv[1])):
    sys.stdin.readline()
    began = time.perf_counter()
    made = actions.make_version(at=timezone.now(), why="backup", proved_here=True)
    print(time.perf_counter() - began, made.name, made.size, flush=True)
"""


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="regulars-versions-") as folder:
        fill(Path(folder), customers)
        import django

        django.setup()
        return measured(customers)


def measured(customers: int) -> int:
    from django.utils import timezone

    from regulars.areas.safekeeping import actions
    from regulars.interfaces.server.web import _application, _warmed

    _warmed()
    visit = Visit(_application(), signed_in())
    paths = [LIST, f"/customers/{10001 + customers // 2}/", "/"]
    calm = max(asked(visit, paths) for _round in range(20))
    bare = vacuumed()
    seconds, slowest, names = meanwhile(visit, paths)
    began = time.perf_counter()
    proved = actions.prove_version(name=names[-1][0], clock=timezone.now)
    proof = time.perf_counter() - began
    print(f"{customers} customers, {names[-1][1] / 1e6:.0f} MB")
    ratio = min(seconds) / bare
    print(f"version    {min(seconds):.2f} to {max(seconds):.2f} s, bare VACUUM INTO {bare:.2f} s, ratio {ratio:.2f}")
    print(f"slowest page meanwhile {slowest * 1000:.0f} ms, before {calm * 1000:.0f} ms")
    print(f"whole proof {proof:.1f} s, {proved.proof.changes if proved.proof else 0} changes, {proved.state}")
    return int(max(seconds) > SECONDS * customers / 100_000 or slowest > PAGE or not proved.proved)


def asked(visit: Visit, paths: list[str]) -> float:
    """The slowest of one round of pages, in seconds."""
    worst = 0.0
    for path in paths:
        began = time.perf_counter()
        visit(path)
        worst = max(worst, time.perf_counter() - began)
    return worst


def vacuumed() -> float:
    from regulars.kernel import places
    from regulars.kernel.databases import copying

    target = places.versions() / "bare.db"
    began = time.perf_counter()
    copying._vacuum(places.database(), target)
    took = time.perf_counter() - began
    target.unlink()
    return took


def meanwhile(visit: Visit, paths: list[str]) -> tuple[list[float], float, list[tuple[str, int]]]:
    """(seconds of each version, the slowest page while one was made, names and sizes)."""
    command = [sys.executable, "-c", _MAKING, str(TIMES)]
    seconds, slowest, names = [], 0.0, []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdin and maker.stdout
        maker.stdout.readline()
        import selectors

        ready = selectors.DefaultSelector()
        ready.register(maker.stdout, selectors.EVENT_READ)
        for _time in range(TIMES):
            maker.stdin.write("\n")
            maker.stdin.flush()
            while not ready.select(0):
                slowest = max(slowest, asked(visit, paths))
            took, name, size = maker.stdout.readline().split()
            seconds.append(float(took))
            names.append((name, int(size)))
    return seconds, slowest, names


if __name__ == "__main__":
    sys.exit(main())

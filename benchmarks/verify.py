"""How long it takes to prove a register: its chain alone, and everything (rows, twins, heads, pages).

    uv run python -m benchmarks.verify [CUSTOMERS]

Brings a generated list in by the product's own import, on a throwaway home, then proves it. The promise is for a
million: the chain of a million changes in 10 seconds, the whole in 60. Smaller counts are held to their share. Named
limit of the chain: bare SHA-256 over the same payloads in the same run. Ends with 1 beyond the promise.
"""

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generator import write_csv

CHAIN, WHOLE = 10.0, 60.0  # seconds for a million


def fill(folder: Path, customers: int) -> None:
    os.environ |= {
        "REGULARS_HOME": str(folder / "home"),
        "REGULARS_KEY_FILE": str(folder / "keys.json"),
        "DJANGO_SETTINGS_MODULE": "regulars.project.settings",
    }
    listed = write_csv(folder / "customers.csv", customers)
    regulars = Path(sys.executable).with_name("regulars")
    subprocess.run([regulars, "import", listed, "--yes", "--json"], check=True, stdout=subprocess.DEVNULL)


def chain(upto: int) -> tuple[float, float, int]:
    """(seconds to walk the chain and hold every payload against its digest, bare SHA-256 of the same, payloads)."""
    from regulars.areas.journal.chain import blocks, walking
    from regulars.areas.journal.models import Link

    began = time.perf_counter()
    broken = walking.first_break(upto)
    if broken is not None:
        sys.exit(f"The chain does not hold: {broken.message}")
    bare, payloads = 0.0, 0
    for digests, block in Link.objects.values_list("digests", "block").iterator(chunk_size=20):
        digests = bytes(digests)
        opened = [each for each in blocks.opened(bytes(block)) if each is not None]
        for place, salted in enumerate(opened):
            if not blocks.fits(salted, digests[place * blocks.DIGEST : (place + 1) * blocks.DIGEST]):
                sys.exit("A payload is not what was written.")
        payloads += len(opened)
        again = time.perf_counter()
        for salted in opened:
            hashlib.sha256(salted).digest()
        bare += time.perf_counter() - again
    return time.perf_counter() - began - bare, bare, payloads


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), customers)
        import django

        from regulars.kernel import early  # noqa: F401 (before Django)

        django.setup()
        from regulars.areas.journal.models import Link
        from regulars.areas.journal.queries import verify

        upto = Link.objects.order_by("-number").values_list("number", flat=True)[0]
        walked, bare, payloads = chain(upto)
        began = time.perf_counter()
        verdict = verify()
        whole = time.perf_counter() - began
    share = payloads / 1_000_000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{customers:,} customers, {payloads:,} changes, {upto} links; all well: {verdict.ok}")
    print(f"chain {walked:6.2f} s ({walked / bare:.1f}x bare SHA-256; promised {CHAIN * share:.1f} s)")
    print(f"whole {whole:6.2f} s (promised {WHOLE * share:.1f} s), {peak} MiB at most")
    return int(not verdict.ok or walked > CHAIN * share or whole > WHOLE * share)


if __name__ == "__main__":
    sys.exit(main())

"""Jobs of no product, for the tests of the queue. The slow one writes to the file named by its argument."""

import time
from pathlib import Path

from regulars.kernel import jobs
from regulars.kernel.errors import Refused


@jobs.job()
def add(a: int, b: int) -> int:
    return a + b


@jobs.job()
def refuse() -> None:
    raise Refused("Not on a Sunday.", where="day")


@jobs.job(attempts=2)
def break_down() -> None:
    raise ValueError("secret detail")


@jobs.job()
def count(upto: int) -> int:
    for number in range(upto + 1):
        jobs.progress(number, upto, f"at {number}")
    return upto


@jobs.job(attempts=3)
def slow(file: str, seconds: float) -> str:
    with Path(file).open("a") as out:
        out.write("begun\n")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        jobs.progress(1, 2)
        time.sleep(0.05)
    return "done"

"""One database file put in the place of another, never half: a small journal of the swap beside the file.

The new file is built in the folder `restoring` beside the live one. Before that folder holds an intent (`swap.json`)
the live file is untouched and the folder is rubbish. From the intent on the swap is only ever finished: each step may
be done again, and each is on the disk before the next. So a kill or a power cut at any point leaves the old file or the
new one; whoever opens the house next calls `finish` first. The log of the old file goes with it, never to the new one.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.kernel import places

_PARTS = ("", "-wal", "-shm")
_OWN = ("-turn", "-gate")  # what opening a file leaves beside it
Said = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Swap:
    """`aside` is where the replaced file goes, with its log; without `keep` it is thrown away at the end. `then` is
    what must be said outside the database once the new file stands, for `Said`."""

    live: Path
    aside: Path
    keep: bool
    then: Mapping[str, Any]


def workshop(live: Path) -> Path:
    """The folder in which a new file is built, on the same disk."""
    return live.with_name("restoring")


def fresh(live: Path) -> Path:
    """Where the new file is built."""
    return workshop(live) / live.name


def begin(live: Path) -> Path:
    """An empty workshop; the path at which to build. What an attempt that was killed left there goes. What was decided
    has been finished before (`finish`)."""
    if pending(live):
        raise RuntimeError("A swap was decided and must be finished first.")
    shutil.rmtree(workshop(live), ignore_errors=True)
    places.folder(workshop(live))
    return fresh(live)


def abandon(live: Path) -> None:
    """Nothing is put in place; the live file was never touched."""
    if not _intent(live).exists():
        shutil.rmtree(workshop(live), ignore_errors=True)


def put_in_place(swap: Swap, said: Said) -> None:
    """Makes the new file (built at `fresh`, closed by everybody) the live one."""
    decide(swap)
    finish(swap.live, said)


def decide(swap: Swap) -> None:
    """From here on the new file takes its place, whatever happens."""
    _durable(fresh(swap.live))
    told = {"aside": swap.aside.name, "within": str(swap.aside.parent), "keep": swap.keep, "then": dict(swap.then)}
    places.write_whole(_intent(swap.live), json.dumps(told).encode())


def pending(live: Path) -> bool:
    """Whether a swap was decided and not finished."""
    return _intent(live).exists()


def finish(live: Path, said: Said) -> bool:
    """Finishes a swap that was decided, if there is one. True if it did. What was only being built is left alone."""
    swap = _decided(live)
    if swap is None:
        return False
    for step in steps(swap, said):
        step()
    return True


def steps(swap: Swap, said: Said) -> Iterator[Callable[[], None]]:
    """What is done from the intent on, in order. Begun anew after any of them, it comes to the same end."""
    for part in _PARTS:
        yield lambda part=part: _set_aside(swap, part)  # type: ignore[misc]
    yield lambda: places.sync_folder(swap.aside) if swap.aside.is_dir() else None
    yield lambda: places.sync_folder(swap.live.parent)
    yield lambda: _enter(swap)
    yield lambda: said(swap.then)
    yield lambda: None if swap.keep else shutil.rmtree(swap.aside, ignore_errors=True)
    yield lambda: _done(swap.live)


def _intent(live: Path) -> Path:
    return workshop(live) / "swap.json"


def _decided(live: Path) -> Swap | None:
    with suppress(FileNotFoundError):
        told = json.loads(_intent(live).read_text())
        return Swap(live, Path(told["within"]) / told["aside"], told["keep"], told["then"])
    return None


def _set_aside(swap: Swap, part: str) -> None:
    """Only while the new file has not entered: afterwards what stands there is its own."""
    standing = swap.live.with_name(f"{swap.live.name}{part}")
    if fresh(swap.live).exists() and standing.exists():
        places.folder(swap.aside)
        standing.replace(swap.aside / standing.name)


def _enter(swap: Swap) -> None:
    if fresh(swap.live).exists():
        fresh(swap.live).replace(swap.live)
    elif not swap.live.exists():  # somebody took the new file away: the old one comes back
        for part in _PARTS:
            with suppress(FileNotFoundError):
                (swap.aside / f"{swap.live.name}{part}").replace(swap.live.with_name(f"{swap.live.name}{part}"))
    places.sync_folder(swap.live.parent)
    places.sync_folder(workshop(swap.live))


def _done(live: Path) -> None:
    _intent(live).unlink(missing_ok=True)
    places.sync_folder(workshop(live))
    shutil.rmtree(workshop(live), ignore_errors=True)


def _durable(file: Path) -> None:
    """The new file alone, whole and on the disk: its log is empty, since everybody closed it."""
    for part in ("-wal", "-shm", *_OWN):
        file.with_name(f"{file.name}{part}").unlink(missing_ok=True)
    file.chmod(0o600)
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    places.sync_folder(file.parent)

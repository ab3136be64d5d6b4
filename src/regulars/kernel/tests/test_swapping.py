"""A swap stopped after any steps, any number of times: the old file or the new one, never neither, never mixed."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.databases import swapping


class Stopped(Exception):
    pass


def stop_after(count: int, swap: swapping.Swap, said: list[dict[str, int]]) -> bool:
    """Takes so many steps of what is decided. Whether that was all."""
    steps = list(swapping.steps(swap, lambda then: said.append(dict(then)) if dict(then) not in said else None))
    for step in steps[:count]:
        step()
    return count >= len(steps)


@given(stops=st.lists(st.integers(0, 9), max_size=4), log=st.booleans(), keep=st.booleans(), there=st.booleans())
def test_any_prefix_of_its_steps_and_then_recovery(stops: list[int], log: bool, keep: bool, there: bool) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        live = folder / "house.db"
        if there:
            live.write_bytes(b"old")
        if log:
            live.with_name("house.db-wal").write_bytes(b"log of the old")
        swapping.begin(live).write_bytes(b"new")
        swap = swapping.Swap(live, folder / "aside", keep, {"head": 1})
        swapping.decide(swap)
        said: list[dict[str, int]] = []
        for count in stops:
            if stop_after(count, swap, said):
                break
        swapping.finish(live, lambda then: said.append(dict(then)) if dict(then) not in said else None)
        assert live.read_bytes() == b"new" and said == [{"head": 1}]
        assert not live.with_name("house.db-wal").exists(), "the log of the old never meets the new"
        assert (folder / "aside" / "house.db").exists() == (keep and there)
        assert not swapping.workshop(live).exists() and not swapping.finish(live, lambda then: None)
    finally:
        shutil.rmtree(folder)


def test_before_it_is_decided_nothing_happens(tmp_path: Path) -> None:
    live = tmp_path / "house.db"
    live.write_bytes(b"old")
    swapping.begin(live).write_bytes(b"half")
    assert not swapping.finish(live, lambda then: None)
    swapping.abandon(live)
    assert live.read_bytes() == b"old" and not swapping.workshop(live).exists()


def test_where_the_new_file_was_taken_away_the_old_one_comes_back(tmp_path: Path) -> None:
    live = tmp_path / "house.db"
    live.write_bytes(b"old")
    swapping.begin(live).write_bytes(b"new")
    swap = swapping.Swap(live, tmp_path / "aside", True, {})
    swapping.decide(swap)
    stop_after(3, swap, [])
    swapping.fresh(live).unlink()
    assert swapping.finish(live, lambda then: None) and live.read_bytes() == b"old"

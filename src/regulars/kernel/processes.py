"""More than one core, for long work that only reads: processes, each with its own connection to the register."""

import atexit
import gc
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from django.utils import translation

log = logging.getLogger("regulars.processes")
_MIB = 1 << 20


def set_up() -> None:
    """Django with all rooms, for as long as this process lives: what is loaded is not looked through for rubbish, now
    or later, which takes a fifth of the time of a small command. Does nothing where it stands already."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    gc.disable()
    try:
        django.setup()
    finally:
        gc.freeze()
        gc.enable()
    atexit.register(_close)


def _close() -> None:
    """What is never looked through lets go of nothing by itself: a database left open leaves its log beside it."""
    from django.db import connections

    connections.close_all()


class ChildDied(Exception):
    """A process of ours ended without an answer: killed, out of memory, or broken (then its log says how)."""


def apart(function: Callable[..., Any], *given: Any, memory: int, meanwhile: Callable[[], object]) -> Any:
    """What a module's function answers in one fresh process with the house's settings and the language at hand, in at
    most `memory` MiB of its own, behind everybody else. `meanwhile` is called now and then; where it raises, the child
    ends. Opens no database by itself. Raises `ChildDied`."""
    fresh = multiprocessing.get_context("spawn")
    ours, theirs = fresh.Pipe()
    told = (theirs, translation.get_language() or "en", memory)
    child = fresh.Process(target=_apart, args=told, daemon=True)
    child.start()
    theirs.close()
    try:
        ours.send((function, given))  # read once the child knows the rooms
        while not ours.poll(0.2):
            meanwhile()
        return ours.recv()
    except (EOFError, ConnectionError):
        child.join()
        raise ChildDied(f"ended with {child.exitcode}") from None
    finally:
        child.terminate()  # it has answered, or nobody waits for it any more
        child.join()
        ours.close()


def _apart(parent: Any, language: str, memory: int) -> None:
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    set_up()
    translation.activate(language)
    with suppress(AttributeError, OSError):
        os.nice(10)
    _bound(memory)
    function, given = parent.recv()
    parent.send(function(*given))


def _bound(memory: int) -> None:
    """No more than this of its own memory, where the platform can say so."""
    try:
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = memory * _MIB if hard == resource.RLIM_INFINITY else min(memory * _MIB, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    except (ImportError, OSError, ValueError) as error:
        log.info("the memory of a child process cannot be bounded: %s", error)


@contextmanager
def pool(count: int, told: Mapping[str, str] | None = None) -> Iterator[Executor]:
    """An executor of `count` fresh processes with the house's settings and the language at hand.

    They see what is committed. They end with it, also where this process is killed. `told` are names of the environment
    that are other for them than for this process.
    """
    fresh = multiprocessing.get_context("spawn")
    with (
        _environment(told or {}),
        ProcessPoolExecutor(count, fresh, _begin, (translation.get_language() or "en",)) as executor,
    ):
        try:
            yield executor
        finally:
            executor.shutdown(cancel_futures=True)


@contextmanager
def _environment(told: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin(language: str) -> None:
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    set_up()
    gc.disable()  # there is nothing but plain values, and the process ends soon
    translation.activate(language)
    from django.db import connection

    from regulars.kernel.databases import small_cache

    small_cache(connection)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def without_collecting() -> Iterator[None]:
    """The collector of cycles finds nothing in rows of plain values, and looking costs."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

"""More than one core, for long work that only reads: processes, each with its own connection to the register."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from django.utils import translation


@contextmanager
def pool(count: int) -> Iterator[Executor]:
    """An executor of `count` fresh processes with the house's settings and the language at hand.

    They see what is committed. They end with it, also where this process is killed.
    """
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, fresh, _begin, (translation.get_language() or "en",)) as executor:
        try:
            yield executor
        finally:
            executor.shutdown(cancel_futures=True)


def _begin(language: str) -> None:
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    import django

    django.setup()
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

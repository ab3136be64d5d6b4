"""Reading ahead: a thread fetches what a child process sends while this one writes."""

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast


class Ahead:
    """Items that a thread fetches ahead."""

    def __init__(self, items: "queue.Queue[Any]") -> None:
        self._items, self._over = items, False

    def next(self, *, wait: bool) -> Any:
        """The next item; None at the end, or where none is there yet and it is not worth waiting."""
        if self._over:
            return None
        try:
            item = self._items.get(block=wait)
        except queue.Empty:
            return None
        if item is _END or isinstance(item, BaseException):
            self._over = True
            if isinstance(item, BaseException):
                raise item
            return None
        return item


_END = object()


@contextmanager
def ahead(source: Iterator[Any], most: int) -> Iterator[Ahead]:
    """The same items, fetched by a thread up to `most` ahead; what it raises is raised here."""
    items: queue.Queue[Any] = queue.Queue(maxsize=most)
    stop = threading.Event()

    def put(item: Any) -> None:
        while not stop.is_set():
            with suppress(queue.Full):
                items.put(item, timeout=0.2)
                return

    def fetch() -> None:
        try:
            for item in source:
                put(item)
                if stop.is_set():
                    return
            put(_END)
        except BaseException as problem:
            put(problem)
        finally:
            cast("Generator[Any]", source).close()

    thread = threading.Thread(target=fetch, name="reading ahead", daemon=True)
    thread.start()
    try:
        yield Ahead(items)
    finally:
        stop.set()
        thread.join(5)

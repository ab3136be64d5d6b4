"""A disk whose power is cut: what was synced is there; of the rest each write is lost, torn or kept, and each name that
was given or taken without a sync of its folder may or may not be.

Lost 40 %, torn at sectors of 512 bytes 30 %, kept 30 %. Of one name a later change never outlives an earlier one that
did not.
"""

import random
from collections import defaultdict
from pathlib import Path, PurePosixPath

from tests.durability.tape import Event, Tape

SECTOR = 512


class Disk:
    """The disk after so many events of a tape. `play` goes on; `cut` builds what a power cut at this moment leaves."""

    def __init__(self, tape: Tape) -> None:
        self.tape, self.at = tape, 0
        self.names = dict(tape.start)  # on the disk for sure
        self.content = {file: bytearray(content) for file, content in tape.content.items()}
        self.unsynced: dict[int, list[tuple[int, Event]]] = defaultdict(list)
        self.unnamed: list[tuple[int, Event]] = []
        self.facts: list[bytes] = []

    def play(self, upto: int) -> None:
        """Lets everything happen up to this event."""
        while self.at < upto:
            event = self.tape.events[self.at]
            if event.what in ("write", "cut"):
                self.unsynced[event.file].append((self.at, event))
            elif event.what == "name":
                self.unnamed.append((self.at, event))
            elif event.what == "fact":
                self.facts.append(event.data)
            elif event.folder:
                self._names_synced(event)
            else:
                self._file_synced(event)
            self.at += 1

    def _file_synced(self, event: Event) -> None:
        waiting, content = self.unsynced.pop(event.file, []), self.content.setdefault(event.file, bytearray())
        for at, each in waiting:
            if at < event.upto:
                _apply(content, each, each.data)
            else:
                self.unsynced[event.file].append((at, each))

    def _names_synced(self, event: Event) -> None:
        kept = []
        for at, each in self.unnamed:
            if at < event.upto and event.old in (_folder(each.old), _folder(each.new)):
                _name(self.names, each)
            else:
                kept.append((at, each))
        self.unnamed = kept

    def cut(self, draw: random.Random, target: Path) -> None:
        """Builds what is there after the power came back."""
        names, undone = dict(self.names), set()
        for _at, event in self.unnamed:
            about = {event.old, event.new} - {""}
            if about & undone or draw.random() < 0.5:
                undone |= about
            else:
                _name(names, event)
        for name, file in sorted(names.items()):
            if file == -1:
                if _stands(name, names):
                    (target / name).mkdir(parents=True, exist_ok=True)
            elif _stands(name, names):
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(self._content(file, draw))
                (target / name).chmod(0o600)

    def _content(self, file: int, draw: random.Random) -> bytes | bytearray:
        synced, waiting = self.content.get(file, bytearray()), self.unsynced.get(file)
        if not waiting:
            return synced
        content = bytearray(synced)
        for _at, event in waiting:
            fate = draw.random()
            if fate < 0.4:
                continue
            if event.what == "cut" or fate >= 0.7:
                _apply(content, event, event.data)
            else:
                _tear(content, event, draw)
        return content


def whole(tape: Tape) -> dict[str, bytes]:
    """What lies there when nothing is lost: must be what the recorded processes left."""
    names, content = dict(tape.start), {file: bytearray(each) for file, each in tape.content.items()}
    for event in tape.events:
        if event.what in ("write", "cut"):
            _apply(content.setdefault(event.file, bytearray()), event, event.data)
        elif event.what == "name":
            _name(names, event)
    return {name: bytes(content.get(file, b"")) for name, file in names.items() if file != -1}


def _apply(content: bytearray, event: Event, data: bytes, at: int | None = None) -> None:
    at = event.at if at is None else at
    if event.what == "cut":
        content[at:] = bytes(max(0, at - len(content)))
        return
    if len(content) < at + len(data):
        content.extend(bytes(at + len(data) - len(content)))
    content[at : at + len(data)] = data


def _tear(content: bytearray, event: Event, draw: random.Random) -> None:
    """Some of its sectors came to the disk."""
    end = event.at + len(event.data)
    for start in range(event.at - event.at % SECTOR, end, SECTOR):
        if draw.random() < 0.5:
            low, high = max(start, event.at), min(start + SECTOR, end)
            _apply(content, event, event.data[low - event.at : high - event.at], low)


def _name(names: dict[str, int], event: Event) -> None:
    if event.old:
        names.pop(event.old, None)
    if event.new:
        names[event.new] = event.file


def _folder(name: str) -> str | None:
    return None if not name else "" if "/" not in name else name.rpartition("/")[0]


def _stands(name: str, names: dict[str, int]) -> bool:
    """Whether every folder above it is there."""
    return all(str(above) in (".", "") or names.get(str(above)) == -1 for above in PurePosixPath(name).parents)

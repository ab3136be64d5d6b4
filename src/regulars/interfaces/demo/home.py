"""A home that goes when the demo ends; one that a hard kill left behind goes at the next start."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MARK = "regulars-demo-"
_KEPT = ("REGULARS_TLS_CERT", "REGULARS_TLS_KEY")
_BEGINNING = 3600  # seconds after which a home that nobody holds was left behind


@contextmanager
def throwaway_home() -> Iterator[Path]:
    """The environment of this process turned to a fresh folder. Nothing of the house's own is read or written."""
    for name in [each for each in os.environ if each.startswith("REGULARS_") and each not in _KEPT]:
        del os.environ[name]
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_MARK))
    os.environ["REGULARS_HOME"] = str(folder / "home")
    os.environ["REGULARS_KEY_FILE"] = str(folder / "keys.json")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_MARK}*"):
        try:
            old = folder.stat().st_uid == os.getuid() and time.time() - folder.stat().st_mtime > _BEGINNING
        except (OSError, AttributeError):
            continue
        if old and not folder.is_symlink() and not _is_held(folder / "home" / "serve.lock"):
            shutil.rmtree(folder, ignore_errors=True)


def _is_held(lock: Path) -> bool:
    import fcntl

    try:
        handle = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False

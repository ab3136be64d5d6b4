"""A disk that is full, can only be read or fails: the same sentence wherever it is met, so that nobody sees a trace.

Nothing is half: a transaction that could not be written is taken back. Work goes on by itself once the disk does.
"""

import errno
from collections.abc import Iterator

from regulars.kernel import places
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BY_ERRNO = {**dict.fromkeys(_FULL, "full"), errno.EROFS: "read-only", errno.EIO: "failing"}
_BY_SQLITE = {13: "full", 8: "read-only", 10: "failing", 14: "failing"}  # FULL, READONLY, IOERR, CANTOPEN
_BY_SQLSTATE = {"53100": "full", "25006": "read-only", "58030": "failing"}


class DiskTrouble(Refused):
    """The disk did not take what was to be kept. `more["trouble"]`: full, read-only or failing."""

    code = "disk"
    status = 503


def of(error: BaseException | None) -> DiskTrouble | None:
    """The trouble that lies behind an error, if the disk's."""
    if isinstance(error, DiskTrouble):
        return error
    for each in _behind(error):
        kind = _kind(each)
        if kind is not None:
            return DiskTrouble(_said(kind) % {"folder": places.home_path()}, trouble=kind)
    return None


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str | None:
    if isinstance(error, OSError) and error.errno in _BY_ERRNO:
        return _BY_ERRNO[error.errno]
    if (code := getattr(error, "sqlite_errorcode", None)) is not None:
        return _BY_SQLITE.get(int(code) & 0xFF)
    return _BY_SQLSTATE.get(str(getattr(error, "sqlstate", "")))


def _said(kind: str) -> str:
    if kind == "full":
        return _(
            "The disk with %(folder)s is full, so this was not kept. Make room there; the register goes on by itself. "
            "Then do it again."
        )
    if kind == "read-only":
        return _(
            "The disk with %(folder)s can only be read, so this was not kept. Whoever runs this machine must make it "
            "writable; the register goes on by itself. Then do it again."
        )
    return _(
        "The disk with %(folder)s failed while this was written, so it may not have been kept. Whoever runs this "
        "machine should look at the disk and make a copy elsewhere (regulars backup --to). Look whether what you did "
        "is there before you do it again."
    )

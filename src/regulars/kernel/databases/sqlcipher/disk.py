"""Which disk a file lies on: SQLite's write-ahead log is corrupted by network file systems, so they are refused."""

import os
import subprocess
import sys
from pathlib import Path

from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "afpfs", "webdav", "davfs", "ncpfs", "coda"),
        *("ceph", "lustre", "beegfs", "gfs2", "ocfs2", "glusterfs", "vboxsf", "prl_fs", "fuse.sshfs", "fuse.rclone"),
        *("fuse.s3fs", "fuse.glusterfs", "fuse.davfs", "fuse.ceph-fuse", "fuse.cifs"),
    }
)


def refuse_network(path: Path) -> None:
    """Raises `Refused` when the folder lies on a network file system."""
    kind = kind_of(path)
    if kind in NETWORK:
        raise Refused(
            _(
                "%(folder)s lies on a network file system (%(kind)s), where a database breaks. Set REGULARS_HOME to a "
                "folder on a disk of this machine, or use PostgreSQL (REGULARS_DATABASE_URL)."
            )
            % {"folder": path, "kind": kind}
        )


def kind_of(path: Path) -> str:
    """The name of the file system; '' where the platform does not tell."""
    if sys.platform.startswith("linux"):
        return _among(path, mounts(Path("/proc/self/mounts").read_text()))
    if sys.platform == "darwin":
        return _among(path, _mac_mounts())
    if sys.platform == "win32":
        return "smbfs" if os.path.splitdrive(path.resolve())[0].startswith("\\\\") else ""
    return ""


def mounts(table: str) -> dict[Path, str]:
    """Mount point to file system, of the kernel's table; a later mount covers an earlier one."""
    found = {}
    for line in table.splitlines():
        _device, point, kind, *_options = line.split()
        found[Path(point.encode().decode("unicode_escape"))] = kind
    return found


def _among(path: Path, table: dict[Path, str]) -> str:
    real = path.resolve()
    return next((table[place] for place in (real, *real.parents) if place in table), "")


def _mac_mounts() -> dict[Path, str]:
    found = {}
    for line in subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout.splitlines():
        point, _opening, rest = line.partition(" on ")[2].partition(" (")
        found[Path(point)] = rest.partition(",")[0].rstrip(")")
    return found

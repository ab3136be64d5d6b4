"""A PostgreSQL of our own: on a socket in a temporary folder, no network, without fsync, gone afterwards.

`initdb` refuses root, so under root it runs as the user that Debian's package made.
"""

import glob
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres` of version 15 or newer; None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]), reverse=True)
    on_path = shutil.which("initdb")
    return next((Path(each) for each in [*found, *([str(Path(on_path).parent)] if on_path else [])]), None)


class Server:
    """One private server, from `start` to `stop`. Reached by `url`."""

    def __init__(self, *, quick: bool = True) -> None:
        self.quick = quick  # without syncing: nothing of it outlives the machine
        self.folder = Path(tempfile.mkdtemp(prefix="regulars-pg-"))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@/regulars?host={self.folder}"

    def start(self) -> None:
        binaries = find_binaries()
        assert binaries, "no PostgreSQL here"
        who = _not_root()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        data = self.folder / "data"
        init: list[str | Path] = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        subprocess.run(init, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **who)
        unsafe = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
        quick = [f"-c{each}" for each in unsafe] if self.quick else []
        calm = [
            f"-c{each}"
            for each in ("listen_addresses=", f"unix_socket_directories={self.folder}", "log_min_messages=fatal")
        ]
        command: list[str | Path] = [binaries / "postgres", "-D", data, *quick, *calm]
        self.process = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.DEVNULL, **who)
        self._await()

    def _await(self) -> None:
        import psycopg

        for _ in range(100):
            try:
                psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start within 10 seconds.")

    def make(self, name: str) -> None:
        """An empty database of this name."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _not_root() -> dict[str, Any]:
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    postgres = pwd.getpwnam("postgres")
    return {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}

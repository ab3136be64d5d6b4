"""What the database says of itself: which library or server, how old, how its pages and its wire are guarded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from regulars.kernel.databases import is_file

# The last day on which a line of PostgreSQL gets fixes (postgresql.org/support/versioning).
POSTGRES_ENDS = {
    15: date(2027, 11, 11), 16: date(2028, 11, 9), 17: date(2029, 11, 8), 18: date(2030, 11, 14),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """`file`: the enciphered file (and not PostgreSQL). `ends`: when its line gets no more fixes, if that is known.

    `checksums`: whether damaged pages are noticed. `far`: whether it is reached over a network; `guarded`: whether that
    way is enciphered and the server's certificate looked at.
    """

    file: bool
    version: str
    ends: date | None = None
    checksums: bool = True
    far: bool = False
    guarded: bool = True


def about(connection: Any) -> About:
    """Asks the database at hand. Raises `Refused` for a library that loses data, `DatabaseError` without an answer."""
    return _file() if is_file(connection) else _server(connection)


def _file() -> About:
    from regulars.kernel.databases.sqlcipher import library

    module = library.checked()  # SQLCipher's pages carry an HMAC each
    return About(True, str(module.sqlite_version))


def _server(connection: Any) -> About:
    from regulars.kernel.databases.postgres.base import LOOPBACK

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('data_checksums')")
        version, checksums = cursor.fetchone()
        cursor.execute("SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)")
        (enciphered,) = cursor.fetchone()
    told = connection.get_connection_params()
    host = str(told.get("host") or "")
    looked_at = str(told.get("sslmode", "")) in ("verify-full", "verify-ca")
    return About(
        False,
        version.partition(" ")[0],
        POSTGRES_ENDS.get(connection.connection.info.server_version // 10_000),
        checksums == "on",
        host not in LOOPBACK and not host.startswith("/"),
        bool(enciphered) and looked_at,
    )

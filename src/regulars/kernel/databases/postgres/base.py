"""The engine for teams: PostgreSQL 15 or newer, in UTF-8, waiting at most as long as SQLite does."""

from typing import Any

from django.db.backends.postgresql import base

from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

# jit costs more than it gives in queries of milliseconds; commits are confirmed when they are on disk.
_SESSION = "SET jit = off; SET synchronous_commit = on; SET lock_timeout = '20s'; SET work_mem = '64MB'"
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL with the house's session settings. A far server's certificate is verified unless told."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        host = str(params.get("host") or "")
        if host not in LOOPBACK and not host.startswith("/") and "sslmode" not in params:
            params.update(sslmode="verify-full", sslrootcert=params.get("sslrootcert", "system"))
        return params

    def init_connection_state(self) -> None:
        super().init_connection_state()
        _refuse_unfit(self)
        with self.connection.cursor() as cursor:
            cursor.execute(_SESSION)
        if not self.get_autocommit():
            self.connection.commit()


def _refuse_unfit(wrapper: Any) -> None:
    if wrapper.connection.info.server_version < 15_00_00:
        raise Refused(_("PostgreSQL 15 or newer is needed; this one is %d.") % (wrapper.pg_version // 10_000))
    if wrapper.connection.info.parameter_status("server_encoding") != "UTF8":
        raise Refused(_("The PostgreSQL database must keep text in UTF-8: make it with ENCODING 'UTF8'."))

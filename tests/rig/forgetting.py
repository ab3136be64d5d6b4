"""What lies beside the database and outlives a test's rows: the ledger of the forgotten, signed heads, person keys."""

from collections.abc import Iterator
from contextlib import contextmanager

from regulars.kernel import keyfile, personkeys, places


@contextmanager
def clean_home() -> Iterator[None]:
    """Numbers begin anew with each test: without this a key destroyed in one would be missed in the next."""
    _clear()
    try:
        yield
    finally:
        _clear()


def _clear() -> None:
    personkeys.close()
    own = places.person_keys()
    for path in (keyfile.ledger_path(), keyfile.heads_path(), *own.parent.glob(f"{own.name}*")):
        path.unlink(missing_ok=True)

"""The refused rows of a file, enciphered as they are kept, opened to be shown."""

from collections.abc import Iterator

import orjson

from regulars.areas.intake import readers
from regulars.areas.intake.models import Intake
from regulars.kernel import crypto, keyfile


def refused_rows(intake: Intake, *, trial: bool = False, most: int | None = None) -> Iterator[readers.Problem]:
    """The refused rows in order, up to `most`."""
    key, count = key_of_refusals(), 0
    for row in intake.refusals.filter(trial=trial).order_by("place", "pk").iterator(chunk_size=50):
        opened = crypto.unseal({crypto.key_id(key): key}, bytes(row.sealed), place_of(intake, row.place))
        for bad in sorted(orjson.loads(opened), key=lambda each: each[0]):
            if most is not None and count >= most:
                return
            count += 1
            yield readers.Problem(*bad)


def place_of(intake: Intake, place: int) -> bytes:
    """What a chunk's cipher text is bound to."""
    return f"refusals|{intake.token}|{place}".encode()


def key_of_refusals() -> bytes:
    return crypto.derive(keyfile.keys().fields, "refusals")

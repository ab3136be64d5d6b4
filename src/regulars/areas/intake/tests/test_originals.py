"""The file that came in is proved too: gone, altered or another in its place, `verify` says so."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regulars.areas.intake import actions
from regulars.areas.intake.models import Intake, Original
from regulars.areas.intake.readers.originals import place_of
from regulars.areas.intake.tests.lists import OLGA, brought, csv_of, handed_over, in_this_process
from regulars.areas.journal.queries import verify
from regulars.kernel import crypto

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_child() -> Iterator[None]:
    with in_this_process():
        yield


def kept() -> Path:
    brought("Vorname,E-Mail", "Anna,anna@example.org")
    return place_of(Original.objects.get().sha256)


def flip(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[-20] ^= 1
    file.write_bytes(whole)


def put_another(file: Path) -> None:
    other = handed_over(csv_of("Vorname,E-Mail", "Ben,ben@example.org"))
    file.write_bytes(place_of(Intake.objects.get(token=other).sha256).read_bytes())


def seal_with_another_key(file: Path) -> None:
    key = crypto.random_key()
    clear = file.with_suffix(".clear")
    clear.write_bytes(b"Vorname,E-Mail\n")
    with clear.open("rb") as source, file.open("wb") as target:
        crypto.seal_stream(crypto.key_id(key), key, source, target, file.name.encode())
    clear.unlink()


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (Path.unlink, "missing"),
        (flip, "cannot be opened"),
        (put_another, "cannot be opened"),
        (seal_with_another_key, "cannot be opened"),
        (lambda file: file.write_bytes(b"nothing"), "cannot be opened"),
    ],
    ids=["removed", "a byte flipped", "another file", "another key", "no sealed file"],
)
def test_an_original_that_is_not_what_came_in(tamper: Callable[[Path], object], says: str) -> None:
    file = kept()
    assert verify().ok
    tamper(file)
    (problem,) = verify().problems
    assert (problem.kind, problem.where) == ("file_differs", f"originals/{file.name}")
    assert says in str(problem.message)
    file.unlink(missing_ok=True)


def test_putting_the_same_file_away_leaves_what_came_in() -> None:
    file = kept()
    Intake.objects.all().delete()
    again = handed_over(csv_of("Vorname,E-Mail", "Anna,anna@example.org"))
    actions.forget_upload(token=again, by=OLGA)
    assert file.exists() and verify().ok
    file.unlink()

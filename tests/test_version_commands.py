"""`regulars backup` and `regulars versions`, as a program calls them and as a person reads them."""

from pathlib import Path
from typing import Any

import pytest

from regulars.areas.safekeeping.keeping import slips
from regulars.interfaces.cli.main import main
from regulars.kernel import places

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("proved_here")]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "versions", lambda: places.folder(tmp_path / "versions"))


def test_a_backup_is_made_proved_listed_and_checked_again(told: Any, tmp_path: Path) -> None:
    assert told("versions") == []
    place = places.folder(tmp_path / "disk")
    made = told("backup", "--to", str(place))
    assert made["checked"] is True and made["why"] == "backup" and made["proof"]["ok"] is True
    assert list((place / f"regulars-{places.home_id()}" / "versions").glob("*.json"))
    (listed,) = told("versions", "--check")
    assert {**listed, "problems": []} == {**made, "problems": []}


def test_a_damaged_one_ends_with_1_and_is_said(told: Any, capsys: pytest.CaptureFixture[str]) -> None:
    told("backup")
    (version,) = slips.in_folder(places.versions())
    slips.amend(version, problems=["page 2"])
    assert main(["versions"]) == 1
    said = capsys.readouterr().out
    assert version.name in said and "page 2" in said and "PROVED" in said


def test_a_place_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "--to", "/nowhere/at/all"]) == 1
    assert "no folder" in capsys.readouterr().err

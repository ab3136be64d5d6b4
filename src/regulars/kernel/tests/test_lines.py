"""Lines that are only ever added: what a power cut tore off goes, what somebody altered stays to be found."""

from pathlib import Path

import pytest

from regulars.kernel import lines

ONE, TWO = b'{"a":"one"}', b'{"a":"two"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lines.append(tmp_path / "list", ONE)
    lines.append(tmp_path / "list", TWO)
    return tmp_path / "list"


def test_what_was_added_is_there(path: Path) -> None:
    assert lines.read(path) == lines.latest(path) == [ONE, TWO]
    assert path.stat().st_mode & 0o077 == 0


def test_there_may_be_none(tmp_path: Path) -> None:
    assert lines.read(tmp_path / "none") == lines.latest(tmp_path / "none") == []


@pytest.mark.parametrize("torn", [b'{"a', b'{"a":"three"', b'\0\0\0ree"}\n', b"\0"])
def test_half_a_line_is_passed_over_and_goes_with_the_next(path: Path, torn: bytes) -> None:
    with path.open("ab") as file:
        file.write(torn)
    assert lines.read(path) == lines.latest(path) == [ONE, TWO]
    lines.append(path, ONE)
    assert path.read_bytes() == b"\n".join([ONE, TWO, ONE, b""])


@pytest.mark.parametrize("bit", range(8))
def test_a_line_of_which_one_byte_is_another_is_still_a_line(path: Path, bit: int) -> None:
    whole = path.read_bytes()
    for at in range(len(ONE) + 1, len(whole)):
        turned = bytearray(whole)
        turned[at] ^= 1 << bit
        if not turned[at] or b"\0" in turned:
            continue
        path.write_bytes(turned)
        assert b"\n".join(lines.read(path)).rstrip(b"\n") == bytes(turned).rstrip(b"\n") or turned[at] in b"\r\x0b\x0c"

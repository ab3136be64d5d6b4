"""One place for cryptography, and a list of what else touches a primitive (K6): docs/operating/cryptography.md."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
ROOT = TOP / "src" / "regulars"
PAGE = TOP / "docs/operating/cryptography.md"
PRIMITIVES = {
    "hashlib", "hmac", "secrets", "random", "uuid", "ssl", "cryptography", "argon2", "fido2", "sqlcipher3",
    "asyncssh", "obstore",
    "django.core.signing", "django.utils.crypto", "django.contrib.auth.hashers",
}  # fmt: skip
WEAK = {"md5", "sha1", "SHA1", "MD5", "ECB", "ARC4", "TripleDES", "PKCS1v15", "md4", "uuid1", "uuid3", "uuid4", "uuid5"}
HOUSE = "kernel/crypto.py"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Which of the primitives a module imports, in whatever way."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "os.urandom":
            names.add("os.urandom")
    return {one for one in (*PRIMITIVES, "os.urandom") if any(n == one or n.startswith(f"{one}.") for n in names)}


def listed() -> dict[str, set[str]]:
    """The rows of the page: module and what it imports."""
    rows = re.findall(r"^\| `([\w/]+\.py)` \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len({module for module, _names in rows})
    return {module: set(re.findall(r"`([\w.]+)`", names)) for module, names in rows}


def test_every_use_of_a_primitive_is_listed_and_no_other() -> None:
    found = {module: names for module, tree in modules() if (names := imported(tree))}
    assert found == listed(), "use kernel/crypto.py; or say in docs/operating/cryptography.md why not"


def test_nothing_weak_is_used() -> None:
    """SHA-1 stands in the standard of one-time codes alone."""
    found = set()
    for module, tree in modules():
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name in WEAK:
                found.add((module, name))
    assert found == {(HOUSE, "SHA1")}


def test_one_module_alone_enciphers_and_signs() -> None:
    """Ciphers, signatures and derived keys stand in the one module; certificates in `tls.py`."""
    users = {module for module, names in listed().items() if "cryptography" in names}
    assert users == {HOUSE, "interfaces/server/tls.py"}
    tls = (ROOT / "interfaces/server/tls.py").read_text(encoding="utf-8")
    assert "ciphers" not in tls and "padding" not in tls


def test_recovery_codes_hold_more_than_112_bits() -> None:
    """Then a plain digest of them may be kept (ASVS 6.5.2)."""
    from regulars.areas.access.door import codes

    made = codes.recovery_codes()
    assert len(set(made)) == 10
    assert {len(code.replace("-", "")) * 5 for code in made} == {120}


def test_what_is_signed_for_one_purpose_is_good_for_no_other_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core import signing

    from regulars.areas.access.door import throttle
    from regulars.areas.access.models import User
    from regulars.areas.access.pages import factors

    mark = throttle.mark_for(User(login_folded="olga"))
    assert throttle.known_as(mark, "olga") and not throttle.known_as(mark, "stefan")
    other = signing.dumps(["olga", "x"], salt=factors._SALT)
    assert throttle.known_as(other, "olga") is None and throttle.known_as(mark[:-1], "olga") is None
    then = time.time() + (throttle.MARK_DAYS + 1) * 86_400
    monkeypatch.setattr(time, "time", lambda: then)
    assert throttle.known_as(mark, "olga") is None

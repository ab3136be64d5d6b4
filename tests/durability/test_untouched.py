"""The watch over the live database file sees who opens it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from tests.durability import untouched
untouched.watch()
live = Path(sys.argv[1]) / "regulars.db"
(Path(sys.argv[1]) / "notes").write_text("x")
from regulars.kernel import crypto
crypto.sha256_of_file(Path(sys.argv[1]) / "notes")
try:
    crypto.sha256_of_file(live)
except untouched.Touched:
    print("seen")
"""


def test_who_opens_the_live_database_is_seen(tmp_path: Path) -> None:
    (tmp_path / "regulars.db").write_bytes(b"x")
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "seen\n", done.stderr

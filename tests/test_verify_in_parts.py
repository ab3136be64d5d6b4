"""A large register is proved by several processes: they find what one alone finds."""

import json
import os
import re
from pathlib import Path

from tests.rig import warm
from tests.rig.outside import furnish

PROVE = """
import sys
from regulars.interfaces.cli.main import main
for file in sys.argv[1:]:
    main(["import", file, "--yes", "--source", "till"])
import json
from django.utils import timezone
from django.utils.translation import activate
from regulars.areas.customers.actions import edit_customer, forget_customer
from regulars.areas.customers.models import Customer, Tag
from regulars.areas.journal.models import Link
from regulars.kernel.actor import Actor
from regulars.areas.journal.chain.verifying import verify

def told():
    seen = []
    alone, parts = (verify(cores=n, progress=lambda *each: seen.append(each)).as_json() for n in (1, 2))
    for each in (alone, parts):
        each["problems"].sort(key=lambda problem: (problem["where"], problem["message"]))
    assert alone == parts, (alone, parts)
    return [alone["ok"], alone["changes"], alone["problems"], seen[-1][0] == seen[-1][1]]

def forgotten(name):
    by = Actor(kind="operator", name="Olga", rights=frozenset("*"))
    number = Customer.objects.get(given_name=name).number
    edit_customer(number=number, card={"households": [{"name": f"House of {name}"}]}, by=by, at=timezone.now())
    forget_customer(number=number, by=by, at=timezone.now())

activate("de")
forgotten("Anna2")
forgotten("Anna12")
found = [told()]
Customer.objects.filter(given_name="Anna7").update(middle_name="Eva")
Customer.objects.filter(given_name="Anna9").update(version=1)
Tag.objects.filter(tag="T3").delete()
found.append(told())
Link.objects.filter(number=2).update(block=b"rotten")
found.append(told())
from pathlib import Path
from django.conf import settings
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = %s", [Link._meta.db_table])
    page = cursor.fetchone()[0]
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
connection.close()
with Path(settings.DATABASES["default"]["NAME"]).open("r+b") as file:
    file.seek((page - 1) * 4096 + 100)
    byte = file.read(1)
    file.seek(-1, 1)
    file.write(bytes([byte[0] ^ 1]))
rotten = []
for cores in (1, 2):
    connection.close()
    rotten.append([each.message for each in verify(cores=cores).problems if each.kind == "page"])
found.append([page, rotten])
print(chr(10) + json.dumps(found))
"""


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    env = {**os.environ, "REGULARS_HOME": str(tmp_path / "home"), "REGULARS_KEY_FILE": str(tmp_path / "keys.json")}
    env.pop("REGULARS_DATABASE_URL", None)
    furnish(tmp_path)
    files = [tmp_path / f"{part}.csv" for part in range(4)]
    for part, file in enumerate(files):
        rows = [f"{n},Anna{n},Muster,anna{n}@example.com,T{n}" for n in range(part * 5, part * 5 + 8)]
        file.write_text("Customer ID,First Name,Last Name,Email,Tags\n" + "\n".join(rows))
    done = warm.run(["-c", PROVE, *files], env)
    assert done.returncode == 0, done.stderr
    (ok, changes, none, told_to_the_end), (_no, _same, rows, _told), (_no, fewer, more, _told), (page, rotten_pages) = (
        json.loads(done.stdout.splitlines()[-1])
    )
    assert (ok, none, told_to_the_end) == (True, [], True)
    assert changes > fewer > 0
    assert [each["kind"] for each in rows] == ["row_differs"] * 4
    tables = [each["where"].split()[0].rpartition(".")[2].partition("/")[0] for each in rows]
    assert tables == [
        "customer",
        "customer",
        "tag",
        "customers_searchtext",
    ]  # who got a name is searched by the old one
    for named in rotten_pages:  # though the links cannot be read, what is wrong is told by the page's number
        assert any(re.search(rf"\b{page}\b", each) for each in named), (page, named)
    rotten = [each["message"] for each in more if each["where"] == "link 2"]
    assert ["lässt sich nicht lesen" in each for each in rotten] == [True]  # in the language of who asked

"""Forgetting reaches what this room keeps; five hundred words of one person, sought in the whole home."""

import io
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection

from regulars.areas.customers import actions as customers
from regulars.areas.customers.models import Customer
from regulars.areas.customers.tests.test_forgetting import everything
from regulars.areas.house.queries import zone
from regulars.areas.intake.models import Intake, Original, Refusal
from regulars.areas.intake.queries.rejected import key_of_refusals, place_of
from regulars.areas.intake.readers import originals
from regulars.areas.intake.tests.lists import NOON, OLGA, brought, brought_bytes, csv_of, handed_over
from regulars.areas.journal.queries import verify
from regulars.areas.segments.actions import make_list, record_export, save_segment
from regulars.kernel import crypto, databases, jobs, keyfile, places
from regulars.kernel.errors import Refused
from tests.rig.pages import pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home", "lists_read_here")]


def forget(number: int) -> None:
    customers.forget_customer(number=number, by=OLGA, at=NOON)


def original(of: Original) -> bytes:
    held = io.BytesIO()
    originals.unseal(of.sha256, held)
    return held.getvalue()


def refused() -> list[Any]:
    """Every refused row that is kept, in the clear."""
    key, found = key_of_refusals(), []
    for row in Refusal.objects.select_related("intake"):
        clear = crypto.unseal({crypto.key_id(key): key}, bytes(row.sealed), place_of(row.intake, row.place))
        found += orjson.loads(clear)
    return found


def whole_home() -> str:
    """All tables, all blocks, all refused rows, and every enciphered file of the home in the clear."""
    told = [everything(), str(refused())]
    for path in places.originals().iterdir():
        held = io.BytesIO()
        originals.unseal(path.name, held)
        data = held.getvalue()
        told.append(data.decode(errors="replace"))
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                told += [archive.read(each).decode(errors="replace") for each in archive.infolist()]
    for path in (places.home() / "files").rglob("*"):
        if path.is_file():
            clear = crypto.unseal(keyfile.opened_by("files"), path.read_bytes(), path.name.encode())
            told.append(clear.decode(errors="replace"))
    told += [path.read_bytes().decode(errors="replace") for path in places.spool().iterdir() if path.is_file()]
    return "\n".join([*told, keyfile.ledger_path().read_text() if keyfile.ledger_path().exists() else ""])


def in_pages(words: list[str]) -> list[str]:
    """Those that stand in any page of the enciphered file, also in one that nothing points at any more."""
    if not databases.is_file(connection):
        return []
    whole = pages()
    return [each for each in words if each.encode() in whole]


def card(word: Callable[[], str], org: int) -> dict[str, Any]:
    """Every field of a card, each with words nobody else has."""
    own = (
        "title", "given_name", "middle_name", "family_name", "suffix", "called_name", "name_spoken", "education",
        "occupation", "source", "reason_chosen", "territory", "representative", "greeting", "income_range",
    )  # fmt: skip
    return {
        **{name: word() for name in own},
        "emails": [{"value": f"{word()}@example.org", "label": word()} for _ in range(2)],
        "addresses": [{name: word() for name in ("street", "street2", "city", "region", "label")} for _ in range(2)],
        "notes": [{"text": f"{word()} {word()}"} for _ in range(3)],
        "tags": [word(), word()],
        "references": [{"source": word(), "value": word()}],
        "works_at": [{"organisation": org, "job_title": word(), "department": word()}],
        "social": [{"network": word(), "handle": word()}],
        "households": [{"name": word(), "role": word()}],
    }


def test_five_hundred_words_of_hers_are_nowhere_in_the_home() -> None:
    words: list[str] = []

    def word() -> str:
        words.append(f"q{secrets.token_hex(5)}")
        return words[-1]

    org = customers.add_customer(card={"organisation_name": "Teehaus"}, by=OLGA, at=NOON)
    other = customers.add_customer(card={"given_name": "Ben", "family_name": "Berg"}, by=OLGA, at=NOON)
    customers.define_field(label="Shoe", type="text", by=OLGA, at=NOON)
    first = card(word, org) | {"custom": {"shoe": word()}}
    number = customers.add_customer(card=first, by=OLGA, at=NOON)
    for _ in range(11):
        told = card(word, org) | {"referred_by": other}
        customers.edit_customer(number=number, card=told, by=OLGA, at=NOON)
    mail, given, family = first["emails"][0]["value"], told["given_name"], told["family_name"]
    customers.add_file(number=number, name=f"{word()}.txt", content=(word() * 9).encode(), by=OLGA, at=NOON)
    customers.add_file(number=number, name="both.txt", content=b"of both", by=OLGA, at=NOON)
    customers.add_file(number=other, name="both.txt", content=b"of both", by=OLGA, at=NOON)
    customers.unmask(number=number, fact="birth_date", reason=word(), by=OLGA, at=NOON)
    customers.archive_customer(number=number, reason=word(), by=OLGA, at=NOON)
    rows = [f"Ben;Berg;ben{i}@example.org;x" for i in range(50)]
    hers = f'{given};{family};{mail};"{word()}\n{word()}"'
    brought("Vorname;Nachname;E-Mail;Notiz", *rows[:20], hers, *rows[20:], name=f"{family}.csv")
    brought("Vorname;Nachname;E-Mail;Geburtsdatum", "Eva;Eck;eva@example.org;1.2.1980", f"{word()};x;{mail};31.02.1980")
    record_export(asked=f'family_name = "{family}"', count=1, withheld=0, format="csv", by=OLGA, at=NOON)
    asked, day = f'email = "{mail}"', NOON.date()
    save_segment(name=f"Like {family}", criteria=asked, by=OLGA, at=NOON, today=day, zone=zone())
    make_list(name=f"Für {mail}", by=OLGA, at=NOON)
    jobs.enqueue(jobs.named("regulars.areas.customers.jobs.let_go_of_forgotten"), numbers=[], files={"x": [mail]})
    assert len(words) > 500 and verify().ok, verify().as_json()
    before = whole_home()
    databases.analyse(connection)
    assert in_pages([family]) or not databases.is_file(connection)
    assert all(each in before for each in words if each != "")
    forget(number)
    left = whole_home()
    found = [each for each in words if each in left]
    assert not found, [left[max(0, left.index(each) - 200) :][:400] for each in found[:3]]
    assert verify().ok, verify().as_json()
    assert "of both" in left, "a file on another card stays there"
    assert not in_pages(words)
    assert "ben49@example.org" in left and f"forgotten {number}" in left


def test_the_rows_of_others_stay_byte_for_byte_and_keep_their_numbers() -> None:
    lines = [
        "Vorname;E-Mail;Notiz",
        'Ben;ben@example.org;"so ""x"" \n y"',
        "Anna;anna@example.org;z",
        "Eva;eva@x.org; w ",
    ]
    brought(*lines)
    (number,) = Customer.objects.filter(given_name="Anna").values_list("number", flat=True)
    was = Original.objects.get()
    forget(number)
    now = Original.objects.get()
    assert original(now) == csv_of(lines[0], lines[1], ";;", lines[3])
    assert (now.rows, now.read_as["came_as"]) == (3, was.sha256) and now.sha256 != was.sha256
    assert not originals.place_of(was.sha256).exists() and verify().ok
    assert brought(*lines)["created"] == 1, "who comes back with the same list is somebody new"


def test_the_old_list_brought_in_again_lays_nothing_over_what_was_learnt_since() -> None:
    lines = ["ID;Vorname;E-Mail;Stadt", "1;Ben;ben@example.org;Ulm", "2;Anna;anna@example.org;Bonn"]
    brought(*lines, source="shop")
    ben, anna = Customer.objects.order_by("number").values_list("number", flat=True)
    customers.edit_customer(number=ben, card={"given_name": "Benjamin"}, by=OLGA, at=NOON)
    forget(anna)
    told = brought(*lines, source="shop")
    assert (told["created"], told["updated"]) == (1, 0)
    assert Customer.objects.get(number=ben).given_name == "Benjamin"


def test_what_was_refused_of_her_row_is_without_words() -> None:
    brought("Vorname;E-Mail;Geburtsdatum", "Anna;anna@example.org;1.2.1980")
    brought("Vorname;E-Mail;Geburtsdatum", "Eva;eva@example.org;1.2.1980", "Anna;anna@example.org;31.02.1980")
    assert "31.02.1980" in str(refused())
    forget(Customer.objects.get(given_name="Anna").number)
    assert "31.02.1980" not in str(refused()) and len(refused()) == 1
    sample = Intake.objects.order_by("-pk")[0].inspected["sample"]
    assert "anna@example.org" not in str(sample) and "eva@example.org" in str(sample)


def test_who_is_known_by_a_given_name_alone_takes_no_row_of_another_of_that_name() -> None:
    brought("Vorname;Nachname;E-Mail", "Anna;;anna@example.org", "Anna;Berg;berg@example.org")
    forget(Customer.objects.get(family_name="").number)
    assert original(Original.objects.get()) == csv_of("Vorname;Nachname;E-Mail", ";;", "Anna;Berg;berg@example.org")


def test_a_workbook_goes_and_verify_knows_why() -> None:
    import openpyxl

    book, target = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Vorname", "E-Mail"], ["Anna", "anna@example.org"], ["Ben", "ben@example.org"]):
        book.active.append(row)
    book.save(target)
    brought_bytes(target.getvalue(), "list.xlsx")
    kept = Original.objects.get()
    forget(Customer.objects.get(given_name="Anna").number)
    assert not Path(originals.place_of(kept.sha256)).exists()
    assert Original.objects.get().read_as["kept"] is False and verify().ok


def test_a_file_that_waits_is_cut_too_and_comes_in_without_her() -> None:
    brought("Vorname;E-Mail", "Anna;anna@example.org")
    token = handed_over(csv_of("Vorname;E-Mail", "Anna;anna@example.org", "Ben;ben@example.org"))
    forget(Customer.objects.get().number)
    held = io.BytesIO()
    originals.unseal(Intake.objects.get(token=token).sha256, held)
    assert b"anna" not in held.getvalue() and b"ben@" in held.getvalue()


def test_nobody_is_forgotten_while_a_list_comes_in() -> None:
    brought("Vorname;E-Mail", "Anna;anna@example.org")
    Intake.objects.update(state="running")
    number = Customer.objects.get().number
    with pytest.raises(Refused, match="coming in"):
        forget(number)
    with pytest.raises(Refused, match="coming in"):
        customers.what_would_go(number=number, by=OLGA)
    assert Customer.objects.filter(number=number).exists()

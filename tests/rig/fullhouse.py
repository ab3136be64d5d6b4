"""A small house in which everything has happened once, in a process of its own: `python -m tests.rig.fullhouse`."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory


def fill() -> None:
    """Own facts of every type, a file, an import, undone deeds, one forgotten, sealed values, a household, a login."""
    import django

    django.setup()
    from regulars.areas.access.tests.people import token_of
    from regulars.areas.customers import actions
    from regulars.areas.house.actions import change_settings
    from regulars.areas.journal.actions import sign_heads, undo
    from regulars.areas.journal.models import Changeset
    from regulars.areas.matching.actions.scanning import scan_all
    from regulars.areas.segments.actions import save_segment
    from regulars.areas.segments.tests.people import AT, HERE, OWNER, everybody
    from regulars.kernel import jobs

    scan_all(at=AT)  # from now on new cards alone are compared, without the engine for all at once
    numbers = everybody()
    first, second, third, fourth = numbers[5:9]
    edited = {"family_name": "Neu’mann \\ \t", "emails": ["neu@example.com"], "bank_accounts": [{"iban": IBAN}]}
    actions.edit_customer(number=first, card=edited, by=OWNER, at=AT)
    actions.edit_customer(number=first, card={"tags": ["a", "b"], "birth_date": "1970-01-01"}, by=OWNER, at=AT)
    actions.edit_customer(number=first, card={"households": [{"name": "Both"}]}, by=OWNER, at=AT)
    actions.add_file(number=first, name="photo.txt", content=b"what she said", by=OWNER, at=AT)
    actions.archive_customer(number=second, by=OWNER, at=AT)
    actions.delete_customer(number=third, by=OWNER, at=AT)
    undo(changeset=Changeset.objects.latest("number").number, by=OWNER, at=AT + timedelta(microseconds=5))
    actions.delete_customer(number=third, by=OWNER, at=AT)
    actions.forget_customer(number=fourth, by=OWNER, at=AT)
    save_segment(name="Ours", criteria="city = Berlin", by=OWNER, at=AT, **HERE)
    change_settings(by=OWNER, at=AT, values={"country": "DK"})
    token_of("owner", "customers.view")
    _bring_in()
    jobs.run_due()
    sign_heads(at=AT)


IBAN = "DE89370400440532013000"


def _bring_in() -> None:
    from regulars.interfaces.cli.main import main

    with TemporaryDirectory() as folder:
        listed = Path(folder) / "list.csv"
        listed.write_text("Vorname;Nachname;E-Mail\nÄnne;Müller;aenne@example.org\nJörg;;not an address\n")
        main(["import", str(listed), "--yes", "--json"])


if __name__ == "__main__":
    fill()

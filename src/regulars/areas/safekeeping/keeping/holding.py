"""What a version holds: the last link of the chain, and counts. Asked of the copy itself, in plain SQL."""

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from regulars.areas.customers.models import Attachment
from regulars.areas.intake.models import Original
from regulars.areas.journal.models import Link
from regulars.kernel.databases.copying import Ask


@dataclass(frozen=True, slots=True)
class Held:
    """The last link and its digest (hex), how many customers, how many links."""

    link: int = 0
    digest: str = ""
    customers: int = 0
    links: int = 0

    def __str__(self) -> str:
        return f"{self.customers}/{self.links}/{self.link}/{self.digest[:12]}"


_LAST = "SELECT number, digest FROM journal_link ORDER BY number DESC LIMIT 1"
_CUSTOMERS = "SELECT count(*) FROM customers_customer"
_LINKS = "SELECT count(*) FROM journal_link"


def held(ask: Ask) -> Held:
    """What a copy holds: asked of the copy, or of the very moment of which it is made."""
    last, customers, links = ask(_LAST), ask(_CUSTOMERS), ask(_LINKS)
    number, digest = last[0] if last else (0, b"")
    return Held(int(number), bytes(digest).hex(), int(customers[0][0]), int(links[0][0]))


def newest_link() -> tuple[int, str]:
    """How far the chain of the house has come now: the number of its last link, and its digest."""
    last = Link.objects.order_by("-number").values_list("number", "digest").first()
    return (last[0], bytes(last[1]).hex()) if last else (0, "")


def files_named() -> list[str]:
    """The sealed files that rows of the house name, live and past, relative to the home."""
    try:
        named: list[Any] = [
            *Original.objects.values_list("sha256", "read_as"), *Original.past._default_manager.values_list(
                "sha256", "read_as"
            ),
        ]  # fmt: skip
        originals = {f"originals/{sha256}" for sha256, read_as in named if read_as.get("kept", True)}
        cards = {*Attachment.objects.values_list("sha256", flat=True),
                 *Attachment.past._default_manager.values_list("sha256", flat=True)}  # fmt: skip
    except DatabaseError:  # before an upgrade the tables may be those of an older program
        return []
    return sorted(originals | {f"files/{sha256[:2]}/{sha256}" for sha256 in cards if sha256})

"""Roles, the rights of the house, and which role gives which."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.kernel.registries import Text


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Staff")
    TILL = "till", _("Till")
    MARKETER = "marketer", _("Marketing")
    AUDITOR = "auditor", _("Auditor")
    READER = "reader", _("Reader")


ABOUT_ROLE: Mapping[str, Text] = {
    Role.OWNER: _("May do everything: people, settings, versions, keys."),
    Role.MANAGER: _("Runs the register: brings in, exports, takes back, changes settings, makes new password links."),
    Role.STAFF: _("Serves customers: finds, opens, adds and edits cards, one or many at once."),
    Role.TILL: _("Stands at the till or the telephone: finds, opens, adds and edits one card at a time."),
    Role.MARKETER: _("Picks groups and exports them; sees cards, does not edit them."),
    Role.AUDITOR: _("Reads cards and the journal, proves that nothing was falsified; changes nothing."),
    Role.READER: _("Looks customers up; changes nothing, takes nothing out."),
}

# Every right of the house with what it lets one do. `*` stands for all of them and belongs to owners alone.
RIGHTS: Mapping[str, Text] = {
    "customers.view": _("see customers"),
    "customers.edit": _("add and edit customers"),
    "customers.many": _("edit or archive many customers at once"),
    "customers.merge": _("merge two cards of one person, and un-merge them"),
    "customers.archive": _("archive and delete customers"),
    "customers.forget": _("forget customers for good"),
    "customers.unmask": _("see masked facts: birth dates, identity numbers, bank accounts"),
    "customers.export": _("export customers"),
    "customers.import": _("bring lists in"),
    "trade.view": _("see what customers bought"),
    "trade.record": _("take down purchases and returns"),
    "trade.correct": _("correct purchases and make them void"),
    "trade.goods": _("keep products and places"),
    "journal.view": _("read the journal of the house"),
    "journal.undo": _("take deeds back"),
    "journal.verify": _("check that nothing was falsified"),
    "segments.edit": _("save and change segments"),
    "house.settings": _("change the settings of the house"),
    "access.users": _("add people, change their roles"),
    "access.links": _("see who works here, give a new link to who forgot the password"),
    "access.tokens": _("make tokens for programs"),
    "safekeeping.backup": _("make and restore versions"),
    "health.view": _("see the health of the register and its machine"),
}
# The same, as a page tells it: what a right is about, by the first part of its name.
ABOUT_RIGHTS: Mapping[str, Text] = {
    "customers": _("Customers"),
    "trade": _("Purchases"),
    "journal": _("What was done"),
    "segments": _("Groups of customers"),
    "house": _("The house"),
    "access": _("People and programs"),
    "safekeeping": _("Versions"),
    "health": _("The machine"),
}
RIGHTS_OF: Mapping[str, frozenset[str]] = {
    Role.OWNER: frozenset({"*"}),
    Role.MANAGER: frozenset(RIGHTS) - {"access.users", "customers.forget", "safekeeping.backup"},
    Role.STAFF: frozenset(
        {
            "customers.view",
            "customers.edit",
            "customers.many",
            "customers.merge",
            "trade.view",
            "trade.record",
            "trade.correct",
            "trade.goods",
        }
    ),
    Role.TILL: frozenset({"customers.view", "customers.edit", "trade.view", "trade.record"}),
    Role.MARKETER: frozenset({"customers.view", "customers.export", "segments.edit", "access.tokens", "trade.view"}),
    Role.AUDITOR: frozenset({"customers.view", "journal.view", "journal.verify", "health.view", "trade.view"}),
    Role.READER: frozenset({"customers.view", "trade.view"}),
}


# What is left of them to whoever sees only her own customers: what keeps to these. The journal of the house, lists
# that are brought in and what others did reach beyond.
RIGHTS_WITHIN = frozenset(
    {
        "customers.view",
        "customers.edit",
        "customers.many",
        "customers.merge",
        "customers.archive",
        "customers.unmask",
        "customers.export",
        "segments.edit",
        "access.tokens",
        "trade.view",
        "trade.record",
        "trade.correct",
    }
)


def rights_in_words(rights: str) -> str:
    """What rights with blanks between them let one do: `see customers; export customers`."""
    return "; ".join(str(RIGHTS.get(each, each)) for each in rights.split())

"""The settings that exist, declared once, and the table of those that were chosen."""

from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.areas.journal.models import JournaledRow
from regulars.kernel.registries import Text

Kind = Literal[
    "text", "email", "phone", "country", "currency", "zone", "language", "languages", "hours", "number", "yes"
]
CLOSED_ALL_WEEK = ("", "", "", "", "", "", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """One thing the house may choose. A number lies between `least` and `most`, both included; `yes` is true or not."""

    name: str
    kind: Kind
    label: Text
    default: Any
    help: Text = ""
    group: Literal["house", "place", "counting", "cards", "door"] = "house"
    least: int = 0
    most: int = 0


SETTINGS: tuple[Declared, ...] = (
    Declared(
        name="name", kind="text", label=_("Name of the house"), default="Regulars",
        help=_("As customers know you. It stands on every page and in every mail."),
    ),
    Declared(
        name="email", kind="email", label=_("E-mail for customers"), default="",
        help=_("Where customers write with questions about what you keep about them."),
    ),
    Declared(name="phone", kind="phone", label=_("Phone for customers"), default=""),
    Declared(
        name="hours", kind="hours", label=_("Opening hours"), default=CLOSED_ALL_WEEK,
        help=_("Deadlines for complaints and call lists count only these hours. Empty means closed."),
    ),
    Declared(
        name="country", kind="country", label=_("Country"), default="DE", group="place",
        help=_("Phone numbers and addresses without a country are taken to be from here."),
    ),
    Declared(
        name="currency", kind="currency", label=_("Currency"), default="EUR", group="place",
        help=_("An amount without a currency is in this one. Amounts already kept stay in theirs."),
    ),
    Declared(
        name="time_zone", kind="zone", label=_("Time zone"), default="Europe/Berlin", group="place",
        help=_("When a day begins and ends here."),
    ),
    Declared(
        name="languages", kind="languages", label=_("Languages of your customers"), default=("en",), group="place",
        help=_("Forms and mails can be written in these."),
    ),
    Declared(
        name="default_language", kind="language", label=_("Main language"), default="en", group="place",
        help=_("For customers whose language you do not know, and for sorting lists."),
    ),
    Declared(
        name="quiet_after_days", kind="number", label=_("Quiet after (days)"), default=90, group="counting",
        least=1, most=3650, help=_("A customer who has not bought for this long counts as quiet."),
    ),
    Declared(
        name="lost_after_days", kind="number", label=_("Lost after (days)"), default=365, group="counting",
        least=2, most=3650, help=_("A customer who has not bought for this long counts as lost."),
    ),
    Declared(
        name="gold_percent", kind="number", label=_("Gold share (percent)"), default=10, group="counting",
        least=1, most=50, help=_("The best customers by value who count as gold."),
    ),
    Declared(
        name="check_after_months", kind="number", label=_("Ask whether a card is still right after (months)"),
        default=24, group="cards", least=1, most=240,
        help=_("Cards whose contact details nobody confirmed or changed for this long stand under Cards to check."),
    ),
    Declared(
        name="merge_surely", kind="yes", label=_("Merge by itself what is surely one person"), default=False,
        group="cards",
        help=_("Pairs of cards that are called the same are merged after each comparison, without asking. Each merge "
               "stands in the list of merges and can be taken apart at any time; it then stays apart."),
    ),
    Declared(
        name="session_idle_minutes", kind="number", label=_("Sign out when idle (minutes)"), default=30, group="door",
        least=5, most=60, help=_("A screen nobody touches for this long asks for the password again."),
    ),
    Declared(
        name="session_hours", kind="number", label=_("Sign out at the latest after (hours)"), default=12,
        group="door", least=1, most=24, help=_("However busy the day: after this long everybody signs in anew."),
    ),
    Declared(
        name="second_factor_for_all", kind="yes", label=_("Everybody needs a second factor"), default=False,
        group="door",
        help=_("A passkey or one-time codes beside the password. Who has none sets one up before anything else."),
    ),
    Declared(
        name="own_customers_only", kind="yes", label=_("Representatives see and change only their own"),
        default=False, group="door",
        help=_("Staff then know only customers of their territory, or with them as the representative. Which these "
               "are is said of each person in People and rights; who has none sees nobody."),
    ),
    Declared(
        name="own_customers_only_marketing", kind="yes", label=_("Marketing, too"), default=False, group="door",
        help=_("Counts with the setting above. Otherwise marketing sees all, since it writes to groups of all."),
    ),
)  # fmt: skip
DECLARED = {each.name: each for each in SETTINGS}


def setting_said(name: str) -> str:
    """A setting by its label."""
    return str(DECLARED[name].label) if name in DECLARED else name


GROUPS: tuple[tuple[str, Text], ...] = (
    ("house", _("The house")),
    ("place", _("Where it stands")),
    ("counting", _("How it counts")),
    ("cards", _("Its cards")),
    ("door", _("Its door")),
)


class Setting(JournaledRow):
    """One chosen setting. A setting that was never chosen has no row and is at its default."""

    journal_subject = None
    journal_said = {"name": setting_said}

    name = models.CharField(max_length=40, unique=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"

"""The machine: enciphered disk, firewall, virus scanner, updates, clock, memory, Python (G7)."""

import sys
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from regulars.areas.health.machine import disks, guards
from regulars.kernel import places
from regulars.kernel.checks import Answer, Check, Seen, Size

_DAY = 86_400
_ENDS = timedelta(days=180)
_SCARCE, _TOO_LITTLE = 10, 3  # per cent of memory still to be had


def _enciphered(at: datetime) -> Seen:
    return Seen(disks.enciphered(places.home_path()))


def _firewall(at: datetime) -> Seen:
    return Seen(guards.firewall())


def _scanner(at: datetime) -> Seen | None:
    return Seen(guards.scanner()) if guards.is_windows() else None


def _updates(at: datetime) -> Seen:
    return Seen("restart" if guards.waits_for_restart() else guards.updates())


def _clock(at: datetime) -> Seen:
    return Seen(guards.clock_is_set())


def _memory(at: datetime) -> Seen | None:
    found = guards.memory()
    if found is None:
        return None
    whole, left = found
    percent = 100 * left // max(whole, 1)
    answer = "too little" if percent < _TOO_LITTLE else "scarce" if percent < _SCARCE else "enough"
    return Seen(answer, {"left": Size(left), "whole": Size(whole)})


def _python(at: datetime) -> Seen:
    version = ".".join(map(str, sys.version_info[:3]))
    ends = guards.PYTHON_ENDS.get(sys.version_info[:2])
    if ends is None:
        return Seen("unknown line", {"version": version})
    told = {"version": version, "day": ends.isoformat()}
    if at.date() > ends:
        return Seen("ended", told)
    return Seen("ending" if at.date() > ends - _ENDS else "fine", told)


CHECKS = [
    Check(
        name="machine.enciphered", title=_("Enciphered disk"), group="machine", find=_enciphered, every=_DAY,
        answers={
            "yes": Answer("good", _("The disk of the home is enciphered as a whole.")),
            "no": Answer(
                "watch",
                _("The disk of the home is not enciphered. The register is, what others keep beside it is not."),
                _(
                    "Switch on what the system offers: BitLocker (Windows), FileVault (macOS), "
                    "LUKS when Linux is set up."
                ),
            ),
            "unknown": Answer(
                "note",
                _("Whether the disk of the home is enciphered cannot be seen from here."),
                _(
                    "Look yourself: “manage-bde -status” (Windows, as administrator), “fdesetup status” (macOS), "
                    "“lsblk” (Linux); in a container or a rented machine ask whoever runs it."
                ),
            ),
        },
    ),
    Check(
        name="machine.firewall", title=_("Firewall"), group="machine", find=_firewall, every=_DAY,
        answers={
            "yes": Answer("good", _("It is on.")),
            "no": Answer(
                "watch",
                _("It is off."),
                _(
                    "Switch it on in the system's settings (Windows Security, macOS Network), "
                    "and let only the port of Regulars through."
                ),
            ),
            "unknown": Answer(
                "note",
                _("Whether one is on cannot be seen from here."),
                _("Look yourself, or ask whoever runs the network: only the port of Regulars needs to be reached."),
            ),
        },
    ),
    Check(
        name="machine.scanner", title=_("Virus scanner"), group="machine", find=_scanner, every=_DAY,
        answers={
            "yes": Answer("good", _("It watches.")),
            "no": Answer("watch", _("None watches."), _("Switch on real-time protection in Windows Security.")),
            "unknown": Answer(
                "note",
                _("Whether one watches cannot be seen from here."),
                _("Look into Windows Security. If it checks the home, let it leave out regulars.db: it slows it down."),
            ),
        },
    ),
    Check(
        name="machine.updates", title=_("Updates of the system"), group="machine", find=_updates, every=_DAY,
        answers={
            "yes": Answer("good", _("They come by themselves.")),
            "no": Answer("watch", _("They do not come by themselves."), _("Switch on automatic updates.")),
            "restart": Answer(
                "watch",
                _("Updates lie ready that count only after the machine was started again."),
                _("Restart the machine when nobody is at work; Regulars comes back as it was."),
            ),
            "unknown": Answer(
                "note",
                _("Whether they come by themselves cannot be seen from here."),
                _(
                    "Look yourself; on Debian and Ubuntu: apt install unattended-upgrades && "
                    "dpkg-reconfigure unattended-upgrades"
                ),
            ),
        },
    ),
    Check(
        name="machine.clock", title=_("Clock"), group="machine", find=_clock, every=3600,
        answers={
            "yes": Answer("good", _("It follows the network's time.")),
            "no": Answer(
                "watch",
                _("It does not follow the network's time: what is done gets the wrong time, one-time codes fail."),
                _("Switch on automatic time in the system's settings; on Linux: timedatectl set-ntp true"),
            ),
            "unknown": Answer(
                "note",
                _("Whether it follows the network's time cannot be seen from here."),
                _("Compare it with a clock you trust, and see that the system sets it by itself."),
            ),
        },
    ),
    Check(
        name="machine.memory", title=_("Memory"), group="machine", find=_memory, every=60,
        answers={
            "enough": Answer("good", _("%(left)s of %(whole)s can still be had.")),
            "scarce": Answer(
                "watch",
                _("Only %(left)s of %(whole)s can still be had."),
                _("Close other programs, or give the machine more memory."),
            ),
            "too little": Answer(
                "bad",
                _("Only %(left)s of %(whole)s can still be had: the system may end programs, this one too."),
                _("Close other programs now, or give the machine more memory."),
            ),
        },
    ),
    Check(
        name="machine.python", title=_("Python"), group="machine", find=_python, every=_DAY,
        answers={
            "fine": Answer("good", _("Python %(version)s, looked after by its makers until %(day)s.")),
            "ending": Answer(
                "watch",
                _("Python %(version)s gets no more fixes after %(day)s."),
                _("Install a newer Python, remove the folder .venv and start Regulars anew."),
            ),
            "ended": Answer(
                "bad",
                _("Python %(version)s gets no more fixes from its makers."),
                _("Install a newer Python, remove the folder .venv and start Regulars anew."),
            ),
            "unknown line": Answer(
                "note", _("Python %(version)s is newer than this release of Regulars knows of."),
                _("Bring Regulars up to date when there is a newer release."),
            ),
        },
    ),
]  # fmt: skip

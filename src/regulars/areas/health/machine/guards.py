"""What guards the machine: clock, firewall, virus scanner, updates; how much memory there is.

Each answers `yes`, `no` or `unknown`. What only an administrator may see stays unknown.
"""

import os
import sys
from datetime import date
from pathlib import Path
from typing import Literal

from regulars.areas.health.machine import asked, powershell

Known = Literal["yes", "no", "unknown"]
# The last day on which a line of Python gets security fixes (devguide.python.org/versions).
PYTHON_ENDS = {(3, 12): date(2028, 10, 31), (3, 13): date(2029, 10, 31), (3, 14): date(2030, 10, 31)}


def clock_is_set() -> Known:
    """Whether the clock follows the network's time."""
    if sys.platform.startswith("linux"):
        return _yes(asked("timedatectl", "show", "-p", "NTPSynchronized", "--value"), "yes", "no")
    if sys.platform == "darwin":
        told = asked("/usr/sbin/systemsetup", "-getusingnetworktime")
        return _yes(told and told.rpartition(":")[2].strip(), "On", "Off")
    if sys.platform == "win32":
        return _yes(powershell("(Get-Service W32Time).Status"), "Running", "Stopped")
    return "unknown"


def firewall() -> Known:
    """Whether a firewall is on."""
    if sys.platform.startswith("linux"):
        told = asked("systemctl", "show", "-p", "ActiveState", "--value", "ufw", "firewalld", "nftables")
        return "yes" if told and "active" in told.split() else "unknown"
    if sys.platform == "darwin":
        told = asked("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate")
        return "yes" if told and "enabled" in told else "no" if told and "disabled" in told else "unknown"
    if sys.platform == "win32":
        told = powershell("(Get-NetFirewallProfile).Enabled -join ' '")
        return "unknown" if not told else "no" if "False" in told else "yes"
    return "unknown"


def scanner() -> Known:
    """Whether a virus scanner watches (Windows); elsewhere the system has its own or none is usual."""
    if sys.platform != "win32":
        return "unknown"
    return _yes(powershell("(Get-MpComputerStatus).RealTimeProtectionEnabled"), "True", "False")


def updates() -> Known:
    """Whether the system brings itself up to date."""
    if sys.platform.startswith("linux"):
        return "yes" if _by_apt() or _by_timer() else "unknown"
    if sys.platform == "darwin":
        told = asked(
            "/usr/bin/defaults", "read", "/Library/Preferences/com.apple.SoftwareUpdate", "CriticalUpdateInstall"
        )
        return _yes(told, "1", "0")
    if sys.platform == "win32":
        return _yes(powershell("(Get-Service wuauserv).StartType -ne 'Disabled'"), "True", "False")
    return "unknown"


def waits_for_restart() -> bool:
    """Whether updates lie ready that count only after the machine was started again (Debian and its children)."""
    return Path("/var/run/reboot-required").exists()


def memory() -> tuple[int, int] | None:
    """(all, still to be had) in bytes; None where the platform does not tell."""
    if sys.platform.startswith("linux"):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        told = {name: int(rest.split()[0]) * 1024 for name, _colon, rest in (line.partition(":") for line in lines)}
        return told["MemTotal"], told["MemAvailable"]
    if sys.platform == "win32":
        told_by = powershell(
            "$o=Get-CimInstance Win32_OperatingSystem; $o.TotalVisibleMemorySize; $o.FreePhysicalMemory"
        )
        kilobytes = (told_by or "").split()
        return (int(kilobytes[0]) * 1024, int(kilobytes[1]) * 1024) if len(kilobytes) == 2 else None
    return None


def _by_apt() -> bool:
    file = Path("/etc/apt/apt.conf.d/20auto-upgrades")
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any("Unattended-Upgrade" in line and '"1"' in line and not line.lstrip().startswith("//") for line in lines)


def _by_timer() -> bool:
    told = asked("systemctl", "show", "-p", "ActiveState", "--value", "dnf-automatic.timer", "dnf5-automatic.timer")
    return bool(told) and "active" in (told or "").split()


def _yes(told: str | None, yes: str, no: str) -> Known:
    return "yes" if told == yes else "no" if told == no else "unknown"


def is_windows() -> bool:
    return os.name == "nt"

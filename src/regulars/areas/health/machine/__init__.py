"""What the machine says about itself. Nothing here needs the database, asks the network or changes anything."""

import os
import subprocess


def asked(*command: str, seconds: float = 10.0) -> str | None:
    """What a program of the system prints, in English; None where it is missing, fails or thinks too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"}, errors="replace",
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def powershell(script: str) -> str | None:
    """The same of a line of PowerShell (Windows)."""
    return asked("powershell", "-NoProfile", "-NonInteractive", "-Command", script, seconds=20)

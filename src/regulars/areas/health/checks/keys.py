"""Keys, their sheet, and the certificate by which others reach the house."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from regulars.areas.health.machine import disks
from regulars.kernel import crypto, keyfile, marks, places
from regulars.kernel.checks import Answer, Check, Seen, Value

_SOON, _NOW = timedelta(days=21), timedelta(days=7)


def key_file() -> Path | None:
    """Where the keys should lie; None where this home never had any. Looking makes nothing."""
    named = os.environ.get("REGULARS_KEY_FILE") or (places.home_path() / "home.id").exists()
    return keyfile.path() if named else None


def _file(at: datetime) -> Seen | None:
    file = key_file()
    if file is None or not (file.exists() or places.database().exists()):
        return None
    if not file.exists():
        return Seen("missing", {"file": str(file)})
    told = {"file": str(file)}
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Seen("open", told)
    if not places.home_path().exists() or not disks.same_disk(file, places.home_path()):
        return Seen("apart", told)
    return Seen("bare" if disks.enciphered(places.home_path()) == "no" else "beside", told)


def _sheet(at: datetime) -> Seen:
    printed = marks.recall(marks.SHEET_PRINTED)
    if not printed:
        return Seen("unsaid")
    said, changed = datetime.fromisoformat(printed["at"]), max(keyfile.changed_at().values(), default=None)
    return Seen("older", {"at": changed}) if changed and changed > said else Seen("printed", {"at": said})


def certificate() -> tuple[Path, bool] | None:
    """The certificate that is served, and whether it is the house's own; None where another program or nobody does."""
    given = os.environ.get("REGULARS_TLS_CERT")
    if given:
        return Path(given), False
    https = urlsplit(os.environ.get("REGULARS_BASE_URL") or "").scheme == "https"
    file = key_file()
    own = file.with_suffix(".tls") / "server.pem" if file else None
    behind = bool(os.environ.get("REGULARS_TRUSTED_PROXIES"))
    return (own, True) if own and https and not behind and own.is_file() else None


def _certificate(at: datetime) -> Seen | None:
    found = certificate()
    if found is None:
        return None
    file, own = found
    try:
        ends = crypto.certificate_ends(file.read_bytes())
    except (OSError, ValueError):
        return Seen("unreadable", {"file": str(file)})
    told: dict[str, Value] = {"file": str(file), "at": ends.astimezone(UTC), "left": max(ends - at, timedelta())}
    if at >= ends:
        return Seen("own ended" if own else "ended", told)
    if ends - at > _SOON:
        return Seen("holds", told)
    if own:
        return Seen("own soon", told)
    return Seen("now" if ends - at < _NOW else "soon", told)


_PRINT = _(
    "At the machine: “regulars keys recovery”. Print it, lock it away from the computer, "
    "and say so on the page “Health”."
)
_RENEW = _("Renew it with whoever issued it, then restart “regulars serve”.")
_RESTART = _("Restart “regulars serve”: it makes a new one by itself.")

CHECKS = [
    Check(
        name="keys.file", title=_("Key file"), group="keys", find=_file, every=600,
        answers={
            "apart": Answer("good", _("%(file)s: for its owner alone, on another disk than the home.")),
            "beside": Answer(
                "note",
                _("%(file)s: for its owner alone, on the same disk as the home and its versions."),
                _(
                    "Whoever takes the whole disk has both, unless the disk is enciphered. "
                    "REGULARS_KEY_FILE may name another place."
                ),
            ),
            "bare": Answer(
                "watch",
                _("%(file)s lies on the same disk as the home, and that disk is not enciphered: whoever takes it reads "
                  "everything."),
                _("Encipher the disk, or move the file to another one and set REGULARS_KEY_FILE."),
            ),
            "open": Answer(
                "bad", _("%(file)s can be read by others on this machine."), _("Close it with: chmod 600 '%(file)s'")
            ),
            "missing": Answer(
                "bad",
                _("%(file)s is missing. Without it nobody can read the register."),
                _("Put it back from a copy, or type in the recovery sheet: regulars keys recovery --restore SHEET"),
            ),
        },
    ),
    Check(
        name="keys.sheet", title=_("Recovery sheet"), group="keys", find=_sheet, every=60, database=True,
        answers={
            "printed": Answer("good", _("Said to be printed and locked away on %(at)s.")),
            "older": Answer("bad", _("The keys were changed on %(at)s; the printed sheet lacks the new ones."), _PRINT),
            "unsaid": Answer(
                "watch",
                _("Nobody has said that the recovery sheet is printed. Without it a lost key file is a lost register."),
                _PRINT,
            ),
        },
    ),
    Check(
        name="keys.certificate", title=_("Certificate"), group="keys", find=_certificate, every=3600,
        answers={
            "holds": Answer("good", _("Holds until %(at)s.")),
            "soon": Answer("watch", _("Ends in %(left)s, on %(at)s."), _RENEW),
            "now": Answer("bad", _("Ends in %(left)s, on %(at)s. After that browsers refuse to come."), _RENEW),
            "ended": Answer("bad", _("Ended on %(at)s: browsers warn or refuse to come."), _RENEW),
            "own soon": Answer("watch", _("The house's own certificate ends in %(left)s."), _RESTART),
            "own ended": Answer("bad", _("The house's own certificate ended on %(at)s."), _RESTART),
            "unreadable": Answer(
                "bad",
                _("The certificate %(file)s cannot be read."),
                _("Put it back, or correct REGULARS_TLS_CERT, and restart “regulars serve”."),
            ),
        },
    ),
]  # fmt: skip

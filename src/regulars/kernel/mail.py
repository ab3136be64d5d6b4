"""One plain message by SMTP, where `REGULARS_EMAIL_URL` says how (decision 49).

    smtp://user:password@host:587?tls=starttls&from=register@example.org

`tls` is `starttls`, `implicit` (from the first byte) or `none`; left out it is `implicit` on port 465, `none` on this
machine itself, `starttls` elsewhere. The server's certificate is looked at. Messages are sent from jobs, never while
somebody waits for a page.
"""

import os
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.kernel import marks
from regulars.kernel.early import gettext as _
from regulars.kernel.emails import clean_email
from regulars.kernel.errors import Refused

MARK = "mail"  # how the last message went
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_HERE = ("localhost", "127.0.0.1", "::1")
_PATIENCE = 20.0  # seconds for each answer of the server


class MailRefused(Refused):
    """The message was not taken. The message of this refusal says by whom and why; nothing was sent."""

    code = "mail_refused"


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. The password is never shown."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""


def server(given: Mapping[str, str] = os.environ) -> Server | None:
    """What `REGULARS_EMAIL_URL` says; None where it says nothing. Raises `Refused` for what cannot be."""
    url = given.get("REGULARS_EMAIL_URL") or ""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port, options = parts.hostname or "", parts.port, dict(parse_qsl(parts.query, strict_parsing=True))
    except ValueError:
        parts, host, port, options = urlsplit(""), "", None, {}
    usual = "implicit" if port == 465 else "none" if host in _HERE else "starttls"
    tls = options.pop("tls", usual)
    sender = options.pop("from", "")
    if parts.scheme != "smtp" or not host or tls not in _PORTS or options or parts.path.strip("/"):
        raise Refused(
            _(
                "REGULARS_EMAIL_URL must look like smtp://user:password@host:587?tls=starttls (or tls=implicit, "
                "tls=none; &from=address says who writes). Percent-encode signs like @ or / in the password."
            )
        )
    return Server(
        host, port or _PORTS[tls], tls, unquote(parts.username or ""), unquote(parts.password or ""),
        clean_email(sender) if sender else "",
    )  # fmt: skip


def configured() -> bool:
    """Whether mail can be sent at all; False also where the setting cannot be read."""
    try:
        return server() is not None
    except Refused:
        return False


def message(*, to: str, sender: str, name: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """A plain message to exactly one address. Raises `Refused` for an address that is none, or more than one.

    No text given makes a header of its own: addresses are taken apart and checked one by one, and a subject or name
    loses every sign that does not print (RFC 5322, 2.2).
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = _address(sender, name)
    made["To"] = _address(to)
    made["Subject"] = _one_line(subject)[:200]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = make_msgid(domain=made["From"].addresses[0].domain)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers
    made.set_content(text)
    return made


def send(made: EmailMessage, by: Server, *, at: datetime) -> None:
    """Hands the message to the server, and notes how that went. Raises `MailRefused`."""
    before = marks.recall(MARK) or {}
    try:
        with _door(by) as door:
            door.send_message(made)
    except (OSError, smtplib.SMTPException) as error:
        why = _why(error)
        marks.note(MARK, {**before, "failed": at.isoformat(), "why": why, "since": before.get("since", at.isoformat())})
        raise MailRefused(_("%(host)s did not take the mail: %(why)s") % {"host": by.host, "why": why}) from error
    marks.note(MARK, {"sent": at.isoformat()})


def last() -> Mapping[str, Any]:
    """How mail went: `sent`; after a refusal `failed`, `why` and `since` when nothing has gone out."""
    return marks.recall(MARK) or {}


@contextmanager
def _door(by: Server) -> Iterator[smtplib.SMTP]:
    looking = ssl.create_default_context()
    opened: smtplib.SMTP = (
        smtplib.SMTP_SSL(by.host, by.port, timeout=_PATIENCE, context=looking)
        if by.tls == "implicit"
        else smtplib.SMTP(by.host, by.port, timeout=_PATIENCE)
    )
    with opened as door:
        if by.tls == "starttls":
            door.starttls(context=looking)
        if by.user:
            door.login(by.user, by.password)
        yield door


def _why(error: BaseException) -> str:
    """The server's own words where it said some, without addresses: these stand in the message already."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _said in error.recipients.values()})
        return _("it does not take the recipient (%(code)s)") % {"code": ", ".join(codes)}
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("user name or password is wrong (%(code)s)") % {"code": error.smtp_code}
    if isinstance(error, smtplib.SMTPResponseException):
        return _("it answered %(code)s") % {"code": error.smtp_code}
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _("it offers no STARTTLS")
    if isinstance(error, ssl.SSLError):
        return _("its certificate does not hold")
    return _("it does not answer (%(kind)s)") % {"kind": type(error).__name__}


def _address(text: str, name: str = "") -> Address:
    local, _at, domain = clean_email(text).rpartition("@")
    return Address(_one_line(name)[:100], local, _in_ascii(domain))


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    import idna

    return idna.encode(domain, uts46=True).decode("ascii")


def _one_line(text: str) -> str:
    """Without signs that do not print, and without what a mail program would take for an encoded word (RFC 2047)."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).replace("=?", "= ?").split())

"""Mail goes out by a real server, to one address, with no header that is not ours; a refusal says why and is noted."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.kernel import mail
from regulars.kernel.errors import Refused
from tests.rig.certificates import certificate
from tests.rig.mailbox import Mailbox, mailbox

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


def a_message(**other: str):
    told = {"to": "olga@example.org", "sender": "register@example.org", "name": "Corner Shop", "subject": "Hello"}
    return mail.message(**{**told, "text": "All is well.\n", **other}, at=AT)


def by(url: str) -> mail.Server:
    found = mail.server({"REGULARS_EMAIL_URL": url})
    assert found
    return found


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "user", "password", "sender"),
    [
        ("smtp://u:p%40ss@mail.example:587?tls=starttls", "mail.example", 587, "starttls", "u", "p@ss", ""),
        ("smtp://mail.example", "mail.example", 587, "starttls", "", "", ""),
        ("smtp://mail.example:465", "mail.example", 465, "implicit", "", "", ""),
        ("smtp://localhost:1025", "localhost", 1025, "none", "", "", ""),
        ("smtp://mail.example?tls=none&from=a@b.example", "mail.example", 25, "none", "", "", "a@b.example"),
    ],
)
def test_the_setting(url: str, host: str, port: int, tls: str, user: str, password: str, sender: str) -> None:
    assert by(url) == mail.Server(host, port, tls, user, password, sender)
    assert not password or password not in repr(by(url))


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://a", "smtp://", "smtp://a?tls=perhaps", "smtp://a:b", "smtp://a?colour=red", "smtp://a/b",
     "smtp://a?from=nobody", "smtp://a:99999"],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_with_its_form(url: str) -> None:
    with pytest.raises(Refused, match=r"smtp://user:password@host|not an e-mail address"):
        mail.server({"REGULARS_EMAIL_URL": url})
    assert mail.server({}) is None


def test_a_message_arrives_as_it_was_written(box: Mailbox) -> None:
    text = "Ünter uns: größer als 10 €.\n.\n..\nThat is all.\n"
    mail.send(a_message(subject="Größe", text=text), by(box.url), at=AT)
    ((to, arrived),) = box.taken
    assert to == ["olga@example.org"] and arrived["Subject"] == "Größe" and box.texts == [text]
    assert (
        str(arrived["From"]) == "Corner Shop <register@example.org>" and arrived["Auto-Submitted"] == "auto-generated"
    )
    assert arrived["Message-ID"].endswith("@example.org>") and "localhost" not in str(arrived)
    assert mail.last() == {"sent": AT.isoformat()}


NASTY = [
    "a\r\nBcc: thief@example.org",
    "a\nb",
    "a\0b",
    "=?utf-8?q?=0D=0ABcc:_thief@example.org?=",
    "a, b; c <d@e.org>",
    "\u2028x",
]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_makes_a_header_or_a_recipient(text: str, box: Mailbox) -> None:
    mail.send(a_message(subject=text, name=text), by(box.url), at=AT)
    ((to, arrived),) = box.taken
    assert to == ["olga@example.org"] and len(arrived["To"].addresses) == len(arrived["From"].addresses) == 1
    names = [name.lower() for name in arrived.keys()]  # noqa: SIM118 - a message is no dict
    ours = {"from", "to", "subject", "date", "message-id", "auto-submitted", "content-type", "mime-version"}
    assert set(names) <= {*ours, "content-transfer-encoding"} and len(names) == len(set(names))


@pytest.mark.parametrize(
    "address",
    ["a@b.org,c@d.org", "a@b.org;c@d.org", "a@b.org c@d.org", "a@b.org\r\nBcc: c@d.org", "a\0@b.org", "nobody", "",
     "@b.org", '"x@y"@b.org', "<a@b.org>,<c@d.org>"],
)  # fmt: skip
def test_an_address_is_one_address(address: str, box: Mailbox) -> None:
    for place in ("to", "sender"):
        with pytest.raises(Refused):
            a_message(**{place: address})
    assert not box.taken


def test_a_refusal_says_why_and_is_noted_since_when(box: Mailbox) -> None:
    box.says = "550 no such person olga@example.org"
    for hour in (9, 10):
        with pytest.raises(mail.MailRefused, match=r"127\.0\.0\.1 did not take the mail: .*\(550\)") as refused:
            mail.send(a_message(), by(box.url), at=AT.replace(hour=hour))
        assert "olga" not in str(refused.value)
    assert mail.last()["since"] == AT.isoformat() and "olga" not in str(mail.last())
    box.says = ""
    mail.send(a_message(), by(box.url), at=AT.replace(hour=11))
    assert "since" not in mail.last()


def test_a_server_that_is_not_there(box: Mailbox) -> None:
    with mailbox() as gone:
        pass
    with pytest.raises(mail.MailRefused, match="does not answer"):
        mail.send(a_message(), by(gone.url), at=AT)
    with pytest.raises(mail.MailRefused, match="no STARTTLS"):  # never in plain where it was asked to be guarded
        mail.send(a_message(), by(f"{box.url}?tls=starttls"), at=AT)
    assert not box.taken


def test_the_way_is_guarded_and_the_certificate_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificate(tmp_path, "127.0.0.1")
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(made, made)
    with mailbox(tls=serving, password="s/cret") as box:
        url = box.url.replace("smtp://", "smtp://house:s%2Fcret@") + "?tls=starttls"
        with pytest.raises(mail.MailRefused, match="certificate does not hold"):
            mail.send(a_message(), by(url), at=AT)
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
        with pytest.raises(mail.MailRefused, match="password is wrong"):
            mail.send(a_message(), by(url.replace("s%2Fcret", "other")), at=AT)
        mail.send(a_message(), by(url), at=AT)
        assert len(box.taken) == 1

"""A real SMTP server on loopback: what is sent to it is kept, and it refuses what it is told to."""

import ssl
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Mailbox:
    """`taken` are (recipients of the envelope, message). `says` is answered to RCPT instead of taking it."""

    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    says: str = ""
    url: str = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.says:
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        made = message_from_bytes(envelope.content, policy=default)
        assert isinstance(made, EmailMessage)
        self.taken.append((list(envelope.rcpt_tos), made))
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        return [message.get_content().replace("\r\n", "\n") for _to, message in self.taken]


class _Door(Controller):
    """A controller that takes whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mailbox(*, tls: ssl.SSLContext | None = None, password: str = "") -> Iterator[Mailbox]:
    """Open while within. With `tls` it insists on STARTTLS, with `password` on signing in as `house`."""
    box = Mailbox()

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given == LoginPassword(b"house", password.encode())
        return AuthResult(success=right, handled=False)

    more: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
    if password:
        more |= {"authenticator": known, "auth_required": True, "auth_require_tls": tls is not None}
    server = _Door(box, hostname="127.0.0.1", port=0, **more)
    server.start()
    try:
        box.url = f"smtp://127.0.0.1:{server.port}"
        yield box
    finally:
        server.stop()

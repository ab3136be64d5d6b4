"""An SFTP server on loopback, as a second place may be."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh


class Server(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("olga", "very-secret")


@contextmanager
def sftp_server(root: Path, factory: Any = asyncssh.SFTPServer) -> Iterator[tuple[int, str]]:
    """A server on loopback with `root` as its whole world: its port, and its key's fingerprint."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    ready = threading.Event()
    told: dict[str, Any] = {}

    async def serve() -> None:
        told["loop"], told["end"] = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncssh.create_server(
            Server, "127.0.0.1", 0, server_host_keys=[key], allow_scp=False,
            sftp_factory=lambda channel: factory(channel, chroot=str(root)),
        )  # fmt: skip
        told["port"] = server.get_port()
        ready.set()
        await told["end"].wait()
        server.close()
        await server.wait_closed()
        for _turn in range(20):  # those that were just told to end
            await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(120)
    try:
        yield told["port"], key.get_fingerprint()
    finally:
        told["loop"].call_soon_threadsafe(told["end"].set)
        thread.join()

"""Starts the web and the backroom, watches them, starts them again when they die, ends them by their process ids."""

import http.client
import json
import logging
import os
import select
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from regulars.interfaces.server import leash, maintenance
from regulars.interfaces.server.plan import Plan, is_wildcard
from regulars.kernel import takeover
from regulars.kernel.early import gettext as _
from regulars.kernel.errors import Refused

log = logging.getLogger("regulars.serve")
_GRACE = 30.0  # seconds to end in, before being killed
Ready = Callable[[], Mapping[str, str] | None]
_STEADY = 60.0  # seconds alive after which a death starts the counting anew


@dataclass(slots=True)
class Child:
    """One process that is kept alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    deaths: int = 0
    again_at: float = field(default=0.0)

    def start(self, *, keep: tuple[int, ...] = ()) -> None:
        # A session of its own: Ctrl+C at the terminal reaches the supervisor alone, which then ends the others.
        self.process = subprocess.Popen(
            self.command, start_new_session=True, stdin=subprocess.PIPE, pass_fds=keep, env=leash.told()
        )
        self.born = time.monotonic()

    def go(self) -> None:
        """Lets a started process begin its work; until then it only loads."""
        assert self.process and self.process.stdin
        with suppress(BrokenPipeError):
            self.process.stdin.write(b"go\n")
            self.process.stdin.close()

    def look_after(self) -> None:
        """Notices a death, and starts it again after 1, 2, 4 … 30 seconds."""
        if self.process is not None and self.process.poll() is not None:
            self._died(self.process.returncode)
        if self.process is None and time.monotonic() >= self.again_at:
            self.start()
            self.go()

    def _died(self, code: int) -> None:
        self.deaths = 1 if time.monotonic() - self.born > _STEADY else self.deaths + 1
        pause = min(30.0, 2.0 ** (self.deaths - 1))
        log.warning("%s (process %s) ended with %s; again in %.0f s", self.name, self.process_id, code, pause)
        self.process, self.again_at = None, time.monotonic() + pause

    @property
    def process_id(self) -> int | None:
        return self.process.pid if self.process else None


class Supervisor:
    """`prepare` while the database is looked after, `open` until all answers, `watch` until told to end, `close`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.web = Child("web", [])
        self.backroom = Child("backroom", [sys.executable, "-m", "regulars.interfaces.server.backroom"])
        self._rescue: Mapping[str, str] | None = None
        self._ending = False
        self.setting: dict[str, str | None] = {}  # what has to be set before the register is opened again

    def prepare(self) -> None:
        """Lets the web load its code on another core meanwhile. It serves nobody before `open`."""
        for number in (signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
            signal.signal(number, self._end)
        self._start_web()

    def rescue(self, told: Mapping[str, str] | None) -> None:
        """From now on the web shows the rescue pages alone, and nothing works in the background; None ends that."""
        if told == self._rescue:
            return
        self._rescue = told
        if self.web.process is not None:
            self.close()
            self._start_web()

    def _start_web(self, warmed: int = -1) -> None:
        """Starts loading; with `warmed`, the end of a pipe, it says there when it could answer at once."""
        self.web.command = self._web_command(warmed)
        self.web.start(keep=(warmed,) if warmed >= 0 else ())
        self.web.command = self._web_command(-1)  # if it dies, nobody listens when it is back

    def _web_command(self, warmed: int) -> list[str]:
        told = json.dumps({**self.plan.as_dict(), "rescue": self._rescue, "warmed": warmed})
        return [sys.executable, "-m", "regulars.interfaces.server.web", told]

    def open(self, *, within: float = 60.0) -> None:
        """Opens all and waits for the first answer. Raises `Refused` when the web cannot start."""
        until = time.monotonic() + within
        self.web.go()
        if self._rescue is None:
            self.backroom.start()
            self.backroom.go()
        while not self._ending and not answers(self.plan):
            assert self.web.process
            if self.web.process.poll() is not None or time.monotonic() > until:
                self.close()
                raise Refused(_("The web process could not start; the lines above say why."))
            time.sleep(0.02)

    def watch(self, again: Ready = lambda: None) -> None:
        """Keeps both alive until a signal says end. Where somebody asks for the house to be taken over, it is, and
        opens `again`: that looks at the database and says what the rescue pages must know, None for a sound one.
        Where it lies elsewhere then, this ends with `setting`, for a process that has not known the old place."""
        while not self._ending and not self.setting:
            if takeover.waiting():
                self._hand_over(again)
                continue
            self.web.look_after()
            if self._rescue is None:
                self.backroom.look_after()
            time.sleep(0.2)

    def _hand_over(self, again: Ready) -> None:
        """Web and backroom let go; a child does what was asked; everybody comes back. A signal to end waits for it."""
        takeover.taken()
        self._end_of(self.web)
        with maintenance.shown(self.plan):
            self._end_of(self.backroom)
            command = [sys.executable, "-m", "regulars.interfaces.server.takeover"]
            # A session of its own: whoever ends us at the terminal does not end it half-way. It ends by itself.
            ran = subprocess.run(
                command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
                env=leash.told(),
            )  # fmt: skip
            said = ran.stdout.splitlines()  # its last word alone counts; one that was killed has said nothing
            self.setting = json.loads(said[-1]) if said else {}
            waits = takeover.unanswered()
            takeover.clear()
            if self.setting:
                return
            self._rescue = again()
            if waits:
                takeover.give_answer(waits, {"error": _killed(), "unsure": True})
            if not self._ending:
                self._load_web()
        if not self._ending:
            self.open()

    def _load_web(self) -> None:
        """Waits, while the page still shows, until the web could answer at once."""
        if os.name != "posix":
            self._start_web()
            return
        hears, says = os.pipe()
        try:
            self._start_web(says)
            os.close(says)
            select.select([hears], [], [], _GRACE)
        finally:
            os.close(hears)

    def close(self) -> None:
        """Ends both, gently first."""
        self._end_of(self.web, self.backroom)

    def _end_of(self, *children: Child) -> None:
        running = [each.process for each in children if each.process]
        for child in children:
            child.process = None
        for process in running:
            process.terminate()
        until = time.monotonic() + _GRACE
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            if process.poll() is None:
                process.kill()
                process.wait()

    @property
    def ending(self) -> bool:
        """Whether a signal said end."""
        return self._ending

    def _end(self, *_given: object) -> None:
        self._ending = True


def _killed() -> str:
    return _(
        "What was asked for was ended from outside before it could say what it did. The register is as it was before, "
        "or as was asked for: look which, and do it again if need be."
    )


def answers(plan: Plan) -> bool:
    """Whether the web answers anything at all."""
    host = ("::1" if ":" in plan.host else "127.0.0.1") if is_wildcard(plan.host) else plan.host
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is our own process we ask
    asked: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, plan.port, timeout=5, context=context)
        if plan.secure
        else http.client.HTTPConnection(host, plan.port, timeout=5)
    )
    try:
        asked.request("HEAD", "/healthz", headers={"Host": f"localhost:{plan.port}"})
        asked.getresponse().read()
    except (TimeoutError, OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True

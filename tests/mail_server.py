"""A mail server on loopback, that takes mails or misbehaves: for the tests of what leaves the site."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.server import free_port


class MailServer:
    """What it does: `answers` maps a verb, or a verb with an address, to what it says instead of taking it.

    Said can be a line such as "550 no", or None to keep silent. `pause` is how long it thinks about each line.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.answers: dict[str, str | None] = {}
        self.pause = 0.0
        self.messages: list[EmailMessage] = []
        self.connections = 0
        # Called at "MAIL", once the "text" is there, and when it is "taken", each time before the answer.
        self.at: Callable[[str], None] = lambda moment: None
        self._server: socketserver.ThreadingTCPServer | None = None
        self._open: set = set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [message["To"] for message in self.messages]

    def start(self) -> None:
        """Begin to listen; again after `stop`, at the same port."""
        made = type("Server", (socketserver.ThreadingTCPServer,), {"allow_reuse_address": True, "daemon_threads": True})
        self._server = made(("127.0.0.1", self.port), type("Talk", (Talk,), {"site": self}))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Go away: whoever is connected is cut off."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for talk in list(self._open):
            talk.cut()


class Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    site: MailServer

    def handle(self) -> None:
        self.site.connections += 1
        self.site._open.add(self)
        with suppress(OSError):
            if self._say("CONNECT", "220 ready"):
                while self._line():
                    pass
        self.site._open.discard(self)

    def cut(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(2)

    def _line(self) -> bool:
        text = self.rfile.readline().decode().strip()
        verb = text[:4].upper()
        if not text:
            return False
        if verb == "DATA":
            return self._data()
        if verb == "QUIT":
            self._say("QUIT", "221 bye")
            return False
        if verb == "MAIL":
            self.site.at("MAIL")
        address = text.partition("<")[2].partition(">")[0]
        known = f"{verb} {address}"
        return self._say(known if known in self.site.answers else verb, "250 ok")

    def _data(self) -> bool:
        if "DATA" in self.site.answers:
            return self._say("DATA", "")
        self.wfile.write(b"354 go on\r\n")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=default)
        self.site.at("text")
        if "." not in self.site.answers:
            self.site.messages.append(message)
            self.site.at("taken")
        return self._say(".", "250 taken")

    def _say(self, what: str, usual: str) -> bool:
        """Answer; False when the conversation is over."""
        time.sleep(self.site.pause)
        said = self.site.answers.get(what, usual)
        if said is None:
            self.rfile.read()  # until the other side loses its patience
            return False
        if said == "cut":
            return False
        self.wfile.write(f"{said}\r\n".encode())
        return not said.startswith("421")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that listens within this block."""
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()

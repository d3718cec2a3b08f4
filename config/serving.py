"""A worker of gunicorn in which waitress reads the requests: only whole ones get a thread.

A connection that keeps silent, or sends half a request, costs a place in waitress's loop. In gunicorn's own worker it holds
one of the few threads, and a few dozen of them stop the site.
"""

import logging
import os
import resource
import socket
import time
from collections import deque
from contextlib import suppress
from ipaddress import ip_address

from gunicorn.workers.base import Worker as GunicornWorker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import RequestHeaderFieldsTooLarge

IDLE_SECONDS = 30  # after which a connection on which nothing happens is closed
REQUEST_SECONDS = 60  # within which a request has to arrive, however busily it does
LINGER_SECONDS = 2  # for which a worker that ends waits for what comes on idle connections: it may be on its way
CONNECTIONS, FILES = 1000, 4096  # at once, of each worker
HEADER_BYTES, LINE_BYTES = 32 * 1024, 1024  # of all headers; of a line between the pieces of a body
LIVE = "/health/live"  # is answered past the queue
PATIENCE = 0.02  # seconds that a request has a process for itself, where no database far away is waited for
BODY_BYTES = (
    3_000_000  # more than any page takes: the import of content, the largest, refuses more than 2.5 MB by itself
)

logger = logging.getLogger("assessment.serving")


class Parser(HTTPRequestParser):
    def received(self, data: bytes) -> int:
        """Also refuses what waitress would copy anew with each packet: a line between two pieces, or after them, without end."""
        taken = super().received(data)
        pieces = self.body_rcv
        in_pieces = isinstance(pieces, ChunkedReceiver) and not self.completed
        if in_pieces and max(len(pieces.control_line), len(pieces.trailer)) > LINE_BYTES:
            self.error, self.completed = RequestHeaderFieldsTooLarge("a line of the body has no end"), True
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # an address with half a bracket, a length of five thousand digits
            raise ParsingError("a header cannot be read") from error


class Task(WSGITask):
    """A request that is handed to the site."""

    def start(self) -> None:
        super().start()
        if self.channel.server.is_ending:
            self.set_close_on_finish()

    def execute(self) -> None:
        try:
            super().execute()
        except OSError as error:  # waitress takes it for a visitor who left, and says nothing
            raise RuntimeError("The site failed while it answered") from error

    def get_environment(self) -> dict:
        environ = super().get_environment()
        environ["wsgi.url_scheme"] = self.channel.server.scheme(environ)
        environ["queue.seconds"] = time.monotonic() - self.channel.whole_at
        if self.request.command == "HEAD":
            environ.pop("wsgi.file_wrapper", None)  # what it wraps would be sent past `write`
        return environ

    def build_response_header(self) -> bytes:
        """Keeps the connection after an answer that can have no body, such as 304: waitress misses its length."""
        keeps = not self.has_body and self.version == "1.1" and not self.close_on_finish
        self.close_on_finish |= keeps  # so that it is not said
        header = super().build_response_header()
        if keeps:
            self.close_on_finish = self.request.connection_close
        if self.request.command == "HEAD":
            self.chunked_response = False
        return header

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)


class Refusal(ErrorTask):
    """What is said to a request that could not be read, or that the site failed to answer: a page of ours."""

    def execute(self) -> None:
        from assessment.views import errors  # here: what the first process has loaded, a reload does not renew

        self.channel.is_refused = True
        status = self.request.error.code if self.request.error.code != 501 else 400
        if status < 500:
            logger.warning("Refused unread: %s, network %s", status, self.channel.addr[0])
        page = errors.unread(status)
        self.status = f"{status} {page.reason_phrase}"
        self.response_headers.extend(page.items())
        self.set_close_on_finish()
        self.content_length = len(page.content)
        self.write(page.content)


class Channel(HTTPChannel):
    """One connection."""

    parser_class, task_class, error_task_class = Parser, Task, Refusal
    begun_at = 0.0  # when that began to arrive which is not whole yet
    is_refused = False  # what else arrives is read away
    whole_at = 0.0  # when the request came that waits for a thread

    def received(self, data: bytes) -> bool:
        if self.is_refused:
            return False
        self.whole_at = self.whole_at if self.requests else time.monotonic()
        taken = super().received(data)
        self.begun_at = (self.begun_at or time.time()) if self.request else 0.0
        return taken

    def service(self) -> None:
        super().service()
        self.whole_at = time.monotonic()  # of the next one, which was sent without waiting for the answer

    def handle_write(self) -> None:
        """After a refusal says that no more comes, and reads on: closed at once, it would be lost to who is still sending."""
        if self.will_close or not (self.is_refused and self.close_when_flushed):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len:
            self.close_when_flushed, self.begun_at = False, time.time()
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)

    @property
    def is_idle(self) -> bool:
        return not (self.requests or self.request or self.total_outbufs_len)


class Dispatcher(ThreadedTaskDispatcher):
    """Threads of which one answers, and another beside it once all that answer have taken `patience` seconds; 0: all at once.

    Threads of one interpreter that all compute take a third longer for the same work, and who writes keeps others waiting.
    Who runs the loop calls `go_on` after each turn, and takes no longer for one than `rest` says.
    """

    def __init__(self, patience: float) -> None:
        super().__init__()
        self.patience = patience
        self.waiting: deque[Channel] = deque()  # `queue` holds what a thread is about to take
        self.begun: dict[Turn, float] = {}  # since when

    def add_task(self, channel: Channel) -> None:
        """Answer the next request of a connection when it is its turn."""
        with self.lock:
            self.waiting.append(channel)
        self.go_on()

    def go_on(self) -> None:
        """Let a thread answer the next one, if it is its turn by now."""
        with self.lock:
            if self._let_in():
                self.queue_cv.notify()

    def rest(self, seconds: float) -> float:
        """After how many seconds, so many at most, it may be the turn of somebody who waits."""
        return min(seconds, self.patience) if self.waiting and self.patience else seconds

    def end(self, turn: "Turn") -> None:
        """Let in the next one; the thread that calls this takes it, so that none has to be woken."""
        with self.lock:
            del self.begun[turn]
            self._let_in()

    def _let_in(self) -> bool:
        """Whether somebody waited, a thread was free, and all who are answered have had their time."""
        now = time.monotonic()
        is_early = any(now - begun < self.patience for begun in self.begun.values())
        if not self.waiting or len(self.begun) >= len(self.threads) or is_early:
            return False
        turn = Turn(self, self.waiting.popleft())
        self.begun[turn] = now
        self.queue.append(turn)
        return True


class Turn:
    """A connection whose next request is answered now."""

    def __init__(self, dispatcher: Dispatcher, channel: Channel) -> None:
        self.dispatcher, self.channel = dispatcher, channel

    def service(self) -> None:
        try:
            self.channel.service()
        finally:
            self.dispatcher.end(self)

    def cancel(self) -> None:
        self.channel.cancel()


class Server(BaseWSGIServer):
    """Waitress on a socket that gunicorn opened, TCP or Unix."""

    channel_class = Channel
    is_ending = False

    def __init__(self, worker: "Worker", listener: socket.socket, sockets: dict, dispatcher: Dispatcher):
        self.cfg = worker.cfg
        super().__init__(
            worker.wsgi,
            sockets,
            _sock=listener,
            dispatcher=dispatcher,
            adj=adjustments(worker.cfg),
            sockinfo=(listener.family, listener.type, listener.proto, None),
            bind_socket=False,
        )
        self.server_name = self.effective_host  # of a request that names none
        self.urgent = ThreadedTaskDispatcher()
        self.urgent.set_thread_count(1)

    def add_task(self, channel: Channel) -> None:
        """Queue the next request of a connection; that which asks whether we live waits for no other."""
        request = channel.requests[0]
        is_urgent = not request.error and request.path == LIVE
        (self.urgent if is_urgent else self.task_dispatcher).add_task(channel)

    def getsockname(self) -> tuple:
        place = self.socket.getsockname()
        return place[:2] if isinstance(place, tuple) else (place, "")

    def fix_addr(self, addr: tuple | str) -> tuple:
        return addr or ("", "")

    def set_socket_options(self, conn: socket.socket) -> None:
        if self.family != socket.AF_UNIX:
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def scheme(self, environ: dict) -> str:
        """By which a request came: gunicorn's rule, which believes the proxies that its settings name."""
        told = {f"HTTP_{name.replace('-', '_')}": value for name, value in self.cfg.secure_scheme_headers.items()}
        said = [environ[name] == value for name, value in told.items() if name in environ]
        return "https" if said and all(said) and self.trusts(environ["REMOTE_ADDR"]) else "http"

    def trusts(self, address: str) -> bool:
        """Whether a proxy is there; who comes by a Unix socket has no address, and is on this machine."""
        if not address or "*" in self.cfg.forwarded_allow_ips:
            return True
        return any(ip_address(address) in network for network in self.cfg.forwarded_allow_networks())

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.begun_at and channel.begun_at < now - REQUEST_SECONDS:
                channel.will_close = True

    def end(self) -> None:
        """Take the connections that wait here, and no more."""
        self.is_ending, known = True, -1
        while known < len(self.active_channels):
            known = len(self.active_channels)
            self.handle_accept()
        wasyncore.dispatcher.close(self)


class Worker(GunicornWorker):
    """A process that serves until it is told to end, and then answers what it has begun to read."""

    @classmethod
    def check_config(cls, cfg, log) -> None:
        """Start with nothing that would not be done: who asks for TLS must not be served without it."""
        if cfg.is_ssl or cfg.max_requests:
            raise SystemExit("config.serving has no certfile (a proxy has), and no max_requests (no worker grows).")

    def run(self) -> None:
        sockets: dict = {}
        self.dispatcher = Dispatcher(patience())
        self.dispatcher.set_thread_count(self.cfg.threads)
        self.servers = [Server(self, listener.sock, sockets, self.dispatcher) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self.turn(sockets, seconds=1)
        for server in self.servers:
            server.end()
        self.answer_the_rest(sockets)

    def answer_the_rest(self, sockets: dict) -> None:
        begun = time.monotonic()
        while channels := [channel for server in self.servers for channel in server.active_channels.values()]:
            waited = time.monotonic() - begun
            if waited > self.cfg.graceful_timeout:
                return
            for channel in channels:
                if channel.is_idle and waited > LINGER_SECONDS:
                    channel.will_close = True
            self.turn(sockets, seconds=0.1)

    def turn(self, sockets: dict, *, seconds: float) -> None:
        """Read and write what can be, waiting so long for it at most, and show that this process lives."""
        self.notify()
        wasyncore.loop(timeout=self.dispatcher.rest(seconds), use_poll=True, map=sockets, count=1)
        self.dispatcher.go_on()


def patience() -> float:
    """On SQLite one request after the other; another database is waited for at each query, and others compute meanwhile."""
    from django.conf import settings  # here: what the first process has loaded, a reload does not renew

    return PATIENCE if "sqlite" in settings.DATABASES["default"]["ENGINE"] else 0


def open_files() -> int:
    """How many files this process may have open, after it asked for as many as its connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def adjustments(cfg) -> Adjustments:
    return Adjustments(
        threads=cfg.threads,
        backlog=cfg.backlog,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=1,
        # Each connection is a file, a large request in it another one, and the site has some of its own.
        connection_limit=min(CONNECTIONS, (open_files() - 100) // 2),
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=BODY_BYTES,
        inbuf_overflow=64 * 1024,  # bytes: more of a request waits on the disk
        ident="gunicorn",
        log_socket_errors=False,  # a visitor who leaves is no error
        clear_untrusted_proxy_headers=False,  # the site itself decides whom it believes
    )

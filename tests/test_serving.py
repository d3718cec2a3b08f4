"""The server between the visitors and the site: what it reads, hands on, refuses, and what stops it or does not."""

import http.client
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from django.test import Client
from gunicorn.config import Config
from waitress import wasyncore

from assessment.logs import SECRET_PLACES
from config import serving as subject
from tests.hostile import places
from tests.outages import workers_of
from tests.server import ROOT, running_site
from tests.visitor import Visitor

pytestmark = pytest.mark.any_database

SECURITY = (
    "Content-Security-Policy",
    "Permissions-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
)


# One server in this process, with an application of the test ------------------------------------------------------------
@contextmanager
def serving(application, *, listener=None, patience=subject.PATIENCE, **settings):
    """The socket of a server that runs within this block."""
    cfg = Config()
    for name, value in settings.items():
        cfg.set(name, value)
    listener = listener or socket.create_server(("127.0.0.1", 0))
    sockets, dispatcher, over = {}, subject.Dispatcher(patience), Event()
    dispatcher.set_thread_count(2)
    subject.Server(SimpleNamespace(cfg=cfg, wsgi=application), listener, sockets, dispatcher)

    def work():
        while not over.is_set():
            wasyncore.loop(timeout=dispatcher.rest(0.05), use_poll=True, map=sockets, count=1)
            dispatcher.go_on()

    thread = Thread(target=work)
    thread.start()
    try:
        yield listener
    finally:
        over.set()
        thread.join()
        dispatcher.shutdown()
        wasyncore.close_all(sockets)


def connected(listener):
    line = socket.socket(listener.family)
    line.settimeout(20)
    line.connect(listener.getsockname())
    return line


def said(listener, data):
    """All that the server says to some bytes, until it closes the connection."""
    with closing(connected(listener)) as line:
        line.sendall(data)
        return b"".join(iter(lambda: line.recv(65_536), b""))


def echo(environ, start_response):
    """Tells what it was handed."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    names = ("REMOTE_ADDR", "wsgi.url_scheme", "SERVER_NAME", "SERVER_SOFTWARE", "HTTP_X_FORWARDED_FOR", "PATH_INFO")
    return ["\n".join(f"{name}={environ.get(name)}" for name in names).encode()]


GET = b"GET / HTTP/1.1\r\nHost: a\r\n%b\r\n"
LAST = b"Connection: close\r\n"


def test_the_site_is_handed_what_gunicorn_itself_would_hand_it():
    with serving(echo) as listener:
        answer = said(listener, GET % (LAST + b"X-Forwarded-For: 192.0.2.7, 10.0.0.1\r\n"))
    assert b"\r\nServer: gunicorn\r\n" in answer
    told = answer.partition(b"\r\n\r\n")[2].decode().split("\n")
    assert told == [
        "REMOTE_ADDR=127.0.0.1",
        "wsgi.url_scheme=http",
        "SERVER_NAME=127.0.0.1",
        "SERVER_SOFTWARE=gunicorn",
        "HTTP_X_FORWARDED_FOR=192.0.2.7, 10.0.0.1",
        "PATH_INFO=/",
    ]


@pytest.mark.parametrize(
    ("trusted", "header", "scheme"),
    [
        ("127.0.0.1", b"X-Forwarded-Proto: https", "https"),
        ("127.0.0.1", b"X-Forwarded-Proto: http", "http"),
        ("127.0.0.1", b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off", "http"),
        ("127.0.0.1", b"X-Other: https", "http"),
        ("*", b"X-Forwarded-Proto: https", "https"),
        ("192.0.2.0/24", b"X-Forwarded-Proto: https", "http"),
    ],
)
def test_the_scheme_is_believed_of_the_proxies_that_gunicorn_s_settings_name(trusted, header, scheme):
    with serving(echo, forwarded_allow_ips=trusted) as listener:
        assert f"wsgi.url_scheme={scheme}".encode() in said(listener, GET % (LAST + header + b"\r\n"))


def test_a_unix_socket_serves_a_proxy_on_the_same_machine(tmp_path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "site"))
    with serving(echo, listener=listener) as listener:
        answer = said(listener, GET % (LAST + b"X-Forwarded-Proto: https\r\n"))
    assert b"REMOTE_ADDR=\nwsgi.url_scheme=https\n" in answer


def short(environ, start_response):
    """Answers by its address: 304, a file or a page."""
    path = environ["PATH_INFO"]
    if path == "/304":
        start_response("304 Not Modified", [("Content-Length", "0")])
        return [b""]
    start_response("200 OK", [("Content-Length", "4")])
    if path == "/file" and "wsgi.file_wrapper" in environ:
        return environ["wsgi.file_wrapper"](open(__file__, "rb"), 4)
    return [b"page"]


@pytest.mark.parametrize("first", ["HEAD /", "HEAD /file", "GET /304"])
def test_an_answer_without_a_body_keeps_the_connection_and_the_next_answer_is_not_mixed_up_with_it(first):
    with serving(short) as listener:
        answer = said(listener, f"{first} HTTP/1.1\r\nHost: a\r\n\r\n".encode() + GET % LAST)
    one, _, other = answer.partition(b"\r\n\r\n")
    assert b"Connection: close" not in one
    assert other.startswith(b"HTTP/1.1 200 OK\r\n")
    assert other.endswith(b"\r\n\r\npage")


def test_a_head_request_for_what_is_streamed_gets_no_byte_of_it():
    def stream(environ, start_response):
        start_response("200 OK", [])
        return iter([b"a", b"b"])

    with serving(stream) as listener:
        assert said(listener, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").endswith(b"\r\n\r\n")


def test_what_fails_while_it_is_sent_is_a_page_of_ours_and_is_written_down(caplog):
    def failing(environ, start_response):
        start_response("200 OK", [])
        yield Path("/nowhere").read_bytes()

    with serving(failing) as listener:
        answer = said(listener, GET % b"")
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"The site made a mistake" in answer
    assert "No such file" in caplog.text


# What could not be read --------------------------------------------------------------------------------------------------
def test_a_request_tells_how_long_it_waited_for_a_thread():
    waited = []

    def slow(environ, start_response):
        waited.append(environ["queue.seconds"])
        time.sleep(0.3)
        return echo(environ, start_response)

    with serving(slow) as listener, ThreadPoolExecutor(6) as pool:
        assert all(b"200 OK" in answer for answer in pool.map(lambda _number: said(listener, GET % LAST), range(6)))
    first, last = min(waited), max(waited)  # two threads answer six
    assert 0 <= first < 0.25
    assert last >= 0.5


def at_once(listener, requests=6):
    """What the server says to so many requests that arrive together."""
    with ThreadPoolExecutor(requests) as pool:
        return list(pool.map(lambda _number: said(listener, GET % LAST), range(requests)))


def at_work(seen, seconds=0.02):
    """An application that notes beside how many others it works."""
    now = []

    def busy(environ, start_response):
        now.append(1)
        seen.append(len(now))
        time.sleep(seconds)
        now.pop()
        return echo(environ, start_response)

    return busy


def test_requests_that_are_soon_answered_are_answered_one_by_one():
    seen = []
    with serving(at_work(seen), patience=60) as listener:
        assert all(b"200 OK" in answer for answer in at_once(listener))
    assert seen == [1] * 6


def test_where_a_database_far_away_is_waited_for_all_threads_answer():
    seen = []
    with serving(at_work(seen, 0.2), patience=0) as listener:
        assert all(b"200 OK" in answer for answer in at_once(listener))
    assert max(seen) == 2


@pytest.mark.parametrize("patience", [0, 0.02, 0.2])
def test_beside_a_request_that_takes_long_the_others_are_answered(patience):
    held, begun = Event(), Event()

    def mailing(environ, start_response):
        if environ["PATH_INFO"] == "/mail":
            begun.set()
            held.wait(20)
        return echo(environ, start_response)

    with serving(mailing, patience=patience) as listener, ThreadPoolExecutor(1) as pool:
        mail = pool.submit(said, listener, (GET % LAST).replace(b"GET / ", b"GET /mail "))
        assert begun.wait(20)
        assert all(b"200 OK" in answer for answer in at_once(listener))
        assert not mail.done()
        held.set()
        assert b"200 OK" in mail.result()


def test_after_a_jam_of_all_threads_requests_are_answered_one_by_one_again():
    seen, stuck, held = [], [], Event()
    busy = at_work(seen)

    def jammed(environ, start_response):
        if environ["PATH_INFO"] != "/stuck":
            return busy(environ, start_response)
        stuck.append(1)
        held.wait(20)
        return echo(environ, start_response)

    with serving(jammed, patience=0.1) as listener, ThreadPoolExecutor(8) as pool:
        one = (GET % LAST).replace(b"GET / ", b"GET /stuck ")
        jam = [pool.submit(said, listener, one) for _number in range(2)]
        until(lambda: len(stuck) == 2)
        others = [pool.submit(said, listener, GET % LAST) for _number in range(6)]
        time.sleep(0.5)  # in which nobody is let in, as no thread is free
        held.set()
        assert all(b"200 OK" in done.result() for done in jam + others)
    assert seen == [1] * 6


@pytest.mark.parametrize(
    ("engine", "patience"), [("config.sqlite", subject.PATIENCE), ("django.db.backends.postgresql", 0)]
)
def test_only_beside_a_file_requests_wait_for_each_other(settings, monkeypatch, engine, patience):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    assert subject.patience() == patience


def test_a_request_that_fails_does_not_keep_the_next_one_out():
    def failing(environ, start_response):
        raise RuntimeError("a mistake of the site")

    with serving(failing, patience=60) as listener:
        assert all(b" 500 " in answer for answer in at_once(listener, 3))


@pytest.mark.parametrize(("patience", "rest"), [(0, 1), (0.02, 0.02)])
def test_the_loop_looks_often_only_while_it_may_be_somebodys_turn(patience, rest):
    dispatcher = subject.Dispatcher(patience)
    dispatcher.threads = {0}
    dispatcher.add_task(SimpleNamespace())
    assert dispatcher.rest(1) == 1  # nobody waits
    dispatcher.add_task(SimpleNamespace())
    assert dispatcher.rest(1) == rest


def test_who_asks_whether_it_lives_waits_for_nobody():
    held = Event()

    def stuck(environ, start_response):
        if environ["PATH_INFO"] != "/health/live":
            held.wait(20)
        return echo(environ, start_response)

    with serving(stuck) as listener, ThreadPoolExecutor(8) as pool:
        others = [pool.submit(said, listener, GET % LAST) for _number in range(8)]
        time.sleep(0.2)
        alive = said(listener, (GET % LAST).replace(b"GET / ", b"GET /health/live "))
        assert b"200 OK" in alive
        assert not any(one.done() for one in others)
        held.set()


@pytest.mark.parametrize("begin", [b"4;", b"0\r\nX: "])
def test_a_line_without_end_between_or_after_the_pieces_of_a_body_is_refused(begin):
    """Waitress would copy all that came of it with each packet: 200 of them stopped the site."""
    with serving(echo) as listener, closing(connected(listener)) as line:
        line.sendall(GET % b"Transfer-Encoding: chunked\r\n" + begin)
        with suppress(OSError):
            for _packet in range(100):
                line.sendall(b"x" * 200)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 431 ")


UNREADABLE = {
    "nothing of HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a method in small letters": (b"get / HTTP/1.1\r\n\r\n", 400),
    "half a bracket": (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a header without a name": (GET % b": x\r\n", 400),
    "a bare line feed": (GET % b"X: a\nY: b\r\n", 400),
    "two lengths": (GET % b"Content-Length: 1\r\nContent-Length: 2\r\n", 400),
    "a length below zero": (GET % b"Content-Length: -1\r\n", 400),
    "a length of 5,000 digits": (GET % (b"Content-Length: " + b"9" * 5000 + b"\r\n"), 400),
    "a coding nobody knows": (GET % b"Transfer-Encoding: gzip\r\n", 400),
    "pieces that are none": (GET % b"Transfer-Encoding: chunked\r\n" + b"zz\r\n", 400),
    "too much": (GET % b"Content-Length: 3000001\r\n", 413),
    "too much in pieces": (
        GET % b"Transfer-Encoding: chunked\r\n" + b"400000\r\n" + b"a" * 0x400000 + b"\r\n0\r\n\r\n",
        413,
    ),
    "a header without end": (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000, 431),
    "an address without end": (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n", 431),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_gets_a_page_of_ours_and_one_line_of_log(case, written, db):
    data, status = UNREADABLE[case]
    with serving(echo) as listener:
        answer = said(listener, data)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0].split()[1] == str(status)
    headers = dict(line.split(": ", 1) for line in lines[1:])
    usual = Client().get("/")
    assert {name: headers[name] for name in SECURITY} == {name: usual[name] for name in SECURITY}
    assert "no-store" in headers["Cache-Control"]
    assert "This request could not be read" in body.decode()
    assert '<section lang="fr">' in body.decode()
    assert written.getvalue().splitlines() == [f"Refused unread: {status}, network 127.0.0.1"]


def test_who_sends_too_much_is_told_so_and_not_cut_off():
    with serving(echo) as listener:
        body = b"a" * 9_000_000
        answer = said(listener, GET % f"Content-Length: {len(body)}\r\n".encode() + body)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_no_bytes_bring_the_server_out_of_step(written):
    """Requests with some bytes changed, left out or doubled, from a seed."""
    chance = random.Random(13)
    whole = b"POST /r/a/?b=c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    whole += b"3\r\nabc\r\n0\r\n\r\n" + GET % LAST
    with serving(echo) as listener:
        for _turn in range(300):
            data = bytearray(whole)
            for _change in range(chance.randint(1, 4)):
                place = chance.randrange(len(data))
                data[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
            with closing(connected(listener)) as line:
                line.sendall(bytes(data))
                line.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda line=line: line.recv(65_536), b""))
            statuses = set(re.findall(rb"HTTP/1\.[01] (\d+)", answer))
            assert statuses <= {b"100", b"200", b"400", b"413", b"431"}, data
        assert b"200 OK" in said(listener, GET % LAST)
    assert all(line.startswith("Refused unread: 4") for line in written.getvalue().splitlines()), written.getvalue()


# Slow and silent connections ----------------------------------------------------------------------------------------------
@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(subject, "IDLE_SECONDS", 1)
    monkeypatch.setattr(subject, "REQUEST_SECONDS", 2)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHo", GET % b"Content-Length: 9\r\n" + b"abc", GET % b""])
def test_a_connection_on_which_nothing_happens_is_closed(hasty, begun):
    with serving(short) as listener:
        assert said(listener, begun).count(b"HTTP/1.1") == (begun == GET % b"")


@pytest.mark.parametrize("begun", [GET % b"Content-Length: 99999\r\n", b"GET / HTTP/1.1\r\nX: "])
def test_a_request_that_comes_byte_by_byte_for_ever_is_closed(hasty, begun):
    with serving(echo) as listener, closing(connected(listener)) as line:
        line.sendall(begun)
        with pytest.raises(ConnectionError):
            dribble(line, 100)


def dribble(line, number):
    for _byte in range(number):
        time.sleep(0.2)
        line.sendall(b"a")


def test_an_answer_that_takes_long_is_not_cut_off(hasty):
    def slow(environ, start_response):
        time.sleep(4)
        return short(environ, start_response)

    with serving(slow) as listener:
        assert said(listener, GET % LAST).endswith(b"page")


@pytest.mark.parametrize(
    ("limits", "connections", "files"),
    [((256, resource.RLIM_INFINITY), 1000, 4096), ((1024, 1024), 462, 1024), ((20_000, 20_000), 1000, 20_000)],
)
def test_connections_are_never_more_than_the_files_a_process_may_open(monkeypatch, limits, connections, files):
    set_to = [limits]
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _which, both: set_to.append(both))
    assert subject.adjustments(Config()).connection_limit == connections
    assert set_to[-1][0] == files


# The site as it is shipped --------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def site(tmp_path_factory, static):
    with running_site(tmp_path_factory.mktemp("serving"), static) as running:
        yield running


HALF_HEADER = b"POST /start/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/ht"
HALF_BODY = (
    b"POST /start/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nname=Mais"
)


class Dribble:
    """Connections that say a byte now and then, within this block."""

    def __init__(self, lines):
        self.lines, self.over = lines, Event()

    def __enter__(self):
        self.thread = Thread(target=self._work)
        self.thread.start()

    def __exit__(self, *exception):
        self.over.set()
        self.thread.join()

    def _work(self):
        while not self.over.wait(0.5):
            for line in self.lines:
                with suppress(OSError):  # closed, as it should be in time
                    line.sendall(b"a")


@contextmanager
def besieged(site, number):
    """So many connections of each kind that nobody finishes."""
    with ExitStack() as held:
        lines = {}
        for begun in (b"", HALF_HEADER, HALF_BODY, HALF_BODY + b"on"):
            lines[begun] = [
                held.enter_context(socket.create_connection(("127.0.0.1", site.port))) for _ in range(number)
            ]
            for line in lines[begun]:
                line.sendall(begun)
        held.enter_context(Dribble(lines[HALF_BODY + b"on"]))
        yield


def test_the_site_answers_while_dozens_of_connections_are_silent_or_dribble(site, shipped):
    with besieged(site, 30):
        for _turn in range(6):
            with Visitor(site.address) as visitor:
                assert visitor.ask("GET", "/health/live")[0] == 200
        with Visitor(site.address) as visitor:
            visitor.start()
            for dimension in shipped[0].dimensions:
                visitor.answer(dimension.key, {each.key: each.choices[0].key for each in dimension.questions})
            visitor.submit()


class Readers:
    """Clients that read a page again and again, half of them on connections they keep, and miss no answer."""

    def __init__(self, site, number=6):
        self.site, self.over, self.answered, self.lost = site, Event(), 0, []
        self.pool = ThreadPoolExecutor(number)
        self.working = [self.pool.submit(self._work, keeps=place % 2) for place in range(number)]

    def _work(self, *, keeps):
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        while not self.over.is_set():
            try:
                line.request("GET", "/start/", headers={} if keeps else {"Connection": "close"})
                answer = line.getresponse()
                assert answer.status == 200
                assert answer.read().rstrip().endswith(b"</html>")
                self.answered += 1
            except (OSError, http.client.HTTPException) as failure:
                self.lost.append(repr(failure))
                line.close()
        line.close()

    def wait_for(self, more):
        target, until = self.answered + more, time.monotonic() + 60
        while self.answered < target and time.monotonic() < until:
            time.sleep(0.01)
        assert self.answered >= target

    def __enter__(self):
        self.wait_for(20)
        return self

    def __exit__(self, *exception):
        self.over.set()
        for one in self.working:
            one.result()
        self.pool.shutdown()


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_new_workers_take_over_and_no_request_is_lost(site):
    before = set(workers_of(site))
    with Readers(site) as readers:
        os.kill(site.process.pid, signal.SIGHUP)
        until(lambda: len(now := set(workers_of(site))) == len(before) and not now & before)
        readers.wait_for(20)
    assert readers.lost == []


def test_a_worker_that_is_ended_is_replaced_and_no_request_is_lost(site):
    before = workers_of(site)
    with Readers(site) as readers:
        os.kill(before[0], signal.SIGTERM)
        until(lambda: before[0] not in workers_of(site) and len(workers_of(site)) == len(before))
        readers.wait_for(20)
    assert readers.lost == []


def test_a_worker_that_is_killed_comes_back(site):
    before = workers_of(site)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: before[0] not in workers_of(site) and len(workers_of(site)) == len(before))
    site.wait_until_ready()


def test_what_was_sent_before_the_server_ends_is_answered(site):
    """Some of it is half sent, some waits to be accepted."""
    with ExitStack() as held:
        lines = [held.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=20)) for _ in range(12)]
        for place, line in enumerate(lines):
            whole = b"GET /methodology/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            line.sendall(whole[:-4] if place % 2 else whole)
        os.kill(site.process.pid, signal.SIGTERM)
        time.sleep(0.5)
        for line in lines[1::2]:
            line.sendall(b"\r\n\r\n")
        answers = [b"".join(iter(lambda line=line: line.recv(65_536), b"")) for line in lines]
    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * 12
    assert site.process.wait(timeout=60) == 0
    site.start()


def test_the_page_of_what_could_not_be_read_is_the_site_s(site):
    for case in ("nothing of HTTP", "too much", "a header without end"):
        data, status = UNREADABLE[case]
        with closing(socket.create_connection(("127.0.0.1", site.port), timeout=20)) as line:
            line.sendall(data)
            answer = b"".join(iter(lambda line=line: line.recv(65_536), b""))
        assert answer.startswith(f"HTTP/1.0 {status} ".encode()) or answer.startswith(f"HTTP/1.1 {status} ".encode())
        assert b"/static/css/bootstrap.min." in answer


@pytest.mark.parametrize(
    ("method", "headers", "status", "told"),
    [
        ("POST", {}, 405, ("Allow", "GET, HEAD")),
        ("PUT", {}, 405, ("Allow", "GET, HEAD")),
        ("GET", {"Range": "bytes=9999999-"}, 416, ("Content-Range", "bytes */")),
        ("GET", {"missing": "yes"}, 404, ("Content-Language", "fr")),
    ],
)
def test_a_refused_static_file_is_refused_by_a_page_of_ours(site, method, headers, status, told):
    name = "none.css" if headers.pop("missing", None) else "assessment/site.css"
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    with closing(line):
        line.request(method, f"/static/{name}", headers={"Accept-Language": "fr", **headers})
        answer = line.getresponse()
        page = answer.read().decode()
    assert answer.status == status
    assert answer.headers[told[0]].startswith(told[1])
    assert '<html lang="fr"' in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_static_files_carry_the_headers_of_pages(site):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    with closing(line):
        line.request("GET", "/static/assessment/site.css", headers={"Range": "bytes=0-9"})
        answer = line.getresponse()
        assert (answer.status, len(answer.read())) == (206, 10)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def megabytes(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def test_a_worker_gives_back_what_documents_needed(site, shipped):
    """Some forty of them, no two alike, by one worker: a connection stays with one."""
    with Visitor(site.address) as visitor:
        for place in range(2):
            key = visitor.start(f"Organisation {place}")
            for dimension in shipped[0].dimensions:
                visitor.answer(dimension.key, {each.key: each.choices[place].key for each in dimension.questions})
            visitor.submit()
            charts = set(re.findall(rf"/r/{key}/charts/[\w-]+(?=\.svg)", visitor.get(f"/r/{key}/report/")))
            assert len(charts) >= 8
            pictures = [f"{chart}.png?lang={language}" for chart in charts for language in ("en", "fr")]
            for address in [f"/r/{key}/report.pdf", f"/r/{key}/summary.pdf", *pictures]:
                visitor.connection.request("GET", address)
                answer = visitor.connection.getresponse()
                assert answer.status == 200
                answer.read()
    assert max(map(megabytes, workers_of(site))) < 300


@pytest.mark.parametrize(
    ("environment", "options", "told"),
    [
        ({"WORKERS": "many"}, [], "WORKERS is 'many'"),
        ({"WORKERS": "0"}, [], "WORKERS is '0'"),
        ({}, ["--certfile", "README.md"], "config.serving has no certfile"),
        ({}, ["--max-requests", "10"], "no max_requests"),
    ],
)
def test_nothing_starts_with_a_setting_that_would_not_be_kept(environment, options, told):
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", *options]
    environment = {"PATH": "", "BIND": "127.0.0.1:0"} | environment
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert told in done.stderr.splitlines()[-1]


# The proxy before it ----------------------------------------------------------------------------------------------------
def test_the_proxy_of_the_example_keeps_the_same_addresses_out_of_its_log_as_the_site():
    text = (ROOT / "config/examples/nginx.conf").read_text(encoding="utf-8")
    pattern = re.search(r'"~\*(\^.*)" "\$told\.\.\.";', text)[1]
    assert tuple(re.search(r"\(\?:(.*?)\)", pattern)[1].split("|")) == SECRET_PLACES
    for place in SECRET_PLACES:
        told = re.match(pattern.replace("(?<", "(?P<"), f"/{place}/s3cr3t/report/", re.IGNORECASE)["told"]
        assert told == f"/{place}/"
    logged = re.search(r"log_format told '(.*)';", text)[1]
    assert "$told_uri" in logged
    assert not re.search(r"\$(request|request_uri|uri|args|http_referer|query_string)\b", logged)
    assert "access_log /var/log/nginx/site.log told;" in text


def test_every_address_with_a_key_or_a_token_is_one_of_those():
    secret = {place.template.partition("/{")[0].strip("/") for place in places() if {"key", "token"} & {*place.parts}}
    assert secret == {*SECRET_PLACES}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`/{place}/`" in readme for place in SECRET_PLACES)

"""Hostile requests, generated from a seed: any address, method, header and body, by five kinds of visitor, as raw bytes."""

import io
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, unquote_to_bytes

from django.urls import URLPattern, get_resolver

VISITORS = ("anonymous", "holder", "member", "owner", "superuser")
TOKEN = "a" * 32  # good when form and cookie agree
SLOW = re.compile(r"\.(pdf|png|xlsx)$")  # documents: each takes long and is like any other

METHODS = (
    ["GET"] * 8 + ["POST"] * 10 + ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 40]
)
JUNK = [
    "0",
    "-1",
    "1",
    "9" * 19,
    "9" * 40,
    "9" * 5000,
    "1e9",
    "None",
    "null",
    "x" * 3000,
    "..",
    "%00",
    "a%00b",
    "%ff%fe",
]
JUNK += ["%ED%A0%80", "%2e%2e%2fadmin", "%252e", "%0d%0aSet-Cookie:x=y", "%C3%A9t%C3%A9", "{{7*7}}", "%25s", "%", "%zz"]
JUNK += [
    "'%20OR%201=1--",
    "%3Cscript%3E",
    ";a=b",
    "_00",
    "bars",
    "report.csv",
    "strategy",
    "%E2%80%AE",
    "+",
    "a/b/c",
    "",
]
VALUES = [
    "",
    "0",
    "-1",
    "1",
    "9" * 19,
    "9" * 40,
    "9" * 5000,
    "1.5",
    "1e999",
    "NaN",
    "Infinity",
    "on",
    "yes",
    "None",
    "\0",
]
VALUES += [
    "a\0b",
    "x" * 4000,
    "é" * 500,
    "\u202e",
    "\ud83d\ude00",
    "🦊" * 300,
    "\r\n",
    "%s{0}{{7*7}}",
    "javascript:1",
    "http://[",
]
VALUES += [
    "http://[::1",
    "//[",
    "//evil.example",
    "https://x:99999999/",
    "https://" + "a." * 300,
    "a@b",
    "a@" + "b" * 300 + ".fr",
]
VALUES += [
    "2026-13-45",
    "0000-00-00",
    "10000-01-01",
    "25:61",
    "level-1",
    "unknown",
    "retail",
    "fr",
    "xx",
    "[1]",
    '{"a":1}',
]
VALUES += ["[" * 5000, "- &a [*a]", "=cmd|' /C calc'!A0", "anne@example.org", "' OR 1=1--", "../../etc/passwd", "1,2,3"]
TYPES = ["application/x-www-form-urlencoded"] * 6 + ["multipart/form-data; boundary=x"] * 4
TYPES += [
    "application/x-www-form-urlencoded; charset=" + name
    for name in ["iso-8859-1", "UTF8", "utf-16", "hex", "idna", "x\\"]
]
TYPES += [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="\xe9"',
    "multipart/form-data; boundary=" + "b" * 300,
]
TYPES += [
    "multipart/form-data; boundary*=klingon''x",
    "multipart/form-data; boundary=x; charset=utf-7",
    "application/json",
    "text/plain; charset=rot13",
]
TYPES += [
    "",
    ";",
    "/",
    "x" * 9000,
    "text/plain; " + "a=b;" * 2000,
    "text/html; charset*=utf-8''%ff",
    "multipart/mixed; boundary=x",
    "application/octet-stream",
]
HEADERS: dict[str, list[str]] = {
    "Accept": [
        "*/*",
        "application/json",
        "text/html",
        "a/b;q=x",
        "",
        ";" * 3000,
        "application/json;charset*=klingon''x",
    ],
    "Accept-Language": ["fr", "en", "*", ";;;", "fr;q=x", "x" * 5000, "fr," * 1000, "en-" + "a-" * 200, "\xe9"],
    "Accept-Encoding": ["gzip", "br;q=9", "\xe9", "identity;q=0, *;q=0"],
    "Referer": ["http://[", "//evil.example", "x" * 7000, "http://127.0.0.1/start/", "\xff"],
    "Origin": ["null", "http://[", "https://evil.example", "\xe9"],
    "If-None-Match": ["*", '"x"', "W/" * 100, "\xe9"],
    "If-Modified-Since": ["yesterday", "Sun, 99 Nov 9999 99:99:99 GMT", "Sun, 06 Nov 0000 08:49:37 GMT"],
    "Range": ["bytes=0-", "bytes=9-1", "bytes=" + "0-1," * 500, "x"],
    "X-Requested-With": ["XMLHttpRequest"],
    "X-Forwarded-Proto": ["https", "x" * 300],
    "Authorization": ["Basic \xe9", "Bearer x", "Digest " + "a" * 3000],
    "Priority": ["u=1, i"],
}
COOKIES = [
    "csrftoken=x",
    "csrftoken=" + "a" * 5000,
    "sessionid=x",
    "sessionid=" + "x" * 300,
    "sessionid=\xe9",
    "language=xx",
]
COOKIES += [
    "language=" + "f" * 600,
    "language=../..",
    "messages=x:y:z",
    "messages=" + "x" * 3000,
    "started=a:b:c",
    "onward=\xff",
    "=;=;",
    ";" * 500,
]
QUERIES = [
    "lang",
    "scheme",
    "v",
    "next",
    "q",
    "p",
    "o",
    "e",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "page",
    "step",
    "a",
    "b",
    "code",
]


@dataclass(frozen=True)
class Place:
    """An address with its variable parts, such as `/r/{key}/`."""

    template: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    method: str
    target: str  # as it stands in the first line of the request
    headers: list[tuple[str, str]]
    body: bytes
    visitor: str

    def __str__(self) -> str:
        return f"{self.visitor}: {self.method} {self.target[:150]} {str(self.headers)[:600]} {self.body[:400]!r}"


def places() -> list[Place]:
    """Every address of the site."""
    return [place for place in _places(get_resolver(), "/") if not place.template.startswith("/health/")]


def _places(resolver, before: str) -> Iterator[Place]:
    for entry in resolver.url_patterns:
        route = getattr(entry.pattern, "_route", None)
        if route is None:
            continue  # the rest of the administration, which junk reaches
        if isinstance(entry, URLPattern):
            whole = before + route
            parts = tuple(re.findall(r"<(?:\w+:)?(\w+)>", whole))
            yield Place(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", whole), parts)
        else:
            yield from _places(entry, before + route)


@dataclass
class Generator:
    """Makes requests; `known` are good values of the parts of addresses, `fields` the names of the fields of a page."""

    seed: int
    cookies: dict[str, str]  # of each visitor
    known: dict[str, list[str]]
    look: Callable[["Request"], str]  # what a page holds, for the names of its fields
    slow: float = 0.1  # how many of the slow documents are asked for
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance, self.places = random.Random(self.seed), places()
        self.fields: dict[tuple[str, str], list[str]] = {}

    def requests(self, number: int) -> Iterator[Request]:
        made = 0
        while made < number:
            request = self.request()
            if SLOW.search(request.target.partition("?")[0]) and self.chance.random() > self.slow:
                continue
            made += 1
            yield request

    def request(self) -> Request:
        pick, visitor = self.chance, self.chance.choice(VISITORS)
        method, path = pick.choice(METHODS), self._path(visitor)
        kind, body = (
            self._body(visitor, path) if method not in ("GET", "HEAD", "get") or pick.random() < 0.05 else ("", b"")
        )
        headers = [
            (name, pick.choice(HEADERS[name])) for name in pick.sample(sorted(HEADERS), pick.choice([0, 0, 1, 2, 4]))
        ]
        cookie = f"csrftoken={TOKEN}; {self.cookies.get(visitor, '')}"
        if pick.random() < 0.15:
            cookie += f"; {pick.choice(COOKIES)}"
        headers.append(("Cookie", cookie))
        headers.append(("X-Forwarded-For", f"10.{pick.randint(0, 255)}.{pick.randint(0, 255)}.{pick.randint(1, 254)}"))
        if kind or pick.random() < 0.3:
            headers.append(("Content-Type", kind))
        return Request(method, path + self._query(), headers, body, visitor)

    def _path(self, visitor: str) -> str:
        pick, place = self.chance, self.chance.choice(self.places)
        if pick.random() < 0.05:
            return "/" + "/".join(pick.choice(JUNK) for _ in range(pick.randint(0, 4)))
        is_known = pick.random() < 0.7
        values = {part: self._part(part, is_known) for part in place.parts}
        path = place.template.format(**values)
        return (
            path
            if pick.random() < 0.95
            else pick.choice(["/" + path, path.rstrip("/"), path + "%00", path.upper(), path + "//"])
        )

    def _part(self, part: str, is_known: bool) -> str:
        if is_known and part in self.known:
            return quote(self.chance.choice(self.known[part]))
        return self.chance.choice(JUNK)

    def _query(self) -> str:
        pick = self.chance
        if pick.random() < 0.6:
            return ""
        if pick.random() < 0.05:
            return "?" + pick.choice(
                ["&".join(f"a{i}=1" for i in range(1200)), "x" * 6000, "%ff=%ff", "%", "&&&=", "next=%"]
            )
        names = [
            *QUERIES,
            *self.chance.choices(["id__in", "pk", "state__exact", "sector", "level", "created_at__gte", "all"], k=2),
        ]
        return "?" + "&".join(
            f"{pick.choice(names)}={self._quoted(pick.choice(VALUES))}" for _ in range(pick.randint(1, 3))
        )

    def _quoted(self, value: str) -> str:
        return quote_plus(value, errors="surrogatepass")

    def _body(self, visitor: str, path: str) -> tuple[str, bytes]:
        pick, kind = self.chance, self.chance.choice(TYPES)
        if pick.random() < 0.06:
            return kind, pick.choice(
                [b"", b"\xff" * 300, b"&" * 2000, b"--x\r\n", b"a" * 300_000, b"{", b"--x--", b"=%"]
            )
        names = self._fields(visitor, path) or ["name", "email", "login", "password", "save", "next", "key", "action"]
        names = [
            *pick.sample(names, min(len(names), pick.randint(1, 30))),
            *pick.choices([*QUERIES, "save", "file", "text"], k=2),
        ]
        pairs = [("csrfmiddlewaretoken", TOKEN), *((name, pick.choice(VALUES)) for name in names)]
        if kind.startswith("multipart"):
            return kind, b"".join(self._piece(name, value) for name, value in pairs) + b"--x--\r\n"
        return kind, "&".join(f"{self._quoted(name)}={self._quoted(value)}" for name, value in pairs).encode("latin-1")

    def _fields(self, visitor: str, path: str) -> list[str]:
        """The names of the fields of a page as a visitor sees it."""
        if SLOW.search(path):
            return []
        if (visitor, path) not in self.fields:
            asked = Request("GET", path, [("Cookie", self.cookies.get(visitor, ""))], b"", visitor)
            names = re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"&]{1,80})"', self.look(asked))
            self.fields[visitor, path] = sorted({*names} - {"csrfmiddlewaretoken", "language"})
        return self.fields[visitor, path]

    def _piece(self, name: str, value: str) -> bytes:
        file = (
            self.chance.choice(['; filename="x.yaml"', '; filename="../x"', "; filename=\xe9"])
            if name == "file"
            else ""
        )
        more = "\r\nContent-Transfer-Encoding: base64" if self.chance.random() < 0.02 else ""
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"{file}{more}\r\n\r\n'
        return head.encode() + value.encode("utf-8", "surrogatepass") + b"\r\n"


# Handed to the site in this process ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def ask(application: Callable, request: Request) -> Answer:
    """What the site answers when a server has read this request; an error that it lets through is raised."""
    path, _mark, query = request.target.partition("?")
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode()).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    found: list = []
    start = time.monotonic()
    response = application(environ, lambda status, headers: found.extend([status, headers]))
    try:
        body = b"".join(response)
    finally:
        response.close()
    status, headers = found
    return Answer(int(status.split()[0]), dict(headers), body, time.monotonic() - start)

"""A visitor without a browser: cookies, a kept-alive connection, and the forms of the site."""

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

FACTS = {"sector": "retail", "size": "micro", "market": "b2b", "role": "marketing"}


class Visitor:
    """Sends forms to a site as a browser does; `key` is that of the questionnaire it has started."""

    def __init__(self, address: str, language: str = "en") -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        self.headers = {"Accept-Language": language}
        self.cookies: dict[str, str] = {}
        self.token = self.key = ""

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *exception) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str, str]:
        """Status, text and place to go on to."""
        sent = self.headers | headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            answer, text = self._exchange(method, path, body, sent)
        except (BrokenPipeError, ConnectionResetError):  # it was idle for long, so the server has let it go
            answer, text = self._exchange(method, path, body, sent)
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, text, answer.headers.get("Location", "")

    def _exchange(self, method: str, path: str, body: str | None, headers: dict[str, str]):
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()  # the next request begins anew
            raise

    def get(self, path: str) -> str:
        """The text of a page; the token of its forms is remembered."""
        status, text, _place = self.ask("GET", path)
        assert status == 200, (status, path)
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
            self.token = found[1]
        return text

    def post(self, path: str, fields: dict | list, *, accept: str = "text/html") -> tuple[int, str, str]:
        """Send a form of the page that was read last."""
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        body = urlencode([*pairs, ("csrfmiddlewaretoken", self.token)])
        return self.ask("POST", path, body, Accept=accept, **{"Content-Type": "application/x-www-form-urlencoded"})

    def start(self, name: str = "Maison Dupont") -> str:
        """Begin a questionnaire; its key."""
        self.get("/start/")
        status, _text, place = self.post("/start/", FACTS | {"name": name})
        assert status == 302, status
        self.key = place.split("/")[2]
        return self.key

    def join(self, path: str, role: str) -> str:
        """Follow an invitation; the key of the questionnaire it leads to."""
        self.get(path)
        status, _text, place = self.post(path, {"role": role})
        assert status == 302, status
        self.key = place.split("/")[2]
        return self.key

    def answer(self, dimension: str, fields: dict | list) -> None:
        """Save a page of answers by its button."""
        status, text, _place = self.post(f"/r/{self.key}/{dimension}/", fields)
        assert status == 302, (status, text)

    def submit(self) -> None:
        status, _text, place = self.post(f"/r/{self.key}/review/", {})
        assert (status, place) == (302, f"/r/{self.key}/report/")

    def share(self) -> str:
        """The address of a new reading link."""
        path = f"/r/{self.key}/share/"
        assert self.post(path, {"days": "90"})[0] == 302
        return re.search(r"/shared/[\w-]+/", self.get(path))[0]

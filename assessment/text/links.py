"""Links to documents as people paste them from browsers, mails and intranets: checked, and encoded as browsers send them."""

import ipaddress
import re
from urllib.parse import quote, unquote

import idna

from assessment.text.cleaning import LINE_BREAK, line, without_unseen

LONGEST = 2000  # characters, as stored
PAIRS = ("<>", '""', "''", "“”", "«»", "‹›", "‘’", "()", "[]")
SCHEME = re.compile(r"(https?):[/\\]{2}", re.IGNORECASE)
OF_A_COMPUTER = re.compile(r"\\\\|[a-z]:[\\/]|file:|/", re.IGNORECASE)
AUTHORITY = re.compile(r"[^/?#\\]*")
HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]{1,5})?)?")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
UNSAFE = re.compile(r"[\s<>\"`{}|^\\]|%(?![0-9a-f]{2})", re.IGNORECASE)


class LinkError(ValueError):
    """A text that is no link of the web; `reason` says why, one of those below."""

    NOT_WEB = "not-web"  # neither http nor https
    COMPUTER = "computer"  # a path on a computer or a file server
    PASSWORD = "password"  # noqa: S105 - a name or a password before the host
    HOST = "host"  # no host, or none that can be one
    PORT = "port"
    LONG = "long"
    SEVERAL = "several"

    def __init__(self, reason: str, *, size: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.size = reason, size


def link(typed: str) -> str:
    """A link as it is stored: http(s), without what it was wrapped in, spaces and the like encoded (RFC 3986).

    Letters of every alphabet stay as they are, so that it can be read. LinkError when it is none.
    """
    text = _unwrapped(without_unseen(typed.replace("\t", " ")).strip())
    web = SCHEME.match(text)
    if web is None:
        raise LinkError(LinkError.COMPUTER if OF_A_COMPUTER.match(text) else LinkError.NOT_WEB)
    if re.search(r"\s<?https?://", text, re.IGNORECASE):
        raise LinkError(LinkError.SEVERAL)
    authority = AUTHORITY.match(text, web.end())[0]
    _check(authority)
    rest = LINE_BREAK.sub("", text[web.end() + len(authority) :])
    path, mark, query = re.fullmatch(r"([^?#]*)([?#]?)(.*)", rest).groups()
    found = f"{web[1].lower()}://{authority}{_encoded(path.replace(chr(92), '/'))}{mark}{_encoded(query)}"
    if len(found) > LONGEST:
        raise LinkError(LinkError.LONG, size=len(found))
    return found


def _unwrapped(text: str) -> str:
    """A text without the brackets or quotes that stand around the whole of it, one pair in another at most."""
    for first, last in 2 * PAIRS:
        if len(text) > 1 and text[0] == first and text[-1] == last:
            text = text[1:-1].strip()
    return text


def _check(authority: str) -> None:
    """Refuse a host that cannot be one; one word, underscores and addresses by number can, as intranets use them."""
    if "@" in authority:
        raise LinkError(LinkError.PASSWORD)
    parts = HOST_AND_PORT.fullmatch(authority)
    if parts is None:
        raise LinkError(LinkError.PORT if re.fullmatch(r"[^:\[\]]+:.*", authority, re.DOTALL) else LinkError.HOST)
    if parts[2] and not 0 < int(parts[2]) < 65536:
        raise LinkError(LinkError.PORT)
    if not _is_host(parts[1]):
        raise LinkError(LinkError.HOST)


def _is_host(host: str) -> bool:
    try:
        if host.startswith("["):
            return "%" not in host and ipaddress.IPv6Address(host[1:-1]) is not None
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode()
        labels = plain.removesuffix(".").split(".")
        for label in labels:
            if label.lower().startswith("xn--"):
                idna.decode(label)
        if labels[-1].isdigit():
            return ipaddress.IPv4Address(plain) is not None
    except (ValueError, UnicodeError):
        return False
    return len(plain) <= 253 and all(map(LABEL.fullmatch, labels))


def _encoded(part: str) -> str:
    safe = UNSAFE.sub(lambda sign: quote(sign[0]), part)
    return safe if safe.isprintable() else "".join(sign if sign.isprintable() else quote(sign) for sign in safe)


def readable(stored: str) -> str:
    """A stored link for reading: what was encoded as it was typed, unless that would show what cannot be seen."""
    try:
        text = unquote(stored, errors="strict")
    except UnicodeDecodeError:
        return stored
    return text if text.isprintable() and line(text) == text else stored

"""E-mail addresses as people type and paste them: found, cleaned, and which mailbox they mean: one mailbox is one person."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import parseaddr

import idna
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

from assessment.text.cleaning import IGNORED, LINE_BREAK, without_piles

LONGEST, LONGEST_LOCAL = 254, 64  # RFC 5321: what mail servers take
# Programs for writing turn these into others as one types; no address has them.
TYPED = str.maketrans({"’": "'", "‘": "'"} | dict.fromkeys("‐‑‒–—―−", "-"))
AROUND = " \t\"'“”„«»‹›‘’`<>()[]{}*•·▪●○◦‣➢✓"  # marks around an address, bullets before it
QUOTED_NAME = re.compile(r"\"[^\"]*\"\s*(?=<)|“[^”]*”\s*(?=<)|«[^»]*»\s*(?=<)")
ADDRESS_AS_NAME = re.compile(r"(?<![^\s<>,;|])[^\s<>,;|@]+@[^\s<>,;|@]+\s*(?=<[^<>@]*@[^<>@]*>)")
WITH_NAME = re.compile(r"[^@<>]*<([^<>@\s]+@[^<>@\s]+)>")
MAILTO = re.compile(
    r"mailto:([^\s?:]*)(?:\?[^\s<>()\[\]\"|]*)?", re.IGNORECASE
)  # with the subject and text it proposes
IN_ANGLES = re.compile(r"<([^<>]*)>")
WORDS = re.compile(r"[\s,;|<>()\[\]{}:\"“”«»]+")
LIKE_A_DOMAIN = re.compile(r"\w[\w-]*(?:\.[\w-]+)*\.[a-z]{2,}")


def visible(text: str) -> str:
    """A text after NFKC, without characters that nobody sees and without white space."""
    return "".join(sign for sign in plain(text) if unicodedata.category(sign)[0] not in "CZ")


def _is_unseen(sign: str) -> bool:
    """Whether a character shows nothing and parts nothing; a bullet of a font of symbols (private use) is seen."""
    return ord(sign) in IGNORED or unicodedata.category(sign) == "Cf"


def plain(text: str) -> str:
    """A text after NFKC, without characters that nobody sees; bullets of a font of symbols become white space."""
    folded = "".join(sign for sign in unicodedata.normalize("NFKC", without_piles(text)) if not _is_unseen(sign))
    return "".join(" " if unicodedata.category(sign) == "Co" else sign for sign in folded)


def mailbox(address: str) -> str:
    """The mailbox that an address leads to, for comparing: two addresses of one mailbox give the same text.

    The rule (scoring/README.md, "Mailboxes"): after NFKC, without invisible signs, the domain as IDNA,
    the local part without `+tag` and case. What is no address comes back folded, so that it equals itself.
    """
    local, _at, domain = visible(address).rpartition("@")
    local = _unquoted(local)
    local = unicodedata.normalize("NFKC", (local.partition("+")[0] or local).casefold())
    return f"{local}@{_ascii(domain)}"


# Providers of mail to everybody that have more than one domain; a name alone stands for all of its countries.
PROVIDERS = {
    "google": ("gmail.com", "googlemail.com"),
    "microsoft": ("outlook", "hotmail", "live", "msn.com"),
    "yahoo": ("yahoo", "ymail.com", "rocketmail.com", "aol"),
    "apple": ("icloud.com", "me.com", "mac.com"),
    "proton": ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    "orange": ("orange.fr", "wanadoo.fr", "voila.fr"),
    "sfr": ("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr", "9online.fr"),
    "free": ("free.fr", "aliceadsl.fr", "libertysurf.fr"),
    "laposte": ("laposte.net",),
    "bouygues": ("bbox.fr",),
    "gmx": ("gmx", "caramail.com", "mail.com"),
}
_PROVIDER = {name: provider for provider, names in PROVIDERS.items() for name in names}
# Under these domains of countries it is the third name that somebody owns.
SECOND_LEVEL = {
    "ac", "asso", "biz", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "govt", "gub", "id", "info",
    "ltd", "me", "ne", "net", "nhs", "nom", "or", "org", "plc", "police", "sch", "school", "tm", "web",
}  # fmt: skip


def domain_of(address: str) -> str:
    """Whose mail server an address lies on, for comparing: a domain with all that is under it, a provider with all its domains.

    Of names that are owned one by one under a second level (`co.uk`) those that are listed are known: of others all count as
    one, which tells apart fewer than there are.
    """
    domain = address.rpartition("@")[2] if address.isascii() else mailbox(address).rpartition("@")[2]
    names = domain.strip().rstrip(".").lower().split(".")
    depth = 3 if len(names) > 2 and len(names[-1]) == 2 and names[-2] in SECOND_LEVEL else 2
    owned = ".".join(names[-depth:])
    return _PROVIDER.get(owned) or _PROVIDER.get(names[-depth] if len(names) >= depth else "") or owned


def _unquoted(local: str) -> str:
    """A local part without the quotes that it may be written in, which are no part of it (RFC 5321, 4.1.2)."""
    is_quoted = len(local) > 2 and local[0] == local[-1] == '"'
    return re.sub(r"\\(.)", r"\1", local[1:-1]) if is_quoted else local


def _ascii(domain: str) -> str:
    domain = domain.rstrip(".").lower()  # not folded further: in IDNA of 2008 ß is a letter of its own
    if len(domain) > LONGEST:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def cleaned(typed: str) -> str:
    """One address as mail is sent to it: without invisible signs, `mailto:`, a name before it and marks around it.

    Letters of a domain that are not ASCII become IDNA; case stays. What is no address comes back for the reader to see:
    whether it is one, `is_address` says.
    """
    text = plain(typed).strip()
    with_name = WITH_NAME.fullmatch(text)
    return _bare(MAILTO.sub(r"\1", with_name.group(1) if with_name else text))


def _bare(word: str) -> str:
    """A word without the marks around it, and its domain in the letters of mail servers."""
    word = word.translate(TYPED).strip(AROUND + ",;:.!?").lstrip("-~=+/#→")
    local, at, domain = word.rpartition("@")
    domain = domain.rstrip("->/\\")
    return word if not at else f"{local}@{domain if domain.isascii() else _ascii(domain)}"


def is_address(text: str) -> bool:
    """Whether mail can be sent there, as far as its form tells."""
    try:
        validate_email(text)
        sent_to = parseaddr(sanitize_address(text, "utf-8"))[1]
    except (ValidationError, ValueError, UnicodeError):
        return False
    local, _at, domain = text.rpartition("@")
    return (
        sent_to == text
        and text.isascii()
        and len(text) <= LONGEST
        and len(local) <= LONGEST_LOCAL
        and "[" not in domain
    )


@dataclass(frozen=True)
class Pasted:
    """The addresses of a pasted text, one a mailbox, and what in it was not understood."""

    addresses: Collection[str]
    not_understood: Collection[str]


def pasted(text: str) -> Pasted:
    """The addresses in a text as people copy it: lists, tables, names with addresses, lines of a mail program.

    Names beside an address are passed over. Not understood: a word with an at sign, or in angle brackets, that is no
    address; what ends like a domain but has no at sign; a line without any address, but for the first one of a table.
    """
    found: dict[str, str] = {}
    odd: list[str] = []
    lines = [line for line in LINE_BREAK.split(MAILTO.sub(r"\1 ", plain(text))) if line.strip()]
    heads_a_table = len(lines) > 1 and "@" not in lines[0] and re.search(r"[\t|;]", lines[0])
    for line in lines[1:] if heads_a_table else lines:
        there, wrong = _read(line)
        if not there and not wrong and any(sign.isalpha() for sign in line):
            wrong = [line]
        odd += [" ".join(piece.split()) for piece in wrong]
        for address in there:
            found.setdefault(mailbox(address), address)
    return Pasted(tuple(found.values()), tuple(dict.fromkeys(odd)))


def _read(line: str) -> tuple[list[str], list[str]]:
    """The addresses of one line, and the pieces of it that must have been meant as one."""
    line = ADDRESS_AS_NAME.sub("", QUOTED_NAME.sub("", line))
    there, wrong = [], [f"<{inside}>" for inside in IN_ANGLES.findall(line) if "@" not in inside]
    for piece in re.split(r"[,;]", line):
        words = [_bare(word) for word in WORDS.split(piece)]
        there += [word for word in words if is_address(word)]
        wrong += [piece if word == "@" else word for word in words if "@" in word and not is_address(word)]
        if "@" not in piece and not re.search(r"[\t|]", piece) and LIKE_A_DOMAIN.fullmatch(_bare(piece).split(" ")[-1]):
            wrong.append(piece)
    return there, wrong

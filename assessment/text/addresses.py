"""E-mail addresses as people type them: which mailbox they mean, so that one mailbox is one person."""

import unicodedata

import idna

# What has no shape of its own and is no format character by its category (Unicode, Default_Ignorable_Code_Point).
IGNORED = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
IGNORED |= set(range(0xE0100, 0xE01F0))


def visible(text: str) -> str:
    """A text after NFKC, without characters that nobody sees and without white space."""
    folded = unicodedata.normalize("NFKC", text)
    kept = (sign for sign in folded if ord(sign) not in IGNORED and unicodedata.category(sign)[0] not in "CZ")
    return unicodedata.normalize("NFKC", "".join(kept))


def mailbox(address: str) -> str:
    """The mailbox that an address leads to, for comparing: two addresses of one mailbox give the same text.

    The rule (scoring.md, "Solo, open and confidential rounds"): after NFKC, without invisible signs, the domain as IDNA,
    the local part without `+tag` and case. What is no address comes back folded, so that it equals itself.
    """
    local, _at, domain = visible(address).rpartition("@")
    local = unicodedata.normalize("NFKC", (local.partition("+")[0] or local).casefold())
    return f"{local}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    domain = domain.rstrip(".").casefold()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain

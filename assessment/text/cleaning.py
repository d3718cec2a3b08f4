"""Text as people type and paste it: in one form of Unicode (NFC), without control, direction and other unseen signs."""

import re
import unicodedata

from ftfy import fix_encoding
from ftfy.badness import is_bad

# What shows nothing though its category does not say so (Unicode, Default_Ignorable_Code_Point); of tags and selectors below.
IGNORED = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x2065,
    0x3164,
    0xFFA0,
    *range(0x180B, 0x1810),
    *range(0xFFF0, 0xFFF9),
}
SELECTORS, IDEOGRAPHIC_SELECTORS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
IGNORED |= {*SELECTORS, *IDEOGRAPHIC_SELECTORS, *range(0xE0000, 0xE1000)}
# Format characters that are seen: they stand under or before Arabic, Syriac and Kaithi numbers.
SEEN = {*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD}
JOINERS = "\u200c\u200d"
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they can hide what a text says
UNWRITABLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
MOST_MARKS, HIGHEST_PILE = 4, 30
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # of a part of a country: spelled out in tags
LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")  # \v and U+2028 are those of Word and of slides
BLANK = str.maketrans({"\t": " ", "\u2800": " "})  # an empty cell of Braille
# Letters and punctuation of Western languages: each is seen, and none stands on another.
COMMON = re.compile("[\n -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u202f-\u205e\u20ac]*")
# Bullets and arrows of Word, in the private code points of its fonts of symbols.
SYMBOLS = str.maketrans(
    {"\uf0a7": "▪", "\uf0b7": "•", "\uf0d8": "➢", "\uf0e0": "→", "\uf0fc": "✓", "\uf076": "❖", "\uf06f": "o"}
)


def prose(typed: str) -> str:
    """A text of several lines, cleaned: NFC, line breaks as newlines, no unseen signs, nothing around it.

    Joiners stay inside words and emoji, as Persian, Hindi and families need them; selectors stay behind what they change. Of
    marks on one letter four stay (Unicode TS 39, 5.4): more would cover the lines around. Cleaned once more it is the same.
    """
    text = without_piles(without_unseen(LINE_BREAK.sub("\n", typed).translate(BLANK | SYMBOLS)))
    return _with_few_marks(unicodedata.normalize("NFC", text)).strip()


def without_piles(text: str) -> str:
    """A text in which no letter has more than 30 marks (Unicode Standard Annex 15, stream-safe): putting a pile of them
    into order takes the square of its height.
    """
    if COMMON.fullmatch(text):
        return text
    kept, run = [], 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= HIGHEST_PILE:
            kept.append(sign)
    return "".join(kept)


def _with_few_marks(text: str) -> str:
    if COMMON.fullmatch(text):
        return text
    kept, run = [], 0
    for sign in text:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") and ord(sign) not in IGNORED else 0
        if run <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def line(typed: str) -> str:
    """A text of one line, cleaned as `prose` is: line breaks and runs of white space are one space."""
    return " ".join(prose(typed).split())


def is_readable(text: str) -> bool:
    """Whether a cleaned text shows anything: a letter, a number, a mark of punctuation, a symbol, or a sign newer than
    Python's tables.
    """
    return any(unicodedata.category(sign)[0] in "LNPS" or unicodedata.category(sign) in ("Cn", "Co") for sign in text)


def unwritable(text: str) -> str | None:
    """The first sign of a text that no file of content takes: a control or direction sign, one of no or of private meaning."""
    return next((sign for sign in text if sign in DIRECTIONS or unicodedata.category(sign) in UNWRITABLE), None)


AROUND = 20  # characters shown on each side of what is garbled
LOSS = "\N{REPLACEMENT CHARACTER}"
LAST_LETTER = "\u017f"  # of Latin Extended-A, with which names of neighbours are written
LOST_SPACE = re.compile("Â([\xa0-\xbf])")  # which may be all that is garbled: a no-break space, «, °


def garbled(text: str) -> tuple[str, str] | None:
    """Of a text whose UTF-8 was read in another encoding ("stratÃ©gie"), an excerpt and what that probably said; else None."""
    if text.isascii() or not (is_bad(text) or LOST_SPACE.search(text)):
        return None
    right = LOST_SPACE.sub(r"\1", fix_encoding(text))
    if right == text or any(_is_foreign(sign) for sign in set(right).difference(text)):
        return None
    start = next((place for place, two in enumerate(zip(text, right, strict=False)) if two[0] != two[1]), len(right))
    return _excerpt(text, start), _excerpt(right, start)


def _is_foreign(sign: str) -> bool:
    """Whether neither English nor French has it: odd rows of right letters would make such a sign, or the one of a loss."""
    category = unicodedata.category(sign)
    return category in UNWRITABLE or sign == LOSS or (category[0] in "LM" and sign > LAST_LETTER)


def _excerpt(text: str, place: int) -> str:
    """What stands around a place, cut at both ends where there is more."""
    first, last = max(0, place - AROUND), place + 2 * AROUND
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def without_unseen(text: str) -> str:
    """A text without control characters (but newlines), direction signs and whatever else nobody sees."""
    if COMMON.fullmatch(text):
        return text
    kept: list[str] = []
    flags = {place for flag in FLAG.finditer(text) for place in range(*flag.span())}
    signs = [sign for place, sign in enumerate(text) if place in flags or sign in JOINERS or _may_stay(sign)]
    for place, sign in enumerate(signs):
        after = signs[place + 1] if place + 1 < len(signs) else ""
        if _belongs(sign, kept[-1] if kept else "", after):
            kept.append(sign)
    return "".join(kept)


def _may_stay(sign: str) -> bool:
    """Whether a sign is seen, or may change how its neighbours are."""
    number, category = ord(sign), unicodedata.category(sign)
    if number in SELECTORS or number in IDEOGRAPHIC_SELECTORS or number in SEEN or sign == "\n":
        return True
    is_no_character = number & 0xFFFE == 0xFFFE or 0xFDD0 <= number < 0xFDF0
    return not (category in ("Cc", "Cf", "Cs") or number in IGNORED or is_no_character)


def _belongs(sign: str, before: str, after: str) -> bool:
    """Whether a sign that changes its neighbours stands between such; every other sign does."""
    if sign in JOINERS:
        inside_word = _is_of_word(before) and _is_of_word(after)
        return inside_word or (sign == "\u200d" and _is_of_emoji(before) and _is_of_emoji(after))
    if ord(sign) in IDEOGRAPHIC_SELECTORS:
        return bool(before) and unicodedata.category(before) == "Lo"
    if ord(sign) in SELECTORS:
        is_keycap = before in "0123456789#*" and after == "\u20e3"
        return bool(before) and (is_keycap or unicodedata.category(before) in ("So", "Sm", "Lo"))
    return True


def _is_of_word(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "LM" and ord(sign) not in SELECTORS


def _is_of_emoji(sign: str) -> bool:
    is_skin = "\U0001f3fb" <= sign <= "\U0001f3ff"
    return bool(sign) and (unicodedata.category(sign) in ("So", "Cn") or sign == "\ufe0f" or is_skin)


def isolated(text: str) -> str:
    """A name in the middle of a sentence that is not HTML: one that holds letters from right to left turns nothing around it."""
    if any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in text):
        return f"\u2068{text}\u2069"
    return text

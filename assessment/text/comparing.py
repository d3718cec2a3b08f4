"""Comparing what people type: the same words in other signs are the same; also without accents, and as part of an address.

`text.database` says the same to the database as `searchable` says here.
"""

import re
import unicodedata

from assessment.text.cleaning import without_piles

# What shows nothing and parts nothing (format characters, fillers, variation selectors, controls that are no white space),
# in the syntax of regular expressions that Python and PostgreSQL share.
UNSEEN = (
    r"[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    r"\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# The accents and points of Latin, Greek and Cyrillic, Hebrew and Arabic letters; those of other scripts are letters.
ACCENTS = (
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
SPACE = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# What a text holds that is not searched as it is but for its capitals; most texts hold nothing of it.
NEEDS_MORE = r"[^\u0020\u0021\u0023-\u005f\u0061-\u007e]|  |^ | $"
# Accents by themselves, typed as apostrophes: compatibility would make spaces of them.
LONE_ACCENTS = "´\u1ffd"
QUOTES = '"`‘’‚‛“”„‟«»‹›′‵ʹʻʼʽ❛❜❝❞〝〞〟'
DASHES = "‐‑‒–—―−⁃"
LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "þ": "th"}  # which many keyboards lack
STROKES = {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "ς": "σ"}
# English endings, whose apostrophe parts no words, as that of “l’atelier” does.
ENDINGS = re.compile(r"(?<=\w)'(?=(?:s|t|d|m|ll|re|ve)\b)")

_apostrophes = str.maketrans(dict.fromkeys(LONE_ACCENTS, "'"))
_marks = str.maketrans(dict.fromkeys(QUOTES, "'") | dict.fromkeys(DASHES, "-") | LIGATURES)
_letters = str.maketrans(STROKES)
_unseen, _accents, _spaces = re.compile(UNSEEN), re.compile(ACCENTS), re.compile(f"[{SPACE}]+")
_needs_more = re.compile(NEEDS_MORE)


def folded(text: str) -> str:
    """What two texts have in common that mean the same to a person, for comparing: accents count.

    Without regard to width and composition of letters, case, ligatures, kinds of quotes, dashes and white space (also
    that inside « »), and to characters that nobody sees.
    """
    text = unicodedata.normalize("NFKD", without_piles(text.translate(_apostrophes)))
    text = unicodedata.normalize("NFKC", _unseen.sub("", text).casefold())
    return unicodedata.normalize("NFC", _evened(text))  # an accent after a ligature stands after a letter now


def searchable(text: str) -> str:
    """A folded text without accents, and with the letters of other alphabets of Europe as ours: for search and order."""
    if not _needs_more.search(text):
        return text.lower()
    text = unicodedata.normalize("NFKD", without_piles(text.translate(_apostrophes)))
    text = _accents.sub("", _unseen.sub("", text)).lower()
    return _evened(text).translate(_letters)


def _evened(text: str) -> str:
    """One white space, one kind of quotes, one kind of dashes, ligatures spelled out."""
    text = _spaces.sub(" ", text).replace("« ", "«").replace(" »", "»")
    return text.translate(_marks).strip(" ")


def slug(text: str) -> str:
    """A text in small letters of ASCII, digits, hyphens and underscores, as part of an address or of a file's name.

    An apostrophe parts words (“L’Atelier d’Aurélie”: l-atelier-d-aurelie), but for those of English endings (“Levi’s”:
    levis). Empty where the text has no letter of ours.
    """
    text = ENDINGS.sub("", searchable(text)).replace("'", "-")
    text = re.sub(r"[^a-z0-9_\s-]", "", text)
    return re.sub(r"[-\s]+", "-", text).strip("-_")


def code(text: str) -> str:
    """A code as it was made, from what was typed or pasted: plain digits and letters, plain hyphens, no white space."""
    signs = (str(unicodedata.decimal(sign, sign)) for sign in folded(text))
    return "".join(signs).replace(" ", "")

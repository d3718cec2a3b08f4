"""What the fonts of a printed document can show: a character that none of them has becomes a box, and is counted."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from assessment.documents.typesetting import font_files

BOX = "□"
UNSEEN = re.compile("[\u200b\u2060\ufeff\ufe00-\ufe0f\U000e0000-\U000e0fff\u202a-\u202e\u2066\u2067\u00ad]")
JOINERS = "\u200c\u200d"
ISOLATES = "\u2068\u2069"  # around a name from right to left (`text.cleaning.isolated`); they need no glyph
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
LONG_WORD = re.compile(r"\S{25,}")
PIECE = 8  # characters after which a word that fits on no line may be broken
BREAK = "\u200b"
ADDRESS = "href"  # the key of what is followed and not read


@cache
def _repertoires() -> tuple[frozenset[str], ...]:
    """The characters that every weight of a font family has, by family in the order in which they are tried."""
    return tuple(frozenset.intersection(*map(_characters, files)) for files in font_files())


def _characters(path: Path) -> frozenset[str]:
    """The characters of one font; fontTools is loaded here, late."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def _plain() -> frozenset[str]:
    """The characters that need no second look: every text font has them, and they stand alone."""
    first = _repertoires()[0]
    return frozenset(char for char in first if unicodedata.category(char)[0] in "LNPSZ") | {"\n", "\u202f"}


class Printable:
    """Texts as they can be printed; `missing` collects what had to become a box."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def data(self, value: Any) -> Any:
        """The same plain data with every text in it as it can be printed; keys and addresses stay."""
        if isinstance(value, dict):
            return {key: item if key == ADDRESS else self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """A text without characters that no font has, and with places to break words that are longer than a line."""
        text = self.shown(text)
        return LONG_WORD.sub(_broken, text)

    def shown(self, text: str) -> str:
        """A text whose every character can be seen."""
        if _plain().issuperset(text):
            return text
        text = UNSEEN.sub("", BREAKS.sub("\n", text)).replace("\t", " ")
        return "".join(map(self._cluster, _clusters(text)))

    def _cluster(self, cluster: str) -> str:
        if cluster in ISOLATES:
            return cluster
        needed = set(cluster.translate(dict.fromkeys(map(ord, JOINERS)))) - {"\n"}
        lost = cluster[0] not in JOINERS and _extends(cluster[0])  # a mark on nothing
        if not lost and any(needed <= known for known in _repertoires()):
            return cluster
        self.missing.add(cluster)
        return BOX


def _clusters(text: str) -> list[str]:
    """The text cut into what is seen as one sign: a character with its marks, and those joined to it."""
    found: list[str] = []
    for char in text:
        joined = found and found[-1] != "\n" and (found[-1].endswith("\u200d") or _extends(char))
        if joined:
            found[-1] += char
        else:
            found.append(char)
    return found


def _extends(char: str) -> bool:
    return char in JOINERS or unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _broken(word: re.Match[str]) -> str:
    clusters = _clusters(word[0])
    return BREAK.join("".join(clusters[start : start + PIECE]) for start in range(0, len(clusters), PIECE))

"""Labels of any length and any character: made safe for XML and cut into lines by an estimate of their width."""

import re
import unicodedata

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NARROW, BROAD = set("iIjlftr.,;:!'’|()[] -/"), set("mwMW@%—…")


def clean(text: str) -> str:
    """Replace the characters that XML cannot carry."""
    return NOT_XML.sub("\ufffd", text)


def words_of(text: str) -> list[str]:
    """Give the words between which a line may be cut: no-break spaces stay."""
    return re.findall(r"[^ \t\n\r]+", clean(text))


def width_of(text: str, size: float) -> float:
    """Estimate the width of a text in units, on the generous side: the reader's font is not known."""
    return size * sum(map(_em, text))


def wrap(text: str, width: float, size: float, most: int = 3) -> list[str]:
    """Cut a text into at most so many lines; what is left out shows as an ellipsis."""
    lines: list[str] = []
    for word in words_of(text) or [""]:
        for piece in _pieces(word, width, size):
            if lines and piece is word and width_of(f"{lines[-1]} {word}", size) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(piece)
        if len(lines) > most:
            return [*lines[: most - 1], _shorten(lines[most - 1], width, size)]
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    if width_of(word, size) <= width:
        return [word]
    pieces = [""]
    for character in word:
        if pieces[-1] and width_of(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _shorten(line: str, width: float, size: float) -> str:
    while line and width_of(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip(" ,;:") + "…"


def _em(character: str) -> float:
    if unicodedata.combining(character) or character in "\u200d\ufe0f":
        return 0
    if character in NARROW:
        return 0.38
    if character in BROAD or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.72 if character.isupper() else 0.64

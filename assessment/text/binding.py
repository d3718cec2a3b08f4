"""No-break signs put where no line of a page may end: "level 3", "2016-2017", "sont-ils", "au-delà".

A no-break space (U+00A0) before the number of a level; a word joiner (U+2060), which shows nothing, behind a hyphen or dash
that stays as it is. It is for pages alone: a file, a mail and a document keep their texts as they are written.
"""

import re

NO_BREAK_SPACE, WORD_JOINER = "\u00a0", "\u2060"
LEVEL = re.compile(r"\b(levels?|niveaux?) (?=[\d%])", re.IGNORECASE)  # "%": a number is put in later
# A span of years; French: a verb and its pronouns, "celui-ci", "au-delà".
PRONOUNS = r"(?:t-)?(?:ils?|elles?|on|ce|je|vous|nous|les?|la|leur|en)"
STIFF = re.compile(rf"(?<=\d{{4}})([-–])(?=\d{{4}})|(?<=[A-Za-zé])-(?=(?:{PRONOUNS}|ci|là|delà)\b)")


def bound(text: str) -> str:
    """The same text with the signs that keep together what is read as one; a second time changes nothing."""
    if "iveau" in text or "evel" in text:
        text = LEVEL.sub(rf"\1{NO_BREAK_SPACE}", text)
    return STIFF.sub(rf"\g<0>{WORD_JOINER}", text) if "-" in text or "–" in text else text

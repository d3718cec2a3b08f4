"""What a chart in a page says: its texts are outlines, each named by the letter it draws."""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
LETTER = re.compile("#[RS]([0-9a-f]+)")


def texts(svg: str) -> list[str]:
    """The lines of an SVG, drawn or written."""
    lines = []
    for node in ElementTree.fromstring(svg).iter():
        if node.tag == f"{SVG}text":
            lines.append("".join(node.itertext()))
        elif node.tag == f"{SVG}g":
            letters = [LETTER.fullmatch(use.get("href", "")) for use in node.findall(f"{SVG}use")]
            if letters and all(letters):
                lines.append("".join(chr(int(letter[1], 16)) for letter in letters))
    return lines

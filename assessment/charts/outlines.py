"""Texts of an SVG drawn as outlines of the site's typefaces: a picture in a page can load no font, and a chart set in the
reader's own font looks like one from elsewhere. Some 4.5 kB a chart, compressed.
"""

import re
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import NamedTuple

TEXT = re.compile(r'<text style="([^"]*)"((?: [a-z-]+="[^"]*")*)>([^<]*)</text>')
STYLE = re.compile(r"([a-z-]+): ([^;]*)")
PLACE = re.compile(r' (x|y|transform)="([^"]*)"')
# Package and font of each face, by the letter that begins the names of its outlines.
FONTS = {
    "R": ("font_source_sans_pro", "SourceSansPro-Regular.otf"),
    "S": ("font_source_sans_pro", "SourceSansPro-Semibold.otf"),
    "T": ("font_source_serif_pro", "SourceSerifPro-Semibold.otf"),
}
BOLD = ("bold", "600", "700")
_one_at_a_time = Lock()  # fontTools takes a font apart as it is read, and two threads at once leave it broken for good
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Glyph(NamedTuple):
    """A letter: its outline in the units of its font, y upwards, and how far it moves the next one."""

    outline: str
    advance: float


@cache
def _font(face: str):
    """The outlines of one face and its units an em; fontTools is loaded here, late."""
    from fontTools.ttLib import TTFont

    package, file = FONTS[face]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed: charts are set in it")
    font = TTFont(Path(spec.origin).parent / "files" / file, lazy=False)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


@cache
def _glyph(face: str, sign: str) -> Glyph | None:
    from fontTools.pens.svgPathPen import SVGPathPen

    with _one_at_a_time:
        glyphs, names, _units = _font(face)
        if ord(sign) not in names:
            return None
        glyph, pen = glyphs[names[ord(sign)]], SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}")
        glyph.draw(pen)
        return Glyph(pen.getCommands(), glyph.width)


def outlined(svg: str) -> str:
    """The same drawing without `<text>`, but for a line in which a sign is that the typeface lacks."""
    used: dict[tuple[str, str], Glyph] = {}
    drawn = TEXT.sub(lambda found: _line(found, used), svg)
    letters = "".join(f'<path id="{_name(*key)}" d="{glyph.outline}"/>' for key, glyph in sorted(used.items()))
    return drawn.replace("</svg>", f"<defs>{letters}</defs></svg>") if letters else drawn


def _line(found: re.Match, used: dict[tuple[str, str], Glyph]) -> str:
    style, place, text = dict(STYLE.findall(found[1])), dict(PLACE.findall(found[2])), unescape(found[3])
    sans = "S" if style.get("font-weight") in BOLD else "R"
    face = "T" if "Serif" in style["font-family"] else sans
    glyphs = [glyph for sign in text if (glyph := _glyph(face, sign))]
    if len(glyphs) < len(text):
        return found[0]
    scale = float(style["font-size"].removesuffix("px")) / _font(face)[2]
    at = -ANCHORS[style.get("text-anchor", "start")] * sum(glyph.advance for glyph in glyphs)
    letters = []
    for sign, glyph in zip(text, glyphs, strict=True):
        used[face, sign] = glyph
        letters.append(f'<use href="#{_name(face, sign)}" x="{at:.0f}"/>')
        at += glyph.advance
    turned = f"{place['transform']} " if "transform" in place else ""
    moved = f"translate({place.get('x', 0)} {place.get('y', 0)}) scale({scale:.4f} -{scale:.4f})"
    return f'<g fill="{style["fill"]}" transform="{turned}{moved}">{"".join(letters)}</g>'


def _name(face: str, sign: str) -> str:
    return f"{face}{ord(sign):x}"

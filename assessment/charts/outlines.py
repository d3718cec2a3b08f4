"""Texts of an SVG drawn as outlines of the site's typeface: a picture in a page can load no font, and a chart set in the reader's
own font looks like one from elsewhere. Some 4 kB a chart, compressed; half of what the letters it needs would take as a font.
"""

import re
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

TEXT = re.compile(r'<text style="([^"]*)"((?: [a-z-]+="[^"]*")*)>([^<]*)</text>')
STYLE = re.compile(r"([a-z-]+): ([^;]*)")
PLACE = re.compile(r' (x|y|transform)="([^"]*)"')
WEIGHTS = {"normal": "Regular", "bold": "Semibold"}
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Glyph(NamedTuple):
    """A letter: its outline in the units of its font, y upwards, and how far it moves the next one."""

    outline: str
    advance: float


@cache
def _font(weight: str):
    """The outlines of one weight and its units an em; fontTools is loaded here, late."""
    from fontTools.ttLib import TTFont

    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("font_source_sans_pro is not installed: charts are set in it")
    font = TTFont(Path(spec.origin).parent / "files" / f"SourceSansPro-{weight}.otf", lazy=False)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


@cache
def _glyph(weight: str, sign: str) -> Glyph | None:
    from fontTools.pens.svgPathPen import SVGPathPen

    glyphs, names, _units = _font(weight)
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
    weight = WEIGHTS["bold" if style.get("font-weight") in ("bold", "600", "700") else "normal"]
    glyphs = [glyph for sign in text if (glyph := _glyph(weight, sign))]
    if len(glyphs) < len(text):
        return found[0]
    scale = float(style["font-size"].removesuffix("px")) / _font(weight)[2]
    at = -ANCHORS[style.get("text-anchor", "start")] * sum(glyph.advance for glyph in glyphs)
    letters = []
    for sign, glyph in zip(text, glyphs, strict=True):
        used[weight, sign] = glyph
        letters.append(f'<use href="#{_name(weight, sign)}" x="{at:.0f}"/>')
        at += glyph.advance
    turned = f"{place['transform']} " if "transform" in place else ""
    moved = f"translate({place.get('x', 0)} {place.get('y', 0)}) scale({scale:.4f} -{scale:.4f})"
    return f'<g fill="{style["fill"]}" transform="{turned}{moved}">{"".join(letters)}</g>'


def _name(weight: str, sign: str) -> str:
    return f"{weight[0]}{ord(sign):x}"

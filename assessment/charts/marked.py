"""A word over a whole chart that has to be read with it wherever it goes: that what it shows is not the last word."""

import re
from collections.abc import Callable
from html import escape

from assessment.charts.canvas import clean
from assessment.charts.style import FACES, palette

HEAD, SIZE, MARGIN = 30, 16, 8  # units
FRAME = re.compile(r'(<svg [^>]*width="([\d.]+)") height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"')


def marked(draw: Callable[..., str], word: str, *, scheme: str = "light") -> str:
    """The chart that `draw` gives as SVG text, with a word above it. Raises ValueError for an unknown scheme."""
    colours = palette(scheme)

    def framed(found: re.Match) -> str:
        width, height = float(found[2]), float(found[3]) + HEAD
        return f'{found[1]} height="{height:g}" viewBox="0 {-HEAD} {width:g} {height:g}"'

    style = f"font-weight: 700; font-size: {SIZE}px; font-family: {FACES['sans']}; fill: {colours['ink']}"
    text = f'<text style="{style}" x="{MARGIN}" y="{SIZE - HEAD}">{escape(clean(word), quote=False)}</text>'
    return FRAME.sub(framed, draw(scheme=scheme), count=1).replace("</svg>", f"{text}</svg>")

"""A sheet to draw on, in units counted from the top left: paths by matplotlib's SVG backend. Texts are drawn as "0" and put in
their place in the SVG afterwards, as matplotlib warns of signs that its font lacks; they are cut into lines by an estimate of
their width.
"""

import io
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from types import SimpleNamespace

from assessment.charts.outlines import outlined
from assessment.charts.style import FACES, STROKES, palette

Point = tuple[float, float]
POINTS_PER_INCH = 72
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "charts", "text.parse_math": False}
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
PROLOGUE = re.compile(r'^.*?(<svg[^>]*?) width="([\d.]+)pt" height="([\d.]+)pt"', re.DOTALL)
# Decimals, turns and line ends that show nothing.
EXCESS = re.compile(r'(?<=\.\d\d)\d+| transform="rotate\(-0 [^"]*"|(?<=[\d ]) \n')
TEXT = re.compile(r"(<text [^>]*?font-family: )'DejaVu (Sans|Serif)'([^>]*>)0</text>")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FRAME = re.compile(r'(<svg [^>]*width="([\d.]+)") height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"')
MARK_HEAD, MARK_SIZE, MARK_MARGIN = 30, 16, 8  # units
NARROW, BROAD = set("iIjlftr.,;:!'’|()[] -/"), set("mwMW@%—…")


@cache
def _matplotlib() -> SimpleNamespace:
    """Load matplotlib at the first chart: a worker that serves only pages does without it.

    The settings are set once for the whole process: `rc_context` would not be safe between threads.
    """
    import matplotlib
    from matplotlib import lines, patches, path, text, transforms
    from matplotlib.backends import backend_svg
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(SETTINGS)
    return SimpleNamespace(
        Affine2D=transforms.Affine2D,
        Canvas=backend_svg.FigureCanvasSVG,
        Circle=patches.Circle,
        Figure=Figure,
        Line2D=lines.Line2D,
        Path=path.Path,
        PathPatch=patches.PathPatch,
        Text=text.Text,
    )


class Sheet:
    """One drawing; later marks lie over earlier ones."""

    def __init__(self, width: float, height: float, scheme: str):
        self.colours = palette(scheme)
        self.width = width
        self._mpl = _matplotlib()
        self._figure = self._mpl.Figure((width / POINTS_PER_INCH, height / POINTS_PER_INCH), POINTS_PER_INCH)
        self._figure.patch.set_visible(False)
        self._down = self._mpl.Affine2D().scale(1, -1).translate(0, height)
        self._texts: list[str] = []
        self._count = 0

    def _add(self, artist) -> None:
        artist.set_transform(self._down)
        artist.set_zorder(self._count)  # one over the other in the order of drawing, on which svg() relies
        self._count += 1
        self._figure.add_artist(artist)

    def path(self, strokes: Iterable[Sequence[Point]], colour: str, width: float = 1, *, dashes=None, cap="butt"):
        """Draw open strokes with one pen."""
        style = "solid" if dashes is None else (0, tuple(dash / width for dash in dashes))
        self._patch(strokes, False, fill=False, edgecolor=colour, linewidth=width, linestyle=style, capstyle=cap)

    def circles(self, centre: Point, radii: Iterable[float], colour: str) -> None:
        """Draw circles round one point."""
        for radius in radii:
            self._add(self._mpl.Circle(centre, radius, fill=False, edgecolor=colour, linewidth=1))

    def area(self, rings: Iterable[Sequence[Point]], colour: str, *, edge: str = "none", hatch=None, alpha=None):
        """Fill closed shapes; a hatch takes the colour of the edge."""
        self._patch(
            rings, True, facecolor=colour, edgecolor=edge, linewidth=1, hatch=hatch, alpha=alpha, joinstyle="miter"
        )

    def dots(self, points: Iterable[Point], colour: str, width: float) -> None:
        """Draw round dots, as strokes of no length."""
        self.path([((x, y), (x + 0.01, y)) for x, y in points], colour, width, cap="round")

    def _patch(self, strokes, closed: bool, **style) -> None:
        path = self._mpl.Path
        vertices, codes = [], []
        for stroke in strokes:
            vertices += [*stroke, stroke[0]] if closed else stroke
            codes += [path.MOVETO] + [path.LINETO] * (len(stroke) - 1) + [path.CLOSEPOLY] * closed
        if vertices:
            patch = self._mpl.PathPatch(path(vertices, codes), **style)
            patch.set_hatch_linewidth(0.9)
            self._add(patch)

    def line(self, role: str, points: Sequence[Point | None], marked: Iterable[Point | None] | None = None) -> None:
        """Draw a role's line through the points, broken at None, and its marker at each, or at those marked."""
        stroke, colour, edge = STROKES[role], self.colours[role], self.colours[f"{role}-edge"]
        cap = "round" if role == "before" else "butt"
        runs = _runs(points)
        if edge != colour:
            self.path(runs, edge, stroke.width + 1, dashes=stroke.dashes, cap=cap)
        self.path(runs, colour, stroke.width, dashes=stroke.dashes, cap=cap)
        ends = dict.fromkeys(point for point in (points if marked is None else marked) if point)
        self.markers(ends, stroke.marker, stroke.size, colour, edge)

    def markers(self, points: Iterable[Point], marker: str, size: float, colour: str, edge: str) -> None:
        """Draw one marker at each point, on a rim of paper that keeps crossing lines apart."""
        xs, ys = zip(*points, strict=True) if (points := list(points)) else ((), ())
        paper = self.colours["paper"]
        for extent, face, rim in ((size + 2.4, paper, paper), (size, colour, edge)):
            style = {"markersize": extent, "markerfacecolor": face, "markeredgecolor": rim, "markeredgewidth": 1}
            self._add(self._mpl.Line2D(xs, ys, linestyle="none", marker=marker, **style))

    def text(
        self, x: float, y: float, text: str, size: float, *, colour="ink", weight="normal", align="left", face="sans"
    ):
        """Write one line of text on its baseline; `colour` is a role of the palette or a colour, `face` "sans" or "serif"."""
        style = {"fontsize": size, "fontfamily": f"DejaVu {face.title()}", "fontweight": weight, "ha": align}
        # matplotlib is given "0" in the place of the text: it would warn of every glyph that its own font lacks.
        self._add(self._mpl.Text(x, y, "0", color=self.colours.get(colour, colour), **style))
        self._texts.append(escape(clean(text), quote=False))

    def svg(self) -> str:
        """Give the drawing as SVG text, the same bytes for the same drawing."""
        out = io.StringIO()
        self._mpl.Canvas(self._figure).print_svg(out, metadata=NO_METADATA)
        svg = EXCESS.sub("", PROLOGUE.sub(r'\1 width="\2" height="\3"', out.getvalue(), count=1))
        texts = iter(self._texts)
        return TEXT.sub(lambda found: f"{found[1]}{FACES[found[2].lower()]}{found[3]}{next(texts)}</text>", svg)


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Give the stretches between missing points, those that are long enough to draw."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


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


def both_schemes(draws: Mapping[str, Callable[..., str]]) -> dict[str, dict[str, str]]:
    """Each chart in both schemes as an address that holds its picture: for pages whose charts have none of their own."""
    return {
        name: {scheme: _inside(outlined(draw(scheme=scheme))) for scheme in ("light", "dark")}
        for name, draw in draws.items()
    }


def _inside(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def marked(draw: Callable[..., str], word: str, *, scheme: str = "light") -> str:
    """The chart that `draw` gives as SVG text, with a word above it that has to be read with it wherever it goes.

    Raises ValueError for an unknown scheme.
    """
    colours = palette(scheme)

    def framed(found: re.Match) -> str:
        width, height = float(found[2]), float(found[3]) + MARK_HEAD
        return f'{found[1]} height="{height:g}" viewBox="0 {-MARK_HEAD} {width:g} {height:g}"'

    style = f"font-weight: 700; font-size: {MARK_SIZE}px; font-family: {FACES['sans']}; fill: {colours['ink']}"
    text = (
        f'<text style="{style}" x="{MARK_MARGIN}" y="{MARK_SIZE - MARK_HEAD}">{escape(clean(word), quote=False)}</text>'
    )
    return FRAME.sub(framed, draw(scheme=scheme), count=1).replace("</svg>", f"{text}</svg>")

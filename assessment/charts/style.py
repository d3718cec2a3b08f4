"""The visual language of the charts: one colour, line, marker and pattern per role, in a light and a dark scheme."""

from dataclasses import dataclass

# What a browser finds of its own first; the typefaces of documents and of pictures after it.
FACES = {
    "sans": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Source Sans Pro', 'DejaVu Sans', sans-serif",
    "serif": "Charter, 'Sitka Text', Cambria, 'Source Serif Pro', 'DejaVu Serif', serif",
}

# A role's own colour fills; its "-edge" outlines it, so that it stands out from the paper (3:1) where the fill is pale.
PALETTE = {
    "light": {
        "paper": "#fbfaf7", "ink": "#1b2330", "muted": "#5a6270", "hairline": "#d3d1ca",
        "you": "#0072b2", "you-edge": "#0072b2",
        "peers": "#e69f00", "peers-edge": "#9c6a00",
        "before": "#56b4e9", "before-edge": "#2a7cab",
        "barometer-2016": "#ebe9e3", "barometer-2016-edge": "#7f8289",
        "barometer-2017": "#c3c5c9", "barometer-2017-edge": "#5f646d",
        "count-1": "#3c4554", "count-2": "#c9ccd2", "count-edge": "#787e87",
        "level-1": "#e3ecec", "level-2": "#bdd5d6", "level-3": "#8db5b8", "level-4": "#3f777d", "level-5": "#174a50",
    },
    "dark": {
        "paper": "#14181f", "ink": "#e9e7e1", "muted": "#a7adb7", "hairline": "#363d48",
        "you": "#3d9bd9", "you-edge": "#3d9bd9",
        "peers": "#e69f00", "peers-edge": "#e69f00",
        "before": "#8fd0f5", "before-edge": "#8fd0f5",
        "barometer-2016": "#4a515c", "barometer-2016-edge": "#b4b8bf",
        "barometer-2017": "#262c36", "barometer-2017-edge": "#868d98",
        "count-1": "#cfd3d9", "count-2": "#444c58", "count-edge": "#7d8592",
        "level-1": "#22353a", "level-2": "#2c4c52", "level-3": "#3b6b72", "level-4": "#79b0b5", "level-5": "#b9dfe0",
    },
}  # fmt: skip
WIDTH = 440  # of every chart: type of 14 to 16 units is still read on a phone
LEVEL_BOUNDS = (0.0, 12.5, 37.5, 62.5, 87.5, 100.0)


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line of points is drawn, so that it is told apart without colour too."""

    marker: str
    size: float
    width: float
    dashes: tuple[float, float] | None = None


STROKES = {
    "before": Stroke("s", 8.5, 2.6, (0.01, 5)),
    "peers": Stroke("^", 9.5, 2, (8, 4)),
    "you": Stroke("o", 8, 2.8),
}
BANDS = {"barometer-2016": "dots", "barometer-2017": "lines", "peers": "plain"}


def palette(scheme: str) -> dict[str, str]:
    """Give the colours of "light" or "dark"."""
    if scheme not in PALETTE:
        raise ValueError(f"unknown scheme {scheme!r}: choose one of {', '.join(PALETTE)}")
    return PALETTE[scheme]


def contrast(one: str, other: str) -> float:
    """Give the WCAG contrast of two `#rrggbb` colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(on: str, colours: dict[str, str]) -> str:
    """Give the colour of text, ink or paper, that reads better on this one."""
    return max(colours["ink"], colours["paper"], key=lambda colour: contrast(colour, on))


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

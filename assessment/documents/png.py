"""A chart as a picture for slides: the same SVG as on the page, on the paper of its scheme."""

from assessment.charts import PALETTE
from assessment.documents import typesetting
from assessment.documents.glyphs import Printable


def chart_png(svg: str, *, scheme: str = "light") -> bytes:
    """The chart as PNG, four pixels for each of its units (1,760 wide); KeyError for an unknown scheme."""
    return typesetting.png("chart.typ", {"svg": Printable().shown(svg), "paper": PALETTE[scheme]["paper"]})

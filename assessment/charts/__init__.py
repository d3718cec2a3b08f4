"""Charts: labels and numbers in, SVG text out. matplotlib is loaded at the first chart, not before."""

from assessment.charts.bars import bars
from assessment.charts.counts import days, shares
from assessment.charts.embedded import both_schemes
from assessment.charts.gains import Gain, gains
from assessment.charts.questions import Asked, questions
from assessment.charts.radar import radar
from assessment.charts.rule import rule
from assessment.charts.style import PALETTE
from assessment.charts.trend import Panel, trend
from assessment.charts.values import Band, Line

__all__ = [
    "PALETTE",
    "Asked",
    "Band",
    "Gain",
    "Line",
    "Panel",
    "bars",
    "both_schemes",
    "days",
    "gains",
    "questions",
    "radar",
    "rule",
    "shares",
    "trend",
]

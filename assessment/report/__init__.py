"""What to say about a result: the one object that the page, its charts and every export show.

Pure values in, values out: no row, no request, no language (texts are handed through), no scoring of its own.
"""

from assessment.report.building import build
from assessment.report.improving import Improvement, improvements
from assessment.report.parts import (
    WHOLE,
    ComparisonPart,
    DimensionPart,
    Earlier,
    Given,
    Joint,
    Note,
    Part,
    Published,
    QuestionPart,
    Reference,
    Report,
    Source,
    StepPart,
    Subject,
    ViewPart,
)

__all__ = [
    "WHOLE",
    "ComparisonPart",
    "DimensionPart",
    "Earlier",
    "Given",
    "Improvement",
    "Joint",
    "Note",
    "Part",
    "Published",
    "QuestionPart",
    "Reference",
    "Report",
    "Source",
    "StepPart",
    "Subject",
    "ViewPart",
    "build",
    "improvements",
]

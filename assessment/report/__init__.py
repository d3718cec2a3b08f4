"""What to say about a result: the one object that the page, its charts and every export show.

Pure values in, values out: no row, no request, no language (texts are handed through), no scoring of its own.
"""

from assessment.report.barometer import CriterionPart, EditionPart, Standing
from assessment.report.building import build
from assessment.report.evidence import Criterion, Edition, Published, Reference, Statement
from assessment.report.improving import Improvement, improvements
from assessment.report.parts import (
    WHOLE,
    ComparisonPart,
    DimensionPart,
    Earlier,
    Joint,
    Part,
    Report,
    RoleView,
    Source,
    StepPart,
    Subject,
    ViewPart,
)
from assessment.report.question import Given, Note, QuestionPart

__all__ = [
    "WHOLE",
    "ComparisonPart",
    "Criterion",
    "CriterionPart",
    "DimensionPart",
    "Earlier",
    "Edition",
    "EditionPart",
    "Given",
    "Improvement",
    "Joint",
    "Note",
    "Part",
    "Published",
    "QuestionPart",
    "Reference",
    "Report",
    "RoleView",
    "Source",
    "Standing",
    "Statement",
    "StepPart",
    "Subject",
    "ViewPart",
    "build",
    "improvements",
]

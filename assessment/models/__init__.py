"""What is stored, one module per noun; import from here."""

from assessment.models.content import (
    Anchor,
    Choice,
    ConsistencyRule,
    Dimension,
    Level,
    Prerequisite,
    Question,
    QuestionFinding,
    Questionnaire,
    Recommendation,
)
from assessment.models.evidence import Figure, Finding, ReferenceLevel, Source, Study
from assessment.models.frozen import PublishedError
from assessment.models.organisation import Membership, Organisation
from assessment.models.response import Answer, Response, Round
from assessment.models.result import DimensionResult, Result
from assessment.models.share import Share

__all__ = [
    "Anchor",
    "Answer",
    "Choice",
    "ConsistencyRule",
    "Dimension",
    "DimensionResult",
    "Figure",
    "Finding",
    "Level",
    "Membership",
    "Organisation",
    "Prerequisite",
    "PublishedError",
    "Question",
    "QuestionFinding",
    "Questionnaire",
    "Recommendation",
    "ReferenceLevel",
    "Response",
    "Result",
    "Round",
    "Share",
    "Source",
    "Study",
]

"""The scoring core: plain values in, exact numbers out; it knows no request, row, clock, file or language."""

from assessment.scoring.answers import PRIVACY_FLOOR
from assessment.scoring.comparison import Break, DimensionChange, breaks, compare, same_whole
from assessment.scoring.dimensions import ENOUGH_COVERAGE
from assessment.scoring.joint import published_again
from assessment.scoring.levels import LEVEL_BOUNDS, level_of, shown
from assessment.scoring.levels_only import levels_only, nearest, roles_by_level
from assessment.scoring.questions import Comparable, QuestionChange, asks_the_same, compare_questions, reached
from assessment.scoring.score import score
from assessment.scoring.supposing import suppose
from assessment.scoring.values import (
    SCORING_VERSION,
    Answer,
    AnswerState,
    Choice,
    Condition,
    Dimension,
    DimensionResult,
    DimensionState,
    Mode,
    Question,
    Questionnaire,
    QuestionResult,
    QuestionState,
    Range,
    Response,
    Result,
    Rule,
    Step,
)
from assessment.scoring.views import RoleGroup, by_role

__all__ = [
    "ENOUGH_COVERAGE",
    "LEVEL_BOUNDS",
    "PRIVACY_FLOOR",
    "SCORING_VERSION",
    "Answer",
    "AnswerState",
    "Break",
    "Choice",
    "Comparable",
    "Condition",
    "Dimension",
    "DimensionChange",
    "DimensionResult",
    "DimensionState",
    "Mode",
    "Question",
    "QuestionChange",
    "QuestionResult",
    "QuestionState",
    "Questionnaire",
    "Range",
    "Response",
    "Result",
    "RoleGroup",
    "Rule",
    "Step",
    "asks_the_same",
    "breaks",
    "by_role",
    "compare",
    "compare_questions",
    "level_of",
    "levels_only",
    "nearest",
    "published_again",
    "reached",
    "roles_by_level",
    "same_whole",
    "score",
    "shown",
    "suppose",
]

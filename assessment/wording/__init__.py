"""The words of a report: page, PDF and exports share them. A part of the report in, text in the reader's language out."""

from assessment.wording.figures import bars, profile, rule
from assessment.wording.joint import basis, spread, views
from assessment.wording.method import checking, compared, method, standing
from assessment.wording.numbers import decimal, effort, gain, listed, percent, points, role, whole
from assessment.wording.sentences import (
    answer,
    certainty,
    change,
    change_since_first,
    contrast,
    dimension,
    figure,
    held,
    moved,
    opening,
    plan,
    reference,
    source,
    state,
    step,
    uncertainty,
)
from assessment.wording.supposing import supposed, supposed_profile

__all__ = [
    "answer",
    "bars",
    "basis",
    "certainty",
    "change",
    "change_since_first",
    "checking",
    "compared",
    "contrast",
    "decimal",
    "dimension",
    "effort",
    "figure",
    "gain",
    "held",
    "listed",
    "method",
    "moved",
    "opening",
    "percent",
    "plan",
    "points",
    "profile",
    "reference",
    "role",
    "rule",
    "source",
    "spread",
    "standing",
    "state",
    "step",
    "supposed",
    "supposed_profile",
    "uncertainty",
    "views",
    "whole",
]

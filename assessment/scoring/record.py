"""A result in its two written forms: the exact one that is stored, and the public report.json."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from assessment.scoring import (
    CriterionResult,
    DimensionResult,
    DimensionState,
    QuestionResult,
    QuestionState,
    Range,
    Result,
    Standing,
    Step,
)
from assessment.scoring.publishing import questionnaire_data, report_data, responses_data, result_data
from assessment.scoring.reading import read_report

__all__ = [
    "dump",
    "load",
    "questionnaire_data",
    "read_report",
    "report_data",
    "responses_data",
    "result_data",
]

Data = dict[str, Any]
OF_LEVELS = ("levels_only", "nearest")  # fields that only a result which shows levels has
SINCE_2 = ("criteria", "foundations", "version")  # fields that results of version 1 do not have


def dump(result: Result) -> Data:
    """The result as JSON-able data that loses nothing: exact fractions as text such as "100/3" or "50".

    Raises ValueError for one that shows levels only: what is stored is exact.
    """
    if result.levels_only:
        raise ValueError("only an exact result is stored")
    data: Data = _plain(result)
    return {key: value for key, value in data.items() if result.version > 1 or key not in SINCE_2}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in OF_LEVELS)


def load(data: Mapping[str, Any]) -> Result:
    """The result that `dump` was given; KeyError, TypeError or ValueError for data that `dump` did not make."""
    reach = data["level_range"]
    return Result(
        score=_exact(data["score"]),
        level=data["level"],
        level_by_score=data["level_by_score"],
        held_by=tuple(data["held_by"]),
        range=_range(data["range"]),
        level_range=None if reach is None else (reach[0], reach[1]),
        dimensions=tuple(_dimension_result(item) for item in data["dimensions"]),
        questions=tuple(_question_result(item) for item in data["questions"]),
        plan=tuple(_step(item) for item in data["plan"]),
        narrowing=tuple(data["narrowing"]),
        contradictions=tuple(data["contradictions"]),
        plan_on_mean=data["plan_on_mean"],
        criteria=tuple(_criterion(item) for item in data.get("criteria", ())),
        foundations=tuple(data.get("foundations", ())),
        version=data.get("version", 1),
    )


@lru_cache(maxsize=4096)  # the same few numbers come again and again
def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _range(data: Mapping[str, str] | None) -> Range | None:
    return None if data is None else Range(Fraction(data["low"]), Fraction(data["high"]))


def _dimension_result(data: Mapping[str, Any]) -> DimensionResult:
    return DimensionResult(
        key=data["key"],
        state=DimensionState(data["state"]),
        score=_exact(data["score"]),
        level=data["level"],
        coverage=_exact(data["coverage"]),
        range=_range(data["range"]),
    )


def _question_result(data: Mapping[str, Any]) -> QuestionResult:
    return QuestionResult(
        key=data["key"],
        state=QuestionState(data["state"]),
        score=_exact(data["score"]),
        views_differ=data["views_differ"],
        lowest=_exact(data["lowest"]),
        highest=_exact(data["highest"]),
    )


def _criterion(data: Mapping[str, Any]) -> CriterionResult:
    return CriterionResult(
        key=data["key"],
        edition=data["edition"],
        kind=data["kind"],
        standing=Standing(data["standing"]),
        score=_exact(data["score"]),
    )


def _step(data: Mapping[str, Any]) -> Step:
    return Step(
        question=data["question"],
        dimension=data["dimension"],
        to=data["to"],
        gain=Fraction(data["gain"]),
        effort=data["effort"],
        score_after=Fraction(data["score_after"]),
        first_move=data["first_move"],
    )

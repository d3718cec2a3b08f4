"""Checks a report.json: `python -m assessment.scoring report.json` recomputes its result and says whether it is equal.

Exit status: 0 equal, 1 different, 2 the file could not be read as a report.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from assessment.scoring.publishing import result_data
from assessment.scoring.reading import OPTIONAL, holds_levels, read_question_results, read_report
from assessment.scoring.rechecking import recompute_whole
from assessment.scoring.score import from_questions, score

EQUAL, DIFFERENT, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Check the one file named in the arguments, print what was found, and return the exit status."""
    if len(arguments) != 1:
        print("usage: python -m assessment.scoring report.json", file=sys.stderr)
        return UNREADABLE
    try:
        data = json.loads(Path(arguments[0]).read_bytes())
        stored, recomputed, source = recompute(data)
    except (OSError, ValueError, RecursionError) as error:
        print(f"{arguments[0]}: cannot be checked: {error}", file=sys.stderr)
        return UNREADABLE
    found = list(differences(stored, recomputed, "result"))
    print(summary(stored, recomputed, source))
    print("\n".join(found) if found else "equal")
    return DIFFERENT if found else EQUAL


class Source(Enum):
    """What a report holds that its result can be computed from."""

    ANSWERS = "answers"
    QUESTIONS = "question scores"
    DIMENSIONS = "dimension scores"


def recompute(data: object) -> tuple[Mapping[str, Any], Mapping[str, Any], Source]:
    """The published result, as much of it as can be recomputed, and from what.

    Without answers, as in a joint report, question scores and contradictions are taken as published. A report that holds
    levels of questions is recomputed from its dimensions.
    """
    report = read_report(data)
    questionnaire, stored = report.questionnaire, report.result
    if report.responses is not None:
        result = score(questionnaire, report.responses, mode=report.mode, version=report.version)
        return stored, result_data(questionnaire, result), Source.ANSWERS
    if holds_levels(data):
        return stored, recompute_whole(questionnaire, stored), Source.DIMENSIONS
    questions, contradictions = read_question_results(stored), tuple(stored.get("contradictions", ()))
    result = from_questions(questionnaire, questions, contradictions=contradictions, version=report.version)
    return stored, result_data(questionnaire, result), Source.QUESTIONS


def differences(stored: Any, recomputed: Any, path: str) -> Iterator[str]:
    """One line for each value, however deep, that is not as recomputed."""
    if isinstance(recomputed, dict) and isinstance(stored, dict):
        for key in recomputed:
            if key in stored or key not in OPTIONAL:
                yield from differences(stored.get(key), recomputed[key], f"{path}.{key}")
    elif isinstance(recomputed, list) and isinstance(stored, list) and len(recomputed) == len(stored):
        for index, (one, other) in enumerate(zip(stored, recomputed, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif stored != recomputed:
        yield f"{path}: stored {json.dumps(stored)}, recomputed {json.dumps(recomputed)}"


def summary(stored: Mapping[str, Any], recomputed: Mapping[str, Any], source: Source) -> str:
    """What was compared, in one line, and from what."""
    if source == Source.DIMENSIONS:
        return (
            f"compared: score, level, hold, range, levels of {len(recomputed['dimensions'])} dimensions; recomputed from "
            "the dimension scores: the report holds levels of questions and no scores, so that question scores, dimension "
            "scores and plan were not checked"
        )
    counts = {key: len(recomputed[key]) for key in ("dimensions", "questions", "plan")}
    compared = "compared: score, level, range, {dimensions} dimensions, {questions} questions".format(**counts)
    compared += ", plan of {plan} steps".format(**counts) if "plan" in stored else "; the plan is left out"
    if source == Source.ANSWERS:
        return f"{compared}; recomputed from the answers"
    return f"{compared}; recomputed from the question scores: the report holds no answers, they were not checked"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

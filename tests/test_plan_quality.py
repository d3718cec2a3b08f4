"""What a plan advises, over many invented organisations and the shipped questionnaire, without a database.

Structured organisations have a general level, dimensions that differ, and noise; the others answer at random. Set
HYPOTHESIS_PROFILE=thorough for all 4,000 of each kind.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from assessment.scoring import Answer, AnswerState, Response, Result
from assessment.scoring.score import score
from tests.sampling import THOROUGH
from tests.scoring_cases import NOT_APPLICABLE, real_questionnaire, shipped_values

NUMBER = 4000 if THOROUGH else 300
QUESTIONNAIRE = real_questionnaire()
DIMENSION_OF = {
    question.key: dimension.key for dimension in QUESTIONNAIRE.dimensions for question in dimension.questions
}
FOUNDATIONS = {question.key for question in QUESTIONNAIRE.scored_questions if question.foundation}
TEXTS = {
    (question["key"], choice["key"]): choice
    for dimension in shipped_values()["dimensions"]
    for question in dimension["questions"]
    for choice in question["choices"]
}


def organisations(number: int, *, structured: bool) -> Iterator[Result]:
    """The results of so many invented organisations; two in five sell nothing to other organisations."""
    chance = random.Random(2026)
    for _organisation in range(number):
        general, sells = chance.gauss(1.6, 0.9), chance.random() > 0.4
        answers = {}
        for dimension in QUESTIONNAIRE.scored_dimensions:
            offset = chance.gauss(0, 0.6)
            for question in dimension.questions:
                top = len(question.choices) - 1
                drawn = round(general + offset + chance.gauss(0, 0.8)) if structured else chance.randint(0, top)
                chosen = question.choices[max(0, min(top, drawn))].key
                applies = sells or dimension.key != "social-selling"
                answers[question.key] = Answer(AnswerState.ANSWERED, (chosen,)) if applies else NOT_APPLICABLE
        yield score(QUESTIONNAIRE, [Response("marketing", answers)])


@pytest.fixture(scope="module", params=[True, False], ids=["structured", "uniform"])
def results(request) -> list[Result]:
    return list(organisations(NUMBER, structured=request.param))


def points(result: Result) -> dict:
    return {question.key: question.score for question in result.questions if question.score is not None}


def test_nothing_is_polished_while_a_foundation_of_its_dimension_stands_below_half(results):
    for result in results:
        at = points(result)
        taken = []
        for step in result.plan:
            missing = {key for key in FOUNDATIONS if at.get(key, 100) < 50 and key not in taken}
            if at[step.question] >= 50:
                assert step.dimension not in {DIMENSION_OF[key] for key in missing}
            taken.append(step.question)


def test_every_missing_foundation_is_a_step_or_named(results):
    for result in results:
        at = points(result)
        missing = {key for key in FOUNDATIONS if at.get(key, 100) < 50}
        assert missing == {step.question for step in result.plan if step.question in missing} | set(result.foundations)
        assert not set(result.foundations) & {step.question for step in result.plan}


def test_time_and_money_are_advised_too(results):
    told = Counter(step.question for result in results for step in result.plan)
    assert told["strategy-time"] > len(results) // 20
    assert told["strategy-budget"] > 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_step_is_an_action_that_leads_to_its_statement_and_no_title_is_told_twice(results, language):
    """Title, first move and effort are those of the statement aimed at: the lowest that is better and worth half."""
    for result in results:
        at, titles = points(result), []
        for step in result.plan:
            choice = TEXTS[step.question, step.to]
            better = [other["points"] for (key, _choice), other in TEXTS.items() if key == step.question]
            assert choice["points"] == min(worth for worth in better if worth >= 50 and worth > at[step.question])
            assert choice["step"]["effort"] == step.effort
            assert choice["step"]["first_move"][language]
            titles.append(choice["step"]["title"][language])
        assert len(set(titles)) == len(titles)


STEPS = [choice for choice in TEXTS.values() if "step" in choice]
FLAWS = {
    "en": r"\b(even if|still|not yet|without (a|an|any)|the same for all|no more than)\b",
    "fr": r"\b(même si|encore|pas encore|sans (un|une|aucun|aucune)|les? mêmes? pour tous)\b",
}


def test_every_statement_worth_half_or_more_has_a_step():
    assert len(STEPS) == 108
    assert all(("step" in choice) == (choice.get("points", 0) >= 50) for choice in TEXTS.values())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_statement_to_reach_names_its_own_flaw(language):
    named = [choice["text"][language] for choice in STEPS if re.search(FLAWS[language], choice["text"][language])]
    assert named == []


def test_titles_are_imperatives():
    """French says it by the infinitive that a title begins with; English by no article, no ending in a full stop."""
    french = [choice["step"]["title"]["fr"] for choice in STEPS]
    assert [title for title in french if not re.match(r"((S’|Se )?\w+(er|ir|re|oir))\b", title)] == []
    english = [choice["step"]["title"]["en"] for choice in STEPS]
    assert [title for title in english if re.match(r"(A|An|The|Our|Your|There)\b|.*\.$", title)] == []

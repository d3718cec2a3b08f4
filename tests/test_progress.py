"""How far a response is, and what leaving the rest out would mean."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import scoring
from assessment.models import Answer, Response, Round
from assessment.models.answer import SavedAnswer
from assessment.models.outline import outline
from assessment.rounds.part_result import part_result
from assessment.rounds.progress import progress
from assessment.rounds.starting import set_not_applicable
from assessment.scoring.score import score
from tests import factories
from tests.factories import level
from tests.sampling import examples


@pytest.fixture
def response(questionnaire) -> Response:
    return factories.started()[0]


def of(response: Response):
    return progress(response, response.saved_answers())


def test_in_the_beginning_everything_is_open(response):
    page = of(response)
    assert (page.answered, page.total, page.has_begun) == (0, 36, False)
    assert page.next.content.key == "strategy"
    assert [part.content.key for part in page.without_score] == [part.content.key for part in page.scored]
    for part in page.dimensions:
        assert (part.answered, part.percent, part.is_done) == (0, 0, False)
        assert part.open == part.content.questions


def test_a_choice_not_applicable_and_unknown_all_count_as_reactions(response):
    questions = response.outline.dimensions["strategy"].questions
    free = next(q for part in response.outline.content.dimensions for q in part.questions if q.allows_not_applicable)
    said = {questions[0].key: questions[0].choices[0].key, questions[1].key: "unknown", free.key: "not-applicable"}
    factories.answer(response, factories.chosen(said))
    page = of(response)
    assert page.answered == len(said)
    strategy = page.dimensions[0]
    assert strategy.unknown == (questions[1],)
    assert questions[0] not in strategy.open
    assert questions[2] in strategy.open


def test_an_emptied_answer_is_open_again(response):
    question = response.outline.dimensions["strategy"].questions[0]
    factories.answer(response, factories.chosen({question.key: question.choices[0].key}))
    Answer.objects.filter(response=response).update(state="empty", choices=[], note="a note stays")
    assert of(response).answered == 0
    assert of(response).has_begun is False


def test_the_next_dimension_is_the_first_with_something_left_and_the_optional_one_comes_last(response):
    scored = [part.key for part in response.outline.content.dimensions if part.scored]
    for place, key in enumerate(scored):
        assert of(response).next.content.key == key
        keys = {
            question.key for done in scored[: place + 1] for question in response.outline.dimensions[done].questions
        }
        factories.answer(response, lambda q, keys=keys: q.choices[0].key if q.key in keys else None)
    page = of(response)
    assert (page.answered, page.total, page.without_score) == (36, 36, [])
    assert page.next.content.scored is False
    factories.answer(response, lambda question: question.choices[0].key)
    assert of(response).next is None
    assert of(response).answered == 36  # the optional questions are not counted


def test_what_was_left_in_the_middle_comes_before_what_follows(response):
    keys = {question.key for question in response.outline.dimensions["roi"].questions}
    factories.answer(response, lambda question: question.choices[0].key if question.key in keys else None)
    assert of(response).next.content.key == "strategy"


def test_a_dimension_left_out_is_done_and_counts_nowhere(response):
    set_not_applicable(response, "roi", True)
    page = of(response)
    part = next(part for part in page.dimensions if part.content.key == "roi")
    number = len(part.content.questions)
    assert (part.excluded, part.is_done, part.percent) == (True, True, 100)
    assert (page.total, page.has_begun) == (36 - number, True)
    assert part not in page.without_score
    factories.answer(response, level(3))
    assert of(response).answered == 36 - number


@pytest.mark.parametrize(("answered", "percent"), [(0, 0), (1, 12), (7, 87), (8, 100)])
def test_100_percent_is_only_for_all(response, answered, percent):
    asked = response.outline.dimensions["strategy"].questions
    assert len(asked) == 8
    keys = {question.key for question in asked[:answered]}
    factories.answer(response, lambda question: "unknown" if question.key in keys else None)
    part = of(response).dimensions[0]
    assert (part.percent, part.is_done) == (percent, answered == 8)


@pytest.mark.parametrize(("answered", "percent"), [(0, 0), (1, 2), (35, 97), (36, 100)])
def test_of_the_whole_100_percent_is_only_for_all(response, answered, percent):
    keys = list(response.outline.questions)[:answered]
    factories.answer(response, lambda question: "unknown" if question.key in keys else None)
    assert of(response).percent == percent


def test_where_all_is_left_out_there_is_nothing_to_wait_for(response):
    response.round.excluded = [part.key for part in response.outline.content.dimensions if part.scored]
    assert (of(response).total, of(response).percent) == (0, 100)


def unsaved(questionnaire) -> Response:
    return Response(round=Round(questionnaire=questionnaire, excluded=[]), role="marketing")


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_dimension_is_said_to_have_a_score_exactly_when_it_will_have_one(questionnaire, data):
    response = unsaved(questionnaire)
    states = st.sampled_from(["answered", "unknown", "not-applicable", "empty", None])
    answers = {}
    for key, question in outline(questionnaire).questions.items():
        if state := data.draw(states):
            choices = [question.choices[0].key] if state == "answered" else []
            answers[key] = SavedAnswer(state, choices)
    result = score(outline(questionnaire).scoring, [response.values(answers, [])])
    expected = {part.key for part in result.dimensions if part.state == scoring.DimensionState.NOT_ENOUGH}
    page = progress(response, answers)
    assert {part.content.key for part in page.without_score} == expected
    if page.has_begun:  # and what is told of it on the way is what it will be
        for part in result.dimensions:
            told = part_result(response, answers, page, part.key)
            assert (told.level, told.applies) == (part.level, part.state != scoring.DimensionState.NOT_APPLICABLE)

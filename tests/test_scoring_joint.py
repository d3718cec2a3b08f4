"""The joint result of several publications: what each may say beside those before it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessment.scoring import Mode, QuestionState, Response
from assessment.scoring.joint import published_again
from assessment.scoring.score import from_questions, score
from tests.naive_scoring import naive_result
from tests.sampling import examples
from tests.scoring_cases import (
    NOT_APPLICABLE,
    UNKNOWN,
    dimension,
    question,
    questionnaire,
    questionnaires,
    respond,
    responses_to,
    rule,
)

slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
quick = settings(deadline=None, max_examples=examples(40), suppress_health_check=slow)
ASKED = questionnaire(
    dimension("d", question("a"), question("b")),
    rules=[rule("high-without-low", ("a", 75, None), ("b", None, 25))],
)


def published(asked, batches, **options):
    """The result after the last of these publications; each batch holds what one publication added."""
    result = score(asked, batches[0], mode=Mode.CONFIDENTIAL, **options)
    everybody = list(batches[0])
    for batch in batches[1:]:
        everybody += batch
        result = published_again(asked, result, everybody, new=batch, **options)
    return result


def first(*batches, key="a", **options):
    """The figure of one question after the last of these publications."""
    result = published(ASKED, batches, **options)
    return next(found.score for found in result.questions if found.key == key)


def rules(*batches):
    return published(ASKED, batches).contradictions


FIVE = [respond(a=2, b=2)] * 5
NEW = respond(a=4, b=4)
SILENT = respond(a=UNKNOWN, b=4)


def test_without_a_response_there_is_nothing_to_publish():
    with pytest.raises(ValueError, match="no response"):
        published_again(ASKED, published(ASKED, [FIVE]), [], new=[])


def test_five_more_answers_count_at_once():
    result = published(ASKED, [FIVE, [NEW] * 5])
    assert result == score(ASKED, [*FIVE, *[NEW] * 5], mode=Mode.CONFIDENTIAL)
    assert result.questions[0].score == 75


def test_four_more_answers_leave_the_figure_as_it_was():
    assert first(FIVE, [*[NEW] * 4, SILENT]) == 50
    assert first(FIVE, [*[NEW] * 4, SILENT], key="b") == 75


def test_answers_that_left_a_figure_as_it_was_count_when_it_moves():
    assert first(FIVE, [*[NEW] * 4, SILENT], [NEW] * 5) == Fraction(5 * 50 + 9 * 100, 14)


def test_owners_answers_do_not_move_a_figure():
    owner = replace(NEW, owner=True)
    assert first(FIVE, [*[NEW] * 4, owner]) == 50
    assert first(FIVE, [*[NEW] * 5, owner]) == Fraction(5 * 50 + 6 * 100, 11)


def test_a_larger_floor_holds_for_what_is_new_and_a_smaller_one_counts_as_five():
    six = [respond(a=2, b=2)] * 6
    assert first(six, [NEW] * 5, floor=6) == 50
    assert first(six, [NEW] * 6, floor=6) == 75
    for floor in (-1, 0, 1, 3):
        assert first(FIVE, [NEW] * 4, floor=floor) == 50
        assert first(FIVE[:4], floor=floor) is None


def test_what_was_published_with_four_is_computed_again_with_four_where_that_is_said():
    assert first(FIVE[:4], [NEW] * 4, floor=4) == 75
    assert first(FIVE[:4], [NEW] * 3, floor=4) == 50
    assert first(FIVE[:4]) is None


def test_a_question_without_a_figure_gets_its_first_as_soon_as_five_answered():
    four = [*[respond(a=2, b=2)] * 4, SILENT]
    assert first(four) is None
    assert first(four, [NEW, *[respond(a=NOT_APPLICABLE, b=4)] * 4]) == Fraction(300, 5)


def test_a_question_keeps_its_figure_when_most_newcomers_do_not_know():
    assert first(FIVE, [*[NEW] * 5, *[SILENT] * 11]) == 50
    assert first(FIVE, [respond(a=NOT_APPLICABLE, b=4)] * 9) == 50


def test_dimensions_and_the_whole_follow_from_the_questions_shown():
    result = published(ASKED, [FIVE, [*[NEW] * 4, SILENT]])
    assert result.dimensions[0].score == Fraction(50 + 75, 2)


def test_a_contradiction_stays_until_five_newcomers_answered_all_its_questions():
    holds, not_so = respond(a=3, b=1), respond(a=1, b=1)
    assert rules([holds] * 5) == ("high-without-low",)
    assert rules([holds] * 5, [not_so] * 16) == ()
    apart = [respond(a=1, b=UNKNOWN)] * 7 + [respond(a=UNKNOWN, b=1)] * 7
    assert rules([holds] * 5, [*apart, *[not_so] * 4]) == ("high-without-low",)
    assert rules([*[holds] * 4, *[not_so] * 4], [holds, *apart]) == ()
    assert rules([*[holds] * 4, *[not_so] * 4], [holds] * 5) == ("high-without-low",)


def test_a_rule_on_a_question_that_is_not_scored_never_comes():
    asked = replace(ASKED, rules=(rule("odd", ("a", 75, None), ("elsewhere", None, 100)),))
    assert published(asked, [[NEW] * 5, [NEW] * 5]).contradictions == ()


def test_what_was_shown_stands_when_somebody_was_erased():
    """Six were published, one of them is erased, five come who do not know: the figure must not lose the one."""
    six = [*FIVE, NEW]
    before = published(ASKED, [six])
    newcomers = [SILENT] * 5
    after = published_again(ASKED, before, [*FIVE, *newcomers], new=newcomers)
    assert after.questions[0] == before.questions[0]
    newcomers = [NEW] * 5
    after = published_again(ASKED, before, [*FIVE, *newcomers], new=newcomers)
    assert after.questions[0].score == 75


def test_no_figure_comes_back_after_its_answers_were_erased():
    """Were a figure given up when most do not know, erasing them would bring it back with one answer more."""
    before = published(ASKED, [FIVE, [*[NEW] * 5, *[SILENT] * 11]])
    newcomers = [NEW, *[SILENT] * 4]
    after = published_again(ASKED, before, [*FIVE, *newcomers], new=newcomers)
    assert after.questions[0].score == 50


# Generated cases -----------------------------------------------------------------------------------------------------
@st.composite
def publications(draw):
    """(questionnaire, batches): any sequence of publications, in which some answer alike, so that floors matter."""
    asked = draw(questionnaires(fewest=3))
    often = draw(st.sampled_from([[12, 1, 1, 0], [3, 1, 1, 1], [5, 3, 0, 0]]))
    different = [draw(responses_to(asked, often)) for _ in range(3)]
    pick = st.sampled_from(different)
    batches = draw(st.lists(st.lists(pick, min_size=1, max_size=9), min_size=1, max_size=3))
    return asked, batches


def chose(asked, key, responses):
    """How many of these, owners not counted, chose an answer: said naively."""
    answers = [response.answers.get(key) for response in responses if not response.owner]
    return len([answer for answer in answers if answer is not None and answer.state == "answered"])


def naive_published(asked, batches):
    """By question (state, score, views differ), and the rules, publication by publication, as the prose says."""
    shown, told, everybody = {}, set(), []
    for number, batch in enumerate(batches):
        everybody = everybody + batch
        fresh = naive_result(asked, everybody, "confidential")
        for key, state, score_, differ, _lowest, _highest in fresh["questions"]:
            had_figure = key in shown and shown[key][0] == "scored"
            if not had_figure or (chose(asked, key, batch) >= 5 and state == "scored"):
                shown[key] = (state, score_, differ)
        for item in asked.rules:
            keys = [condition.question for condition in item.when]
            both = [one for one in batch if all(chose(asked, key, [one]) for key in keys)]
            if number == 0 or len(both) >= 5:
                told = told - {item.key} | ({item.key} & set(fresh["contradictions"]))
    return shown, told


@quick
@given(publications())
def test_it_agrees_with_a_naive_reading_of_the_rule(case):
    asked, batches = case
    result = published(asked, batches)
    shown, told = naive_published(asked, batches)
    assert {found.key: (found.state, found.score, found.views_differ) for found in result.questions} == shown
    assert set(result.contradictions) == told
    assert result == from_questions(asked, result.questions, contradictions=result.contradictions)


@quick
@given(publications(), st.data())
def test_no_figure_moves_on_fewer_than_five_new_answers_whoever_was_erased(case, data):
    asked, (*earlier, new) = case
    assume(earlier)
    before = published(asked, earlier)
    there = [response for batch in earlier for response in batch]
    left = [response for response in there if data.draw(st.booleans())]
    after = published_again(asked, before, [*left, *new], new=new)
    for then, now in zip(before.questions, after.questions, strict=True):
        if then.state == QuestionState.SCORED:
            assert now == then or (now.state == "scored" and chose(asked, now.key, new) >= 5)
    for item in asked.rules:
        if (item.key in before.contradictions) != (item.key in after.contradictions):
            assert min(chose(asked, condition.question, new) for condition in item.when) >= 5


@quick
@given(publications(), st.data())
def test_exchanging_the_answers_of_two_in_one_publication_changes_nothing(case, data):
    asked, batches = case
    number = data.draw(st.integers(0, len(batches) - 1))
    one, other = (data.draw(st.integers(0, len(batches[number]) - 1)) for _ in range(2))
    batch = list(batches[number])
    pair = batch[one], batch[other]
    assume(pair[0].owner == pair[1].owner)
    for question_key in [item.key for item in asked.scored_questions if data.draw(st.booleans())]:
        batch[one], batch[other] = swapped(batch[one], batch[other], question_key)
    # Whole responses, as which of two answers belong together is what a contradiction is about.
    whole = list(batches[number])
    whole[one], whole[other] = whole[other], whole[one]
    before = published(asked, batches)
    exchanged = [whole if place == number else found for place, found in enumerate(batches)]
    assert published(asked, exchanged) == before
    parts = [batch if place == number else found for place, found in enumerate(batches)]
    after = published(asked, parts)
    assert replace(after, contradictions=()) == replace(before, contradictions=())


def swapped(one: Response, other: Response, key: str) -> tuple[Response, Response]:
    """The two with their answers to one question exchanged."""
    mine, theirs = dict(one.answers), dict(other.answers)
    for target, found in ((mine, other.answers.get(key)), (theirs, one.answers.get(key))):
        target.pop(key, None)
        if found is not None:
            target[key] = found
    return replace(one, answers=mine), replace(other, answers=theirs)

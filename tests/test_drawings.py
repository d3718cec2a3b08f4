"""What the charts of a report show: the numbers of its parts, the same in the text alternative and in its tables."""

import re
from dataclasses import replace

import pytest
from django.utils import translation

from assessment import scoring
from assessment.documents import drawings
from assessment.models.outline import Outline
from assessment.report.building import build
from assessment.report.parts import WHOLE, Joint, Part, Report, Source, Subject
from assessment.scoring.score import score
from assessment.wording import figures, numbers, sentences
from tests.factories import NOON, level, report_on
from tests.test_charts import texts


@pytest.fixture
def content(shipped):
    return shipped[0]


def mixed(question) -> str:
    """Each question at another level; of those that may, one in three does not apply, and some are not known."""
    place = sum(map(ord, question.key))
    if place % 5 == 0 or not question.weight:
        return "unknown"
    if place % 3 == 0 and question.allows_not_applicable:
        return "not-applicable"
    return question.choices[place % 4].key


def words(text: str) -> set[str]:
    """The numbers in a text, as they are written."""
    return set(re.findall(r"\d+(?:[.,]\d+)?", text))


def together(content, mode: scoring.Mode, shows=WHOLE) -> Report:
    """The report of people at levels 1, 2 and 5; the third does not know the last questions."""
    asked = Outline(0, 1, content, {})
    responses = []
    for place in range(5 if mode == scoring.Mode.CONFIDENTIAL else 3):
        answers = {
            key: scoring.Answer(scoring.AnswerState.ANSWERED, (question.choices[min(place * place, 4)].key,))
            for number, (key, question) in enumerate(asked.questions.items())
            if question.weight and not (place == 2 and number > 20)
        }
        responses.append(scoring.Response("sales", answers))
    result = score(asked.scoring, responses, mode=mode)
    joint = Joint(mode, len(responses), len(responses), 4)
    subject = Subject("Maison Dupont", NOON, 1)
    return build(Source(subject, content, 1, {}, {}, joint=joint, shows=shows), result)


def test_a_report_has_a_chart_of_the_questions_of_each_dimension_and_of_its_plan(content):
    told = report_on(content, mixed)
    keys = [part.key for part in told.dimensions]
    assert drawings.names(told) == ["rule", "radar", "bars", *[f"questions-{key}" for key in keys], "gains"]
    assert list(drawings.drawings(told)) == drawings.names(told)


def test_what_a_report_leaves_out_has_no_chart(content):
    told = report_on(content, mixed)
    bare = replace(told, plan=(), dimensions=tuple(replace(part, questions=()) for part in told.dimensions))
    assert drawings.names(bare) == ["rule", "radar", "bars"]
    assert drawings.drawing(bare, "gains") is None
    assert drawings.drawing(bare, "questions-charter") is None
    assert drawings.drawing(told, "questions-") is None
    assert drawings.drawing(told, "questions-nothing") is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_points_are_the_same_in_the_profile_in_its_text_alternative_and_in_the_table(content, language):
    parts = [
        (told, part)
        for told in (report_on(content, mixed), together(content, scoring.Mode.OPEN))
        for part in told.dimensions
    ]
    with translation.override(language):
        for told, part in parts:
            shown = texts(drawings.drawing(told, f"questions-{part.key}")())
            said = figures.questions(part)
            for question in part.questions:
                expected = sentences.state(question) if question.score is None else numbers.points(question.score)
                assert expected in shown
                assert f"{question.text}" in said
                assert re.search(rf"{re.escape(str(question.text))}[^“«]*{re.escape(expected)}", said), question.key
            drawn = words(" ".join(shown)) - words(" ".join(str(question.text) for question in part.questions))
            assert drawn <= words(said) | {"0", "1", "2", "3", "4", "5", "25", "50", "75", "100"}


def test_in_an_open_round_a_spread_and_views_that_differ_are_drawn_and_told(content):
    told = together(content, scoring.Mode.OPEN)
    part = told.dimensions[0]
    shown = texts(drawings.drawing(told, f"questions-{part.key}")())
    assert shown.count("Views differ") == len(part.questions)
    assert "From the lowest to the highest answer" in shown
    assert f"“{part.questions[0].text}” 41.7 (answers from 0 to 100), views differ" in figures.questions(part)


def test_in_a_confidential_round_lowest_and_highest_are_never_drawn(content):
    told = together(content, scoring.Mode.CONFIDENTIAL)
    part = told.dimensions[0]
    shown = texts(drawings.drawing(told, f"questions-{part.key}")())
    assert "Views differ" in shown
    assert "From the lowest to the highest answer" not in shown
    assert "answers from" not in figures.questions(part)
    assert {question.spread for part in told.dimensions for question in part.questions} == {None}


def test_where_all_answer_alike_there_is_no_spread(content):
    shown = texts(drawings.drawing(report_on(content, level(3)), "questions-charter")())
    assert "From the lowest to the highest answer" not in shown
    assert "Views differ" not in shown


@pytest.mark.parametrize("language", ["en", "fr"])
def test_gains_are_the_same_in_the_chart_in_its_text_alternative_and_in_the_plan(content, language):
    told = report_on(content, mixed)
    assert len(told.plan) == 5
    with translation.override(language):
        shown, said = texts(drawings.drawing(told, "gains")()), figures.gains(told)
        for item in told.plan:
            assert numbers.gain(item.gain) in shown
            assert figures.step_effort(item.effort) in shown
            assert str(item.title) in said
            assert numbers.gain(item.gain) in said
            assert numbers.effort(item.effort) in said
        assert figures.gains_note(told) in said


def test_without_an_overall_score_gains_are_said_to_be_on_the_mean(content):
    told = report_on(content, lambda question: level(2)(question) if question.key.startswith("roi-") else None)
    assert told.result.plan_on_mean
    assert "mean of the dimensions" in figures.gains_note(told)
    assert "mean of the dimensions" in " ".join(texts(drawings.drawing(told, "gains")()))


def test_the_chart_of_bars_says_what_its_thin_lines_are_only_where_there_are_any(content):
    possible = "Possible with the missing answers"
    assert possible in texts(drawings.drawing(report_on(content, mixed), "bars")())
    assert possible not in texts(drawings.drawing(report_on(content, level(3)), "bars")())


def test_views_that_are_not_shown_are_in_no_chart(content):
    told = together(content, scoring.Mode.OPEN, shows=WHOLE - {Part.VIEWS})
    name = f"questions-{told.dimensions[0].key}"
    assert not {"Views differ", "From the lowest to the highest answer"} & set(texts(drawings.drawing(told, name)()))
    assert {question.spread for part in told.dimensions for question in part.questions} == {None}
    assert {(one.views_differ, one.lowest, one.highest) for one in told.result.questions} == {(False, None, None)}

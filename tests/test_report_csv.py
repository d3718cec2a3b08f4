"""The report as one flat table, read back from its bytes."""

import csv
import io
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext

from assessment import scoring
from assessment.documents.csv import report_csv, safe
from assessment.report.parts import Part
from assessment.wording import barometer, joint, numbers, sentences
from tests.factories import level, report_on
from tests.report_values import HOSTILE, REFERENCES, compared, edition, of_several, told_in, typed
from tests.test_report import mixed

RUNS = tuple("=+-@\t\r\n＝＋－＠")


@pytest.fixture(autouse=True, params=["en", "fr"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture(scope="module")
def content(shipped):
    return shipped[0]


@pytest.fixture(scope="module")
def told(content):
    return compared(report_on(content, mixed, references=REFERENCES, barometer=[edition(content)]))


def facts(data: bytes, part: str = "", *, separator: str | None = None) -> list[dict[str, str]]:
    """The rows of a file by the heads of its columns; of one part if named."""
    text = data.decode("utf-8-sig")
    separator = separator or {"en": ",", "fr": ";"}[translation.get_language()]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    assert len({len(row) for row in rows}) == 1
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return [row for row in found if not part or row[gettext("Part")] == gettext(part)]


def form(number: str) -> str:
    """A number in the reader's form."""
    return number.replace(".", "," if translation.get_language() == "fr" else ".")


def near(number: Fraction | None) -> str:
    return "" if number is None else form(f"{float(round(number, 6)):.6f}".rstrip("0").rstrip("."))


def test_it_is_one_table_with_one_head_and_one_row_for_each_fact(told):
    data = report_csv(told)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = facts(data)
    assert {row[gettext("Organisation")] for row in rows} == {"Maison Dupont"}
    assert {row[gettext("Date of the result")] for row in rows} == {"2026-11-02"}
    questions = [question for part in told.dimensions for question in part.questions]
    counts = {"Whole": 1, "Dimension": 5, "Question": len(questions), "Step of the plan": len(told.plan)}
    for part, number in (counts | {"Published figure": 2, "Barometer": 10, "Point of the barometer": 2}).items():
        assert len(facts(data, part)) == number, part


def test_the_whole_and_the_dimensions_have_shown_and_exact_scores(told):
    data = report_csv(told)
    whole = facts(data, "Whole")[0]
    assert whole[gettext("Score or points")] == numbers.whole(told.result.score)
    assert whole[gettext("Exact score or points")] == near(told.result.score)
    assert whole[gettext("Lowest possible score")] == numbers.whole(told.result.range.low)
    assert whole[gettext("Answer or statement")] == sentences.opening(told)
    for row, part in zip(facts(data, "Dimension"), told.dimensions, strict=True):
        assert row[gettext("Dimension")] == str(part.title)
        assert row[gettext("Score or points")] == (
            numbers.whole(part.score) if part.is_scored else sentences.state(part)
        )
        assert row[gettext("Exact score or points")] == near(part.score)
        assert row[gettext("Level")] == (str(part.level.number) if part.level else "")
        assert row[gettext("Coverage (%)")] == re.sub(r"\D", "", numbers.percent(part.coverage))


def test_questions_and_steps_have_their_numbers_in_the_readers_form(told, language):
    data = report_csv(told)
    questions = [question for part in told.dimensions for question in part.questions]
    for row, question in zip(facts(data, "Question"), questions, strict=True):
        shown = sentences.state(question) if question.score is None else numbers.points(question.score)
        assert (row[gettext("Score or points")], row[gettext("Weight")]) == (shown, numbers.points(question.weight))
        assert row[gettext("Answer or statement")] == sentences.answer(question)
    for row, step in zip(facts(data, "Step of the plan"), told.plan, strict=True):
        assert "+" + row[gettext("Gain")] == numbers.gain(step.gain)
        assert row[gettext("Score afterwards")] == numbers.decimal(step.score_after)
        assert {"en": ".", "fr": ","}[language] in row[gettext("Score afterwards")]


def test_means_are_rounded_half_up_and_published_figures_keep_their_decimals(content, told):
    row = facts(report_csv(of_several(content, [1, 3, 3], scoring.Mode.OPEN)), "Question")[0]
    assert row[gettext("Score or points")] == form("33.3")
    assert row[gettext("Exact score or points")] == form("33.333333")
    assert {row[gettext("Published (%)")] for row in facts(report_csv(told), "Published figure")} == {form("59.5")}
    step = replace(told.plan[0], gain=Fraction(1, 4))
    assert facts(report_csv(replace(told, plan=(step,))), "Step of the plan")[0][gettext("Gain")] == form("0.3")


def test_100_is_shown_only_for_100(told):
    part = replace(told.dimensions[0], score=Fraction(996, 10), coverage=Fraction(996, 1000))
    row = facts(report_csv(replace(told, dimensions=(part,))), "Dimension")[0]
    assert [row[gettext(head)] for head in ("Score or points", "Coverage (%)")] == ["99", "99"]
    assert row[gettext("Exact score or points")] == form("99.6")
    part = replace(part, score=Fraction(100), coverage=Fraction(1))
    row = facts(report_csv(replace(told, dimensions=(part,))), "Dimension")[0]
    assert [row[gettext(head)] for head in ("Score or points", "Exact score or points")] == ["100", "100"]


def test_a_negative_number_stays_a_number(content):
    before = report_on(content, level(4)).result
    rows = facts(report_csv(report_on(content, level(3), before=(content, before))), "Last round")
    assert {row[pgettext("of a score", "Change")] for row in rows} == {"-25"}
    assert {row[gettext("Score or points")] for row in rows} == {"75"}


def test_nothing_that_was_typed_runs_and_all_of_it_is_kept(told):
    data = report_csv(typed(told, *HOSTILE))
    assert facts(data)[0][gettext("Organisation")] == "'" + HOSTILE[0]
    for row, text in zip(facts(data, "Question"), HOSTILE, strict=False):
        for head in ("Note", "Evidence"):
            cell = row[gettext(head)]
            assert not cell.startswith(RUNS)
            assert cell == safe(text)
            assert re.sub(r"(^|[,;\t\r\n]\"*)'(?=[=+\-@\t\r\n＝])", r"\1", cell) == re.sub("^'(?==)", "", text)
    assert {row[gettext("Note")] for row in facts(data, "Note")} == {safe(text) for text in HOSTILE}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_a_formula_where_a_program_takes_another_separator(told, separator):
    """A comma file in a French spreadsheet program: cells begin where nobody meant them to."""
    text = report_csv(typed(told, *HOSTILE)).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        for cell in row:
            assert not re.match(r"[=+@\t\r\n＝]|-(?!\d)", cell), cell


def test_what_was_published_has_its_source_or_is_said_to_be_missing(told):
    data = report_csv(replace(told, comparisons=(*told.comparisons, replace(told.comparisons[0], figures=()))))
    part = told.comparisons[0]
    *figures, none = facts(data, "Published figure")
    assert [row[gettext("Answer or statement")] for row in figures] == [sentences.figure(pair) for pair in part.figures]
    assert {row[gettext("Source")] for row in figures} == {sentences.source(part.figures[0][1])}
    assert none[gettext("Answer or statement")] == barometer.unpublished(replace(part, figures=()))
    for row, point in zip(facts(data, "Point of the barometer"), told.barometer[0].criteria, strict=True):
        assert row[gettext("Question or step")] == str(point.criterion.title)
        assert row[gettext("Answer or statement")].endswith(barometer.criterion(point))


def test_ordinary_text_is_left_as_it_is():
    for text in ("a=b", "1-2", "x, -y", "a + b; c", "", "l’équipe « A »"):
        assert safe(text) == text


def test_characters_that_no_file_carries_are_replaced_and_long_texts_kept(told):
    long = "é" * 40_000
    data = report_csv(typed(told, "a\x00b\x0bc\ud800d", long))
    assert facts(data)[0][gettext("Organisation")] == "a�b�c�d"
    assert facts(data, "Question")[1][gettext("Note")] == long


@pytest.mark.parametrize("of", ["solo", "open", "confidential", "no score"])
def test_what_is_left_out_of_a_report_is_in_no_row(content, of):
    told = told_in(of, content, frozenset())
    rows = facts(report_csv(told))
    assert {row[gettext("Part")] for row in rows} == {gettext("Whole"), gettext("Dimension")}
    assert rows[0][gettext("Score or points")] == (
        gettext("no score") if of == "no score" else numbers.whole(told.result.score)
    )


@pytest.mark.parametrize("of", ["open", "confidential"])
def test_answers_without_talking_points_say_nothing_of_how_people_differ(content, of):
    rows = facts(report_csv(told_in(of, content, frozenset({Part.ANSWERS}))))
    assert {row[gettext("Part")] for row in rows} == {gettext("Whole"), gettext("Dimension"), gettext("Question")}
    assert {(row[gettext("Views differ")], row[gettext("Source")]) for row in rows} == {("", "")}


def test_several_people_are_shown_as_far_as_the_round_allows(content):
    told = of_several(content, [1, 3, 5], scoring.Mode.OPEN)
    rows = facts(report_csv(told), "Question")
    assert rows[0][gettext("Views differ")] == gettext("yes")
    assert rows[0][gettext("Source")] == joint.spread(told.dimensions[0].questions[0])
    assert len(facts(report_csv(told), "By role")) == 10
    note = facts(report_csv(told), "Note")[0]
    assert (note[gettext("Note")], note[gettext("Who")]) == ("We never agreed", numbers.role("sales"))
    hidden = report_csv(of_several(content, [1, 3, 5, 2, 3], scoring.Mode.CONFIDENTIAL))
    assert {row[gettext("Source")] for row in facts(hidden, "Question")} == {""}
    assert facts(hidden, "Note")[0][gettext("Who")] == ""


def test_a_confidential_report_says_the_level_of_a_question_and_no_number(content):
    told = of_several(content, [1, 3, 5, 2, 3], scoring.Mode.CONFIDENTIAL)  # a mean of 45
    data = report_csv(told)
    first = told.dimensions[0].questions[0]
    for row in facts(data, "Question"):
        assert (row[gettext("Score or points")], row[gettext("Exact score or points")]) == ("", "")
        assert row[gettext("Level")] == str(first.place[0])
    assert facts(data, "Question")[0][gettext("Answer or statement")] == sentences.answer(first)
    assert facts(data, "By role")
    for row in facts(data, "By role"):
        assert (row[gettext("Score or points")], row[gettext("Exact score or points")]) == ("", "")
        assert row[gettext("Answer or statement")]
    for row, step in zip(facts(data, "Step of the plan"), told.plan, strict=True):
        assert row[gettext("Gain")] in (str(step.gain), numbers.gain(step.gain, 0))
        assert row[gettext("Score afterwards")] == str(step.score_after)
    assert "45" in facts(data, "Dimension")[0][gettext("Exact score or points")]

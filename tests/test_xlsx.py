"""The report as a workbook, read back from its bytes."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import openpyxl
import pytest
from django.utils import translation
from django.utils.translation import gettext

from assessment import scoring
from assessment.documents.xlsx import MOST_UNITS, report_xlsx
from assessment.report.parts import Part
from assessment.scoring import levels
from assessment.wording import barometer, joint, numbers, sentences
from tests.factories import level, report_on
from tests.report_values import HOSTILE, REFERENCES, compared, edition, of_several, told_in, typed, without_score
from tests.test_report import mixed


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


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def sheet(data: bytes, title: str) -> list[dict]:
    """The rows of a sheet by the heads of its columns, as cells."""
    rows = list(opened(data)[gettext(title)].iter_rows())
    heads = [cell.value for cell in rows[0]]
    assert len(set(heads)) == len(heads)
    return [dict(zip(heads, row, strict=True)) for row in rows[1:]]


def column(data: bytes, title: str, head: str) -> list:
    return [row[gettext(head)].value for row in sheet(data, title)]


def overview(data: bytes) -> dict:
    """The first sheet: what each row says, as cells."""
    rows = opened(data)[gettext("Overview")].iter_rows(min_row=2)
    return {row[0].value: (row[1], row[2]) for row in rows}


def worksheets(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [file.read(name).decode() for name in file.namelist() if "worksheets/" in name]


def near(number: Fraction | None) -> float | None:
    return None if number is None else float(round(number, 6))


def test_each_part_is_a_sheet_named_in_the_language(told):
    titles = opened(report_xlsx(told)).sheetnames
    expected = ["Overview", "Dimensions", "Answers", "Plan", "Barometer", "Published figures"]
    assert titles == [gettext(title) for title in expected]
    for title in titles:
        assert re.fullmatch(r"[^\[\]:*?/\\']{1,31}", title)


def test_sheets_have_a_head_that_stays_and_columns_that_can_be_read(told):
    for part in opened(report_xlsx(told)):
        assert part.freeze_panes == "B2"
        assert all(cell.font.bold and cell.value for cell in part[1])
        assert not any(cell.font.bold for row in part.iter_rows(min_row=2) for cell in row)
        assert all(cell.alignment.wrap_text for row in part.iter_rows() for cell in row)
        assert all(8 <= size.width <= 80 for size in part.column_dimensions.values())
        assert all(15 <= size.height <= 409 for size in part.row_dimensions.values())


def test_the_whole_stands_on_the_first_sheet(told):
    said = overview(report_xlsx(told))
    assert said[gettext("Organisation")][0].value == "Maison Dupont"
    assert said[gettext("Date of the result")][0].value == datetime(2026, 11, 2)
    assert said[gettext("Date of the result")][0].is_date
    assert said[gettext("In one sentence")][0].value == sentences.opening(told)
    shown, exact = said[gettext("Score (0 to 100)")]
    assert (shown.value, shown.number_format) == (levels.shown(told.result.score), "0")
    assert (exact.value, exact.number_format) == (near(told.result.score), "0.0#####")
    for name, end in (
        ("Lowest possible score", told.result.range.low),
        ("Highest possible score", told.result.range.high),
    ):
        assert [cell.value for cell in said[gettext(name)]] == [levels.shown(end), near(end)]
    assert said[gettext("How certain it is")][0].value == sentences.certainty(told)


def test_dimensions_have_the_numbers_of_the_page_and_the_exact_ones(told):
    data = report_xlsx(told)
    rows = sheet(data, "Dimensions")
    for row, part in zip(rows, told.dimensions, strict=True):
        got = {head: cell.value for head, cell in row.items()}
        assert got[gettext("Dimension")] == str(part.title)
        assert got[gettext("Score")] == (int(numbers.whole(part.score)) if part.is_scored else sentences.state(part))
        assert got[gettext("Level")] == (part.level.number if part.level else None)
        assert got[gettext("Exact score")] == near(part.score)
        assert got[gettext("Exact coverage")] == near(part.coverage)
        assert got[gettext("Exact lowest possible")] == (near(part.range.low) if part.range else None)
        share = row[gettext("Coverage")]
        assert share.number_format == ("0%" if part.range else "General")
        assert share.value == (None if part.coverage is None else levels.shown(part.coverage * 100) / 100)
    barometer = gettext("Barometer %(edition)s (level, our editorial reading)")
    assert [row[barometer % {"edition": 2017}].value for row in rows] == [3, None, None, 1, None]


def test_answers_have_words_points_and_weight(told):
    rows = sheet(report_xlsx(told), "Answers")
    questions = [question for part in told.dimensions for question in part.questions]
    for row, question in zip(rows, questions, strict=True):
        got = {head: cell.value for head, cell in row.items()}
        assert (got[gettext("Question")], got[gettext("Answer")]) == (str(question.text), sentences.answer(question))
        assert got[gettext("Points")] == (
            sentences.state(question) if question.score is None else float(question.score)
        )
        assert got[gettext("Weight")] == float(question.weight)
        assert got[gettext("Exact points")] == near(question.score)


def test_the_plan_has_gain_and_score_as_shown_and_exactly(told):
    rows = sheet(report_xlsx(told), "Plan")
    for row, step in zip(rows, told.plan, strict=True):
        gain = row[gettext("Gain")]
        assert (f"{gain.value:+.1f}", gain.number_format) == (f"{float(step.gain):+.1f}", "+0.0;-0.0;0.0")
        assert row[gettext("Exact gain")].value == near(step.gain)
        assert row[gettext("Score afterwards")].number_format == "0.0"
        assert row[gettext("Exact score afterwards")].value == near(step.score_after)
        assert row[gettext("Done when")].value == str(step.to)
        assert row[gettext("Usual owner")].value == numbers.role(step.owner)


@pytest.mark.parametrize(
    ("score", "shown"), [(Fraction(996, 10), 99), (Fraction(1, 3), 1), (Fraction(99, 2), 50), (Fraction(100), 100)]
)
def test_100_is_shown_only_for_100_and_0_only_for_0(told, score, shown):
    part = replace(told.dimensions[0], score=score, coverage=score / 100)
    data = report_xlsx(replace(told, result=replace(told.result, score=score), dimensions=(part, *told.dimensions[1:])))
    assert [cell.value for cell in overview(data)[gettext("Score (0 to 100)")]] == [shown, near(score)]
    assert column(data, "Dimensions", "Score")[0] == shown
    assert column(data, "Dimensions", "Coverage")[0] == shown / 100


def test_what_is_not_nothing_is_not_shown_as_nothing(told):
    step = replace(told.plan[0], gain=Fraction(1, 30))
    row = sheet(report_xlsx(replace(told, plan=(step,))), "Plan")[0]
    assert row[gettext("Gain")].value == numbers.gain(Fraction(1, 30))
    assert row[gettext("Exact gain")].value == 0.033333


def test_a_change_since_an_earlier_round_is_a_number_and_may_be_negative(content, told):
    earlier = report_on(content, level(4)).result
    data = report_xlsx(report_on(content, level(3), before=(content, earlier)))
    cells = [row[gettext("Since last round")] for row in sheet(data, "Dimensions")]
    assert {(cell.value, cell.number_format, cell.data_type) for cell in cells} == {(-25, "+0;-0;0", "n")}
    assert column(data, "Dimensions", "Last round") == [75] * 5


def test_published_figures_stand_beside_the_answer_with_their_source(told):
    rows = sheet(report_xlsx(told), "Published figures")
    assert [row[gettext("You too")].value for row in rows] == [gettext("yes"), gettext("no")]
    cells = rows[0]
    assert (cells[gettext("Percent")].value, cells[gettext("Percent")].number_format) == (0.595, "0.0%")
    assert [cells[gettext(head)].value for head in ("Publisher", "Year", "Number of answers")] == ["SIIA", 2012, 100]
    assert cells[gettext("Published by a vendor")].value == gettext("yes")


def test_nothing_that_was_typed_runs_and_all_of_it_is_kept(told):
    data = report_xlsx(typed(told, *HOSTILE))
    for xml in worksheets(data):
        assert not re.search(r"<(f|hyperlink)\b", xml)
        assert not re.search(r'<c [^>]*t="inlineStr"[^>]*(/>|></c>)', xml)
        assert set(re.findall(r'<c [^>]*\bt="(\w+)"', xml)) <= {"inlineStr", "n"}
    said = overview(data)[gettext("Organisation")][0]
    assert (said.value, said.data_type, said.quotePrefix) == (HOSTILE[0], "s", True)
    rows = sheet(data, "Answers")
    assert len(rows) > len(HOSTILE)
    for row, text in zip(rows, HOSTILE, strict=False):
        for cell in (row[gettext("Note")], row[gettext("Evidence")]):
            kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x003D_", "_x005F_x003D_")
            assert (cell.value, cell.data_type, cell.hyperlink) == (kept, "s", None)
            assert bool(cell.quotePrefix) == (text[0] in "=+-@\t\r\n'")


def test_characters_that_no_file_carries_are_replaced(told):
    data = report_xlsx(typed(told, "a\x00b\x0bc\x1fd\ud800e\ufffef\x7f"))
    assert overview(data)[gettext("Organisation")][0].value == "a�b�c�d�e�f\x7f"


@pytest.mark.parametrize("letter", ["é", "👩"])
def test_what_no_cell_holds_is_cut_and_says_so(told, letter):
    data = report_xlsx(typed(told, letter * 40_000))
    value = overview(data)[gettext("Organisation")][0].value
    note = gettext(" […] Cut here: a cell of a spreadsheet holds no more.")
    assert value.endswith(letter + note)
    assert MOST_UNITS - 1 <= len(value.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert set(value.removesuffix(note)) == {letter}
    assert opened(data).properties.title.endswith(note)


def test_the_file_says_title_and_language_and_nothing_of_people_or_machines(told, language):
    data = report_xlsx(told)
    properties = opened(data).properties
    assert properties.title == gettext("Report: %(name)s") % {"name": "Maison Dupont"}
    assert properties.language == language
    assert properties.creator == gettext("Social media maturity")
    assert (properties.lastModifiedBy, properties.description, properties.keywords) == (None, None, None)
    assert properties.created == properties.modified == told.subject.made_at.replace(tzinfo=None)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in file.namelist() if "custom" in name or "external" in name]
    assert report_xlsx(told) == data


def test_a_report_without_a_score_says_so(content):
    told = without_score(content)
    said = overview(report_xlsx(told))
    assert [cell.value for cell in said[gettext("Score (0 to 100)")]] == [gettext("no score"), None]
    low, high = told.result.level_range
    assert said[gettext("Level (1 to 5)")][0].value == f"{low}–{high}"
    assert said[gettext("Name of the level")][0].value == gettext("Not certain yet")
    scores = column(report_xlsx(told), "Dimensions", "Score")
    assert scores == [75, *[gettext("not enough answers")] * 4]


def test_each_point_of_the_barometer_stands_beside_where_the_organisation_is(told):
    rows = sheet(report_xlsx(told), "Barometer")
    for row, point in zip(rows, told.barometer[0].criteria, strict=True):
        got = {head: cell.value for head, cell in row.items()}
        assert got[gettext("Edition")] == 2017
        assert (got[gettext("Point")], got[gettext("What the barometer found")]) == (
            str(point.criterion.title),
            str(point.criterion.text),
        )
        assert (got[gettext("Where you stand")] or "", got[gettext("Why")]) == (
            barometer.stands(point),
            barometer.criterion(point),
        )
        assert got[gettext("Source of the finding")] == barometer.confidence("second-hand")
    assert [bool(row[gettext("Where you stand")].value) for row in rows] == [True, False]


def test_what_has_no_published_figure_says_so(told):
    part = replace(told.comparisons[0], figures=())
    row = sheet(report_xlsx(replace(told, comparisons=(part,))), "Published figures")[0]
    assert row[gettext("What was published")].value == barometer.unpublished(part)
    assert (row[gettext("Percent")].value, row[gettext("Publisher")].value) == (None, None)


@pytest.mark.parametrize("of", ["solo", "open", "confidential", "no score"])
def test_what_is_left_out_of_a_report_is_in_no_sheet(content, of):
    told = told_in(of, content, frozenset())
    book = opened(report_xlsx(told))
    assert book.sheetnames == [gettext("Overview"), gettext("Dimensions")]
    heads = [cell.value for cell in book[gettext("Dimensions")][1]]
    assert not [head for head in heads if "201" in head or head == gettext("Last round")]
    assert gettext("Next steps") not in overview(report_xlsx(told))
    assert opened(report_xlsx(replace(told, dimensions=()))).sheetnames == [gettext("Overview")]


@pytest.mark.parametrize("of", ["open", "confidential"])
def test_answers_without_talking_points_say_nothing_of_how_people_differ(content, of):
    data = report_xlsx(told_in(of, content, frozenset({Part.ANSWERS})))
    heads = sheet(data, "Answers")[0].keys()
    assert heads.isdisjoint(map(gettext, ("Views differ", "Lowest answer", "Highest answer", "Note")))
    assert not {gettext("By role"), gettext("Notes")} & set(opened(data).sheetnames)


def test_an_open_round_shows_ends_roles_and_notes(content):
    told = of_several(content, [1, 3, 5], scoring.Mode.OPEN)
    data = report_xlsx(told)
    assert overview(data)[gettext("People who answered")][0].value == 3
    assert gettext("People invited") not in overview(data)
    rows = sheet(data, "Answers")
    first = told.dimensions[0].questions[0]
    assert rows[0][gettext("Views differ")].value == gettext("yes")
    assert rows[0][gettext("Lowest answer")].value == str(first.lowest)
    assert rows[0][gettext("Highest answer")].value == str(first.highest)
    roles = sheet(data, "By role")
    head = gettext("%(role)s (people: %(count)s)") % {"role": numbers.role("marketing"), "count": 1}
    assert [row[head].value for row in roles] == [25] * 5
    assert column(data, "Notes", "Note") == ["We never agreed"]
    assert column(data, "Notes", "Role") == [numbers.role("sales")]


def test_a_confidential_round_shows_levels_of_questions_no_number_and_no_ends(content):
    told = of_several(content, [1, 3, 5, 2, 3], scoring.Mode.CONFIDENTIAL)
    data = report_xlsx(told)
    said = overview(data)
    assert (said[gettext("People who answered")][0].value, said[gettext("People invited")][0].value) == (5, 9)
    answers, plan, roles = (sheet(data, name)[0] for name in ("Answers", "Plan", "By role"))
    for head in ("Points", "Exact points", "Lowest answer", "Highest answer"):
        assert gettext(head) not in answers
    assert set(column(data, "Answers", "Level")) == {told.dimensions[0].questions[0].place[0]}
    assert not {gettext("Exact gain"), gettext("Exact score afterwards")} & plan.keys()
    for row, step in zip(sheet(data, "Plan"), told.plan, strict=True):
        assert row[gettext("Gain")].value in (step.gain, numbers.gain(step.gain, 0))
        assert row[gettext("Score afterwards")].value == step.score_after
    assert {type(cell.value) for cell in roles.values()} == {str}
    assert said[gettext("What is shown of a question")][0].value == joint.levels(told)
    assert column(data, "Notes", "Role") == [None]


def test_means_of_several_are_shown_with_one_decimal(content):
    data = report_xlsx(of_several(content, [1, 3, 3], scoring.Mode.OPEN))
    cell = sheet(data, "Answers")[0][gettext("Points")]
    assert (cell.value, cell.number_format) == (33.3, "0.0")
    assert column(data, "Answers", "Exact points")[0] == 33.333333

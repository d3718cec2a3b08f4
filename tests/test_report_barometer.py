"""Against the barometer, without a database: which questions carry a point, where one stands on it, and how it is said."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils.translation import override

from assessment import scoring
from assessment.content.structure import QuestionnaireContent, Text
from assessment.documents import pdf
from assessment.documents.facts import facts
from assessment.documents.overview import overview
from assessment.models.outline import Outline
from assessment.report.barometer import CriterionPart, Standing
from assessment.report.building import build
from assessment.report.evidence import Criterion, Edition, Published, Statement
from assessment.report.parts import WHOLE, Joint, Part, Report, Source, Subject
from assessment.report.question import QuestionPart
from assessment.scoring import CriterionResult
from assessment.scoring.score import score
from assessment.wording import barometer, sentences
from tests.factories import NOON, changed_question, chosen, level, report_on

ONE, TWO, THREE = "charter-document", "charter-sharing", "charter-personal"
ALL = (ONE, TWO, THREE)


@pytest.fixture(scope="module")
def content(shipped) -> QuestionnaireContent:
    """The shipped questionnaire, in which only these three questions rest on a finding."""
    found = shipped[0]
    for dimension in found.dimensions:
        for question in dimension.questions:
            named = ("gap-a", "figure-a") if question.key in ALL else ()
            found = changed_question(found, question.key, findings=named)
    return found


def criterion(key: str = "gap-a", **fields) -> Criterion:
    values = {
        "kind": "gap",
        "title": Text("charters", "chartes"),
        "text": Text("No charters.", "Pas de chartes."),
        "dimension": "charter",
        "confidence": "primary",
        "figures": (Statement("figure-a", Text("57% had none.", "57 % n’en avaient pas."), "second-hand"),),
    }
    return Criterion(key, **values | fields)


def edition(*criteria: Criterion, year: int = 2016, **fields) -> Edition:
    values = {
        "title": Text("Barometer", "Baromètre"),
        "publisher": "We",
        "period": Text("In spring", "Au printemps"),
        "sample": 312,
        "population": Text("marketers, France", "marketeurs, France"),
        "vendor": True,
    }
    return Edition(edition=year, criteria=criteria or (criterion(),), **values | fields)


def told(content: QuestionnaireContent, picks: dict[str, str], *editions: Edition, **more) -> Report:
    return report_on(content, chosen(picks), barometer=editions or (edition(),), **more)


def at(**points: int) -> dict[str, str]:
    """Choices worth so many points, by the short names of the three questions."""
    names = {"one": ONE, "two": TWO, "three": THREE}
    return {names[name]: f"level-{value // 25 + 1}" for name, value in points.items()}


def test_a_point_is_carried_by_the_scored_questions_that_rest_on_it(content):
    (part,) = told(content, at(one=75, two=0)).criteria
    assert [question.key for question in part.questions] == list(ALL)
    assert [question.score for question in part.questions] == [75, 0, None]
    assert (part.edition, str(part.dimension)) == (2016, "Charter")
    assert part.weakest.key == TWO
    assert [question.key for question in part.open] == [THREE]


def test_the_figures_linked_to_a_point_stand_beside_it(content):
    (part,) = told(content, {}).criteria
    assert [figure.key for figure in part.figures] == ["figure-a"]
    assert (
        barometer.statement(part.figures[0])
        == "The same edition published this figure on it: 57% had none. Quoted by another page."
    )


def test_a_figure_that_shares_a_question_with_a_point_and_is_not_linked_to_it_does_not(shipped):
    """A6: nine of ten figures that stood there were about something else."""
    questionnaire, evidence = shipped
    linked = {key for finding in evidence.findings for key in finding.linked_findings}
    sharing = {key for part in questionnaire.dimensions for question in part.questions for key in question.findings}
    assert {finding.key for finding in evidence.findings if finding.published_figure} & sharing - linked
    unlinked = edition(criterion(figures=()))
    assert [part.figures for part in told(questionnaire, {}, unlinked).criteria] == [()]


def test_editions_come_in_their_order_and_one_without_a_point_is_left_out(content):
    last, empty = (
        edition(criterion("gap-b"), year=2017),
        Edition(2015, Text("A", "A"), "We", Text("B", "B"), None, Text("C", "C"), False, ()),
    )
    assert [part.study.edition for part in told(content, {}, last, empty, edition()).barometer] == [2016, 2017]


STANDINGS = [
    (at(one=50, two=50, three=100), Standing.REACHED),
    (at(one=50), Standing.REACHED),
    (at(one=25, two=0, three=0), Standing.NOT_YET),
    (at(one=50, two=25), Standing.PARTLY),
    ({}, Standing.UNKNOWN),
]


@pytest.mark.parametrize(("picks", "standing"), STANDINGS)
def test_where_one_stands_is_read_off_each_question(content, picks, standing):
    assert told(content, picks).criteria[0].standing == standing


def test_a_point_that_no_question_carries_is_said_to_be_so(content):
    (part,) = told(content, {}, edition(criterion("elsewhere", dimension="nowhere"))).criteria
    assert (part.standing, part.dimension, part.questions) == (Standing.NOT_ASKED, None, ())
    assert barometer.criterion(part) == "No question asks about this, so there is nothing to set beside it."


def test_a_point_about_what_does_not_apply_is_said_to_be_so(content):
    (part,) = told(content, {}, left_out=("charter",)).criteria
    assert part.standing == Standing.NOT_APPLICABLE
    assert (barometer.stands(part), barometer.criterion(part)) == (
        "Does not apply",
        "The questions about this do not apply to you.",
    )


def test_where_no_answer_may_be_seen_nothing_is_said_of_them(content):
    shows = WHOLE - {Part.ANSWERS}
    hidden = told(content, at(one=0, two=0, three=0), shows=shows)
    (part,) = hidden.criteria
    assert (part.standing, part.questions, part.weakest) == (Standing.NOT_SHOWN, (), None)
    assert (barometer.stands(part), barometer.criterion(part), barometer.barometer(hidden)) == ("", "", "")
    assert barometer.measure(hidden) == ""
    assert hidden.comparisons == ()


def test_without_the_barometer_there_is_none_of_it(content):
    shows = WHOLE - {Part.BAROMETER}
    hidden = told(content, {**at(one=0), "context-platform": "no"}, shows=shows)
    assert (hidden.barometer, hidden.comparisons, barometer.barometer(hidden)) == ((), (), "")


SENTENCES = [
    (at(one=75), "The only question about this that was answered scores 75 out of 100. 2 questions have no answer."),
    (at(one=50, two=75, three=100), "Each of the 3 questions about this reaches 50 points."),
    (
        at(one=50, two=0, three=25),
        "Of the 3 questions about this, only one reaches 50 points. "
        "Weakest: “How do your staff find out about your social media rules?” (0 out of 100).",
    ),
    (
        at(one=50, two=50, three=25),
        "Of the 3 questions about this, 2 reach 50 points. Weakest: “What do your rules say about staff who post about the "
        "organisation from their personal accounts?” (25 out of 100).",
    ),
    (
        at(one=25, three=0),
        "None of the 2 questions about this that were answered reaches 50 points. Weakest: “What do your rules say "
        "about staff who post about the organisation from their personal accounts?” (0 out of 100). "
        "One question has no answer.",
    ),
    ({}, "No answer yet on this."),
]


@pytest.mark.parametrize(("picks", "sentence"), SENTENCES)
def test_where_one_stands_in_a_sentence(content, picks, sentence):
    assert barometer.criterion(told(content, picks).criteria[0]) == sentence


def test_a_question_is_called_the_one_about_a_point_only_where_there_is_no_other(content):
    """Those without an answer are questions about it, too."""
    alone = changed_question(changed_question(content, TWO, findings=()), THREE, findings=())
    for asked, english, french in (
        (alone, "The one question about this scores", "La seule question sur ce point obtient"),
        (
            content,
            "The only question about this that was answered scores",
            "La seule question renseignée sur ce point obtient",
        ),
    ):
        (part,) = told(asked, at(one=75)).criteria
        assert english in barometer.criterion(part)
        with override("fr"):
            assert french in barometer.criterion(part)


def test_of_several_questions_it_is_said_in_french_how_many_reach_half_of_the_points(content):
    said = []
    for picks in (at(one=50, two=0, three=0), at(one=50, two=50, three=0), at(one=0, two=0, three=0)):
        with override("fr"):
            said.append(barometer.criterion(told(content, picks).criteria[0]).split("\u00a0: ")[0])
    assert said == [
        "Des 3 questions sur ce point, une seule atteint 50 points. La plus faible",
        "Des 3 questions sur ce point, 2 atteignent 50 points. La plus faible",
        "Aucune des 3 questions sur ce point n’atteint 50 points. La plus faible",
    ]


@pytest.mark.parametrize(("points", "gap", "practice"), [(100, "Closed", "Reached"), (0, "Still open", "Not yet")])
def test_of_a_gap_it_is_said_otherwise_than_of_a_practice(content, points, gap, practice):
    picks = at(one=points, two=points, three=points)
    parts = [told(content, picks, edition(criterion(kind=kind))).criteria[0] for kind in ("gap", "practice")]
    assert [barometer.stands(part) for part in parts] == [gap, practice]
    assert [barometer.kind(part) for part in parts] == ["Gap named", "Practice described"]


def several(content: QuestionnaireContent, *scores: int) -> Report:
    """A report on as many gaps as there are scores, each carried by one question; -1 is no answer."""
    for number, key in enumerate(ALL, start=1):
        content = changed_question(content, key, findings=(f"gap-{number}",))
    gaps = [criterion(f"gap-{n}", title=Text(f"point {n}", f"point {n}")) for n in range(1, len(scores) + 1)]
    picks = dict(zip(("one", "two", "three"), scores, strict=False))
    return told(content, at(**{name: value for name, value in picks.items() if value >= 0}), edition(*gaps))


OPENINGS = [
    ((-1,), "Of the gap named by the barometer, none is closed. Too few answers to tell: point 1."),
    ((50,), "Of the gap named by the barometer, 1 is closed."),
    ((75, 100), "Of the 2 gaps named by the barometer, 2 are closed."),
    ((25, 0), "Of the 2 gaps named by the barometer, none is closed. Still open: point 2 and point 1."),
    (
        (100, 0, -1),
        "Of the 3 gaps named by the barometer, 1 is closed. Still open: point 2. Too few answers to tell: point 3.",
    ),
]


@pytest.mark.parametrize(("scores", "sentence"), OPENINGS)
def test_the_part_opens_with_the_gaps_closed_and_names_the_others(content, scores, sentence):
    assert barometer.barometer(several(content, *scores)) == sentence


@pytest.mark.parametrize(("scores", "closed", "of"), [((-1, 50), 1, 2), ((49, 49), 0, 2), ((50, 50, 50), 3, 3)])
def test_the_gaps_closed_are_counted_of_those_that_apply(content, scores, closed, of):
    report = several(content, *(25 if score == 49 else score for score in scores))
    said = "none is" if not closed else f"{closed} is" if closed == 1 else f"{closed} are"
    assert barometer.gaps(report) == f"Of the {of} gaps named by the barometer, {said} closed."
    told = [one.standing for one in report.result.criteria if one.kind == "gap"]
    assert (told.count("reached"), len(told)) == (closed, of)


def test_what_does_not_apply_is_no_gap_of_this_organisation(content):
    report = told(content, {}, left_out=("charter",))
    assert (barometer.gaps(report), barometer.barometer(report), barometer.measure(report)) == ("", "", "")


def test_the_opening_names_what_lies_in_between(content):
    content = changed_question(content, TWO, findings=("gap-b",))
    both = edition(criterion(), criterion("gap-b", title=Text("sharing", "diffusion")))
    text = barometer.barometer(told(content, at(one=100, three=0, two=100), both))
    assert text == "Of the 2 gaps named by the barometer, 1 is closed. Partly closed: charters."
    text = barometer.barometer(told(content, at(one=100, three=0, two=0), both))
    assert text == "Of the 2 gaps named by the barometer, none is closed. Still open: sharing. Partly closed: charters."


def test_a_gap_that_both_editions_name_is_counted_twice_and_named_once(content):
    content = changed_question(content, TWO, findings=("gap-b",))
    text = barometer.barometer(
        told(content, at(one=0, two=0, three=0), edition(), edition(criterion("gap-b"), year=2017))
    )
    assert text == "Of the 2 gaps named by the barometer, none is closed. Still open: charters."


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (3, "point 1, point 2 and point 3"),
        (4, "point 1, point 2, point 3 and point 4"),
        (5, "point 1, point 2, point 3 and 2 more"),
    ],
)
def test_others_stands_for_at_least_two_names(content, count, names):
    gaps = [criterion(f"gap-{number}", title=Text(f"point {number}", "")) for number in range(1, count + 1)]
    asked = changed_question(content, ONE, findings=tuple(gap.key for gap in gaps))
    text = barometer.barometer(told(asked, at(one=0), edition(*gaps)))
    assert text == f"Of the {count} gaps named by the barometer, none is closed. Still open: {names}."


def test_only_gaps_are_counted_in_the_opening(content):
    outlook = edition(criterion(kind="outlook"))
    assert barometer.barometer(told(content, at(one=0), outlook)) == ""


def test_an_edition_says_who_answered_when_and_that_a_vendor_published_it(content):
    (part,) = told(content, {}).barometer
    assert barometer.edition(part) == (
        "In spring. Who answered: marketers, France (312 answers). Published by We. "
        "A vendor is among the publishers: it sells what the study is about. "
        "Source: taken from the article we started from."
    )
    (part,) = told(content, {}, edition(sample=None, vendor=False)).barometer
    assert barometer.edition(part).startswith("In spring. Who answered: marketers, France. Published by We. Source")


def test_of_several_people_the_mean_is_compared(content):
    """What is shown of a joint result is its question scores: the sentence holds no more than they do."""
    question = QuestionPart(ONE, Text("Q", "Q"), "scored", Fraction(125, 3), Fraction(1), None)
    told = CriterionResult("gap-a", 2016, "gap", scoring.Standing.NOT_YET, Fraction(125, 3))
    part = CriterionPart(2016, criterion(), None, (question,), (), told)
    assert (part.standing, barometer.criterion(part)) == (
        Standing.NOT_YET,
        "The one question about this scores 41.7 out of 100.",
    )


def test_a_study_of_about_so_many_answers_says_about():
    figure = Published(54, Text("do", "font"), "SIIA", 2012, 100, Text("marketers", "marketeurs"), False)
    assert sentences.source(figure) == "SIIA, 2012, marketers, 100 answers"
    about = Published(54, Text("do", "font"), "SIIA", 2012, 100, Text("m", "m"), True, "second-hand", approximate=True)
    assert sentences.source(about) == "SIIA, 2012, m, about 100 answers, published by a vendor, quoted by another page"


def test_what_was_published_of_no_choice_is_said(content):
    report_ = told(content, {"context-networks": "tiktok", "context-platform": "no"})
    networks, platform = report_.comparisons
    assert (networks.figures, [str(text) for text in networks.without]) == ((), ["TikTok"])
    assert barometer.unpublished(networks) == "No published figure on this question."
    assert platform.without == ()  # of two choices the figure of the one says the other's as well


def test_every_point_of_the_shipped_evidence_has_a_question_or_is_context(shipped):
    content, evidence = shipped
    carried = {key for part in content.dimensions if part.scored for item in part.questions for key in item.findings}
    points = [finding for finding in evidence.findings if finding.criterion]
    assert {finding.kind for finding in points if finding.key not in carried} == {"context"}
    assert {finding.kind for finding in points} == {"gap", "progress", "practice", "outlook", "context"}
    editions = {study.key for study in evidence.studies if study.edition}
    assert {finding.study for finding in points} == editions


def test_it_is_said_in_french_with_its_own_texts(content):
    with override("fr"):
        text = barometer.edition(told(content, {}).barometer[0])
    assert "marketeurs, France" in text
    assert "Au printemps" in text


def test_a_figure_is_introduced_by_no_sentence_that_would_go_on_with_a_capital(content):
    """Its text begins with a capital: what stands before the colon is a heading, without a verb."""
    (part,) = told(content, {}).criteria
    with override("fr"):
        text = barometer.statement(part.figures[0])
    assert text.startswith("Chiffre de la même édition à ce sujet\u00a0: 57")


def test_the_whole_shipped_questionnaire_gets_an_opening(shipped):
    content, evidence = shipped
    made = []
    for study in (study for study in evidence.studies if study.edition):
        points = [
            Criterion(item.key, item.kind, item.title, item.text, item.dimension, item.confidence)
            for item in evidence.findings
            if item.criterion and item.study == study.key
        ]
        made.append(edition(*points, year=study.edition))
    assert barometer.barometer(report_on(content, level(1), barometer=made)).startswith(
        "Of the 9 gaps named by the barometer, none is closed."
    )
    told = barometer.barometer(report_on(content, level(5), barometer=made))
    assert told == "Of the 9 gaps named by the barometer, 9 are closed."


# Contradictions ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def without_document(content) -> QuestionnaireContent:
    """The same, where the question whether there are rules carries no finding."""
    return changed_question(content, ONE, findings=())


CONTRADICTED = {ONE: "level-1", TWO: "level-4", THREE: "level-4"}  # rules are shared, and there are none


def test_a_gap_closed_by_an_answer_that_another_contradicts_says_so_in_the_headline(without_document):
    report = told(without_document, CONTRADICTED)
    (part,) = report.gaps
    assert (part.standing, part.is_contradicted, report.contradicted_gaps) == (Standing.REACHED, True, 1)
    assert barometer.gaps_title(report) == "1 of 1 gaps closed, 1 of them contradicted"
    said = "1 of the closed gaps rests on an answer that another answer contradicts."
    assert said in barometer.gaps_left(report)
    assert said in barometer.barometer(report)
    assert barometer.stands(part) == "Closed, contradicted"
    assert barometer.criterion(part).endswith("An answer on this contradicts another one.")
    assert barometer.shortfall(part) == "An answer on this contradicts another one."
    assert ("Contradicted gaps", said, None) in list(overview(report))
    assert any(said in row for row in facts(report))
    printed = pdf.whole(report)
    assert printed["gaps"]["title"] == pdf.summary(report)["gaps"]["title"] == barometer.gaps_title(report)
    assert printed["criteria"]["groups"][0]["rows"][0]["stands"] == "Closed, contradicted"
    with override("fr"):
        said = barometer.gaps_title(report).replace("\u00a0", " ")
        assert said == "1 lacune sur 1 comblée, dont 1 contredite"
        assert barometer.stands(part) == "Comblée, contredite"


@pytest.mark.parametrize("picks", [{**CONTRADICTED, ONE: "level-4"}, {**CONTRADICTED, THREE: "level-1"}])
def test_a_gap_without_contradiction_or_that_is_not_closed_has_no_caveat(without_document, picks):
    report = told(without_document, picks)
    assert report.contradicted_gaps == 0
    assert "contradict" not in barometer.gaps_title(report) + barometer.barometer(report)


@pytest.fixture(scope="module")
def only_document(content) -> QuestionnaireContent:
    """The same, where the question whether there are rules carries the finding alone."""
    return changed_question(changed_question(content, TWO, findings=()), THREE, findings=())


def people(content: QuestionnaireContent, *each: dict[str, str]) -> Report:
    """The report on so many people of an open round, each by what they picked."""
    asked = Outline(0, 1, content, {}).scoring
    given = [
        scoring.Response(
            "sales", {key: scoring.Answer(scoring.AnswerState.ANSWERED, (pick,)) for key, pick in picks.items()}
        )
        for picks in each
    ]
    result = score(replace(asked, criteria=(scoring.Criterion("gap-a", 2016, "gap"),)), given, mode=scoring.Mode.OPEN)
    standings = {found.key: found for found in result.criteria}
    joint = Joint(scoring.Mode.OPEN, len(given), None, 5)
    subject = Subject("Maison Dupont", NOON, 1)
    return build(Source(subject, content, 1, {}, {}, joint=joint, barometer=[edition()], standings=standings), result)


def test_a_gap_that_many_close_is_not_contradicted_by_the_few_who_say_that_it_is_open(only_document):
    """One of four shares rules that they say do not exist; the gap rests on the three who have them."""
    report = people(only_document, *[{ONE: "level-5", TWO: "level-1"}] * 3, CONTRADICTED)
    (part,) = report.gaps
    assert report.result.contradictions
    assert (part.standing, part.is_contradicted, report.contradicted_gaps) == (Standing.REACHED, False, 0)


def test_who_is_not_shown_contradictions_is_not_told_of_them_beside_a_gap(without_document):
    report = told(without_document, CONTRADICTED, shows=WHOLE - {Part.VIEWS})
    assert report.gap_count.closed == 1
    assert report.contradicted_gaps == 0
    assert "contradict" not in barometer.gaps_title(report) + barometer.stands(report.gaps[0])

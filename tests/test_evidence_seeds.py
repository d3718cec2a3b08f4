"""The shipped evidence beside the five articles it began with, read one by one: their figures, and nothing they do not say."""

import re
from dataclasses import dataclass

import pytest

from assessment.content.files import unspoken
from assessment.content.structure import EvidenceContent, FindingContent, StudyContent

PRIMARY, AUTHOR = "primary", "author"  # read in one of the five articles: of the study, or what the article itself says
SIIA = ("North America", "business-to-business")
IDC = ("marketing and communications departments", "consumer")
FEVAD = ("e-commerce", "e-tourism", "banking", "insurance")
TBWA = ("French", "Fortune Global 500", "CAC 40")
MICROSOFT = ("social media professionals", "six countries", "France")


@dataclass(frozen=True)
class Stated:
    """What an article states: `value` as the evidence repeats it, "" where it is no result of the study.

    `numbers` are all that the words of the finding may hold. `sample` is of the study, None where the article states none;
    `of` is the narrower group that the value is about, in the words of the finding's sample. `year` is the study's, None
    where no article gives it. `article`: the number of the article, 0 to 4.
    """

    article: int
    finding: str
    value: str
    numbers: str
    sample: int | None
    population: tuple[str, ...]
    year: int | None
    of: str = ""
    confidence: str = PRIMARY


STATED = (
    # 0: directions of marketing in North America, by Claire Cavret; the year and "B2B" are those of article 1
    Stated(0, "si-02", "90%", "90", 100, SIIA, 2012),
    Stated(0, "si-03", "three quarters", "", 100, SIIA, 2012),
    Stated(0, "si-04", "59%", "59", 100, SIIA, 2012, of="companies that use social sites"),
    Stated(0, "si-05", "53%", "53", 100, SIIA, 2012, of="companies that use social sites"),
    Stated(0, "si-06", "54.5%", "54.5", 100, SIIA, 2012),
    Stated(0, "si-07", "35%", "35", 100, SIIA, 2012),
    Stated(0, "si-08", "65%", "65", 100, SIIA, 2012),
    Stated(0, "si-09", "more than 70%", "70", 100, SIIA, 2012),
    # 1: the same study on a blog
    Stated(1, "si-01", "", "2011 2012", 100, SIIA, 2012),
    Stated(1, "si-10", "nearly 60% say 5%", "60 5", 100, SIIA, 2012),
    # 2: four studies
    Stated(2, "id-02", "54%", "54", 124, IDC, 2011),
    Stated(2, "id-03", "half", "2012", 124, IDC, 2011, of="unclear"),
    Stated(2, "id-04", "less than 1%", "1", 124, IDC, 2011),
    Stated(2, "fe-01", "", "70 18 2011", 70, FEVAD, 2011),
    Stated(2, "fe-02", "95%", "95 2012", 70, FEVAD, 2011),
    Stated(2, "fe-03", "80%", "80 2012", 70, FEVAD, 2011),
    Stated(2, "fe-05", "two thirds", "", 70, FEVAD, 2011),
    Stated(2, "fe-06", "25 in 100", "25 100", 70, FEVAD, 2011),
    Stated(2, "fe-07", "8%", "8", 70, FEVAD, 2011),
    Stated(2, "tb-01", "39 of 49", "39 49", 49, TBWA, 2011),
    Stated(2, "tb-02", "7 of 39", "7 39", 49, TBWA, 2011, of="39 companies"),
    Stated(2, "ms-01", "", "2011", None, MICROSOFT, 2011),
    Stated(2, "ms-02", "74%", "74", None, MICROSOFT, 2011),
    Stated(2, "ms-03", "47%", "47", None, MICROSOFT, 2011),
    Stated(2, "ms-04", "half of the cases", "", None, MICROSOFT, 2011),
    Stated(2, "ms-05", "72%", "72", None, MICROSOFT, 2011),
    # 3: the social media observatory again; the 124 and the 800 internet users are here
    Stated(3, "id-01", "", "124 800 2011", 124, IDC, 2011),
    Stated(3, "id-08", "4 in 100", "4 100", 124, IDC, 2011, of="not stated"),
    Stated(3, "id-15", "", "2006", 124, IDC, 2011, of="none", confidence=AUTHOR),
    # 4: the two editions of the barometer: no figure and no sample
)
BY_FINDING = {stated.finding: stated for stated in STATED}
# Article 4 in the order of its sentences: two editions, and what its author says of the landscape and of what is to come.
GAPS_2016, PROGRESS_2017, GAPS_2017, AUTHOR_S = (
    tuple(f"cr-{number:02}" for number in numbers)
    for numbers in (range(1, 5), range(5, 8), range(8, 13), range(13, 19))
)


@pytest.fixture(scope="module")
def evidence(shipped) -> EvidenceContent:
    return shipped[1]


@pytest.fixture(scope="module")
def findings(evidence) -> dict[str, FindingContent]:
    return {finding.key: finding for finding in evidence.findings}


@pytest.fixture(scope="module")
def studies(evidence) -> dict[str, StudyContent]:
    return {study.key: study for study in evidence.studies}


def numbers(text: str) -> set[str]:
    """The numbers in a text, in one form: 54.5 and 54,5 are the same."""
    return {number.replace(",", ".") for number in re.findall(r"\b\d+(?:[.,]\d+)?\b", text)}


@pytest.mark.parametrize("stated", STATED, ids=lambda stated: stated.finding)
def test_each_figure_of_the_articles_is_there_with_its_value_year_and_sample(findings, studies, stated):
    finding = findings[stated.finding]
    study = studies[finding.study]
    assert finding.confidence == stated.confidence
    assert (finding.published_figure.en if finding.published_figure else "") == stated.value
    assert (study.year, study.sample) == (stated.year, stated.sample)
    for words in stated.population:
        assert words in study.population.en
    assert stated.of in finding.sample.en
    allowed = numbers(f"{stated.sample} {stated.of}")
    assert numbers(f"{finding.sample.en} {finding.sample.fr}") <= allowed


def test_what_was_read_in_an_article_holds_no_number_that_the_article_does_not(findings):
    for finding in findings.values():
        if finding.confidence in (PRIMARY, AUTHOR):
            stated = BY_FINDING.get(finding.key)
            said = [finding.text, *filter(None, [finding.published_figure])]
            found = numbers(" ".join(word for text in said for word in (text.en, text.fr)))
            assert found <= (numbers(stated.numbers) if stated else set()), finding.key


def test_what_was_read_in_an_article_has_no_published_figure_beside_those_of_the_table(findings):
    primary = [finding for finding in findings.values() if finding.confidence in (PRIMARY, AUTHOR)]
    assert {f.key for f in primary if f.published_figure} == {stated.finding for stated in STATED if stated.value}


def test_a_percentage_beside_an_answer_is_that_of_its_article(evidence):
    for figure in evidence.figures:
        if stated := BY_FINDING.get(figure.finding):
            assert stated.value == f"{figure.percent.normalize():f}%", figure.key


def test_what_the_barometer_found_is_told_apart_from_what_the_author_of_the_summary_says(findings):
    kinds = {"gap": GAPS_2016 + GAPS_2017, "progress": PROGRESS_2017}
    for kind, keys in kinds.items():
        assert {(findings[key].kind, findings[key].confidence) for key in keys} == {(kind, PRIMARY)}
    for key in AUTHOR_S:
        assert findings[key].confidence == AUTHOR
        assert "the author of the summary" in findings[key].text.en
        assert "l’article qui résume l’étude" in findings[key].text.fr
    assert {key for key, finding in findings.items() if finding.criterion} == {
        *GAPS_2016, *PROGRESS_2017, *GAPS_2017, *AUTHOR_S,
    }  # fmt: skip


def test_a_sample_that_the_summary_does_not_state_is_said_to_be_from_elsewhere(findings, studies):
    for key in GAPS_2016 + PROGRESS_2017 + GAPS_2017:
        assert "not stated" in findings[key].sample.en
    for key in AUTHOR_S:
        assert not numbers(findings[key].sample.en)
    first = studies["barometer-2016"]
    assert (first.edition, first.year, first.sample) == (2016, 2015, None)
    assert "July 2015" in first.period.en


def test_opinions_of_the_articles_are_no_findings_of_the_study(findings):
    said = {"si-13", "si-14", "id-09", "id-15", "id-17"}
    assert {key for key, finding in findings.items() if finding.confidence == AUTHOR} == said | set(AUTHOR_S)
    for key in said:
        assert "the author of the" in findings[key].text.en.lower()
        assert findings[key].sample.en.startswith("none, words of the author")


# Reference levels and links ------------------------------------------------------------------------------------------


def test_a_level_is_read_from_findings_of_its_edition_and_dimension_or_there_is_none(evidence, findings, studies):
    assert len(evidence.references) == 10
    for reference in evidence.references:
        of = {(studies[findings[key].study].edition, findings[key].dimension) for key in reference.findings}
        assert of == (set() if reference.level is None else {(reference.edition, reference.dimension)})


def test_a_reference_level_names_no_number_that_its_findings_do_not(evidence, findings):
    for reference in evidence.references:
        words = " ".join(findings[key].text.en for key in reference.findings)
        assert numbers(reference.why.en.replace(f"level {reference.level}", "")) <= numbers(words)


def test_a_figure_stands_beside_a_criterion_only_where_we_read_both_and_found_one_subject(findings):
    links = {key: finding.linked_findings for key, finding in findings.items() if finding.linked_findings}
    assert links == {"cr-01": ("b15-02",)}


def test_each_scored_question_carries_a_criterion_or_it_is_said_why_it_is_asked(shipped, findings):
    scored = [question for part in shipped[0].dimensions if part.scored for question in part.questions]
    without = {question.key for question in scored if not any(findings[key].criterion for key in question.findings)}
    assert without == set(unspoken())

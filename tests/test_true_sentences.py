"""Each sentence of a report is true of it, over many invented answers: when it may stand, worked out here from the scores.

Without a database. Set HYPOTHESIS_PROFILE=thorough for all 2,000 organisations.
"""

import random
import re
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from assessment.report.barometer import CriterionPart
from assessment.report.evidence import Criterion, Edition
from assessment.report.parts import DimensionPart, Report
from assessment.scoring import DimensionState, QuestionState
from assessment.wording import barometer, leads, sentences
from assessment.wording.numbers import whole
from tests.factories import report_on
from tests.sampling import THOROUGH

NUMBER = 2000 if THOROUGH else 80


def editions(evidence) -> list[Edition]:
    """The editions of the shipped evidence, with the points that they made."""
    return [
        Edition(study.edition, study.title, study.publisher, study.period, study.sample, study.population, study.vendor,
                tuple(Criterion(found.key, found.kind, found.title, found.text, found.dimension, found.confidence)
                      for found in evidence.findings if found.criterion and found.study == study.key))
        for study in evidence.studies
        if study.edition
    ]  # fmt: skip


def invented(content, chance: random.Random) -> tuple[dict[str, str], tuple[str, ...]]:
    """Answers of an organisation with a level of its own, or all alike; what is left out."""
    general, spread = chance.choice([(chance.gauss(1.6, 0.9), 0.8), (0, 0), (4, 0), (2, 0)])
    silent, picks = chance.choice([0, 0.1, 0.5]), {}
    for part in content.dimensions:
        offset = chance.gauss(0, 0.6) if spread else 0
        for question in part.questions:
            place = max(0, min(len(question.choices) - 1, round(general + offset + chance.gauss(0, spread))))
            picks[question.key] = question.choices[place].key
            if chance.random() < silent:
                picks[question.key] = "unknown"
            elif question.allows_not_applicable and chance.random() < 0.1:
                picks[question.key] = "not-applicable"
    return picks, tuple(part.key for part in content.dimensions if part.scored and chance.random() < 0.1)


@pytest.fixture(scope="module")
def reports(shipped) -> list[Report]:
    content, evidence = shipped
    known, chance = editions(evidence), random.Random(2026)
    made = []
    for _organisation in range(NUMBER):
        picks, left_out = invented(content, chance)
        made.append(
            report_on(content, lambda question, p=picks: p.get(question.key), left_out=left_out, barometer=known)
        )
    return made


def numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


def of_points(part: CriterionPart) -> Iterator[bool]:
    """Whether the sentence on a point may stand, by the questions about it."""
    text, scores = (
        barometer.criterion(part),
        [question.score for question in part.questions if question.score is not None],
    )
    at_half, least = sum(score >= 50 for score in scores), min(scores, default=None)
    asked = [question for question in part.questions if question.state != QuestionState.NOT_APPLICABLE]
    yield ("No question asks about this" in text) == (not part.questions)
    yield ("do not apply to you" in text) == (bool(part.questions) and not asked)
    yield ("No answer yet" in text) == (bool(asked) and not scores)
    told = re.sub("“.*?”", "", text)  # a question may hold numbers of its own
    if "one question about this scores" in told or "only question about this" in told:
        yield (len(scores), whole(least)) == (1, re.search(r"scores (\d+)", told)[1])
    if found := re.search(r"(Each|None) of the (\d+) questions", told):
        yield (at_half, len(scores)) == (int(found[2]) if found[1] == "Each" else 0, int(found[2]))
    if found := re.search(r"Of the (\d+) questions.*?(only one|\d+) reach", told):
        yield (at_half, len(scores)) == (1 if found[2] == "only one" else int(found[2]), int(found[1]))
    if found := re.search(r"Weakest:\s+\((\d+) out of 100\)", told):
        yield whole(least) == found[1]
    open_ones = re.search(r"(One|\d+) questions? ha(s|ve) no answer", told)
    yield len(asked) - len(scores) == (int(open_ones[1].replace("One", "1")) if open_ones else 0) or not scores
    yield ("that w" in told) == (bool(scores) and len(scores) < len(asked))


def of_dimension(part: DimensionPart) -> Iterator[bool]:
    text, scores = sentences.dimension(part), [item.score for item in part.questions if item.score is not None]
    asked = [item for item in part.questions if item.state != QuestionState.NOT_APPLICABLE]
    yield ("does not apply" in text) == (part.state == DimensionState.NOT_APPLICABLE) == (not asked)
    yield ("too little for a score" in text) == (part.state == DimensionState.NOT_ENOUGH)
    told = re.sub("“.*?”", "", text)
    weak = sum(item.weight for item in part.questions if item.score is not None and item.score < 50)
    if "at the top" in told:
        yield set(scores) == {100}
    if "No weak point" in told:
        yield min(scores) >= 50
    if "Held back by" in told:
        yield min(scores) < 50 and part.weak[0].score < 50
    if "Strong: " in told or "no strong one" in told:
        yield ("Strong: " in told) == (max(scores) >= 75)
    if "here is weak" in told or "Half of" in told or "% of this" in told:
        share = re.search(r"(\d+)% of this", told)
        known = sum(item.weight for item in part.questions if item.score is not None)
        said = int(share[1]) if share else 50 if "Half of" in told else 100
        yield abs(weak * 100 / known - said) < 1


def of_whole(report: Report) -> Iterator[bool]:
    """The opening, how certain it is, the gaps and the leads."""
    scored = [part for part in report.dimensions if part.is_scored]
    questions = [item for part in report.dimensions for item in part.questions]
    asked = [item for item in questions if item.state != QuestionState.NOT_APPLICABLE]
    answered = [item for item in asked if item.score is not None]
    certain, opening = sentences.certainty(report), sentences.opening(report)
    complete = bool(asked) and len(answered) == len(asked)
    yield ("All applicable" in certain or "Complete score" in certain) == complete
    yield ("No question applies" in certain) == (not asked)
    if "Complete score" in certain:
        yield numbers(certain) == [len(answered), len(asked)]
    if "questions have a score" in certain:
        yield numbers(certain)[:2] == [len(answered), len(asked)]
    yield ("no overall score" in opening) == (report.result.score is None)
    yield ("is at level" in opening) == (report.result.score is not None and report.result.level_stated)
    standings = [one.standing.value for one in report.gaps if one.standing.value != "not-applicable"]
    if told := barometer.gaps(report):
        closed = standings.count("reached")
        yield numbers(told) == [number for number in (len(standings), closed) if number] or len(standings) == 1
        yield ("none is closed" in told) == (closed == 0)
    if report.plan:
        small, lead = sum(step.effort == "S" for step in report.plan), leads.plan_lead(report)
        yield bool(re.search(r"low-effort steps?", lead)) == (small == len(report.plan))
        yield ("of which take" in lead) == (0 < small < len(report.plan))
    else:
        at_top = "every answer is at the top" in sentences.plan(report)
        yield at_top == (bool(scored) and all(part.score == 100 for part in scored))
    lead = leads.dimensions_lead(report)
    built = [part for part in scored if part.level.number >= 3]
    if found := re.search(r"(\d+) of (\d+) dimensions? reach", lead):
        too_few = [part for part in report.dimensions if part.state == DimensionState.NOT_ENOUGH]
        yield [int(number) for number in found.groups()] == [len(built), len(scored) + len(too_few)]
    yield ("No dimension has reached level 3" in lead) == (bool(scored) and not built)
    lead = leads.profile_lead(report)
    if found := re.search(r"strongest in (.+) \((\d+)\) and weakest in (.+) \((\d+)\)", lead):
        most, least = max(part.score for part in scored), min(part.score for part in scored)
        yield (found[2], found[4]) == (whole(most), whole(least))
        yield all((str(part.title) in found[1]) == (whole(part.score) == whole(most)) for part in scored)
        yield all((str(part.title) in found[3]) == (whole(part.score) == whole(least)) for part in scored)


def test_what_is_said_of_a_point_of_the_barometer_is_true(reports):
    with override("en"):
        false = [(barometer.criterion(part)) for one in reports for part in one.criteria if not all(of_points(part))]
    assert false == []


def test_what_is_said_of_a_dimension_is_true(reports):
    with override("en"):
        false = [sentences.dimension(part) for one in reports for part in one.dimensions if not all(of_dimension(part))]
    assert false == []


def test_what_is_said_of_the_whole_is_true(reports):
    with override("en"):
        false = [(place, list(of_whole(one))) for place, one in enumerate(reports) if not all(of_whole(one))]
    assert false == []


def said(report: Report) -> list[list[str]]:
    """The numbers of every sentence, in order; those of the questions' own texts are the same in both."""
    told = [sentences.opening(report), sentences.certainty(report), barometer.gaps(report)]
    told += [sentences.dimension(part) for part in report.dimensions]
    told += [barometer.criterion(part) for part in report.criteria]
    return [sorted(re.findall(r"\d+", re.sub("“.*?”|«.*?»", "", text))) for text in told]


def test_the_french_says_the_same_numbers(reports):
    for report in reports:
        with override("en"):
            english = said(report)
        with override("fr"):
            french = said(report)
        assert [pair for pair in zip(english, french, strict=True) if pair[0] != pair[1]] == []

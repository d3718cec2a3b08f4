"""From rows to a report: what the report of a result is built from, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping

from django.core.cache import cache

from assessment import report, scoring
from assessment.content.structure import QuestionnaireContent
from assessment.models.evidence import Figure, ReferenceLevel, Study
from assessment.models.outline import outline, text_of
from assessment.models.response import Answer, Response
from assessment.models.result import Result
from assessment.models.round import Round


def report_of(result: Result, *, with_earlier: bool, with_plan: bool) -> report.Report:
    """The report of a stored result, by the questionnaire it was made with; at most three queries."""
    this_round, content = result.round, outline(result.questionnaire).content
    values = result.values
    answered = given(result.response) if result.response else {}
    source = report.Source(
        subject=report.Subject(
            this_round.organisation.name, result.created_at, this_round.number, this_round.organisation.is_demo
        ),
        questionnaire=content,
        version=result.questionnaire.version,
        given=answered,
        references=references(),
        before=_earlier(result, values) if with_earlier and this_round.number > 1 else None,
        with_plan=with_plan,
        figures=figures() if _has_comparisons(content, answered) else {},
    )
    return report.build(source, values)


def references() -> dict[str, list[report.Reference]]:
    """The reference levels of each dimension, by edition."""
    found = defaultdict(list)
    for row in ReferenceLevel.objects.order_by("edition"):
        found[row.dimension].append(report.Reference(row.edition, row.level, text_of(row, "why")))
    return dict(found)


def figures() -> dict[str, report.Published]:
    """The published figures by key; what an administrator corrects is seen within five minutes."""
    return cache.get_or_set("figures", _figures, timeout=300)


def _figures() -> dict[str, report.Published]:
    rows = Figure.objects.select_related("finding__study")
    return {row.key: _published(row, row.finding.study) for row in rows}


def _published(figure: Figure, study: Study) -> report.Published:
    return report.Published(
        percent=figure.percent,
        label=text_of(figure, "label"),
        publisher=study.publisher,
        year=study.year,
        sample=study.sample,
        population=text_of(study, "population"),
        vendor=study.vendor,
    )


def _has_comparisons(content: QuestionnaireContent, answered: Mapping[str, report.Given]) -> bool:
    unscored = (question.key for part in content.dimensions if not part.scored for question in part.questions)
    return any(key in answered for key in unscored)


def given(response: Response) -> dict[str, report.Given]:
    """What a response answered, in words."""
    questions = response.outline.questions
    return {key: _given(questions[key], answer) for key, answer in response.saved_answers().items()}


def _given(question, answer: Answer) -> report.Given:
    texts = tuple(choice.text for choice in question.choices if choice.key in answer.choices)
    return report.Given(answer.state, texts, answer.note, answer.evidence)


def _earlier(result: Result, values: scoring.Result) -> report.Earlier | None:
    """The round before this one, compared with it."""
    this_round: Round = result.round
    rounds = Result.objects.of_rounds().filter(
        round__organisation=this_round.organisation_id, round__number__lt=this_round.number
    )
    before = rounds.select_related("round", "questionnaire").order_by("-round__number").first()
    if before is None:
        return None
    old, new = outline(before.questionnaire).scoring, outline(result.questionnaire).scoring
    changes = scoring.compare(old, before.values, new, values)
    return report.Earlier(before.created_at, before.round.number, before.values, changes)

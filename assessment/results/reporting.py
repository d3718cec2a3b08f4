"""From rows to a report: what the report of a result is built from, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.core.cache import caches
from django.db.models import Count, Q, QuerySet, Subquery

from assessment import scoring
from assessment.barometer.peers import peers_of
from assessment.content.structure import QuestionnaireContent
from assessment.models.answer import Answer, SavedAnswer
from assessment.models.evidence import Figure, Finding, ReferenceLevel, Study
from assessment.models.outline import outline, text_of
from assessment.models.prepared import Prepared
from assessment.models.response import Response
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.report.barometer import joined
from assessment.report.building import build
from assessment.report.effect import AfterPlan
from assessment.report.evidence import Criterion, Edition, Published, Reference, Statement
from assessment.report.parts import WHOLE, Earlier, Joint, Part, Report, Source, Subject, Voice
from assessment.report.question import Given, Note
from assessment.scoring.comparison import compare, same_whole
from assessment.scoring.score import standings
from assessment.scoring.supposing import after_steps, steps_to_level, suppose
from assessment.text.comparing import searchable


def report_of(result: Result, shows: frozenset[Part] = WHOLE, *, by_link: bool = False) -> Report:
    """The report of a stored result, by the questionnaire it was made with, with these parts; at most three queries, and two for
    peers every five minutes.

    `by_link`: it is read through a reading link, perhaps by somebody else than whoever answered.
    """
    source = _source(result, shows)
    voice = _voice(result, by_link=by_link)
    role = result.response.role if result.response and not by_link else ""
    after = after_plan(result.asked, result.values, source.barometer) if Part.PLAN in shows else None
    return build(
        replace(source, subject=replace(source.subject, voice=voice, role=role), after_plan=after), result.values
    )


def _voice(result: Result, *, by_link: bool) -> Voice:
    """One person's own report in a round of several people does not speak for the organisation."""
    if result.response is None or result.round.is_solo:
        return Voice.ORGANISATION
    return Voice.ONE_PERSON if by_link else Voice.YOURS


def after_plan(
    asked: scoring.Questionnaire, values: scoring.Result, editions: Iterable[Edition]
) -> Callable[[], AfterPlan] | None:
    """How to find what the plan of a result does to its whole, and to the criteria that its steps can move; None without a plan.

    It is as much work as the score was, and most pages are kept and need it no more.
    """
    return partial(_after_plan, asked, values, editions) if values.plan else None


def _after_plan(asked: scoring.Questionnaire, values: scoring.Result, editions: Iterable[Edition]) -> AfterPlan:
    then = after_steps(asked, values, len(values.plan))
    moved = {finding for step in values.plan for finding in asked.question(step.question).findings}
    kinds = {told.key: told for told in asked.criteria}
    criteria = (kinds.get(criterion.key, criterion) for criterion in criteria_of(editions) if criterion.key in moved)
    questions = {question.key: question for question in then.questions}
    found = standings(replace(asked, criteria=tuple(criteria)), questions)
    return AfterPlan(then, steps_to_level(asked, values, then), {told.key: told for told in found})


def supposed(result: Result, reached: Mapping[str, str]) -> Report:
    """The report there would be if these questions reached these choices (keys); it is compared with no other round."""
    return build(_source(result, frozenset()), suppose(result.asked, result.values, reached))


def _source(result: Result, shows: frozenset[Part]) -> Source:
    this_round, content = result.round, outline(result.questionnaire).content
    values = result.values
    answered = given(result.response) if result.response else {}
    before, first = _earlier(result, values) if Part.EARLIER in shows and this_round.number > 1 else (None, None)
    editions = _editions_of(values, result.asked)
    return Source(
        subject=Subject(
            this_round.organisation.name,
            result.created_at,
            this_round.number,
            is_demo=this_round.organisation.is_demo,
            answers_erased=result.answers_erased,
        ),
        questionnaire=content,
        version=result.questionnaire.version,
        given=answered,
        references=references(),
        barometer=editions,
        before=before,
        first=first,
        joint=None if result.response else joint(result),
        figures=figures() if _has_comparisons(content, answered) else {},
        standings=standings_in(values, result.asked, editions),
        shows=shows,
        peers=peers_of(this_round.organisation) if Part.BAROMETER in shows else None,
    )


def criteria_of(editions: Iterable[Edition]) -> tuple[scoring.Criterion, ...]:
    """The criteria of the evidence as the scoring core takes them."""
    return tuple(
        scoring.Criterion(criterion.key, edition.edition, criterion.kind)
        for edition in editions
        for criterion in edition.criteria
    )


def standings_in(
    values: scoring.Result, asked: scoring.Questionnaire, editions: Iterable[Edition]
) -> dict[str, scoring.CriterionResult]:
    """Where a result stands on each criterion of the evidence: as it was found with it, or, made before that, as it is now."""
    found = {told.key: told for told in values.criteria}
    others = tuple(criterion for criterion in criteria_of(editions) if criterion.key not in found)
    questions = {question.key: question for question in values.questions}
    return found | {told.key: told for told in standings(replace(asked, criteria=others), questions)}


def _editions_of(values: scoring.Result, asked: scoring.Questionnaire) -> Sequence[Edition]:
    """The editions of the barometer with the points that the result was made with, also those that are none any more.

    Without those that its questions carry and that became points later; a result of version 1 was made with none, and
    takes them all. One query more where a point is none any more.
    """
    editions: Sequence[Edition] = barometer()
    found = {told.key: told.edition for told in values.criteria}
    if values.version == 1:
        return editions
    later = {key for question in asked.scored_questions for key in question.findings} - found.keys()
    editions = [replace(one, criteria=tuple(x for x in one.criteria if x.key not in later)) for one in editions]
    gone = found.keys() - {criterion.key for edition in editions for criterion in edition.criteria}
    if gone:
        rows = Finding.objects.filter(key__in=gone).select_related("study").prefetch_related("linked_findings")
        for row in rows.order_by("key"):
            editions = joined(editions, _edition(row.study, found[row.key], [row]))
    return editions


def answers_behind(result: Result, *, optional: bool = True) -> list[scoring.Response] | None:
    """The answers that a result holds when it is given as data; a joint one, and one whose answers were erased, holds none.

    Without the `optional` ones, of dimensions that are not scored, it is computed again just as well.
    """
    response = result.response
    if response is None or result.answers_erased:
        return None
    values = response.values(response.saved_answers(), result.excluded)
    if not optional:
        scored = {question.key for question in result.asked.scored_questions}
        values = replace(values, answers={key: said for key, said in values.answers.items() if key in scored})
    return [values]


def joint(result: Result) -> Joint:
    """How a joint result came about, as it was published; notes as far as their authors agreed. One query."""
    return Joint(
        mode=scoring.Mode(result.round.mode),
        responses=result.responses,
        invited=result.invited,
        smallest_group=result.smallest_group,
        roles=result.role_groups,
        notes=_notes(result),
    )


def _notes(result: Result) -> dict[str, tuple[Note, ...]]:
    """The notes of what was published, by question: in a confidential round those that may be shown, and of no role.

    None once somebody's answers were erased from it: the note that went would be theirs.
    """
    if result.levels_only and result.answers_erased:
        return {}
    this_round, keys = result.round, outline(result.questionnaire).question_keys
    found = Answer.objects.exclude(note="").filter(
        response__in=Response.objects.counted().filter(round=this_round, batch__lte=this_round.publications)
    )
    if this_round.is_confidential:
        found = found.filter(response__shares_notes=True)
    if result.levels_only:
        found = found.annotate(agreed=_agreed(this_round)).filter(agreed__gte=result.smallest_group)
    notes = defaultdict(list)
    for question, text, role in found.values_list("question_id", "note", "response__role"):
        notes[keys[question]].append(Note(text, "" if this_round.is_confidential else role))
    return {
        key: tuple(sorted(listed, key=lambda note: (searchable(note.text), note.text, note.role)))
        for key, listed in notes.items()
    }


def _agreed(round_: Round) -> Subquery:
    """How many of those whose answers are published, and no owner knows, agreed that their notes are shown."""
    those = Response.objects.counted().filter(
        round=round_, batch__lte=round_.publications, shares_notes=True, by_owner=False, opens_round=False
    )
    return Subquery(those.order_by().values("round").annotate(number=Count("pk")).values("number"))


def references() -> dict[str, list[Reference]]:
    """The reference levels of each dimension, by edition; what an administrator corrects is seen within five minutes."""
    return caches["local"].get_or_set("references", _references, timeout=300)


def _references() -> dict[str, list[Reference]]:
    found = defaultdict(list)
    for row in ReferenceLevel.objects.order_by("edition"):
        found[row.dimension].append(Reference(row.edition, row.level, text_of(row, "why")))
    return dict(found)


def barometer() -> tuple[Edition, ...]:
    """The editions of the barometer with the points they make; what an administrator corrects is seen within five minutes."""
    return caches["local"].get_or_set("barometer", _barometer, timeout=300)


def _barometer() -> tuple[Edition, ...]:
    rows = Study.objects.exclude(edition=None).prefetch_related("findings__linked_findings")
    return tuple(_edition(row, row.edition, [item for item in row.findings.all() if item.criterion]) for row in rows)


def _edition(study: Study, year: int, criteria: Iterable[Finding]) -> Edition:
    return Edition(
        edition=year,
        title=text_of(study, "title"),
        publisher=study.publisher,
        period=text_of(study, "period"),
        sample=study.sample,
        population=text_of(study, "population"),
        vendor=study.vendor,
        criteria=tuple(map(_criterion, criteria)),
    )


def _criterion(finding: Finding) -> Criterion:
    text = text_of(finding, "text")
    title = text_of(finding, "title") or text
    figures = tuple(Statement(row.key, text_of(row, "text"), row.confidence) for row in finding.linked_findings.all())
    return Criterion(finding.key, finding.kind, title, text, finding.dimension, finding.confidence, figures)


def figures() -> dict[str, Published]:
    """The published figures by key; what an administrator corrects is seen within five minutes."""
    return caches["local"].get_or_set("figures", _figures, timeout=300)


def _figures() -> dict[str, Published]:
    rows = Figure.objects.select_related("finding__study")
    return {row.key: _published(row, row.finding.study) for row in rows}


def _published(figure: Figure, study: Study) -> Published:
    return Published(
        percent=figure.percent,
        label=text_of(figure, "label"),
        publisher=study.publisher,
        year=study.year,
        sample=study.sample,
        population=text_of(study, "population"),
        vendor=study.vendor,
        confidence=figure.finding.confidence,
        approximate=study.approximate,
    )


def _has_comparisons(content: QuestionnaireContent, answered: Mapping[str, Given]) -> bool:
    unscored = (question.key for part in content.dimensions if not part.scored for question in part.questions)
    return any(key in answered for key in unscored)


def given(response: Response, answers: Mapping[str, SavedAnswer] | None = None) -> dict[str, Given]:
    """What a response answered, in words; `answers` are its answers where they were read already, else one query."""
    questions = response.outline.questions
    stored = response.saved_answers() if answers is None else answers
    return {key: _given(questions[key], answer) for key, answer in stored.items()}


def given_earlier(response_id: int) -> dict[str, Given]:
    """What an earlier response answered, in the words of its questionnaire; nothing once it is erased."""
    found = Response.objects.select_related("round__questionnaire").filter(pk=response_id).first()
    return given(found) if found else {}


def _given(question, answer: SavedAnswer) -> Given:
    texts = tuple(choice.text for choice in question.choices if choice.key in answer.choices)
    return Given(answer.state, texts, answer.note, answer.evidence)


def _before(organisation: int, number: int) -> QuerySet[Result]:
    """The results of the round before this one and of the organisation's first, the later first."""
    rounds = Result.objects.of_rounds().filter(round__organisation=organisation, round__number__lt=number)
    latest, earliest = (rounds.order_by(order).values("pk")[:1] for order in ("-round__number", "round__number"))
    found = rounds.filter(Q(pk__in=latest) | Q(pk__in=earliest)).select_related("round", "questionnaire")
    return found.order_by("-round__number")


_results_before = Prepared(_before)


def _earlier(result: Result, values: scoring.Result) -> tuple[Earlier | None, Earlier | None]:
    """The round before this one, and the organisation's first when that is another; both compared with it. One query."""
    found = _results_before(result.round.organisation_id, result.round.number)
    told = [_compared(before, result, values) for before in found]
    return (told[0] if told else None), (told[1] if len(told) > 1 else None)


def _compared(before: Result, result: Result, values: scoring.Result) -> Earlier:
    old, new = outline(before.questionnaire).scoring, outline(result.questionnaire).scoring
    earlier = before.values
    same = result.questionnaire.same_since(before.questionnaire)
    changes = compare(old, earlier, new, values, same=same)
    comparable = same_whole(old, new, same=same)
    return Earlier(
        before.created_at,
        before.round.number,
        earlier,
        changes,
        whole_comparable=comparable,
        mode=scoring.Mode(before.round.mode),
        responses=before.responses,
    )

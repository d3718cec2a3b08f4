"""The evidence by dimension: as the methodology page tells it, and what a finding can be about."""

import pickle
from collections.abc import Iterable, Mapping
from hashlib import sha256

from django.db import connection

from assessment.content.files import unspoken
from assessment.content.structure import QuestionnaireContent, Text
from assessment.models.evidence import Finding, ReferenceLevel, Source, Study
from assessment.models.outline import outline
from assessment.models.questionnaire import Questionnaire


def fingerprint() -> str:
    """Of all evidence in both languages: the same for as long as nothing of it changes. Six queries.

    In plain SQL, as each reader of the methodology waits for it: the rows are compared, not used.
    """
    links = (Finding.linked_findings.through, ReferenceLevel.findings.through)
    found = sha256()
    with connection.cursor() as cursor:
        for model in (Study, Finding, Source, ReferenceLevel, *links):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 (a name of ours)
            found.update(pickle.dumps(cursor.fetchall()))  # to compare, never to load
    return found.hexdigest()


def told(titles: Mapping[str, Text]) -> list[Study]:
    """Every study; its findings, in `told`, in the order of the dimensions whose titles are given, criteria first.

    Each finding names its dimension in `dimension_title`: its key where there is no such dimension. Four queries.
    """
    studies = list(Study.objects.prefetch_related("findings__sources", "findings__linked_findings"))
    for study in studies:
        study.told = sorted(
            study.findings.all(),
            key=lambda finding: (_place(titles, finding.dimension), not finding.criterion, finding.key),
        )
        for finding in study.told:
            finding.dimension_title = titles.get(finding.dimension, finding.dimension)
    return studies


def read_levels(titles: Mapping[str, Text]) -> list[ReferenceLevel]:
    """Every reference level with its findings, by dimension and edition; `dimension_title` as of a finding. Two queries.

    Each finding is told in `named`, as inside a list: by its title, or by its text without the full stop.
    """
    levels = list(ReferenceLevel.objects.prefetch_related("findings"))
    for level in levels:
        level.dimension_title = titles.get(level.dimension, level.dimension)
        for finding in level.findings.all():
            finding.named = finding.title or finding.text.removesuffix(".")
    return sorted(levels, key=lambda level: (_place(titles, level.dimension), level.edition))


def asked_without_criterion(content: QuestionnaireContent, studies: Iterable[Study]) -> list[tuple[Text, Text | None]]:
    """The scored questions on which no criterion of these studies, as `told`, speaks; each with why it is asked, if known."""
    criteria = {finding.key for study in studies for finding in study.told if finding.criterion}
    scored = [question for part in content.dimensions if part.scored for question in part.questions]
    return [
        (question.text, unspoken().get(question.key)) for question in scored if criteria.isdisjoint(question.findings)
    ]


def dimension_choices() -> list[tuple[str, str]]:
    """The dimensions that evidence can be about, with their titles, those of the current questionnaire first."""
    current = Questionnaire.objects.current() or Questionnaire.objects.order_by("-version").first()
    titles = {part.key: str(part.title or part.key) for part in outline(current).content.dimensions} if current else {}
    named = (
        Finding.objects.order_by()
        .values_list("dimension")
        .union(ReferenceLevel.objects.order_by().values_list("dimension"))
    )
    others = {name: name for (name,) in sorted(named) if name not in titles}
    return list((titles | others).items())


def _place(titles: Mapping[str, Text], dimension: str) -> tuple[int, str]:
    """Where a dimension stands; one that is not known comes last."""
    order = list(titles)
    return (order.index(dimension) if dimension in titles else len(order), dimension)

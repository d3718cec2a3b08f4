"""Studies, findings, figures and reference levels as plain values, in the order in which they came."""

from collections.abc import Iterable

from assessment.content.structure import (
    EvidenceContent,
    FigureContent,
    FindingContent,
    ReferenceContent,
    StudyContent,
)
from assessment.models.evidence import Figure, Finding, ReferenceLevel, Study
from assessment.models.outline import text_of


def stored_evidence() -> EvidenceContent:
    """All of the evidence; seven queries."""
    findings = Finding.objects.select_related("study").prefetch_related("sources", "linked_findings").order_by("pk")
    return EvidenceContent(
        studies=tuple(_study(row) for row in Study.objects.order_by("pk")),
        findings=tuple(_finding(row) for row in findings),
        figures=tuple(_figure(row) for row in Figure.objects.select_related("finding").order_by("pk")),
        references=tuple(_reference(row) for row in ReferenceLevel.objects.prefetch_related("findings").order_by("pk")),
    )


def _study(row: Study) -> StudyContent:
    return StudyContent(
        key=row.key,
        title=text_of(row, "title"),
        publisher=row.publisher,
        year=row.year,
        period=text_of(row, "period"),
        sample=row.sample,
        population=text_of(row, "population"),
        vendor=row.vendor,
        edition=row.edition,
        approximate=row.approximate,
    )


def _finding(row: Finding) -> FindingContent:
    return FindingContent(
        key=row.key,
        study=row.study.key,
        dimension=row.dimension,
        criterion=row.criterion,
        text=text_of(row, "text"),
        published_figure=text_of(row, "published_figure"),
        sample=text_of(row, "sample"),
        sources=tuple(text_of(source, "where") for source in row.sources.all()),
        confidence=row.confidence,
        kind=row.kind or None,
        title=text_of(row, "title"),
        linked_findings=_keys(row.linked_findings.all()),
    )


def _keys(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Their keys, in the order in which they came."""
    return tuple(finding.key for finding in sorted(findings, key=lambda finding: finding.pk))


def _figure(row: Figure) -> FigureContent:
    return FigureContent(row.key, row.finding.key, row.percent, text_of(row, "label"))


def _reference(row: ReferenceLevel) -> ReferenceContent:
    return ReferenceContent(
        edition=row.edition,
        dimension=row.dimension,
        level=row.level,
        reading="none" if row.level is None else "editorial",
        findings=_keys(row.findings.all()),
        why=text_of(row, "why"),
    )

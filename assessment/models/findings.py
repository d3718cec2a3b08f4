"""The evidence as it is told on the methodology page: every study with its findings, every reference level with its reasons."""

from collections.abc import Mapping

from assessment.content.structure import Text
from assessment.models.evidence import ReferenceLevel, Study


def told(titles: Mapping[str, Text]) -> list[Study]:
    """Every study; its findings, in `told`, in the order of the dimensions whose titles are given, criteria first.

    Each finding names its dimension in `dimension_title`: its key where there is no such dimension. Three queries.
    """
    studies = list(Study.objects.prefetch_related("findings__sources"))
    for study in studies:
        study.told = sorted(
            study.findings.all(),
            key=lambda finding: (_place(titles, finding.dimension), not finding.criterion, finding.key),
        )
        for finding in study.told:
            finding.dimension_title = titles.get(finding.dimension, finding.dimension)
    return studies


def read_levels(titles: Mapping[str, Text]) -> list[ReferenceLevel]:
    """Every reference level with its findings, by dimension and edition; `dimension_title` as of a finding. Two queries."""
    levels = list(ReferenceLevel.objects.prefetch_related("findings"))
    for level in levels:
        level.dimension_title = titles.get(level.dimension, level.dimension)
    return sorted(levels, key=lambda level: (_place(titles, level.dimension), level.edition))


def _place(titles: Mapping[str, Text], dimension: str) -> tuple[int, str]:
    """Where a dimension stands; one that is not known comes last."""
    order = list(titles)
    return (order.index(dimension) if dimension in titles else len(order), dimension)

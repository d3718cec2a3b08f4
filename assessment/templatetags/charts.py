"""The charts of a report, found by what they show: {{ charts|questions_of:part }}."""

from collections.abc import Mapping

from django import template

from assessment.documents.drawings import QUESTIONS
from assessment.report.parts import DimensionPart

register = template.Library()


@register.filter
def questions_of(charts: Mapping[str, dict[str, str]], part: DimensionPart) -> dict[str, str] | None:
    """The addresses of a dimension's question profile; None when the page has none."""
    return charts.get(f"{QUESTIONS}{part.key}")

"""The wording of reports, as template filters: {{ report|opening }}."""

from django import template

from assessment import wording

register = template.Library()
for name in [
    "answer",
    "bars",
    "certainty",
    "change",
    "contrast",
    "decimal",
    "dimension",
    "effort",
    "figure",
    "gain",
    "held",
    "listed",
    "opening",
    "percent",
    "plan",
    "points",
    "profile",
    "reference",
    "role",
    "rule",
    "source",
    "state",
    "step",
    "uncertainty",
    "whole",
]:
    register.filter(name, getattr(wording, name))

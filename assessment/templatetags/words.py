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
    "gain",
    "held",
    "opening",
    "percent",
    "plan",
    "points",
    "profile",
    "reference",
    "role",
    "rule",
    "state",
    "step",
    "whole",
]:
    register.filter(name, getattr(wording, name))

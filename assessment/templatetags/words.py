"""The wording of reports, as template filters: {{ report|opening }}."""

from django import template

from assessment import wording

register = template.Library()
for name in wording.__all__:
    register.filter(name, getattr(wording, name))

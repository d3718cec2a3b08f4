"""The wording of trend, comparison and plan, as template filters: {{ action|brought }}."""

from django import template

from assessment import wording_trend

register = template.Library()
register.filter("trend_text", wording_trend.trend)
register.filter("trend_breaks", wording_trend.breaks)
register.filter("action_state", wording_trend.state)
register.filter("round_level", wording_trend.level)
register.filter("course_title", wording_trend.title)
for name in [
    "brought",
    "compared",
    "difference",
    "fact",
    "mode",
    "moved",
    "moved_most",
    "now",
    "plan_counts",
    "round_state",
    "since",
    "then",
    "who_answered",
]:
    register.filter(name, getattr(wording_trend, name))

"""The wording of trend, comparison and plan, as template filters: {{ action|brought }}."""

from django import template

from assessment.wording import trend

register = template.Library()
register.filter("trend_text", trend.trend)
register.filter("trend_breaks", trend.breaks)
register.filter("action_state", trend.state)
register.filter("round_level", trend.level)
register.filter("course_title", trend.title)
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
    register.filter(name, getattr(trend, name))

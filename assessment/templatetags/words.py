"""The wording of reports, trend and plan as template filters, each registered by name: {{ report|opening }}."""

from django import template

from assessment.wording import barometer, figures, joint, leads, method, numbers, sentences, supposing, trend

register = template.Library()

for said in (
    # numbers and words of one thing
    numbers.decimal,
    numbers.effort,
    numbers.fact,
    numbers.gain,
    numbers.listed,
    numbers.percent,
    numbers.points,
    numbers.role,
    numbers.whole,
    # sentences of a report
    sentences.answer,
    sentences.certainty,
    sentences.change,
    sentences.change_since_first,
    sentences.dimension,
    sentences.erased,
    sentences.figure,
    sentences.held,
    sentences.moved,
    sentences.opening,
    sentences.plan,
    sentences.reference,
    sentences.source,
    sentences.state,
    sentences.step,
    sentences.uncertainty,
    sentences.worth,
    leads.before_lead,
    leads.consistency_lead,
    leads.dimensions_lead,
    leads.plan_lead,
    leads.profile_lead,
    supposing.supposed,
    # of a joint report
    joint.basis,
    joint.levels,
    joint.role_view,
    joint.roles_lead,
    joint.spread,
    joint.views,
    # the barometer of 2016-2017 and the methodology
    barometer.barometer,
    barometer.confidence,
    barometer.criterion,
    barometer.edition,
    barometer.kind,
    barometer.measure,
    barometer.stands,
    barometer.statement,
    barometer.unpublished,
    method.asked,
    method.checking,
    method.formula,
    # text alternatives of the charts
    figures.bars,
    figures.gains,
    figures.profile,
    figures.questions,
    figures.rule,
    # over the rounds
    trend.brought,
    trend.compared,
    trend.difference,
    trend.mode,
    trend.moved_most,
    trend.now,
    trend.plan_counts,
    trend.round_state,
    trend.since,
    trend.then,
    trend.who_answered,
):
    register.filter(said.__name__, said)
# What would be called like another one.
register.filter("trend_text", trend.trend)
register.filter("trend_breaks", trend.breaks)
register.filter("trend_moved", trend.moved)
register.filter("action_state", trend.state)
register.filter("round_level", trend.level)
register.filter("course_title", trend.title)

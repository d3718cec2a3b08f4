"""What templates say: the wording of reports, trend and plan, days with their zone, and what people typed.

Each filter is registered by its name: {{ report|opening }}.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django import template
from django.contrib.auth.models import AbstractBaseUser
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessment.documents.drawings import QUESTIONS
from assessment.models.secret import derived_key
from assessment.report import picture
from assessment.report.parts import DimensionPart
from assessment.report.trend import ActionPart
from assessment.text.binding import bound
from assessment.text.cleaning import isolated
from assessment.text.links import readable
from assessment.wording import (
    barometer,
    effect,
    figures,
    joint,
    leads,
    moments,
    numbers,
    peers,
    place,
    sentences,
    supposing,
    trend,
)

register = template.Library()


def on_a_page(said: Callable[..., Any]) -> Callable[..., Any]:
    """The same filter, whose sentences have no line end where none may be."""

    @wraps(said)
    def told(*given):
        found = said(*given)
        return bound(found) if type(found) is str else found

    return told


for said in (
    # numbers and words of one thing
    numbers.counted,
    numbers.decimal,
    numbers.effort,
    numbers.fact,
    numbers.gain,
    numbers.gain_in_points,
    numbers.in_words,
    numbers.listed,
    numbers.percent,
    numbers.points,
    numbers.role,
    numbers.whole,
    # sentences of a report
    sentences.answer,
    sentences.brake,
    sentences.by_answers,
    sentences.certainty,
    sentences.change,
    sentences.change_since_first,
    sentences.dimension,
    sentences.erased,
    sentences.figure,
    sentences.given,
    sentences.opening,
    sentences.plan,
    sentences.reference,
    sentences.report_title,
    sentences.source,
    sentences.state,
    sentences.strength,
    sentences.uncertainty,
    sentences.worth,
    peers.peers,
    peers.peers_basis,
    peers.peers_ends,
    place.both_ends,
    place.condition,
    place.distance,
    place.distance_short,
    place.ends,
    place.held_at,
    place.held_further,
    place.missing,
    place.near,
    place.place_in_full,
    effect.effect_gaps,
    effect.effect_moves,
    effect.first_moves,
    effect.enough,
    effect.together,
    leads.before_lead,
    leads.before_title,
    leads.consistency_lead,
    leads.dimensions_lead,
    leads.plan_lead,
    leads.profile_lead,
    leads.whole_change,
    leads.whole_change_since_first,
    supposing.supposed,
    # of a joint report
    joint.basis,
    joint.levels,
    joint.role_view,
    joint.roles_lead,
    joint.spread,
    joint.views,
    # the barometer of 2016-2017 and the methodology
    barometer.confidence,
    barometer.criterion,
    barometer.gap_signs,
    barometer.gaps_left,
    barometer.gaps_title,
    barometer.kind,
    barometer.labels,
    barometer.measure,
    barometer.standing_shares,
    barometer.standings,
    barometer.stands,
    barometer.statement,
    barometer.without_figure,
    leads.asked,
    leads.checking,
    leads.covered,
    leads.formula,
    # text alternatives of the charts
    figures.bars,
    figures.gains,
    figures.profile,
    figures.questions,
    figures.rule,
    figures.step_effort,
    # pictures that the page draws itself
    picture.bar,
    picture.in_order,
    picture.is_signed,
    picture.newest_bar,
    picture.peer_rows,
    picture.stairs,
    picture.strips,
    supposing.whole_then,
    # over the rounds
    trend.brought,
    trend.compared,
    trend.mode,
    trend.moved_most,
    trend.now,
    trend.plan_counts,
    trend.round_state,
    trend.since,
    trend.standing_out,
    trend.stands_at,
    trend.then,
    trend.who_answered,
    # days and times of day with their zone
    moments.day,
    moments.day_and_zone,
    moments.moment_and_zone,
):
    register.filter(said.__name__, on_a_page(said))
register.filter("bound", lambda text: bound(str(text)))  # a questionnaire's own texts
# What people typed.
register.filter(isolated.__name__, isolated)
register.filter(readable.__name__, readable)
# What would be called like another one.
register.filter("trend_text", on_a_page(trend.trend))
register.filter("trend_breaks", on_a_page(trend.breaks))
register.filter("trend_moved", on_a_page(trend.moved))
register.filter("trend_answered", on_a_page(trend.answered))
register.filter("action_state", on_a_page(trend.state))
register.filter("round_level", on_a_page(trend.level))
register.filter("course_title", on_a_page(trend.title))
register.filter("moment", moments.moment_in_page)
register.simple_tag(moments.zone, name="zone")


@register.filter
def questions_of(charts: Mapping[str, dict[str, str]], part: DimensionPart) -> dict[str, str] | None:
    """The addresses of a dimension's question profile; None when the page has none."""
    return charts.get(f"{QUESTIONS}{part.key}")


@register.filter
def fingerprint(account: AbstractBaseUser) -> str:
    """What tells the script that keeps what was typed whose it is, and nobody else anything."""
    return derived_key("typed", account.pk)[:16]


@register.filter
def bdi(name: str) -> SafeString:
    """A name as an element of its own direction, so that one from right to left turns nothing around it (HTML)."""
    return format_html("<bdi>{}</bdi>", name) if name else SafeString("")


@register.filter
def action_name(part: ActionPart) -> str:
    """What an action is called; what somebody typed stands isolated."""
    return bdi(part.typed) if part.typed else trend.action_name(part)

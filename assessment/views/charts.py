"""The charts of a report and of a trend at addresses of their own: drawn when asked for, kept by what they show."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from assessment import charts, scoring, wording, wording_trend
from assessment.history import Trend
from assessment.report import DimensionPart, Report

NAMES = ("rule", "radar", "bars")
MOST_ROUNDS = 12  # more would run into each other; the table beside the chart has them all
DRAWING = 1  # raised whenever the same numbers would be drawn differently


def addresses(report: Report, base: str) -> dict[str, dict[str, str]]:
    """For each chart of a page its address in the reader's language, light and dark; `base` ends in a slash."""
    return {name: _address(f"{base}charts/{name}.svg", _figure(report, name)) for name in NAMES}


def trend_address(trend: Trend, base: str) -> dict[str, str]:
    """The address of a trend's chart in the reader's language, light and dark; `base` ends in a slash."""
    return _address(f"{base}charts/trend.svg", _trend(trend))


def _address(path: str, draw: partial) -> dict[str, str]:
    told = f"lang={translation.get_language()}&v={_fingerprint(draw)}"
    return {scheme: f"{path}?{told}&scheme={scheme}" for scheme in ("light", "dark")}


def chart(request: HttpRequest, report: Report, name: str, *, keep: bool = True) -> HttpResponse:
    """One chart of a report as SVG, cached by its content; `keep` False forbids the browser to store it."""
    if name not in NAMES:
        raise Http404(_("There is no such chart."))
    return _drawn(request, lambda: _figure(report, name), keep=keep)


def trend_chart(request: HttpRequest, trend: Trend) -> HttpResponse:
    """The chart of a trend as SVG, cached by its content."""
    return _drawn(request, lambda: _trend(trend), keep=True)


def what_if_address(today: Report, then: Report, path: str, reached: Mapping[str, str]) -> dict[str, str]:
    """The address of the profile that some improvements would give, light and dark; it names them."""
    told = urlencode({"tried": "1", **reached})
    return {scheme: f"{address}&{told}" for scheme, address in _address(path, _what_if(today, then)).items()}


def what_if_chart(request: HttpRequest, today: Report, then: Report) -> HttpResponse:
    """The profile that some improvements would give, beside today's."""
    return _drawn(request, lambda: _what_if(today, then), keep=True)


def _what_if(today: Report, then: Report) -> partial:
    lines = (
        charts.Line("you", _("With these improvements"), tuple(_number(part.score) for part in then.dimensions)),
        charts.Line("before", _("Today"), tuple(_number(part.score) for part in today.dimensions)),
    )
    return partial(charts.radar, tuple(str(part.title) for part in then.dimensions), lines, ())


def _drawn(request: HttpRequest, figure: Callable[[], partial], *, keep: bool) -> HttpResponse:
    language, scheme = request.GET.get("lang", translation.get_language()), request.GET.get("scheme", "light")
    if scheme not in ("light", "dark") or language not in ("en", "fr"):
        raise Http404(_("There is no such chart."))
    with translation.override(language):
        draw = figure()
    fingerprint = _fingerprint(draw)
    etag = quote_etag(f"{fingerprint}-{scheme}")
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        place = f"chart:{fingerprint}:{scheme}"
        svg = caches["local"].get_or_set(place, lambda: draw(scheme=scheme), timeout=7 * 24 * 3600)
        response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    _headers(response, etag, keep=keep, immutable=request.GET.get("v") == fingerprint)
    return response


def _headers(response: HttpResponse, etag: str, *, keep: bool, immutable: bool) -> None:
    """A chart may style itself, as matplotlib writes style attributes, and can do nothing else."""
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if not keep:
        patch_cache_control(response, private=True, no_store=True)
        return
    response["ETag"] = etag
    if immutable:
        patch_cache_control(response, private=True, max_age=365 * 24 * 3600, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)


def _fingerprint(draw: partial) -> str:
    told = repr((DRAWING, draw.func.__name__, draw.args, draw.keywords))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _trend(trend: Trend) -> partial:
    """What draws a trend: its newest rounds, as many as there is room for."""
    shown = trend.last(MOST_ROUNDS)
    panels = tuple(
        charts.Panel(wording_trend.title(course), tuple(map(_number, course.scores)), course.breaks)
        for course in shown.courses
    )
    months = tuple(wording_trend.month(outcome.held_at) for outcome in shown.rounds)
    days = tuple(float(outcome.held_at.date().toordinal()) for outcome in shown.rounds)
    note = _("The questionnaire changed: what came before is not directly comparable.")
    return partial(charts.trend, panels, months, days, note=note)


def _figure(report: Report, name: str) -> partial:
    """What draws a chart: everything but its colours is settled."""
    if name == "rule":
        return _rule(report)
    labels = tuple(str(part.title) for part in report.dimensions)
    lines = _lines(report)
    if name == "radar":
        return partial(charts.radar, labels, lines, _bands(report))
    ranges = tuple(
        (float(part.range.low), float(part.range.high)) if part.range else None for part in report.dimensions
    )
    states = tuple(wording.state(part) for part in report.dimensions)
    return partial(charts.bars, labels, lines, _bands(report), ranges=ranges, no_score=states)


def _rule(report: Report) -> partial:
    span = report.result.range or scoring.Range(0, 100)
    names = tuple(str(level.name) for level in report.levels)
    return partial(charts.rule, _number(report.result.score), float(span.low), float(span.high), names)


def _number(score) -> float | None:
    return None if score is None else float(score)


def _lines(report: Report) -> tuple[charts.Line, ...]:
    you = tuple(_number(part.score) for part in report.dimensions)
    lines = [charts.Line("you", _("You"), you)]
    if report.before:
        was = tuple(_number(part.before.before) if part.before else None for part in report.dimensions)
        lines.append(charts.Line("before", _("Earlier round"), was))
    return tuple(lines)


def _bands(report: Report) -> tuple[charts.Band, ...]:
    drawn = [edition for edition in report.editions if f"barometer-{edition}" in charts.PALETTE["light"]]
    return tuple(
        charts.Band(
            f"barometer-{edition}",
            _("Barometer %(edition)s (our reading)") % {"edition": edition},
            tuple(_span(part, edition) for part in report.dimensions),
        )
        for edition in drawn  # the table names the others too
    )


def _span(part: DimensionPart, edition: int) -> tuple[float, float] | None:
    level = next((item.level for item in part.references if item.edition == edition), None)
    if level is None:
        return None
    low, high = scoring.LEVEL_BOUNDS[level - 1]
    return float(low), float(high)

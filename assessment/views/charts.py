"""The charts of a report at addresses of their own: drawn when asked for, kept by what they show."""

import hashlib
from collections.abc import Callable
from functools import partial

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from assessment import charts, scoring, wording
from assessment.report import DimensionPart, Report

NAMES = ("rule", "radar", "bars")
DRAWING = 1  # raised whenever the same numbers would be drawn differently


def addresses(report: Report, base: str) -> dict[str, dict[str, str]]:
    """For each chart of a page its address in the reader's language, light and dark; `base` ends in a slash."""
    language = translation.get_language()
    found = {}
    for name in NAMES:
        version = _fingerprint(_figure(report, name))
        found[name] = {
            scheme: f"{base}charts/{name}.svg?lang={language}&scheme={scheme}&v={version}"
            for scheme in ("light", "dark")
        }
    return found


def chart(request: HttpRequest, report: Report, name: str, *, keep: bool = True) -> HttpResponse:
    """One chart as SVG, cached by its content; `keep` False forbids the browser to store it."""
    language, scheme = request.GET.get("lang", translation.get_language()), request.GET.get("scheme", "light")
    if name not in NAMES or scheme not in ("light", "dark") or language not in ("en", "fr"):
        raise Http404(_("There is no such chart."))
    with translation.override(language):
        draw = _figure(report, name)
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


def _figure(report: Report, name: str) -> Callable[..., str]:
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


def _rule(report: Report) -> Callable[..., str]:
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

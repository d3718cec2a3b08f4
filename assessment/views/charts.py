"""The charts of a report and of a trend at addresses of their own: drawn when asked for, kept by what they show."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlencode

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from assessment.documents import drawings
from assessment.documents.drawings import Drawing
from assessment.documents.pdf import chart_png
from assessment.report.parts import Report
from assessment.report.trend import Trend

DRAWING = 2  # raised whenever the same numbers would be drawn differently
WEEK, YEAR = 7 * 24 * 3600, 365 * 24 * 3600
TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


def addresses(report: Report, base: str) -> dict[str, dict[str, str]]:
    """For each chart of a page its address in the reader's language: light, dark, and as PNG; `base` ends in a slash."""
    return {name: _address(f"{base}charts/{name}", draw) for name, draw in drawings.drawings(report).items()}


def trend_address(trend: Trend, base: str) -> dict[str, str]:
    """The addresses of a trend's chart in the reader's language, as of a report's; `base` ends in a slash."""
    return _address(f"{base}charts/trend", drawings.trend(trend))


def _address(path: str, draw: Drawing) -> dict[str, str]:
    told = f"lang={translation.get_language()}&v={_fingerprint(draw)}"
    schemes = {scheme: f"{path}.svg?{told}&scheme={scheme}" for scheme in ("light", "dark")}
    return schemes | {"png": f"{path}.png?{told}"}


def drawn(report: Report, names: Collection[str]) -> dict[str, str]:
    """Those of these charts that a report has, as SVG text for a document, by name: light, in the reader's language."""
    return {name: _svg(draw, "light") for name, draw in drawings.drawings(report).items() if name in names}


def chart(request: HttpRequest, report: Report, name: str, *, form: str = "svg", keep: bool = True) -> HttpResponse:
    """One chart of a report as SVG or PNG, cached by its content; `keep` False forbids the browser to store it."""
    return _answer(request, lambda: drawings.drawing(report, name), form=form, keep=keep)


def what_if_address(today: Report, then: Report, path: str, reached: Mapping[str, str]) -> dict[str, str]:
    """The address of the profile that some improvements would give, light and dark; it names them."""
    told, found = urlencode({"tried": "1", **reached}), _address(path, drawings.what_if(today, then))
    return {scheme: f"{found[scheme]}&{told}" for scheme in ("light", "dark")}


def what_if_chart(request: HttpRequest, today: Report, then: Report) -> HttpResponse:
    """The profile that some improvements would give, beside today's."""
    return _answer(request, lambda: drawings.what_if(today, then), form="svg", keep=True)


def trend_chart(request: HttpRequest, trend: Trend, *, form: str = "svg") -> HttpResponse:
    """The chart of a trend as SVG or PNG, cached by its content."""
    return _answer(request, lambda: drawings.trend(trend), form=form, keep=True)


def _answer(request: HttpRequest, figure: Callable[[], Drawing | None], *, form: str, keep: bool) -> HttpResponse:
    language, scheme = request.GET.get("lang", translation.get_language()), request.GET.get("scheme", "light")
    draw = None
    if language in ("en", "fr") and scheme in ("light", "dark"):
        with translation.override(language):
            draw = figure()
    if draw is None:
        raise Http404(_("There is no such chart."))
    fingerprint = _fingerprint(draw)
    etag = quote_etag(f"{fingerprint}-{scheme}-{form}")
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        content = _svg(draw, scheme) if form == "svg" else _png(draw, scheme)
        response = HttpResponse(content, content_type=TYPES[form])
    if form == "svg":  # matplotlib writes style attributes; nothing else may happen in it
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    _headers(response, etag, keep=keep, immutable=request.GET.get("v") == fingerprint)
    return response


def _svg(draw: Drawing, scheme: str) -> str:
    place = f"chart:{_fingerprint(draw)}:{scheme}"
    return caches["local"].get_or_set(place, lambda: draw(scheme=scheme), timeout=WEEK)


def _png(draw: Drawing, scheme: str) -> bytes:
    """A picture of a chart, in some 100 ms the first time."""
    place = f"chart:{_fingerprint(draw)}:{scheme}"
    return caches["pictures"].get_or_set(place, lambda: chart_png(_svg(draw, scheme), scheme=scheme), timeout=WEEK)


def _headers(response: HttpResponse, etag: str, *, keep: bool, immutable: bool) -> None:
    """How long a browser may keep a chart: for ever at the address that names its content, not at all when not `keep`."""
    if not keep:
        patch_cache_control(response, private=True, no_store=True)
        return
    response["ETag"] = etag
    if immutable:
        patch_cache_control(response, private=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)


def _fingerprint(draw: Drawing) -> str:
    told = repr((DRAWING, draw.func.__name__, draw.args, draw.keywords))
    return hashlib.sha256(told.encode()).hexdigest()[:16]

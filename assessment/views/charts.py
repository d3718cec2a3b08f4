"""The charts of a report and of a trend at addresses of their own: drawn when asked for, kept by what they show."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _

from assessment.documents import drawings
from assessment.documents.drawings import Drawing
from assessment.report.parts import Report
from assessment.report.trend import Trend
from assessment.views import language

YEAR = 365 * 24 * 3600  # seconds
TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


def addresses(report: Report, base: str) -> dict[str, dict[str, str]]:
    """For each chart of a page its address in the reader's language: light, dark, and as PNG; `base` ends in a slash.

    What is provisional has no PNG, which is made to be passed on.
    """
    found = {name: _address(f"{base}charts/{name}", draw) for name, draw in drawings.drawings(report).items()}
    if report.is_provisional:
        for address in found.values():
            del address["png"]
    return found


def trend_address(trend: Trend, base: str) -> dict[str, str]:
    """The addresses of a trend's chart in the reader's language, as of a report's; `base` ends in a slash."""
    return _address(f"{base}charts/trend", drawings.trend(trend))


def _address(path: str, draw: Drawing) -> dict[str, str]:
    told = f"lang={translation.get_language()}&v={drawings.fingerprint(draw)}"
    schemes = {scheme: f"{path}.svg?{told}&scheme={scheme}" for scheme in ("light", "dark")}
    return schemes | {"png": f"{path}.png?{told}"}


def chart(request: HttpRequest, report: Report, name: str, *, form: str = "svg", stored: bool = True) -> HttpResponse:
    """One chart of a report as SVG or PNG, cached by its content; `stored` False forbids the browser to store it."""
    return _answer(request, lambda: drawings.drawing(report, name), form=form, stored=stored)


def what_if_address(today: Report, then: Report, path: str, reached: Mapping[str, str]) -> dict[str, str]:
    """The address of the profile that some improvements would give, light and dark; it names them."""
    told, found = urlencode({"tried": "1", **reached}), _address(path, drawings.what_if(today, then))
    return {scheme: f"{found[scheme]}&{told}" for scheme in ("light", "dark")}


def what_if_chart(request: HttpRequest, today: Report, then: Report) -> HttpResponse:
    """The profile that some improvements would give, beside today's."""
    return _answer(request, lambda: drawings.what_if(today, then), form="svg", stored=True)


def trend_chart(request: HttpRequest, trend: Trend, *, form: str = "svg") -> HttpResponse:
    """The chart of a trend as SVG or PNG, cached by its content."""
    return _answer(request, lambda: drawings.trend(trend), form=form, stored=True)


def _answer(request: HttpRequest, figure: Callable[[], Drawing | None], *, form: str, stored: bool) -> HttpResponse:
    return language.as_asked(request, lambda: _chart(request, figure, form=form, stored=stored))


def _chart(request: HttpRequest, figure: Callable[[], Drawing | None], *, form: str, stored: bool) -> HttpResponse:
    draw, scheme = asked(request, figure)
    fingerprint = drawings.fingerprint(draw)
    etag = quote_etag(f"{fingerprint}-{scheme}-{form}")
    held = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in (tag.removeprefix("W/") for tag in held):  # weak when it came compressed
        response = HttpResponse(status=304)
        _confine(response, form)
    else:
        response = drawn(draw, scheme, form)
    _headers(response, etag, stored=stored, immutable=request.GET.get("v") == fingerprint)
    return response


def asked(request: HttpRequest, figure: Callable[[], Drawing | None]) -> tuple[Drawing, str]:
    """What draws the figure in the active language, and the scheme that the address asks for; a 404 where it asks for others."""
    scheme = request.GET.get("scheme", "light")
    is_known = request.GET.get("lang", "en") in ("en", "fr") and scheme in ("light", "dark")
    draw = figure() if is_known else None
    if draw is None:
        raise Http404(_("There is no such chart."))
    return draw, scheme


def drawn(draw: Drawing, scheme: str, form: str) -> HttpResponse:
    """A chart as SVG or PNG."""
    content = drawings.for_a_page(draw, scheme) if form == "svg" else drawings.png(draw, scheme)
    response = HttpResponse(content, content_type=TYPES[form])
    _confine(response, form)
    return response


def _confine(response: HttpResponse, form: str) -> None:
    """matplotlib writes style attributes; nothing else may happen in an SVG."""
    if form == "svg":
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _headers(response: HttpResponse, etag: str, *, stored: bool, immutable: bool) -> None:
    """How long a browser may keep a chart: for ever at the address that names its content, not at all when not `stored`."""
    if not stored:
        patch_cache_control(response, private=True, no_store=True)
        return
    response["ETag"] = etag
    if immutable:
        patch_cache_control(response, private=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)

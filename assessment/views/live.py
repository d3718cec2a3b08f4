"""The live barometer: the page of each edition and its figures as files, for everybody, kept by browsers and proxies."""

import gzip
from collections.abc import Mapping
from hashlib import sha256

from csp.decorators import csp_replace
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers, set_response_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from assessment.barometer.shown import ALL, FACETS, Figures, figures
from assessment.content.files import organisation_lists
from assessment.documents import edition_charts
from assessment.documents.brochure import brochure_pdf
from assessment.documents.edition import edition_csv, edition_json
from assessment.models import Edition, Questionnaire
from assessment.models.outline import outline
from assessment.models.secret import site_address
from assessment.results.reporting import barometer as editions_of_before
from assessment.views import charts, documents, language
from assessment.views.previews import Preview, of_site
from assessment.views.secret import or_404

KEPT = 3600  # seconds
RENEWED = 300  # seconds, after which what an administrator corrects in the evidence is seen
FILES = {"csv": edition_csv, "json": edition_json}
CELLS = ((), ("sector",), ("size",), ("market",), ("sector", "size"))  # the facets that cells are published of


@require_safe
def barometer(request: HttpRequest) -> HttpResponse:
    """The current edition; before there are ten organisations, what was found in 2016 and 2017."""
    editions = Edition.objects.shown()
    return language.as_asked(request, lambda: _page(request, editions[0] if editions else None, editions))


@require_safe
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """One edition, at an address that stays."""
    editions = Edition.objects.shown()
    told = or_404(_of(editions, year))
    return language.as_asked(request, lambda: _page(request, told, editions))


@require_safe
def edition_file(request: HttpRequest, year: int, form: str) -> HttpResponse:
    """All published cells of an edition. They are public: compressed once, not for each reader."""
    told = or_404(_of(Edition.objects.shown(), year))
    shown = told.pk, told.fingerprint, told.is_closed, form
    place = f"barometer:{sha256(repr(shown).encode()).hexdigest()}"
    plain, packed, tag = caches["parts"].get_or_set(place, lambda: _packed(FILES[form](told)), timeout=RENEWED)
    is_packed = re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")) is not None
    response = _download(packed if is_packed else plain, told, form)
    if is_packed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = tag
    return _kept(request, response)


def _packed(plain: bytes) -> tuple[bytes, bytes, str]:
    """A file as it is, compressed, and the tag that both share."""
    return plain, gzip.compress(plain, mtime=0), f'W/"{sha256(plain).hexdigest()}"'


def _download(body: bytes, told: Edition, form: str, language: str = "") -> HttpResponse:
    name = "-".join(filter(None, ("barometer", str(told.year), "invented" if told.invented else "", language)))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return _unlisted(HttpResponse(body, content_type=documents.TYPES[form], headers=headers), told)


def _unlisted(response: HttpResponse, told: Edition) -> HttpResponse:
    """What is invented stays out of search engines, as its page does."""
    if told.invented:
        response["X-Robots-Tag"] = "noindex"
    return response


def _of(editions: list[Edition], year: int) -> Edition | None:
    return next((edition for edition in editions if edition.year == year), None)


def _page(request: HttpRequest, told: Edition | None, editions: list[Edition]) -> HttpResponse:
    """All of an edition, or one of its cells, as an address asks for it."""
    of = _asked(request)
    if of and told is None:
        raise Http404
    current = Questionnaire.objects.current()
    preview = _preview(told, reverse("edition", args=[told.year]) if told else reverse("barometer"), current)
    context = {"edition": told, "preview": preview, "of": of}
    context["text"] = or_404(_text("assessment/_barometer.html", told, editions, current, of))
    response = render(request, "assessment/barometer.html", context)
    return _kept(request, response)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The labels by facet that an address names; 404 for those of which nothing is published."""
    asked = {facet: request.GET.getlist(facet) for facet in FACETS if facet in request.GET}
    if tuple(asked) not in CELLS or any(len(values) != 1 or not values[0] for values in asked.values()):
        raise Http404
    return {facet: values[0] for facet, values in asked.items()}


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """The gaps of the current edition, to stand in a frame of other sites: without form, and nothing is kept in a browser."""
    return language.as_asked(request, lambda: _embedded(request))


def _embedded(request: HttpRequest) -> HttpResponse:
    editions = Edition.objects.shown()
    told = editions[0] if editions else None
    text = _text("assessment/_barometer_embedded.html", told, editions, Questionnaire.objects.current(), {})
    response = render(request, "assessment/embed.html", {"edition": told, "text": text})
    patch_cache_control(response, public=True, max_age=KEPT)
    return _tagged(request, response)


def _preview(told: Edition | None, path: str, current: Questionnaire | None) -> Preview:
    title = _("The live barometer, %(year)s") % {"year": told.year} if told else _("The live barometer")
    description = _(
        "How organisations that answered here stand on social media, by sector, size and market, and what became of the findings "
        "of 2016 and 2017."
    )
    return of_site(title, description, path, current)


def _text(
    template: str, told: Edition | None, editions: list[Edition], current: Questionnaire | None, of: dict[str, str]
) -> str | None:
    """The text is the same for all who read it in one language, and is made again when figures or editions are others.

    None where an edition has no such cell, which is not kept: whoever makes labels up would push out what others read.
    """
    listed = [(edition.pk, edition.fingerprint, edition.is_closed) for edition in editions]
    shown = template, get_language(), told and told.pk, listed, current and current.pk, of
    place = f"barometer:{sha256(repr(shown).encode()).hexdigest()}"
    text = caches["parts"].get(place)
    if text is None and (text := _made(template, told, editions, current, of)) is not None:
        caches["parts"].set(place, text, timeout=RENEWED)
    return text


def _made(
    template: str, told: Edition | None, editions: list[Edition], current: Questionnaire | None, of: dict[str, str]
) -> str | None:
    before = editions_of_before()
    found = _figures(told, current, of) if told else None
    if told and found is None:
        return None
    context = {
        "edition": told,
        "figures": found,
        "others": [other for other in editions if other is not told],
        "before": sorted(before, key=lambda study: study.edition),
        "questionnaire": current,
        "address": site_address(reverse("edition", args=[told.year])) if told else "",
        "embedded": site_address(reverse("barometer_embed")),
    }
    return render_to_string(template, context)


def _figures(told: Edition, current: Questionnaire | None, of: Mapping[str, str] = ALL) -> Figures | None:
    """What an edition says of all, or of those with some labels."""
    titles = {part.key: part.title for part in outline(current).content.dimensions} if current else {}
    return figures(told.cells, titles, editions_of_before(), _orders(), of)


def _orders() -> dict[str, list[str]]:
    """The keys of groups of sectors, sizes and markets, in the order of their lists."""
    lists = organisation_lists()
    entries = {"sector": lists.groups, "size": lists.sizes, "market": lists.markets}
    return {facet: [entry.key for entry in listed] for facet, listed in entries.items()}


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same for everybody, but for who is signed in or is told something once: their browser asks each time."""
    is_public = not request.user.is_authenticated and not len(get_messages(request))
    patch_cache_control(
        response, **({"public": True, "max_age": KEPT} if is_public else {"private": True, "no_cache": True})
    )
    return _tagged(request, response)


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if "ETag" not in response:
        set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response)


@require_safe
def edition_chart(request: HttpRequest, year: int, name: str, form: str) -> HttpResponse:
    """A chart of an edition, or of one of its cells, as SVG or PNG, in both schemes."""
    told, of = or_404(_of(Edition.objects.shown(), year)), _asked(request)
    found = or_404(_figures(told, Questionnaire.objects.current(), of))
    return language.as_asked(request, lambda: _chart(request, found, told, name, form))


def _chart(request: HttpRequest, found: Figures, told: Edition, name: str, form: str) -> HttpResponse:
    draw, scheme = charts.asked(request, lambda: edition_charts.drawing(found, told, name))
    return _kept(request, _unlisted(charts.drawn(draw, scheme, form), told))


@require_safe
def edition_brochure(request: HttpRequest, year: int) -> HttpResponse:
    """An edition as a brochure in the language of its reader."""
    told = or_404(_of(Edition.objects.shown(), year))
    found = or_404(_figures(told, Questionnaire.objects.current()))
    return language.as_asked(request, lambda: _brochure(request, found, told))


def _brochure(request: HttpRequest, found: Figures, told: Edition) -> HttpResponse:
    body = brochure_pdf(found, told, editions_of_before())
    return _kept(request, _download(body, told, "pdf", get_language()))

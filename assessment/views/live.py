"""The live barometer: the page of each edition and its figures as files, for everybody, kept by browsers and proxies."""

from functools import partial
from hashlib import sha256

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.barometer.shown import Figures, figures
from assessment.content.files import organisation_lists
from assessment.documents import edition_charts
from assessment.documents.brochure import brochure_pdf
from assessment.documents.edition import edition_csv, edition_json
from assessment.models import Edition, Questionnaire
from assessment.models.outline import outline
from assessment.results.reporting import barometer as editions_of_before
from assessment.views import charts, documents, language
from assessment.views.previews import Preview, of_site
from assessment.views.secret import or_404

KEPT = 3600  # seconds
RENEWED = 300  # seconds, after which what an administrator corrects in the evidence is seen
FILES = {"csv": edition_csv, "json": edition_json}


@require_safe
def barometer(request: HttpRequest) -> HttpResponse:
    """The current edition; before there are ten organisations, what was found in 2016 and 2017."""
    editions = Edition.objects.shown()
    with override(language.of_address(request)):
        return _page(request, editions[0] if editions else None, editions)


@require_safe
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """One edition, at an address that stays."""
    editions = Edition.objects.shown()
    with override(language.of_address(request)):
        return _page(request, or_404(_of(editions, year)), editions)


@require_safe
def edition_file(request: HttpRequest, year: int, form: str) -> HttpResponse:
    """All published cells of an edition."""
    told = or_404(_of(Edition.objects.shown(), year))
    return _kept(request, _download(FILES[form](told), told, form))


def _download(body: bytes, told: Edition, form: str, language: str = "") -> HttpResponse:
    name = "-".join(filter(None, ("barometer", str(told.year), "invented" if told.invented else "", language)))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(body, content_type=documents.TYPES[form], headers=headers)


def _of(editions: list[Edition], year: int) -> Edition | None:
    return next((edition for edition in editions if edition.year == year), None)


def _page(request: HttpRequest, told: Edition | None, editions: list[Edition]) -> HttpResponse:
    """The text is the same for all who read it in one language, and is made again when figures or editions are others."""
    current = Questionnaire.objects.current()
    listed = [(edition.pk, edition.fingerprint, edition.is_closed) for edition in editions]
    shown = get_language(), told and told.pk, listed, current and current.pk
    place = f"barometer:{sha256(repr(shown).encode()).hexdigest()}"
    preview = _preview(told, reverse("edition", args=[told.year]) if told else reverse("barometer"), current)
    make = partial(_text, told, editions, current, preview.address)
    context = {"edition": told, "preview": preview}
    context["text"] = caches["parts"].get_or_set(place, make, timeout=RENEWED)
    response = render(request, "assessment/barometer.html", context)
    response["Content-Language"] = get_language()
    return _kept(request, response)


def _preview(told: Edition | None, path: str, current: Questionnaire | None) -> Preview:
    title = _("The live barometer, %(year)s") % {"year": told.year} if told else _("The live barometer")
    description = _(
        "How organisations that answered here stand on social media, by sector, size and market, and what became of the findings "
        "of 2016 and 2017."
    )
    return of_site(title, description, path, current)


def _text(told: Edition | None, editions: list[Edition], current: Questionnaire | None, canonical: str) -> str:
    before = editions_of_before()
    context = {
        "edition": told,
        "figures": _figures(told, current) if told else None,
        "others": [other for other in editions if other is not told],
        "before": sorted(before, key=lambda study: study.edition),
        "questionnaire": current,
        "canonical": canonical,
    }
    return render_to_string("assessment/_barometer.html", context)


def _figures(told: Edition, current: Questionnaire | None) -> Figures:
    titles = {part.key: part.title for part in outline(current).content.dimensions} if current else {}
    return figures(told.cells, titles, editions_of_before(), _orders())


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
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response)


@require_safe
def edition_chart(request: HttpRequest, year: int, name: str, form: str) -> HttpResponse:
    """A chart of an edition as SVG or PNG, in both schemes."""
    told = or_404(_of(Edition.objects.shown(), year))
    found = _figures(told, Questionnaire.objects.current())
    draw, scheme = charts.asked(request, lambda: edition_charts.drawing(found, told, name))
    return _kept(request, charts.drawn(draw, scheme, form))


@require_safe
def edition_brochure(request: HttpRequest, year: int) -> HttpResponse:
    """An edition as a brochure in the language of its reader."""
    told = or_404(_of(Edition.objects.shown(), year))
    found = _figures(told, Questionnaire.objects.current())
    with override(language.of_address(request)):
        return _kept(request, _download(brochure_pdf(found, told, editions_of_before()), told, "pdf", get_language()))

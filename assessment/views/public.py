"""The pages that everybody may read, and the form that is refused."""

from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.accounts.cookies import STARTED
from assessment.evidence.findings import asked_without_criterion, fingerprint, read_levels, told
from assessment.models import Questionnaire
from assessment.models.outline import Outline, outline
from assessment.report.evidence import Edition
from assessment.report.parts import Report
from assessment.results.example import example_report, worked_example
from assessment.results.reporting import barometer, references
from assessment.views import charts, documents, language
from assessment.views.begun import begun_here
from assessment.views.errors import asks_for_json, forbidden
from assessment.views.previews import Preview, of_example, of_site
from assessment.views.report import begin
from assessment.views.report import context as report_context
from assessment.views.secret import or_404
from assessment.wording.sentences import report_title
from assessment.wording.trust import PARTS

RENEWED = 300  # seconds: so long the first page and the example may be behind the evidence
PICTURE_KEPT = 24 * 3600  # seconds: the day stands on it


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and one button to start or to go on with what was begun in this browser."""
    questionnaire = Questionnaire.objects.current()
    begun = begun_here(STARTED.read(request))
    context = {"begun": begun, "publisher": settings.LEGAL_PUBLISHER, "renewed": RENEWED} | (
        _first_look(questionnaire) if questionnaire else {}
    )
    context["preview"] = _preview_of_home(context, questionnaire)
    response = render(request, "assessment/home.html", context)
    if begun:  # the page names secret addresses
        patch_cache_control(response, private=True, no_store=True)
    return response


def _preview_of_home(told: dict, questionnaire: Questionnaire | None) -> Preview:
    """What a link to the first page shows: how long it takes, and what one gets."""
    title = _("How mature is your organisation on social media?")
    description = _("A self-assessment based on the 2016–2017 French barometer of social media in companies.")
    if questionnaire:
        description = (
            _(
                "In %(least)s to %(most)s minutes, free and without an account: where your organisation stands on social media, "
                "which gaps of the French barometer it has closed, and where to begin."
            )
            % told
        )
    return of_site(title, description, reverse("home"), questionnaire)


def _first_look(questionnaire: Questionnaire) -> dict:
    """What the questionnaire asks, how much of it is scored, and the first screen of the example, made once and kept."""
    current = outline(questionnaire)
    place = f"example:{get_language()}:{questionnaire.content_hash}"
    told, gaps = caches["parts"].get_or_set(place, partial(_example_screen, current), timeout=RENEWED)
    return begin(questionnaire) | {
        "questionnaire": current.content,
        "questions": len(current.scoring.scored_questions),
        "dimensions": len(current.scoring.scored_dimensions),
        "gaps": gaps,
        "asked": questionnaire.content_hash,
        "editions": _editions,  # asked for only where that part of the page is not kept yet
        "example": told,
    }


def _editions() -> list[Edition]:
    return sorted(barometer(), key=lambda study: study.edition)


def _example_screen(current: Outline) -> tuple[SafeString, int]:
    report = example_report(current, references(), barometer(), _("Example Ltd"))
    screen = render_to_string("assessment/_home_example.html", {"report": report})
    return screen, report.gap_count.applicable if report.gap_count else 0


@require_safe
def example(request: HttpRequest) -> HttpResponse:
    """The report of an invented organisation, to see what one gets; the same for all who read it in one language."""
    current = or_404(Questionnaire.objects.current())
    place = f"example-page:{get_language()}:{current.content_hash}"
    shown = caches["parts"].get_or_set(place, partial(_example_page, current), timeout=RENEWED)
    return render(request, "assessment/example.html", shown)


def _example_page(current: Questionnaire) -> dict:
    report, address = _example_report(current), reverse("example")
    told = report_context(report, address) | {"is_example": True} | begin(current)
    return {
        "title": report_title(report),
        "text": render_to_string("assessment/_report.html", told),
        "preview": of_example(report, address, current),
    }


@require_safe
def example_chart(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One chart of the example."""
    return charts.chart(request, _example(), name, form=form)


@require_safe
def example_document(request: HttpRequest, name: str) -> HttpResponse:
    """The example in another form; its pictures are kept by browsers and proxies, as links to this site show them."""
    response = language.as_asked(request, lambda: documents.document(request, _example(), name, result=None))
    if response["Content-Type"] != documents.TYPES["png"]:
        return response
    patch_cache_control(response, public=True, max_age=PICTURE_KEPT)
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _example_report(current: Questionnaire) -> Report:
    """The example's report under a version."""
    return example_report(outline(current), references(), barometer(), _("Example Ltd"))


def _example() -> Report:
    return _example_report(or_404(Questionnaire.objects.current()))


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    """How a score is made, the worked example, and every study with its findings; made again when it would say other things."""
    current = Questionnaire.objects.current()
    shown = (get_language(), current and (current.pk, current.content_hash), settings.SMALLEST_GROUP, fingerprint())
    place = f"methodology:{sha256(repr(shown).encode()).hexdigest()}"
    text = caches["parts"].get_or_set(place, partial(_methodology, current), timeout=None)
    description = _(
        "How a score is made from answers, with a worked example to check by hand; every study and finding with its source."
    )
    preview = of_site(_("Methodology"), description, reverse("methodology"), current)
    return render(request, "assessment/methodology.html", {"text": text, "preview": preview})


def _methodology(current: Questionnaire | None) -> str:
    """The text of the page, which is the same for all who read it in one language."""
    content = outline(current).content if current else None
    titles = {dimension.key: dimension.title for dimension in content.dimensions} if content else {}
    studies = told(titles)
    context = {
        "questionnaire": content,
        "example": worked_example(),
        "references": read_levels(titles),
        "asked_without_criterion": asked_without_criterion(content, studies) if content else [],
        "editions": [study for study in studies if study.edition],
        "studies": [study for study in studies if not study.edition],
        "floor": settings.SMALLEST_GROUP,
    }
    return render_to_string("assessment/_methodology.html", context)


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Why one may trust what the site says: claims, arguments, and the tests that hold them."""
    return render(request, "assessment/trust.html", {"parts": PARTS, "floor": settings.SMALLEST_GROUP})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, why and how long."""
    context = {
        "draft_days": settings.DRAFT_DAYS,
        "unclaimed_days": settings.UNCLAIMED_DAYS,
        "link_days": settings.LINK_DAYS,
        "account_days": settings.UNUSED_ACCOUNT_DAYS,
        "floor": settings.SMALLEST_GROUP,
    }
    return render(request, "assessment/privacy.html", context)


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """The legal notice and the accessibility statement."""
    context = {
        "publisher": settings.LEGAL_PUBLISHER,
        "contact": settings.LEGAL_CONTACT,
        "host": settings.LEGAL_HOST,
    }
    return render(request, "assessment/legal.html", context)


ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /organisations/
Disallow: /barometer/*?*sector=
Disallow: /barometer/*?*size=
Disallow: /barometer/*?*market=
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave out: what needs an account. Pages at secret addresses say so themselves, and may be
    fetched, as programs that show a preview of a link keep to these rules, too.
    """
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark, where programs that read no page look for it."""
    return redirect(static("assessment/favicon.ico"))


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers look for the form (https://w3c.github.io/webappsec-change-password-url/)."""
    return redirect("account_change_password")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that this site did not make, or cookies that are off: nothing was changed, and the way back to the form."""
    if asks_for_json(request):
        return forbidden(request)
    return render(request, "403_csrf.html", {"form_address": _came_from(request)}, status=403)


def _came_from(request: HttpRequest) -> str | None:
    """The page of this site that held the form, as the browser says."""
    form = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(form, {request.get_host()}, require_https=request.is_secure()):
        return None
    place = urlsplit(form)._replace(scheme="", netloc="", fragment="").geturl()
    return place if url_has_allowed_host_and_scheme(place, None) else None  # `//elsewhere/` is no place of ours

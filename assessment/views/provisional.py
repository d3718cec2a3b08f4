"""The provisional report of a draft, from half of its questions on: computed for the page, stored nowhere."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from assessment import access
from assessment.models import Response
from assessment.report.parts import Report
from assessment.results.unstored import provisional_report
from assessment.rounds.part_result import minutes_left
from assessment.rounds.progress import Progress, progress
from assessment.views import charts
from assessment.views.respond import overview
from assessment.views.secret import or_404, secret_page


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that is answered, how far it is, and its report from half on."""

    response: Response
    progress: Progress
    report: Report | None


def _draft(response: Response) -> Draft | None:
    """None once it was submitted, also while it is corrected, and where it takes no more answers."""
    if not response.can_be_answered or response.is_correction:
        return None
    answers = response.saved_answers()
    page = progress(response, answers)
    shows = access.parts_seen(response)
    is_half = not page.missing_for_half
    return Draft(response, page, provisional_report(response, answers, shows, at=timezone.now()) if is_half else None)


@require_safe
@secret_page
def provisional(request: HttpRequest, key: str) -> HttpResponse:
    """What the answers come to so far; before half of them, how many are missing; once submitted, the report itself."""
    response = or_404(access.reading(key, request.user))
    draft = _draft(response)
    if draft is None:
        is_unsubmitted = response.is_draft and not response.is_correction
        return redirect("respond" if is_unsubmitted else "report", key)
    if draft.report is None:
        return render(request, "assessment/respond.html", overview(request, key, response) | {"too_early": True})
    report, base = draft.report, reverse("provisional", args=[key])
    context = {
        "key": key,
        "response": response,
        "report": report,
        "progress": draft.progress,
        "minutes": minutes_left(draft.progress.left),
        "charts": SimpleLazyObject(lambda: charts.addresses(report, base)),
    }
    return render(request, "assessment/provisional.html", context)


@require_safe
@secret_page
def provisional_chart(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One chart of it, which the browser does not store."""
    draft = or_404(_draft(or_404(access.reading(key, request.user))))
    return charts.chart(request, or_404(draft.report), name, stored=False)

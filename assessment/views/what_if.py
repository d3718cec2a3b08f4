"""What if: choose improvements and see the score, the level and the profile they would give. Nothing is stored until the
organisation's people make them their plan.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access
from assessment.forms.improving import ImprovementsForm
from assessment.models import Response, Result
from assessment.organisations.plan import take_on_improvements
from assessment.report.improving import improvements
from assessment.report.parts import WHOLE, Part, Report
from assessment.results.reporting import report_of, supposed
from assessment.views import charts, limits
from assessment.views.secret import or_404, secret_page
from assessment.wording import supposing

SHOWN = WHOLE - {Part.EARLIER, Part.NOTES}


@dataclass
class Trial:
    """What somebody tries out: the result of today, and the improvements that they ask for; charts are under `base`."""

    request: HttpRequest
    result: Result
    base: str

    @cached_property
    def today(self) -> Report:
        return report_of(self.result, SHOWN)

    @cached_property
    def form(self) -> ImprovementsForm:
        is_sent = self.request.method == "POST"
        asked = self.request.POST if is_sent else self.request.GET
        return ImprovementsForm(asked, improvements=improvements(self.today), is_sent=is_sent)

    @cached_property
    def then(self) -> Report:
        """The report there would be with the improvements."""
        return supposed(self.result, self.form.reached)

    @property
    def outcome(self) -> dict:
        """What of the page depends on the improvements: in the reader's language, dimensions by their keys."""
        path = f"{self.base}what-if/radar"
        return {
            "whole": supposing.whole_then(self.then),
            "dimensions": supposing.dimensions_then(self.today, self.then),
            "said": supposing.supposed(self.today, self.then),
            "alt": supposing.supposed_profile(self.today, self.then),
            "chart": charts.what_if_address(self.today, self.then, path, self.form.reached),
        }

    def page(self, *, status: int = 200, **more) -> HttpResponse:
        """The improvements to choose from, and what those chosen would give; `more` says what may be done with them."""
        context = {
            "today": self.today,
            "then": self.then,
            "form": self.form,
            "outcome": self.outcome,
            "outcome_address": f"{self.base}what-if/outcome.json",
            **more,
        }
        return render(self.request, "assessment/what_if.html", context, status=status)

    def data(self) -> HttpResponse:
        """What those chosen would give, for the script of the page."""
        return limits.refused_data(self.request, limits.WHAT_IFS) or JsonResponse(self.outcome)

    def radar(self) -> HttpResponse:
        """The profile that those chosen would give."""
        return charts.what_if_chart(self.request, self.today, self.then)


# Of one's own report -------------------------------------------------------------------------------------------------
def _response(request: HttpRequest, key: str) -> Response:
    """The response behind a key; who does not see the plan is not told what improvements would bring either."""
    response = or_404(access.submitted(key, request.user))
    return or_404(response if Part.PLAN in access.parts_seen(response) else None)


def _own(request: HttpRequest, key: str) -> Trial:
    return Trial(request, _response(request, key).known_result, reverse("respond", args=[key]))


@require_safe
@secret_page
def what_if(request: HttpRequest, key: str) -> HttpResponse:
    """Improvements to one's own report."""
    response = _response(request, key)
    trial = Trial(request, response.known_result, reverse("respond", args=[key]))
    return trial.page(report_address=reverse("report", args=[key]), **_plan_of(request, response, key))


def _plan_of(request: HttpRequest, response: Response, key: str) -> dict:
    """Where improvements to one's own report become a plan: in the organisation, whose result it is when they answered alone,
    or which somebody has yet to keep.
    """
    if not response.is_member:
        return {"keep_address": reverse("keep", args=[key]), "is_owned": response.is_owned}
    slug, number = response.round.organisation.slug, response.round.number
    if not response.round.is_solo:
        return {"joint_address": reverse("round", args=[slug, number])}
    return _plan(access.round_result(request.user, slug, number))


@require_safe
@secret_page
def what_if_outcome(request: HttpRequest, key: str) -> HttpResponse:
    """What they would give, as JSON."""
    return _own(request, key).data()


@require_safe
@secret_page
def what_if_chart(request: HttpRequest, key: str) -> HttpResponse:
    """The profile that they would give."""
    return _own(request, key).radar()


# Of the report of a round --------------------------------------------------------------------------------------------
def _of_round(request: HttpRequest, slug: str, number: int) -> Trial:
    return Trial(
        request, or_404(access.round_result(request.user, slug, number)), reverse("round", args=[slug, number])
    )


def _plan(result: Result | None) -> dict:
    """What the people of an organisation may do with improvements to the result of a round."""
    if result is None or not access.reader_may_act(result):
        return {}
    arguments = [result.round.organisation.slug, result.round.number]
    if not result.is_newest:
        return {"newest_address": reverse("plan", args=arguments[:1])}
    return {"take_address": reverse("round_what_if", args=arguments)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def round_what_if(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Improvements to the report of a round; members and owners make them the plan."""
    trial = _of_round(request, slug, number)
    may, more = _plan(trial.result), {"report_address": trial.base}
    if request.method != "POST":
        return trial.page(**more, **may)
    if not may:
        raise Http404(_("There is nothing at this address."))
    form = trial.form
    if "take_address" not in may or not form.is_valid() or not form.reached:
        return trial.page(status=422, is_refused=True, **more, **may)
    made = take_on_improvements(trial.result, form.reached, at=timezone.now())
    messages.success(request, _taken(len(made)))
    return redirect("plan", slug)


def _taken(made: int) -> str:
    if not made:
        return _("All of this was in your plan already.")
    return ngettext("The step is now an action of your plan.", "The steps are now actions of your plan.", made)


@require_safe
@login_required
@secret_page
def round_what_if_outcome(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What they would give, as JSON."""
    return _of_round(request, slug, number).data()


@require_safe
@login_required
@secret_page
def round_what_if_chart(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The profile that they would give."""
    return _of_round(request, slug, number).radar()

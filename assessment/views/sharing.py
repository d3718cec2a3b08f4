"""The reading links of a report: make one that shows what was ticked, see those in force, end one."""

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.forms.sharing import PARTS, EndLinkForm, ShareForm
from assessment.models import Membership, Response, Round, Share
from assessment.models.secret import site_address
from assessment.models.share import ShareQuerySet
from assessment.organisations.sharing import revoke, share
from assessment.report.parts import Part
from assessment.views.secret import or_404, secret_page

MOST = 50  # links in force of one report


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def sharing(request: HttpRequest, key: str) -> HttpResponse:
    """The reading links of one's own report."""
    response = or_404(access.submitted(key, request.user))
    page = reverse("sharing", args=[key]), reverse("report", args=[key])
    return _links(request, response, response.shares.all(), parts=access.parts_to_share(response), page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@secret_page
def round_sharing(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The reading links of the report of a round, for its owners; they can be ended also while there is no report."""
    round_ = or_404(access.round_of(request.user, slug, number, least=Membership.Role.OWNER))
    page = reverse("round_sharing", args=[slug, number]), reverse("round", args=[slug, number])
    parts = access.parts_of_round_to_share(round_) if access.round_result(request.user, slug, number) else None
    return _links(request, round_, Share.objects.of_round(round_), parts=parts, page=page)


def _links(
    request: HttpRequest,
    round_: Response | Round,
    shares: ShareQuerySet,
    *,
    parts: Collection[Part] | None,
    page: tuple[str, str],
) -> HttpResponse:
    """The page of these links; `page` is its own address and that of the report, `parts` None while there is no report."""
    now, here = timezone.now(), page[0]
    form = ShareForm(
        request.POST if request.method == "POST" else None, parts=parts or (), room=shares.active(at=now).count() < MOST
    )
    if request.method == "POST":
        ended = EndLinkForm(request.POST)
        if ended.is_valid():
            revoke(shares, ended.cleaned_data["revoke"], at=now)
            messages.success(request, _("The reading link no longer works."))
            return redirect(here)
        if parts is not None and form.is_valid():
            said = form.cleaned_data
            _row, token = share(round_, at=now, **said)
            address = site_address(reverse("shared", args=[token]))
            messages.success(request, address, extra_tags="address")
            return redirect(here)
    context = {
        "form": form if parts is not None else None,
        "organisation": (round_.round if isinstance(round_, Response) else round_).organisation,
        "report_address": page[1],
        "shares": [(row, [text for part, text in PARTS.items() if part in row.shows]) for row in shares.active(at=now)],
    }
    return render(request, "assessment/sharing.html", context, status=422 if request.method == "POST" else 200)

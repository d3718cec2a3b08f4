"""Answering, around the questions: start, the way back in, the review and what follows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessment import access
from assessment.accounts.cookies import STARTED
from assessment.content.structure import QuestionContent
from assessment.forms.start import MailForm, StartForm
from assessment.mailing import direct
from assessment.models import Questionnaire, Response
from assessment.models.secret import site_address
from assessment.privacy.erasing import erase, remains
from assessment.report.question import Given
from assessment.results.reporting import given
from assessment.rounds.progress import DimensionProgress, Progress, progress
from assessment.rounds.starting import start_round
from assessment.rounds.submitting import ClosedError, correct, drop_correction, submit
from assessment.text.addresses import mailbox
from assessment.views import language, limits
from assessment.views.secret import or_404, secret_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Name the organisation and begin; this browser is remembered as the one that started, whatever it began before."""
    questionnaire = Questionnaire.objects.current()
    if questionnaire is None:
        page = render(request, "assessment/not_open.html", status=503)
        page["Retry-After"] = 3600
        return page
    if (typed := StartForm.in_another_language(request.POST)) is not None:
        form = StartForm(initial=typed)
        return language.switched(request, lambda: render(request, "assessment/start.html", {"form": form}))
    form = StartForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "assessment/start.html", {"form": form}, status=422 if form.errors else 200)
    page, key = _begin(request, questionnaire, form)
    if key is not None:
        STARTED.add(page, key, STARTED.read(request))
    return page


def _begin(request: HttpRequest, questionnaire: Questionnaire, form: StartForm) -> tuple[HttpResponse, str | None]:
    """Where a valid start form leads, and the key; the same form a second time leads back to what it began.

    No key when this network has started too many.
    """
    details = form.cleaned_data
    key = details["token"]
    if key and access.response(key):
        return redirect("respond", key), key
    try:
        with transaction.atomic():  # the count and what is counted: who writes waits for the disk once
            if refused := limits.refusal(request, limits.STARTS):
                return refused, None
            response, key = start_round(questionnaire, details, at=timezone.now(), key=key)
    except IntegrityError:  # the other of two equal forms was quicker
        return redirect("respond", key), key
    if response.email:
        from_here = limits.MAILS.reached_by(limits.client_address(request), at=timezone.now())
        unsent = _enough() if from_here else _mail_address(request, response, key, to=response.email)
        if unsent:
            messages.error(request, unsent)
    return redirect("dimension", key, response.outline.content.dimensions[0].key), key


def _mail_address(request: HttpRequest, response: Response, key: str, *, to: str) -> str | None:
    """Mail the address that leads back to a response where somebody typed: one try; what to tell when it was not sent."""
    if not response.count_mail(most=settings.MAILS_PER_RESPONSE):
        return _("This link was already sent several times. Please copy it instead.")
    # In confidence the count of this response alone: what strangers could probe would tell that somebody has begun.
    if not response.round.is_confidential and limits.MAILS_TO_ONE.reached_by(mailbox(to), at=timezone.now()):
        return _enough()
    if not direct.send_address(to, reverse("respond", args=[key])):
        return _("The mail could not be sent. Nothing is lost: please copy the link instead.")
    return None


def _enough() -> str:
    """Told alike of every address, known or not."""
    return _(
        "No other mail was sent, as several were asked for already. Nothing is lost: please copy the link instead."
    )


@require_http_methods(["GET", "HEAD"])
@secret_page
def respond(request: HttpRequest, key: str) -> HttpResponse:
    """The way back in: what is done, where to go on."""
    response = or_404(access.response(key))
    return render(request, "assessment/respond.html", overview(request, key, response))


def overview(request: HttpRequest, key: str, response) -> dict:
    """What the way back in shows of a response."""
    return {
        "key": key,
        "response": response,
        "progress": progress(response, response.saved_answers()),
        "address": site_address(reverse("respond", args=[key])),
        "mail_form": MailForm(initial={"email": response.email}),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def review(request: HttpRequest, key: str) -> HttpResponse:
    """What is answered and what is not, and what that means; POST submits, and a second POST finds it done."""
    if request.method == "POST":
        try:
            or_404(submit(key, at=timezone.now(), shares_notes="shares_notes" in request.POST))
        except ClosedError:
            messages.error(
                request,
                _(
                    "Nothing was submitted: the round is closed, or its report is published already. Your answers are kept."
                ),
            )
            return redirect("respond", key)
        return redirect("report", key)
    response = or_404(access.response(key))
    if not response.can_be_answered:
        return redirect("respond", key)
    answers = response.saved_answers()
    page = progress(response, answers)
    parts = _reviewed(page, given(response, answers))
    context = {"key": key, "response": response, "progress": page, "parts": parts}
    context["has_missing"] = any(reviewed.missing for reviewed in parts)
    return render(request, "assessment/review.html", context)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A dimension in the review: its questions with their numbers and what was answered, those without an answer apart."""

    part: DimensionProgress
    missing: list[tuple[int, QuestionContent, Given | None]]
    given: list[tuple[int, QuestionContent, Given]]


def _reviewed(page: Progress, answers: Mapping[str, Given]) -> list[Reviewed]:
    """Without an answer comes before "I don't know"; nothing of a dimension that is left out."""
    found = []
    for part in page.dimensions:
        asked = {} if part.excluded else {question.key: question for question in part.content.questions}
        rows = {
            key: (number, question, answers.get(key))
            for number, (key, question) in enumerate(asked.items(), part.first)
        }
        missing = [rows.pop(question.key) for question in (*part.open, *part.unknown) if question.key in rows]
        found.append(Reviewed(part, missing, list(rows.values())))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def correct_answers(request: HttpRequest, key: str) -> HttpResponse:
    """Open the submitted answers for correction; the report stays as it is until they are submitted again."""
    or_404(access.response(key))
    if request.method != "POST":
        return redirect("respond", key)
    if correct(key, at=timezone.now()) is None:
        messages.error(request, _("This round is closed or published, so its answers cannot be changed any more."))
        return redirect("respond", key)
    return redirect("review", key)


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def drop_own_correction(request: HttpRequest, key: str) -> HttpResponse:
    """Say what dropping a correction changes; POST drops it, and the submitted answers stand."""
    response = or_404(access.response(key))
    if request.method == "POST":
        if drop_correction(key):
            messages.success(request, _("The correction is dropped. Your answers stand as you submitted them."))
        return redirect("respond", key)
    if not response.is_correction:
        return redirect("respond", key)
    return render(request, "assessment/drop_correction.html", {"key": key, "response": response})


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def erase_answers(request: HttpRequest, key: str) -> HttpResponse:
    """Say what goes and what stays; POST erases."""
    response = or_404(access.response(key))
    if request.method == "POST":
        erase(response, at=timezone.now())
        messages.success(request, _("Your answers are erased. The link to them opens nothing any more."))
        page = redirect("home")
        STARTED.remove(request, page, key)
        return page
    context = {"key": key, "response": response, "remains": remains(response)}
    return render(request, "assessment/erase.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def send_link(request: HttpRequest, key: str) -> HttpResponse:
    """Mail the address of this questionnaire to whoever holds it; who only looks is led to where it can be asked for."""
    response = or_404(access.response(key))
    if request.method != "POST":
        return redirect("respond", key)
    form = MailForm(request.POST)
    if not form.is_valid():
        return render(
            request, "assessment/respond.html", overview(request, key, response) | {"mail_form": form}, status=422
        )
    if refused := limits.refusal(request, limits.MAILS):
        return refused
    if unsent := _mail_address(request, response, key, to=form.cleaned_data["email"]):
        messages.error(request, unsent)
    else:
        messages.success(request, _("Sent to %(email)s.") % {"email": form.cleaned_data["email"]})
    return redirect("respond", key)

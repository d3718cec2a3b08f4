"""No more mail: the address that stands in every invitation and reminder, for people and for the button of mail programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessment.models.no_mail import NoMail, mailbox_to_stop
from assessment.views.secret import or_404, secret_page


@csrf_exempt  # a mail program has no cookie and no form of ours; the address itself is the permission, and does this alone
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Who looks is shown a button; POST ends all further mails to this mailbox, and tells nobody."""
    mailbox = or_404(mailbox_to_stop(token))
    if request.method == "POST":
        NoMail.objects.stop(mailbox)
    return render(request, "assessment/stop_mail.html", {"mailbox": mailbox, "is_done": request.method == "POST"})

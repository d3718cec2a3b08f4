"""Whether the process lives, and whether it can serve: for whoever watches over it, without a word about the inside."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from assessment.models import Mail
from assessment.views.outages import outage_of

WORTH_TELLING = 5  # minutes that the oldest mail has been due


@csrf_exempt
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return HttpResponse("ok", content_type="text/plain")


@csrf_exempt
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; two queries.

    Mails that wait are told and change nothing: they are the worker's, and a page without its site would send none either.
    Static files need no look: a process without them does not start.
    """
    try:
        problem = "migrations missing" if _migrations() - _applied() else None
        text = problem or "\n".join(["ok", *_mail_queue()])
    except Error as error:
        problem = text = "database unavailable" if outage_of(error) else "migrations missing"  # there is no table yet
    return HttpResponse(text, status=503 if problem else 200, content_type="text/plain")


@cache
def _migrations() -> set[tuple[str, str]]:
    """Those that this process came with."""
    return set(MigrationLoader(None).graph.nodes)


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))


def _mail_queue() -> list[str]:
    """A line when mails have waited for long: no worker runs, or the mail server is away."""
    now = timezone.now()
    oldest = Mail.objects.due(at=now).first()
    minutes = int((now - oldest.next_try).total_seconds() // 60) if oldest else 0
    return [f"mail queue: {minutes} min"] if minutes >= WORTH_TELLING else []

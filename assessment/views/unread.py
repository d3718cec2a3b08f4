"""What the server answers by itself, before there is a request that the site could answer or after the site failed to."""

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django_permissions_policy import PermissionsPolicyMiddleware


def page(status: int) -> HttpResponse:
    """A page of ours, in both languages at once, with the headers that every page carries."""
    answer = HttpResponse(render_to_string("500.html" if status >= 500 else "unread.html"), status=status)
    answer["Content-Security-Policy"] = build_policy()
    answer["Permissions-Policy"] = PermissionsPolicyMiddleware(lambda _request: answer).permissions_policy
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    answer["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    answer["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    add_never_cache_headers(answer)
    return answer

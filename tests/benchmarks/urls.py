"""The product's addresses, and under `bench/` the floors to measure pages against and a look into a worker."""

import os
import resource
import sys
from threading import Lock
from unittest import mock

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from assessment.views import dimension, report

LAZY = ("matplotlib", "typst", "openpyxl")
KIBIBYTE = 1 if sys.platform == "darwin" else 1024
_constants: dict[str, tuple[str, dict]] = {}
_lock = Lock()


def floor(request: HttpRequest, view, **arguments: str) -> HttpResponse:
    """The same template rendered from constants: what a page's own view handed to it once, and no query at all."""
    with _lock:
        if request.path not in _constants:
            _constants[request.path] = _handed_over(request, view, arguments)
    with connection.execute_wrapper(_refuse):
        return render(request, *_constants[request.path])


def _handed_over(request: HttpRequest, view, arguments: dict) -> tuple[str, dict]:
    """The template and the context that a view renders."""
    with mock.patch.object(sys.modules[view.__module__], "render", return_value=HttpResponse()) as handed:
        view(request, **arguments)
    return handed.call_args.args[1:]


def _refuse(execute, sql, *rest):
    raise RuntimeError(f"A floor has to do without the database, and asked it: {sql}")


def worker(request: HttpRequest) -> JsonResponse:
    """Which worker this is, the most memory it ever held, and which of the heavy libraries it has loaded."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE
    return JsonResponse(
        {"pid": os.getpid(), "memory": memory, "loaded": [name for name in LAZY if name in sys.modules]}
    )


urlpatterns = [
    path("bench/worker/", worker),
    path("bench/r/<str:key>/report/", floor, {"view": report.report}),
    path("bench/r/<str:key>/<str:dimension>/", floor, {"view": dimension.dimension}),
    path("", include("config.urls")),
]

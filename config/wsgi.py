"""What a WSGI server imports to serve the site."""

import os
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db.backends.signals import connection_created
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters

from assessment.views import outages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """A request whatever its Content-Type says: Django's own fails on some before any page of ours could answer.

    All is read as UTF-8; the middleware `refuse_malformed` refuses what is anything else.
    """

    def _set_content_type_params(self, meta: dict) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (TypeError, ValueError):
            self.content_type, self.content_params = "", {}

    def parse_file_upload(self, META, post_data):
        """Django's, to which a part whose name comes in pieces is as malformed as any other."""
        try:
            return super().parse_file_upload(META, post_data)
        except TypeError as error:
            raise MultiPartParserError("a header of a part cannot be read") from error


class Application(WSGIHandler):
    request_class = Request


def check_static_files() -> None:
    """Refuse to start without the static files that pages name, or with those of before an update."""
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:  # in development they are served as they are
        return
    own = Path(apps.get_app_config("assessment").path) / "static"
    named = {path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file()}
    named |= {"admin/css/base.css", "css/bootstrap.min.css"}  # of those of the packages one each
    if missing := named - collected.keys():
        raise ImproperlyConfigured(
            f"Static files are missing in {settings.STATIC_ROOT}, such as {min(missing)}: "
            "run `python manage.py collectstatic --noinput` first."
        )


django.setup(set_prefix=False)
check_static_files()
connection_created.connect(outages.keep_readable)
application = Application()

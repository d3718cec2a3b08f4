"""django-survey-and-report as a site of its own: its settings, and with `python -m` its tables and one survey.

It runs in an environment of its own (`tests.benchmarks.survey`), with nothing of the product. The questions come as JSON on the
standard input, and the values that its forms take leave as JSON on the standard output.
"""

import json
import os
import sys
from urllib.parse import parse_qs, unquote, urlsplit

_url = urlsplit(os.environ["SURVEY_DATABASE"])
if _url.scheme == "sqlite":  # as the product opens it, by Django's own backend
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _url.path[1:],
            "CONN_MAX_AGE": 1,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _url.path[1:],
            "USER": unquote(_url.username or ""),
            "PASSWORD": unquote(_url.password or ""),
            "HOST": parse_qs(_url.query).get("host", [_url.hostname])[0],
            "PORT": str(_url.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}, "server_side_binding": True},
        }
    }
DEBUG = False
SECRET_KEY = "only-for-the-length-of-a-bench-" + "0123456789" * 3
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "survey",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "survey.urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL = "/static/"
USE_TZ = True
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"waitress.queue": {"level": "ERROR"}}}
CHOICES_SEPARATOR = "|"  # statements hold commas
USER_DID_NOT_ANSWER = "Left blank"
DEFAULT_SURVEY_PUBLISHING_DURATION = 7


def main() -> int:
    """Make the tables and one survey, a section a page, all questions to be answered."""
    import django

    django.setup()
    from django.core.management import call_command
    from survey.models import Category, Question, Survey

    call_command("migrate", verbosity=0)
    asked = Survey.objects.create(
        name="Bench", description="", need_logged_user=False, display_method=Survey.BY_CATEGORY
    )
    taken = []
    for order, section in enumerate(json.load(sys.stdin)):
        category = Category.objects.create(name=section["title"], survey=asked, order=order)
        fields = {}
        for place, (text, choices) in enumerate(section["questions"]):
            question = Question.objects.create(
                text=text, order=order * 100 + place, required=True, category=category, survey=asked,
                type=Question.RADIO, choices=CHOICES_SEPARATOR.join(choices),
            )  # fmt: skip
            fields[f"question_{question.pk}"] = [value for value, _shown in question.get_choices()]
        taken.append(fields)
    json.dump({"survey": asked.pk, "sections": taken}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

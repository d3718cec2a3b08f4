"""All settings, read once from top to bottom; what an installation may change comes from its environment.

README.md lists every variable read here; a test compares the two.
"""

import re
from collections.abc import Callable
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


BACKENDS = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
OFF = ("0", "false", "off", "no", "n", "")


class Environment(environ.Env):
    """The variables of the process; a wrong one is refused with its name, what was given and what is allowed."""

    def number(self, name: str, *, default: int, least: int = 1, most: int = 1_000_000_000) -> int:
        """A whole number between two others."""
        given = self.str(name, default=str(default))
        number = int(given) if re.fullmatch(r"-?[0-9]{1,18}", given) else None
        if number is None or not least <= number <= most:
            raise ImproperlyConfigured(f"{name} is {given!r}, but has to be a whole number from {least} to {most}.")
        return number

    def switch(self, name: str, *, default: bool) -> bool:
        """On or off."""
        given = self.str(name, default="1" if default else "0")
        word = given.strip().lower()
        if word not in {*self.BOOLEAN_TRUE_STRINGS, *OFF}:
            raise ImproperlyConfigured(f"{name} is {given!r}, but has to be 1 or 0.")
        return word in self.BOOLEAN_TRUE_STRINGS

    def service(self, name: str, read: Callable[[str], dict], *, default: str) -> dict:
        """What `read` makes of the address of a database or of a mail server."""
        try:
            made = read(self.str(name, default=default) or default)
        except (ImproperlyConfigured, ValueError, KeyError, TypeError) as error:  # it may hold a password: not shown
            raise ImproperlyConfigured(f"{name} is no address that can be read; the README shows one.") from error
        if "EMAIL_BACKEND" not in made and made.get("ENGINE") not in BACKENDS:
            raise ImproperlyConfigured(f"{name} is no address that can be read; the README shows one.")
        return made


env = Environment()

# Who we are -----------------------------------------------------------------------------------------------------------
DEBUG = env.switch("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "Set SECRET_KEY (a long random text) in the environment, or DEBUG=1 for development."
        )
    SECRET_KEY = "for-development-only-and-never-for-real-answers-0123456789abcdef"  # noqa: S105
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
for _host in ALLOWED_HOSTS:
    if not re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9a-fA-F:]+\]", _host):
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS has {_host!r}, but has to be names such as example.org, with commas."
        )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Every page is asked for by HTTPS, redirected there otherwise, and browsers are told to remember it.
HTTPS = env.switch("HTTPS", default=not DEBUG)

# What it is made of ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it widens
    "assessment",  # before whom it corrects: where two translate a text, the first counts
    "assessment.apps.AdministrationConfig",  # Django's admin behind a second factor
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "assessment.views.middleware.CompressedText",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assessment.views.middleware.SharedPolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "assessment.views.middleware.refuse_with_a_page",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "assessment.views.middleware.without_control_signs",
    "assessment.views.middleware.refuse_malformed",
    "assessment.views.middleware.Unavailable",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"dashboard": "assessment.admin.dashboard"},
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organisations"
LOGOUT_REDIRECT_URL = "home"

# Where things are kept ------------------------------------------------------------------------------------------------
DATABASES = {"default": env.service("DATABASE_URL", env.db_url_config, default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
# How many seconds a request waits for a lock or a connection before it is told to try again; 0, which `manage.py` sets for
# its commands, is as long as it takes. A single statement may take ten times as long.
_wait = env.number("DATABASE_WAIT", default=2, least=0, most=600)
QUEUE_SECONDS = env.number("QUEUE_SECONDS", default=2, most=600)  # that a request may have waited for a thread
if _database["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # Several workers on one file: readers do not wait for the writer, writers queue instead of failing.
    _database["ENGINE"] = "config.sqlite"  # Django's, with a shorter wait between two tries to write
    # A thread keeps the file open, as to open it takes as long as to make a page; what an outage broke is soon opened anew.
    _database["CONN_MAX_AGE"] = 1  # second
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": _wait or 600,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True  # a connection that a restart of the database broke is not handed out
    pool_size = env.number("DATABASE_POOL", default=8, most=1000)
    _given = _database.get("OPTIONS", {})
    _waits = f"-c lock_timeout={_wait}s -c statement_timeout={_wait * 10}s"
    _waits += f" -c idle_in_transaction_session_timeout={_wait * 10}s"  # what a machine that died left open holds locks
    _database["OPTIONS"] = {
        "connect_timeout": _wait or 30,
        # Milliseconds until a network that swallows everything counts as away.
        "tcp_user_timeout": (_wait or 30) * 1000,
        **_given,
        "options": f"{_waits} {_given.get('options', '')}".strip(),
        # What broke is opened anew by the next request that asks, not by a clock that grows slower.
        "pool": {"min_size": 1, "max_size": pool_size, "timeout": _wait or 30, "reconnect_timeout": 1},
        # Each connection prepares what it asks again and again: planning it anew was half of the database's work.
        "server_side_binding": True,
        "prepare_threshold": 3,
    }
CACHES = {
    # Counts attempts for all workers together; its table is made by a migration.
    "default": {
        "BACKEND": "assessment.views.outages.AttemptsCache",
        "LOCATION": "assessment_counters",
        "KEY_FUNCTION": "assessment.models.limit.key_of",  # a fingerprint: keys hold network addresses
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # more than one attacker's addresses can push out
    },
}
# What a worker keeps for itself, and how many entries of it: "local" holds charts and figures; "parts" those of report pages, as
# what a stored result says does not change; "questions" those of published versions as they look with an answer, on their page
# and in the review, and the bar of parts, some 3 kB each (an untouched part 20); "pictures" charts, up to some 350 kB each.
for _name, _most in {"local": 2000, "parts": 300, "questions": 3000, "pictures": 60}.items():
    CACHES[_name] = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": _name,
        "OPTIONS": {"MAX_ENTRIES": _most},
    }
# Source maps are for developers: they are served as they are, which spares half a minute at every deployment.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
STATIC_URL = "static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.typefaces.Typefaces",
]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "config.static.Storage"
    },
}
SESSION_ENGINE = "assessment.models.session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Never in the database: the message that shows a new reading link holds its secret.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# How it speaks --------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
FORMAT_MODULE_PATH = "assessment.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_ENABLE_FALLBACKS = False  # a missing French text must be seen, not hidden behind the English one
TEXT_LANGUAGES = {
    "en": pgettext_lazy("language of a text", "English"),
    "fr": pgettext_lazy("language of a text", "French"),
}
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = lambda name, code: f"{name} ({TEXT_LANGUAGES[code]})"  # noqa: E731
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")

# Mail -----------------------------------------------------------------------------------------------------------------
# Without EMAIL_URL (such as smtp+tls://user:password@host:587) mails are printed, not sent.
_mail = env.service("EMAIL_URL", env.email_url_config, default="consolemail://")
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail["EMAIL_BACKEND"], _mail["EMAIL_FILE_PATH"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 5  # seconds for each answer: a mail server that keeps silent must not hold a page
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="social-media-maturity@localhost")

# What the links of mails begin with: never what a visitor's browser says (`Host`).
_first_host = next((host.removeprefix(".") for host in ALLOWED_HOSTS if host != "*"), "")
_address = "http://127.0.0.1:8000" if DEBUG else f"{'https' if HTTPS else 'http'}://{_first_host}"
SITE_ADDRESS = env.str("SITE_ADDRESS", default=_address).rstrip("/")
if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?", SITE_ADDRESS):
    raise ImproperlyConfigured("Set SITE_ADDRESS to the address of the site, such as https://example.org.")
# Work after the response waits in the database, for `manage.py db_worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Who gets in ----------------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["assessment.accounts.sign_in.OwnersBackend"]
ACCOUNT_ADAPTER = "assessment.accounts.adapter.Accounts"
ACCOUNT_FORMS = {
    "login": "assessment.forms.account.LoginForm",
    "signup": "assessment.forms.account.SignupForm",
    "add_email": "assessment.forms.account.AddEmailForm",
    "change_password": "assessment.forms.account.ChangePasswordForm",
    "set_password": "assessment.forms.account.SetPasswordForm",
    "reset_password": "assessment.forms.account.ResetPasswordForm",
    "reset_password_from_key": "assessment.forms.account.ResetPasswordKeyForm",
    "reauthenticate": "assessment.forms.account.ReauthenticateForm",
    "confirm_email_verification_code": "assessment.forms.account.ConfirmEmailForm",
    "confirm_password_reset_code": "assessment.forms.account.ConfirmResetForm",
}
# The address is the name: there are no user names.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_SESSION_REMEMBER = True
# A code typed into the page that asked for it, not a link: it keeps the visitor where they were, and no address is a secret.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# What is refused for a while gets the page 429.html, which says to wait a minute: these windows are no longer than that.
# None of them counts an address, or whoever knows it could keep its owner out: `accounts/sign_in.py` limits passwords and codes,
# `accounts/adapter.py` limits mails.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "",
    "signup": "20/m/ip",
    "confirm_email": "20/m/ip",
    "reset_password": "20/m/ip",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "20/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "assessment.accounts.adapter.SecondFactor"
MFA_FORMS = {
    "authenticate": "assessment.forms.account.AuthenticateForm",
    "reauthenticate": "assessment.forms.account.ReauthenticateCodeForm",
    "activate_totp": "assessment.forms.account.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before or after: clocks differ, and people type slowly
# A submission is a few kilobytes; nothing larger is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = ["assessment.forms.uploads.NoFiles"]

# Headers --------------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's stylesheet draws its small marks as data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
PERMISSIONS_POLICY = {name: [] for name in ["camera", "geolocation", "microphone", "payment", "usb", "display-capture"]}
# No other site ever gets a referrer; with "no-referrer" browsers also hide the origin of our own forms, which CSRF needs.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "assessment.views.public.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
_hsts_seconds = env.number("HSTS_SECONDS", default=365 * 24 * 3600, least=0)
SECURE_HSTS_SECONDS = _hsts_seconds if HTTPS else 0
# Both bind more than this site, and cannot be taken back soon: the owner of the domain has to want them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.switch("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.switch("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for both of everybody
# Set only behind a proxy that replaces these headers in what visitors send.
if env.switch("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # attempts are counted by the last address in X-Forwarded-For

# What the product does ------------------------------------------------------------------------------------------------
# The smallest group a confidential round may show: it can be raised, never lowered, and anything unclear means five.
_smallest = env.str("SMALLEST_GROUP", default="5")
SMALLEST_GROUP = max(5, int(_smallest)) if re.fullmatch("[0-9]{1,18}", _smallest) else 5
SHARE_DAYS = env.number("SHARE_DAYS", default=90, most=365)
JOINS_PER_ROUND = env.number("JOINS_PER_ROUND", default=1000)
MAILS_PER_RESPONSE = env.number("MAILS_PER_RESPONSE", default=5)
INVITATIONS_PER_DAY = env.number("INVITATIONS_PER_DAY", default=200)
# How often one network address may start a questionnaire, join rounds by their links, have a link mailed, have a document
# made, see what improvements would give at each tick, and (in ten minutes) try wrong addresses.
STARTS_PER_HOUR = env.number("STARTS_PER_HOUR", default=60)
JOINS_PER_HOUR = env.number("JOINS_PER_HOUR", default=200)
MAILS_PER_HOUR = env.number("MAILS_PER_HOUR", default=30)
DOCUMENTS_PER_HOUR = env.number("DOCUMENTS_PER_HOUR", default=240)
WHAT_IFS_PER_HOUR = env.number("WHAT_IFS_PER_HOUR", default=3600)
WRONG_KEYS = env.number("WRONG_KEYS", default=60)
# After how many days `manage.py purge` deletes what is not used any more; the privacy page says so.
DRAFT_DAYS = env.number("DRAFT_DAYS", default=90, least=7, most=36_500)
UNCLAIMED_DAYS = env.number("UNCLAIMED_DAYS", default=730, most=36_500)
LINK_DAYS = env.number("LINK_DAYS", default=90, most=36_500)
UNUSED_ACCOUNT_DAYS = env.number("UNUSED_ACCOUNT_DAYS", default=90, most=36_500)
LEGAL_PUBLISHER = env.str("LEGAL_PUBLISHER", default="")
LEGAL_CONTACT = env.str("LEGAL_CONTACT", default="")
LEGAL_HOST = env.str("LEGAL_HOST", default="")

# What it writes down --------------------------------------------------------------------------------------------------
# Addresses under /r/, /shared/, /join/, /keep/, /invitation/ and /mail/stop/ are secrets: the log filter blanks them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "secrets": {"()": "assessment.logs.SecretsFilter"},
        "one line": {"()": "assessment.logs.OneLineFilter"},  # last, so that it cuts no secret in two
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["secrets", "one line"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "assessment": {"level": "INFO"},  # who signed in, and who failed to
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "waitress.queue": {"level": "ERROR"},  # it tells of each request that waits a moment for a thread
    },
}

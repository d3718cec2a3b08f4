"""What every test may ask for."""

import gc
import io
import logging

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import translation
from environ import Env

from assessment.content.evidence import read_evidence
from assessment.content.files import FOLDER
from assessment.content.questionnaire import read_questionnaire
from assessment.models import Questionnaire
from assessment.views import outages
from tests import factories
from tests.sampling import THOROUGH
from tests.server import collect_static, filled_database

# The fixtures that lead to the database: pytest-django refuses it to every test without one of the first two, and a
# server of its own (`tests.server`) is always asked for as `site`.
DATABASE_FIXTURES = {"db", "transactional_db", "site"}
# Those of tests whose transactions really end, and those of tests that look at pages.
LASTING_FIXTURES = {"transactional_db", "lasting", "site"}
PAGE_FIXTURES = {"client", "boss", "scene"}
LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """First those with a server of their own: they take longest, and what they share is made once when they are together.

    On PostgreSQL only what may turn out otherwise there, with the first of its parameters, and of the tests that look at
    pages a quarter: the other tests say the same, and have run on SQLite.
    """
    items.sort(key=lambda item: "site" not in item.fixturenames)
    functions: set[str] = set()
    pages: list[str] = []
    left_out = {item for item in items if not belongs(item, functions, pages)}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workeroutput"):  # a process of pytest-xdist, whose counts nobody prints
        config.workeroutput["left out"] = len(left_out)


def belongs(item, functions, pages):
    """Whether a test is to run on this database.

    `functions` are those of which one test is there already, `pages` those among them that look at pages.
    """
    if connection.vendor == "sqlite":
        return not item.get_closest_marker("postgresql")
    if same_on_every_database(item):
        return False
    if THOROUGH or item.get_closest_marker("every_case") or item.get_closest_marker("postgresql"):
        return True
    name = item.nodeid.partition("[")[0]
    if name in functions:
        return False
    functions.add(name)
    if PAGE_FIXTURES.isdisjoint(item.fixturenames) or not LASTING_FIXTURES.isdisjoint(item.fixturenames):
        return True
    pages.append(name)
    return len(pages) % 4 == 1


def same_on_every_database(item):
    """Whether a test asks no database, or says itself that which one it is makes no difference."""
    return DATABASE_FIXTURES.isdisjoint(item.fixturenames) or item.get_closest_marker("any_database")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Each process of pytest-xdist has collected, and left out, the same tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)  # one that crashed says nothing


def pytest_terminal_summary(terminalreporter, config):
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} tests left out, which say nothing new on this database.")


def pytest_collection_finish():
    """All that is there by now stays: nobody needs to look through it for what could be thrown away, nor all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """What failed beside a server of its own is shown with the last that the server said."""
    report = yield
    site = item.funcargs.get("site") if report.failed else None
    if site:
        report.sections.append(("log of the site", site.log.read_text(errors="replace")[-8000:]))
    return report


@pytest.fixture(autouse=True)
def no_hurry():
    """After an outage in an earlier test nobody waits less for a lock, or for a connection."""
    outages.patience._hurried_until = float("-inf")
    for open_one in connections.all(initialized_only=True):
        # Not `open_one.pool`, which would make one: before there is a test database, of the wrong database and for good.
        if pool := getattr(open_one, "_connection_pools", {}).get(open_one.alias):
            pool.timeout = open_one.settings_dict["OPTIONS"]["pool"]["timeout"]


@pytest.fixture(autouse=True)
def no_language():
    """The language of a page that an earlier test read stays with its thread: no test begins in it."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def empty_caches(request):
    """What a worker keeps, and what all of them count; a transaction that is rolled back takes the counts with it."""
    caches["local"].clear()
    caches["pictures"].clear()
    caches["parts"].clear()
    caches["questions"].clear()
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        caches["default"].clear()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """The slow hash that protects passwords protects nothing here."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def shipped():
    """The questionnaire and the evidence that ship with the product, as values."""
    evidence = read_evidence((FOLDER / "evidence.yaml").read_bytes(), "evidence.yaml")
    questionnaire = read_questionnaire((FOLDER / "questionnaire.yaml").read_bytes(), "questionnaire.yaml")
    return questionnaire, evidence


@pytest.fixture(scope="session")
def common(tmp_path_factory, worker_id):
    """The folder of what is made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def django_db_setup(tmp_path_factory, common, django_db_blocker):
    """Every test database begins with the shipped content, published: in place of pytest-django's own, a copy of one for all.

    On SQLite a file, as it is used: in memory its connections lock each other out. Gives the rows in it by their model,
    as any test whose transactions really end takes them away.
    """
    models = apps.get_app_config("assessment").get_models(include_auto_created=True)
    with filled_database(tmp_path_factory.mktemp("database"), common) as url:
        connection.settings_dict["NAME"] = Env.db_url_config(url)["NAME"]
        with django_db_blocker.unblock():
            rows = {model: list(QuerySet(model)) for model in models}
        yield rows
        with django_db_blocker.unblock():
            connection.close()
            if connection.vendor == "postgresql":
                connection.close_pool()


@pytest.fixture
def questionnaire(db):
    return Questionnaire.objects.current()


@pytest.fixture
def lasting(django_db_setup, transactional_db):
    """A database whose transactions really end, as threads and statement counts need; an earlier such test emptied it."""
    if QuerySet(Questionnaire).exists():
        return
    with transaction.atomic():  # in which rows may come in any order
        for model, rows in django_db_setup.items():
            QuerySet(model).bulk_create(rows)  # past the guard, as only a test may


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """A transaction around all tests of a module: what is made in `module_rows.unblock()` they share, and leave as it was."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def nothing_published(questionnaire):
    """An installation whose only questionnaire was retired."""
    QuerySet(Questionnaire).update(status=Questionnaire.Status.RETIRED)  # past the guard, as only a test may


@pytest.fixture(scope="session")
def static(common):
    """The static files as production serves them, the same for all test processes."""
    return collect_static(common)


@pytest.fixture
def boss(client, db):
    """A browser in which a superuser passed the second factor."""
    factories.sign_in(
        client, factories.account("boss@example.org", is_staff=True, is_superuser=True), second_factor=True
    )
    return client


@pytest.fixture
def written(settings):
    """What the console handlers of the site's logging write during a test."""
    stream = io.StringIO()
    loggers = [logging.getLogger(name) for name in ("", "django", "django.server")]
    handlers = {handler for logger in loggers for handler in logger.handlers if _is_ours(handler)}
    before = {handler: handler.setStream(stream) for handler in handlers}
    yield stream
    for handler, old in before.items():
        handler.setStream(old)


def _is_ours(handler):
    return type(handler) is logging.StreamHandler and bool(handler.filters)

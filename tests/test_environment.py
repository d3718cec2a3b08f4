"""Plain `pytest` runs wherever it is called, whatever the shell has set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "LANG")


def pytest_in(environment, *arguments):
    """What pytest does in a shell of its own, from which it learns nothing but what is named here."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False)


def test_nothing_has_to_be_set_for_the_tests_in_a_browser_either():
    done = pytest_in({}, "--collect-only", "tests/browser")
    assert done.returncode == 0, done.stdout


def test_what_a_shell_has_set_for_its_own_site_is_not_used():
    set_by_hand = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HTTPS": "1", "SMALLEST_GROUP": "9"}
    done = pytest_in(set_by_hand, "tests/test_public.py::test_home_has_one_button_to_start_and_the_five_dimensions")
    assert done.returncode == 0, done.stdout


@pytest.mark.postgresql
def test_the_tests_are_connected_to_the_database_that_is_theirs(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)

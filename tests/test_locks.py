"""The two locks: what production needs, and that with the tests; both from pyproject.toml, whole and by hash."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.txt", "requirements-test.txt")


def pinned(lock):
    """Each package that a lock pins, with its version and hashes, as one text."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    parts = re.split(r"\n(?=[a-z0-9])", re.sub(r"\n? +#[^\n]*", "", text).strip())
    return {part.strip() for part in parts}


def names(lock):
    return {part.partition("==")[0] for part in pinned(lock)}


def asked(requirements):
    return {re.match(r"[a-z0-9-]+", requirement)[0] for requirement in requirements}


def test_production_has_what_it_asks_for_and_no_tool_of_the_tests():
    tools = asked(PROJECT["optional-dependencies"]["test"])
    assert asked(PROJECT["dependencies"]) <= names("requirements.txt")
    assert not tools & names("requirements.txt")
    assert tools <= names("requirements-test.txt")


def test_tests_run_with_the_very_packages_of_production():
    assert pinned("requirements.txt") < pinned("requirements-test.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_a_hash_for_each_package_and_no_registry(lock):
    assert all("==" in part and "--hash=sha256:" in part for part in pinned(lock))
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", (ROOT / lock).read_text(encoding="utf-8"))


def test_what_is_taken_from_inside_allauth_is_of_the_version_that_was_looked_at():
    """These names are not promised to stay: with another version look at them again, then name it here."""
    inside = set()
    for path in (ROOT / "assessment").rglob("*.py"):
        inside |= set(re.findall(r"from (allauth[\w.]*\.internal[\w.]*) import", path.read_text(encoding="utf-8")))
    assert inside == {"allauth.mfa.recovery_codes.internal.auth", "allauth.mfa.totp.internal.auth"}
    assert any(part.startswith("django-allauth==65.21.") for part in pinned("requirements.txt"))

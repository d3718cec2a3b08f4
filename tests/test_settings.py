"""Every setting that an installation may change is described, and what is described exists."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| `(?P<name>[A-Z][A-Z0-9_]*)` \|(?P<default>[^|]*)\|(?P<meaning>[^|]*)\|$", re.MULTILINE)


def read() -> set[str]:
    """The variables that the settings ask the environment for."""
    tree = ast.parse((ROOT / "config/settings.py").read_text(encoding="utf-8"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
    }


def described() -> dict[str, re.Match]:
    return {row["name"]: row for row in ROW.finditer((ROOT / "README.md").read_text(encoding="utf-8"))}


def test_settings_are_read_in_one_way():
    """Through `env`, with a literal name: so that they can be listed."""
    text = (ROOT / "config/settings.py").read_text(encoding="utf-8")
    assert not re.search(r"os\.environ|getenv|env\(", text)
    assert {"DEBUG", "SECRET_KEY", "DATABASE_URL"} <= read()
    for path in (ROOT / "assessment").rglob("*.py"):
        assert not re.search(r"os\.environ|getenv|environ\.Env", path.read_text(encoding="utf-8")), path.name


def test_every_setting_is_described_and_every_described_one_is_read():
    assert set(described()) == read()


def test_every_description_says_something():
    for name, row in described().items():
        assert row["default"].strip(), name
        assert len(row["meaning"].split()) >= 3, name


def settings(**environment: str) -> subprocess.CompletedProcess:
    """The settings as another process reads them."""
    names = [
        "SITE_ADDRESS",
        "DEBUG",
        "HTTPS",
        "SMALLEST_GROUP",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "DRAFT_DAYS",
        "SESSION_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
    ]
    program = f"from config import settings\nfor name in {names}: print(name, getattr(settings, name))"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )


def values(**environment: str) -> dict[str, str]:
    done = settings(**environment)
    assert done.returncode == 0, done.stderr
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


@pytest.mark.parametrize("environment", [{}, {"SECRET_KEY": ""}, {"DEBUG": "0"}, {"DEBUG": "off", "SECRET_KEY": ""}])
def test_without_a_secret_key_nothing_starts(environment):
    done = settings(**environment)
    assert done.returncode != 0
    assert "Set SECRET_KEY" in done.stderr.splitlines()[-1]


def test_production_is_the_default_and_safe():
    found = values(SECRET_KEY="k" * 50)
    assert (found["DEBUG"], found["HTTPS"]) == ("False", "True")
    assert (found["SESSION_COOKIE_SECURE"], found["SECURE_SSL_REDIRECT"]) == ("True", "True")
    assert int(found["SECURE_HSTS_SECONDS"]) >= 365 * 24 * 3600


@pytest.mark.parametrize(
    ("given", "smallest"),
    [("", 5), ("0", 5), ("-7", 5), ("4", 5), ("5.5", 5), ("5", 5), ("6", 6), ("9", 9), ("few", 5), ("7" * 5000, 5)],
)
def test_the_smallest_group_can_be_raised_and_never_lowered(given, smallest):
    assert values(SECRET_KEY="k" * 50, SMALLEST_GROUP=given)["SMALLEST_GROUP"] == str(smallest)


def test_an_unset_smallest_group_is_five():
    assert values(SECRET_KEY="k" * 50)["SMALLEST_GROUP"] == "5"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"ALLOWED_HOSTS": "example.org,www.example.org"}, "https://example.org"),
        ({"ALLOWED_HOSTS": ".example.org", "HTTPS": "0"}, "http://example.org"),
        ({"ALLOWED_HOSTS": "*,example.org"}, "https://example.org"),
        ({"SITE_ADDRESS": "https://maturity.example.org/", "ALLOWED_HOSTS": "*"}, "https://maturity.example.org"),
        ({"DEBUG": "1"}, "http://127.0.0.1:8000"),
    ],
)
def test_mails_lead_to_the_site_s_own_address(environment, address):
    assert values(SECRET_KEY="k" * 50, **environment)["SITE_ADDRESS"] == address


@pytest.mark.parametrize(
    "environment",
    [
        {"ALLOWED_HOSTS": "*"},
        {"SITE_ADDRESS": "example.org"},
        {"SITE_ADDRESS": "https://example.org/maturity/"},
        {"SITE_ADDRESS": "https://[x"},
        {"SITE_ADDRESS": "https://somebody@example.org"},
        {"SITE_ADDRESS": "https://example.org?a=b"},
    ],
)
def test_without_an_address_for_mails_nothing_starts(environment):
    done = settings(SECRET_KEY="k" * 50, **environment)
    assert done.returncode != 0
    assert "SITE_ADDRESS" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("given", ["example.org/", "https://example.org", "example.org, b.org", "a b.org"])
def test_with_a_host_that_no_request_can_name_nothing_starts_and_it_is_told(given):
    done = settings(SECRET_KEY="k" * 50, SITE_ADDRESS="https://example.org", ALLOWED_HOSTS=given)
    assert done.returncode != 0
    assert "ALLOWED_HOSTS has" in done.stderr.splitlines()[-1]


LEAST = {"DATABASE_WAIT": 0, "DRAFT_DAYS": 7, "HSTS_SECONDS": 0}


def numbers() -> dict[str, tuple[int, int, int]]:
    """Every number of the settings: the one it begins with, the least and the most that it may be."""
    tree = ast.parse((ROOT / "config/settings.py").read_text(encoding="utf-8"))
    found = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "number":
            said = {part.arg: eval(compile(ast.Expression(part.value), "", "eval")) for part in call.keywords}
            found[call.args[0].value] = said["default"], said.get("least", 1), said.get("most", 1_000_000_000)
    return found


def test_every_number_has_bounds():
    assert not re.search(r"env\.(bool|int|float|json)\(", (ROOT / "config/settings.py").read_text(encoding="utf-8"))
    found = numbers()
    assert {name for name in found if name.endswith("_DAYS")} == {
        "DRAFT_DAYS",
        "LINK_DAYS",
        "SHARE_DAYS",
        "UNCLAIMED_DAYS",
        "UNUSED_ACCOUNT_DAYS",
    }
    assert {name for name in read() if "_PER_" in name} <= found.keys()
    for name, (default, least, most) in found.items():
        assert least == LEAST.get(name, 1) <= default <= most, name


@pytest.mark.parametrize(
    ("name", "given", "allowed"),
    [
        ("DRAFT_DAYS", "6", "from 7 to 36500"),
        ("DRAFT_DAYS", "-90", "from 7 to 36500"),
        ("UNCLAIMED_DAYS", "0", "from 1 to 36500"),
        ("LINK_DAYS", "many", "from 1 to 36500"),
        ("UNUSED_ACCOUNT_DAYS", "99999999999999999999", "from 1 to 36500"),
        ("SHARE_DAYS", "366", "from 1 to 365"),
        ("STARTS_PER_HOUR", "", "from 1 to 1000000000"),
        ("WRONG_KEYS", "٣", "from 1 to 1000000000"),
        ("HSTS_SECONDS", "-1", "from 0 to 1000000000"),
    ],
)
def test_with_a_number_that_is_none_or_out_of_bounds_nothing_starts_and_it_is_told(name, given, allowed):
    done = settings(SECRET_KEY="k" * 50, PYTHONUTF8="1", **{name: given})
    assert done.returncode != 0
    said = done.stderr.splitlines()[-1]
    assert f"{name} is {given!r}, but has to be a whole number {allowed}." in said


def test_a_number_at_its_bound_is_taken():
    assert values(SECRET_KEY="k" * 50, DRAFT_DAYS="7")["DRAFT_DAYS"] == "7"


@pytest.mark.parametrize("given", [{}, {"HSTS_INCLUDE_SUBDOMAINS": "1"}, {"HSTS_PRELOAD": "1"}])
def test_only_who_asks_for_it_binds_the_subdomains_or_a_list_of_browsers(given):
    found = values(SECRET_KEY="k" * 50, **given)
    for name in ("HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD"):
        assert found[f"SECURE_{name}"] == str(name in given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("HTTPS", "enabled"),
        ("DEBUG", "ture"),
        ("BEHIND_PROXY", "ja"),
        ("HSTS_PRELOAD", "x"),
        ("HSTS_INCLUDE_SUBDOMAINS", "2"),
    ],
)
def test_with_a_switch_that_is_neither_on_nor_off_nothing_starts_and_it_is_told(name, given):
    done = settings(SECRET_KEY="k" * 50, **{name: given})
    assert done.returncode != 0
    assert f"{name} is {given!r}, but has to be 1 or 0." in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("given", "is_on"), [("1", True), ("True", True), ("on", True), ("0", False), ("no", False), ("", False)]
)
def test_a_switch_is_on_or_off(given, is_on):
    assert values(SECRET_KEY="k" * 50, HTTPS=given)["HTTPS"] == str(is_on)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("DATABASE_URL", "postgres//secret@x"),
        ("DATABASE_URL", "nothing"),
        ("DATABASE_URL", "redis://secret@x/1"),
        ("DATABASE_URL", "postgres://secret@x:port/y"),
        ("EMAIL_URL", "smtp://secret@h:abc"),
        ("EMAIL_URL", "mail.example.org"),
    ],
)
def test_with_an_address_that_is_none_nothing_starts_and_it_is_told_without_its_password(name, given):
    done = settings(SECRET_KEY="k" * 50, **{name: given})
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(f"{name} is no address that can be read; the README shows one.")

"""The rooms of the house and which doors lead where: every module is in the table, and imports nothing that is not."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
APP = ROOT / "assessment"

# What each room may import of the others; its own modules may import one another. The order is that of the house: a line
# names only rooms above it, so that imports go one way.
MAY_IMPORT = {
    # numbers and what to say about them: no request, row, clock or language
    "scoring": set(),
    "text": set(),
    "content": {"text"},
    "report": {"content", "scoring"},
    "charts": set(),
    "wording": {"content", "report", "scoring", "text"},
    # rows, and what is done with them
    "models": {"content", "report", "scoring", "text"},
    "translation": {"models"},
    "accounts": {"models", "text", "wording"},
    "authoring": {"content", "models", "scoring", "text"},
    "evidence": {"authoring", "content", "models"},
    "rounds": {"content", "models", "scoring", "text"},
    "organisations": {"models", "report", "rounds", "scoring", "text"},
    "barometer": {"content", "models", "report", "scoring", "text"},
    "results": {"barometer", "content", "models", "report", "rounds", "scoring", "text"},
    "privacy": {"accounts", "models", "organisations", "results", "rounds", "scoring", "text"},
    "mailing": {"models", "organisations", "rounds", "text"},
    "access": {"models", "report"},
    # what is made of them
    # the figures of an edition are the barometer's, as values
    "documents": {"barometer", "charts", "models", "report", "results", "scoring", "text", "wording"},
    # pages
    "forms": {"accounts", "content", "models", "organisations", "report", "rounds", "text", "wording"},
    "views": {
        "access", "accounts", "barometer", "content", "documents", "evidence", "forms", "mailing", "models",
        "organisations", "privacy", "report", "results", "rounds", "scoring", "text", "wording",
    },
    "urls": {"views"},
    "admin": {
        "accounts", "authoring", "barometer", "charts", "content", "documents", "evidence", "forms", "mailing", "models",
        "organisations", "privacy", "report", "results", "rounds", "text", "wording",
    },
    "templatetags": {"documents", "models", "report", "text", "wording"},
    "management": {
        "accounts", "authoring", "barometer", "content", "evidence", "mailing", "models", "organisations", "privacy",
        "results", "rounds",
    },
    "apps": {"text", "views"},
    "formats": set(),
    "logs": set(),
    "": set(),
}  # fmt: skip
# What each room may import of other packages than Python's own.
MAY_USE = {
    "scoring": set(),
    "text": {"django", "ftfy", "idna"},
    "content": {"django", "yaml"},
    "report": set(),
    "charts": {"fontTools", "matplotlib"},
    "wording": {"babel", "django"},
    "models": {"cryptography", "allauth", "django"},
    "translation": {"modeltranslation"},
    "accounts": {"allauth", "django"},
    "authoring": {"django"},
    "evidence": {"django"},
    "rounds": {"django"},
    "organisations": {"django"},
    "results": {"django"},
    "privacy": {"allauth", "django", "django_tasks_db"},
    "mailing": {"django", "django_tasks"},
    "barometer": {"allauth", "django"},
    "access": {"django"},
    "documents": {"django", "fontTools", "icalendar", "openpyxl", "typst"},
    "forms": {"allauth", "crispy_forms", "django"},
    "views": {"allauth", "csp", "django", "django_permissions_policy"},
    "urls": {"django"},
    "admin": {"allauth", "django", "django_tasks_db"},
    "templatetags": {"django"},
    "management": {"django", "django_tasks_db"},
    "apps": {"django"},
    "formats": set(),
    "logs": set(),
    "": set(),
}
# Heavy libraries that are loaded when they are first needed.
LATE = {
    "charts.canvas": {"matplotlib"},
    "charts.outlines": {"fontTools"},
    "documents.calendar": {"icalendar"},
    "documents.typesetting": {"fontTools", "typst"},
    "documents.xlsx": {"openpyxl"},
}
# Rooms of verbs: they know no request and no answer to one.
WITHOUT_HTTP = {
    "models",
    "authoring",
    "evidence",
    "rounds",
    "organisations",
    "results",
    "privacy",
    "content",
    "barometer",
    "report",
    "text",
}
HTTP = {"django.http", "django.shortcuts", "django.views", "django.middleware"}
COMPUTING = {
    "by_role", "score", "compare", "breaks", "compare_questions", "from_questions", "question_results", "level_of", "plan",
    "published_again", "reached", "score_after_plan", "standings", "steps_to_level", "suppose",
    "after_steps", "score_dimension",
}  # fmt: skip
# The rooms of verbs that compute a score, and so nobody who only shows one.
MAY_COMPUTE = {"authoring", "organisations", "results", "rounds", "scoring"}
CHANGING = {
    "atomic", "bulk_create", "bulk_update", "create", "cursor", "delete", "get_or_create", "save", "update", "update_or_create",
}  # fmt: skip
NO_ROOM = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "tools"}


def modules() -> dict[str, Path]:
    """Every module of the app by its name within it; migrations are written by Django."""
    found = {}
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


MODULES = modules()
ROOMS = {
    room: [name for name in MODULES if name.partition(".")[0] == room]
    for room in sorted({name.partition(".")[0] for name in MODULES})
}


def room_of(name: str) -> str:
    return name.partition(".")[0]


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[tuple[str, ast.stmt]]:
    """What a module imports, whole names, with the statement."""
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are written out from the top"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = whole.removeprefix("assessment.") in MODULES and whole.startswith("assessment.")
                yield (whole if is_module or node.module == "assessment" else node.module), node


def inside(name: str) -> set[str]:
    return {found.removeprefix("assessment.") for found, _node in imports(name) if found.startswith("assessment.")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    for name in ROOMS[room]:
        strangers = {found for found in inside(name) if room_of(found) not in {room, *MAY_IMPORT[room]}}
        assert strangers == set(), f"{name} must not import these; if it must, the table has to say why"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_the_packages_it_may(room):
    for name in ROOMS[room]:
        used = {found.partition(".")[0] for found, _node in imports(name)} - {"assessment"} - sys.stdlib_module_names
        assert used <= MAY_USE[room], name


@pytest.mark.parametrize("room", sorted(WITHOUT_HTTP))
def test_a_room_of_verbs_knows_no_request(room):
    for name in ROOMS[room]:
        asked = {found for found, _node in imports(name) if any(f"{found}.".startswith(f"{part}.") for part in HTTP)}
        assert asked == set(), name


def test_tables_stand_in_their_room_and_nowhere_else():
    places = {model.__module__ for model in apps.get_app_config("assessment").get_models()}
    assert {place.removeprefix("assessment.").partition(".")[0] for place in places} == {"models"}


def test_no_use_case_stands_among_the_tables():
    """There rows change by verbs of their model or its QuerySet; a function that changes any belongs to a room of verbs."""
    for name in ROOMS["models"]:
        for node in tree_of(name).body:
            if isinstance(node, ast.FunctionDef):
                used = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
                assert not used & CHANGING, f"{name}.{node.name}"


def test_at_the_root_stands_what_has_no_room():
    loose = {name for name in MODULES if "." not in name and MODULES[name].name != "__init__.py"}
    assert loose == {"access", "apps", "logs", "translation", "urls"}


def test_nothing_imports_the_settings_or_the_tests():
    for name in MODULES:
        assert not {found for found, _node in imports(name) if found.partition(".")[0] in ("config", "tests")}


def test_the_tables_have_a_line_for_each_room_and_no_other():
    assert MAY_IMPORT.keys() == MAY_USE.keys() == ROOMS.keys()


def test_the_tables_allow_nothing_that_nobody_needs():
    for room, names in ROOMS.items():
        unneeded = MAY_IMPORT[room] - {room_of(found) for name in names for found in inside(name)}
        assert unneeded == set(), f"{room} imports none of {unneeded}"
        used = {found.partition(".")[0] for name in names for found, _node in imports(name)}
        assert used >= MAY_USE[room], f"{room} uses none of {MAY_USE[room] - used}"


def test_rooms_lead_one_way():
    above: set[str] = set()
    for room, listed in MAY_IMPORT.items():
        assert listed <= above, f"{room} leads to rooms that stand below it: {listed - above}"
        above.add(room)


def test_imports_go_one_way():
    """No module leads back to itself: the order of the house has no circle."""
    graph = {name: {found for found in inside(name) if found != name} for name in MODULES}
    for name, package in graph.items():
        package -= {name.rpartition(".")[0]}  # a package's front door is made of its rooms
    seen: dict[str, str] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"a circle: {' > '.join((*path, name))}"
        if name in seen:
            return
        for found in graph.get(name, ()):
            visit(found, (*path, name))
        seen[name] = name

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("room", sorted(MAY_IMPORT.keys() - MAY_COMPUTE))
def test_only_the_few_that_may_compute_scores_do(room):
    for name in ROOMS[room]:
        tree = tree_of(name)
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "scoring"
        }
        used |= {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assessment.scoring")
            for alias in node.names
        }
        assert not used & COMPUTING, name


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_imported_late_but_what_is_declared(room):
    for name in ROOMS[room]:
        tree = tree_of(name)
        late = set()
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        late |= {alias.name.partition(".")[0] for alias in node.names}
                    elif isinstance(node, ast.ImportFrom):
                        late.add((node.module or "").partition(".")[0])
                    elif isinstance(node, ast.Call):
                        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                        assert called not in ("import_module", "__import__"), name
        assert late <= LATE.get(name, set()), name


def test_heavy_libraries_come_at_the_top_of_no_module():
    for name, late in LATE.items():
        tree = tree_of(name)
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not late & {alias.name.partition(".")[0] for node in top for alias in node.names}
        assert not late & {(node.module or "").partition(".")[0] for node in top if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("room", ROOMS)
def test_no_chart_is_drawn_with_pyplot(room):
    for name in ROOMS[room]:
        assert "pyplot" not in {part for found, _node in imports(name) for part in found.split(".")}
        tree = tree_of(name)
        assert "pyplot" not in {
            alias.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for alias in n.names
        }


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_a_box_for_odds_and_ends(room):
    for name in ROOMS[room]:
        assert not NO_ROOM & set(name.split(".")), name


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_says_what_it_is_for(room):
    for name in ROOMS[room]:
        tree = tree_of(name)
        assert not tree.body or ast.get_docstring(tree), name


@pytest.mark.parametrize(
    "name", [name for name in MODULES if name.partition(".")[0] in ("scoring", "report", "charts", "barometer")]
)
def test_what_others_call_says_what_it_does(name):
    tree = tree_of(name)
    public = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_tests_that_start_a_server_ask_for_it_as_site():
    """On PostgreSQL `tests/conftest.py` keeps what asks for a database, and knows a server by the name of its fixture."""
    started = set()
    for path in (*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "tests").rglob("conftest.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "running_site" in {
                part.id for part in ast.walk(node) if isinstance(part, ast.Name)
            }:
                started.add(node.name)
    assert started == {"site"}


def test_the_core_runs_where_there_is_no_django(tmp_path):
    """Scoring needs Python alone."""
    for package in ("django", "yaml", "matplotlib"):
        (tmp_path / f"{package}.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    program = (
        "import sys; import assessment.scoring.__main__ as m; print(sorted(n for n in sys.modules if 'django' in n))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]\n{program}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_serving_pages_loads_no_heavy_library():
    program = (
        "import django, sys; django.setup(); import config.urls, config.wsgi; "
        "print(sorted({'matplotlib', 'numpy', 'typst', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""},
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_the_top_level_holds_what_the_house_says():
    """Beside the house itself only what tools ask for."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split(
        "\n"
    )
    top = {path.partition("/")[0] for path in listed if path}
    house = {"README.md", "manage.py", "pyproject.toml", "assessment", "config", "templates", "tests"}
    locks = {"requirements.txt", "requirements-test.txt"}
    prose = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md"}
    assert top <= house | locks | prose | {"Makefile", ".ci", ".gitignore"}

"""The rooms of the house and which doors lead where: every module is in the table, and imports nothing that is not."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = ROOT / "assessment"

# What people type is cleaned and compared alike wherever it comes in: every room that meets it may import this one.
OPEN = {"text"}
# What each room, or one module of it, may import of the product. The entry with the longest name counts.
MAY_IMPORT = {
    # numbers and what to say about them: no request, row, clock or language
    "scoring": {"scoring"},
    "report": {"content.structure", "report", "scoring"},
    "wording": {"content.shipped", "report", "scoring", "wording"},
    "history": {"content.structure", "scoring"},
    "overview": {"scoring"},
    "wording_trend": {"content.shipped", "content.structure", "history", "overview", "scoring", "wording"},
    "charts": {"charts"},
    "drawings": {"charts", "history", "report", "scoring", "wording", "wording_trend"},
    # files and rows
    "content": {"content"},
    "models": {"content.canonical", "content.structure", "models", "scoring", "scoring.record"},
    "models.publication": {
        "content",  # what is wrong and what is doubtful
        "content.canonical",
        "content.checking",
        "content.complaints",
        "content.doubts",
        "content.remarks",
        "models",
    },
    "models.sameness": {"content.sameness", "models", "scoring"},
    "models.versions": {"content.differences", "content.remarks", "content.structure", "models", "scoring"},
    "models.keys": {"content.questionnaire", "models"},  # the words that are no keys
    "models.reporting": {
        "content.structure",
        "models",
        "report",
        "scoring",
    },  # the one place where rows become a report
    "models.share": {"models", "report"},  # which parts of a report a link shows
    "models.evidence": {"content.evidence", "models"},  # the rules of the evidence file
    "models.evidence_checks": {"content.spot"},
    "models.texts": set(),
    "models.content": {"content.spot", "models"},  # the most that a file may say
    "models.evidence_loading": {"content.evidence_differences", "content.structure", "models"},
    "models.findings": {"content.structure", "models"},
    "models.history": {"history", "models", "overview", "scoring"},
    "models.following": {"history", "models", "scoring"},
    "translation": {"models"},
    # what people type
    "text": set(),
    # whose clock
    "moments": set(),
    # accounts
    "accounts": {"models.limit", "models.secret", "models.sign_in", "moments", "sign_in"},
    # cookies of ours are written in one way, wherever a page sets one
    "sign_in": {"models.accounts", "models.limit", "models.secret", "models.sign_in", "views.cookies"},
    "menu": set(),
    "second_factor": {"menu"},
    # when the database is away
    "outages": set(),
    # what is made of them
    "documents": {"scoring", "scoring.record"},
    "documents.cells": {"report", "scoring", "wording", "wording.numbers"},
    "documents.overview": {"documents.cells", "report", "scoring", "wording"},
    "documents.sheets": {"documents.cells", "documents.overview", "report", "wording"},
    "documents.facts": {"documents.cells", "documents.overview", "report", "wording"},
    "documents.xlsx": {"documents.cells", "documents.sheets", "report"},
    "documents.csv": {"documents.cells", "documents.facts", "report"},
    "documents.packing": set(),
    "documents.results": {"documents.cells", "models.round", "models.table", "wording"},
    "documents.typesetting": {"documents.packing"},
    "documents.glyphs": {"documents.typesetting"},
    "documents.printed": {
        "charts",  # the colours
        "documents.printed_dimensions",
        "documents.printed_evidence",
        "documents.printed_notes",
        "documents.printed_views",
        "report",
        "wording",
    },
    "documents.printed_dimensions": {"report", "wording"},
    "documents.printed_evidence": {"report", "wording"},
    "documents.printed_notes": set(),
    "documents.printed_views": {"report", "scoring", "wording"},
    "documents.pdf": {"documents.glyphs", "documents.printed", "documents.typesetting", "report"},
    "documents.png": {"charts", "documents.glyphs", "documents.typesetting"},
    "unstored": {"models.outline", "report", "scoring"},
    "example": {"models.outline", "report", "scoring", "unstored"},
    "mailing": set(),
    "mailing.asking": {
        "mailing.tasks",
        "models",
        "models.joining",
        "models.limit",
        "models.mail",
        "models.people",
    },
    "mailing.direct": {"mailing.letters", "models", "models.secret"},
    "mailing.letters": {"models", "models.accounts", "models.joining", "models.no_mail", "models.secret"},
    "mailing.outcome": {"models"},
    "mailing.sending": {"mailing.letters", "models"},
    "mailing.tasks": {"mailing.sending"},
    "progress": {"content.structure", "models.response", "scoring"},  # the coverage that a score needs
    "access": {"models", "models.keeping", "models.no_mail", "report"},
    "forms.account": {"accounts", "forms.text", "models.sign_in", "sign_in"},
    "forms.deleting": set(),
    "views.account": {"views.secret"},
    "views.errors": {"outages"},
    "views.health": {"models", "outages"},
    "views.malformed": {"views.errors"},
    "views.unavailable": {"outages", "views.errors"},
    "views.unread": set(),
    "forms.preview": {"content.structure", "models.outline"},
    "forms.conflicts": {"content.structure", "forms.answers", "models", "models.response"},
    "forms.sharing": {"forms.text", "report"},
    "forms.improving": {"report"},
    "forms.reason": {"forms.text"},
    "forms.rounds": {
        "content.shipped",
        "forms.languages",
        "forms.once",
        "forms.organisation",
        "models",
        "moments",
    },
    "forms.period": set(),
    "forms": {
        "content.shipped",
        "content.structure",
        "forms.text",
        "forms.languages",
        "forms.once",
        "forms.organisation",
        "models",
        "models.action",
        "models.response",
        "models.secret",
    },
    "templatetags.dashboard": {"admin.dashboard", "models.activity"},
    "templatetags.moments": {"moments"},
    "templatetags.typed": {"models.secret"},
    "templatetags": {"drawings", "report", "wording", "wording_trend"},
    # the street side
    "views.cookies": set(),
    "views.limits": {"models.limit", "sign_in"},
    "views.secret": {"views.limits"},
    "views.onward": {"views.cookies", "views.secret"},
    "views.begun": {"access", "models", "progress", "views.cookies", "views.onward"},
    "views.erase": {"access", "models.erasing", "views.cookies", "views.secret"},
    "views.account_data": {
        "documents.json",
        "forms.deleting",
        "models.erasing",
        "models.own_data",
        "models.people",
        "views.limits",
        "views.secret",
    },
    "views.organisation_settings": {
        "access",
        "documents.json",
        "forms.deleting",
        "forms.organisation",
        "models",
        "models.erasing",
        "models.exporting",
        "models.organisation",
        "views.secret",
    },
    "views.charts": {"documents.png", "drawings", "history", "report"},
    "views.respond": {
        "access",
        "forms.start",
        "mailing.direct",
        "models",
        "models.result",
        "models.secret",
        "models.starting",
        "progress",
        "views.cookies",
        "views.limits",
        "views.secret",
    },
    "views.dimension": {
        "access",
        "content.structure",
        "forms.answers",
        "forms.conflicts",
        "models",
        "models.reporting",
        "models.response",
        "models.starting",
        "moments",
        "progress",
        "views.respond",
        "views.secret",
        "wording",
    },
    "views.documents": {
        "documents.csv",
        "documents.json",
        "documents.pdf",
        "documents.xlsx",
        "models",
        "models.outline",
        "models.reporting",
        "report",
        "scoring",
        "views.charts",
        "views.limits",
    },
    "views.report": {
        "access",
        "models",
        "models.reporting",
        "report",
        "views.charts",
        "views.documents",
        "views.secret",
    },
    "views.what_if": {
        "access",
        "forms.improving",
        "models",
        "models.reporting",
        "report",
        "views.charts",
        "views.secret",
        "wording",
    },
    "views.sharing": {"access", "forms.sharing", "models", "models.secret", "models.share", "report", "views.secret"},
    "views.rounds": {
        "access",
        "forms.rounds",
        "models",
        "models.following",
        "models.joining",
        "models.joint",
        "models.reporting",
        "models.spacing",
        "models.standing",
        "models.starting",
        "moments",
        "report",
        "views.charts",
        "views.documents",
        "views.report",
        "views.secret",
    },
    "views.invite": {
        "access",
        "forms.rounds",
        "mailing.asking",
        "mailing.outcome",
        "models",
        "models.joining",
        "models.secret",
        "models.spacing",
        "models.starting",
        "views.secret",
    },
    "views.join": {
        "access",
        "forms.rounds",
        "mailing.direct",
        "models",
        "models.joining",
        "models.outline",
        "models.starting",
        "views.begun",
        "views.cookies",
        "views.limits",
        "views.secret",
    },
    "views.keep": {
        "access",
        "mailing.direct",
        "models",
        "models.keeping",
        "views.cookies",
        "views.limits",
        "views.onward",
        "views.secret",
    },
    "views.people": {
        "access",
        "forms.people",
        "mailing.asking",
        "mailing.outcome",
        "models",
        "models.people",
        "models.secret",
        "moments",
        "views.onward",
        "views.secret",
    },
    "views.stop_mail": {"access", "models", "views.secret"},
    "views.organisation": {"access", "models.history", "overview", "views.charts", "views.secret"},
    "views.compare": {"access", "forms.compare", "models.history", "views.secret", "wording_trend"},
    "views.plan": {
        "access",
        "documents.csv",
        "forms.plan",
        "models",
        "models.action",
        "models.following",
        "models.history",
        "views.secret",
        "wording_trend",
    },
    "views.public": {
        "example",
        "models",
        "models.findings",
        "models.outline",
        "models.reporting",
        "views.begun",
        "views.charts",
        "views.cookies",
        "views.documents",
        "views.errors",
        "views.report",
        "views.secret",
    },
    "views": set(),
    "urls": {
        "views.account",
        "views.account_data",
        "views.begun",
        "views.dimension",
        "views.erase",
        "views.health",
        "views.invite",
        "views.join",
        "views.keep",
        "views.onward",
        "views.organisation",
        "views.people",
        "views.organisation_settings",
        "views.compare",
        "views.plan",
        "views.public",
        "views.report",
        "views.respond",
        "views.rounds",
        "views.documents",
        "views.sharing",
        "views.stop_mail",
        "views.what_if",
    },
    "admin.versions": {"admin", "models", "models.content", "models.publication", "models.versions"},
    "admin": {"admin"},
    "admin.authoring": {"admin", "models", "models.frozen", "models.inventory", "models.keys", "models.ordering"},
    "admin.content": {"admin", "models", "models.content", "models.inventory", "models.keys", "models.loading"},
    "admin.frozen": {"admin", "models", "models.frozen"},
    "admin.rivals": {"models.frozen"},
    "admin.answers": {"admin", "forms.reason", "models", "wording"},
    "admin.dashboard": {"charts", "models.activity", "wording"},
    "admin.exporting": {
        "admin",
        "documents.cells",
        "documents.csv",
        "documents.results",
        "documents.xlsx",
        "models.table",
    },
    "admin.filters": {"content.shipped", "forms.period"},
    "admin.organisation": {
        "admin",
        "content.shipped",
        "mailing.asking",
        "models",
        "models.people",
        "models.spacing",
        "wording",
    },
    "admin.response": {"admin", "models", "models.table", "wording"},
    "admin.preview": {
        "admin",
        "charts",
        "content.checking",  # what a report cannot be made without
        "content.filled",
        "content.structure",
        "drawings",  # the charts are inside the page
        "forms.preview",
        "models",
        "models.outline",
        "models.reporting",
        "report",
        "unstored",
    },
    "admin.question": {
        "admin",
        "content.questionnaire",  # who may own a recommendation
        "content.shipped",  # and how they are called
        "models",
        "models.inventory",
        "models.keys",
        "models.ordering",
    },
    "admin.account": {"admin", "models.accounts", "models.erasing", "models.people", "models.sign_in"},
    "admin.evidence": {"admin", "models", "models.content", "models.evidence_uses", "models.findings"},
    "admin.entries": set(),
    "admin.version_forms": {"models", "models.publication", "models.versions"},
    "admin.remarks": {
        "content.differences",
        "content.naming",
        "content.remarks",
        "models",
        "models.outline",
        "models.publication",
        "models.versions",
    },
    "admin.alphabet": set(),
    "admin.changes": {"admin"},
    "admin.lists": {"admin", "forms.text", "models.texts"},
    "admin.log": {"admin", "models.frozen"},
    "admin.files": {
        "admin",
        "content.any_file",
        "content.reader",
        "content.writer",
        "forms.uploads",  # what the one page that takes files makes of a request
        "models",
        "models.evidence_loading",
        "models.evidence_values",
        "models.loading",
        "models.outline",
    },
    "admin.importing": {
        "admin",
        "content.evidence_differences",
        "content.problems",
        "content.reasons",
        "content.structure",
        "models",
        "models.evidence_loading",
        "models.evidence_values",
        "models.loading",
    },
    "management": set(),
    "management.commands.db_worker": {"mailing.sending"},
    "management.commands.demo": {"models", "models.accounts", "models.demo"},
    "management.commands.groups": {"models.groups"},
    "management.commands.load_content": {
        "content.reader",
        "content.shipped",
        "models.evidence_loading",
        "models.groups",
        "models.loading",
    },
    "management.commands.mails": {"models"},
    "management.commands.purge": {"models.purging"},
    "management.commands.rescore": {"models.checking"},
    "apps": {"outages"},
    "formats": set(),
    "logs": set(),
    "": set(),
}
# What it may import of other packages than Python's own.
MAY_USE = {
    "": set(),
    "scoring": set(),
    "report": set(),
    "charts": {"matplotlib"},
    "content": set(),
    "content.lines": {"yaml"},
    "content.nodes": {"yaml"},
    "content.naming": {"django"},  # likewise: the words for what has no text yet
    "content.remarks": {"django"},  # likewise: a sentence is in the reader's language when it is read
    "content.structure": {"django"},  # asks for the reader's language: a text of both is the reader's as a string
    "access": {"django"},
    "accounts": {"allauth", "django"},
    "sign_in": {"allauth", "django"},
    "moments": {"babel", "django"},
    "menu": {"django"},
    "second_factor": {"allauth", "django"},
    "outages": {"django"},
    "progress": set(),
    "documents": {"django"},
    "documents.xlsx": {"django", "openpyxl"},
    "documents.glyphs": {"fontTools"},
    "documents.typesetting": {"django", "typst"},
    "formats": set(),
    "logs": set(),
    "translation": {"modeltranslation"},
    "forms": {"crispy_forms", "django"},
    "forms.account": {"allauth", "django"},
    "admin": {"django"},
    "admin.account": {"allauth", "django", "django_tasks_db"},
    "admin.account_forms": {"allauth", "django"},
    "apps": {"django"},
    "example": {"django"},
    "unstored": set(),
    "mailing": {"django"},
    "mailing.tasks": {"django_tasks"},
    "management": {"django"},
    "management.commands.db_worker": {"django", "django_tasks_db"},
    "models": {"django"},
    "models.secret": {"cryptography", "django"},
    "models.accounts": {"allauth", "django"},
    "models.own_data": {"allauth", "django"},
    "models.purging": {"allauth", "django", "django_tasks_db"},
    "templatetags": {"django"},
    "text": {"django", "idna"},
    "text.comparing": set(),
    "urls": {"django"},
    "views": {"django"},
    "views.account": {"allauth", "django"},
    "views.unread": {
        "csp",
        "django",
        "django_permissions_policy",
    },  # the headers they would add to an answer of the site
    "wording": {"django"},
    "drawings": {"django"},
    "history": set(),
    "overview": set(),
    "wording_trend": {"django"},
}
# Heavy libraries that are loaded when they are first needed.
LATE = {
    "charts.canvas": {"matplotlib"},
    "documents.glyphs": {"fontTools"},
    "documents.typesetting": {"typst"},
    "documents.xlsx": {"openpyxl"},
}
# Rooms whose modules may import one another, where the table gives them their own room.
WITHIN = {"admin", "charts", "content", "models", "report", "scoring", "wording"}
COMPUTING = {
    "by_role",
    "score",
    "compare",
    "breaks",
    "compare_questions",
    "from_questions",
    "question_results",
    "level_of",
    "plan",
    "published_again",
    "reached",
    "suppose",
}
MAY_COMPUTE = {
    "example",
    "unstored",
    "models.checking",
    "models.following",
    "models.history",
    "models.joint",
    "models.reporting",
    "models.result",
    "models.versions",
}
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


def line(table: dict[str, set[str]], name: str) -> str:
    """The line of a table that counts for a module: its own, or that of the room around it."""
    while name not in table:
        if "." not in name:
            pytest.fail(f"{name} is missing from the table")
        name = name.rpartition(".")[0]
    return name


def entry(table: dict[str, set[str]], name: str) -> set[str]:
    return table[line(table, name)]


@cache
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
def test_a_module_imports_only_what_its_room_may(room):
    for name in ROOMS[room]:
        table = entry(MAY_IMPORT, name)
        within = {room for room in table if room in WITHIN and name.partition(".")[0] == room}
        within |= set() if name.partition(".")[0] in ("scoring", "report", "charts") else OPEN
        strangers = {found for found in inside(name) if found not in table and found.partition(".")[0] not in within}
        assert strangers == set(), f"{name} must not import these; if it must, the table has to say why"


@pytest.mark.parametrize("room", ROOMS)
def test_a_module_uses_only_the_packages_its_room_may(room):
    for name in ROOMS[room]:
        used = {found.partition(".")[0] for found, _node in imports(name)} - {"assessment"} - sys.stdlib_module_names
        assert used <= entry(MAY_USE, name), name


def test_nothing_imports_the_settings_or_the_tests():
    for name in MODULES:
        assert not {found for found, _node in imports(name) if found.partition(".")[0] in ("config", "tests")}


def test_the_table_has_no_room_that_is_not_there():
    for table in (MAY_IMPORT, MAY_USE):
        for name, listed in table.items():
            assert name in MODULES, name
            if table is MAY_IMPORT:
                assert listed <= MODULES.keys(), listed - MODULES.keys()


def test_the_table_allows_nothing_that_nobody_needs():
    for room, listed in MAY_IMPORT.items():
        imported = set().union(*(inside(name) for name in MODULES if line(MAY_IMPORT, name) == room))
        own = {found.partition(".")[0] for found in imported} & (WITHIN | OPEN)
        unneeded = listed - imported - own
        assert unneeded == set(), f"{room} imports none of {unneeded}"


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


@pytest.mark.parametrize("room", ROOMS)
def test_only_the_few_that_may_compute_scores_do(room):
    for name in ROOMS[room]:
        if name in MAY_COMPUTE or name.partition(".")[0] == "scoring":
            continue
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
    "name", [name for name in MODULES if name.partition(".")[0] in ("scoring", "report", "charts", "peers")]
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
    assert top <= house | {"Makefile", "requirements.txt", ".ci", ".gitignore", "CHANGELOG.md", "LICENSE"}

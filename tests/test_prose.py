"""What the READMEs name is there: files, modules and functions, headings, links, commands; so that they cannot rot."""

import importlib
import re
import subprocess
import tomllib
from functools import cache, reduce
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.test_architecture import ROOMS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "assessment").rglob("*.md"), *(ROOT / "tests").rglob("*.md"))
    if path.name != "CHANGELOG.md"  # which tells what was
)
# Documents of their own that are no files: the names under which a report is handed out.
HANDED_OUT = {"report.json", "report.pdf", "report.csv", "report.xlsx", "summary.pdf"}
FILE = re.compile(r"[\w./-]+\.(?:py|html|txt|typ|yaml|md|js|css|po|toml|webp|conf)|[\w./-]+/|Makefile|[\w-]+\.md")
DOTTED = re.compile(r"_?[a-z]\w*(?:\.\w+)+")
IN_FILE = re.compile(r"([\w/]+\.py):(\w+(?:\.\w+)*)")
CITED = re.compile(r'scoring/README\.md(?:`)?((?:,? (?:and )?"[^"]+")+)')
PRODUCT = ("assessment", "config", "tests")


@cache
def text_of(document):
    return (ROOT / document).read_text(encoding="utf-8")


@cache
def headings(document):
    return re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)


def anchors(document):
    """The anchors of a document's headings, as forges make them."""
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings(document)}


def named(document):
    """What stands between backticks, and the commands of the indented lines."""
    text = text_of(document)
    return re.findall(r"`([^`\n]+)`", text) + [line.strip() for line in re.findall(r"^    (\S.*)$", text, re.MULTILINE)]


@cache
def modules():
    """Every module by its last name."""
    found = {}
    for folder in PRODUCT:
        for path in (ROOT / folder).rglob("*.py"):
            parts = [part for part in path.relative_to(ROOT).with_suffix("").parts if part != "__init__"]
            found.setdefault(parts[-1], []).append(".".join(parts))
    return found


def is_there(dotted, document):
    """Whether the one module of that name, or that of the document's folder, holds what follows it."""
    module, *attributes = dotted.split(".")
    found = modules().get(module, [])
    here = ".".join([*Path(document).parent.parts, module])
    meant = [here] if here in found else found
    return len(meant) == 1 and _holds(meant[0], attributes)


def is_in_file(file, name, document):
    """Whether a file holds a function, class, constant or an attribute of one."""
    path = next(place / file for place in places(document) if (place / file).exists())
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return _holds(module, name.split("."))


def _holds(module, attributes):
    found = importlib.import_module(module)
    try:
        reduce(getattr, attributes, found)
    except AttributeError:
        # a field of a dataclass or a table without a default is no attribute of its class
        *path, last = attributes
        owner = reduce(lambda at, name: getattr(at, name, None), path, found)
        return last in getattr(owner, "__annotations__", {})
    return True


def places(document):
    """Where files are looked for: at the top, in the folder of the document, in the app."""
    return (ROOT, (ROOT / document).parent, ROOT / "assessment")


def is_file(name, document):
    return any((place / name).exists() for place in places(document))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_and_folders_that_are_named_exist(document):
    files = {name for name in named(document) if FILE.fullmatch(name) and not name.startswith("/")} - HANDED_OUT
    files |= {found[1] for name in named(document) if (found := IN_FILE.fullmatch(name))}
    generated = {name for name in files if name.startswith(("var/", ".venv/"))}
    assert {name for name in files - generated if not is_file(name, document)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_name_with_a_file_stands_in_that_file(document):
    found = [IN_FILE.fullmatch(name) for name in named(document)]
    assert {name[0] for name in found if name and not is_in_file(name[1], name[2], document)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_and_functions_that_are_named_exist(document):
    """A module whose name stands more than once is named with its path."""
    dotted = {name for name in named(document) if DOTTED.fullmatch(name) and not FILE.fullmatch(name)} - HANDED_OUT
    addresses = {name for name in dotted if name.endswith((".example", ".org"))}
    assert {name for name in dotted - addresses if not is_there(name, document)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_are_named_exist(document):
    makefile = text_of("Makefile")
    for name in named(document):
        if target := re.match(r"(?:\w+=\S+ )*make (\w+)", name):
            assert re.search(rf"^{target[1]}:", makefile, re.MULTILINE), name
        if command := re.search(r"manage\.py (\w+)", name):
            assert command[1] in get_commands(), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    for place in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
        if place.startswith("https://"):
            continue
        file, _sign, anchor = place.partition("#")
        target = (ROOT / document).parent / file if file else ROOT / document
        assert target.exists(), place
        assert not anchor or anchor in anchors(target.relative_to(ROOT).as_posix()), place


def citations():
    """Where the rules of scoring are cited, with the headings."""
    listed = subprocess.run(["git", "ls-files", "*.py", "*.md"], capture_output=True, text=True, check=True, cwd=ROOT)
    for name in listed.stdout.split():
        for cited in CITED.findall(re.sub(r"\s+(?:# )?", " ", text_of(name))):
            yield name, re.findall(r'"([^"]+)"', cited)


def test_the_rules_of_scoring_are_cited_by_headings_that_exist():
    cited = list(citations())
    there = set(headings("assessment/scoring/README.md"))
    assert len({name for name, _headings in cited}) >= 15
    assert {(name, heading) for name, found in cited for heading in found if heading not in there} == set()


def test_no_citation_lacks_its_heading():
    """Whoever cites the rules says which."""
    listed = subprocess.run(["git", "ls-files", "*.py"], capture_output=True, text=True, check=True, cwd=ROOT)
    number = {name: text_of(name).count("scoring/README.md") for name in listed.stdout.split()}
    cited = [name for name, _headings in citations()]
    apart = {name for name, count in number.items() if count != cited.count(name)} - {"tests/test_prose.py"}
    assert apart == set()


def test_the_way_through_names_every_room():
    table = text_of("assessment/README.md").partition("## Rooms")[2].partition("\n## ")[0]
    first = " ".join(re.findall(r"^\| (.+?) \|", table, re.MULTILINE))
    assert {name.rstrip("/") for name in re.findall(r"`([^`]+)`", first)} == ROOMS.keys() - {""}


def test_every_mark_is_explained():
    marks = tomllib.loads(text_of("pyproject.toml"))["tool"]["pytest"]["ini_options"]["markers"]
    told = text_of("tests/README.md").partition("## Marks")[2].partition("\n## ")[0]
    assert set(re.findall(r"^- `(\w+)`", told, re.MULTILINE)) == {mark.partition(":")[0] for mark in marks}


def test_people_are_they():
    """Nobody's sex is known, so nobody's is written; the French texts follow their own grammar."""
    sexed = r"(^|[^a-z])(she|her|hers|herself|he|him|his|himself)([^a-z]|$)"
    found = subprocess.run(
        ["git", "grep", "-IniE", sexed, "--", ":!*.po", ":!*.mo", ":!*.yaml", ":!tests/test_prose.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert found.stdout == ""


def test_the_pictures_are_small_and_shown():
    pictures = sorted((ROOT / "assessment/static/assessment/pictures").iterdir())
    shown = re.findall(r"!\[[^]]+\]\((\S+)\)", text_of("README.md"))
    assert sorted(shown) == [path.relative_to(ROOT).as_posix() for path in pictures]
    assert sum(path.stat().st_size for path in pictures) < 150_000


def test_the_newest_version_has_a_date_and_is_this_one():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    versions = [re.fullmatch(r"(\d+\.\d+\.\d+), (\d{4}-\d\d-\d\d)", line) for line in headings("CHANGELOG.md")[1:]]
    assert headings("CHANGELOG.md")[1] == "Unreleased"
    told = [found.groups() for found in versions[1:]]
    assert told[0][0] == project["version"]
    assert all(later[1] >= earlier[1] for later, earlier in pairwise(told))

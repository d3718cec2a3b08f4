"""`manage.py load_content`: three files into the database, whole or not at all."""

import re
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessment.authoring.publication import Publication, publish
from assessment.content.files import FOLDER
from assessment.models import Questionnaire, Study
from assessment.results.rescoring import changed_questionnaires
from tests import factories
from tests.test_admin import boss
from tests.test_loading import stored

__all__ = ["boss"]

FILES = ("evidence.yaml", "organisation.yaml", "questionnaire.yaml")


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be changed."""
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def change(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*arguments, capsys) -> str:
    call_command("load_content", *arguments)
    return capsys.readouterr().out


def test_the_shipped_files_are_loaded_without_a_folder_and_change_nothing(questionnaire, capsys):
    before = stored()
    assert run(capsys=capsys) == "barometer, version 1: published, as it was\n"
    assert stored() == before


def test_a_changed_file_makes_a_draft_and_a_third_run_nothing(questionnaire, folder, capsys):
    before = stored()
    change(folder / "questionnaire.yaml", "points: 25", "points: 26")
    assert run(str(folder), capsys=capsys) == "barometer, version 2: draft\n"
    second = stored()
    for name, rows in before.items():
        assert second[name][: len(rows)] == rows
    assert Questionnaire.objects.current() == questionnaire
    assert run(str(folder), capsys=capsys) == "barometer, version 2: draft, as it was\n"
    assert stored() == second


def test_where_the_version_of_before_is_published_the_shipped_one_becomes_a_draft_that_can_be(questionnaire, capsys):
    before = factories.version_of_before()
    assert run(capsys=capsys) == "barometer, version 2: draft\n"
    assert Questionnaire.objects.current() == before
    draft = Questionnaire.objects.get(version=2)
    publication = Publication(draft)
    assert publication.checked.problems == []
    assert len(publication.changes().markable) == 36  # some words of each question or of its choices are others
    moved = {"strategy-management", "charter-sharing", "roi-listening", "roi-data-use"}
    assert {item.key for item in publication.changes().markable} - set(publication.proposed) == moved
    publish(draft, reworded=["strategy-document"])
    draft.refresh_from_db()
    assert draft.same_questions == {"1": ["strategy-document"]}
    assert list(changed_questionnaires()) == []


def test_nothing_is_proposed_of_a_draft_that_somebody_changed(questionnaire, capsys):
    factories.version_of_before()
    run(capsys=capsys)
    draft = Questionnaire.objects.get(version=2)
    asked = draft.dimensions.first().questions.first()
    asked.text_en = "Something else?"
    asked.save()
    assert Publication(draft).proposed == []


def test_what_is_proposed_stands_ticked_where_one_publishes_and_is_said_to_be_proposed(boss, questionnaire, capsys):
    factories.version_of_before()
    run(capsys=capsys)
    address = reverse("admin:assessment_questionnaire_publish", args=[Questionnaire.objects.get(version=2).pk])
    page = boss.get(address)
    assert len(page.context["form"].initial["reworded"]) == 32
    assert "are proposed by those who wrote this version" in page.content.decode()
    assert page.content.decode().count("checked") >= 32


def test_a_comment_makes_no_version(questionnaire, folder, capsys):
    before = stored()
    path = folder / "questionnaire.yaml"
    path.write_text("# Read with care.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(str(folder), capsys=capsys) == "barometer, version 1: published, as it was\n"
    assert stored() == before


@pytest.mark.parametrize("name", FILES)
def test_an_error_in_any_file_names_file_line_and_key_and_writes_nothing(db, folder, name):
    before = stored()
    for other in FILES:  # what is right and new elsewhere is not written either
        if other == "evidence.yaml" != name:
            change(folder / other, "publisher: ", "publisher: The new ")
        if other == "questionnaire.yaml" != name:
            change(folder / other, "points: 25", "points: 26")
    path = folder / name
    lines = path.read_text(encoding="utf-8").splitlines()
    number, first = next((at, line) for at, line in enumerate(lines, start=1) if re.match(r" *- \{?key: ", line))
    change(path, first, first.replace("key: ", "keys: ", 1))
    with pytest.raises(CommandError) as error:
        call_command("load_content", str(folder))
    assert f"{name}:{number}:" in str(error.value)
    assert "[0].keys: the field 'keys' is not known here" in str(error.value)
    assert "[0].key: is missing" in str(error.value)
    assert stored() == before
    assert not Study.objects.filter(publisher__startswith="The new").exists()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_and_nothing_is_written(db, folder, name):
    before = stored()
    (folder / name).unlink()
    with pytest.raises(CommandError, match=rf"^{name}: cannot be read"):
        call_command("load_content", str(folder))
    assert stored() == before


def test_a_missing_folder_is_an_error_in_words(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_content", str(tmp_path / "nowhere"))


def test_a_file_of_bytes_that_are_no_text_is_an_error_in_words(db, folder):
    (folder / "evidence.yaml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CommandError, match=r"^evidence\.yaml:1:"):
        call_command("load_content", str(folder))


@pytest.mark.parametrize("kind", ["figure", "finding"])
def test_a_questionnaire_that_names_what_the_evidence_does_not_have_is_refused(db, folder, kind):
    before = stored()
    key = {"figure": "figure: ", "finding": "findings: ["}[kind]
    path = folder / "questionnaire.yaml"
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if key in line)
    change(path, line, line.replace(key, f"{key}no-", 1))
    with pytest.raises(CommandError, match=r"questionnaire\.yaml:\d+:\d+: .*: there is no (published )?" + kind):
        call_command("load_content", str(folder))
    assert stored() == before


def test_all_errors_of_a_file_are_told_at_once(db, folder):
    path = folder / "questionnaire.yaml"
    change(path, "points: 25", "points: 250")
    change(path, "points: 75", "points: many")
    with pytest.raises(CommandError) as error:
        call_command("load_content", str(folder))
    assert len(str(error.value).splitlines()) == 2


def test_what_an_administrator_changed_is_named_and_stays_until_it_is_overwritten(db, capsys):
    before = stored()
    Study.objects.filter(key="barometer-2017").update(publisher="Put right")
    assert run(capsys=capsys).splitlines() == [
        "study barometer-2017: left as an administrator changed it",
        "barometer, version 1: published, as it was",
    ]
    assert Study.objects.get(key="barometer-2017").publisher == "Put right"
    assert run("--overwrite-evidence", capsys=capsys) == "barometer, version 1: published, as it was\n"
    assert stored() == before

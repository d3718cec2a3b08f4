"""The page that takes files in, and those that give them out: what it says first, what it then does, and what it refuses."""

import json
from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from assessment.accounts.groups import make_groups
from assessment.admin.files import MOST_BYTES, MOST_BYTES_SENT
from assessment.authoring.loading import load_questionnaire
from assessment.content.files import FOLDER
from assessment.content.questionnaire import read_questionnaire
from assessment.content.structure import Text
from assessment.content.writer import write_evidence, write_questionnaire
from assessment.evidence.loading import load_evidence
from assessment.evidence.values import stored_evidence
from assessment.models import (
    Choice,
    Figure,
    Finding,
    QuestionFinding,
    Questionnaire,
    ReferenceLevel,
    Source,
    Study,
)
from assessment.models.outline import read_outline
from tests import factories
from tests.test_loading import stored

pytestmark = pytest.mark.any_database

IMPORT = "/admin/assessment/questionnaire/import/"


def author(client, *names: str):
    """Somebody of the staff with these permissions."""
    person = factories.account(is_staff=True)
    person.user_permissions.add(*(Permission.objects.get(codename=name) for name in names))
    factories.sign_in(client, person, second_factor=True)
    return client


def in_group(client, name: str):
    """Somebody of a ready-made group."""
    make_groups()
    person = factories.account(is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    factories.sign_in(client, person, second_factor=True)
    return client


def uploaded(content: bytes, name: str = "some.yaml") -> dict:
    return {"file": SimpleUploadedFile(name, content), "text": ""}


def pasted(content: bytes) -> dict:
    return {"text": content.decode()}


def agreed(page) -> dict:
    """What the form under a preview sends."""
    return {"text": page.context["text"], "seen": page.context["plan"].seen, "confirm": "Import"}


def problems(page) -> list[tuple[int, int, str, str]]:
    return [(told.line, told.column, told.key, told.text) for told in page.context["problems"]]


def other(shipped) -> bytes:
    return write_questionnaire(replace(shipped[0], title=Text("Other", "Autre")))


# Out -----------------------------------------------------------------------------------------------------------------


def test_a_questionnaire_in_any_state_is_exported_as_a_file_with_a_name_to_read(boss, questionnaire):
    draft = factories.draft()
    for row, name in ((questionnaire, "barometer-version-1.yaml"), (draft, "barometer-version-2-draft.yaml")):
        page = boss.get(reverse("admin:assessment_questionnaire_export", args=[row.pk]))
        assert page["Content-Disposition"] == f'attachment; filename="{name}"'
        assert page["Content-Type"] == "application/yaml; charset=utf-8"
        assert read_questionnaire(page.content, name) == read_outline(row).content
        assert boss.get(reverse("admin:assessment_questionnaire_export", args=[row.pk])).content == page.content


def test_the_shipped_questionnaire_leaves_as_it_came(boss, questionnaire):
    page = boss.get(reverse("admin:assessment_questionnaire_export", args=[questionnaire.pk]))
    assert (FOLDER / "questionnaire.yaml").read_bytes().split(b"\n", 1)[1] == page.content


def test_export_import_and_export_give_the_same_bytes(boss, questionnaire, shipped):
    preview = boss.post(IMPORT, uploaded(other(shipped)))
    boss.post(IMPORT, agreed(preview))
    made = Questionnaire.objects.get(version=2)
    assert boss.get(reverse("admin:assessment_questionnaire_export", args=[made.pk])).content == other(shipped)


def test_the_evidence_is_exported_as_it_is_stored(boss, shipped):
    page = boss.get(reverse("admin:assessment_evidence_export"))
    assert page["Content-Disposition"] == 'attachment; filename="evidence.yaml"'
    assert page.content == write_evidence(shipped[1])


def test_evidence_comes_back_whole_into_a_site_that_has_none(boss, questionnaire, shipped):
    content = boss.get(reverse("admin:assessment_evidence_export")).content
    QuerySet(Choice).update(figure=None)  # past the guard, as only a test may
    for model in (QuestionFinding, ReferenceLevel.findings.through, ReferenceLevel, Figure, Source, Finding, Study):
        QuerySet(model).delete()
    assert not Study.objects.exists()
    boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(content))))
    assert boss.get(reverse("admin:assessment_evidence_export")).content == content
    assert stored_evidence() == shipped[1]


def test_a_version_that_is_not_there_leads_back_as_everywhere_in_the_admin(boss):
    for number in ("99999999", "abc", "9" * 30):
        page = boss.get(f"/admin/assessment/questionnaire/{number}/export/")
        assert (page.status_code, page["Location"]) == (302, reverse("admin:index"))


@pytest.mark.parametrize("name", ["assessment_questionnaire_export", "assessment_evidence_export"])
def test_exporting_takes_no_form(boss, questionnaire, name):
    arguments = [questionnaire.pk] if "questionnaire" in name else []
    assert boss.post(reverse(f"admin:{name}", args=arguments)).status_code == 405


def test_who_may_see_only_some_of_the_evidence_exports_none(client, db):
    client = author(client, "view_study", "view_finding", "view_figure")
    assert client.get(reverse("admin:assessment_evidence_export")).status_code == 403


# A questionnaire comes in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [uploaded, pasted])
def test_a_new_questionnaire_is_announced_and_nothing_is_written_yet(boss, questionnaire, shipped, given):
    before = stored()
    page = boss.post(IMPORT, given(other(shipped)))
    assert page.context["plan"].lines == [
        "This makes version 2 of “barometer”, as a draft: “Other”.",
        "It has 6 dimensions and 42 questions.",
        "Nothing is published, and no version that is stored changes.",
    ]
    assert stored() == before
    assert not LogEntry.objects.exists()


def test_what_was_agreed_to_becomes_a_draft_and_is_on_record(boss, questionnaire, shipped):
    page = boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(other(shipped)))))
    made = Questionnaire.objects.get(version=2)
    assert (page.status_code, page["Location"]) == (
        302,
        reverse("admin:assessment_questionnaire_change", args=[made.pk]),
    )
    assert (made.status, made.title_fr) == ("draft", "Autre")
    assert Questionnaire.objects.current() == questionnaire
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.is_addition(), entry.object_id) == ("boss@example.org", True, str(made.pk))


def test_the_first_version_of_another_questionnaire_is_a_draft_too(boss, shipped):
    content = write_questionnaire(replace(shipped[0], key="other"))
    boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(content))))
    assert Questionnaire.objects.get(key="other").status == "draft"


def test_a_questionnaire_that_is_there_already_is_nothing_to_do(boss, questionnaire, shipped):
    before = stored()
    page = boss.post(IMPORT, uploaded(write_questionnaire(shipped[0])))
    assert page.context["plan"].lines == [
        "This is the same as version 1 of “barometer” (published): there is nothing to do."
    ]
    assert 'name="confirm"' not in page.content.decode()
    boss.post(IMPORT, agreed(page))
    assert stored() == before


def test_what_was_agreed_to_twice_is_done_once(boss, questionnaire, shipped):
    form = agreed(boss.post(IMPORT, uploaded(other(shipped))))
    for _time in range(2):
        boss.post(IMPORT, form)
    assert Questionnaire.objects.count() == 2


def test_when_another_version_came_between_it_is_asked_again(boss, questionnaire, shipped):
    form = agreed(boss.post(IMPORT, uploaded(other(shipped))))
    factories.draft()
    page = boss.post(IMPORT, form)
    assert "meantime" in page.content.decode()
    assert page.context["plan"].lines[0].startswith("This makes version 3 ")
    assert Questionnaire.objects.count() == 2


def test_a_forged_consent_does_nothing(boss, questionnaire, shipped):
    for seen in ("", "1", "99"):
        boss.post(IMPORT, {"text": other(shipped).decode(), "seen": seen, "confirm": "x"})
    assert Questionnaire.objects.count() == 1


def test_back_to_the_text_shows_it_to_be_changed(boss, questionnaire, shipped):
    page = boss.post(IMPORT, {"text": other(shipped).decode(), "mend": "x"})
    assert page.context["form"]["text"].value() == other(shipped).decode()
    assert Questionnaire.objects.count() == 1


def unfinished(shipped):
    """A questionnaire of which much is missing, as an author leaves it in the evening."""
    first, second, third, *others = shipped[0].dimensions
    asked = first.questions[0]
    choices = (
        replace(asked.choices[0], points=None),
        replace(asked.choices[1], text=Text("Only English", "")),
        replace(asked.choices[2], step=replace(asked.choices[2].step, title=None, owner="")),
    )
    bare = replace(asked, text=Text("", "En français"), weight=None, findings=(), choices=choices)
    anchors = (None, None, first.anchors[2])
    return replace(
        shipped[0],
        title=Text("", "Sans titre anglais"),
        instruction=None,
        levels=shipped[0].levels[1:3],
        dimensions=(
            replace(first, title=None, anchors=anchors, questions=(bare, *first.questions[1:])),
            replace(second, questions=second.questions[:1], anchors=(), weight=None),
            replace(third, scored=False),  # with points and weights still in it
            *others,
        ),
        consistency=(),
    )


@pytest.mark.parametrize("name", ["much is missing", "one language only"])
def test_an_unfinished_draft_comes_back_as_it_left(boss, questionnaire, shipped, name):
    content = unfinished(shipped)
    if name == "one language only":
        part = replace(shipped[0].dimensions[0], title=Text("", "En français"), description=Text("Only English", ""))
        content = replace(shipped[0], instruction=None, dimensions=(part, *shipped[0].dimensions[1:]))
    draft, _is_new = load_questionnaire(content, publishes=False)
    before = boss.get(reverse("admin:assessment_questionnaire_export", args=[draft.pk])).content
    Questionnaire.objects.get(pk=draft.pk).delete()
    page = boss.post(IMPORT, uploaded(before))
    assert page.context["plan"].lacks
    boss.post(IMPORT, agreed(page))
    made = Questionnaire.objects.get(version=2)
    assert boss.get(reverse("admin:assessment_questionnaire_export", args=[made.pk])).content == before
    assert boss.get(reverse("admin:assessment_questionnaire_check", args=[made.pk])).context["problems"]


def test_the_description_of_a_level_keeps_its_number(boss, questionnaire, shipped):
    draft, _is_new = load_questionnaire(unfinished(shipped), publishes=False)
    assert list(draft.dimensions.first().anchors.values_list("number", flat=True)) == [3]


def test_what_forbids_to_publish_a_file_is_told_with_its_line_and_does_not_forbid_to_import_it(
    boss, questionnaire, shipped
):
    text = other(shipped).decode().replace("points: 100", "points: 90", 1).replace("fr: Autre\n", "fr: null\n", 1)
    page = boss.post(IMPORT, {"text": text})
    line = next(n for n, line in enumerate(text.split("\n"), 1) if "fr: null" in line)
    assert [(one.line, one.key) for one in page.context["plan"].lacks] == [
        (line, "title.fr"),
        (page.context["plan"].lacks[1].line, "dimensions[0].questions[0].choices"),
    ]
    assert "“barometer”, as a draft: “Other”" in page.context["plan"].lines[0]
    boss.post(IMPORT, agreed(page))
    assert Questionnaire.objects.get(version=2).title_fr == ""


@pytest.mark.parametrize(
    ("was", "is_now", "key"),
    [
        ("kind: single", "kind: double", "dimensions[0].questions[0].kind"),
        ("    title:", "    titel:", "dimensions[0].titel"),
        ("scored: true", "scored: null", "dimensions[0].scored"),
        ("number: 2", "number: 1", "levels"),
        ("key: strategy\n", "key: review\n", "dimensions[0].key"),
    ],
)
def test_what_not_even_a_draft_can_be_is_refused(boss, questionnaire, shipped, was, is_now, key):
    page = boss.post(IMPORT, {"text": other(shipped).decode().replace(was, is_now, 1)})
    assert key in [problem[2] for problem in problems(page)]


# The difference ------------------------------------------------------------------------------------------------------


def test_what_is_new_changed_and_gone_is_told_by_place_before_anything_is_written(boss, questionnaire, shipped):
    first, *others = shipped[0].dimensions
    reworded = replace(first.questions[0], text=Text("Quite another question?", "Une autre question ?"))
    named = {key for part in shipped[0].dimensions for question in part.questions for key in question.needs}
    named |= {when.question for rule in shipped[0].consistency for when in rule.when}
    gone = next(question for question in first.questions[1:] if question.key not in named)
    stay = tuple(question for question in first.questions[1:] if question is not gone)
    content = replace(shipped[0], dimensions=(replace(first, questions=(reworded, *stay)), *others))
    before = stored()
    page = boss.post(IMPORT, uploaded(write_questionnaire(content)))
    (section,) = page.context["plan"].sections
    assert str(section.title) == "Strategy"
    said = [str(difference) for difference in section.differences]
    assert said == [
        "The question “Quite another question?” is reworded.",
        f"The question “{gone.text.en[:79]}…” is removed.",
    ]
    shown = page.content.decode()
    assert "Une autre question ?" in shown
    assert f"What differs from {questionnaire}, published" in shown
    assert stored() == before


def test_it_is_compared_with_a_draft_that_is_there(boss, questionnaire, shipped):
    factories.draft(title=Text("Other", "Autre"))
    page = boss.post(IMPORT, uploaded(other(shipped).replace(b"en: Other", b"en: Another")))
    (section,) = page.context["plan"].sections
    assert [str(one) for one in section.differences] == ["The title is reworded."]
    assert section.differences[0].before == Text("Other", "Autre")


def test_a_first_version_is_all_new(boss, questionnaire, shipped):
    page = boss.post(IMPORT, uploaded(write_questionnaire(replace(shipped[0], key="other"))))
    assert "No version of “other” is stored: all of it is new." in page.context["plan"].lines
    assert not page.context["plan"].sections


@pytest.mark.parametrize("what", ["the draft", "the file"])
def test_what_changed_since_it_was_looked_at_is_told_and_shown_again(boss, questionnaire, shipped, what):
    draft = factories.draft(title=Text("Other", "Autre"))
    form = agreed(boss.post(IMPORT, uploaded(other(shipped).replace(b"en: Other", b"en: Another"))))
    if what == "the draft":
        Questionnaire.objects.filter(pk=draft.pk).update(title_fr="Changé")
    else:
        form["text"] = form["text"].replace("en: Another", "en: Something else")
    page = boss.post(IMPORT, form)
    assert "Something was changed in the meantime." in page.content.decode()
    assert Questionnaire.objects.count() == 2
    boss.post(IMPORT, agreed(page))
    assert Questionnaire.objects.count() == 3


def test_a_garbled_file_is_refused_by_place(boss, questionnaire, shipped):
    before = stored()
    text = other(shipped).decode()
    line = next(n for n, line in enumerate(text.split("\n"), 1) if "fr: Stratégie" in line)
    found = problems(boss.post(IMPORT, {"text": text.encode().decode("latin-1").translate({0x80: "€", 0x99: "™"})}))
    assert all("garbled" in problem[3] for problem in found)
    found = problems(boss.post(IMPORT, {"text": text.replace("fr: Stratégie", "fr: StratÃ©gie", 1)}))
    told = "Is garbled, as text in UTF-8 that was read in another encoding: “StratÃ©gie” was probably “Stratégie”"
    assert found == [(line, 11, "dimensions[0].title.fr", told)]
    assert stored() == before


# Evidence comes in ---------------------------------------------------------------------------------------------------


def changed_evidence(shipped):
    first, *others = shipped[1].findings
    finding = replace(
        first, text=Text("Put right", first.text.fr), sources=(*first.sources, Text("a book", "un livre"))
    )
    study = replace(shipped[1].studies[0], key="a-new-one", edition=None)
    return replace(shipped[1], findings=(finding, *others), studies=(*shipped[1].studies, study))


def test_what_would_change_in_the_evidence_is_shown_in_words_and_nothing_is_written(boss, questionnaire, shipped):
    Study.objects.create(key="ours", title_en="Ours", title_fr="La nôtre", publisher="We")
    before = stored()
    page = boss.post(IMPORT, uploaded(write_evidence(changed_evidence(shipped))))
    assert page.context["plan"].lines == [
        "Added (1): study a-new-one.",
        "Changed (1): see below.",
        "Not in the file (1); nothing is deleted, they stay as they are: study ours.",
    ]
    (change,) = page.context["plan"].changes
    first = shipped[1].findings[0]
    assert change.name == "finding cr-01"
    assert change.parts == [
        ("Finding (English)", first.text.en, "Put right"),
        ("Sources (English)", first.sources[0].en, f"{first.sources[0].en}; a book"),
        ("Sources (French)", first.sources[0].fr, f"{first.sources[0].fr}; un livre"),
    ]
    assert stored() == before


def test_what_was_agreed_to_is_written_and_on_record_row_by_row(boss, questionnaire, shipped):
    wanted = changed_evidence(shipped)
    page = boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(write_evidence(wanted)))))
    assert (page.status_code, page["Location"]) == (302, reverse("admin:assessment_finding_changelist"))
    assert stored_evidence() == wanted
    entries = {entry.object_repr.split(":")[0].split(" (")[0]: entry for entry in LogEntry.objects.all()}
    assert len(entries) == 2
    (done,) = json.loads(entries["cr-01"].change_message)
    assert done["changed"]["fields"] == ["Finding (English)", "Sources (English)", "Sources (French)"]
    assert done["values"][0] == ["Finding (English)", "No overall strategy for social networks.", "Put right"]
    assert entries[wanted.studies[0].title.en].is_addition()
    assert (
        load_evidence(shipped[1])[0].key == "cr-01"
    )  # it is an administrator's change: an update of the product leaves it


def test_evidence_that_is_there_already_is_nothing_to_do(boss, questionnaire, shipped):
    before = stored()
    page = boss.post(IMPORT, uploaded(write_evidence(shipped[1])))
    assert page.context["plan"].lines == ["Nothing would change: everything in the file is stored as it is there."]
    boss.post(IMPORT, agreed(page))
    assert stored() == before


def test_when_somebody_changed_the_evidence_meanwhile_it_is_asked_again(boss, questionnaire, shipped):
    form = agreed(boss.post(IMPORT, uploaded(write_evidence(changed_evidence(shipped)))))
    Finding.objects.filter(key="cr-02").update(text_en="By somebody else")
    page = boss.post(IMPORT, form)
    assert len(page.context["plan"].changes) == 2
    assert Finding.objects.get(key="cr-02").text_en == "By somebody else"
    assert Finding.objects.get(key="cr-01").text_en != "Put right"


def test_who_may_write_questionnaires_only_imports_no_evidence(client, questionnaire, shipped):
    client = author(client, "add_questionnaire", "change_finding", "add_finding")
    assert client.get(IMPORT).status_code == 200
    assert client.post(IMPORT, uploaded(other(shipped))).status_code == 200
    before = stored()
    content = write_evidence(changed_evidence(shipped))
    assert client.post(IMPORT, uploaded(content)).status_code == 403
    assert client.post(IMPORT, pasted(content) | {"confirm": "x", "seen": "x"}).status_code == 403
    assert stored() == before


@pytest.mark.parametrize("what", ["a finding changed", "an edition", "a finding of an edition", "a reference level"])
def test_an_author_imports_no_evidence_that_changes_a_report(client, questionnaire, shipped, what):
    evidence = shipped[1]
    edition = next(study for study in evidence.studies if study.edition)
    first = next(finding for finding in evidence.findings if finding.study == edition.key)
    level = evidence.references[0]
    wanted = {
        "a finding changed": replace(changed_evidence(shipped), studies=evidence.studies),
        "an edition": replace(evidence, studies=(*evidence.studies, replace(edition, key="new", edition=2031))),
        "a finding of an edition": replace(evidence, findings=(*evidence.findings, replace(first, key="new"))),
        "a reference level": replace(evidence, references=(*evidence.references, replace(level, dimension="new"))),
    }[what]
    writer, before = in_group(client, "author"), stored()
    page = writer.post(IMPORT, uploaded(write_evidence(wanted)))
    assert page.context["plan"].lines[0].startswith("You cannot import this file: a publisher changes")
    assert 'name="confirm"' not in page.content.decode()
    writer.post(IMPORT, agreed(page))
    assert stored() == before
    page = in_group(writer, "publisher").post(IMPORT, uploaded(write_evidence(wanted)))
    writer.post(IMPORT, agreed(page))
    assert stored_evidence() == wanted


def test_an_author_imports_evidence_that_no_report_shows_by_itself(client, questionnaire, shipped):
    evidence = shipped[1]
    study = replace(evidence.studies[0], key="new", edition=None)
    finding = replace(
        evidence.findings[0], key="new", study="new", criterion=False, kind=None, title=None, linked_findings=()
    )
    wanted = replace(evidence, studies=(*evidence.studies, study), findings=(*evidence.findings, finding))
    writer = in_group(client, "author")
    writer.post(IMPORT, agreed(writer.post(IMPORT, uploaded(write_evidence(wanted)))))
    assert Finding.objects.get(key="new").study.key == "new"


def test_who_may_not_add_a_questionnaire_imports_nothing(client, questionnaire, shipped):
    client = author(client, "view_questionnaire", "change_questionnaire")
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, uploaded(other(shipped))).status_code == 403


# What is refused -----------------------------------------------------------------------------------------------------


def test_several_problems_are_told_at_once_with_line_column_and_place(boss, questionnaire, shipped):
    before = stored()
    text = other(shipped).decode().replace("points: 25", "points: 250", 1).replace("kind: single", "kind: double", 1)
    page = boss.post(IMPORT, {"text": text})
    lines = text.split("\n")
    kind, points = (next(n for n, line in enumerate(lines, 1) if part in line) for part in ("double", "250"))
    assert problems(page) == [
        (kind, 15, "dimensions[0].questions[0].kind", "Must be one of single, multiple, is 'double'"),
        (points, 21, "dimensions[0].questions[0].choices[1].points", "Must be a number from 0 to 100, is 250"),
    ]
    assert page.context["form"]["text"].value() == text
    assert stored() == before


def test_problems_are_told_in_the_language_of_the_reader(boss, questionnaire):
    boss.cookies["language"] = "fr"
    page = boss.post(IMPORT, {"text": "key: barometer\n"})
    assert problems(page)[0] == (1, 1, "levels", "Champ manquant")


def test_the_text_of_a_file_is_shown_to_be_mended_there(boss, questionnaire, shipped):
    page = boss.post(IMPORT, uploaded(b"key: <b>", "mine.yaml"))
    assert page.context["form"]["text"].value() == "key: <b>"
    assert "key: &lt;b&gt;" in page.content.decode()
    assert "“mine.yaml” cannot be imported" in page.content.decode()


DEEP = b"a: " + b"[" * 40 + b"]" * 40
REFUSED = {
    "empty": (b"", "The file is empty"),
    "blank": (b"\n\n# nothing\n", "The file is empty"),
    "utf-16": ("key: a".encode("utf-16"), "The file must be text in UTF-8"),
    "latin-1": ("key: é".encode("latin-1"), "The file must be text in UTF-8"),
    "nul": (b"key: a\0b", "The character U+0000 is not allowed"),
    "deep": (DEEP, "Lists and mappings are nested more than 12 deep"),
    "anchor": (b"key: &a b\ntitle: *a", "Anchors and aliases (& and *) are not allowed: write the value out"),
    "alias": (b"key: *a", "Anchors and aliases (& and *) are not allowed: write the value out"),
    "tag": (b"key: !!python/object:os.system a", "Tags such as 'tag:yaml.org,2002:python/object:os.system' are not allowed"),
    "documents": (b"key: a\n---\nkey: b", "The file must hold one document only, a second one begins here"),
    "yaml": (b"key: 'a", "This is not valid YAML: the file ends too early, perhaps within a quotation"),
    "colon": (b"key: a: b", "This is not valid YAML: a colon is not allowed here; put the text in quotes"),
    "tab": (
        b"key:\n\ta: b",
        "This is not valid YAML: nothing can begin with this character; indent with spaces, or put the text in quotes",
    ),
    "workbook": (
        b"PK\x03\x04\x14\0",
        "This is a packed file, such as a workbook or a document: save its text as a file of YAML in UTF-8",
    ),
    "list": (b"- key", "Must be a mapping (name: value), is a list"),
    "number": (b"12", "Must be a mapping (name: value), is 12"),
    "large": (b"# " + b"a\n# " * (MOST_BYTES // 4), f"The file has {MOST_BYTES + 2} bytes, more than the {MOST_BYTES} allowed"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_strange_file_is_refused_in_words_and_nothing_is_written(boss, questionnaire, name):
    content, expected = REFUSED[name]
    before = stored()
    page = boss.post(IMPORT, uploaded(content))
    assert problems(page)[0][3] == expected
    assert page.status_code == (413 if name == "large" else 200)
    assert stored() == before


def test_a_field_that_is_there_twice_is_refused(boss, shipped):
    page = boss.post(IMPORT, uploaded(b"key: one\n" + other(shipped)))
    assert problems(page) == [(2, 1, "key", "The field 'key' is there twice; first in line 1")]


def test_a_questionnaire_that_names_evidence_the_site_does_not_have_is_refused(boss, shipped):
    page = boss.post(IMPORT, pasted(other(shipped).replace(b"[cr-01,", b"[cr-none,", 1)))
    assert [problem[3] for problem in problems(page)] == ["There is no finding 'cr-none'"]


def test_a_source_that_is_there_twice_is_refused(boss, shipped):
    finding = shipped[1].findings[0]
    content = write_evidence(replace(shipped[1], findings=(replace(finding, sources=finding.sources * 2),)))
    said = [problem[3] for problem in problems(boss.post(IMPORT, uploaded(content)))]
    assert f"The source {finding.sources[0].en[:55]!r}"[:50] in said[0]


@pytest.mark.parametrize("form", [{}, {"text": ""}, {"text": "", "file": ""}])
def test_a_form_without_anything_asks_for_something(boss, form):
    page = boss.post(IMPORT, form)
    assert (page.status_code, page.context["nothing"]) == (200, True)


def test_a_form_that_is_far_too_large_is_not_read(boss, monkeypatch):
    monkeypatch.setattr("assessment.admin.files.read_any", None)
    page = boss.post(IMPORT, {"text": "x" * MOST_BYTES_SENT})
    assert page.status_code == 413
    assert "more than the 1000000 allowed" in problems(page)[0][3]


def test_a_file_of_nearly_a_megabyte_is_taken_and_comes_back_in_the_form(boss, questionnaire, shipped):
    """Far above what any other form of the site may hold."""
    content = b"# a long comment\n" * 45_000 + other(shipped)
    assert 900_000 < len(content) < MOST_BYTES
    page = boss.post(IMPORT, agreed(boss.post(IMPORT, uploaded(content))))
    assert page.status_code == 302
    assert Questionnaire.objects.get(version=2).title_en == "Other"


def test_no_other_page_takes_a_file(boss, questionnaire):
    page = boss.post(reverse("admin:assessment_study_add"), {"file": SimpleUploadedFile("a.yaml", b"a"), "key": "x"})
    assert page.status_code in (200, 400)
    assert not page.wsgi_request.FILES


def test_a_form_without_its_token_is_refused_whatever_it_holds(boss, questionnaire, shipped):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = boss.cookies
    before = stored()
    for form in (uploaded(other(shipped)), pasted(other(shipped)) | {"confirm": "x", "seen": "2"}):
        assert strict.post(IMPORT, form).status_code == 403
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename=".."\r\n\r\na\r\n--x', "multipart/form-data; boundary=x"),
        (b"--x\r\n" + b"a: " + b"b" * 9000 + b"\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"a" * 300, "multipart/form-data"),
        (b"text=key%3A+a", "application/x-www-form-urlencoded"),
        (b"text=" + b"a" * 300_000, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)  # fmt: skip
def test_any_body_is_answered(boss, questionnaire, body, kind):
    assert boss.generic("POST", IMPORT, body, content_type=kind).status_code in (200, 400)


def test_an_edition_that_reference_levels_name_is_not_taken_away(boss, questionnaire):
    content = stored_evidence()
    studies = tuple(
        replace(study, edition=2019 if study.edition == 2017 else study.edition) for study in content.studies
    )
    file = write_evidence(replace(content, studies=studies, findings=(), figures=(), references=()))
    page = boss.post(IMPORT, uploaded(file))
    assert "no study would be the edition 2017, which has reference levels" in page.content.decode()
    assert 'name="confirm"' not in page.content.decode()

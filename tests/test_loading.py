"""From content files to rows: whole or not at all, a second time nothing, and never a change to what is published."""

from dataclasses import asdict, replace
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from assessment import models
from assessment.authoring.loading import load_questionnaire
from assessment.authoring.publication import NotPublishableError, publish
from assessment.content.fingerprint import content_hash
from assessment.content.structure import Text
from assessment.content.writer import write_evidence
from assessment.evidence.differences import Part, fingerprint
from assessment.evidence.loading import import_evidence, load_evidence
from assessment.evidence.values import stored_evidence
from assessment.models import Figure, Finding, Questionnaire, ReferenceLevel, Source, Study
from assessment.models.outline import outline, read_outline, text_of
from assessment.models.questionnaire import Frozen
from tests import factories

LINKS = [Finding.linked_findings.through, ReferenceLevel.findings.through]
STORED = [*Frozen.__subclasses__(), Study, Finding, Source, Figure, ReferenceLevel, *LINKS]


def stored() -> dict:
    """Every row of the content, with its number."""
    return {
        model.__name__: list(QuerySet(model).order_by("pk").values_list(*(f.attname for f in model._meta.fields)))
        for model in STORED
    }


def test_everything_of_the_files_is_there(questionnaire, shipped):
    content, evidence = shipped
    questions = [question for part in content.dimensions for question in part.questions]
    counts = {model.__name__: model.objects.count() for model in STORED}
    assert counts == {
        "Questionnaire": 1,
        "Level": 5,
        "Dimension": len(content.dimensions),
        "Anchor": sum(len(part.anchors) for part in content.dimensions),
        "Question": len(questions),
        "Choice": sum(len(question.choices) for question in questions),
        "Prerequisite": sum(len(question.needs) for question in questions),
        "QuestionFinding": sum(len(question.findings) for question in questions),
        "ConsistencyRule": len(content.consistency),
        "Study": len(evidence.studies),
        "Finding": len(evidence.findings),
        "Source": sum(len(finding.sources) for finding in evidence.findings),
        "Figure": len(evidence.figures),
        "ReferenceLevel": len(evidence.references),
        "Finding_linked_findings": sum(len(finding.linked_findings) for finding in evidence.findings),
        "ReferenceLevel_findings": sum(len(reference.findings) for reference in evidence.references),
    }


def test_the_evidence_is_stored_as_it_was_read(db, shipped):
    for content in shipped[1].findings:
        row = Finding.objects.get(key=content.key)
        assert (row.text_en, row.text_fr) == (content.text.en, content.text.fr)
        assert (row.study.key, row.dimension, row.criterion) == (content.study, content.dimension, content.criterion)
        assert text_of(row, "published_figure") == content.published_figure
        assert (text_of(row, "sample"), text_of(row, "title")) == (content.sample, content.title)
        assert (row.confidence, row.kind) == (content.confidence, content.kind or "")
        assert [text_of(source, "where") for source in row.sources.all()] == list(content.sources)
    for content in shipped[1].figures:
        row = Figure.objects.get(key=content.key)
        assert (row.percent, row.label_en, row.label_fr) == (content.percent, content.label.en, content.label.fr)
        assert row.finding.key == content.finding
    for content in shipped[1].studies:
        row = Study.objects.get(key=content.key)
        assert (row.year, row.sample, row.vendor, row.edition) == (
            content.year,
            content.sample,
            content.vendor,
            content.edition,
        )
        assert (row.title_fr, row.period_fr, row.population_fr) == (
            content.title.fr,
            content.period.fr,
            content.population.fr,
        )
    for content in shipped[1].references:
        row = ReferenceLevel.objects.get(edition=content.edition, dimension=content.dimension)
        assert (row.level, row.why_en, row.why_fr) == (content.level, content.why.en, content.why.fr)
        assert {finding.key for finding in row.findings.all()} == set(content.findings)


def test_what_a_file_says_of_every_finding_fits_its_column(shipped):
    for model, contents in [(Finding, shipped[1].findings), (Figure, shipped[1].figures), (Study, shipped[1].studies)]:
        for content in contents:
            for field in model._meta.fields:
                value = getattr(content, field.name, None)
                if field.max_length and isinstance(value, str | Text):
                    assert (
                        max(len(text) for text in ([value] if isinstance(value, str) else [value.en, value.fr]))
                        <= field.max_length
                    )


def test_evidence_that_was_stored_in_english_only_gets_its_french(questionnaire, shipped):
    before = stored()
    QuerySet(Source).update(where_fr=F("where_en"))
    QuerySet(Finding).update(
        sample_fr=F("sample_en"), published_figure_fr=F("published_figure_en"), kind="", title_fr="", loaded=""
    )
    load_evidence(shipped[1])
    told = [
        (row.sample_fr, row.published_figure_fr, row.kind, row.title_fr or None)
        for row in Finding.objects.order_by("key")
    ]
    wanted = sorted(shipped[1].findings, key=lambda finding: finding.key)
    assert told == [
        (
            content.sample.fr,
            content.published_figure.fr if content.published_figure else None,
            content.kind or "",
            content.title.fr if content.title else None,
        )
        for content in wanted
    ]
    assert set(Source.objects.values_list("where_fr", flat=True)) == {
        where.fr for content in wanted for where in content.sources
    }
    assert len(stored()["Source"]) == len(before["Source"])


def test_loading_the_same_again_changes_no_row(questionnaire, shipped):
    before = stored()
    load_evidence(shipped[1])
    assert load_questionnaire(shipped[0]) == (questionnaire, False)
    assert stored() == before


def test_changed_content_becomes_a_draft_beside_the_published_version(questionnaire, shipped):
    before = stored()
    made, is_new = load_questionnaire(replace(shipped[0], title=Text("Other", "Autre")))
    assert (is_new, made.version, made.status) == (True, 2, "draft")
    after = stored()
    for name, rows in before.items():
        assert after[name][: len(rows)] == rows
    assert Questionnaire.objects.current() == questionnaire
    assert read_outline(made).content == replace(shipped[0], title=Text("Other", "Autre"))


def test_a_draft_is_recognised_too(questionnaire, shipped):
    content = replace(shipped[0], title=Text("Other", "Autre"))
    made, _new = load_questionnaire(content)
    before = stored()
    assert load_questionnaire(content) == (made, False)
    assert stored() == before


def test_content_of_a_retired_version_makes_nothing_new(questionnaire, shipped):
    publish(factories.draft())
    questionnaire.refresh_from_db()
    assert load_questionnaire(shipped[0]) == (questionnaire, False)
    assert questionnaire.status == "retired"


@pytest.mark.parametrize("part", ["weight", "points", "order", "needs", "findings", "help", "threshold", "exclusive"])
def test_any_change_makes_a_version(questionnaire, shipped, part):
    content = shipped[0]
    first, second = content.dimensions[0].questions[:2]
    changed = {
        "weight": lambda: factories.changed_dimension(content, content.dimensions[0].key, weight=Decimal("1.001")),
        "points": lambda: factories.changed_question(
            content, first.key, choices=(*first.choices[:1], replace(first.choices[1], points=26), *first.choices[2:])
        ),
        "order": lambda: replace(
            content, dimensions=(content.dimensions[1], content.dimensions[0], *content.dimensions[2:])
        ),
        "needs": lambda: factories.changed_question(content, first.key, needs=(second.key,)),
        "findings": lambda: factories.changed_question(content, first.key, findings=first.findings[:-1]),
        "help": lambda: factories.changed_question(content, first.key, help=None),
        "threshold": lambda: replace(content, consistency=content.consistency[1:]),
        "exclusive": lambda: factories.changed_question(
            content, first.key, choices=(replace(first.choices[0], exclusive=True), *first.choices[1:])
        ),
    }[part]()
    assert changed != content
    made, is_new = load_questionnaire(changed)
    assert is_new
    assert read_outline(made).content == changed


def test_the_first_version_is_published_and_a_draft_made_by_hand_does_not_prevent_it(questionnaire, shipped):
    Questionnaire.objects.create(key="other", version=1, title_en="By hand", title_fr="À la main")
    made, is_new = load_questionnaire(replace(shipped[0], key="other"))
    assert (is_new, made.version, made.status) == (True, 2, "published")


def test_a_first_version_that_cannot_be_published_is_not_stored(db, shipped):
    before = stored()
    with pytest.raises(NotPublishableError):
        load_questionnaire(replace(shipped[0], key="other", levels=()))
    assert stored() == before


def test_a_write_that_fails_in_the_middle_leaves_nothing(db, shipped):
    before = stored()

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and models.ConsistencyRule._meta.db_table in sql:
            raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(OSError, match="full"):
        load_questionnaire(replace(shipped[0], title=Text("Other", "Autre")))
    assert stored() == before


def test_evidence_that_fails_in_the_middle_leaves_nothing(db, shipped):
    before = stored()
    evidence = shipped[1]
    study = replace(evidence.studies[0], publisher="Other")
    reference = replace(evidence.references[-1], findings=("nowhere",))
    with pytest.raises(KeyError):
        load_evidence(
            replace(
                evidence,
                studies=(study, *evidence.studies[1:]),
                references=(*evidence.references[:-1], reference),
            )
        )
    assert stored() == before


def test_evidence_is_brought_up_to_date_row_by_row(questionnaire, shipped):
    evidence = shipped[1]
    finding = replace(
        evidence.findings[0],
        text=Text("Said better", "Mieux dit"),
        sources=(Text("a new paper", "un nouvel article"),),
        published_figure=None,
    )
    reference = replace(evidence.references[0], level=None, findings=())
    numbers = dict(Finding.objects.values_list("key", "pk"))
    load_evidence(
        replace(
            evidence,
            findings=(finding, *evidence.findings[1:]),
            references=(reference, *evidence.references[1:]),
        )
    )
    row = Finding.objects.get(key=finding.key)
    assert (row.pk, row.text_en, row.text_fr) == (numbers[finding.key], "Said better", "Mieux dit")
    assert [(source.where_en, source.where_fr) for source in row.sources.all()] == [
        ("a new paper", "un nouvel article")
    ]
    assert not row.published_figure
    level = ReferenceLevel.objects.get(edition=reference.edition, dimension=reference.dimension)
    assert (level.level, level.findings.count()) == (None, 0)
    assert dict(Finding.objects.values_list("key", "pk")) == numbers
    assert outline(questionnaire).content == shipped[0]


def test_evidence_that_the_file_does_not_name_stays(db, shipped):
    Study.objects.create(key="of-ours", title_en="Ours", publisher="We")
    load_evidence(shipped[1])
    assert Study.objects.filter(key="of-ours").exists()


# What administrators changed -------------------------------------------------------------------------------------------


def test_what_an_administrator_changed_stays_and_is_told(db, shipped):
    Finding.objects.filter(key="cr-01").update(text_en="Put right")
    before = stored()
    left = load_evidence(shipped[1])
    assert [(part.kind, part.key, part.verb) for part in left] == [("finding", "cr-01", "changed")]
    assert stored() == before


def test_what_an_administrator_changed_stays_when_the_file_says_something_new(db, shipped):
    Finding.objects.filter(key="cr-01").update(text_en="Put right")
    first, second, *others = shipped[1].findings
    assert (first.key, second.key) == ("cr-01", "cr-02")
    newer = [replace(finding, text=Text("Newer", "Plus récent")) for finding in (first, second)]
    load_evidence(replace(shipped[1], findings=(*newer, *others)))
    assert list(Finding.objects.filter(key__in=["cr-01", "cr-02"]).values_list("text_en", flat=True)) == [
        "Put right",
        "Newer",
    ]


@pytest.mark.parametrize("kind", ["study", "figure", "reference", "sources"])
def test_every_kind_of_evidence_that_was_changed_stays(db, shipped, kind):
    if kind == "reference":
        level = ReferenceLevel.objects.filter(level__isnull=False).first()
        level.findings.remove(level.findings.first())
    elif kind == "sources":
        Source.objects.create(finding=Finding.objects.get(key="cr-01"), where_en="a book", where_fr="un livre")
    else:
        row = {"study": Study, "figure": Figure}[kind].objects.first()
        QuerySet(type(row)).filter(pk=row.pk).update(**{"study": {"year": 1999}, "figure": {"percent": 1}}[kind])
    before = stored()
    assert len(load_evidence(shipped[1])) == 1
    assert stored() == before


def test_told_to_overwrite_the_file_wins(db, shipped):
    before = stored()
    Finding.objects.filter(key="cr-01").update(text_en="Put right")
    assert load_evidence(shipped[1], overwrite=True) == ()
    assert stored() == before


def test_what_was_put_back_is_brought_up_to_date_again(db, shipped):
    finding = shipped[1].findings[0]
    Finding.objects.filter(key=finding.key).update(text_en="Put right")
    load_evidence(shipped[1])
    Finding.objects.filter(key=finding.key).update(text_en=finding.text.en)
    newer = replace(finding, text=Text("Newer", "Plus récent"))
    assert load_evidence(replace(shipped[1], findings=(newer, *shipped[1].findings[1:]))) == ()
    assert Finding.objects.get(key=finding.key).text_en == "Newer"


def test_what_an_administrator_imported_is_theirs(db, shipped):
    finding = replace(shipped[1].findings[0], text=Text("Imported", "Importé"))
    changed = import_evidence(replace(shipped[1], findings=(finding,), studies=(), figures=(), references=()))
    assert [part.key for part in changed] == [finding.key]
    assert [part.key for part in load_evidence(shipped[1])] == [finding.key]
    assert Finding.objects.get(key=finding.key).text_en == "Imported"


def test_a_figure_that_an_administrator_took_from_beside_a_criterion_stays_away(db, shipped):
    row = Finding.objects.get(key="cr-01")
    assert [linked.key for linked in row.linked_findings.all()] == ["b15-02"]
    row.linked_findings.clear()
    assert [(part.key, part.parts) for part in load_evidence(shipped[1])] == [
        ("cr-01", (Part("linked_findings", "", (), ("b15-02",)),))
    ]
    assert not row.linked_findings.exists()


def test_a_mark_of_before_there_were_links_is_still_right(shipped):
    """Else every finding that was loaded before would count as changed by an administrator."""
    finding = next(finding for finding in shipped[1].findings if not finding.linked_findings)
    values = asdict(finding)
    del values["linked_findings"]
    assert fingerprint(finding) == content_hash(values)


def test_what_is_stored_is_what_was_read(db, shipped):
    evidence = stored_evidence()
    assert evidence == shipped[1]
    assert write_evidence(evidence) == write_evidence(shipped[1])


def test_a_file_that_is_only_to_be_imported_publishes_nothing(questionnaire, shipped):
    made, is_new = load_questionnaire(replace(shipped[0], key="other"), publishes=False)
    assert (is_new, made.version, made.status) == (True, 1, "draft")

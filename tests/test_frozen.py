"""What is published stays as it was read: every model of its content, through every door of the ORM."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Case, F, ProtectedError, QuerySet, Value, When

from assessment.authoring.publication import publish
from assessment.content.fingerprint import content_hash
from assessment.models import (
    Anchor,
    Choice,
    ConsistencyRule,
    Dimension,
    Figure,
    Finding,
    Level,
    Prerequisite,
    PublishedError,
    Question,
    QuestionFinding,
    Questionnaire,
)
from assessment.models.frozen import Frozen
from assessment.models.outline import read_outline
from tests import factories

# A harmless looking change of each model; translated fields under their own name and under a column's.
CHANGES = {
    Questionnaire: {"title": "Other"},
    Level: {"name": "Other"},
    Dimension: {"title_fr": "Autre"},
    Anchor: {"text": "Other"},
    Question: {"text_fr": "Autre"},
    Choice: {"points": 10},
    Prerequisite: {"needed_id": F("question_id")},
    QuestionFinding: {"finding_id": F("finding_id")},
    ConsistencyRule: {"first_points": 1},
}
CONTENT = sorted(CHANGES, key=lambda model: model.__name__)
PARTS = [model for model in CONTENT if model is not Questionnaire]


@contextmanager
def refused():
    """What is done within is refused; whatever it left unfinished is rolled back."""
    with pytest.raises(PublishedError), transaction.atomic():
        yield


def stored() -> dict:
    """Every row of every questionnaire, as the database has it."""
    return {
        model.__name__: [
            repr(row) for row in QuerySet(model).order_by("pk").values_list(*(f.attname for f in model._meta.fields))
        ]
        for model in CONTENT
    }


@pytest.fixture
def published(questionnaire):
    """The published questionnaire; whatever a test tries, nothing of it may have changed at the end."""
    before = stored()
    yield questionnaire
    after = stored()
    kept = {name: [row for row in after[name] if row in set(before[name])] for name in before}
    assert kept == before
    now = Questionnaire.objects.get(pk=questionnaire.pk)
    assert content_hash(read_outline(now).content) == now.content_hash


@dataclass
class Drafted:
    """A draft beside the published version, and how to find the rows of each."""

    questionnaire: Questionnaire

    def row(self, model: type[Frozen]) -> Frozen:
        return of(model, self.questionnaire).first()


@pytest.fixture
def draft(published):
    """A draft beside the published version, made after the rows were noted."""
    return Drafted(factories.draft())


def of(model: type[Frozen], questionnaire: Questionnaire) -> QuerySet:
    return model.objects.filter(**{model.path_to("pk"): questionnaire.pk}).order_by("pk")


def parent(row: Frozen) -> str:
    return row._meta.get_field(row.parent_name()).attname


def fresh(row: Frozen) -> dict:
    """The columns of a row without its own key, for another one like it."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.fields if not field.primary_key}
    return values | ({"key": "a-new-one"} if "key" in values else {})


def test_every_model_of_the_content_is_guarded():
    names = {model for model in Frozen.__subclasses__() if not model._meta.abstract}
    assert names == set(CONTENT)
    for model in names:
        assert model.questionnaire_model() is Questionnaire
    pointing = {
        relation.related_model
        for model in names
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE
    }
    assert pointing <= names  # nothing else hangs on the content, so that nothing else goes with it


@pytest.mark.parametrize("model", CONTENT)
def test_a_published_row_cannot_be_saved(published, model):
    for row in of(model, published)[:3]:
        with refused():
            row.save()
        with refused():
            row.save(update_fields=[row._meta.fields[-1].name])
        with refused():
            row.save(force_update=True)


@pytest.mark.parametrize("model", CONTENT)
def test_a_published_row_cannot_be_deleted(published, model):
    for row in of(model, published)[:3]:
        with refused():
            row.delete()


@pytest.mark.parametrize("model", CONTENT)
@pytest.mark.parametrize("manager", ["objects", "_default_manager", "_base_manager"])
def test_bulk_verbs_refuse_published_rows(published, model, manager):
    rows = getattr(model, manager).filter(**{model.path_to("pk"): published.pk})
    row = rows.first()
    column = next(iter(CHANGES[model]))
    with refused():
        rows.update(**CHANGES[model])
    with refused():
        rows.filter(pk=row.pk).update(**CHANGES[model])
    with refused():
        rows.delete()
    with refused():
        rows.filter(pk=row.pk).delete()
    with refused():
        rows.bulk_update([row], [column.removesuffix("_id")])
    with refused():
        getattr(model, manager).update_or_create(pk=row.pk, defaults={column: getattr(row, column)})
    with refused():
        rows.annotate(one=Value(1)).filter(one=1).distinct().update(**CHANGES[model])


@pytest.mark.parametrize("model", CONTENT)
def test_all_rows_at_once_are_refused_when_one_of_them_is_published(draft, model):
    with refused():
        model.objects.update(**CHANGES[model])
    with refused():
        model.objects.all().delete()
    column = next(iter(CHANGES[model])).removesuffix("_id")
    with refused():
        model.objects.bulk_update([draft.row(model), of(model, Questionnaire.objects.current()).first()], [column])


@pytest.mark.parametrize("model", PARTS)
def test_nothing_can_be_added_to_what_is_published(published, model):
    values = fresh(of(model, published).first())
    with refused():
        model(**values).save()
    with refused():
        model.objects.create(**values)
    with refused():
        model.objects.get_or_create(pk=10**9, defaults=values)
    with refused():
        model.objects.update_or_create(pk=10**9, defaults=values)
    for manager in (model.objects, model._base_manager):
        with refused():
            manager.bulk_create([model(**values)])
        with refused():
            manager.bulk_create([model(**values)], ignore_conflicts=True)


@pytest.mark.parametrize("model", PARTS)
def test_a_row_of_a_draft_cannot_move_into_what_is_published(draft, published, model):
    row, name = draft.row(model), parent(draft.row(model))
    if "key" in fresh(row):
        model.objects.filter(pk=row.pk).update(key="a-new-one")
    target = of(model, published).first()
    if model is QuestionFinding:  # one that the target does not have yet
        model.objects.filter(pk=row.pk).update(finding=Finding.objects.exclude(question=target.question).first())
    there = getattr(target, name)
    # Where the place is taken, the database may be the first to say no.
    taken = model in (Level, Anchor)
    refusal = (PublishedError, IntegrityError) if taken else PublishedError
    for value in (there, Value(there), Case(When(pk=row.pk, then=Value(there)))):
        for manager in (model.objects, model._base_manager):
            with pytest.raises(refusal), transaction.atomic():
                manager.filter(pk=row.pk).update(**{name: value})
    with pytest.raises(refusal), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{model.parent_name(): getattr(target, model.parent_name())})
    setattr(row, name, there)
    with refused():
        model.objects.bulk_update([row], [model.parent_name()])
    with refused():
        row.save()
    with refused():
        row.save(update_fields=[model.parent_name()])
    assert of(model, draft.questionnaire).filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", PARTS)
def test_a_published_row_cannot_move_into_a_draft(draft, published, model):
    row, target = of(model, published).first(), draft.row(model)
    name = parent(row)
    with refused():
        model.objects.filter(pk=row.pk).update(**{name: getattr(target, name)})
    setattr(row, name, getattr(target, name))
    with refused():
        row.save()
    with refused():
        model.objects.bulk_update([row], [model.parent_name()])


def test_related_managers_refuse_the_same(draft, published):
    dimension = published.dimensions.first()
    for model in (Dimension, Question, Choice):
        model.objects.filter(pk=draft.row(model).pk).update(key="a-new-one")
    drafted = draft.row(Dimension)
    with refused():
        published.dimensions.create(key="new", position=9, title_en="a", title_fr="b")
    with refused():
        published.dimensions.get_or_create(key="new", defaults={"position": 9})
    with refused():
        published.dimensions.update_or_create(key=dimension.key, defaults={"position": 9})
    with refused():
        published.dimensions.update(weight=2)
    with refused():
        published.dimensions.all().delete()
    with refused():
        published.dimensions.add(drafted)
    with refused():
        published.dimensions.add(drafted, bulk=False)
    with refused():
        published.dimensions.set([drafted])
    with refused():
        published.dimensions.bulk_create([Dimension(questionnaire=published, key="new", position=9)])
    with refused():
        dimension.questions.add(draft.row(Question))
    with refused():
        draft.questionnaire.dimensions.add(dimension)
    with refused():
        draft.row(Dimension).questions.add(dimension.questions.first())
    with refused():
        draft.row(Question).choices.add(of(Choice, published).first())


def test_the_figure_beside_a_published_choice_cannot_be_taken_or_given(draft, published):
    figure = Figure.objects.filter(choices__question__dimension__questionnaire=published).first()
    other = of(Choice, published).filter(figure=None).first()
    with refused():
        figure.choices.clear()
    with refused():
        figure.choices.remove(figure.choices.filter(question__dimension__questionnaire=published).first())
    with refused():
        figure.choices.remove(figure.choices.filter(question__dimension__questionnaire=published).first(), bulk=False)
    with refused():
        figure.choices.add(other)
    with refused():
        figure.choices.set([other])


def test_prerequisites_and_findings_of_a_published_question_cannot_change(draft, published):
    question = of(Prerequisite, published).first().question
    finding = of(QuestionFinding, published).first().finding
    other = of(Question, published).exclude(pk=question.pk).exclude(needed_by=question).first()
    for related in (other, draft.row(Question)):
        with refused():
            question.needs.add(related)
        with refused():
            question.needs.set([related])
        with refused():
            related.needed_by.add(question)
    with refused():
        question.needs.remove(question.needs.first())
    with refused():
        question.needs.clear()
    with refused():
        question.needs.first().needed_by.clear()
    with refused():
        question.findings.add(Finding.objects.create(key="new", study=finding.study))
    with refused():
        question.findings.clear()
    with refused():
        finding.question_set.clear()
    with refused():
        question.needs.through.objects.filter(question=question).delete()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_neither_language_of_a_published_text_can_change(published, language):
    for model, field in [(Choice, "text"), (Level, "description"), (Question, "help"), (Questionnaire, "title")]:
        rows = of(model, published)
        for name in (field, f"{field}_{language}"):
            with refused():
                rows.update(**{name: "Other"})
        with refused():
            rows.rewrite(False).update(**{f"{field}_{language}": "Other"})
        row = rows.first()
        setattr(row, f"{field}_{language}", "Other")
        with refused():
            row.save(update_fields=[f"{field}_{language}"])
        with refused():
            model.objects.bulk_update([row], [f"{field}_{language}"])


def test_a_cascade_from_a_draft_does_not_reach_what_is_published(questionnaire):
    other = factories.draft()
    needed = of(Question, other).first()
    made = factories.draft()
    rule = of(ConsistencyRule, made).first()
    ConsistencyRule.objects.filter(pk=rule.pk).update(first_question=needed)
    Prerequisite.objects.create(question=of(Question, made).first(), needed=needed)
    frozen = {"status": "retired", "content_hash": "x", "published_at": factories.NOON}
    QuerySet(Questionnaire).filter(pk=made.pk).update(**frozen)  # publication itself refuses such a draft
    for delete in (needed.delete, needed.dimension.delete, other.delete, of(Question, other).delete):
        with refused():
            delete()
    assert ConsistencyRule.objects.filter(pk=rule.pk).exists()
    assert Prerequisite.objects.filter(needed=needed).exists()


def test_evidence_that_a_published_questionnaire_names_cannot_be_deleted(published):
    for row in (of(Choice, published).exclude(figure=None).first().figure, of(QuestionFinding, published)[0].finding):
        for delete in (row.delete, type(row).objects.filter(pk=row.pk).delete, type(row)._base_manager.all().delete):
            with pytest.raises(ProtectedError):
                delete()


@pytest.mark.parametrize("status", ["draft", "published", "retired"])
def test_the_state_changes_by_publication_alone(published, status):
    with refused():
        Questionnaire.objects.filter(pk=published.pk).update(status=status)
    row = Questionnaire.objects.get(pk=published.pk)
    row.status = status
    for save in (row.save, lambda: row.save(update_fields=["status"])):
        with refused():
            save()
    with refused():
        Questionnaire.objects.bulk_update([row], ["status"])


@pytest.mark.parametrize("status", ["published", "retired"])
def test_a_draft_cannot_be_published_or_retired_by_the_back_door(draft, status):
    QuerySet(Questionnaire).filter(pk=draft.questionnaire.pk).update(key="of-another-kind")
    frozen = {"status": status, "content_hash": "x", "published_at": factories.NOON}
    row = draft.questionnaire
    with refused():
        Questionnaire.objects.filter(pk=row.pk).update(**frozen)
    for name, value in frozen.items():
        setattr(row, name, value)
    with refused():
        row.save()
    with refused():
        Questionnaire.objects.bulk_update([row], list(frozen))
    for options in ({}, {"ignore_conflicts": True}):
        with refused():
            Questionnaire.objects.bulk_create([Questionnaire(key="new", version=1, **frozen)], **options)
    with refused():
        Questionnaire.objects.create(key="new", version=1, **frozen)
    assert Questionnaire.objects.get(pk=row.pk).is_draft


def test_a_new_row_cannot_take_the_place_of_a_published_one_by_a_conflict(published):
    with refused():
        Questionnaire.objects.bulk_create(
            [Questionnaire(key=published.key, version=published.version, title_en="Other", instruction="Other")],
            update_conflicts=True,
            unique_fields=["key", "version"],
            update_fields=["title_en"],
        )


def test_a_retired_questionnaire_is_as_frozen_as_the_current_one(draft, published):
    publish(draft.questionnaire)
    QuerySet(Questionnaire).filter(pk=draft.questionnaire.pk).update(status="draft", content_hash="", published_at=None)
    published.refresh_from_db()
    assert published.status == "retired"
    with refused():
        of(Choice, published).update(points=1)
    with refused():
        of(Choice, published).first().delete()
    with refused():
        published.delete()
    QuerySet(Questionnaire).filter(pk=published.pk).update(status="published")


def test_a_refusal_changes_nothing_at_all(draft):
    mine = draft.row(Choice)
    theirs = of(Choice, Questionnaire.objects.current()).first()
    mine.text_en = theirs.text_en = "Other"
    with refused():
        Choice.objects.bulk_update([mine, theirs], ["text_en"], batch_size=1)
    assert not Choice.objects.filter(text_en="Other").exists()


@pytest.mark.parametrize("model", CONTENT)
def test_a_row_of_a_draft_can_be_changed(draft, model):
    row, column = draft.row(model), next(iter(CHANGES[model]))
    row.save()
    assert of(model, draft.questionnaire).filter(pk=row.pk).update(**CHANGES[model]) == 1
    row.refresh_from_db()
    assert model.objects.bulk_update([row], [column.removesuffix("_id")]) == 1
    assert model.objects.update_or_create(pk=row.pk, defaults={column: getattr(row, column)}) == (row, False)


@pytest.mark.parametrize("model", CONTENT)
def test_a_row_of_a_draft_can_be_deleted_and_made_again(draft, model):
    row = draft.row(model)
    values = {field.attname: getattr(row, field.attname) for field in model._meta.fields if not field.primary_key}
    row.delete()
    (made,) = model.objects.bulk_create([model(**values)])
    assert model.objects.filter(pk=made.pk).delete()[0] == 1
    assert model.objects.get_or_create(pk=made.pk, defaults=values)[1] is True


def test_a_whole_draft_can_be_deleted(draft):
    draft.questionnaire.delete()
    assert not Questionnaire.objects.filter(pk=draft.questionnaire.pk).exists()
    factories.draft()
    assert Questionnaire.objects.filter(status="draft").delete()[0] > 100


def test_prerequisites_of_a_draft_can_be_set(draft):
    first, second, third = of(Question, draft.questionnaire)[:3]
    first.needs.set([second, third])
    first.needs.remove(second)
    assert list(first.needs.all()) == [third]
    first.needs.clear()
    first.findings.set(Finding.objects.all()[:2])
    assert first.findings.count() == 2


def test_a_change_that_is_under_way_is_waited_for_by_publication(lasting):
    """Somebody saves while somebody else publishes: the change is in the hash, or it is refused."""
    draft = factories.draft()
    choice = of(Choice, draft).first()
    held, go = threading.Event(), threading.Event()
    outcome = []

    def change():
        try:
            with transaction.atomic():
                choice.text_en = "Changed in time"
                choice.save()
                held.set()
                go.wait(5)
        finally:
            connection.close()

    def publishing():
        try:
            publish(draft)
            outcome.append("published")
        finally:
            connection.close()

    threads = [threading.Thread(target=change), threading.Thread(target=publishing)]
    threads[0].start()
    assert held.wait(5)
    threads[1].start()
    threads[1].join(0.3)
    assert outcome == []
    go.set()
    for thread in threads:
        thread.join(20)
    now = Questionnaire.objects.get(pk=draft.pk)
    assert outcome == ["published"]
    assert "Changed in time" in repr(read_outline(now).content)
    assert content_hash(read_outline(now).content) == now.content_hash

"""Whatever is typed leaves as a file that comes back the same: line breaks folded alike, limits the same everywhere."""

from dataclasses import fields, is_dataclass, replace

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import models
from assessment.content import spot, structure
from assessment.content.evidence import read_evidence
from assessment.content.nodes import parse
from assessment.content.problems import ContentError, Problems
from assessment.content.questionnaire import read_questionnaire
from assessment.content.spot import Spot
from assessment.content.structure import Text
from assessment.content.writer import scalar, write_evidence, write_questionnaire
from assessment.models.outline import read_outline
from assessment.models.texts import tidy
from tests import factories
from tests.sampling import examples
from tests.test_admin import address, boss, form_of
from tests.test_import import IMPORT, agreed, uploaded

__all__ = ["boss"]
TYPED, STORED = "  One \r\n\r\ntwo\nthree\t!\r\n", "One  two three !"
MODELS = {
    structure.QuestionnaireContent: models.Questionnaire,
    structure.LevelContent: models.Level,
    structure.DimensionContent: models.Dimension,
    structure.QuestionContent: models.Question,
    structure.ChoiceContent: models.Choice,
    structure.StepContent: models.Choice,
    structure.RuleContent: models.ConsistencyRule,
    structure.StudyContent: models.Study,
    structure.FindingContent: models.Finding,
    structure.FigureContent: models.Figure,
    structure.ReferenceContent: models.ReferenceLevel,
}


# What is typed -------------------------------------------------------------------------------------------------------
def saved_with(boss, row, *names: str):
    """The page of a row saved with the same odd text in each of these fields, in both languages."""
    page = address(type(row), "change", row.pk)
    odd = {f"{name}_{code}": f"{TYPED}{code}{name}\r\n" for name in names for code in ("en", "fr")}
    assert boss.post(page, form_of(boss, page) | odd).status_code == 302, row
    row.refresh_from_db()


def exported(boss, row) -> bytes:
    return boss.get(reverse("admin:assessment_questionnaire_export", args=[row.pk])).content


def test_whatever_lines_are_typed_export_import_and_export_give_the_same_bytes(boss, questionnaire):
    draft = factories.draft()
    dimension = draft.dimensions.first()
    question = dimension.questions.first()
    saved_with(boss, draft, "title", "instruction", "levels-0-name", "levels-0-description")
    saved_with(boss, dimension, "title", "description", "not_applicable", "anchors-2-text")
    saved_with(boss, question, "text", "help", "choices-2-text", "choices-2-step_title", "choices-2-first_move")
    saved_with(boss, draft.rules.first(), "text")
    content = read_outline(draft).content
    assert content.instruction.en == f"{STORED} eninstruction"
    assert content.dimensions[0].questions[0].help.fr == f"{STORED} frhelp"
    first = exported(boss, draft).replace(b"key: barometer\n", b"key: again\n", 1)
    assert b"\\r" not in first
    assert b"\\n" not in first
    preview = boss.post(IMPORT, uploaded(first))
    boss.post(IMPORT, agreed(preview))
    assert exported(boss, models.Questionnaire.objects.get(key="again")) == first


def test_saving_once_more_what_was_folded_is_no_change(boss, questionnaire):
    rule = factories.draft().rules.first()
    saved_with(boss, rule, "text")
    before = models.ConsistencyRule.objects.filter(pk=rule.pk).values().get()
    saved_with(boss, rule, "text")
    assert models.ConsistencyRule.objects.filter(pk=rule.pk).values().get() == before


def test_a_text_with_a_character_that_no_file_takes_is_refused_beside_its_field(boss, questionnaire):
    page = address(models.ConsistencyRule, "change", factories.draft().rules.first().pk)
    answer = boss.post(page, form_of(boss, page) | {"text_en": "left \u202e right"})
    assert answer.context["adminform"].form.errors == {"text_en": ["The character U+202E is not allowed."]}


def test_a_garbled_text_is_refused_beside_its_field_with_what_it_probably_said(boss, questionnaire):
    draft = factories.draft()
    question = models.Question.objects.filter(dimension__questionnaire=draft).first()
    page = address(models.Question, "change", question.pk)
    form = form_of(boss, page) | {"help_fr": "La stratÃ©gie", "choices-1-text_en": "Itâ€™s"}
    answer = boss.post(page, form)
    told = "This is garbled: “La stratÃ©gie” was probably “La stratégie”."
    assert answer.context["adminform"].form.errors == {"help_fr": [told]}
    inline = answer.context["inline_admin_formsets"][0].formset
    assert [errors for errors in inline.errors if errors] == [
        {"text_en": ["This is garbled: “Itâ€™s” was probably “It’s”."]}
    ]
    finding = models.Finding.objects.first()
    page = address(models.Finding, "change", finding.pk)
    answer = boss.post(page, form_of(boss, page) | {"text_fr": "DÃ©jÃ\u00a0 vu"})
    assert answer.context["adminform"].form.errors.keys() == {"text_fr"}
    finding.refresh_from_db()
    assert "Ã" not in finding.text_fr


@settings(max_examples=examples(100), deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=20))
def test_what_is_stored_of_any_text_is_what_a_file_gives_back(text):
    row = models.ConsistencyRule(text_en=text, text_fr=text)
    if tidy(row) or not row.text_en:
        return
    problems = Problems("any.yaml")
    fields = Spot(parse(f"a: {scalar(row.text_en)}", problems), "", problems).fields(["a"])
    assert fields["a"].string(500) == row.text_en
    problems.raise_if_any()


@pytest.mark.parametrize(("weight", "status"), [("1000", 302), ("1000.001", 200), ("9999", 200)])
def test_a_weight_is_at_most_what_a_file_may_say(boss, questionnaire, weight, status):
    page = address(models.Question, "change", factories.draft().dimensions.first().questions.first().pk)
    answer = boss.post(page, form_of(boss, page) | {"weight": weight})
    assert answer.status_code == status
    if status == 200:
        assert answer.context["adminform"].form.errors == {"weight": ["A weight of at most 1000, please."]}


# Limits --------------------------------------------------------------------------------------------------------------
def stretched(part, extra: int):
    """The same content, every text as long as its model allows, and `extra` more."""
    changes = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, Text) or field.name == "publisher":
            of_a_step = isinstance(part, structure.StepContent) and field.name == "title"
            long = _long(MODELS[type(part)], "step_title" if of_a_step else field.name, extra)
            changes[field.name] = long if isinstance(value, Text) else long.en
        elif isinstance(value, tuple) and value and isinstance(value[0], Text):
            model, name = {"anchors": (models.Anchor, "text"), "sources": (models.Source, "where")}[field.name]
            changes[field.name] = tuple(_long(model, name, extra) for _text in value[: 5 if name == "text" else 1])
        elif isinstance(value, tuple):
            changes[field.name] = tuple(stretched(one, extra) if type(one) in MODELS else one for one in value)
        elif is_dataclass(value):
            changes[field.name] = stretched(value, extra)
    return replace(part, **changes)


def _long(model, name: str, extra: int) -> Text:
    size = model._meta.get_field(name).max_length + extra
    return Text("x" * size, "y" * size)


def texts_in(part) -> int:
    """How many texts there are, each language by itself."""
    values = [getattr(part, field.name) for field in fields(part)]
    flat = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
    inner = sum(2 if isinstance(one, Text) else texts_in(one) if is_dataclass(one) else 0 for one in flat)
    return inner + hasattr(part, "publisher")


def small(content):
    """Three dimensions with a question each, so that every problem fits on the list."""
    parts = []
    for part in content.dimensions[:3]:
        asked = replace(part.questions[0], needs=(), help=Text("a", "b"))
        parts.append(replace(part, questions=(asked,), not_applicable=Text("a", "b")))
    first, second = (part.questions[0].key for part in parts[:2])
    rule = content.consistency[0]
    when = replace(rule.when[0], question=first), replace(rule.when[1], question=second)
    return replace(content, dimensions=tuple(parts), consistency=(replace(rule, when=when),))


def small_evidence(content):
    criterion = next(one for one in content.findings if one.criterion)
    other = next(one for one in content.findings if one.published_figure and not one.criterion)
    figure = replace(content.figures[0], finding=other.key)
    reference = replace(content.references[0], findings=(other.key,), level=1, reading="editorial")
    return replace(content, findings=(criterion, other), figures=(figure,), references=(reference,))


@pytest.mark.parametrize(
    ("place", "read", "write", "cut"),
    [(0, read_questionnaire, write_questionnaire, small), (1, read_evidence, write_evidence, small_evidence)],
)
def test_a_file_takes_texts_as_long_as_a_form_does_and_no_longer(shipped, place, read, write, cut):
    content = cut(shipped[place])
    longest = stretched(content, 0)
    assert read(write(longest), "any.yaml") == longest
    longer = stretched(content, 1)
    with pytest.raises(ContentError) as caught:
        read(write(longer), "any.yaml")
    assert {problem.message for problem in caught.value.problems} == {spot.TEXT_TOO_LONG}
    assert len(caught.value.problems) == texts_in(longer)


def test_the_longest_text_fits_on_a_line_also_when_every_character_is_escaped(shipped):
    size = models.Questionnaire._meta.get_field("instruction").max_length
    longest = "x" + "\u0600" * (size - 1)
    content = replace(small(shipped[0]), instruction=Text(longest, longest))
    assert read_questionnaire(write_questionnaire(content), "any.yaml") == content


# Names and addresses of the administration ---------------------------------------------------------------------------
@pytest.mark.parametrize("nothing", ["\u200b", "\u3164", "\u2800", "\u0301"])
def test_a_text_of_nothing_is_refused_beside_its_field(boss, questionnaire, nothing):
    page = address(models.ConsistencyRule, "change", factories.draft().rules.first().pk)
    answer = boss.post(page, form_of(boss, page) | {"text_en": nothing})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["text_en"]


def test_names_of_groups_organisations_and_addresses_of_accounts_are_cleaned(boss, questionnaire):
    boss.post(reverse("admin:auth_group_add"), {"name": "A\u202eb\u200b \x0bc"})
    assert Group.objects.filter(name="Ab c").exists()
    owner = factories.organisation()
    page = address(models.Organisation, "change", owner.pk)
    boss.post(page, form_of(boss, page) | {"name": "E\u0301lan\u00ad"})
    owner.refresh_from_db()
    assert owner.name == "Élan"
    typed = {"email": "Anne <me@d\u200b.example>", "password1": "A long sentence 12", "password2": "A long sentence 12"}
    boss.post(reverse("admin:auth_user_add"), typed)
    assert User.objects.filter(email="me@d.example").exists()

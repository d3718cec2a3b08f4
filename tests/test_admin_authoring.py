"""Writing a draft in the administration: the outline, adding, moving, keys, lists to choose from; forged forms change nothing."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from assessment.authoring.keys import siblings
from assessment.models import Choice, ConsistencyRule, Dimension, Prerequisite, Question, Questionnaire
from tests import factories
from tests.test_admin import address, boss, fields_of, form_of, queries

pytestmark = pytest.mark.any_database

__all__ = ["boss"]


@pytest.fixture
def draft(questionnaire):
    return factories.draft()


@pytest.fixture
def question(draft):
    return draft.dimensions.first().questions.first()


def outline_of(questionnaire) -> str:
    return address(Questionnaire, "change", questionnaire.pk)


def texts(client, page: str) -> str:
    return client.get(page).content.decode()


# The outline ---------------------------------------------------------------------------------------------------------


def test_the_outline_names_and_links_everything_and_offers_to_add(boss, draft):
    page = texts(boss, outline_of(draft))
    for model in (Dimension, Question, ConsistencyRule):
        for row in model.objects.filter(**{model.path_to("pk"): draft.pk}):
            assert address(model, "change", row.pk) in page
    assert f"{address(Dimension, 'add')}?questionnaire={draft.pk}" in page
    assert f"{address(ConsistencyRule, 'add')}?questionnaire={draft.pk}" in page
    for dimension in draft.dimensions.all():
        assert f"{address(Question, 'add')}?dimension={dimension.pk}" in page
    assert "Nothing is missing." in page
    assert reverse("admin:assessment_questionnaire_preview", args=[draft.pk]) in page
    forms = page.split('<form class="move"')[1:]
    assert forms
    assert all("csrfmiddlewaretoken" in form.partition("</form>")[0] for form in forms)


def test_it_says_what_is_missing_beside_the_question(boss, draft, question):
    factories.without_steps(question)
    page = texts(boss, outline_of(draft))
    assert "Something is missing in 1 place" in page
    row = page.partition(f'id="question-{question.pk}"')[2].partition("</tr>")[0]
    assert "Missing:" in row
    assert "3 steps" in row


def test_what_is_published_is_outlined_without_a_button_or_a_way_to_add(boss, questionnaire):
    page = texts(boss, outline_of(questionnaire))
    assert "It can only be read." in page
    assert "/move/" not in page
    assert "?dimension=" not in page
    question = Question.objects.filter(dimension__questionnaire=questionnaire).first()
    assert 'name="_move"' not in texts(boss, address(Question, "change", question.pk))


def test_a_large_draft_takes_as_many_queries_as_a_small_one(boss, draft):
    boss.get(outline_of(draft))  # what is looked up once per process
    many = queries(boss, outline_of(draft))
    Question.objects.filter(dimension__questionnaire=draft, position__gt=1).delete()
    assert queries(boss, outline_of(draft)) == many
    dimension = address(Dimension, "change", draft.dimensions.first().pk)
    boss.get(dimension)
    few = queries(boss, dimension)
    Question.objects.create(dimension=draft.dimensions.first(), position=2, key="second")
    assert queries(boss, dimension) == few


def test_from_a_question_one_finds_back_and_on(boss, draft):
    first, second = draft.dimensions.all()[:2]
    last = first.questions.last()
    page = texts(boss, address(Question, "change", last.pk))
    trail = page.partition('class="breadcrumbs"')[2].partition("</div>")[0]
    assert outline_of(draft) in trail
    assert address(Dimension, "change", first.pk) in trail
    around = page.partition('class="neighbours"')[2].partition("</nav>")[0]
    assert address(Question, "change", second.questions.first().pk) in around
    assert address(Question, "change", list(first.questions.all())[-2].pk) in around


# Moving --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Dimension, Question, ConsistencyRule])
def test_a_row_moves_by_a_plain_form_and_that_is_on_record(boss, draft, model):
    row = model.objects.filter(**{model.path_to("pk"): draft.pk}).first()
    before = list(siblings(row))
    answer = boss.post(address(model, "move", row.pk), {"by": "down"})
    assert answer["Location"] == f"{outline_of(draft)}#{model._meta.model_name}-{row.pk}"
    assert list(siblings(row))[:2] == [before[1], before[0]]
    assert LogEntry.objects.get().is_change()
    boss.post(address(model, "move", row.pk), {"by": "up"})
    assert list(siblings(row)) == before


@pytest.mark.parametrize("by", ["", "3", "left"])
def test_a_forged_direction_moves_nothing(boss, question, by):
    before = list(siblings(question))
    assert boss.post(address(Question, "move", question.pk), {"by": by}).status_code == 302
    assert list(siblings(question)) == before
    assert not LogEntry.objects.exists()


def test_who_may_only_look_moves_nothing(client, question):
    from django.contrib.auth.models import Permission

    looker = factories.account(is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    factories.sign_in(client, looker, second_factor=True)
    before = list(siblings(question))
    assert client.post(address(Question, "move", question.pk), {"by": "down"}).status_code == 403
    assert list(siblings(question)) == before
    assert "/move/" not in texts(client, outline_of(question.dimension.questionnaire))


def test_a_choice_moves_with_what_was_typed_saved(boss, question):
    page = address(Question, "change", question.pk)
    first, second = question.choices.all()[:2]
    shown = texts(boss, page)
    assert f"Save, and move “{first.text}” down" in shown
    answer = boss.post(page, form_of(boss, page) | {"text_en": "Reworded?", "_move": f"{first.pk}.down"})
    assert answer["Location"] == page
    question.refresh_from_db()
    assert question.text_en == "Reworded?"
    assert list(question.choices.all())[:2] == [second, first]


def test_a_choice_of_another_question_is_not_moved_from_here(boss, question, questionnaire):
    foreign = Choice.objects.filter(question__dimension__questionnaire=questionnaire).first()
    before = list(siblings(foreign).values())
    page = address(Question, "change", question.pk)
    assert boss.post(page, form_of(boss, page) | {"_move": f"{foreign.pk}.down"}).status_code == 302
    assert list(siblings(foreign).values()) == before


def test_positions_are_typed_nowhere(boss, draft, question):
    for model in (Dimension, Question, ConsistencyRule):
        row = model.objects.filter(**{model.path_to("pk"): draft.pk}).first()
        assert not [name for name in form_of(boss, address(model, "change", row.pk)) if "position" in name]


# Adding --------------------------------------------------------------------------------------------------------------

WORDS = {"text_en": "Do you measure reach?", "text_fr": "Mesurez-vous la portée ?"}


def new_question(boss, dimension, **changes):
    """What the page for a new question sends once it is filled in, and the answer."""
    page = f"{address(Question, 'add')}?dimension={dimension.pk}"
    return boss.post(page, fields_of(boss.get(page)) | WORDS | changes)


def written(*numbers) -> dict:
    return {f"choices-{n}-text_{code}": f"Statement {n} {code}" for n in numbers for code in ("en", "fr")}


def test_a_new_question_proposes_five_statements_from_0_to_100(boss, draft):
    proposed = form_of(boss, f"{address(Question, 'add')}?dimension={draft.dimensions.first().pk}")
    rows = [(proposed[f"choices-{n}-key"], proposed[f"choices-{n}-points"]) for n in range(5)]
    assert rows == [("level-1", 0), ("level-2", 25), ("level-3", 50), ("level-4", 75), ("level-5", 100)]
    assert {f"choices-2-{name}" for name in ("step_title_en", "first_move_fr", "effort", "owner")} <= proposed.keys()


def test_it_is_saved_with_a_key_from_its_text_and_goes_last(boss, draft):
    dimension = draft.dimensions.first()
    advice = {"choices-2-step_title_en": "Do", "choices-2-step_title_fr": "Faites"}
    advice |= {"choices-2-first_move_en": "Go", "choices-2-effort": "S", "choices-2-owner": "marketing"}
    advice |= {"foundation": "on"}
    answer = new_question(boss, dimension, **written(*range(5)), **advice)
    made = dimension.questions.last()
    assert answer["Location"] == f"{outline_of(draft)}#question-{made.pk}"
    assert (made.key, made.weight) == ("do-you-measure-reach", 1)
    assert made.position == dimension.questions.count()
    assert [(row.key, row.points, row.position) for row in made.choices.all()] == [
        (f"level-{number}", (number - 1) * 25, number) for number in range(1, 6)
    ]
    assert made.foundation
    assert [(row.step_title_fr, row.first_move_en, row.effort, row.owner) for row in made.choices.all()[1:3]] == [
        (None, None, "", ""), ("Faites", "Go", "S", "marketing"),
    ]  # fmt: skip


def test_a_key_that_was_refused_leaves_the_keys_of_the_choices_as_they_are(boss, draft):
    """What was typed is no key of the question yet: that of a published one would lock its choices, and rename them then."""
    dimension, other = draft.dimensions.all()[:2]
    new_question(boss, dimension, **written(*range(5)))
    made = dimension.questions.last()
    page = address(Question, "change", made.pk)
    refused = boss.post(page, form_of(boss, page) | {"key": other.questions.first().key})
    assert refused.status_code == 200
    assert not re.search(
        r'<input[^>]*name="choices-\d-key"[^>]* disabled', refused.content.decode()
    )  # browsers leave those out
    assert boss.post(page, fields_of(refused) | {"key": "reach"}).status_code == 302
    made.refresh_from_db()
    assert made.key == "reach"
    assert list(made.choices.values_list("key", flat=True)) == [f"level-{number}" for number in range(1, 6)]


@pytest.mark.parametrize(
    "field", ["text_en", "help_fr", "choices-0-text_fr", "choices-2-step_title_en", "choices-3-first_move_en"]
)
def test_a_text_that_is_too_long_is_told_at_its_field_and_never_cut(boss, draft, field):
    dimension = draft.dimensions.first()
    long = "Long. " * 400
    page = new_question(boss, dimension, **written(*range(5)) | {field: long})
    text = page.content.decode()
    assert page.status_code == 200
    assert fields_of(page)[field].strip() == long.strip()
    at = text.partition(f'name="{field}"')
    assert "maxlength" not in at[0].rpartition("<")[2] + at[2].partition(">")[0]
    assert re.search(r"2,?[34]\d\d", text)  # how long it is


def test_a_key_that_is_taken_is_told_at_its_field_in_the_same_dimension_as_in_another(boss, draft):
    for dimension in draft.dimensions.all()[:2]:
        page = new_question(boss, draft.dimensions.first(), key=dimension.questions.first().key)
        form = page.context["adminform"].form
        assert list(form.errors) == ["key"]
        assert "Another part of this questionnaire has this key" in str(form.errors["key"])


def test_statements_left_empty_are_not_there_and_half_a_statement_is_kept_and_named(boss, draft):
    dimension = draft.dimensions.first()
    assert new_question(boss, dimension, **written(0, 1)).status_code == 302
    assert list(dimension.questions.last().choices.values_list("key", flat=True)) == ["level-1", "level-2"]
    assert new_question(boss, dimension, **{"choices-0-text_en": "Only English"}).status_code == 302
    half = dimension.questions.last().choices.get()
    assert (half.text_en, half.text_fr) == ("Only English", None)
    row = texts(boss, outline_of(draft)).partition(f'id="question-{dimension.questions.last().pk}"')[2]
    assert "1 text in French" in row.partition("</tr>")[0]


def test_a_key_is_made_from_the_french_text_while_there_is_no_english_one(boss, draft):
    dimension = draft.dimensions.first()
    new_question(boss, dimension, text_en="", text_fr="Mesurez-vous la portée ?")
    assert dimension.questions.last().key == "mesurez-vous-la-portee"


def test_two_statements_without_a_key_get_two(boss, draft):
    keys = {f"choices-{n}-key": "" for n in range(3)} | {"choices-2-key": "same"}
    same = {f"choices-{n}-text_en": "Same" for n in range(3)}
    answer = new_question(boss, draft.dimensions.first(), **written(0, 1, 2) | same | keys)
    assert answer.status_code == 302
    made = draft.dimensions.first().questions.last()
    assert list(made.choices.values_list("key", flat=True)) == ["same-2", "same-3", "same"]  # in the order of the form


def test_a_key_given_twice_is_told_at_the_second_statement(boss, draft):
    keys = {f"choices-{n}-key": "same" for n in range(2)}
    answer = new_question(boss, draft.dimensions.first(), **written(0, 1), **keys)
    first, second = answer.context["inline_admin_formsets"][0].formset.forms[:2]
    assert not first.errors
    assert list(second.errors) == ["key"]


def test_a_new_questionnaire_opens_after_it_is_saved(boss, draft):
    page = address(Questionnaire, "add")
    texts = {f"{name}_{language}": "New" for name in ("title", "instruction") for language in ("en", "fr")}
    answer = boss.post(page, form_of(boss, page) | texts)
    assert answer.url == address(Questionnaire, "change", Questionnaire.objects.get(title_en="New").pk)


def test_a_question_that_is_not_scored_has_no_points_and_no_steps(boss, draft):
    shown = form_of(boss, f"{address(Question, 'add')}?dimension={draft.dimensions.last().pk}")
    assert not [name for name in shown if "points" in name or "step" in name or "owner" in name or name == "weight"]
    assert {"choices-0-exclusive", "choices-0-figure", "kind"} <= shown.keys() | {"choices-0-exclusive"}
    answer = new_question(boss, draft.dimensions.last(), **written(0, 1))
    assert answer.status_code == 302
    assert draft.dimensions.last().questions.last().weight is None


def test_a_dimension_and_a_rule_are_added_where_the_link_says(boss, draft):
    page = f"{address(Dimension, 'add')}?questionnaire={draft.pk}"
    both = {"title_en": "Listening", "title_fr": "Écoute", "description_en": "D", "description_fr": "D"}
    assert boss.post(page, form_of(boss, page) | both).status_code == 302
    made = draft.dimensions.last()
    assert (made.key, made.position, made.weight, made.anchors.count()) == ("listening", 7, 1, 0)
    page = f"{address(ConsistencyRule, 'add')}?questionnaire={draft.pk}"
    first, second = Question.objects.filter(dimension__questionnaire=draft)[:2]
    rule = WORDS | {"first_question": first.pk, "first_comparison": "at_least", "first_points": 75}
    rule |= {"second_question": second.pk, "second_comparison": "at_most", "second_points": 25}
    assert boss.post(page, form_of(boss, page) | rule).status_code == 302
    assert (draft.rules.last().key, draft.rules.last().position) == ("do-you-measure-reach", draft.rules.count())


@pytest.mark.parametrize("weight", ["0", "-1"])
def test_a_weight_that_counts_nothing_is_refused_at_its_field(boss, draft, weight):
    for row in (draft.dimensions.first(), draft.dimensions.first().questions.first()):
        page = address(row, "change", row.pk)
        answer = boss.post(page, form_of(boss, page) | {"weight": weight})
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors == {"weight": ["A weight above 0, please."]}


def test_a_rule_that_names_one_question_twice_is_refused_at_its_field(boss, draft):
    rule = draft.rules.first()
    page = address(rule, "change", rule.pk)
    answer = boss.post(page, form_of(boss, page) | {"second_question": rule.first_question_id})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["second_question"]


def test_adding_another_stays_in_the_same_dimension(boss, draft):
    dimension = draft.dimensions.all()[1]
    answer = new_question(boss, dimension, _addanother="1")
    assert answer["Location"] == f"{address(Question, 'add')}?dimension={dimension.pk}"


@pytest.mark.parametrize("parent", ["", "0", "nowhere", "9" * 30, "²"])
def test_a_page_to_add_survives_every_address(boss, draft, parent):
    for model in (Question, Dimension, ConsistencyRule):
        assert boss.get(address(model, "add"), {model.parent_name(): parent}).status_code == 200


# Keys ----------------------------------------------------------------------------------------------------------------


def test_keys_of_a_published_version_stay_whatever_is_sent(boss, draft, question):
    page = address(Question, "change", question.pk)
    assert "This key was published" in texts(boss, page)
    keys = list(question.choices.values_list("key", flat=True))
    data = form_of(boss, page) | {"key": "forged", "choices-0-key": "forged", "text_en": "Reworded?"}
    assert boss.post(page, data).status_code == 302
    before, question = question.key, Question.objects.get(pk=question.pk)
    assert (question.key, question.text_en) == (before, "Reworded?")
    assert list(question.choices.values_list("key", flat=True)) == keys
    page = outline_of(draft)
    assert boss.post(page, form_of(boss, page) | {"key": "forged", "version": "9"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.key, draft.version) == ("barometer", 2)


def test_a_key_that_was_never_published_can_be_changed_but_not_to_another_s(boss, draft, question):
    Question.objects.filter(pk=question.pk).update(key="mine")
    page = address(Question, "change", question.pk)
    other = draft.dimensions.last().questions.first()
    answer = boss.post(page, form_of(boss, page) | {"key": other.key})
    assert answer.status_code == 200
    assert "Another part of this questionnaire has this key" in answer.content.decode()
    assert boss.post(page, form_of(boss, page) | {"key": "ours"}).status_code == 302
    question.refresh_from_db()
    assert question.key == "ours"
    assert boss.post(page, form_of(boss, page) | {"key": "", "text_en": "New text"}).status_code == 302
    question.refresh_from_db()
    assert question.key == "new-text"


# Lists to choose from ------------------------------------------------------------------------------------------------


def offered(client, page: str, name: str) -> set[int]:
    content = texts(client, page).partition(f'name="{name}"')[2].partition("</select>")[0]
    return {int(part.partition('"')[0]) for part in content.split('<option value="')[1:] if part[0].isdigit()}


def scored(draft) -> set[int]:
    found = Question.objects.filter(dimension__questionnaire=draft, dimension__scored=True)
    return set(found.values_list("pk", flat=True))


def test_prerequisites_and_rules_offer_the_scored_questions_of_the_same_draft(boss, draft, question):
    factories.draft()
    page = address(Question, "change", question.pk)
    assert offered(boss, page, "prerequisites-0-needed") == scored(draft) - {question.pk}
    assert f'<optgroup label="{question.dimension.title}">' in texts(boss, page)
    rule = address(ConsistencyRule, "change", draft.rules.first().pk)
    for name in ("first_question", "second_question"):
        assert offered(boss, rule, name) == scored(draft)


def test_a_question_of_another_version_is_refused_as_a_prerequisite(boss, question, questionnaire):
    foreign = Question.objects.filter(dimension__questionnaire=questionnaire).last()
    page = address(Question, "change", question.pk)
    answer = boss.post(page, form_of(boss, page) | {"prerequisites-0-needed": foreign.pk})
    assert answer.status_code == 200
    assert not Prerequisite.objects.filter(needed=foreign, question=question).exists()


def test_a_question_moves_to_another_dimension_of_its_draft_and_goes_last_there(boss, draft, question):
    elsewhere = draft.dimensions.all()[1]
    other = factories.draft()
    page = address(Question, "change", question.pk)
    assert offered(boss, page, "dimension") == set(draft.dimensions.values_list("pk", flat=True))
    foreign = form_of(boss, page) | {"dimension": other.dimensions.first().pk}
    assert boss.post(page, foreign).status_code == 200
    assert boss.post(page, form_of(boss, page) | {"dimension": elsewhere.pk}).status_code == 302
    question.refresh_from_db()
    assert elsewhere.questions.last() == question


def test_deleting_a_question_leads_back_to_the_outline(boss, draft, question):
    answer = boss.post(address(Question, "delete", question.pk), {"post": "yes"})
    assert answer["Location"] == outline_of(draft)
    assert not Question.objects.filter(pk=question.pk).exists()


@pytest.mark.parametrize(("model", "prefix"), [(Questionnaire, "levels"), (Dimension, "anchors")])
def test_the_number_of_a_level_stands_there_and_is_not_typed(boss, questionnaire, model, prefix):
    row = model.objects.filter(**{model.path_to("pk"): factories.draft().pk}).first()
    page = boss.get(address(model, "change", row.pk)).content.decode()
    numbers = re.findall(rf'<input type="number" name="{prefix}-\d+-number"[^>]*>', page)
    assert len(numbers) >= 5
    assert all(" readonly" in field for field in numbers)


def test_a_draft_that_gets_the_key_of_another_questionnaire_gets_its_next_number(boss, draft):
    page = reverse("admin:assessment_questionnaire_add")
    boss.post(
        page,
        form_of(boss, page) | {"title_en": "Other", "title_fr": "Autre", "instruction_en": "A", "instruction_fr": "B"},
    )
    other = Questionnaire.objects.get(key="other")
    page = reverse("admin:assessment_questionnaire_change", args=[other.pk])
    assert boss.post(page, form_of(boss, page) | {"key": draft.key}).status_code == 302
    other.refresh_from_db()
    assert (other.key, other.version) == (draft.key, draft.version + 1)

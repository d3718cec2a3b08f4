"""Whatever an administrator sends to whatever address: what was published and what was answered and computed stays.

Two things are left out because they are meant to erase: deleting an organisation or an account takes its answers with it.
"""

import pytest
from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assessment.models import (
    Answer,
    ConsistencyRule,
    Dimension,
    DimensionResult,
    Edition,
    Question,
    Questionnaire,
    Response,
    Result,
)
from assessment.models.frozen import Frozen, questionnaire_of
from tests import factories
from tests.barometer_rows import CELL
from tests.test_access import ACTIONS, ADMIN_MODELS, ADMIN_PAGES, ADMIN_ROW_PAGES
from tests.test_admin import address, fields_of

pytestmark = pytest.mark.any_database

WRITTEN = [model for model in apps.get_models() if issubclass(model, Frozen) and model is not Questionnaire]
STORED = [Answer, Response, Result, DimensionResult]
ERASES = {"assessment_organisation", "auth_user"}
PAGES_OF_A_VERSION = ("preview", "check", "changes", "publish", "new_version", "retire", "export")
YAML = "key: barometer\nversion: 1\ntitle: {en: Forged, fr: Contrefait}\n"


@pytest.fixture
def boss(client, questionnaire):
    """A superuser, after whom another account comes, who is somebody to act on."""
    other = factories.account(is_staff=True)
    factories.sign_in(client, other, second_factor=True)
    factories.sign_in(client, factories.account(is_staff=True, is_superuser=True), second_factor=True)
    return client


@pytest.fixture
def scene(boss, questionnaire):
    """A stored result on the published version, a draft beside it, and an edition of the barometer that is over."""
    Edition.objects.create(year=2025, is_closed=True, cells=[CELL])
    factories.submitted()
    factories.draft()
    return boss


# What may not change -------------------------------------------------------------------------------------------------
def rows(found: QuerySet) -> list[dict]:
    return list(found.order_by("pk").values())


def past(versions: list[int]) -> dict:
    """All rows of these versions but for their state, and of everything answered and computed."""
    kept = {model: rows(QuerySet(model).filter(**{f"{model.path_to('pk')}__in": versions})) for model in WRITTEN}
    whole = QuerySet(Questionnaire).filter(pk__in=versions)
    kept[Questionnaire] = [{name: row[name] for name in row if name != "status"} for row in rows(whole)]
    return kept | {model: rows(QuerySet(model)) for model in STORED}


def published() -> list[int]:
    return list(Questionnaire.objects.exclude(status="draft").values_list("pk", flat=True))


# What is sent --------------------------------------------------------------------------------------------------------
def first(model, state: str):
    """A row of the newest draft, or of the version that was published first."""
    whole = Questionnaire.objects.filter(status="draft").order_by("-pk").first()
    whole = whole if state == "draft" and whole else Questionnaire.objects.exclude(status="draft").first()
    return model.objects.filter(**{model.path_to("pk"): whole.pk}).order_by("pk").first()


def names_of_rows() -> dict[str, object]:
    """What fields are called that name a row, with a row that is published or stored."""
    question, result = first(Question, "published"), Result.objects.first()
    named = {"questionnaire": question.dimension.questionnaire_id, "dimension": question.dimension_id}
    named |= dict.fromkeys(("question", "needed", "first_question", "second_question"), question.pk)
    named |= {"choice": question.choices.first().pk, "response": Response.objects.first().pk}
    named |= {"result": result.pk, "round": result.round_id, "organisation": result.round.organisation_id}
    finding = question.question_findings.first().finding
    return named | {"finding": finding.pk, "study": finding.study_id, "id": question.pk, "beside": question.pk}


def everything() -> dict:
    """One form with a field for all that an address may read, each naming what may not change."""
    named = names_of_rows()
    words = ("key", "text_en", "text_fr", "title_en", "title_fr", "help_en", "instruction_en", "where_en", "reason")
    sent = named | dict.fromkeys(words, "Forged forged") | {"points": 1, "weight": 9, "position": 1, "status": "draft"}
    sent |= {"by": "down", "_move": f"{named['choice']}.down", "post": "yes", "content_hash": "x", "current": 1}
    sent |= {"reworded": "strategy-document", "only_reworded": "{}", "score": 1, "level": 5, "state": "draft"}
    sent |= {"text": YAML, "confirm": "x", "seen": "2", "names": "on", "action": "delete_selected"}
    for prefix in ("choices", "prerequisites", "question_findings", "levels", "anchors", "sources"):
        sent |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1, f"{prefix}-0-DELETE": "on"}
        sent |= {f"{prefix}-0-{name}": pk for name, pk in named.items()}
    return sent


def forged_form(client, page: str, *, swap: bool, delete: bool) -> dict:
    """What the form of a page sends, with other words; with `swap` its rows are those of the published version."""
    answer = client.get(page)
    if answer.status_code != 200:
        return {}
    sent = fields_of(answer)
    named = names_of_rows()
    sent |= {name: "Forged" for name in sent if name.endswith(("text_en", "title_en", "description_fr"))}
    for inline in answer.context["inline_admin_formsets"]:
        formset = inline.formset
        theirs = QuerySet(formset.model).filter(**{f"{formset.model.path_to('status')}": "published"}).order_by("pk")
        for number, row in enumerate(theirs[: formset.initial_form_count()]):
            prefix = formset.add_prefix(number)
            sent |= {f"{prefix}-id": row.pk, f"{prefix}-{formset.fk.name}": named[formset.fk.name]} if swap else {}
            sent |= {f"{prefix}-DELETE": "on"} if delete else {}
    return sent | ({name: pk for name, pk in named.items() if name in sent} if swap else {})


# Each address once, and sequences ------------------------------------------------------------------------------------
def known(row_of: dict) -> dict:
    """What stands in the addresses of `ADMIN_PAGES`."""
    organisation = row_of["assessment_organisation"]
    content_type = apps.get_model("contenttypes.ContentType").objects.get_for_model(organisation)
    return {name.partition("_")[2]: row.pk for name, row in row_of.items() if row} | {"content type": content_type.pk}


def every_address() -> list[str]:
    """Each address of the administration, about the first row there is: the published version, the stored result."""
    row_of = {name: apps.get_model(*name.split("_")).objects.order_by("pk").first() for name in ADMIN_MODELS}
    found = []
    for name, row in row_of.items():
        actions = [action for action in ACTIONS if not (name in ERASES and action in ("delete", "changelist"))]
        for action in actions:
            arguments = [] if action in ("changelist", "add") else [row.pk] if row else None
            found += [reverse(f"admin:{name}_{action}", args=arguments)] if arguments is not None else []
    for name, (parts, *_outcomes) in ADMIN_PAGES.items():
        found.append(reverse(f"admin:{name}", args=[known(row_of).get(part, part) for part in parts]))
    return found + [reverse(f"admin:{name}", args=[row_of[name.rpartition("_")[0]].pk]) for name in ADMIN_ROW_PAGES]


def test_a_forged_form_changes_nothing_that_is_past_at_any_address(scene):
    versions = published()
    before, sent = past(versions), everything()
    addresses = every_address()
    assert len(addresses) > 90
    lists = {address(model, "changelist") for model in (Questionnaire, Dimension, Question, ConsistencyRule, Result)}
    for page in addresses:
        for chosen in (sent["question"], sent["dimension"], sent["result"]) if page in lists else [sent["id"]]:
            answer = scene.post(page, sent | {"_selected_action": chosen})
            assert answer.status_code < 500, page
            _whole = answer.getvalue()  # a file is made while it is sent
        assert past(versions) == before, page
    assert scene.get(reverse("admin:index")).status_code == 200  # nobody was sent away meanwhile


def test_what_is_asked_for_by_an_address_changes_nothing(scene):
    versions = published()
    before, sent = past(versions), everything() | {"preview.given": "1.1", "preview.go": "report"}
    for page in every_address():
        assert scene.get(page, sent).status_code < 500, page
    assert past(versions) == before


STEPS = st.tuples(
    st.sampled_from(["change", "delete", "add", "list", "move", *PAGES_OF_A_VERSION]),
    st.sampled_from([Questionnaire, Dimension, Question, ConsistencyRule]),
    st.sampled_from(["published", "draft"]),
    st.booleans(),
    st.booleans(),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)
@given(steps=st.lists(STEPS, min_size=3, max_size=6))
def test_no_sequence_of_actions_changes_what_was_published_or_a_result(scene, steps):
    versions = published()
    before = past(versions)
    for action, model, state, swap, delete in steps:
        send(scene, action, first(model, state), swap=swap, delete=delete)
    assert past(versions) == before


def send(client, action: str, row, *, swap: bool, delete: bool) -> None:
    """Post the form of a page, or what a forger makes of it."""
    model, data = type(row), everything() | {"_selected_action": row.pk}
    if action in PAGES_OF_A_VERSION:
        page = address(Questionnaire, action, questionnaire_of(row).pk)
        if action == "publish" and not swap:
            data = legal_publication(client, page) or data
        elif action == "new_version":
            data |= {"beside": list(Questionnaire.objects.values_list("pk", flat=True))}
    elif action == "list":
        page = address(model, "changelist")
    elif action == "add":
        page = address(model, "add")
    elif action == "move" and model is Questionnaire:
        return
    else:
        page = address(model, action, row.pk)
        if action == "change":
            draft = first(model, "draft")
            data = forged_form(client, address(model, "change", draft.pk), swap=swap, delete=delete) or data
    client.post(page, data)


def legal_publication(client, page: str) -> dict:
    """What the form of a draft that is all right sends."""
    form = (client.get(page).context or {}).get("form")
    return {name: value or "" for name, value in form.initial.items()} if form else {}


def test_the_forger_s_form_does_change_a_draft(scene):
    """Or the tests above would show nothing."""
    draft = first(Question, "draft")
    send(scene, "change", draft, swap=False, delete=False)
    draft.refresh_from_db()
    assert draft.text_en == "Forged"
    dimension = draft.dimension
    send(scene, "delete", draft, swap=False, delete=False)
    assert not dimension.questions.filter(pk=draft.pk).exists()

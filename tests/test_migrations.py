"""Migrations that fill what they add: forward and back, on rows as they were stored before."""

import json
from functools import partial

import pytest
from django.contrib.sessions.models import Session as DjangoSession
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from assessment.barometer import nightly
from assessment.content.fingerprint import content_hash
from assessment.content.recommendation import recommendation
from assessment.content.structure import Text
from assessment.models import Action, Candidate, Choice, Counted, Edition, Organisation, Question, Result, Session
from assessment.models.outline import _published_outline, outline, read_outline
from assessment.models.result import rounded
from assessment.models.session import SessionStore
from assessment.organisations.plan import Agreed, add_free, change, take_on
from assessment.results.rescoring import changed_questionnaires, differing_results
from assessment.rounds import closing, submitting
from assessment.scoring.supposing import suppose
from tests import factories
from tests.barometer_rows import DAY, take_part
from tests.factories import level


def migrate(name: str):
    """The models as they are after this migration."""
    executor = MigrationExecutor(connection)
    return executor.migrate([("assessment", name)]).apps


def migrate_to_newest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("assessment"))


@pytest.fixture
def newest(lasting):
    """Whatever becomes of the test, those after it find the tables as they are now."""
    yield
    migrate_to_newest()


def of_every_kind() -> None:
    factories.submitted(choose=level(2))
    factories.submitted(choose=level(5))  # nothing is left to do
    factories.submitted(choose=lambda question: None)  # no score
    factories.submitted(choose=lambda question: level(2)(question) if question.key.startswith("strategy") else None)
    colleagues = [level(1 + number % 4) for number in range(7)]
    factories.several(factories.organisation(), "open", colleagues)
    factories.several(factories.organisation(), "confidential", colleagues)


def promised(result: Result):
    steps = {step.question: step.to for step in result.values.plan}
    asked = factories.outline(result.questionnaire).scoring
    return rounded(suppose(asked, result.values, steps).score) if steps else None


def test_what_all_steps_give_is_stored_with_every_kind_of_result(questionnaire):
    of_every_kind()
    found = Result.objects.all()
    assert {(result.levels_only, result.response is None) for result in found} == {
        (False, False), (False, True), (True, True),
    }  # fmt: skip
    stored = {result.score_after_plan for result in found}
    assert None in stored
    assert len(stored) > 4
    assert [result.score_after_plan for result in found] == [promised(result) for result in found]


@pytest.fixture
def only_before(newest):
    """Nothing but the version of before steps is stored: going back loses what others say."""
    return factories.version_of_before()


def steps() -> list[dict]:
    names = ["pk", "step_title_en", "step_title_fr", "first_move", "first_move_en", "first_move_fr", "effort", "owner"]
    return list(Choice.objects.order_by("pk").values(*names))


def test_a_recommendation_of_before_is_the_steps_to_what_is_worth_50_or_more(only_before):
    of_every_kind()
    now = steps()
    assert {row["first_move_fr"] is None for row in now if row["effort"]} == {True, False}
    before = migrate("0020_criterion_figures")
    advice = list(before.get_model("assessment", "Recommendation").objects.order_by("question").values())
    content = outline(only_before).content
    assert {(row["text_en"], row["effort"], row["owner"]) for row in advice} == {
        (found.text.en, found.effort, found.owner)
        for part in content.dimensions
        for question in part.questions
        if (found := recommendation(question))
    }
    assert len(advice) == 36
    migrate("0021_steps")
    assert steps() == now
    assert content_hash(read_outline(only_before).content) == only_before.content_hash
    assert list(changed_questionnaires()) == []
    assert [differences for _result, differences in differing_results() if differences] == []
    again = migrate("0020_criterion_figures").get_model("assessment", "Recommendation").objects.order_by("question")
    without_pk = [{name: value for name, value in row.items() if name != "id"} for row in again.values()]
    assert without_pk == [{name: value for name, value in row.items() if name != "id"} for row in advice]


def by_the_first_rules(monkeypatch) -> list[str]:
    """Results of every kind as version 1 of the rules stored them; the keys of those of one person."""
    with monkeypatch.context() as rules:
        rules.setattr(submitting, "score", partial(submitting.score, version=1))
        rules.setattr(closing, "_values_at", partial(closing._values_at, version=1))
        of_every_kind()
        keys = [factories.submitted(choose=choose)[1] for choose in (level(1), level(3), lambda question: None)]
    assert set(Result.objects.values_list("scoring_version", flat=True)) == {1}
    return keys


def test_results_of_before_and_what_they_publish_stay_the_same_bytes(only_before, monkeypatch, client):
    keys = by_the_first_rules(monkeypatch)

    def published() -> list[bytes]:
        _published_outline.cache_clear()  # of the rows as they are now
        return [client.get(reverse("document", args=[key, "report.json"])).content for key in keys]

    now, data = list(Result.objects.order_by("pk").values()), published()
    assert [json.loads(one)["scoring_version"] for one in data] == [1, 1, 1]
    told = [client.get(reverse("report", args=[key])).context["report"] for key in keys]
    assert [item.title for report in told for item in report.plan if item.title] == []  # there were none
    assert any(item.first_move for report in told for item in report.plan)
    before = migrate("0020_criterion_figures").get_model("assessment", "Result")
    assert list(before.objects.order_by("pk").values()) == now
    migrate_to_newest()
    assert list(Result.objects.order_by("pk").values()) == now
    assert published() == data
    assert list(changed_questionnaires()) == []
    assert [differences for _result, differences in differing_results() if differences] == []


def test_a_draft_of_before_keeps_what_it_can_keep(only_before):
    draft = factories.draft(title=Text("Half", "Moitié"))
    first, second = Question.objects.filter(dimension__questionnaire=draft)[:2]
    Choice.objects.filter(question=first).update(first_move_fr=None)
    Choice.objects.filter(question=second).update(points=25)
    migrate("0020_criterion_figures")
    migrate("0021_steps")
    assert [row.first_move_fr for row in first.choices.all()] == [None] * 5
    assert first.choices.all()[2].first_move_en
    assert {row.effort for row in first.choices.all()[2:]} != {""}
    assert {(row.effort, row.first_move_en) for row in second.choices.all()} >= {("", None)}


def test_results_of_before_get_what_all_steps_give(only_before):
    of_every_kind()
    columns = [field.attname for field in Result._meta.concrete_fields]
    now = list(Result.objects.order_by("pk").values(*columns))
    before = migrate("0017_sign_ins").get_model("assessment", "Result")
    kept = [name for name in columns if name != "score_after_plan"]
    assert {field.attname for field in before._meta.concrete_fields} == {*kept}
    assert list(before.objects.order_by("pk").values(*kept)) == [{name: row[name] for name in kept} for row in now]
    migrate("0018_score_after_plan")
    assert list(Result.objects.order_by("pk").values(*columns)) == now
    assert [differences for _result, differences in differing_results() if differences] == []


def test_sessions_of_before_stay_open_and_are_known_by_their_account(newest, client):
    account = factories.account()
    client.force_login(account)
    guest = SessionStore()
    guest["account_email_verification_code"] = {"code": "ABC123"}
    guest.save()
    now = list(Session.objects.order_by("pk").values())
    assert {row["account"] for row in now} == {account.pk, None}
    migrate("0018_score_after_plan")
    kept = [{name: value for name, value in row.items() if name != "account"} for row in now]
    assert list(DjangoSession.objects.order_by("pk").values()) == kept
    migrate("0020_criterion_figures")
    assert list(Session.objects.order_by("pk").values()) == now
    assert not DjangoSession.objects.exists()
    migrate_to_newest()  # the page asks for columns of today
    assert client.get(reverse("organisations")).status_code == 200


@pytest.mark.usefixtures("newest")
def test_who_agreed_before_there_were_versions_of_the_wording_is_asked_anew(questionnaire):
    """Back again the time at which they agreed is what it was."""
    before = migrate("0021_steps").get_model("assessment", "Organisation")
    agreed = before.objects.create(name="a", slug="a", contributes_since=factories.NOON)
    migrate("0022_live_barometer")
    stored = Organisation.objects.get(pk=agreed.pk)
    assert (stored.is_asked_anew, stored.contributes, stored.agreed_at) == (True, False, None)
    migrate("0021_steps")
    assert before.objects.get(pk=agreed.pk).contributes_since == factories.NOON


@pytest.mark.usefixtures("newest")
def test_wording_of_actions_goes_into_their_notes_and_free_ones_are_refused_on_the_way_back(questionnaire):
    of = factories.submitted(choose=level(2))[0].round
    worded = take_on(of, Result.objects.of_rounds().get(round=of).values.plan[0], Agreed(note="b"), at=factories.NOON)
    change(worded, "planned", Agreed(note="b", title="Ours"), at=factories.NOON)
    free = add_free(of.organisation, Agreed(title="Mine"), at=factories.NOON)
    with pytest.raises(IrreversibleError, match="1 free actions"):
        migrate("0022_live_barometer")
    assert set(Action.objects.values_list("title", flat=True)) == {"Ours", "Mine"}
    free.delete()
    migrate("0022_live_barometer")
    migrate_to_newest()
    row = Action.objects.get()
    assert (row.pk, row.question, row.title, row.note) == (worded.pk, worded.question, "", "Ours\nb")


@pytest.mark.usefixtures("newest")
def test_nights_find_who_waits_where_they_remember_nothing_of_before(questionnaire):
    """What they remember goes on the way back, and is found again."""
    houses = take_part(9, made=factories.NOON)
    at = factories.NOON + 20 * DAY
    nightly.night(at=at)
    migrate("0024_score_in_preview")
    migrate_to_newest()
    assert (Candidate.objects.count(), Edition.objects.get().seen_to) == (0, None)
    houses += take_part(1, made=factories.NOON)
    nightly.night(at=at)
    assert set(Counted.objects.values_list("organisation_id", flat=True)) == {house.pk for house in houses}

"""Trying out improvements: the page that shows what they would give, and the core's rule behind it."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from assessment import scoring
from assessment.models import Answer, Response
from assessment.results.reporting import report_of, supposed
from assessment.scoring.levels import shown
from assessment.scoring.supposing import suppose
from tests import drawn, factories
from tests.factories import level

pytestmark = pytest.mark.any_database


@pytest.fixture
def own(questionnaire):
    """A submitted response, level 2 throughout but for training, which has no score."""
    response, key = factories.submitted(
        choose=lambda question: "unknown" if question.key.startswith("training") else level(2)(question)
    )
    return response, key


def get(client, key, **asked):
    return client.get(f"{reverse('what_if', args=[key])}?{urlencode(asked)}")


def test_at_first_it_shows_what_all_steps_of_the_plan_would_give(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    page = get(client, key)
    today, then = page.context["today"], page.context["then"]
    taken = {step.question: step.to for step in today.result.plan}
    assert page.context["form"].reached == taken
    assert then.result.score == today.result.score + sum(step.gain for step in today.result.plan)
    text = page.content.decode()
    assert f"would rise from 25 to {shown(then.result.score)}" in text
    assert text.count(" checked>") == 5


def test_one_step_gives_exactly_what_the_plan_promises(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    for step in get(client, key).context["today"].result.plan:
        page = get(client, key, tried=1, **{step.question: step.to})
        assert page.context["then"].result.score == step.score_after


def test_nothing_chosen_is_today(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    page = get(client, key, tried=1)
    assert page.context["then"].result.score == page.context["today"].result.score
    assert "Choose at least one improvement" in page.content.decode()


def test_a_question_that_is_no_step_may_go_to_any_better_statement(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    form = get(client, key).context["form"]
    item, _field, _chosen = form.others()[0]
    assert [choice.key for choice in item.choices] == ["level-3", "level-4", "level-5"]
    page = get(client, key, tried=1, **{item.question.key: "level-5"})
    assert page.context["form"].reached == {item.question.key: "level-5"}
    assert page.context["then"].result.score > page.context["today"].result.score
    assert '<details class="others" open>' in page.content.decode()


@pytest.mark.parametrize("choice", ["level-1", "level-2", "no-such", "not-applicable", "\0", "x" * 5000])
def test_what_is_no_improvement_is_left_out_and_said(client, questionnaire, choice):
    _response, key = factories.submitted(choose=level(2))
    page = get(client, key, tried=1, **{"strategy-document": choice})
    assert page.status_code == 200
    assert page.context["form"].reached == {}
    assert "A choice was not understood" in page.content.decode()


def test_it_stores_nothing(client, own):
    response, key = own
    before = list(Answer.objects.order_by("pk").values()), report_of(response.known_result).result
    get(client, key)
    assert (list(Answer.objects.order_by("pk").values()), report_of(response.known_result).result) == before


def test_without_an_overall_score_it_says_so_and_shows_the_dimensions(client, own):
    page = get(client, own[1])
    assert page.context["then"].result.score is None
    assert "There is no overall score yet" in page.content.decode()
    assert any(after.score != before.score for before, after in page.context["pairs"] if before.is_scored)


def test_who_is_at_the_top_is_told_so(client, questionnaire):
    _response, key = factories.submitted(choose=level(5))
    assert "every answer is at the top" in get(client, key).content.decode()
    for few in (lambda question: "unknown", factories.chosen({"strategy-document": "level-1"})):
        _response, key = factories.submitted(choose=few)
        assert "answer more questions first" in get(client, key).content.decode()


def test_of_a_step_more_can_be_asked_than_the_plan_says(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    step = get(client, key).context["today"].result.plan[0]
    page = get(client, key, tried=1, **{step.question: "level-5"})
    assert step.question not in [item.question.key for item, _field, _chosen in page.context["form"].steps()]
    assert '<option value="level-5" selected>' in page.content.decode()


def test_who_does_not_see_the_plan_cannot_try_it_out(client, own):
    response, key = own
    Response.objects.filter(pk=response.pk).update(opens_round=False)
    assert get(client, key).status_code == 404
    assert client.get(reverse("what_if_chart", args=[key])).status_code == 404


def test_the_profile_is_drawn_for_what_was_chosen(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    text = get(client, key, tried=1, **{"strategy-document": "level-5"}).content.decode()
    address = re.search(r'<img class="chart chart-radar on-light" src="([^"]+)"', text).group(1).replace("&amp;", "&")
    assert "strategy-document=level-5" in address
    chart = client.get(address)
    assert "immutable" in chart["Cache-Control"]
    assert any("improvements" in line for line in drawn.texts(chart.content.decode()))
    nothing = client.get(reverse("what_if_chart", args=[key]) + "?tried=1&lang=en").content
    assert nothing != chart.content


def test_a_joint_report_can_be_tried_out_by_all_who_read_it(client, questionnaire):
    organisation = factories.organisation()
    of = factories.several(organisation, "confidential", [level(1)] * 4 + [level(4)])
    client.force_login(factories.account(member_of=organisation, role="viewer"))
    page = client.get(reverse("round_what_if", args=[organisation.slug, of.number]))
    assert page.context["then"].result.score > page.context["today"].result.score
    assert page.context["then"].joint is None or not page.context["then"].joint.roles


def test_it_takes_no_more_queries_than_the_report(client, own, django_assert_max_num_queries):
    get(client, own[1])
    with django_assert_max_num_queries(4):
        get(client, own[1])


def test_it_is_in_the_reader_s_language(client, own):
    page = client.get(reverse("what_if", args=[own[1]]), headers={"accept-language": "fr"})
    text = page.content.decode()
    assert "Essayer des améliorations" in text
    assert [word for word in ("Aujourd’hui", "Ensuite") if f">{word}</th>" in text] == ["Aujourd’hui", "Ensuite"]


# The core --------------------------------------------------------------------------------------------------------------
def test_only_a_question_with_a_score_can_reach_a_statement(own):
    response, _key = own
    asked = response.known_result.asked
    result = response.known_result.values
    with pytest.raises(ValueError, match="no score"):
        suppose(asked, result, {_unscored(result): "level-3"})
    with pytest.raises(KeyError):
        suppose(asked, result, {"no-such-question": "level-3"})
    with pytest.raises(KeyError):
        suppose(asked, result, {"strategy-document": "no-such-choice"})
    assert suppose(asked, result, {}) == result


def _unscored(result):
    return next(item.key for item in result.questions if item.state == scoring.QuestionState.NO_SCORE)


def test_what_is_supposed_is_what_answering_so_would_give(questionnaire):
    lower, _key = factories.submitted(choose=level(2))
    higher, _key = factories.submitted(
        choose=lambda question: "level-4" if question.key == "strategy-document" else level(2)(question)
    )
    told = supposed(lower.known_result, {"strategy-document": "level-4"}).result
    answered = higher.known_result.values
    assert (told.score, told.level, told.dimensions, told.range) == (
        answered.score,
        answered.level,
        answered.dimensions,
        answered.range,
    )

"""Trying out improvements: the page that shows what they would give, and the core's rule behind it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.signing import get_cookie_signer
from django.urls import reverse

from assessment import scoring
from assessment.models import Action, Answer, Membership, Response
from assessment.results.reporting import report_of, supposed
from assessment.rounds.inviting import invite
from assessment.rounds.submitting import submit
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
    assert any(part["moved"] for part in page.context["outcome"]["dimensions"])


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


# As JSON, at each tick -------------------------------------------------------------------------------------------------
def outcome(client, key, **asked):
    return client.get(f"{reverse('what_if_outcome', args=[key])}?{urlencode(asked)}")


@pytest.mark.parametrize(
    "asked", [{}, {"tried": 1}, {"tried": 1, "strategy-document": "level-5"}, {"tried": 1, "x": "\0"}]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_script_is_told_what_the_page_says(client, own, asked, language):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page, told = get(client, own[1], **asked), outcome(client, own[1], **asked)
    assert told.json() == page.context["outcome"]
    assert (told["Content-Type"], told["Cache-Control"]) == ("application/json", "private, no-store")
    text = page.content.decode()
    assert f'data-outcome="{reverse("what_if_outcome", args=[own[1]])}"' in text
    for part in told.json()["dimensions"]:
        assert re.search(rf'data-dimension="{part["key"]}".*?data-then>{part["then"]}<', text)


def test_it_names_what_moved_and_no_other_dimension(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    told = outcome(client, key, tried=1, **{"strategy-document": "level-5"}).json()
    assert [part["key"] for part in told["dimensions"] if part["moved"]] == ["strategy"]
    strategy = told["dimensions"][0]
    assert (strategy["today"], strategy["reached"]) == ("25", "25%")
    assert float(strategy["reaches"].rstrip("%")) > 25
    assert told["whole"]["level"] == "2"


def test_asked_too_often_it_is_refused_as_json_and_the_page_still_answers(client, own, settings):
    settings.WHAT_IFS_PER_HOUR = 2
    assert [outcome(client, own[1]).status_code for _time in range(3)] == [200, 200, 429]
    refused = outcome(client, own[1])
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "Try again at" in refused.json()["message"]
    assert get(client, own[1]).status_code == 200


def test_a_script_costs_no_more_queries_than_the_page_and_the_limit(client, own, django_assert_max_num_queries):
    outcome(client, own[1])
    with django_assert_max_num_queries(5):
        outcome(client, own[1])


# Make these my plan ----------------------------------------------------------------------------------------------------
PLAN, KEEP = "Make these my plan", "Keep the results to make these my plan"


@pytest.fixture
def organisation(questionnaire):
    return factories.organisation()


def be(client, organisation, role="member"):
    client.force_login(factories.account(member_of=organisation, role=role))


def take(client, round_, **asked):
    return client.post(reverse("round_what_if", args=[round_.organisation.slug, round_.number]), {"tried": 1, **asked})


def steps(response):
    return {step.question: step.to for step in response.known_result.values.plan}


@pytest.mark.parametrize("role", ["member", "owner"])
def test_who_may_act_makes_what_they_ticked_the_plan(client, organisation, role):
    response, key = factories.submitted(organisation, level(2))
    be(client, organisation, role)
    address = reverse("round_what_if", args=[organisation.slug, 1])
    for page in (get(client, key), client.get(address)):
        assert PLAN in page.content.decode()
        assert f'formaction="{address}"' in page.content.decode()
    step = dict([next(iter(steps(response).items()))])
    beyond = get(client, key).context["form"].others()[0][0].question.key
    answer = take(client, response.round, **step, **{beyond: "level-5"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("plan", args=[organisation.slug]))
    made = Action.objects.filter(organisation=organisation)
    assert dict(made.values_list("question", "to")) == {**step, beyond: "level-5"}
    shown = client.get(answer["Location"]).content.decode()
    assert "The steps are now actions of your plan." in shown
    assert shown.count("/plan/") >= 2


def test_the_form_of_the_page_keeps_its_token_out_of_the_address(client, organisation):
    factories.submitted(organisation, level(2))
    be(client, organisation)
    text = client.get(reverse("round_what_if", args=[organisation.slug, 1])).content.decode()
    form = re.search(r'<form method="get".*?</form>', text, re.DOTALL)[0]
    holders = re.findall(r"<[^>]*csrfmiddlewaretoken[^>]*>", form)
    assert [holder.split()[0] for holder in holders] == ["<button"]
    assert 'formmethod="post"' in holders[0]


def test_twice_is_once_and_what_is_open_from_an_earlier_round_is_not_made_again(client, organisation):
    earlier, _key = factories.submitted(organisation, level(2), at=factories.NOON - timedelta(days=365))
    factories.action(earlier.round)
    later, _key = factories.submitted(organisation, level(2))
    be(client, organisation)
    for _time in range(2):
        assert take(client, later.round, **steps(later)).status_code == 302
    assert Action.objects.count() == 5
    assert Action.objects.filter(made_in=later.round).count() == 4
    assert "in your plan already" in client.get(reverse("plan", args=[organisation.slug])).content.decode()


@pytest.mark.parametrize(
    "asked", [{}, {"strategy-document": ""}, {"strategy-document": "level-5", "charter-rules": "x"}]
)
def test_nothing_chosen_or_not_understood_makes_nothing_and_shows_the_form_again(client, organisation, asked):
    response, _key = factories.submitted(organisation, level(2))
    be(client, organisation)
    form = client.get(reverse("round_what_if", args=[organisation.slug, 1])).context["form"]
    asked = {name if name in form.fields else list(form.fields)[-1]: value for name, value in asked.items()}
    page = take(client, response.round, **asked)
    assert page.status_code == 422
    assert "Nothing was added to the plan." in page.content.decode()
    assert page.context["form"].reached == {name: value for name, value in asked.items() if value == "level-5"}
    assert not Action.objects.exists()


def test_a_viewer_does_not_see_the_button_and_cannot_press_it(client, organisation):
    response, key = factories.submitted(organisation, level(2))
    be(client, organisation, "viewer")
    for page in (get(client, key), client.get(reverse("round_what_if", args=[organisation.slug, 1]))):
        assert PLAN not in page.content.decode()
        assert KEEP not in page.content.decode()
        assert "formmethod" not in page.content.decode()
    assert take(client, response.round, **steps(response)).status_code == 404
    assert not Action.objects.exists()


def test_an_earlier_report_says_that_the_plan_goes_on_from_the_newest(client, organisation):
    earlier, key = factories.submitted(organisation, level(2), at=factories.NOON - timedelta(days=365))
    factories.submitted(organisation, level(3))
    be(client, organisation)
    for page in (get(client, key), take(client, earlier.round, **steps(earlier))):
        assert "There is a newer report" in page.content.decode()
        assert PLAN not in page.content.decode()
    assert page.status_code == 422
    assert not Action.objects.exists()


def test_one_s_own_answers_beside_others_are_no_plan_of_the_organisation(client, organisation):
    response, key = factories.started(organisation)
    factories.answer(response, level(2))
    invite(response.round, "open", ["colleague@example.org"], at=factories.NOON)
    submit(key, at=factories.NOON)
    be(client, organisation)
    text = get(client, key).content.decode()
    assert "made from the joint report" in text
    assert reverse("round", args=[organisation.slug, 1]) in text
    assert PLAN not in text


def test_a_guest_is_told_to_keep_the_results_and_loses_nothing_on_the_way(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    client.cookies["started"] = get_cookie_signer(salt="started").sign(key)
    text = get(client, key).content.decode()
    assert KEEP in text
    assert PLAN not in text
    keep = reverse("keep", args=[key])
    assert f'formaction="{keep}"' in text
    asked = {"tried": "1", "strategy-document": "level-5", "charter-none": ""}  # as the form sends it
    assert "comes along" in client.get(f"{keep}?{urlencode(asked)}").content.decode()
    client.force_login(factories.account())
    back = client.get(reverse("account_continue"))["Location"]
    assert back == f"{keep}?tried=1&strategy-document=level-5"
    after = client.post(back)["Location"]
    assert after == f"{reverse('what_if', args=[key])}?tried=1&strategy-document=level-5"
    assert Membership.objects.get().role == "owner"
    page = client.get(after)
    assert PLAN in page.content.decode()
    assert page.context["form"].reached == {"strategy-document": "level-5"}


def test_what_belongs_to_somebody_asks_to_sign_in_and_leads_back(client, organisation):
    _response, key = factories.submitted(organisation, level(2))
    owner = factories.account(member_of=organisation)
    assert "Sign in to make these my plan" in get(client, key).content.decode()
    assert organisation.slug not in get(client, key).content.decode()
    client.get(f"{reverse('keep', args=[key])}?tried=1&strategy-document=level-5")
    client.force_login(owner)
    page = client.get(client.get(reverse("account_continue"))["Location"])
    address = re.search(r'href="([^"]+)">Go on with what you chose', page.content.decode())[1].replace("&amp;", "&")
    assert parse_qs(urlsplit(address).query) == {"tried": ["1"], "strategy-document": ["level-5"]}
    assert PLAN in client.get(address).content.decode()


def test_more_than_a_browser_remembers_is_left_out_and_the_way_back_stays(client, questionnaire):
    _response, key = factories.submitted(choose=level(2))
    keep = reverse("keep", args=[key])
    client.get(f"{keep}?{urlencode({'tried': 1} | {f'q{number}': 'x' * 50 for number in range(50)})}")
    client.force_login(factories.account())
    assert client.get(reverse("account_continue"))["Location"] == keep


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

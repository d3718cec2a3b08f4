"""The page that looks over the answers, and the submission."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import Answer, DimensionResult, Response, Result, Round
from tests import factories


@pytest.fixture
def draft(questionnaire):
    return factories.started()


def get(client, key):
    return client.get(reverse("review", args=[key]))


def submit(client, key):
    return client.post(reverse("review", args=[key]))


def correct(client, key):
    return client.post(reverse("correct", args=[key]))


def without(*names):
    """Every question at level 3, but nothing for those whose key begins so."""
    return lambda question: None if question.key.startswith(names) else factories.level(3)(question)


# Looking over --------------------------------------------------------------------------------------------------------
def test_a_complete_questionnaire_can_be_submitted_without_a_warning(client, draft):
    response, key = draft
    factories.answer(response, factories.level(3))
    page = get(client, key)
    text = page.content.decode()
    assert "Every question has an answer" in text
    assert "there would be no overall score" not in text
    assert page.context["progress"].without_score == []


def test_it_names_what_has_no_answer_and_what_is_not_known(client, draft):
    response, key = draft
    factories.answer(
        response, lambda question: "unknown" if question.key == "roi-costs" else without("roi-owner")(question)
    )
    text = get(client, key).content.decode()
    assert "2 questions have no answer, or “I don’t know”" in text
    assert "Answers given: 80% of the weight of the questions." in text  # two of ten in ROI tracking
    assert "6 of 7 answered, once with “I don’t know”." in text
    assert '<span class="fine">6/7</span>' in text
    way_back = client.get(reverse("respond", args=[key])).content.decode()
    assert '<span class="count" data-count="roi">6/7</span>' in way_back  # counted alike on both pages
    questions = response.outline.questions
    for name in ("roi-costs", "roi-owner"):
        assert f'href="../roi/?change={name}#{name}"' in text
        assert str(questions[name].text) in text
    still_open, answered = text.split("Your answers</h2>")
    assert str(questions["roi-reporting"].text) not in still_open
    assert str(questions["roi-reporting"].text) in answered
    assert still_open.index("roi-owner") < still_open.index("roi-costs")  # no answer comes before "I don't know"


def test_every_question_stands_there_once_with_its_number_and_answer_and_leads_to_its_place(client, draft):
    response, key = draft
    factories.answer(response, lambda question: question.choices[0].key if question.kind == "multiple" else "unknown")
    factories.answer(response, without("roi-owner"))
    response.answers.filter(question__key="charter-document").update(
        note="Since <b>May</b>", evidence="https://a.example/"
    )
    text = get(client, key).content.decode()
    found = re.findall(r'<li id="answer-([\w-]+)"><span class="number">(\d+)</span>', text)
    places = {name: int(number) for name, number in found}
    assert len(found) == len(places)
    assert places == {name: number for number, name in enumerate(response.outline.questions, 1)}
    assert f"<b>{response.outline.questions['charter-document'].choices[2].text}</b>" in text
    assert "<b>Facebook</b>" in text
    assert "Since &lt;b&gt;May&lt;/b&gt;" in text
    assert 'href="https://a.example/" rel="noopener noreferrer nofollow"' in text
    assert text.count('<a class="change"') == len(places)


def test_what_is_not_applicable_is_an_answer_and_the_optional_part_is_not_pressed_upon_anybody(client, draft):
    response, key = draft
    factories.answer(
        response,
        lambda question: "not-applicable" if question.key == "charter-sharing" else factories.level(3)(question),
    )
    text = get(client, key).content.decode()
    assert "<b>Not applicable</b>" in text
    assert "0 of 6 answered." in text
    assert "answer-context" not in text


@pytest.mark.parametrize(
    ("mode", "left_open", "at_the_top"),
    [("solo", (), True), ("solo", ("roi-owner",), False), ("confidential", (), False)],
)
def test_what_is_complete_can_be_submitted_at_once(client, draft, mode, left_open, at_the_top):
    """Not where something is to be looked at before: what is open, or whether notes are shared."""
    response, key = draft
    Round.objects.update(mode=mode)
    factories.answer(response, without(*left_open) if left_open else factories.level(3))
    text = get(client, key).content.decode()
    assert ('form="submit"' in text) == at_the_top
    assert ('href="#submit"' in text) != at_the_top
    assert text.count('id="submit"') == 1


def test_it_warns_of_the_dimension_that_would_have_no_score(client, draft):
    response, key = draft
    factories.answer(response, without("training-"))
    page = get(client, key)
    assert [part.content.key for part in page.context["progress"].without_score] == ["training"]
    assert "there would be no overall score" in page.content.decode()


@pytest.mark.parametrize(
    ("left_open", "warned"),
    [
        (("roi-indicators", "roi-owner", "roi-listening", "roi-costs"), []),  # six of ten are answered
        (("roi-data-use", "roi-business-link", "roi-reporting"), ["roi"]),  # four of ten are answered
    ],
)
def test_the_warning_goes_by_weight_as_the_score_does(client, draft, left_open, warned):
    response, key = draft
    factories.answer(response, without(*left_open))
    assert [part.content.key for part in get(client, key).context["progress"].without_score] == warned
    submit(client, key)
    missing = [part.key for part in Result.objects.get().values.dimensions if part.score is None]
    assert missing == warned


def test_half_of_the_weight_is_enough(client, draft):
    response, key = draft
    # strategy weighs 14: seven of it is half
    factories.answer(
        response, without("strategy-document", "strategy-objectives", "strategy-management", "strategy-time")
    )
    assert get(client, key).context["progress"].without_score == []
    submit(client, key)
    assert Result.objects.get().score == 50


def test_a_dimension_left_out_is_neither_asked_nor_warned_of(client, draft):
    response, key = draft
    Round.objects.update(excluded=["social-selling"])
    factories.answer(response, without("selling-"))
    page = get(client, key)
    assert "Left out: it does not apply" in page.content.decode()
    assert "Every question has an answer" in page.content.decode()
    assert page.context["progress"].without_score == []


def test_a_submitted_questionnaire_has_no_review(client, questionnaire):
    _response, key = factories.submitted()
    assert get(client, key)["Location"] == reverse("respond", args=[key])


def test_looking_over_submits_nothing(client, draft):
    response, key = draft
    get(client, key)
    client.head(reverse("review", args=[key]))
    response.refresh_from_db()
    assert response.is_draft
    assert not Result.objects.exists()


# Submitting ----------------------------------------------------------------------------------------------------------
def test_submitting_stores_the_result_and_shows_the_report(client, draft):
    response, key = draft
    factories.answer(response, factories.level(4))
    before = timezone.now()
    page = submit(client, key)
    assert page["Location"] == reverse("report", args=[key])
    response.refresh_from_db()
    assert response.state == "submitted"
    assert before <= response.submitted_at <= timezone.now()
    result = Result.objects.get()
    assert (result.response, result.round, result.score, result.level) == (response, response.round, 75, 4)
    assert DimensionResult.objects.filter(result=result).count() == 5


def test_submitting_twice_is_once(client, draft):
    response, key = draft
    factories.answer(response, factories.level(3))
    assert [submit(client, key).status_code for _ in range(3)] == [302] * 3
    assert Result.objects.count() == 1
    first = Response.objects.get().submitted_at
    submit(client, key)
    assert Response.objects.get().submitted_at == first


def test_nothing_answered_at_all_has_a_result_without_a_score(client, draft):
    _response, key = draft
    assert len(get(client, key).context["progress"].without_score) == 5
    page = client.post(reverse("review", args=[key]), follow=True)
    assert page.status_code == 200
    assert "There is no overall score" in page.content.decode()
    result = Result.objects.get()
    assert (result.score, result.level, result.low, result.high) == (None, None, 0, 100)


def test_only_i_don_t_know_has_a_result_without_a_score(client, draft):
    response, key = draft
    factories.answer(response, lambda question: "unknown")
    assert submit(client, key).status_code == 302
    assert Result.objects.get().score is None
    assert client.get(reverse("report", args=[key])).status_code == 200


def test_what_is_sent_along_with_the_submission_is_ignored(client, draft):
    response, key = draft
    junk = {"score": "100", "strategy-document": "level-5", "state": "\0"} | {f"x{n}": "y" for n in range(300)}
    assert client.post(reverse("review", args=[key]), junk).status_code == 302
    assert not response.answers.exists()


# Correcting ----------------------------------------------------------------------------------------------------------
def test_a_correction_opens_with_the_answers_that_were_submitted(client, questionnaire):
    response, key = factories.submitted()
    response.answers.filter(question__key="roi-costs").update(note="a note", evidence="https://example.org/")
    assert correct(client, key)["Location"] == reverse("review", args=[key])
    draft = Response.objects.drafts().get()
    contents = [
        {a.question.key: a.saved.content for a in r.answers.select_related("question")} for r in (response, draft)
    ]
    assert contents[0] == contents[1]
    assert (draft.role, draft.opens_round, draft.round) == (response.role, response.opens_round, response.round)


def test_correcting_twice_opens_one_draft(client, questionnaire):
    _response, key = factories.submitted()
    assert [correct(client, key).status_code for _ in range(2)] == [302] * 2
    assert Response.objects.drafts().count() == 1


def test_a_correction_replaces_the_result_and_keeps_the_old_one_as_history(client, questionnaire):
    response, key = factories.submitted()
    correct(client, key)
    factories.answer(Response.objects.drafts().get(), factories.level(5))
    submit(client, key)
    response.refresh_from_db()
    assert response.state == "replaced"
    assert response.result.score == 50
    assert Response.objects.submitted().get().result.score == 100
    assert [result.score for result in Result.objects.of_rounds()] == [100]


def test_correcting_again_and_again_works(client, questionnaire):
    _response, key = factories.submitted()
    for level in (1, 2, 4):
        correct(client, key)
        factories.answer(Response.objects.drafts().get(), factories.level(level))
        submit(client, key)
        assert Response.objects.submitted().get().result.score == 25 * (level - 1)
    assert Response.objects.filter(state="replaced").count() == 3
    assert Round.objects.count() == 1


# At the same moment --------------------------------------------------------------------------------------------------
def at_once(call, times):
    """The outcomes of one call made several times at the same moment, each with a connection of its own."""
    outcomes, ready = [], threading.Barrier(times)

    def run():
        try:
            ready.wait(10)
            outcomes.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_submissions_at_the_same_moment_give_one_result(lasting):
    for _ in range(3):
        response, key = factories.started()
        factories.answer(response, factories.level(3))
        assert at_once(lambda k=key: submit(Client(), k).status_code, 4) == [302] * 4
        assert Result.objects.filter(response=response).count() == 1
    assert DimensionResult.objects.count() == 15


def test_corrections_at_the_same_moment_open_one_draft(lasting):
    for _ in range(3):
        response, key = factories.submitted()
        assert at_once(lambda k=key: correct(Client(), k).status_code, 4) == [302] * 4
        (draft,) = Response.objects.drafts().filter(round=response.round)
        assert draft.answers.count() == response.answers.count() == 36


def test_submissions_of_a_correction_at_the_same_moment_replace_once(lasting):
    _response, key = factories.submitted()
    correct(Client(), key)
    assert at_once(lambda: submit(Client(), key).status_code, 4) == [302] * 4
    assert sorted(Response.objects.values_list("state", flat=True)) == ["replaced", "submitted"]
    assert Result.objects.count() == 2
    assert Answer.objects.count() == 72


def test_a_submission_and_a_correction_at_the_same_moment_leave_one_of_each_at_most(lasting):
    for _ in range(3):
        _response, key = factories.started()
        turns = iter([submit, correct, submit, correct])
        assert set(at_once(lambda k=key, t=turns: next(t)(Client(), k).status_code, 4)) == {302}
        assert Response.objects.with_key(key).submitted().count() == 1
        assert Response.objects.with_key(key).drafts().count() <= 1

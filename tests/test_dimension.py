"""The page of a dimension: what it shows, and what becomes of what is sent to it."""

import re
import threading
from html import escape, unescape
from urllib.parse import urlencode, urljoin

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Answer, Response, Result, Round
from assessment.models.outline import outline
from assessment.rounds.inviting import invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.starting import open_round
from tests import factories

QUESTION = "strategy-document"
STATEMENT = "dimension.not-applicable"
JSON = {"accept": "application/json"}


class Person:
    """Somebody who answers: their client, their key, and short ways to send."""

    def __init__(self, client, response, key):
        self.client, self.response, self.key = client, response, key

    def address(self, dimension="strategy"):
        return reverse("dimension", args=[self.key, dimension])

    def get(self, dimension="strategy"):
        return self.client.get(self.address(dimension))

    def post(self, fields, dimension="strategy"):
        """The page's button: the whole page, or as much of it as is named."""
        return self.client.post(self.address(dimension), fields)

    def save(self, question=QUESTION, dimension="strategy", **fields):
        """What the script of the page sends: one question. `choice`, `note`, `evidence`, `revision`."""
        named = {"choice": question}
        body = {named.get(name, f"{question}.{name}"): value for name, value in fields.items()}
        return self.client.post(self.address(dimension), body | {"save": question}, headers=JSON)

    def answer(self, question=QUESTION):
        return Answer.objects.filter(response=self.response, question__key=question).first()

    def states(self):
        return {
            answer.question.key: (answer.state, *answer.choices)
            for answer in self.response.answers.select_related("question")
        }


@pytest.fixture
def anne(client, questionnaire):
    return Person(client, *factories.started())


def fields_of(page, **changes):
    """The fields that a browser would send for a page."""
    fields = {}
    for row in page.context["rows"]:
        key = row.content.key
        fields |= {f"{key}.revision": row.revision, f"{key}.note": row.note, f"{key}.evidence": row.evidence}
        if row.chosen:
            fields[key] = list(row.chosen)
    return fields | changes


# What it shows -------------------------------------------------------------------------------------------------------
def test_it_shows_every_question_with_its_choices_by_their_keys(anne):
    text = anne.get().content.decode()
    assert len(re.findall("<fieldset", text)) == 8
    for level in range(1, 6):
        assert re.search(rf'type="radio" name="{QUESTION}" value="level-{level}"', text)
    assert re.search(rf'name="{QUESTION}" value="unknown"', text)
    assert f'name="{QUESTION}.note"' in text
    assert f'name="{QUESTION}.evidence"' in text


def test_not_applicable_is_offered_only_where_it_is_allowed(anne):
    text = anne.get("charter").content.decode()
    assert 'name="charter-sharing" value="not-applicable"' in text
    assert 'name="charter-document" value="not-applicable"' not in text


def test_nothing_is_chosen_before_somebody_chooses(anne):
    assert not re.search(r"<input[^>]* checked", anne.get().content.decode())


def test_what_was_saved_is_shown_again(anne):
    anne.save(choice="level-4", note="Since 2024 & <b>now</b>", evidence="https://example.org/charter")
    page = anne.get()
    text = page.content.decode()
    assert re.findall(r'value="([^"]*)"[^>]* checked', text) == ["level-4"]
    assert "Since 2024 &amp; &lt;b&gt;now&lt;/b&gt;</textarea>" in text
    assert 'value="https://example.org/charter"' in text
    assert f'name="{QUESTION}.revision" value="1"' in text


def test_a_dimension_that_does_not_exist_is_a_404(anne):
    assert anne.get("nothing").status_code == 404
    assert anne.post({}, "nothing").status_code == 404


def test_reading_it_stores_nothing(anne):
    anne.get()
    assert not Answer.objects.exists()


def test_a_submitted_questionnaire_leads_back_to_its_start(anne):
    anne.client.post(reverse("review", args=[anne.key]))
    assert anne.get()["Location"] == reverse("respond", args=[anne.key])


@pytest.mark.parametrize(
    ("dimension", "after"),
    [("strategy", "charter"), ("charter", "training"), ("roi", "social-selling"), ("social-selling", "context")],
)
def test_the_button_leads_to_the_next_dimension(anne, dimension, after):
    assert anne.post({}, dimension)["Location"] == anne.address(after)


def test_the_last_dimension_leads_to_the_review(anne):
    assert anne.post({}, "context")["Location"] == reverse("review", args=[anne.key])


# How far one is ------------------------------------------------------------------------------------------------------
def bar(page):
    """What the bar that stays says on a phone, and how far its line is filled."""
    text = page.content.decode()
    said = re.search(r'<a class="here"[^>]*>(.*?)</a>', text, re.DOTALL)[1]
    filled = re.search(r'class="all" max="100" value="(\d+)"', text)[1]
    return " ".join(re.sub("<[^>]+>", " ", said).split()), int(filled)


def numbers(page):
    return [row.number for row in page.context["rows"]]


def labels(page):
    """What stands beside the numbers of the questions on a phone."""
    return re.findall(r'class="of"> ([^<]+)<', page.content.decode())


def level_3(*keys):
    """Level 3 in every question whose key begins so; the others stay open."""
    return lambda question: question.choices[2].key if question.key.startswith(keys) else None


def test_what_a_process_keeps_of_pages_shows_just_what_is_made_anew_and_nobody_s_key(anne):
    """Whoever answers otherwise, elsewhere or in another language, in turns: no page shows what was kept of another."""
    others = [Person(Client(), *factories.started()) for _other in range(4)]
    others[0].save(choice="level-2", revision=0)
    others[1].save(choice="level-3", revision=0, note="in our own words")
    others[2].save(choice="level-2", revision=0)
    others[2].save(revision=1)  # an answer taken back is not one that was never given
    others[3].post({STATEMENT: "yes"}, "charter")
    for name, value in (("roi-costs", "unknown"), ("roi-owner", "level-4")):
        others[3].save(name, "roi", choice=value, revision=0)
    people, dimensions = [anne, *others], list(anne.response.outline.dimensions)
    asked = [(one, language, where) for one in people for language in ("en", "fr") for where in [*dimensions, "review"]]

    def shown(one, language, where):
        address = reverse("review", args=[one.key]) if where == "review" else one.address(where)
        text = one.client.get(address, headers={"accept-language": language}).content.decode()
        assert not any(other.key in text for other in people if other is not one)
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    kept = {each: shown(*each) for each in [*asked, *asked]}  # those of the second turn
    for each in asked:
        for name in ("parts", "questions"):
            caches[name].clear()
        assert shown(*each) == kept[each], each


def test_of_two_drafts_each_shows_its_own_questions(questionnaire):
    """A draft has no fingerprint of its own in its row."""
    for number in (9, 10):
        response, key = open_round(
            factories.organisation(), factories.in_parts(number), role="marketing", at=factories.NOON
        )
        text = Client().get(reverse("dimension", args=[key, "part-1"])).content.decode()
        asked = [question.key for question in response.outline.dimensions["part-1"].questions]
        assert re.findall(r'<fieldset class="question" id="([^"]+)"', text) == asked


def test_the_links_of_the_bar_and_of_the_review_lead_where_they_say(anne):
    def targets(address, pattern):
        return [
            urljoin(address, unescape(link)) for link in re.findall(pattern, anne.client.get(address).content.decode())
        ]

    here = anne.address()
    parts = [anne.address(key) for key in anne.response.outline.dimensions]
    assert targets(here, r'<li data-dimension[^>]*>\s*<a href="([^"]+)"') == parts
    assert targets(here, r'<a class="here" href="([^"]+)"') == [reverse("respond", args=[anne.key])]
    anne.save(choice="level-2", revision=0)
    review = reverse("review", args=[anne.key])
    changes = targets(review, r'<a class="change" href="([^"]+)"')
    assert f"{anne.address()}?change={QUESTION}#{QUESTION}" in changes
    assert {address.partition("?")[0] for address in changes} <= set(parts)


def test_numbers_run_through_and_the_optional_questions_come_after_those_that_count(anne):
    parts = anne.response.outline.dimensions
    shown = [number for key in parts for number in numbers(anne.get(key))]
    assert shown == list(range(1, 43))
    assert (labels(anne.get("training")), labels(anne.get("context"))) == (["of 36"] * 7, [])


def test_a_part_that_is_left_out_takes_no_number_and_is_counted_nowhere(anne):
    Round.objects.update(excluded=["social-selling"])
    factories.answer(anne.response, level_3("strategy", "selling"))
    assert numbers(anne.get("context"))[0] == 30
    assert labels(anne.get("roi")) == ["of 29"] * 7
    assert bar(anne.get("roi")) == ("ROI tracking 0/7 8 of 29", 27)
    own = anne.get("social-selling")  # where it can be taken back
    assert bar(own) == ("Social selling left out 8 of 29", 27)
    assert numbers(own) == list(range(30, 37))
    assert labels(own) == ["of 36"] * 7


def test_the_bar_says_on_loading_what_it_says_after_a_save(anne):
    assert bar(anne.get()) == ("Strategy 0/8 0 of 36", 0)
    data = anne.save(choice="level-2").json()
    assert (data["progress"]["strategy"]["count"], data["whole"]) == ("1/8", {"percent": 2, "count": "1 of 36"})
    assert bar(anne.get()) == ("Strategy 1/8 1 of 36", 2)
    data = anne.client.post(anne.address("social-selling"), {"save": STATEMENT, STATEMENT: "yes"}, headers=JSON).json()
    assert (data["progress"]["social-selling"]["count"], data["whole"]["count"]) == ("left out", "1 of 29")


def test_the_bar_counts_optional_answers_by_themselves(anne):
    assert bar(anne.get("context"))[0] == "For comparison optional 0 of 36"
    anne.save("context-team", "context", choice="unknown")
    assert bar(anne.get("context"))[0] == "For comparison 1/6 0 of 36"


def test_the_rule_of_answering_stands_above_each_list_that_counts(anne):
    rule = "Choose the last statement that is entirely true."
    assert anne.get().content.decode().count(f'<p class="rule">{rule}</p>') == 8
    optional = anne.get("context").content.decode()
    kinds = [question.kind for question in anne.response.outline.dimensions["context"].questions]
    assert rule not in optional
    assert optional.count("Several answers are possible.") == kinds.count("multiple") > 0


@pytest.mark.parametrize(("scored", "is_crowded"), [(3, False), (10, True)])
def test_a_version_may_have_three_to_ten_parts(client, questionnaire, scored, is_crowded):
    made = factories.in_parts(scored)
    parts = outline(made).content.dimensions[:-1]
    anne = Person(client, *open_round(factories.organisation(), made, role="marketing", at=factories.NOON))
    assert [number for part in parts for number in numbers(anne.get(part.key))] == list(range(1, 37))
    page = anne.get("part-1")
    assert bar(page) == (f"{parts[1].title} 0/{len(parts[1].questions)} 0 of 36", 0)
    assert len(re.findall("<li data-dimension", page.content.decode())) == scored + 1
    assert ('class="crowded"' in page.content.decode()) == is_crowded


# The line of result ---------------------------------------------------------------------------------------------------
def line(page):
    """The line of result of the part before, as it is read."""
    found = re.search(r'<p class="result-line">(.*?)</p>', page.content.decode(), re.DOTALL)
    return found and " ".join(unescape(re.sub("<[^>]+>", "", found[1])).split())


@pytest.mark.parametrize(
    ("answered", "dimension", "said"),
    [
        ((), "charter", None),
        (("strategy",), "strategy", None),
        (("strategy",), "charter", "Strategy: level 3. Four parts to go, some 18 minutes."),
        (("strategy", "charter", "training", "roi"), "social-selling", "ROI tracking: level 3. One part to go, "
         "some 4 minutes. See a provisional report"),
        (("strategy", "charter", "training", "roi", "selling"), "context", "Social selling: level 3. "
         "Every part that counts is answered; this one is optional. See a provisional report"),
        (("strategy", "charter", "training", "roi", "selling"), "charter", "Strategy: level 3. "
         "Every part that counts is answered. See a provisional report"),
        (("strategy-document",), "charter", "Strategy: no level yet. For a level, at least half of it has to be "
         "answered; some questions count for more than others. Five parts to go, some 22 minutes."),
    ],
)  # fmt: skip
def test_a_part_tells_what_the_one_before_it_came_to_and_what_is_left(anne, answered, dimension, said):
    factories.answer(anne.response, level_3(*answered) if answered else lambda question: None)
    assert line(anne.get(dimension)) == said
    assert not Result.objects.exists()


def test_what_lacks_an_answer_is_told_with_the_level(anne):
    factories.answer(
        anne.response, lambda question: level_3("strategy")(question) if "e-d" not in question.key else None
    )
    factories.answer(anne.response, level_3("strategy-o", "strategy-m", "strategy-f", "strategy-t", "strategy-b"))
    Answer.objects.filter(question__key="strategy-budget").update(state="empty", choices=[])
    assert line(anne.get("charter")).startswith("Strategy: level 3. 1 of its questions has no answer yet. Four parts")


def test_a_part_left_out_is_told_as_that(anne):
    Round.objects.update(excluded=["charter"])
    factories.answer(anne.response, level_3("strategy"))
    assert line(anne.get("training")) == "Charter: left out, as it does not apply. Three parts to go, some 13 minutes."


def test_among_several_people_the_line_is_of_their_own_answers_and_says_so(anne):
    (invitation,) = invite(anne.response.round, "open", ["bo@example.org"], at=factories.NOON)
    factories.answer(anne.response, factories.level(5))
    bo = Person(anne.client, *join(invitation, Newcomer("sales"), at=factories.NOON))
    factories.answer(bo.response, level_3("strategy"))
    assert line(bo.get("charter")).startswith("Strategy: level 3 by your answers alone. Four parts to go")


def test_the_line_is_in_french_with_its_spaces(anne):
    factories.answer(anne.response, level_3("strategy"))
    anne.client = Client(headers={"accept-language": "fr"})
    text = anne.get("charter").content.decode()
    assert "Stratégie\u00a0: niveau\u00a03." in text
    assert "Encore quatre parties, environ 18 minutes." in text


# Coming from the review ----------------------------------------------------------------------------------------------
def test_whoever_came_to_change_an_answer_is_led_back_to_it(anne):
    review = reverse("review", args=[anne.key])
    address = f"{anne.address('charter')}?change=charter-sharing"
    factories.answer(anne.response, level_3("strategy"))
    page = anne.client.get(address)
    assert page.content.decode().count("Save and go back to your answers") == 2  # at the question, and at the end
    assert line(page) is None
    assert anne.client.post(address, {"charter-sharing": "level-2"})["Location"] == f"{review}#answer-charter-sharing"
    assert anne.client.post(address, {"kept": "yes"})["Location"] == f"{review}#taken-charter"
    wrong = anne.client.post(address, {"charter-sharing": "level-9"})
    assert "Save and go back to your answers" in wrong.content.decode()


@pytest.mark.parametrize("name", ["strategy-document", "nothing", "", "\0", "//example.org"])
def test_a_question_that_the_page_does_not_ask_leads_nowhere_else(anne, name):
    reply = anne.client.post(f"{anne.address('charter')}?{urlencode({'change': name})}", {})
    assert reply["Location"] == anne.address("training")


# The whole page, by the button ---------------------------------------------------------------------------------------
def test_the_whole_page_is_saved_by_its_button(anne):
    choices = {row.content.key: f"level-{1 + number % 5}" for number, row in enumerate(anne.get().context["rows"])}
    page = anne.post(fields_of(anne.get(), **choices))
    assert page.status_code == 302
    assert anne.states() == {key: ("answered", choice) for key, choice in choices.items()}


def test_an_untouched_page_that_is_sent_changes_nothing(anne):
    anne.save(choice="level-2", note="because")
    anne.save("strategy-time", choice="unknown")
    before = [(answer.saved, answer.saved_at) for answer in anne.response.answers.all()]
    anne.post(fields_of(anne.get()))
    answers = anne.response.answers.exclude(state="empty")
    assert [(answer.saved, answer.saved_at) for answer in answers] == before


def test_the_same_page_sent_twice_is_once(anne):
    fields = fields_of(anne.get(), **{QUESTION: "level-2", f"{QUESTION}.note": "because"})
    assert [anne.post(fields).status_code for _ in range(3)] == [302] * 3
    assert anne.answer().revision == 1
    assert anne.response.answers.filter(question__key=QUESTION).count() == 1


def test_a_page_on_which_an_answer_is_gone_empties_it(anne):
    anne.save(choice="level-2", note="because")
    fields = fields_of(anne.get())
    del fields[QUESTION]
    anne.post(fields)
    assert anne.answer().saved.content == ("empty", [], "because", "")


def test_a_page_without_counts_changes_only_what_it_names(anne):
    """What a script sends: a field's name is the question's key, its value the choice's key."""
    anne.save("strategy-time", choice="level-5", note="kept")
    assert anne.post({QUESTION: "level-3"}).status_code == 302
    assert anne.post({"strategy-budget.note": "no choice yet"}).status_code == 302
    assert anne.states() == {
        QUESTION: ("answered", "level-3"),
        "strategy-time": ("answered", "level-5"),
        "strategy-budget": ("empty",),
    }
    assert anne.answer("strategy-time").note == "kept"
    assert anne.answer("strategy-budget").note == "no choice yet"


def test_a_note_alone_leaves_the_choice_and_a_choice_alone_the_note(anne):
    anne.post({QUESTION: "level-3", f"{QUESTION}.evidence": "https://example.org/"})
    anne.post({f"{QUESTION}.note": "later"})
    anne.post({QUESTION: "level-4"})
    assert anne.answer().saved.content == ("answered", ["level-4"], "later", "https://example.org/")


def test_a_script_may_overwrite_without_keeping_count(anne):
    for choice in ("level-1", "level-2", "level-1"):
        anne.post({QUESTION: choice})
    assert (anne.answer().choices, anne.answer().revision) == (["level-1"], 3)


def test_questions_of_another_dimension_are_not_touched(anne):
    anne.post({"charter-document": "level-3", QUESTION: "level-3"})
    assert anne.states().keys() == {QUESTION}


@pytest.mark.parametrize("value", ["unknown", "not-applicable"])
def test_don_t_know_and_not_applicable_are_kept_as_such(anne, value):
    anne.post({"charter-sharing": value}, "charter")
    assert anne.states() == {"charter-sharing": (value,)}


# One answer, as it is given ------------------------------------------------------------------------------------------
def test_a_save_changes_only_the_question_it_names(anne):
    body = {"save": QUESTION, QUESTION: "level-2", "strategy-time": "level-5", "strategy-budget.note": "x"}
    anne.client.post(anne.address(), body, headers=JSON)
    assert anne.states() == {QUESTION: ("answered", "level-2")}


def test_a_save_is_answered_with_what_is_now_stored(anne):
    reply = anne.save(choice="level-2", note="because", revision=0)
    assert reply.status_code == 200
    data = reply.json()
    assert data["saved"] is True
    assert re.fullmatch(r"Saved \d\d:\d\d \(Paris time\)", data["message"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["saved_at"])
    assert data["questions"] == {QUESTION: {"revision": 1, "chosen": ["level-2"], "note": "because", "evidence": ""}}
    assert (data["lost"], data["errors"], data["excluded"]) == ({}, {}, False)
    assert data["progress"]["strategy"] == {"answered": 1, "total": 8, "percent": 12, "done": False, "count": "1/8"}
    assert data["progress"]["charter"]["answered"] == 0


def test_progress_reaches_a_hundred_with_the_last_question_and_not_before(anne):
    questions = list(anne.response.outline.dimensions["strategy"].questions)
    seen = [anne.save(question.key, choice="unknown").json()["progress"]["strategy"] for question in questions]
    assert [step["percent"] for step in seen] == [12, 25, 37, 50, 62, 75, 87, 100]
    assert [step["done"] for step in seen] == [False] * 7 + [True]


def test_a_save_without_a_script_is_a_plain_form(anne):
    page = anne.post({"save": QUESTION, QUESTION: "level-2"})
    assert page.status_code == 302
    assert anne.states() == {QUESTION: ("answered", "level-2")}


@pytest.mark.parametrize("name", ["charter-document", "nothing", "", "save", "dimension.not-applicable", "\0"])
def test_a_save_of_what_this_page_does_not_ask_is_never_called_saved(anne, name):
    reply = anne.client.post(anne.address(), {"save": name, QUESTION: "level-2", name or "x": "level-2"}, headers=JSON)
    assert not Answer.objects.exists()
    assert reply.status_code == 422
    assert reply.json()["saved"] is False
    assert reply.json()["message"] == ""


def test_the_same_save_twice_is_once(anne):
    first = anne.save(choice="level-2", revision=0).json()
    again = anne.save(choice="level-2", revision=0)
    assert again.status_code == 200
    assert again.json()["questions"] == first["questions"]
    assert anne.answer().revision == 1


def test_a_late_retry_does_not_overwrite_a_newer_choice_but_is_shown(anne):
    anne.save(choice="level-2", revision=0)
    anne.save(choice="level-4", revision=1)
    late = anne.save(choice="level-2", revision=0)
    assert late.status_code == 409
    data = late.json()
    assert data["saved"] is False
    assert data["questions"][QUESTION]["chosen"] == ["level-4"]
    assert data["questions"][QUESTION]["revision"] == 2
    level_2 = anne.response.outline.questions[QUESTION].choices[1].text
    assert str(level_2) in data["lost"][QUESTION]
    assert anne.answer().choices == ["level-4"]


def test_a_save_based_on_more_than_is_stored_is_not_made_either(anne):
    reply = anne.save(choice="level-3", revision=5)
    assert reply.status_code == 409
    assert reply.json()["questions"][QUESTION] == {"revision": 0, "chosen": [], "note": "", "evidence": ""}
    assert not Answer.objects.exists()


@pytest.mark.parametrize("revision", ["", "x", "-1", "1.0", "٣", "9" * 30, "0x1", " 0", "\0"])
def test_a_count_that_is_none_is_like_none(anne, revision):
    assert anne.save(choice="level-3", revision=revision).status_code == 200
    assert anne.answer().choices == ["level-3"]


def test_of_two_tabs_the_first_to_save_stands_and_the_other_is_told(anne):
    one, two = fields_of(anne.get()), fields_of(anne.get())
    anne.post(one | {QUESTION: "level-2", "strategy-time": "level-1"})
    page = anne.post(two | {QUESTION: "level-5", f"{QUESTION}.note": "my long note", "strategy-budget": "level-3"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Changed meanwhile in another window" in text
    assert "my long note" in text  # what was typed can be copied
    assert str(anne.response.outline.questions[QUESTION].choices[4].text) in text
    assert anne.states()[QUESTION] == ("answered", "level-2")
    # What nobody else touched is saved; the other tab's own answer is not emptied by a page that did not know it.
    assert anne.states()["strategy-budget"] == ("answered", "level-3")
    assert anne.states()["strategy-time"] == ("answered", "level-1")


def test_after_a_conflict_the_page_can_be_sent_again(anne):
    old = fields_of(anne.get())
    anne.post(old | {QUESTION: "level-2"})
    shown = anne.post(old | {QUESTION: "level-5"})
    assert anne.post(fields_of(shown, **{QUESTION: "level-5"})).status_code == 302
    assert anne.states()[QUESTION] == ("answered", "level-5")


# Replacing what was changed meanwhile ---------------------------------------------------------------------------------
def replace_values(page):
    """The values of the buttons that replace, by question."""
    found = re.findall(r'name="replace" value="([^"]+)"', page.content.decode())
    values = [unescape(value) for value in found]
    return {next(iter(QueryDict(value))).removesuffix(".revision"): value for value in values}


def conflict(anne, stands, late):
    """The page of a window that is behind: `stands` was saved in another one, `late` is sent by this one."""
    old = fields_of(anne.get())
    anne.post(stands)
    page = anne.post(old | late)
    assert page.status_code == 409
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_conflict_says_what_stands_and_what_came_too_late(anne, language):
    anne.client = Client(headers={"accept-language": language})
    page = conflict(anne, {QUESTION: "level-1"}, {QUESTION: "level-4"})
    choices = anne.response.outline.questions[QUESTION].choices
    one, four = (getattr(choices[place].text, language) for place in (0, 3))
    message = page.context["rows"][0].conflict.message
    assert message.index(f"({one})") < message.index(four)
    assert page.content.decode().count(escape(message)) == 2  # in the summary and at its question
    if language == "en":
        assert message == f"Changed meanwhile in another window ({one}). Replace by “{four}”?"


@pytest.mark.parametrize(
    ("stands", "late", "message", "after"),
    [
        ({"": "level-1"}, {".note": "mine"}, "({1}). Replace by “note: mine”?", ("answered", ["level-1"], "mine", "")),
        (
            {"": "level-1", ".note": "theirs"},
            {"": "level-2", ".note": "mine", ".evidence": "https://a.example/"},
            "({1} · note: theirs). Replace by “{2} · note: mine · link: https://a.example/”?",
            ("answered", ["level-2"], "mine", "https://a.example/"),
        ),
        (
            {"": "level-1", ".note": "theirs"},
            {"": "unknown"},
            "({1} · note: theirs). Replace by “I don’t know”?",
            ("unknown", [], "theirs", ""),
        ),
        ({"": "unknown"}, {"": "level-2"}, "(I don’t know). Replace by “{2}”?", ("answered", ["level-2"], "", "")),
    ],
)
def test_replacing_makes_just_what_the_message_says(anne, stands, late, message, after):
    page = conflict(
        anne,
        {QUESTION + part: value for part, value in stands.items()},
        {QUESTION + part: value for part, value in late.items()},
    )
    texts = [str(choice.text) for choice in anne.response.outline.questions[QUESTION].choices]
    expected = f"Changed meanwhile in another window {message.format('', *texts)}"
    assert page.context["rows"][0].conflict.message == expected
    fields = fields_of(page) | {"replace": replace_values(page)[QUESTION], "strategy-time": "level-5"}
    again = anne.post(fields)
    assert again.status_code == 200  # the page is shown again, as after clearing
    assert anne.answer().saved.content == after
    assert anne.states()["strategy-time"] == ("answered", "level-5")  # the rest of the page is stated as usual
    assert again.context["rows"][0].conflict is None
    assert anne.post(fields).status_code == 200  # pressed twice
    assert anne.answer().revision == 2


def test_an_answer_emptied_too_late_can_be_emptied_all_the_same(anne):
    anne.save(choice="level-1", note="why")
    old = fields_of(anne.get(), **{f"{QUESTION}.note": ""})
    del old[QUESTION]
    anne.save(choice="level-2", note="why", revision=1)
    page = anne.post(old)
    message = page.context["rows"][0].conflict.message
    assert " · note: why). Replace by “no answer · no note”?" in message
    anne.post(fields_of(page) | {"replace": replace_values(page)[QUESTION]})
    assert anne.answer().saved.content == ("empty", [], "", "")


def test_replacing_after_a_third_window_changed_it_again_shows_the_conflict_again(anne):
    page = conflict(anne, {QUESTION: "level-1"}, {QUESTION: "level-4"})
    anne.post({QUESTION: "level-2"})
    again = anne.post(fields_of(page) | {"replace": replace_values(page)[QUESTION]})
    assert again.status_code == 409
    assert anne.answer().choices == ["level-2"]
    assert anne.post(fields_of(again) | {"replace": replace_values(again)[QUESTION]}).status_code == 200
    assert anne.answer().choices == ["level-4"]


def test_two_conflicts_are_replaced_level_3(anne):
    late = {QUESTION: "level-4", "strategy-time": "level-4"}
    page = conflict(anne, {QUESTION: "level-1", "strategy-time": "level-1"}, late)
    assert replace_values(page).keys() == late.keys()
    anne.post(fields_of(page) | {"replace": replace_values(page)["strategy-time"]})
    assert anne.states() == {QUESTION: ("answered", "level-1"), "strategy-time": ("answered", "level-4")}


def test_several_choices_are_replaced_together(anne):
    anne.save("context-aims", "context", choice=["awareness"], revision=0)
    late = anne.save("context-aims", "context", choice=["recruiting", "awareness"], revision=0).json()
    body = {"save": "context-aims"} | dict(QueryDict(late["replace"]["context-aims"]).lists())
    assert anne.client.post(anne.address("context"), body, headers=JSON).status_code == 200
    assert anne.answer("context-aims").choices == ["awareness", "recruiting"]


def test_what_is_typed_into_a_conflict_is_shown_as_text(anne):
    note = '<script>alert(1)</script> & "quoted" + 100 % é=1&charter-document=level-1'
    page = conflict(anne, {QUESTION: "level-1"}, {QUESTION: "level-4", f"{QUESTION}.note": note})
    assert "<script>alert" not in page.content.decode()
    anne.post(fields_of(page) | {"replace": replace_values(page)[QUESTION]})
    assert anne.answer().saved.content == ("answered", ["level-4"], note, "")
    assert anne.states().keys() == {QUESTION}


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("", 200),
        ("x", 200),
        ("%", 200),
        ("%00=%ff&;&&=", 200),
        ("charter-document=level-5", 200),
        (f"save={QUESTION}&clear={QUESTION}&replace={QUESTION}%3Dlevel-5&sent=x", 200),
        (f"{STATEMENT}=yes", 200),
        (f"{QUESTION}=level-9", 422),
        (f"{QUESTION}=level-1&{QUESTION}=level-2", 422),
        (f"{QUESTION}=level-3&{QUESTION}.revision=0", 409),
        (f"{QUESTION}.evidence=javascript:alert(1)", 422),
        (f"{QUESTION}.note={'x' * 2001}", 422),
        (f"{QUESTION}.note=%00", 422),
        ("a=1&" * 2000, 400),
    ],
)
def test_a_value_to_replace_by_is_checked_like_any_other_and_changes_one_question_at_most(anne, value, status):
    anne.save(choice="level-2")
    reply = anne.post({"replace": value, "strategy-time": "level-4"})
    assert reply.status_code == status
    rest = {} if status == 400 else {"strategy-time": ("answered", "level-4")}
    assert anne.states() == {QUESTION: ("answered", "level-2")} | rest


def test_of_a_value_to_replace_by_only_the_fields_of_one_question_count(anne):
    anne.post({"replace": f"{QUESTION}=level-3&strategy-time=level-4&charter-document=level-5"})
    assert anne.states() == {QUESTION: ("answered", "level-3")}


# A plain form after saves whose fate the page does not know -----------------------------------------------------------
def test_what_stands_because_the_page_itself_asked_for_it_is_no_conflict(anne):
    old = fields_of(anne.get())
    save = f"{QUESTION}.revision=0&{QUESTION}=level-2&{QUESTION}.note=&{QUESTION}.evidence="
    anne.save(choice="level-2", note="", revision=0)  # its answer did not come back
    assert anne.post(old | {QUESTION: "level-5", "sent": ["strategy-time=level-1", save]}).status_code == 302
    assert anne.states() == {QUESTION: ("answered", "level-5")}
    anne.save(choice="level-1", revision=2)  # another window
    assert anne.post(old | {QUESTION: "level-4", "sent": save}).status_code == 409
    assert anne.answer().choices == ["level-1"]


@pytest.mark.parametrize(
    "value", ["", "x", "%", "\0", f"{QUESTION}=level-9", "sent=sent%3Dx", "charter-document=level-1"]
)
def test_an_earlier_save_that_is_none_changes_nothing(anne, value):
    anne.save(choice="level-1")
    assert anne.post({f"{QUESTION}.revision": 0, QUESTION: "level-5", "sent": value}).status_code == 409
    assert anne.states() == {QUESTION: ("answered", "level-1")}


def test_whoever_keeps_what_a_form_says_is_told_that_it_was_taken(anne):
    assert anne.post({"kept": "yes"})["Location"] == anne.address("charter") + "#taken-strategy"
    assert anne.post({"kept": "yes"}, "context")["Location"] == reverse("review", args=[anne.key]) + "#taken-context"
    assert " data-received>" not in anne.get().content.decode()
    refused = anne.post({"kept": "yes", f"{QUESTION}.evidence": "nowhere"})
    assert refused.status_code == 422
    assert " data-received>" in refused.content.decode()


def test_a_cleared_answer_is_no_answer(anne):
    anne.save(choice="level-2", note="because")
    page = anne.post(fields_of(anne.get()) | {"clear": QUESTION})
    assert page.status_code == 200  # the page is shown again, where the button was pressed
    assert anne.answer().saved.content == ("empty", [], "because", "")
    assert not re.search(r"<input[^>]* checked", page.content.decode())


def test_clearing_one_answer_saves_what_else_was_chosen_on_the_page(anne):
    anne.save(choice="level-2")
    anne.post(fields_of(anne.get(), **{"strategy-time": "level-3"}) | {"clear": QUESTION})
    assert anne.states()[QUESTION] == ("empty",)
    assert anne.states()["strategy-time"] == ("answered", "level-3")


def test_a_cleared_answer_does_not_count(anne):
    anne.save(choice="level-2")
    reply = anne.save(revision=1)
    assert reply.json()["questions"][QUESTION] == {"revision": 2, "chosen": [], "note": "", "evidence": ""}
    assert reply.json()["progress"]["strategy"]["answered"] == 0


@pytest.mark.parametrize("name", ["nothing", "charter-document", "", "\0"])
def test_clearing_what_is_not_on_the_page_changes_nothing(anne, name):
    anne.save(choice="level-2")
    assert anne.post({"clear": name}).status_code == 200
    assert anne.states() == {QUESTION: ("answered", "level-2")}


# What is wrong -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "value", ["level-6", "LEVEL-1", "not-applicable", "empty", "answered", "\0", "x" * 5000, "<script>"]
)
def test_a_choice_that_does_not_exist_is_refused_and_the_answer_stands(anne, value):
    anne.save(choice="level-2")
    reply = anne.save(choice=value)
    assert reply.status_code == 422
    assert reply.json()["saved"] is False
    assert list(reply.json()["errors"]) == [QUESTION]
    assert anne.states() == {QUESTION: ("answered", "level-2")}
    page = anne.post(fields_of(anne.get(), **{QUESTION: value}))
    assert page.status_code == 422
    assert "<script>" not in page.content.decode()
    assert f'href="#{QUESTION}"' in page.content.decode()


def test_two_choices_where_one_is_asked_are_refused(anne):
    reply = anne.save(choice=["level-1", "level-2"])
    assert "one answer only" in reply.json()["errors"][QUESTION]
    assert anne.states() == {}


@pytest.mark.parametrize("value", ["level-3", "unknown", "not-applicable"])
def test_a_choice_sent_twice_is_one_choice(anne, value):
    assert anne.save("charter-sharing", "charter", choice=[value, value]).status_code == 200


def test_in_a_multiple_question_several_choices_are_kept_in_their_order(anne):
    reply = anne.save("context-aims", "context", choice=["recruiting", "awareness", "awareness"])
    assert reply.status_code == 200
    assert anne.answer("context-aims").choices == ["awareness", "recruiting"]


@pytest.mark.parametrize("other", ["none", "unknown"])
def test_what_stands_for_nothing_else_is_not_combined(anne, other):
    anne.save("context-aims", "context", choice=["awareness"])
    reply = anne.save("context-aims", "context", choice=["awareness", other])
    assert reply.status_code == 422
    assert "cannot be combined" in reply.json()["errors"]["context-aims"]
    assert anne.answer("context-aims").choices == ["awareness"]


def test_the_exclusive_choice_alone_is_an_answer(anne):
    assert anne.save("context-aims", "context", choice=["none"]).status_code == 200
    assert anne.states() == {"context-aims": ("answered", "none")}


BAD_LINKS = (
    "javascript:alert(1)",
    "example.org",
    "ftp://example.org/a",
    "data:text/html,x",
    "https://",
    "http://a b",
    "https://[::1",
    "x" * 2001,
    "https://a\0.org",
    "https://exa\nmple.org",
)


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_link_that_is_none_is_refused_beside_its_field_and_the_rest_is_saved(anne, link):
    fields = {QUESTION: "level-3", f"{QUESTION}.note": "my note", f"{QUESTION}.evidence": link}
    page = anne.post(fields_of(anne.get(), **fields, **{"strategy-time": "level-1"}))
    assert page.status_code == 422
    assert anne.answer().saved.content == ("answered", ["level-3"], "my note", "")
    assert anne.states()["strategy-time"] == ("answered", "level-1")
    row = page.context["rows"][0]
    assert row.errors.evidence
    assert (row.errors.choice, row.errors.note) == ("", "")
    assert row.evidence == link  # what was typed is still there
    assert (row.chosen, row.note) == (("level-3",), "my note")
    assert f'id="{QUESTION}.evidence.error"' in page.content.decode()


@pytest.mark.parametrize(
    ("link", "stored"),
    [
        ("https://example.org", "https://example.org"),
        ("http://intranet/charter", "http://intranet/charter"),
        ("https://example.org/é?a=b#c", "https://example.org/é?a=b#c"),
        ("  <https://s.example/Documents partages/a.docx>  ", "https://s.example/Documents%20partages/a.docx"),
        ("https://my_server:8080/" + "x" * 1977, "https://my_server:8080/" + "x" * 1977),
    ],
)
def test_a_link_is_kept_as_a_browser_sends_it(anne, link, stored):
    assert anne.save(choice="level-3", evidence=link).status_code == 200
    assert anne.answer().evidence == stored
    assert anne.save(choice="level-3", evidence=stored).status_code == 200
    assert anne.answer().revision == 1  # the same once more is no change


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("intranet/x", "Please give a whole address that begins with https:// or http://."),
        ("\\\\server\\x", "This is a place on a computer or a file server"),
        ("https://me:secret@s.example/", "leave the name or password before the @ out"),
        ("https://a b/", "There is no valid server name"),
        ("https://s.example:99999/", "from 1 to 65535"),
        ("https://s.example/" + "x" * 2000, "2,018 characters, 2,000 at most"),
    ],
)
def test_the_message_says_what_is_wrong_with_a_link(anne, link, message):
    page = anne.save(choice="level-3", evidence=link)
    assert page.status_code == 422
    assert message in page.json()["errors"][f"{QUESTION}.evidence"]


@pytest.mark.parametrize("note", ["x" * 2001, "a\0b"])
def test_a_note_that_cannot_be_stored_is_refused_and_the_rest_is_saved(anne, note):
    anne.save(note="the note before", choice="level-1")
    page = anne.post(fields_of(anne.get(), **{QUESTION: "level-3", f"{QUESTION}.note": note}))
    assert page.status_code == 422
    assert anne.answer().saved.content == ("answered", ["level-3"], "the note before", "")
    assert page.context["rows"][0].note == note
    assert page.context["rows"][0].chosen == ("level-3",)
    assert anne.post(fields_of(page, **{f"{QUESTION}.note": "shorter"})).status_code == 302
    assert anne.answer().note == "shorter"


def test_a_note_of_the_greatest_length_is_kept_however_lines_end(anne):
    note = "é\n" * 999 + "xx"
    assert len(note) == 2000
    assert anne.save(note=note.replace("\n", "\r\n")).status_code == 200
    assert anne.answer().note == note


def test_a_choice_and_its_note_both_wrong_are_both_told(anne):
    reply = anne.save(choice="level-9", note="x" * 2001, evidence="nowhere")
    assert reply.json()["errors"].keys() == {QUESTION, f"{QUESTION}.note", f"{QUESTION}.evidence"}
    assert not Answer.objects.exclude(state="empty").exists()


def test_an_error_in_a_note_alone_does_not_hide_the_stored_choice(anne):
    anne.save(choice="level-2")
    page = anne.post({f"{QUESTION}.note": "x" * 2001})
    assert page.context["rows"][0].chosen == ("level-2",)


@pytest.mark.parametrize("size", [200, 900])
def test_fields_of_junk_change_nothing(anne, size):
    junk = {f"field-{number}": "x" * 50 for number in range(size)}
    assert anne.post(junk).status_code == 302
    assert not Answer.objects.exists()
    assert anne.post({**junk, QUESTION: "level-3"}).status_code == 302
    assert anne.states() == {QUESTION: ("answered", "level-3")}


def test_the_longest_notes_a_page_allows_fit(anne):
    questions = anne.response.outline.dimensions["strategy"].questions
    fields = {f"{question.key}.note": "é" * 2000 for question in questions}
    body = "&".join(f"{name}={'%C3%A9' * 2000}" for name in fields)
    page = anne.client.post(anne.address(), body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 302
    assert anne.response.answers.filter(note="é" * 2000).count() == 8


# What the same page sent before ---------------------------------------------------------------------------------------
def test_an_empty_save_of_the_same_page_is_no_conflict(anne):
    sent = f"{QUESTION}.revision=0&{QUESTION}.note="
    assert anne.post({f"{QUESTION}.revision": 0, QUESTION: "level-1", "sent": sent}).status_code == 302
    assert anne.answer().choices == ["level-1"]


def test_a_save_that_was_taken_but_for_its_link_is_no_conflict(anne):
    save = {"save": QUESTION, f"{QUESTION}.revision": 0, QUESTION: "level-2", f"{QUESTION}.evidence": "foo"}
    assert anne.post(save).status_code == 422  # and the answer to it is lost on the way
    mended = {f"{QUESTION}.revision": 0, QUESTION: "level-2", f"{QUESTION}.evidence": "https://s.example/"}
    sent = f"{QUESTION}.revision=0&{QUESTION}=level-2&{QUESTION}.evidence=foo"
    assert anne.post(mended | {"sent": sent}).status_code == 302
    assert anne.answer().evidence == "https://s.example/"


def test_a_statement_of_the_same_page_is_no_conflict(anne):
    first = {"save": STATEMENT, f"{STATEMENT}.revision": 0, STATEMENT: ["no", "yes"]}
    anne.post(first, "social-selling")
    sent = f"{STATEMENT}.revision=0&{STATEMENT}=yes"
    back = {f"{STATEMENT}.revision": 0, STATEMENT: "no"}
    assert anne.post(back, "social-selling").status_code == 409
    assert anne.post(back | {"sent": sent}, "social-selling").status_code == 302


def test_a_wrong_link_beside_a_conflict_does_not_take_the_others_words_away(anne):
    anne.save(note="theirs")
    late = {f"{QUESTION}.revision": 0, f"{QUESTION}.note": "", f"{QUESTION}.evidence": "bad"}
    page = anne.post(late)
    assert page.status_code == 422
    mended = fields_of(page, **{f"{QUESTION}.evidence": "https://s.example/"})
    assert anne.post(mended).status_code == 409
    assert anne.answer().note == "theirs"


def test_replacing_one_answer_keeps_what_came_too_late_for_another(anne):
    for name in (QUESTION, "strategy-time"):
        anne.post({"save": name, f"{name}.revision": 0, f"{name}.note": "theirs"})
    stale = {
        f"{name}.{part}": value
        for name in (QUESTION, "strategy-time")
        for part, value in (("revision", 0), ("note", f"late {name}"))
    }
    page = anne.post(stale)
    values = replace_values(page)
    assert len(values) == 2
    again = anne.post(fields_of(page) | {"replace": values[QUESTION], "late": list(values.values())})
    assert anne.answer().note == f"late {QUESTION}"
    assert list(replace_values(again)) == ["strategy-time"]
    assert "late strategy-time" in again.content.decode()


def test_a_refused_text_stays_refused_however_long_the_brackets(anne):
    page = anne.post({f"{QUESTION}.evidence": "(" * 3000 + ")" * 3000, "strategy-time": "level-1"})
    assert page.status_code == 422
    assert anne.states()["strategy-time"] == ("answered", "level-1")


# The dimension's own statement ---------------------------------------------------------------------------------------


def excluded(person):
    return Round.objects.get(pk=person.response.round_id).excluded


def test_who_opened_the_round_is_asked_whether_a_dimension_applies(anne):
    assert f'name="{STATEMENT}" value="yes"' in anne.get("social-selling").content.decode()
    assert STATEMENT not in anne.get("strategy").content.decode()


def test_a_colleague_is_not_asked_and_cannot_say(anne):
    Response.objects.update(opens_round=False)
    assert STATEMENT + '" value="yes"' not in anne.get("social-selling").content.decode()
    anne.post({STATEMENT: ["no", "yes"]}, "social-selling")
    assert excluded(anne) == []


def test_the_statement_holds_for_the_round_and_keeps_the_answers(anne):
    anne.post({"selling-profiles": "level-4"}, "social-selling")
    anne.post({STATEMENT: ["no", "yes"]}, "social-selling")
    assert excluded(anne) == ["social-selling"]
    assert anne.states() == {"selling-profiles": ("answered", "level-4")}
    assert re.search(rf'name="{STATEMENT}" value="yes" checked', anne.get("social-selling").content.decode())
    anne.post({STATEMENT: "no"}, "social-selling")
    assert excluded(anne) == []
    assert anne.states() == {"selling-profiles": ("answered", "level-4")}


def test_a_page_opened_before_the_statement_does_not_take_it_back_but_is_told(anne):
    page = anne.get("social-selling")
    stale = fields_of(page) | {f"{STATEMENT}.revision": 0, STATEMENT: "no"}
    anne.post({f"{STATEMENT}.revision": 0, STATEMENT: ["no", "yes"]}, "social-selling")
    late = anne.post(stale, "social-selling")
    assert late.status_code == 409
    message = "Changed meanwhile in another window (it does not apply). Replace by “it applies”?"
    assert message in late.content.decode()
    assert excluded(anne) == ["social-selling"]
    again = anne.post(fields_of(late) | {"replace": replace_values(late)[STATEMENT]}, "social-selling")
    assert again.status_code == 200
    assert excluded(anne) == []
    assert f'{STATEMENT}.revision" value="2"' in again.content.decode()


def test_a_late_retry_of_an_older_statement_changes_nothing_and_is_told(anne):
    def send(revision, *values):
        body = {"save": STATEMENT, STATEMENT: ["no", *values], f"{STATEMENT}.revision": revision}
        return anne.client.post(anne.address("social-selling"), body, headers=JSON)

    assert send(0, "yes").json()["questions"][STATEMENT] == {"revision": 1, "chosen": ["yes"]}
    assert send(1).json()["questions"][STATEMENT] == {"revision": 2, "chosen": []}
    late = send(0, "yes")
    assert (late.status_code, late.json()["saved"]) == (409, False)
    message = "Changed meanwhile in another window (it applies). Replace by “it does not apply”?"
    assert late.json()["lost"] == {STATEMENT: message}
    assert excluded(anne) == []
    replaced = {"save": STATEMENT} | QueryDict(late.json()["replace"][STATEMENT]).dict()
    assert anne.client.post(anne.address("social-selling"), replaced, headers=JSON).status_code == 200
    assert excluded(anne) == ["social-selling"]
    assert anne.client.post(anne.address("social-selling"), replaced, headers=JSON).status_code == 200  # twice is once


def test_a_statement_that_a_joint_report_rests_on_is_not_offered_to_be_replaced(anne):
    Round.objects.update(publications=1)
    reply = anne.client.post(anne.address("social-selling"), {"save": STATEMENT, STATEMENT: "yes"}, headers=JSON)
    assert reply.status_code == 409
    assert "joint report" in reply.json()["lost"][STATEMENT]
    assert reply.json()["replace"] == {STATEMENT: ""}
    assert excluded(anne) == []


@pytest.mark.parametrize("asked", [True, False])
def test_a_replaced_statement_is_read_only_where_it_is_asked(anne, asked):
    Response.objects.update(opens_round=asked)
    late = f"{STATEMENT}=no&{STATEMENT}=yes&{STATEMENT}.revision=0"
    assert anne.post({"replace": late, STATEMENT: "no"}, "social-selling").status_code == 200
    assert excluded(anne) == ["social-selling"] * asked


def test_the_statement_is_saved_alone_when_it_is_given(anne):
    body = {"save": STATEMENT, STATEMENT: ["no", "yes"], "selling-profiles": "level-4"}
    reply = anne.client.post(anne.address("social-selling"), body, headers=JSON)
    assert reply.status_code == 200
    assert reply.json()["excluded"] is True
    assert reply.json()["progress"]["social-selling"]["done"] is True
    assert anne.states() == {}
    assert excluded(anne) == ["social-selling"]


def test_a_save_of_a_question_leaves_the_statement_alone(anne):
    anne.post({STATEMENT: ["no", "yes"]}, "social-selling")
    anne.save("selling-profiles", "social-selling", choice="level-2")
    anne.client.post(anne.address("social-selling"), {"save": "selling-profiles", STATEMENT: "no"}, headers=JSON)
    assert excluded(anne) == ["social-selling"]


def test_a_dimension_without_the_statement_cannot_be_left_out(anne):
    anne.post({STATEMENT: ["no", "yes"], QUESTION: "level-1"}, "strategy")
    assert excluded(anne) == []


def test_the_statement_twice_is_once(anne):
    for _ in range(2):
        anne.post({STATEMENT: ["no", "yes"]}, "social-selling")
    assert excluded(anne) == ["social-selling"]


# After submission ----------------------------------------------------------------------------------------------------
def test_what_an_old_tab_sends_after_submission_changes_nothing_and_says_so(anne):
    anne.save(choice="level-2")
    old = fields_of(anne.get())
    anne.client.post(reverse("review", args=[anne.key]))
    page = anne.post(old | {QUESTION: "level-5"})
    assert page.status_code == 409
    assert "was submitted, so this answer was not changed" in page.content.decode()
    assert anne.states() == {QUESTION: ("answered", "level-2")}


def test_a_script_is_told_so_too(anne):
    anne.client.post(reverse("review", args=[anne.key]))
    reply = anne.save(choice="level-5")
    assert reply.status_code == 409
    assert reply.json()["submitted"] is True
    assert reply.json()["address"] == reverse("respond", args=[anne.key])
    assert "was not changed" in reply.json()["message"]
    assert not Answer.objects.exists()


def test_the_statement_after_submission_changes_nothing(anne):
    anne.client.post(reverse("review", args=[anne.key]))
    anne.post({STATEMENT: ["no", "yes"]}, "social-selling")
    assert excluded(anne) == []


def test_one_s_key_changes_nobody_else_s_answers(anne):
    other, other_key = factories.started()
    anne.save(choice="level-2")
    Person(anne.client, other, other_key).save(choice="level-4")
    assert anne.states() == {QUESTION: ("answered", "level-2")}


# Queries and concurrency ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("answered", [0, 36])
def test_reading_takes_four_queries_however_much_is_answered(anne, answered):
    if answered:
        factories.answer(anne.response, lambda question: question.choices[0].key)
    anne.get()  # the questionnaire is read once for all
    with CaptureQueriesContext(connection) as queries:
        page = anne.get("charter")
    assert (page.context["finished"] is not None) == bool(answered)
    assert len(queries) <= 4, [query["sql"][:100] for query in queries]


@pytest.mark.parametrize("answered", [False, True])
def test_a_save_takes_five_statements_begin_and_commit_included(lasting, client, answered):
    anne = Person(client, *factories.started())
    if answered:
        factories.answer(anne.response, lambda question: question.choices[0].key)
    anne.save(choice="level-1")
    with CaptureQueriesContext(connection) as queries:
        assert anne.save(choice="level-4", note="why").status_code == 200
    statements = [query["sql"] for query in queries]
    assert len(statements) <= 5, statements
    assert sum("COMMIT" in statement for statement in statements) == 1
    assert anne.answer().choices == ["level-4"]


def at_once(*calls):
    """What each of the calls returns when all are made at the same moment, each with a connection of its own."""
    found, ready = {}, threading.Barrier(len(calls))

    def run(place, call):
        try:
            ready.wait(10)
            found[place] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [found.get(place) for place in range(len(calls))]


def test_saves_of_eight_questions_at_once_are_all_kept(lasting):
    response, key = factories.started()
    questions = [question.key for question in response.outline.dimensions["strategy"].questions]
    people = [Person(Client(), response, key) for _ in questions]
    pairs = zip(people, questions, strict=True)
    calls = [
        lambda p=person, q=question: p.save(q, choice="level-3", revision=0).status_code for person, question in pairs
    ]
    assert at_once(*calls) == [200] * 8
    assert people[0].states() == dict.fromkeys(questions, ("answered", "level-3"))


def test_of_different_saves_of_one_question_at_once_one_stands_and_the_others_are_told(lasting):
    response, key = factories.started()
    calls = [
        lambda level=level: Person(Client(), response, key).save(choice=f"level-{level}", revision=0).status_code
        for level in range(1, 6)
    ]
    assert sorted(at_once(*calls)) == [200, 409, 409, 409, 409]
    assert Answer.objects.get().revision == 1


def test_the_same_save_at_once_is_one_answer(lasting):
    response, key = factories.started()
    call = lambda: Person(Client(), response, key).save(choice="level-3", revision=0).status_code  # noqa: E731
    assert at_once(*[call] * 5) == [200] * 5
    assert Answer.objects.get().revision == 1


def test_a_save_and_a_submission_at_once_never_lose_what_was_called_saved(lasting):
    for _ in range(5):
        response, key = factories.started()
        saved, submitted = at_once(
            lambda r=response, k=key: Person(Client(), r, k).save(choice="level-5").status_code,
            lambda k=key: Client().post(reverse("review", args=[k])).status_code,
        )
        assert submitted == 302
        response.refresh_from_db()
        record = {question.key: question.score for question in response.result.values.questions}
        assert (saved, record[QUESTION]) in [(200, 100), (409, None)]


# What is kept of a page for the next one who asks ------------------------------------------------------------------------
def test_what_somebody_typed_is_on_no_page_of_another_and_what_they_chose_on_theirs_alone(client, questionnaire):
    pages = {}
    for name, note, choice in (("plain", "", "level-2"), ("noted", "Only mine", "level-2"), ("other", "", "level-3")):
        person = Person(client, *factories.started(factories.organisation(name)))
        person.save("strategy-document", choice=choice, note=note)
        pages[name] = [person.client.get(person.address()).content.decode() for _time in range(2)]
    for name, texts in pages.items():
        for text in texts:
            assert ("Only mine" in text) == (name == "noted")
            chosen = re.findall(r'name="strategy-document" value="([^"]+)" checked', text)
            assert chosen == ["level-3" if name == "other" else "level-2"]


def test_a_question_that_was_shown_before_speaks_the_language_of_whoever_asks(client, questionnaire):
    anne = Person(client, *factories.started())
    english, french = (
        client.get(anne.address(), headers={"accept-language": language}).content.decode() for language in ("en", "fr")
    )
    assert "I don’t know" in english
    assert "I don’t know" not in french


def test_each_save_says_how_much_it_knows_so_that_an_older_count_is_not_shown_after_a_newer_one(anne):
    said = [anne.save(choice=choice).json() for choice in ("level-2", "level-3")]
    said.append(anne.save("strategy-objectives", choice="level-2").json())
    versions = [one["version"] for one in said]
    assert versions == sorted(set(versions))

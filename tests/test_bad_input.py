"""Whatever is sent to any form or address, and in whatever form: an answer that says what is wrong, never a server error."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.content.files import organisation_lists
from assessment.models import Answer, Questionnaire, Response
from assessment.rounds.saving import Change, save_answers
from tests import factories
from tests.sampling import examples

many = settings(
    deadline=None,
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
few = settings(many, max_examples=examples(25))

text = st.text(st.characters(codec="utf-8"), max_size=40)
nasty = st.sampled_from(
    ["\0", "", " ", "x" * 3000, "https://", "javascript:1", "-1", "9" * 40, "\u202e", "🦊" * 600, "\r\n", "%s{0}"]
)
known = st.sampled_from(
    [
        "level-1",
        "level-5",
        "unknown",
        "not-applicable",
        "none",
        "traffic",
        "yes",
        "no",
        "empty",
        "https://example.org/",
        "0",
        "1",
    ]
    + [entry.key for entry in organisation_lists().roles]
)
value = st.one_of(known, nasty, text)
questions = [
    "strategy-document",
    "strategy-time",
    "selling-profiles",
    "context-aims",
    "context-team",
    "charter-sharing",
]
others = ["dimension.not-applicable", "save", "clear", "revoke", "next", "language", *factories.START]
others += ["login", "password", "password1", "action", "code"]
field = st.one_of(
    st.sampled_from(questions + others),
    st.sampled_from([f"{name}.{part}" for name in questions for part in ("note", "evidence", "revision")]),
    text.filter(bool),
)
form = st.dictionaries(field, st.one_of(value, st.lists(value, max_size=4)), max_size=25)
places = st.sampled_from(
    ["start/", "language/", "accounts/login/", "accounts/signup/", "accounts/password/reset/"]
    + [f"r/DRAFT/{page}" for page in ("strategy/", "charter/", "social-selling/", "context/", "mail/")]
    + [f"r/DONE/{page}" for page in ("strategy/", "review/", "mail/", "share/")]
)


@pytest.fixture
def keys(questionnaire):
    return {"DRAFT": factories.started()[1], "DONE": factories.submitted()[1]}


def address(place, keys):
    for name, key in keys.items():
        place = place.replace(name, key)
    return f"/{place}"


def check(page):
    assert page.status_code < 500
    if page["Content-Type"] == "application/json":
        json.loads(page.content)
    elif page.content:
        assert "<h1" in page.content.decode()


@many
@given(place=places, fields=form, script=st.booleans())
def test_any_form_is_answered(client, keys, place, fields, script):
    headers = {"accept": "application/json"} if script else {}
    check(client.post(address(place, keys), fields, headers=headers))


@many
@given(
    place=places,
    body=st.one_of(st.binary(max_size=300), text.map(str.encode)),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json",
            "text/plain; charset=klingon",
            "",
        ]
    ),
)
def test_any_body_is_answered(client, keys, place, body, kind):
    check(client.generic("POST", address(place, keys), body, content_type=kind))


@few
@given(fields=form)
def test_after_whatever_was_sent_the_questionnaire_can_be_read_and_submitted(client, questionnaire, fields):
    _response, key = factories.started()
    for dimension in ("strategy", "charter", "social-selling", "context"):
        client.post(f"/r/{key}/{dimension}/", fields)
        assert client.get(f"/r/{key}/{dimension}/").status_code == 200
    assert client.get(f"/r/{key}/").status_code == 200
    assert client.get(f"/r/{key}/review/").status_code == 200
    assert client.post(f"/r/{key}/review/", follow=True).status_code == 200
    assert client.get(f"/r/{key}/report.json").status_code == 200


@few
@given(fields=form)
def test_what_is_stored_is_always_an_answer_the_questionnaire_knows(client, questionnaire, fields):
    response, key = factories.started()
    for dimension in response.outline.dimensions:
        client.post(f"/r/{key}/{dimension}/", fields)
    for answer in response.answers.select_related("question"):
        question = response.outline.questions[answer.question.key]
        assert set(answer.choices) <= {choice.key for choice in question.choices}
        assert bool(answer.choices) == (answer.state == "answered")
        assert answer.state != "not-applicable" or question.allows_not_applicable
        assert question.kind == "multiple" or len(answer.choices) <= 1
        assert len(answer.note) <= 2000
        assert answer.evidence.startswith(("http://", "https://")) or not answer.evidence


@many
@given(part=st.one_of(nasty, text), rest=st.one_of(nasty, text))
def test_any_address_is_answered(client, keys, part, rest):
    for path in (
        f"/{part}/{rest}",
        f"/r/{part}/{rest}/",
        f"/shared/{part}/{rest}",
        f"/organisations/{part}/rounds/{rest}/",
    ):
        assert client.get(quote(path)).status_code < 500


@many
@given(query=st.dictionaries(st.sampled_from(["lang", "scheme", "v", "next", "q", "page"]), value, max_size=4))
def test_any_query_is_answered(client, keys, query):
    for place in ("", "start/", "example/", "r/DRAFT/", "r/DONE/report/", "accounts/login/", "r/DONE/charts/bars.svg"):
        assert client.get(address(place, keys), query).status_code in (200, 404)


# What reading and saving must agree on -------------------------------------------------------------------------------
moves = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 5), st.one_of(st.none(), st.integers(0, 4))), min_size=1, max_size=12
)


@many
@given(moves=moves)
def test_of_any_sequence_of_saves_the_stored_answer_is_the_last_that_was_called_saved(questionnaire, moves):
    response, _key = factories.started()
    names = ("strategy-document", "strategy-time", "charter-access")
    last, revisions = {}, {}
    for place, level, revision in moves:
        name, stored = names[place], response.saved_answers()
        change = Change(name, Answer.State.ANSWERED, (f"level-{level}",), "", "", revision)
        saved = save_answers(response, [change], stored, at=factories.NOON)[name]
        expected = revision in (None, revisions.get(name, 0)) or last.get(name) == level
        assert saved.conflict is not expected
        if expected:
            revisions[name] = revisions.get(name, 0) + (last.get(name) != level)
            last[name] = level
        assert saved.answer.revision == revisions.get(name, 0)
    assert {name: answer.choices for name, answer in response.saved_answers().items()} == {
        name: [f"level-{level}"] for name, level in last.items()
    }
    assert Response.objects.get(pk=response.pk).is_draft
    assert Questionnaire.objects.current() is not None

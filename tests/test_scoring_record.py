"""Results as data: stored without loss, published as agreed, and read back with every fault named."""

import copy
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.scoring import Answer, AnswerState, Criterion, Mode
from assessment.scoring.publishing import questionnaire_data, report_data, result_data
from assessment.scoring.reading import OPTIONAL as LEFT_OUT
from assessment.scoring.reading import read_question_results, read_report
from assessment.scoring.record import dump, load
from assessment.scoring.score import score
from tests.sampling import examples
from tests.scoring_cases import (
    UNKNOWN,
    as_first_published,
    as_published,
    context,
    dimension,
    question,
    questionnaire,
    respond,
    rule,
)
from tests.test_scoring import WORKED, WORKED_ANSWERS

TESTS = Path(__file__).parent
TICKED = Answer(AnswerState.ANSWERED, ("c0", "c1"))
ASKED = questionnaire(
    dimension(
        "one",
        question("a", weight="1.5", findings=["cr-1", "figure"]),
        question("b", needs=["a"], points=[0, "12.5", 100], foundation=True, findings=["cr-1"]),
    ),
    context(1),
    dimension("two", question("c", effort=None)),
    dimension("three", question("d")),
    rules=[rule("odd", ("a", 75, None), ("c", None, 0))],
    criteria=[Criterion("cr-1", 2016, "gap"), Criterion("cr-none", 2017, "outlook")],
)
GIVEN = respond(a=3, b=1, c=0, d=UNKNOWN, context_1=TICKED, owner=True)


def published(mode=Mode.SOLO, asked=ASKED, responses=(GIVEN,)):
    result = score(asked, responses, mode=mode)
    return json.loads(json.dumps(report_data(asked, responses, result, mode=mode)))


def test_a_stored_result_is_plain_data_with_exact_fractions():
    stored = dump(score(WORKED, [WORKED_ANSWERS]))
    assert stored["score"] == "225/4"
    assert stored["range"] == {"low": "225/4", "high": "775/12"}
    assert stored["questions"][0] == {
        "key": "s1",
        "state": "scored",
        "score": "25",
        "views_differ": False,
        "lowest": None,
        "highest": None,
    }
    assert load(json.loads(json.dumps(stored))) == score(WORKED, [WORKED_ANSWERS])


def test_the_report_has_the_agreed_parts():
    report = published()
    assert list(report) == ["scoring_version", "mode", "questionnaire", "responses", "result"]
    assert (report["scoring_version"], report["mode"]) == (2, "solo")
    assert list(report["questionnaire"]) == ["key", "version", "dimensions", "rules"]
    part = report["questionnaire"]["dimensions"][0]
    assert {key: part[key] for key in ("key", "scored", "weight")} == {"key": "one", "scored": True, "weight": 1}
    assert part["questions"][1] == {
        "key": "b",
        "kind": "single",
        "weight": 1,
        "allows_not_applicable": True,
        "needs": ["a"],
        "foundation": True,
        "criteria": ["cr-1"],
        "choices": [
            {"key": "c0", "points": 0},
            {"key": "c1", "points": 12.5},
            {"key": "c2", "points": 100, "effort": "S"},
        ],
    }
    assert list(report["result"]) == [
        *("score", "level", "level_by_score", "held_by", "range", "dimensions", "questions", "plan"),
        *("narrowing", "contradictions", "criteria", "foundations", "after_plan"),
    ]
    assert report["result"]["criteria"] == [
        {"key": "cr-1", "edition": 2016, "kind": "gap", "standing": "partly", "score": 50.0}
    ]


def test_what_version_1_stored_and_published_reads_and_is_written_as_it_was():
    asked, given = as_first_published(ASKED), [GIVEN]
    record, report = (json.loads((TESTS / f"{name}_version_1.json").read_text()) for name in ("record", "report"))
    result = score(asked, given, version=1)
    assert dump(result) == record
    assert load(record) == result
    data = json.loads(json.dumps(report_data(asked, given, result, mode=Mode.SOLO)))
    assert json.dumps(data) == json.dumps(report)  # the order, too: documents keep their bytes


def test_the_worked_example_is_published_in_decimals_of_six_places():
    result = result_data(WORKED, score(WORKED, [WORKED_ANSWERS]))
    assert (result["score"], result["level"], result["level_by_score"]) == (56.25, 2, 3)
    assert result["held_by"] == ["charter"]
    assert result["range"] == {"low": 56.25, "high": 64.583333}
    assert result["dimensions"][1] == {
        "key": "charter",
        "state": "scored",
        "score": 0,
        "level": 1,
        "coverage": 0.666667,
        "range": {"low": 0, "high": 33.333333},
    }
    assert result["questions"][3] == {"key": "c2", "state": "no-score", "score": None, "views_differ": False}
    assert result["plan"][0] == {"question": "c1", "to": "c2", "gain": 6.25, "effort": "S", "score_after": 62.5}


def test_answers_are_published_with_the_role_and_nothing_else_about_the_person():
    (response,) = published()["responses"]
    assert list(response) == ["role", "answers"]
    assert response["answers"]["a"] == {"state": "answered", "choices": ["c3"]}
    assert response["answers"]["d"] == {"state": "unknown", "choices": []}
    assert response["answers"]["context-1"] == {"state": "answered", "choices": ["c0", "c1"]}


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.CONFIDENTIAL])
def test_a_joint_report_holds_no_answers_whatever_is_passed(mode):
    report = published(mode, WORKED, [WORKED_ANSWERS] * 5)
    assert report["responses"] is None
    assert ("lowest" in report["result"]["questions"][0]) == (mode == Mode.OPEN)


def test_question_scores_of_a_joint_report_are_exact_text():
    given = [respond(a=0, b=0, c=0, d=0), respond(a=2, b=1, c=0, d=0), respond(a=2, b=2, c=0, d=0)]
    first = published(Mode.OPEN, responses=given)["result"]["questions"][0]
    assert first == {
        "key": "a",
        "state": "scored",
        "score": "100/3",
        "views_differ": True,
        "lowest": "0",
        "highest": "50",
    }


def test_a_weight_that_no_decimal_fits_is_published_as_text():
    asked = questionnaire(dimension("d", question("q", weight=Fraction(1, 3)), weight="0.1"))
    data = questionnaire_data(asked)
    assert data["dimensions"][0]["weight"] == 0.1
    assert data["dimensions"][0]["questions"][0]["weight"] == "1/3"


def test_a_report_reads_back_as_what_it_was_made_from():
    read = read_report(published())
    assert read.questionnaire == as_published(ASKED)
    assert [(one.role, one.answers, one.owner) for one in read.responses] == [(GIVEN.role, GIVEN.answers, False)]
    assert (read.mode, read.version) == (Mode.SOLO, 2)
    assert read.result == published()["result"]


def test_question_results_read_back_exactly():
    given = [respond(a=0, b=0, c=0, d=0), respond(a=2, b=1, c=0), respond(a=2, b=2, c=0)]
    result = score(ASKED, given, mode=Mode.OPEN)
    assert read_question_results(result_data(ASKED, result)) == result.questions


@pytest.mark.parametrize(("keep", "mode"), [(True, Mode.SOLO), (False, Mode.OPEN)])
def test_what_the_first_form_of_the_report_did_not_have_may_be_left_out(keep, mode):
    report = published()
    del report["mode"], report["questionnaire"]["rules"]
    del report["result"]["narrowing"], report["result"]["contradictions"]
    report["responses"] = report["responses"] if keep else None
    assert read_report(report).mode == mode


BAD = [
    ("scoring_version", 3, "scoring_version: only versions 1 and 2"),
    ("scoring_version", "1", "scoring_version: must be a whole number"),
    ("scoring_version", True, "scoring_version: must be a whole number"),
    ("mode", "secret", "mode: 'secret' is not known"),
    ("mode", "open", "mode: only a solo report"),
    ("mode", None, "mode: must be a text"),
    ("questionnaire", [], "questionnaire: must be an object"),
    ("questionnaire.key", "", "questionnaire.key: must be a text"),
    ("questionnaire.version", 1.5, "questionnaire.version: must be a whole number"),
    ("questionnaire.dimensions", {}, "questionnaire.dimensions: must be a list"),
    ("questionnaire.dimensions.2.key", "one", r"questionnaire.dimensions\[2\]: 'one' is there twice"),
    ("questionnaire.dimensions.2.questions.0.key", "a", "questionnaire.dimensions: two questions"),
    ("questionnaire.dimensions.0.scored", 1, r"dimensions\[0\].scored: must be true or false"),
    ("questionnaire.dimensions.0.weight", 0, r"dimensions\[0\].weight: must be positive"),
    ("questionnaire.dimensions.0.weight", "1/0", r"dimensions\[0\].weight: must not divide by zero"),
    ("questionnaire.dimensions.0.weight", "1e999999999", r"dimensions\[0\].weight: must be a fraction"),
    ("questionnaire.dimensions.0.weight", float("nan"), r"dimensions\[0\].weight: must be a number"),
    ("questionnaire.dimensions.0.weight", float("inf"), r"dimensions\[0\].weight: must be a number"),
    ("questionnaire.dimensions.0.weight", True, r"dimensions\[0\].weight: must be a number"),
    ("questionnaire.dimensions.1.weight", -1, r"dimensions\[1\].weight: must be positive"),
    ("questionnaire.dimensions.0.questions.0.kind", "multiple", r"questions\[0\].kind: a scored question"),
    ("questionnaire.dimensions.0.questions.0.choices.2.effort", "XL", r"choices\[2\].effort: 'XL' is not known"),
    ("questionnaire.dimensions.0.questions.0.foundation", 1, r"questions\[0\].foundation: must be true or false"),
    ("questionnaire.dimensions.0.questions.0.criteria", "cr-1", r"questions\[0\].criteria: must be a list"),
    ("result.criteria.0.standing", "maybe", r"result.criteria\[0\].standing: 'maybe' is not known"),
    ("result.criteria.0.edition", "2016", r"result.criteria\[0\].edition: must be a whole number"),
    ("result.criteria.0.score", 101, r"result.criteria\[0\].score: must lie in 0..100"),
    ("result.foundations", [3], r"result.foundations\[0\]: must be a text"),
    ("questionnaire.dimensions.0.questions.0.needs", ["zz"], r"questions\[0\].needs\[0\]: 'zz' is not known"),
    ("questionnaire.dimensions.0.questions.0.choices.1.points", 101, r"choices\[1\].points: must lie in 0..100"),
    ("questionnaire.dimensions.0.questions.0.choices.1.points", None, r"choices\[1\].points: must be a number"),
    ("questionnaire.dimensions.0.questions.0.choices.1.key", "c0", r"choices\[1\]: 'c0' is there twice"),
    ("questionnaire.rules.0.when.0.question", "zz", r"rules\[0\].when\[0\].question: 'zz' is not known"),
    ("responses", [], "responses: a report holds exactly one"),
    ("responses.0.role", 3, r"responses\[0\].role: must be a text"),
    ("responses.0.answers.zz", {"state": "unknown", "choices": []}, r"responses\[0\].answers.zz: there is no question"),
    ("responses.0.answers.a.state", "maybe", r"answers.a.state: 'maybe' is not known"),
    ("responses.0.answers.a.choices", ["c9"], r"answers.a.choices\[0\]: 'c9' is not known"),
    ("responses.0.answers.a.choices", [], r"answers.a.choices: must hold exactly one"),
    ("responses.0.answers.a.choices", ["c0", "c1"], r"answers.a.choices: must hold exactly one"),
    ("responses.0.answers.d.choices", ["c0"], r"answers.d.choices: must be empty"),
    ("responses.0.answers.context-1.choices", ["c0", "c0"], "'c0' is there twice"),
    ("result.score", 101, "result.score: must lie in 0..100"),
    ("result.level", 6, "result.level: must be a level"),
    ("result.held_by", [None], r"result.held_by\[0\]: must be a text"),
    ("result.range", 3, "result.range: must be an object"),
    ("result.dimensions.0.state", "odd", r"result.dimensions\[0\].state: 'odd' is not known"),
    ("result.questions.0.score", 75, r"result.questions\[0\].score: must be a text"),
    ("result.questions.0.score", "75.5", r"result.questions\[0\].score: must be a fraction"),
    ("result.questions.0.score", "101", r"result.questions\[0\].score: must lie in 0..100"),
    ("result.questions.0.score", None, r"result.questions\[0\]: a question that is 'scored'"),
    ("result.questions.0.key", "zz", "result.questions: 'zz' is no scored question"),
    ("result.questions", [], "result.questions: question 'a' is missing"),
    ("result.plan.0.effort", "XL", r"result.plan\[0\].effort: 'XL' is not known"),
]


def place(report, path):
    """The container and the key of a place such as "result.plan.0.effort"."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        report = report[part]
    return report, last


@pytest.mark.parametrize(("path", "value", "message"), BAD)
def test_a_fault_is_named_with_its_place(path, value, message):
    report = published()
    container, key = place(report, path)
    container[key] = value
    with pytest.raises(ValueError, match=message):
        read_report(report)


def places(value, path=()):
    """Every place in the data, as a tuple of keys and indices."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


OPTIONAL = {"mode", "exclusive", "rules", "effort", *LEFT_OUT}
KEYS = [
    path
    for path in places(published())
    if isinstance(path[-1], str)
    and not OPTIONAL & {path[-1], *path[1:2]} | ({"result"} if "after_plan" in path else set())
]


@pytest.mark.parametrize("path", [path for path in KEYS if path[-2:-1] != ("answers",)], ids=str)
def test_a_missing_key_is_named_with_its_place(path):
    report = published()
    container = report
    for part in path[:-1]:
        container = container[part]
    del container[path[-1]]
    with pytest.raises(ValueError, match=f"{path[-1]!r} is missing"):
        read_report(report)


@pytest.mark.parametrize("data", [None, [], "text", 3, {}])
def test_what_is_no_report_at_all_is_said(data):
    with pytest.raises(ValueError, match=r"report: "):
        read_report(data)


junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(["1/0", "c1"])
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None, max_examples=examples(300), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(places(published()))), junk)
def test_any_other_value_anywhere_is_read_and_scored_or_refused_with_a_value_error(path, value):
    report = copy.deepcopy(published())
    container = report
    for part in path[:-1]:
        container = container[part]
    container[path[-1]] = value
    try:
        read = read_report(report)
    except ValueError:
        return
    read_question_results(read.result)
    if read.responses is not None:
        score(read.questionnaire, read.responses, mode=read.mode, version=read.version)

"""The command that checks a report.json: equal, different, joint, and what it cannot read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.scoring import Criterion, Mode
from assessment.scoring.levels_only import levels_only
from assessment.scoring.publishing import report_data
from assessment.scoring.rechecking import recompute_whole
from assessment.scoring.score import score
from tests.scoring_cases import dimension, question, questionnaire, respond, rule

ROOT = Path(__file__).parent.parent
ASKED = questionnaire(
    *(dimension(f"d{n}", question(f"a{n}", findings=[f"cr-{n}"]), question(f"b{n}", weight="0.3")) for n in range(3)),
    rules=[rule("odd", ("a0", 75, None), ("b0", None, 0))],
    criteria=[Criterion("cr-2", 2017, "gap")],
)
GIVEN = respond(a0=3, b0=0, a1=1, b1=2, a2=4)


def report(mode=Mode.SOLO, number=1):
    responses = [GIVEN] * number
    return report_data(ASKED, responses, score(ASKED, responses, mode=mode), mode=mode)


def check(folder, content):
    path = folder / "report.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return run(str(path))


def run(*arguments):
    command = [sys.executable, "-m", "assessment.scoring", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_an_equal_report_exits_with_0_and_says_what_was_compared(tmp_path):
    done = check(tmp_path, report())
    assert (done.returncode, done.stderr) == (0, "")
    compared, verdict = done.stdout.splitlines()
    assert compared.startswith("compared: score, level, range, 3 dimensions, 6 questions, plan of ")
    assert compared.endswith("recomputed from the answers")
    assert verdict == "equal"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("score", 99, "result.score: stored 99, recomputed 62.820513"),
        ("level", 5, "result.level: stored 5, recomputed 3"),
        ("held_by", [], 'result.held_by: stored [], recomputed ["d1"]'),
        ("range.low", 0, "result.range.low: stored 0, recomputed 55.128205"),
        ("dimensions.0.coverage", 0.5, "result.dimensions[0].coverage: stored 0.5, recomputed 1.0"),
        ("questions.0.score", "50", 'result.questions[0].score: stored "50", recomputed "75"'),
        ("plan.0.gain", 50, "result.plan[0].gain: stored 50, recomputed "),
        ("plan", [], "result.plan: stored [], recomputed [{"),
        ("contradictions", [], 'result.contradictions: stored [], recomputed ["odd"]'),
        ("narrowing", [], 'result.narrowing: stored [], recomputed ["b2"]'),
        ("criteria.0.standing", "partly", 'result.criteria[0].standing: stored "partly", recomputed "reached"'),
        ("criteria.0.score", 50, "result.criteria[0].score: stored 50, recomputed 100.0"),
        ("foundations", ["a1"], 'result.foundations: stored ["a1"], recomputed []'),
        ("after_plan.level", 2, "result.after_plan.level: stored 2, recomputed 4"),
    ],
)
def test_a_changed_result_exits_with_1_and_names_the_difference(tmp_path, path, value, line):
    changed = report()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    container = changed["result"]
    for part in way:
        container = container[part]
    container[last] = value
    done = check(tmp_path, changed)
    assert done.returncode == 1
    compared, *found = done.stdout.splitlines()
    assert compared.startswith("compared: ")
    assert len(found) == 1
    assert found[0].startswith(line)


def test_a_report_of_version_1_is_checked_by_its_rules(tmp_path):
    first = (ROOT / "tests/report_version_1.json").read_bytes()
    done = check(tmp_path, first)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "equal"


def test_a_changed_answer_exits_with_1(tmp_path):
    changed = report()
    changed["responses"][0]["answers"]["a0"]["choices"] = ["c0"]
    done = check(tmp_path, changed)
    assert done.returncode == 1
    assert 'result.questions[0].score: stored "75", recomputed "0"' in done.stdout.splitlines()


@pytest.mark.parametrize(("mode", "number"), [(Mode.OPEN, 3), (Mode.CONFIDENTIAL, 5)])
def test_a_joint_report_is_recomputed_from_question_scores_and_the_command_says_so(tmp_path, mode, number):
    done = check(tmp_path, report(mode, number))
    assert done.returncode == 0
    assert "the report holds no answers, they were not checked" in done.stdout
    assert done.stdout.splitlines()[-1] == "equal"


def test_a_changed_question_score_of_a_joint_report_shows_below_it(tmp_path):
    changed = report(Mode.OPEN, 3)
    changed["result"]["questions"][0]["score"] = "0"
    done = check(tmp_path, changed)
    assert done.returncode == 1
    assert "result.dimensions[0].score: stored 57.692308, recomputed 0.0" in done.stdout.splitlines()


# A report that holds levels of questions ---------------------------------------------------------------------------
def by_level():
    responses = [respond(a0=2, b0=4, a1=1, b1=0, a2=3), *[respond(a0=4, b0=4, a1=0, b1=0, a2=4)] * 6]
    result = levels_only(ASKED, score(ASKED, responses, mode=Mode.CONFIDENTIAL))
    return report_data(ASKED, None, result, mode=Mode.CONFIDENTIAL)


def changed_at(data, path, value):
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    container = data
    for part in way:
        container = container[part]
    container[last] = value
    return data


def test_a_report_by_level_is_recomputed_from_its_dimensions_and_the_command_says_so(tmp_path):
    data = by_level()
    assert data["result"]["level"] != data["result"]["level_by_score"], "so that the hold is checked, too"
    assert data["result"]["range"]["low"] < data["result"]["range"]["high"]
    done = check(tmp_path, data)
    assert (done.returncode, done.stderr) == (0, "")
    compared, verdict = done.stdout.splitlines()
    assert compared == (
        "compared: score, level, hold, range, levels of 3 dimensions; recomputed from the dimension scores: the report "
        "holds levels of questions and no scores, so that question scores, dimension scores and plan were not checked"
    )
    assert verdict == "equal"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("score", 99, "result.score: stored 99, recomputed "),
        ("level", 5, "result.level: stored 5, recomputed "),
        ("level_by_score", 1, "result.level_by_score: stored 1, recomputed "),
        ("held_by", [], "result.held_by: stored [], recomputed ["),
        ("range.low", 0, "result.range.low: stored 0, recomputed "),
        ("range.high", 100, "result.range.high: stored 100, recomputed "),
        ("dimensions.0.level", 1, "result.dimensions[0].level: stored 1, recomputed "),
        ("dimensions.0.score", 1.0, "result.score: stored "),
    ],
)
def test_what_does_not_follow_from_the_dimensions_is_named(tmp_path, path, value, line):
    done = check(tmp_path, changed_at(by_level(), f"result.{path}", value))
    assert done.returncode == 1
    assert any(found.startswith(line) for found in done.stdout.splitlines())


def test_the_rounding_of_what_is_published_makes_no_difference(tmp_path):
    data = by_level()
    data["result"]["dimensions"][0]["score"] += 1e-6
    assert check(tmp_path, data).returncode == 0
    data["result"]["dimensions"][0]["score"] += 1e-5
    assert check(tmp_path, data).returncode == 1


@pytest.mark.parametrize(("score_", "level", "status"), [(62.5, 3, 0), (62.5, 4, 0), (62.5, 5, 1), (62.4, 4, 1)])
def test_a_score_that_was_rounded_to_a_threshold_may_have_either_level(score_, level, status):
    data = by_level()["result"]
    for part in data["dimensions"]:
        part["score"], part["level"] = score_, level
    recomputed = recompute_whole(ASKED, data)
    assert [part["level"] == level for part in recomputed["dimensions"]] == [status == 0] * 3


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("questions_by", "score", "questions_by: 'score' is not known here"),
        ("result.questions.0.nearest", "c9", "result.questions[0].nearest: 'c9' is not known here"),
        ("result.questions.0.nearest", None, "result.questions[0]: a question that is 'scored' has a level"),
        ("result.questions.0.score", "50", "result.questions[0]: a report by level holds no score of a question"),
        ("result.questions.0.key", "odd", "result.questions[0].key: 'odd' is not known here"),
        ("result.questions.0.views_differ", None, "result.questions[0].views_differ: must be true or false"),
        ("result.dimensions", [], "result.dimensions: must be the scored dimensions"),
        ("responses", [{"role": "hr", "answers": {}}], "mode: only a solo report may hold responses"),
    ],
)
def test_a_report_by_level_that_is_not_well_formed_is_refused(tmp_path, path, value, message):
    done = check(tmp_path, changed_at(by_level(), path, value))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_solo_report_cannot_be_by_level(tmp_path):
    done = check(tmp_path, report() | {"questions_by": "level"})
    assert done.returncode == 2
    assert "a report that holds responses holds the scores of its questions" in done.stderr


# What cannot be read -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe\xff", "codec can't decode"),
        (b"[" * 100_000, "recursion"),
        (b"{}", "report: 'scoring_version' is missing"),
        (b'{"scoring_version": 7}', "scoring_version: only versions 1 and 2"),
        (b'{"scoring_version": ' + b"1" * 5000 + b"}", "limit"),
    ],
)
def test_what_is_no_report_exits_with_2_and_says_why(tmp_path, content, message):
    done = check(tmp_path, content)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_exits_with_2():
    done = run("/nowhere/report.json")
    assert done.returncode == 2
    assert "/nowhere/report.json" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["one", "two"]])
def test_anything_but_one_file_exits_with_2_and_shows_the_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m assessment.scoring")

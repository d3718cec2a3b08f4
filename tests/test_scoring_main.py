"""The command that checks a report.json: equal, different, joint, and what it cannot read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.scoring.record import report_data
from assessment.scoring.score import score
from assessment.scoring.values import Mode
from tests.scoring_cases import dimension, question, questionnaire, respond, rule

ROOT = Path(__file__).parent.parent
ASKED = questionnaire(
    *(dimension(f"d{n}", question(f"a{n}"), question(f"b{n}", weight="0.3")) for n in range(3)),
    rules=[rule("odd", ("a0", 75, None), ("b0", None, 0))],
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe\xff", "codec can't decode"),
        (b"[" * 100_000, "recursion"),
        (b"{}", "report: 'scoring_version' is missing"),
        (b'{"scoring_version": 7}', "scoring_version: only version 1"),
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

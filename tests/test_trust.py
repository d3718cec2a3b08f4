"""The page that says why one can trust the site: each claim names tests that are there, run, and are not left out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from assessment.wording.trust import PARTS

CLAIMS = [claim for _title, claims in PARTS for claim in claims]


@cache
def functions_of(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((Path(__file__).parent / f"test_{file}.py").read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.tests[0])
def test_each_claim_is_held_by_tests_that_run(claim):
    assert claim.tests
    for named in claim.tests:
        file, _, name = named.partition("::")
        found = functions_of(file)[name]
        assert any(word in ast.unparse(found) for word in ("assert ", "pytest.raises(", "refused()")), named
        marks = " ".join(map(ast.unparse, found.decorator_list))
        assert not {"skip", "skipif", "xfail"} & set(re.split(r"\W", marks)), named


def test_no_test_stands_for_two_claims():
    named = [test for claim in CLAIMS for test in claim.tests]
    assert len(set(named)) == len(named)


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_all_of_them(client, db, language):
    page = client.get("/trust/", headers={"accept-language": language})
    text = page.content.decode()
    assert text.count("<h3>") == len(CLAIMS)
    for claim in CLAIMS:
        for named in claim.tests:
            assert named in text
    assert ("Why you can trust it" in text) == (language == "en")

"""Prepared queries: the same rows as the query itself gives, and its SQL made once."""

import ast
import inspect
from threading import Thread
from unittest.mock import Mock

import pytest
from django.db import connection, transaction
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from assessment import access
from assessment.models import Finding, Organisation, Questionnaire, Response
from assessment.models.prepared import Prepared
from assessment.models.secret import hash_of
from assessment.rounds import submitting
from tests.factories import organisation, started

pytestmark = pytest.mark.django_db


def named(name: str):
    return Organisation.objects.filter(name=name).order_by("pk")


def test_a_prepared_query_gives_the_rows_of_the_query_for_each_value():
    ours = [organisation("Ours"), organisation("Ours")]
    theirs = organisation("Theirs")
    prepared = Prepared(named)
    assert prepared("Ours") == sorted(ours, key=lambda row: row.pk)
    assert prepared("Theirs") == [theirs]
    assert prepared.first("Theirs") == theirs
    assert prepared("Nobody's") == []
    assert prepared.first("Nobody's") is None


def test_outside_a_transaction_it_locks_nothing_and_says_so_each_time(lasting):
    prepared = Prepared(lambda name: named(name).select_for_update())
    with transaction.atomic():
        assert prepared("Nobody's") == []
    for _time in range(2):
        with pytest.raises(TransactionManagementError):
            prepared("Nobody's")


def test_it_is_built_once_and_asks_each_time():
    build = Mock(side_effect=named)
    prepared = Prepared(build)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert prepared.first("Late") is None
        late = organisation(name="Late")
        assert prepared.first("Late") == late
    assert build.call_count == 1
    told = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    assert len(told) == 2
    assert told[0] == told[1] == str(named("Late").query).replace("= Late", "= 'Late'")


def test_numbers_and_texts_that_look_like_sql_are_values():
    made = organisation(name="'; --")
    prepared = Prepared(lambda name, pk: Organisation.objects.filter(name=name, pk__lte=pk))
    assert prepared("'; --", made.pk) == [made]
    assert prepared("'; --", made.pk - 1) == []


def test_a_value_that_does_not_reach_the_database_as_it_is_is_refused():
    with pytest.raises(ValueError, match="prepared"):
        Prepared(lambda name: Organisation.objects.filter(name=name.upper()))("ours")


def test_what_is_joined_and_added_is_there_without_another_query():
    response, key = started()
    access.response(key)
    with CaptureQueriesContext(connection) as asked:
        found = access.response(key)
        assert found.round.organisation.name
        assert found.round.questionnaire.version
        assert found.has_draft
    assert len(asked) == 1
    plain = Response.objects.with_key(key).first()
    assert (found.pk, found.submitted_batch, found.has_draft) == (plain.pk, plain.submitted_batch, plain.has_draft)
    assert response.key_hash == hash_of(key)


def test_what_a_save_and_a_submission_ask_for_is_prepared(questionnaire, monkeypatch):
    response, key = started()
    assert access.draft(key) == response
    assert submitting.locked(key) == [response]
    assert response.saved_answers() == {}
    monkeypatch.setattr(SQLCompiler, "as_sql", Mock(side_effect=AssertionError("compiled anew")))
    assert access.draft(key) == response
    assert submitting.locked(key) == [response]
    assert response.saved_answers() == {}


@pytest.mark.parametrize("model", [Finding, Questionnaire, Response])
def test_no_verb_of_a_queryset_asks_a_prepared_query_which_knows_nothing_of_it(model):
    module = inspect.getmodule(model)
    prepared = {name for name, value in vars(module).items() if isinstance(value, Prepared)}
    tree = ast.parse(inspect.getsource(module))
    querysets = [part for part in tree.body if isinstance(part, ast.ClassDef) and part.name.endswith("QuerySet")]
    assert querysets
    named = {node.id for part in querysets for node in ast.walk(part) if isinstance(node, ast.Name)}
    assert not prepared & named


def test_the_criteria_of_some_findings_are_theirs(questionnaire):
    criteria = Finding.objects.criteria()
    first = criteria.first()
    assert len(criteria) > 1
    assert list(Finding.objects.filter(pk=first.pk).criteria()) == [first]
    assert list(Finding.objects.filter(criterion=False).criteria()) == []
    editions = [finding.study.edition for finding in criteria]
    assert editions == sorted(editions)
    assert None not in editions


def test_for_a_browser_that_began_nothing_no_query_is_built(monkeypatch):
    monkeypatch.setattr(SQLCompiler, "as_sql", Mock(side_effect=AssertionError("compiled for nothing")))
    assert access.responses([]) == {}


def test_threads_ask_by_their_own_connections(lasting):
    """What one thread prepared another uses."""
    made = organisation(name="Ours")
    prepared = Prepared(named)
    prepared("Ours")
    found = []

    def ask() -> None:
        try:
            found.append(prepared.first("Ours"))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [made] * 4

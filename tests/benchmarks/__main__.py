"""`python -m tests.benchmarks`: how fast and how large, on PostgreSQL, served as in production, beside floors of the same run.

Prints a table and succeeds unless something could not be measured: timing decides nothing.
"""

import os
import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.benchmarks import measures, visits
from tests.benchmarks.server import GUNICORN, production, served
from tests.benchmarks.table import Row, printed

NOTE = """
Floors: of a page, a view that renders the same template from constants, without a query, in the same server; of a
submission, its rows inserted by hand in one transaction. Both with the same {clients} client processes on this machine. Of a
chart, an empty figure written by matplotlib without a server; of a cold report, the floors of its page and of its charts.
A submission is: POST start; for each of the five scored dimensions GET and POST, all {questions} questions answered; GET of the
page that the last one leads to; GET review; POST review. "Forms sent only" leaves out every GET: 7 requests instead of 14.
"""


def main() -> int:
    with production(), served() as port, ProcessPoolExecutor(measures.CLIENTS, get_context("spawn")) as pool:
        questions = _questions()
        bench = measures.Bench(port, pool, questions)
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {_database()}, gunicorn {' '.join(GUNICORN)}"
        )
        rows = [
            *measures.queries(bench),
            *measures.weights(bench),
            *measures.pages(bench),
            *measures.memory(bench),
            *measures.charts(bench),
            *measures.documents(bench),
            *measures.answering(bench, os.environ["DATABASE_URL"], _rows(bench.finished)),
            *_lists(bench.finished),
        ]
    print(printed(rows))
    asked = sum(len(choices) for choices in questions.values())
    print(NOTE.format(clients=measures.CLIENTS, questions=asked))
    return 0


def _questions() -> visits.Questions:
    """The keys of what there is to answer in the scored dimensions."""
    from assessment.models import Questionnaire
    from assessment.models.outline import outline

    return {
        dimension.key: {question.key: [choice.key for choice in question.choices] for question in dimension.questions}
        for dimension in outline(Questionnaire.objects.current()).content.dimensions
        if dimension.scored
    }


def _lists(key: str) -> Iterator[Row]:
    """Last, as they fill the database; what they measure needs Django, which is set up by now."""
    from tests.benchmarks.lists import lists

    return lists(key)


def _rows(key: str) -> visits.Rows:
    """The rows of a finished submission, table by table in the order of their insertion, without ids the database gives."""
    from django.db import connection

    from assessment.models import Response

    response = Response.objects.with_key(key).get()
    found = [
        ("assessment_organisation", "id", response.round.organisation_id),
        ("assessment_round", "id", response.round_id),
        ("assessment_response", "id", response.pk),
        ("assessment_answer", "response_id", response.pk),
        ("assessment_result", "response_id", response.pk),
        ("assessment_dimensionresult", "result_id", response.result.pk),
    ]
    rows = []
    with connection.cursor() as cursor:
        for table, column, value in found:
            cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s ORDER BY id", [value])
            names = [description.name for description in cursor.description]
            entries = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            given = {"id"} if column == "id" and table != "assessment_response" else set()
            rows.append((table, [{name: entry[name] for name in names if name not in given} for entry in entries]))
    return rows


def _database() -> str:
    """Which PostgreSQL, and that it keeps what it has acknowledged."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        )
        version, fsync, commit = cursor.fetchone()
    return f"PostgreSQL {version} (fsync {fsync}, synchronous_commit {commit})"


if __name__ == "__main__":
    sys.exit(main())

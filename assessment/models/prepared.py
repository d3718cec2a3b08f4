"""Prepared queries: the SQL of what every page asks for, made once a process.

Django builds and compiles a query anew at each call, which takes several times as long as the database takes to answer a
wide one. What differs from call to call are values alone, and their places in the SQL are known.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

# Stand-ins that every column takes, while the places of values are looked for.
STAND_INS: dict[type, Callable[[int], Any]] = {
    str: lambda place: f"value {place} of a prepared query",
    int: lambda place: 2_000_000_000 + place,
}


class Prepared:
    """A query that `build` makes of some values, texts or whole numbers, which it compares with columns and nothing else.

    `build` runs once for each kind of database. Raises ValueError if a value is not found in the query it made.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._made: dict[str, tuple[QuerySet, Any, str, tuple]] = {}

    def __call__(self, *values: str | int) -> list:
        """The rows there are now, as the query itself would give them.

        TransactionManagementError if it locks rows and there is no transaction, whose end would give them back.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._prepare(values)
        queryset, compiler, sql, params = self._made[connection.vendor]
        if queryset.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a prepared query that locks rows asked outside a transaction")
        given = {STAND_INS[type(value)](place): value for place, value in enumerate(values)}
        sent = tuple(given.get(param, param) for param in params)
        found, compiler = queryset.all(), copy(compiler)
        compiler.connection = connection  # of this thread
        compiler.as_sql = lambda *_args, **_more: (sql, sent)
        found.query.get_compiler = lambda *_args, **_more: compiler
        return list(found)

    def first(self, *values: str | int):
        """The first of them, or None."""
        return next(iter(self(*values)), None)

    def _prepare(self, values: tuple[str | int, ...]) -> tuple[QuerySet, Any, str, tuple]:
        places = [STAND_INS[type(value)](place) for place, value in enumerate(values)]
        queryset = self._build(*places)
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if not set(places) <= set(params):
            raise ValueError("a value of a prepared query does not reach the database as it is")
        compiler.connection = connections[DEFAULT_DB_ALIAS].copy()  # never opened: converters keep it, and no thread’s
        converters = compiler.get_converters([column for column, *_more in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters
        compiler.connection = None
        return queryset, compiler, sql, tuple(params)

"""Search and order of texts in the database: what `searchable` says in Python, said alike by SQLite and PostgreSQL.

    Organisation.objects.filter(name__finds="elan")             finds Élan
    Organisation.objects.order_by(*alphabetical("name"), "pk")  has É beside E

Numbers that were typed are searched for alike, too: one that is too large is found nowhere.

SQLite calls Python. PostgreSQL takes the same steps in SQL, whatever the locale its database was made for.
"""

import unicodedata
from collections.abc import Mapping

from django.db.backends.signals import connection_created
from django.db.models import BigIntegerField, CharField, F, Func, IntegerField, Lookup, OrderBy, TextField
from django.db.models.lookups import In

from assessment.text.comparing import (
    ACCENTS,
    DASHES,
    LIGATURES,
    LONE_ACCENTS,
    NEEDS_MORE,
    QUOTES,
    SPACE,
    STROKES,
    UNSEEN,
    searchable,
)

TEXT = "%(expressions)s"
# For a database made for the locale C, whose `lower` knows ASCII alone: the capitals of Europe that are no letter with an
# accent.
CAPITALS = "".join(
    sign
    for sign in map(chr, range(0x80, 0x590))
    if sign.lower() != sign and unicodedata.normalize("NFKD", sign) == sign
)


def _steps() -> str:
    """The steps of `searchable` in the words of PostgreSQL, by the quickest of them: `translate` tries every pair."""
    text = _replace(TEXT, dict.fromkeys(LONE_ACCENTS, "''"))
    drop = f"(?:{UNSEEN}|{ACCENTS})+".replace(r"\u0000", r"\u0001")  # no text of PostgreSQL holds a zero
    text = f"regexp_replace(normalize({text}, NFKD), '{drop}', '', 'g')"
    # The condition is one of constants, which the planner settles.
    otherwise = f"translate({text}, '{CAPITALS}', '{CAPITALS.lower()}')"
    text = f"CASE WHEN lower('É') = 'é' THEN lower({text}) ELSE lower({otherwise}) END"
    rare = SPACE.replace(r"\u001c-\u0020", r"\u001c-\u001f")
    text = f"regexp_replace({text}, '[{SPACE}]{{2,}}|[{rare}]', ' ', 'g')"
    text = _replace(text, {"« ": "«", " »": "»"})
    text = f"regexp_replace(regexp_replace({text}, '[{QUOTES}]', '''', 'g'), '[{DASHES}]', '-', 'g')"
    return f"btrim({_replace(text, LIGATURES | STROKES)})"


def _replace(text: str, letters: Mapping[str, str]) -> str:
    for old, new in letters.items():
        text = f"replace({text}, '{old}', '{new}')"
    return text


def _on_postgresql() -> str:
    """All steps, or one for a text that needs no other; compared sign by sign in every locale."""
    return f'(CASE WHEN {TEXT} ~ \'{NEEDS_MORE}\' THEN {_steps()} ELSE lower({TEXT} COLLATE "C") END COLLATE "C")'


class Searchable(Func):
    """A text of the database as `searchable` has it."""

    function = "searchable"
    arity = 1
    output_field = TextField()
    on_postgresql = _on_postgresql()

    def as_postgresql(self, compiler, connection, **more):
        sql, params = self.as_sql(compiler, connection, template=self.on_postgresql, **more)
        return sql, [*params] * self.on_postgresql.count(TEXT)


class Exactly(Func):
    """A text as its signs are stored, whatever the order of the database's locale."""

    arity = 1
    template = "%(expressions)s"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **more)


class Finds(Lookup):
    """Whether a text is found by what somebody typed: `name__finds="elan"`. What is no sign at all finds every text."""

    lookup_name = "finds"

    def get_prep_lookup(self):
        return searchable(str(self.rhs)) if self.rhs_is_direct_value() else Searchable(self.rhs)

    def as_sql(self, compiler, connection):
        text, text_params = compiler.compile(Searchable(self.lhs))
        wanted, wanted_params = self.process_rhs(compiler, connection)
        place = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{place}({text}, {wanted}) > 0", [*text_params, *wanted_params]


class InRange(In):
    """`pk__in`, in which a number that the database has no room for is found nowhere, instead of an error."""

    def get_prep_lookup(self):
        prepared, largest = super().get_prep_lookup(), BigIntegerField.MAX_BIGINT
        if not self.rhs_is_direct_value():
            return prepared
        return [value for value in prepared if not isinstance(value, int) or -largest <= value <= largest]


def alphabetical(name: str, *, descending: bool = False) -> list[OrderBy]:
    """What rows are ordered by to stand as in a dictionary by this field, whatever its case and accents.

    Rows of equal names need one thing more, as a rule the primary key.
    """
    return [OrderBy(text(F(name)), descending=descending) for text in (Searchable, Exactly)]


def _teach(connection, **_sent) -> None:
    """Give a new connection to SQLite the function `searchable`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("searchable", 1, _searchable, deterministic=True)


def _searchable(value: object) -> str | None:
    return None if value is None else searchable(str(value))


def register() -> None:
    """Once, when the site starts."""
    IntegerField.register_lookup(InRange)
    CharField.register_lookup(Finds)
    TextField.register_lookup(Finds)
    connection_created.connect(_teach, dispatch_uid="searchable")

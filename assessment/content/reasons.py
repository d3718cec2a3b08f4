"""Words that the problems of a file hold as values, marked for the translators: what YAML says, and what stands there."""


def _(text: str) -> str:
    """Mark a text for the translators."""
    return text


words = frozenset(
    {
        _("block sequence entries are not allowed in this context"),
        _("could not find expected ':'"),
        _("did not find expected ',' or ']'"),
        _("did not find expected ',' or '}'"),
        _("did not find expected '-' indicator"),
        _("did not find expected <document start>"),
        _("did not find expected alphabetic or numeric character"),
        _("did not find expected hexdecimal number"),
        _("did not find expected key"),
        _("did not find expected node content"),
        _("found a tab character that violates indentation"),
        _("found character that cannot start any token"),
        _("found undefined tag handle"),
        _("found unexpected document indicator"),
        _("found unexpected end of stream"),
        _("found unknown escape character"),
        _("mapping keys are not allowed in this context"),
        _("mapping values are not allowed in this context"),
        _("a list"),
        _("a mapping"),
        _("empty"),
    }
)

"""Whether a question of two versions asks the same: what decides if its answers may be set against each other."""

from assessment.content.structure import ChoiceContent, QuestionContent, Text


def asks_the_same(before: QuestionContent, after: QuestionContent) -> bool:
    """Whether nothing differs that a respondent reads of a question or that its choices are worth."""
    return _asked(before) == _asked(after)


def may_mean_the_same(before: QuestionContent, after: QuestionContent) -> bool:
    """Whether a question in other words, or with other keys of its choices, is worth the same points as before.

    Whether it means the same only a person can say.
    """
    return before.kind == after.kind and _scale(before) == _scale(after)


def _asked(question: QuestionContent) -> tuple:
    help_text = question.help or Text("", "")
    return question.kind, question.text, help_text, {choice.key: _said(choice) for choice in question.choices}


def _said(choice: ChoiceContent) -> tuple:
    return choice.text, choice.points


def _scale(question: QuestionContent) -> list[str]:
    return sorted(str(choice.points and choice.points.normalize()) for choice in question.choices)

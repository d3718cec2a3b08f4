"""The rules of a questionnaire, one list for files and drafts: what refuses it, and what an author should look at.

A rule is a few lines, with its text, in the function of the part that it speaks of. The content may be half-written, or half-read
from a file: there `scored` is None where nobody can say it, and the reader passes over what follows from what it told itself.
"""

import re
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from django.utils.translation import gettext_noop as _

from assessment.content.places import WHOLE, Place, Written, parts, texts
from assessment.content.problems import Problem, Sentence
from assessment.content.structure import (
    ChoiceContent,
    ConditionContent,
    DimensionContent,
    QuestionContent,
    QuestionnaireContent,
    StepContent,
    Text,
)
from assessment.text.cleaning import garbled
from assessment.text.comparing import folded

# Words that the addresses and the forms of the product use themselves
RESERVED_DIMENSIONS = frozenset(
    ["review", "report", "report.json", "provisional", "charts", "share", "mail", "correct", "keep", "erase", "what-if"]
)
RESERVED_QUESTIONS = frozenset({"save", "clear", "dimension", "csrfmiddlewaretoken", "tried", "lang", "scheme", "v"})
RESERVED_CHOICES = frozenset({"not-applicable", "unknown"})
EFFORTS = ("S", "M", "L")
OWNERS = ("marketing", "sales", "communication", "hr", "management", "other")  # the role groups of a round
LEAST_SCORED_DIMENSIONS = 3
MOST_CIRCLES = 20
LONGEST_NAME = 40  # characters
LONGEST_TITLE, LONGEST_FIRST_MOVE = 90, 400  # characters of a step
# What a statement says of itself that is still missing, so that whoever chooses it is advised against what they chose
SHORTCOMINGS = {
    "en": r"\b(even (if|without|though)|without (a|an|any|yet)|not yet|not always|(the )?same for (all|every)\w*|still|only)\b",
    "fr": r"\b(même si|sans|pas encore|pas toujours|(identiques?|les? mêmes?) pour (tou(s|te|tes)|chaque)|encore|seulement)\b",
}
NO_VERB = re.compile(r"(a|an|the|your|our|their|this|these|more|better|no)\b", re.IGNORECASE)

TAKEN = _("The key “%(key)s” is taken by the site itself.")
REPEATED_KEY = _("Two questions have the key “%(key)s”.")
LEVELS = _("Each of the five levels, numbered 1 to 5 in this order, needs a name and a meaning.")

# The texts of a part, by the name of the field that holds them
PARTS = {
    "title": _("the title"),
    "instruction": _("the instruction"),
    "name": _("the name"),
    "description": _("the description"),
    "anchors": _("the description of level %(number)s"),
    "not_applicable": _("the statement that makes it not applicable"),
    "text": _("the text"),
    "help": _("the help"),
    "step.title": _("the title of the step"),
    "step.first_move": _("the first move of the step"),
}


# What refuses a questionnaire ----------------------------------------------------------------------------------------
def problems(content: QuestionnaireContent) -> list[Problem]:
    """Everything that refuses a file and forbids the publication of a draft, in the order of the questionnaire."""
    return in_order(content, _problems(content))


def unstorable(content: QuestionnaireContent) -> list[Problem]:
    """Those that not even a draft can have: rows cannot hold two parts under one key, nor a rule with one condition."""
    wrong = [*_keys(content), *_consistency(content, of_draft=True)]
    if len({level.number for level in content.levels}) < len(content.levels):
        wrong.append(Problem(WHOLE.at("levels"), LEVELS))
    return in_order(content, wrong)


def in_order(content: QuestionnaireContent, found: Iterable[Problem]) -> list[Problem]:
    """Problems by their place: the questionnaire itself, its dimensions with all that is in them, the rules."""
    number = {place: order for order, (place, _part) in enumerate(parts(content))}
    return sorted(found, key=lambda problem: number.get(problem.place.part, len(number)))


def _problems(content: QuestionnaireContent) -> Iterator[Problem]:
    yield from _whole(content)
    for dimension in content.dimensions:
        yield from _dimension(dimension)
        for question in dimension.questions:
            place = Place(dimension.key, question.key)
            yield from _question(question, place)
            if dimension.scored:
                yield from _scored_question(question, place)
                yield from _steps(question, place)
            elif dimension.scored is False:
                yield from _unscored_question(question, place)
    yield from _keys(content)
    yield from _needs(content)
    yield from _consistency(content)
    yield from _missing_texts(content)
    yield from _garbled_texts(content)


def _whole(content: QuestionnaireContent) -> Iterator[Problem]:
    if sum(dimension.scored is not False for dimension in content.dimensions) < LEAST_SCORED_DIMENSIONS:
        yield Problem(WHOLE.at("dimensions"), _("At least three dimensions must be scored."))
    odd = [place for place, level in enumerate(content.levels) if level.number != place + 1]
    if odd or len(content.levels) != 5:
        field = f"levels[{odd[0]}].number" if len(content.levels) == 5 else "levels"
        yield Problem(WHOLE.at(field), LEVELS)


def _dimension(dimension: DimensionContent) -> Iterator[Problem]:
    place, key = Place(dimension.key), {"key": dimension.key}
    if dimension.scored and not _is_weight(dimension.weight):
        yield Problem(place.at("weight"), _("The dimension “%(key)s” needs a weight above 0."), key)
    if dimension.scored and len(dimension.anchors) != 5:
        message = _("The dimension “%(key)s” needs a description of each of the five levels.")
        yield Problem(place.at("anchors"), message, key)
    if dimension.scored is False and dimension.weight is not None:
        yield Problem(place.at("weight"), _("The dimension “%(key)s” is not scored, so it takes no weight."), key)
    if dimension.scored is False and dimension.not_applicable is not None:
        message = _("The dimension “%(key)s” is not scored, so it takes no statement that makes it not applicable.")
        yield Problem(place.at("not_applicable"), message, key)
    if not dimension.questions:
        yield Problem(place.at("questions"), _("The dimension “%(key)s” has no question."), key)


def _question(question: QuestionContent, place: Place) -> Iterator[Problem]:
    key = {"key": question.key}
    if len(question.choices) < 2:
        yield Problem(place.at("choices"), _("The question “%(key)s” needs at least two choices."), key)
    if question.kind == "single" and (found := _first(question, "exclusive")):
        message = _("The question “%(key)s” takes one choice, so none of its choices can exclude the others.")
        yield Problem(place.at(found), message, key)


def _scored_question(question: QuestionContent, place: Place) -> Iterator[Problem]:
    key, points = {"key": question.key}, [choice.points for choice in question.choices]
    if question.kind != "single":
        yield Problem(place.at("kind"), _("The question “%(key)s” gives points, so it takes one choice."), key)
    if not _is_weight(question.weight):
        yield Problem(place.at("weight"), _("The question “%(key)s” needs a weight above 0."), key)
    if not points or None in points or min(points) != 0 or max(points) != 100:
        field = f"choices[{points.index(None)}].points" if None in points else "choices"
        yield Problem(place.at(field), _("The choices of the question “%(key)s” must go from 0 to 100 points."), key)
    if found := _first(question, "figure"):
        message = _("The question “%(key)s” is scored, so no published figure can stand beside its choices.")
        yield Problem(place.at(found), message, key)


def _unscored_question(question: QuestionContent, place: Place) -> Iterator[Problem]:
    key = {"key": question.key}
    if found := _first(question, "points"):
        message = _("The question “%(key)s” is not scored, so its choices take no points.")
        yield Problem(place.at(found), message, key)
    if question.weight is not None:
        yield Problem(place.at("weight"), _("The question “%(key)s” is not scored, so it takes no weight."), key)
    if found := _first(question, "step"):
        yield Problem(place.at(found), _("The question “%(key)s” is not scored, so its choices take no step."), key)
    if question.foundation:
        yield Problem(place.at("foundation"), _("The question “%(key)s” is not scored, so it is no foundation."), key)


def _steps(question: QuestionContent, place: Place) -> Iterator[Problem]:
    """The choices that a plan can aim at have a step, no other one has."""
    for choice in question.choices:
        at, names = Place(place.dimension, place.question, choice.key, field="step"), _of_choice(question, choice)
        if choice.is_aimed_at and choice.step is None:
            message = _(
                "The choice “%(key)s” of the question “%(question)s” is worth 50 points or more: it needs a step."
            )
            yield Problem(at, message, names)
        if choice.step is not None and choice.points is not None and not choice.is_aimed_at:
            message = _(
                "The choice “%(key)s” of the question “%(question)s” is worth less than 50 points: it takes no step."
            )
            yield Problem(at, message, names)
        if choice.step is not None:
            yield from _step(choice.step, at, names)


def _step(step: StepContent, at: Place, names: dict[str, object]) -> Iterator[Problem]:
    if step.effort not in EFFORTS:
        message = _("The step to “%(key)s” of the question “%(question)s” needs an effort: small, medium or large.")
        yield Problem(at.at("step.effort"), message, names)
    if step.owner not in OWNERS:
        message = _(
            "The step to “%(key)s” of the question “%(question)s” needs one of the site’s functions as its owner."
        )
        yield Problem(at.at("step.owner"), message, names)
    for name, text, most in (
        ("title", step.title, LONGEST_TITLE),
        ("first_move", step.first_move, LONGEST_FIRST_MOVE),
    ):
        if text and max(len(text.en), len(text.fr)) > most:
            part = Sentence(at, PARTS[f"step.{name}"])
            message = _("“%(place)s”: %(part)s has more than %(most)s characters.")
            yield Problem(at.at(f"step.{name}"), message, names | {"place": names["key"], "part": part, "most": most})


def is_of_a_step(problem: Problem) -> bool:
    """Whether this is said of a step; a questionnaire of before steps is read without it, and a preview shows none."""
    return problem.place.field.partition(".")[0] == "step"


def _of_choice(question: QuestionContent, choice: ChoiceContent) -> dict[str, object]:
    return {"key": choice.key, "question": question.key}


def _is_weight(weight) -> bool:
    return weight is not None and weight > 0


def _first(question: QuestionContent, name: str) -> str:
    """The field of the first choice that has such a value, "" if none has: what is said of it is said of all choices."""
    values = [getattr(choice, name) for choice in question.choices]
    found = (at for at, value in enumerate(values) if value is not None and value is not False)
    return next((f"choices[{at}].{name}" for at in found), "")


def _keys(content: QuestionnaireContent) -> Iterator[Problem]:
    """Keys of questions are unique in the whole; some words are taken by the addresses and forms of the site."""
    reserved = {
        DimensionContent: RESERVED_DIMENSIONS,
        QuestionContent: RESERVED_QUESTIONS,
        ChoiceContent: RESERVED_CHOICES,
    }
    seen: set[str] = set()
    for place, part in parts(content):
        if isinstance(part, QuestionContent) and part.key in seen:
            yield Problem(place.at("key"), REPEATED_KEY, {"key": part.key})
        elif isinstance(part, QuestionContent):
            seen.add(part.key)
        if part.key in reserved.get(type(part), ()):
            yield Problem(place.at("key"), TAKEN, {"key": part.key})


def _needs(content: QuestionnaireContent) -> Iterator[Problem]:
    """Prerequisites are of scored questions, and nothing needs itself in the end."""
    scored = _scored(content)
    places: dict[tuple[str, str], Place] = {}  # of each need
    for place, part in parts(content):
        if isinstance(part, QuestionContent) and part.needs:
            places |= {(part.key, needed): place.at(f"needs[{at}]") for at, needed in enumerate(part.needs)}
            wrong = [at for at, needed in enumerate(part.needs) if needed not in scored]
            if part.key not in scored or wrong:
                field = "needs" if part.key not in scored else f"needs[{wrong[0]}]"
                message = _(
                    "The prerequisites of the question “%(key)s” must be scored questions, as it must be itself."
                )
                yield Problem(place.at(field), message, {"key": part.key})
    for _time in range(MOST_CIRCLES):
        if not (found := _circle(places)):
            break
        place = places.pop((found[1], found[0]))  # opens this circle, so that the next one can be found
        message = _("These questions need one another in a circle: %(keys)s.")
        yield Problem(place, message, {"keys": " > ".join(reversed(found))})


def _circle(needs: Iterable[tuple[str, str]]) -> list[str]:
    """One circle among the needs, each question needed by the next, or nothing."""
    graph: dict[str, set[str]] = {}
    for question, needed in needs:
        graph.setdefault(question, set()).add(needed)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def _consistency(content: QuestionnaireContent, *, of_draft: bool = False) -> Iterator[Problem]:
    """A rule compares two different scored questions; that of a draft any two."""
    scored = _scored(content)
    for rule in content.consistency:
        wrong = [at for at, when in enumerate(rule.when) if when.question not in scored and not of_draft]
        is_same = len({when.question for when in rule.when}) < 2 and not of_draft
        if wrong or len(rule.when) != 2 or is_same:
            field = f"when[{wrong[0]}].question" if wrong else "when"
            message = _("The consistency rule “%(key)s” must compare two different scored questions.")
            yield Problem(Place(rule=rule.key, field=field), message, {"key": rule.key})


def _scored(content: QuestionnaireContent) -> set[str]:
    """The scored questions, with those of a dimension of which nothing is known yet."""
    return {question.key for part in content.dimensions if part.scored is not False for question in part.questions}


def _missing_texts(content: QuestionnaireContent) -> Iterator[Problem]:
    """The texts that are not there in both languages."""
    for written in texts(content):
        place, text = written.place, written.text
        if not (text and text.en.strip()):
            message = _("“%(place)s”: %(part)s is missing in English.")
            yield Problem(place.at(f"{place.field}.en"), message, _names(written))
        if not (text and text.fr.strip()):
            message = _("“%(place)s”: %(part)s is missing in French.")
            yield Problem(place.at(f"{place.field}.fr"), message, _names(written))


def _garbled_texts(content: QuestionnaireContent) -> Iterator[Problem]:
    """The texts whose UTF-8 was read in another encoding on their way here."""
    message = _("“%(place)s”: %(part)s is garbled: “%(value)s” was probably “%(right)s”.")
    for written in texts(content):
        for language in ("en", "fr") if written.text else ():
            if wrong := garbled(getattr(written.text, language)):
                said = {"value": wrong[0], "right": wrong[1]}
                yield Problem(written.place.at(f"{written.place.field}.{language}"), message, _names(written) | said)


def _names(written: Written) -> dict[str, object]:
    """Whose text it is, and what it is called."""
    return {
        "place": written.of,
        "part": Sentence(written.place.part, PARTS[written.called], {"number": written.number}),
    }


# What an author should look at, and may leave as it is ---------------------------------------------------------------
def warnings(content: QuestionnaireContent) -> list[Problem]:
    """Everything that is doubtful though nothing forbids it, in the order of the questionnaire."""
    return in_order(content, _warnings(content))


def _warnings(content: QuestionnaireContent) -> Iterator[Problem]:
    for dimension in content.dimensions:
        for question in dimension.questions:
            place = Place(dimension.key, question.key)
            yield from _doubtful_question(question, place)
            if dimension.scored:
                yield from _doubtful_score(question, place)
    yield from _same_questions(content)
    for rule in content.consistency:
        if any(_always(when) for when in rule.when):
            message = _("The consistency rule “%(key)s” has a condition that always holds.")
            yield Problem(Place(rule=rule.key, field="when"), message, {"key": rule.key})
    yield from _same_in_both(content)


def _doubtful_question(question: QuestionContent, place: Place) -> Iterator[Problem]:
    key = {"key": question.key}
    said = [words for choice in question.choices for words in _words(choice.text)]
    if len(set(said)) < len(said):
        yield Problem(place.at("choices"), _("Two choices of the question “%(key)s” say the same."), key)
    if not question.findings and not any(choice.figure for choice in question.choices):
        message = _("The question “%(key)s” cites no finding and no published figure.")
        yield Problem(place.at("findings"), message, key)


def _doubtful_score(question: QuestionContent, place: Place) -> Iterator[Problem]:
    key = {"key": question.key}
    points = [choice.points for choice in question.choices if choice.points is not None]
    if any(later <= before for before, later in pairwise(points)):
        message = _("The points of the choices of the question “%(key)s” do not rise from the first to the last.")
        yield Problem(place.at("choices"), message, key)
    for choice in question.choices:
        at, names = Place(place.dimension, place.question, choice.key), _of_choice(question, choice)
        if choice.is_aimed_at and _own_shortcoming(choice.text):
            message = _(
                "The choice “%(key)s” of the question “%(question)s” names what it still lacks; say what is there."
            )
            yield Problem(at.at("text"), message, names)
        if choice.step and choice.step.title and NO_VERB.match(choice.step.title.en.strip()):
            message = _("The title of the step to “%(key)s” of the question “%(question)s” does not begin with a verb.")
            yield Problem(at.at("step.title"), message, names)


def _own_shortcoming(text: Text | None) -> bool:
    return any(re.search(SHORTCOMINGS[language], words) for language, words in _words(text))


def _same_questions(content: QuestionnaireContent) -> Iterator[Problem]:
    asked: dict[tuple[str, str], str] = {}
    for place, part in parts(content):
        if isinstance(part, QuestionContent):
            others = {asked.setdefault(words, part.key) for words in _words(part.text)} - {part.key}
            message = _("The question “%(key)s” is asked in the same words as “%(other)s”.")
            for other in sorted(others):
                yield Problem(place.at("text"), message, {"key": part.key, "other": other})


def _words(text: Text | None) -> list[tuple[str, str]]:
    """The words of a text in each language in which it has some."""
    both = (("en", text.en), ("fr", text.fr)) if text else ()
    return [(language, words) for language, one in both if (words := folded(one))]


def _always(when: ConditionContent) -> bool:
    """Whether every score, which is 0 to 100, fulfils a condition."""
    return (when.at_least or 0) <= 0 and (100 if when.at_most is None else when.at_most) >= 100


def _same_in_both(content: QuestionnaireContent) -> Iterator[Problem]:
    """Texts that were perhaps never translated."""
    message = _("“%(place)s”: %(part)s is the same in English and in French: “%(text)s”.")
    for written in texts(content):
        text = written.text
        if text and text.en.strip() and text.en.strip() == text.fr.strip() and not _is_name(text.en):
            yield Problem(written.place, message, _names(written) | {"text": text.en.strip()})


def _is_name(text: str) -> bool:
    """Whether a text looks like a name or a number, the same in both languages: short, and no word in small letters."""
    return len(text.strip()) <= LONGEST_NAME and not any(word[0].islower() for word in text.split())

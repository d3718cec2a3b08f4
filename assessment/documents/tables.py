"""A report as tables: the words and numbers of the page, and beside them the exact numbers.

A workbook holds them whole, one to a sheet; the CSV file takes of them the columns that it names.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.documents.cells import (
    FIGURE,
    HEADED,
    Cell,
    Column,
    Table,
    after,
    change,
    count,
    exact,
    gain,
    percent,
    points,
    score,
    share,
    yes,
)
from assessment.documents.overview import overview
from assessment.report.evidence import Published
from assessment.report.parts import DimensionPart, Report, StepPart, Taken, ViewPart
from assessment.wording import barometer, numbers, sentences, trend

TEXT, NAME = 48, 24  # widths of a column, in characters


def tables(report: Report) -> Iterator[Table]:
    """Every table of a report that has something to say, in the reader's language."""
    columns = [
        Column(_("Item"), lambda row: row[0], 34),
        Column(_("Value"), lambda row: row[1], 80),
        Column(_("Exact value"), lambda row: row[2]),
    ]
    yield Table(_("Overview"), columns, list(overview(report)))
    for part in (dimensions, answers, plan, criteria, published, roles, notes):
        if (table := part(report)).items:
            yield table


def dimensions(report: Report) -> Table:
    """Score, level and range of each dimension, what they are compared with, and what matters in each."""
    return Table(
        _("Dimensions"),
        [
            Column(_("Dimension"), lambda part: str(part.title), NAME, key="dimension"),
            Column(
                _("Score"), lambda part: score(part.score) if part.is_scored else sentences.state(part), key="score"
            ),
            Column(_("Level"), lambda part: count(part.level.number) if part.level else None, key="level"),
            Column(_("Lowest possible score"), lambda part: score(part.range.low) if part.range else None, key="low"),
            Column(
                _("Highest possible score"), lambda part: score(part.range.high) if part.range else None, key="high"
            ),
            Column(_("Coverage"), lambda part: share(part.coverage), key="coverage"),
            *_compared(report),
            Column(_("In one sentence"), sentences.dimension, TEXT, key="statement"),
            Column(_("Exact score"), lambda part: exact(part.score), key="exact"),
            Column(_("Exact coverage"), lambda part: exact(part.coverage)),
            Column(_("Exact lowest possible"), lambda part: exact(part.range.low) if part.range else None),
            Column(_("Exact highest possible"), lambda part: exact(part.range.high) if part.range else None),
        ],
        report.dimensions,
    )


def _compared(report: Report) -> Iterator[Column]:
    """The columns for what a dimension is compared with: the barometer as we read it, earlier rounds."""
    for place, edition in enumerate(report.editions):
        title = _("Barometer %(edition)s (level, our editorial reading)") % {"edition": edition}
        yield Column(title, lambda part, place=place: count(part.references[place].level), HEADED)
    if report.before:
        yield Column(_("Last round"), lambda part: score(part.before.before) if part.before else None, key="last")
        yield Column(_("Since last round"), lambda part: change(part.before), HEADED, key="since_last")
    if report.peers and report.peers.middle:
        for place, title in enumerate((_("Middle half of your peers, from"), _("Middle half of your peers, to"))):
            yield Column(title, lambda part, place=place: _end_of_peers(report, part, place), HEADED)
    if report.first:
        yield Column(_("Since the first round"), lambda part: change(part.first), HEADED, key="since_first")


def _end_of_peers(report: Report, part: DimensionPart, place: int) -> Cell:
    ends = report.peers.middle.get(part.key)
    return count(ends[place]) if ends else None


def answers(report: Report) -> Table:
    """Why this score: every question with its answer, points and weight; what was written where it may be seen."""
    asked = [(part, question) for part in report.dimensions for question in part.questions]
    written = any(question.given and (question.given.note or question.given.evidence) for _part, question in asked)
    level = Column(
        _("Level"), lambda item: count(item[1].place[0]) if item[1].place else sentences.state(item[1]), key="level"
    )
    worth = Column(_("Points"), lambda item: points(item[1].score) or sentences.state(item[1]), key="score")
    columns = [
        Column(_("Dimension"), lambda item: str(item[0].title), NAME, key="dimension"),
        Column(_("Question"), lambda item: str(item[1].text), TEXT, key="about"),
        Column(_("Answer"), lambda item: sentences.answer(item[1]), TEXT, key="statement"),
        level if report.levels_only else worth,
        Column(_("Weight"), lambda item: points(item[1].weight), key="weight"),
    ]
    if report.joint and report.shows_views:
        columns.append(Column(_("Views differ"), lambda item: yes(item[1].views_differ), key="differ"))
    if report.joint and report.shows_views and not report.levels_only:
        columns += [
            Column(_("Lowest answer"), lambda item: str(item[1].lowest or ""), TEXT),
            Column(_("Highest answer"), lambda item: str(item[1].highest or ""), TEXT),
        ]
    if written:
        columns += [
            Column(_("Note"), lambda item: item[1].given.note if item[1].given else None, TEXT, key="note"),
            Column(_("Evidence"), lambda item: item[1].given.evidence if item[1].given else None, TEXT, key="evidence"),
        ]
    if not report.levels_only:
        columns.append(Column(_("Exact points"), lambda item: exact(item[1].score), key="exact"))
    return Table(_("Answers"), columns, asked)


def plan(report: Report) -> Table:
    """The next steps with what was agreed on them, and what each of them brings; then free actions, which bring no points."""
    exact_numbers = (
        Column(_("Exact gain"), _of_step(lambda step: exact(step.gain))),
        Column(_("Exact score afterwards"), _of_step(lambda step: exact(step.score_after))),
    )
    return Table(
        _("Plan"),
        [
            Column(pgettext("of the plan", "Step"), _of_step(lambda step: count(step.number)), 8, key="step"),
            Column(_("Action"), _worded, TEXT, key="title"),
            Column(_("First move"), _of_step(lambda step: str(step.first_move or "")), TEXT, key="note"),
            *_agreed(),
            Column(_("Dimension"), _of_step(lambda step: str(step.dimension)), NAME, key="dimension"),
            Column(_("Question"), _of_step(lambda step: str(step.question.text)), TEXT, key="about"),
            Column(_("Today"), _of_step(lambda step: sentences.answer(step.question)), TEXT),
            Column(_("Done when"), _of_step(lambda step: str(step.to)), TEXT, key="statement"),
            Column(_("Gain"), _of_step(gain, _("an action of your own")), key="gain"),
            Column(_("Effort"), _of_step(lambda step: numbers.effort(step.effort)), key="effort"),
            Column(_("Usual owner"), _of_step(lambda step: numbers.role(step.owner)), NAME, key="who"),
            Column(_("Score afterwards"), _of_step(after), key="after"),
            *(() if report.levels_only else exact_numbers),
        ],
        [*report.plan, *report.free],
    )


def _of_step(say: Callable[[Any], Cell], otherwise: Cell = None) -> Callable[[StepPart | Taken], Cell]:
    """What is said of a step, and of a free action in its place."""
    return lambda item: otherwise if isinstance(item, Taken) else say(item)


def _taken(item: StepPart | Taken) -> Taken | None:
    return item if isinstance(item, Taken) else item.taken


def _worded(item: StepPart | Taken) -> str:
    """The title of a step or an action, as its people worded it if they did."""
    taken = _taken(item)
    return taken.title if taken and taken.title else str(item.title or "")


def _agreed() -> Iterator[Column]:
    """Who sees to a step, until when, and how far it is, as agreed; empty to be filled in where nobody took it on."""
    yield Column(_("Owner"), lambda item: taken.who if (taken := _taken(item)) else None, NAME, key="owner")
    yield Column(_("Due"), lambda item: taken.due if (taken := _taken(item)) else None, key="due")
    yield Column(
        _("State"), lambda item: trend.state(taken) if (taken := _taken(item)) else _("not taken on yet"), key="state"
    )


def criteria(report: Report) -> Table:
    """Every point of each edition of the barometer in words, and where the organisation stands on it."""
    return Table(
        _("Barometer"),
        [
            Column(_("Edition"), lambda part: count(part.edition)),
            Column(_("Kind"), barometer.kind, HEADED),
            Column(_("Point"), lambda part: str(part.criterion.title), NAME),
            Column(_("What the barometer found"), lambda part: str(part.criterion.text), TEXT),
            Column(_("Dimension"), lambda part: str(part.dimension or ""), NAME),
            Column(_("Where you stand"), barometer.stands, HEADED),
            Column(_("Why"), barometer.criterion, TEXT),
            Column(_("Figures it published"), lambda part: "\n".join(map(barometer.statement, part.figures)), TEXT),
            Column(_("Source of the finding"), lambda part: barometer.confidence(part.criterion.confidence), NAME),
        ],
        [part for edition in report.barometer for part in edition.criteria],
    )


def published(report: Report) -> Table:
    """The optional answers, each beside every figure published of its choices, or that there is none."""
    return Table(
        _("Published figures"),
        [
            Column(_("Question"), lambda item: str(item[0].question), TEXT),
            Column(_("Your answer"), lambda item: numbers.listed(item[0].given.texts), TEXT),
            Column(_("You too"), lambda item: yes(item[1]) if item[2] else None),
            Column(_("Percent"), lambda item: percent(item[2].percent) if item[2] else None),
            Column(_("What was published"), lambda item: str(item[2].label) if item[2] else item[1], TEXT),
            *(
                Column(title, lambda item, of=of: of(item[2]) if item[2] else None, width)
                for title, of, width in _study()
            ),
        ],
        list(_figures(report)),
    )


def _figures(report: Report) -> Iterator[tuple]:
    """Each optional answer with whether a figure's choice was chosen and the figure; with words where there is none."""
    for part in report.comparisons:
        for chosen, figure in part.figures:
            yield part, chosen, figure
        if barometer.unpublished(part):
            yield part, barometer.unpublished(part), None


def _study() -> Iterator[tuple[str, Callable[[Published], Cell], int]]:
    """What is said of the study that a figure is from."""
    yield _("Publisher"), lambda figure: figure.publisher, NAME
    yield _("Year"), lambda figure: count(figure.year), FIGURE
    yield _("Number of answers"), lambda figure: count(figure.sample), FIGURE
    yield _("Approximate"), lambda figure: yes(figure.approximate) if figure.sample else None, FIGURE
    yield _("Population"), lambda figure: str(figure.population), TEXT
    yield _("Published by a vendor"), lambda figure: yes(figure.vendor), FIGURE
    yield _("Source of the finding"), lambda figure: barometer.confidence(figure.confidence), NAME


def roles(report: Report) -> Table:
    """The mean points of each role, or the statement nearest to them, on the questions where roles lie farthest apart."""
    groups = report.joint.roles if report.joint and report.by_role else ()
    columns = [
        Column(_("Dimension"), lambda view: str(view.dimension), NAME),
        Column(_("Question"), lambda view: str(view.question.text), TEXT),
    ]
    for group in groups:
        title = _("%(role)s (people: %(count)s)") % {"role": numbers.role(group.role), "count": group.responses}
        columns.append(
            Column(title, lambda view, key=group.role: _seen(view, key), TEXT if report.levels_only else HEADED)
        )
    return Table(_("By role"), columns, report.by_role)


def _seen(view: ViewPart, role: str) -> Cell:
    """How one role sees a question."""
    said = next(said for said in view.by_role if said.role == role)
    return str(said.nearest) if said.nearest else score(said.mean)


def notes(report: Report) -> Table:
    """What several people wrote beside their answers, as far as it may be shown."""
    return Table(
        _("Notes"),
        [
            Column(_("Question"), lambda item: str(item[0].text), TEXT, key="about"),
            Column(_("Note"), lambda item: item[1].text, 80, key="note"),
            Column(_("Role"), lambda item: numbers.role(item[1].role) if item[1].role else None, NAME, key="who"),
        ],
        [(question, note) for question in report.noted for note in question.notes],
    )

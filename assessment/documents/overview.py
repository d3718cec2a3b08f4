"""The first sheet of a report: whose it is, and the whole before its parts."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import scoring
from assessment.documents.cells import Cell, count, exact, score
from assessment.report.parts import Joint, Report
from assessment.wording import barometer, effect, joint, leads, numbers, peers, place, sentences

Row = tuple[str, Cell, Cell]


def overview(report: Report) -> Iterator[Row]:
    """What each row is about, its value as the page shows it, and the exact number behind it where there is one."""
    for part in (_subject(report), _verdict(report), _reading(report)):
        yield from (row for row in part if row[1] not in (None, ""))


def _subject(report: Report) -> Iterator[Row]:
    subject = report.subject
    yield _("Organisation"), subject.organisation, None
    if subject.is_demo:
        yield _("Example"), _("An example: the answers are invented."), None
    yield _("Date of the result"), timezone.localtime(subject.made_at).date(), None
    yield _("Round"), count(subject.round_number), None
    if subject.answers_erased:
        yield _("Answers erased"), sentences.erased(report), None
    yield _("Questionnaire"), str(report.questionnaire.title), None
    yield _("Version of the questionnaire"), count(report.version), None
    if report.joint:
        yield from _people(report.joint)
        yield _("What is shown of a question"), joint.levels(report), None


def _people(people: Joint) -> Iterator[Row]:
    modes = {scoring.Mode.OPEN: _("open"), scoring.Mode.CONFIDENTIAL: _("confidential")}
    yield _("How the round was held"), modes.get(people.mode), None
    yield _("People who answered"), count(people.responses), None
    if people.invited is not None:  # an open round has a link, and nobody knows how many have it
        yield _("People invited"), count(people.invited), None
    yield _("What the report rests on"), joint.basis(people), None


def _verdict(report: Report) -> Iterator[Row]:
    result, span = report.result, report.result.range
    yield _("In one sentence"), sentences.opening(report), None
    yield _("Score (0 to 100)"), score(result.score) or _("no score"), exact(result.score)
    yield _("Level (1 to 5)"), level(report), None
    if result.level_stated:
        yield _("Name of the level"), str(report.level.name), None
        yield _("What it means"), str(report.level.description), None
    else:
        yield _("Name of the level"), _("Not certain yet"), None
        yield _("Why"), sentences.uncertainty(report), None
    found = report.place
    yield _("Where you stand"), place.place_in_full(report), None
    yield _("Points to the next level"), count(found.points), None
    yield _("Gaps of the barometer"), barometer.gaps(report), None
    yield _("Contradicted gaps"), barometer.contradicted(report), None
    if report.peers:
        yield _("Beside your peers"), peers.peers(report), None
        yield _("Who your peers are"), peers.peers_basis(report.peers), None
    if place.held(report):
        yield _("Level by the score alone"), count(found.by_score), None
        yield _("Held back by"), numbers.listed(found.held_by), None
        yield _("Why the level is held"), place.held(report), None
    if span:
        yield _("Lowest possible score"), score(span.low), exact(span.low)
        yield _("Highest possible score"), score(span.high), exact(span.high)


def _reading(report: Report) -> Iterator[Row]:
    given, asked = report.answered
    yield _("Questions that apply"), count(asked), None
    yield _("Questions with a score"), count(given), None
    yield _("How certain it is"), sentences.certainty(report), None
    yield _("Your profile"), leads.profile_lead(report), None
    if report.before:
        yield _("Since the last round"), leads.before_lead(report), None
        yield _("Change of the score since the last round"), leads.whole_change(report), None
    for title, question in report.narrowing:
        told = _("%(question)s (%(dimension)s)") % {"question": question.text, "dimension": title}
        yield _("Answering this would narrow the range"), told, None
    if report.shows_plan:
        yield _("Next steps"), f"{leads.plan_lead(report)} {sentences.plan(report)}".strip(), None
        yield _("Gaps closed by the steps"), effect.effect_gaps(report), None
        for told in effect.effect_moves(report):
            yield _("What the steps change"), told, None
    for title, question in report.foundations:
        told = _("%(question)s (%(dimension)s)") % {"question": question.text, "dimension": title}
        yield _("Foundation not yet in place and not covered by the steps"), told, None
    for text in report.contradictions:
        yield _("A question to ask the team"), str(text), None
    yield (
        _("How to read the numbers"),
        _(
            "Scores are shown as whole numbers, rounded half up; 100 only for 100 and 0 only for 0. The columns named "
            "exact hold the numbers behind them, with up to six decimals."
        ),
        None,
    )


def level(report: Report) -> Cell:
    """The level where it is stated alone, else the lowest and the highest that are possible."""
    if report.result.level_stated:
        return count(report.result.level)
    if report.result.level_range is None:
        return None
    lowest, highest = report.result.level_range
    return count(lowest) if lowest == highest else f"{lowest}–{highest}"

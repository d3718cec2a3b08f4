"""What a report leaves out when it shows only some of its parts: page, charts and every document are made of what is left."""

from dataclasses import replace

from assessment.report.parts import DimensionPart, Part, Report, Source
from assessment.report.question import Given


def source_shown(source: Source) -> Source:
    """A source without what never reaches the report: notes and links, earlier rounds, the barometer."""
    if Part.NOTES not in source.shows:
        given = {key: Given(said.state, said.texts) for key, said in source.given.items()}
        joint = replace(source.joint, notes={}) if source.joint else None
        source = replace(source, given=given, joint=joint)
    if Part.EARLIER not in source.shows:
        source = replace(source, before=None, first=None)
    if Part.BAROMETER not in source.shows:
        source = replace(source, references={}, figures={}, barometer=(), standings={}, peers=None)
    return source


def report_shown(report: Report) -> Report:
    """A report without the plan, the answers and the talking points that it does not show, in `result` neither."""
    result = report.result
    if not report.shows >= {Part.BAROMETER, Part.ANSWERS}:
        result = replace(result, criteria=())
        report = _without_moves(report)
    if not report.shows >= {Part.PLAN, Part.ANSWERS}:
        result = replace(result, foundations=())
        report = replace(report, foundations=())
    if Part.PLAN not in report.shows:
        result = replace(result, plan=(), plan_on_mean=False)
        report = replace(report, plan=(), find_effect=None)
    if Part.VIEWS not in report.shows:
        alike = tuple(replace(one, views_differ=False, lowest=None, highest=None) for one in result.questions)
        result = replace(result, contradictions=(), questions=alike)
        dimensions = tuple(_without_views(part) for part in report.dimensions)
        report = replace(report, dimensions=dimensions, differing=(), by_role=(), contradictions=())
    if Part.ANSWERS not in report.shows:
        result = replace(result, questions=(), narrowing=())
        dimensions = tuple(_without_answers(part) for part in report.dimensions)
        missing = tuple(_without_answers(part) for part in report.missing)
        barometer = tuple(part.without_questions() for part in report.barometer)
        report = replace(
            report, dimensions=dimensions, missing=missing, narrowing=(), noted=(), comparisons=(), barometer=barometer
        )
    return replace(report, result=result)


def _without_moves(report: Report) -> Report:
    """A report whose plan does not say what it does on the points of the barometer."""
    find = report.find_effect
    if find is None:
        return report
    return replace(report, find_effect=lambda: replace(find(), moves=(), gaps_before=None, gaps_after=None))


def _without_views(part: DimensionPart) -> DimensionPart:
    """A dimension whose questions do not say how far apart people's answers lie."""
    questions = (
        replace(question, views_differ=False, lowest=None, highest=None, spread=None) for question in part.questions
    )
    return replace(part, questions=tuple(questions))


def _without_answers(part: DimensionPart) -> DimensionPart:
    return replace(part, questions=(), weak=(), strong=())

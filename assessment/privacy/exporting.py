"""Everything an organisation keeps, as plain values for its owner to take along; never one person's answers of several."""

from typing import Any

from django.db.models import Count, Q

from assessment import scoring
from assessment.models.action import Action
from assessment.models.organisation import Organisation
from assessment.models.result import Result
from assessment.models.round import Round
from assessment.results.reporting import answers_behind
from assessment.scoring import publishing
from assessment.scoring.levels_only import nearest

Data = dict[str, Any]


def export_of(organisation: Organisation) -> Data:
    """Facts, people, rounds with their reports as data, and actions; as many queries for few as for many."""
    return {
        "organisation": {
            "name": organisation.name,
            "address": organisation.get_absolute_url(),
            "sector": organisation.sector,
            "size": organisation.size,
            "market": organisation.market,
            "made_at": organisation.created_at,
            "contributes_to_the_barometer_since": organisation.contributes_since,
            "agreed_to_its_wording_at": organisation.agreed_at,
            "version_of_the_wording": organisation.agreed_wording or None,
        },
        "people": [
            {"name": membership.user.get_username(), "role": membership.role}
            for membership in organisation.memberships.select_related("user")
        ],
        "rounds": _rounds(organisation),
        "actions": [_action(action) for action in organisation.actions.select_related("made_in")],
    }


def _rounds(organisation: Organisation) -> list[Data]:
    found = Result.objects.of_rounds().filter(round__organisation=organisation)
    related = found.select_related("round", "questionnaire", "response__round__questionnaire")
    results = {result.round_id: result for result in related.prefetch_related("response__answers")}
    rounds = (
        organisation.rounds.order_by("number")
        .prefetch_related("shares")
        .annotate(
            invited=Count("invitations", filter=~Q(invitations__email="")),
            links=Count("invitations", filter=Q(invitations__email="")),
        )
    )
    return [_round(round_, results.get(round_.pk)) for round_ in rounds]


def _round(round_: Round, result: Result | None) -> Data:
    return {
        "number": round_.number,
        "kind": round_.mode,
        "opened_at": round_.opened_at,
        "closes_on": round_.closes_on,
        "closed_at": round_.closed_at,
        "dimensions_left_out": round_.excluded,
        "invited": None if round_.links else round_.invited,  # nobody knows how many have a link
        "report": result and _report(result),
        "reading_links": [share.data for share in round_.shares.all()],
    }


def _report(result: Result) -> Data:
    """What report.json holds, and how the result came about."""
    mode = scoring.Mode.SOLO if result.response else scoring.Mode(result.round.mode)
    questions = result.asked
    return {
        "made_at": result.created_at,
        "answered": result.responses,
        "means_by_role": _roles(result, questions),
        "answers_erased": result.answers_erased,
        **publishing.report_data(questions, answers_behind(result), result.values, mode=mode),
    }


def _roles(result: Result, asked: scoring.Questionnaire) -> list[Data]:
    """What is shown by role: means as exact fractions, or the key of the nearest statement where only levels are."""
    if not result.levels_only:
        return result.roles
    return [
        {
            "role": group.role,
            "responses": group.responses,
            "nearest": {
                key: None if points is None else nearest(asked.question(key), points)[0]
                for key, points in group.means.items()
            },
        }
        for group in result.role_groups
    ]


def _action(action: Action) -> Data:
    return {
        "round": action.made_in.number if action.made_in else None,
        "question": action.question,
        "to": action.to,
        "title": action.title or None,
        "who": action.who,
        "due": action.due,
        "state": action.state,
        "note": action.note,
        "made_at": action.made_at,
        "done_at": action.done_at,
    }

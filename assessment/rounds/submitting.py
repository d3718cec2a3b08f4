"""Submitting and correcting a response, and storing its result."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessment import scoring
from assessment.models.answer import Answer
from assessment.models.evidence import Finding
from assessment.models.outline import outline
from assessment.models.prepared import Prepared
from assessment.models.questionnaire import Questionnaire
from assessment.models.response import Response
from assessment.models.result import DimensionResult, Result, columns, dimension_columns, rounded
from assessment.models.round import Round
from assessment.models.secret import hash_of, random_id
from assessment.rounds.known import is_known
from assessment.scoring import record
from assessment.scoring.score import score
from assessment.scoring.supposing import score_after_plan


def compute(response: Response) -> scoring.Result:
    """The result of a response's stored answers, computed now."""
    values = response.values(response.saved_answers(), response.round.excluded)
    return score(asked_now(response.round.questionnaire), [values])


def asked_now(questionnaire: Questionnaire) -> scoring.Questionnaire:
    """What a new result is made of: the questionnaire with the criteria of today's evidence."""
    criteria = tuple(scoring.Criterion(*told) for told in _criteria())
    return replace(outline(questionnaire).scoring, criteria=criteria)


_criteria = Prepared(lambda: Finding.objects.criteria().values_list("key", "study__edition", "kind"))


def locked(key: str) -> list[Response]:
    """The draft and the submitted response behind a key, as `with_key` has them, locked until the transaction ends."""
    return _locked(hash_of(key))


_held_round = Prepared(lambda number: Round.objects.lock().filter(pk=number))
_locked = Prepared(lambda hashed: Response.objects.with_hashes([hashed]).to_answer().select_for_update(of=("self",)))


class ClosedError(Exception):
    """The round takes no answers any more, or has published in confidence what these would correct; nothing was changed."""


def submit(key: str, *, at: datetime, shares_notes: bool = False) -> Response | None:
    """Submit the draft behind a key and store its result; a second call finds it done. None when there is no such key.

    ClosedError when its round takes no answers any more, or published what it would correct.
    """
    with transaction.atomic():
        found = locked(key)
        if not found or not found[0].is_draft:
            return found[0] if found else None
        draft = found[0]
        # Held, so that the round is not closed meanwhile; read before the response was, it may be an old one.
        organisation, questionnaire = draft.round.organisation, draft.round.questionnaire
        draft.round = _held_round.first(draft.round_id)
        draft.round.organisation, draft.round.questionnaire = organisation, questionnaire
        if not draft.round.takes_answers(on=timezone.localdate(at)) or _stands(draft.round, found[1:]):
            raise ClosedError
        for earlier in found[1:]:
            earlier.state = Response.State.REPLACED
            earlier.save(update_fields=["state"])
            earlier.shares.update(response=draft)
        _complete(draft, shares_notes=shares_notes, at=at)
        store(draft.round, compute(draft), response=draft, at=draft.round.moment(at))
        _note_enough(draft.round, at=at)
    return draft


def _note_enough(round_: Round, *, at: datetime) -> None:
    """Note, for tomorrow, that enough people whom no owner knows have answered a confidential round; never taken back."""
    if round_.is_confidential and round_.enough_from is None:
        new = round_.responses.counted().filter(batch__gt=round_.publications, by_owner=False, opens_round=False)
        if new.count() >= round_.smallest_group:
            round_.enough_from = timezone.localdate(at) + timedelta(days=1)
            round_.save(update_fields=["enough_from"])


def _stands(round_: Round, earlier: Sequence[Response]) -> bool:
    """Whether answers given before were published in confidence: with others in their place, few people's would show."""
    return round_.is_confidential and any(response.batch <= round_.publications for response in earlier)


def _complete(draft: Response, *, shares_notes: bool, at: datetime) -> None:
    """Turn a draft into what was submitted, for the next publication of its round."""
    draft.state, draft.submitted_at = Response.State.SUBMITTED, draft.round.moment(at)
    draft.batch, draft.shares_notes = draft.round.publications + 1, shares_notes
    draft.by_owner = is_known(draft, at=at)
    draft.save(update_fields=["state", "submitted_at", "batch", "shares_notes", "by_owner"])


def store(round_: Round, values: scoring.Result, *, at: datetime, **more) -> Result:
    """Store a result, whole and by dimension; `more` are the columns that a response's or a joint one has of its own."""
    result = Result(
        round=round_,
        questionnaire=round_.questionnaire,
        scoring_version=values.version,
        record=record.dump(values),
        excluded=round_.excluded,
        created_at=at,
        **columns(values),
        **more,
    )
    result.exact = values  # which need not be read back from the record
    result.score_after_plan = rounded(score_after_plan(result.asked, result.values))
    result.save(force_insert=True)
    first = random_id()
    DimensionResult.objects.bulk_create(
        DimensionResult(id=first + place, result=result, dimension=part.key, **dimension_columns(part))
        for place, part in enumerate(values.dimensions)
    )
    return result


def drop_correction(key: str) -> bool:
    """Delete the draft that would correct the submitted response behind a key, which stays; False when there is none.

    In a solo round the statement of what does not apply is again that of the submitted answers.
    """
    with transaction.atomic():
        found = locked(key)
        draft = next((response for response in found if response.is_draft), None)
        submitted = next((response for response in found if not response.is_draft), None)
        if draft is None or submitted is None:
            return False
        round_, stated = Round.objects.lock().get(pk=draft.round_id), submitted.result.excluded
        if round_.is_solo and round_.excluded != stated:
            round_.excluded, round_.statement_revision = stated, round_.statement_revision + 1
            round_.save(update_fields=["excluded", "statement_revision"])
        submitted.mails_sent = max(submitted.mails_sent, draft.mails_sent)  # to the same person
        submitted.save(update_fields=["mails_sent"])
        draft.delete()
    return True


def correct(key: str, *, at: datetime) -> Response | None:
    """Open a draft that may replace the submitted response behind a key, with its answers; twice gives the same draft.

    None when there is nothing to correct: no such key, the round is closed, or it has published the answers.
    """
    with transaction.atomic():
        # Whoever corrects at the same time is waited for, and what they made is seen after that; locking it too, in another
        # order than those who come later, would end in a deadlock.
        locked(key)
        found = list(Response.objects.with_key(key))
        if not found or found[0].is_draft or not found[0].can_be_corrected:
            return found[0] if found and found[0].is_draft else None
        submitted = found[0]
        answers = list(submitted.answers.all())
        draft = Response.objects.create(
            round=submitted.round,
            key_hash=submitted.key_hash,
            role=submitted.role,
            email=submitted.email,
            mails_sent=submitted.mails_sent,
            opens_round=submitted.opens_round,
            user_id=submitted.user_id,
            author=submitted.author,
            previous_id=submitted.previous_id,
            previous_sealed=submitted.previous_sealed,
            by_owner=submitted.by_owner,
            by_owner_from=submitted.by_owner_from,
            shares_notes=submitted.shares_notes,
            started_at=submitted.round.moment(at),
        )
        for answer in answers:
            answer.pk, answer._state.adding, answer.response = None, True, draft
        Answer.objects.bulk_create(answers)
    return draft

"""How a round begins: an organisation, its next round and the response of the person who starts it."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models.no_mail import NoMail
from assessment.models.organisation import Membership, Organisation, new_slug
from assessment.models.people import addresses_of
from assessment.models.questionnaire import Questionnaire
from assessment.models.response import Response, author_of, tie
from assessment.models.round import Round, response_hashes
from assessment.models.secret import derived_key, hash_of, new_key


class NotNowError(Exception):
    """Something cannot be done at this moment; the text says why and what to do, in the reader's language."""


@transaction.atomic
def start_round(
    questionnaire: Questionnaire, details: Mapping[str, str], *, at: datetime, key: str | None = None
) -> tuple[Response, str]:
    """A new organisation with its first, solo round; the response and the key of its address, which is not stored.

    IntegrityError when a questionnaire was started with this key before.
    """
    organisation = Organisation.objects.create(
        name=details["name"],
        slug=new_slug(details["name"]),
        sector=details["sector"],
        size=details["size"],
        market=details["market"],
    )
    first = Round.objects.create(organisation=organisation, number=1, questionnaire=questionnaire, opened_at=at)
    return _open(first, role=details["role"], email=details.get("email", ""), at=at, key=key)


@transaction.atomic
def open_round(
    organisation: Organisation,
    questionnaire: Questionnaire,
    *,
    role: str,
    at: datetime,
    email: str = "",
    key: str | None = None,
) -> tuple[Response, str]:
    """The organisation's next round with the response of whoever opens it, and the key of its address."""
    return _open(next_round(organisation, questionnaire, at=at), role=role, email=email, at=at, key=key)


def _open(opened: Round, *, role: str, email: str, at: datetime, key: str | None) -> tuple[Response, str]:
    key = key or new_key()
    response = Response.objects.create(
        round=opened, key_hash=hash_of(key), role=role, email=email, opens_round=True, started_at=at
    )
    return response, key


def next_round(organisation: Organisation, questionnaire: Questionnaire, *, at: datetime) -> Round:
    """The organisation's next round, without a response yet; its earlier solo rounds take no answers from then on."""
    organisation.rounds.filter(mode=Round.Mode.SOLO, closed_at=None).update(closed_at=at)
    last = organisation.rounds.order_by("number").values_list("number", flat=True).last() or 0
    return Round.objects.create(organisation=organisation, number=last + 1, questionnaire=questionnaire, opened_at=at)


@transaction.atomic
def begin_again(organisation: Organisation, *, at: datetime) -> Round:
    """The next round of an organisation that keeps its results, under the questionnaire now in force.

    NotNowError while its last round is not finished, or when no questionnaire is published.
    """
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    last = locked.rounds.lock().order_by("-number").first()  # locked, so that nobody is invited to it meanwhile
    questionnaire = Questionnaire.objects.current()
    if questionnaire is None:
        raise NotNowError(_("No version of the questionnaire is published, so no round can begin."))
    if last and not is_finished(last):
        raise NotNowError(
            _("Round %(number)s is not finished. Answer and submit it, or close it, before you start another.")
            % {"number": last.number}
        )
    return next_round(locked, questionnaire, at=at)


def is_finished(round_: Round) -> bool:
    """Whether a round has said what it had to: it is closed, or solo and answered."""
    return not round_.is_open or (round_.is_solo and round_.responses.submitted().exists())


def own_key(user: AbstractBaseUser, round_: Round) -> str | None:
    """The key of the response that a signed-in person gives in a round, the same each time.

    In a confidential round that of their invitation, as one mailbox is one person; without one only its owners answer, whose
    answers count towards no smallest group, and others have no key.
    """
    if round_.is_confidential:
        invited = round_.invitations.sent_to(addresses_of(user)).filter(revoked_at=None).first()
        if invited and not NoMail.objects.is_ended(invited.mailbox, round_.pk):
            return invited.response_key
        if not Membership.objects.is_owner(round_.organisation_id, user.pk):
            return None
    return derived_key("own", user.pk, round_.pk)


def own_keys(user: AbstractBaseUser, round_: Round) -> list[str]:
    """The keys that a signed-in person's response in a round may have, as far as they can be worked out.

    That of the round's page, and those of invitations to addresses they have confirmed.
    """
    invited = round_.invitations.sent_to(addresses_of(user)).filter(revoked_at=None)
    own = own_key(user, round_)
    return [*([own] if own else []), *(invitation.response_key for invitation in invited)]


def is_own(response: Response) -> bool:
    """Whether its author answers it as one of the organisation's people, and not by an invitation or a link."""
    return response.user_id is not None and response.key_hash == hash_of(
        derived_key("own", response.user_id, response.round_id)
    )


@transaction.atomic
def answer_signed_in(round_: Round, user: AbstractBaseUser, *, role: str, at: datetime) -> tuple[Response, str]:
    """The response of a signed-in person to a round of their organisation, begun or found again, and its key.

    Whoever begins a solo round opens it. NotNowError when the round takes no answers, is a solo one that somebody else
    answers, is confidential and they are not invited, or when they take part by another address already.
    """
    locked = Round.objects.lock().select_related("organisation", "questionnaire").get(pk=round_.pk)
    key = own_key(user, locked)
    if key is None:
        raise NotNowError(
            _("This round is confidential: people answer it by invitation. Ask an owner to invite you at your address.")
        )
    found = Response.objects.with_key(key).first()
    if found:
        return found, key
    if not locked.takes_answers(on=timezone.localdate(at)):
        raise NotNowError(_("This round is closed: it takes no more answers."))
    if takes_part(locked, user):
        raise NotNowError(_("You take part in this round already. The link you began with leads back to your answers."))
    if locked.is_solo and locked.responses.exists():
        raise NotNowError(_("Somebody answers this round alone. Invite colleagues first: then you can answer, too."))
    response = Response.objects.create(
        round=locked,
        key_hash=hash_of(key),
        role=role,
        opens_round=locked.is_solo,
        by_owner=Membership.objects.is_owner(locked.organisation_id, user.pk),  # whatever they are when they submit
        started_at=locked.moment(at),
        mails_sent=int(locked.is_confidential),  # as of whoever came by their mail
        **tie(locked, user=user, previous=previous_of(locked, user)),
    )
    return response, key


def takes_part(round_: Round, user: AbstractBaseUser) -> bool:
    """Whether somebody answers a round already, signed in or by an invitation to one of their confirmed addresses."""
    invited = response_hashes(round_.invitations.sent_to(addresses_of(user)))
    theirs = Q(user_id=user.pk) | Q(author=author_of(user, round_.pk)) | Q(key_hash__in=invited)
    return round_.responses.filter(theirs, erased_at=None).exists()


def previous_of(round_: Round, user: AbstractBaseUser) -> Response | None:
    """What this person submitted in the organisation's last round before this one that they answered."""
    rounds = Round.objects.filter(organisation=round_.organisation_id, number__lt=round_.number)
    authors = [author_of(user, number) for number in rounds.values_list("pk", flat=True)]
    theirs = Response.objects.counted().filter(Q(user_id=user.pk) | Q(author__in=authors), round__in=rounds)
    return theirs.order_by("-round__number").first()


@transaction.atomic
def set_not_applicable(response: Response, dimension: str, applies_not: bool, *, revision: int | None = None) -> bool:
    """State for the whole round that a dimension does not apply, or take that back; answers already given are kept.

    False, and nothing is changed, when the statement was changed after the `revision` that this one is based on, or a
    joint result was published by it.
    """
    stored = Round.objects.lock().get(pk=response.round_id)
    is_so = (dimension in stored.excluded) == applies_not
    if not is_so and revision in (None, stored.statement_revision) and not stored.publications:
        others = [key for key in stored.excluded if key != dimension]
        stored.excluded = [*others, dimension] if applies_not else others
        stored.statement_revision += 1
        stored.save(update_fields=["excluded", "statement_revision"])
        is_so = True
    response.round.excluded, response.round.statement_revision = stored.excluded, stored.statement_revision
    return is_so

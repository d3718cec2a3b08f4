"""Rounds of before: one mailbox an invitation, no account, no earlier answers and no times beside confidential responses."""

from datetime import timedelta

from assessment.models.secret import derived_key, hash_of, new_key, seal, unseal
from assessment.text.addresses import mailbox
from django.db import migrations
from django.db.models import Q
from django.utils import timezone

SAME_PERSON = timedelta(days=300)


def forwards(apps, schema_editor):
    for invitation in apps.get_model("assessment", "Invitation").objects.exclude(email="").order_by("pk").iterator():
        _name_mailbox(apps, invitation)
    for round_ in apps.get_model("assessment", "Round").objects.exclude(mode="solo").iterator():
        _note_publication(apps, round_)
        if round_.mode == "confidential":
            _know(apps, round_)
            _seal(apps, round_)
            _note_enough(round_)


def _name_mailbox(apps, invitation):
    """The first of two invitations that went to one mailbox has it; the other one's answers count towards no group."""
    Invitation, NoMail = apps.get_model("assessment", "Invitation"), apps.get_model("assessment", "NoMail")
    box = mailbox(invitation.email)
    if invitation.silenced:
        NoMail.objects.get_or_create(fingerprint=derived_key("no mail", invitation.round_id, box))
    if Invitation.objects.filter(round=invitation.round_id, mailbox=box).exists():
        published = invitation.round.publications
        again = apps.get_model("assessment", "Response").objects.filter(key_hash=_response_hash(invitation))
        again.filter(by_owner=False).update(by_owner=True, by_owner_from=published + 1)
    else:
        Invitation.objects.filter(pk=invitation.pk).update(mailbox=box)


def _response_hash(invitation):
    return hash_of(derived_key("invited", invitation.seed))


def _note_publication(apps, round_):
    result = round_.results.filter(response=None).first()
    if result is None:
        return
    round_.published_at = result.created_at
    round_.save(update_fields=["published_at"])
    if round_.published_at > timezone.now() - SAME_PERSON:
        _mark(apps, round_)


def _mark(apps, round_):
    owners = _owners(apps, round_.organisation_id)
    invited = apps.get_model("assessment", "Invitation").objects.filter(round__organisation=round_.organisation_id)
    boxes = {mailbox(email) for email in invited.exclude(email="").values_list("email", flat=True)} - owners
    PublicationMark = apps.get_model("assessment", "PublicationMark")
    PublicationMark.objects.bulk_create(
        PublicationMark(
            source=derived_key("publication", round_.pk),
            pair=derived_key("pair", owner, box),
            confidential=round_.mode == "confidential",
            published_at=round_.published_at,
        )
        for owner in _fingerprints(apps, round_.organisation_id, owners)
        for box in boxes
    )


def _owners(apps, organisation_id):
    owners = apps.get_model("assessment", "Membership").objects.filter(organisation=organisation_id, role="owner")
    addresses = set(owners.values_list("user__email", flat=True))
    addresses |= set(owners.values_list("user__emailaddress__email", flat=True))
    return {mailbox(address) for address in addresses if address}


def _fingerprints(apps, organisation_id, mailboxes):
    owners = apps.get_model("assessment", "Membership").objects.filter(organisation=organisation_id, role="owner")
    accounts = {derived_key("owner account", user) for user in owners.values_list("user", flat=True)}
    return {derived_key("owner", mailbox) for mailbox in mailboxes} | accounts


def _know(apps, round_):
    """What an owner knows of a round that is not published: by the mailbox invited, and by a solo round of before."""
    Response = apps.get_model("assessment", "Response")
    openers = Response.objects.filter(
        round__organisation=round_.organisation_id, opens_round=True, submitted_at__gt=timezone.now() - SAME_PERSON
    )
    boxes = _owners(apps, round_.organisation_id)
    for names in ("email", "user__email", "user__emailaddress__email"):
        boxes |= {mailbox(address) for address in openers.values_list(names, flat=True) if address}
    known = Q(user__in=openers.exclude(user=None).values("user"))
    invited = [row for row in round_.invitations.exclude(email="") if mailbox(row.email) in boxes]
    known |= Q(key_hash__in=[_response_hash(row) for row in invited])
    unpublished = Q(state="draft") | Q(batch__gt=round_.publications)
    found = round_.responses.filter(known, unpublished, by_owner=False, erased_at=None)
    found.update(by_owner=True, by_owner_from=round_.publications + 1)


def _seal(apps, round_):
    Answer, Result = apps.get_model("assessment", "Answer"), apps.get_model("assessment", "Result")
    when = round_.opened_at
    for response in round_.responses.iterator():
        response.author = _author(response, round_)
        response.previous_sealed = seal(str(response.previous_id)) if response.previous_id else ""
        response.user = response.previous = None
        response.email, response.started_at = "", when
        response.submitted_at = response.submitted_at and when
        response.erased_at = response.erased_at and when
        response.save()
    Answer.objects.filter(response__round=round_).update(saved_at=when)
    Result.objects.filter(response__round=round_).update(created_at=when)


def _author(response, round_):
    if response.user_id:
        return derived_key("author", response.user_id, round_.pk)
    is_opener = response.email and response.opens_round
    return derived_key("author at", mailbox(response.email), round_.pk) if is_opener else ""


def _note_enough(round_):
    """When at least five have answered that nobody knows: since when is not known, so long ago that it may be told."""
    new = round_.responses.filter(
        state="submitted", erased_at=None, batch__gt=round_.publications, by_owner=False, opens_round=False
    )
    if new.count() >= 5:
        round_.enough_from = timezone.localdate(round_.opened_at)
        round_.save(update_fields=["enough_from"])


def backwards(apps, schema_editor):
    """As it was, but for times, which are not stored any more: accounts and earlier answers are worked out again."""
    NoMail = apps.get_model("assessment", "NoMail")
    stopped = set(NoMail.objects.values_list("fingerprint", flat=True))
    Response = apps.get_model("assessment", "Response")
    for invitation in apps.get_model("assessment", "Invitation").objects.exclude(email="").iterator():
        used = Response.objects.filter(key_hash=_response_hash(invitation)).exists()
        invitation.silenced = derived_key("no mail", invitation.round_id, mailbox(invitation.email)) in stopped
        invitation.used_at = invitation.created_at if used or invitation.silenced else None
        invitation.save(update_fields=["used_at", "silenced"])
    users = list(apps.get_model("auth", "User").objects.values_list("pk", flat=True))
    for response in Response.objects.exclude(author="", previous_sealed="").iterator():
        authors = {derived_key("author", user, response.round_id): user for user in users} if response.author else {}
        response.user_id = authors.get(response.author)
        earlier = unseal(response.previous_sealed) or None
        response.previous_id = earlier and Response.objects.filter(pk=earlier).values_list("pk", flat=True).first()
        response.save(update_fields=["user", "previous"])


class Migration(migrations.Migration):
    dependencies = [("assessment", "0010_confidence")]

    operations = [migrations.RunPython(forwards, backwards)]

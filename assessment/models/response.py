"""Responses: what one person says in a round, and the verbs that change it.

A response's address carries a random key; only the key's SHA-256 is stored. A correction is a new draft with the same key,
which takes the place of the submitted response when it is submitted in its turn.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment import scoring
from assessment.models.answer import SavedAnswer, answers_of
from assessment.models.organisation import Membership
from assessment.models.outline import Outline, outline
from assessment.models.questionnaire import Questionnaire
from assessment.models.round import Round
from assessment.models.secret import derived_key, hash_of, new_key, random_id, seal, unseal


class ResponseQuerySet(models.QuerySet):
    def with_key(self, key: str):
        """The draft and the submitted response behind an address, the draft first; replaced ones are history.

        Each of the two knows of the other by `submitted_batch` and `has_draft`.
        """
        return self.with_keys([key])

    def with_keys(self, keys: Iterable[str]):
        """The same behind several addresses."""
        return self.with_hashes([hash_of(key) for key in keys])

    def with_hashes(self, hashes: Iterable[str]):
        """The same by what is stored of the keys."""
        live = [Response.State.DRAFT, Response.State.SUBMITTED]
        same = Response.objects.filter(key_hash=models.OuterRef("key_hash"))
        found = self.filter(key_hash__in=hashes, state__in=live).annotate(
            submitted_batch=models.Subquery(same.submitted().values("batch")[:1]),
            has_draft=models.Exists(same.drafts()),
        )
        return found.select_related("round__organisation", "round__questionnaire").draft_first()

    def to_answer(self):
        """Without what the outline of their questionnaire says in its place, or only lists and comparisons ask."""
        return self.defer(*(f"round__questionnaire__{name}" for name in Questionnaire.BESIDE_OUTLINE))

    def by_key(self, keys: Iterable[str]) -> dict[str, "Response"]:
        """What is behind several addresses, with its answers: the draft if there is one, else what was submitted."""
        given = {hash_of(key): key for key in keys}
        if not given:  # as of most who open the first page
            return {}
        found: dict[str, Response] = {}
        for response in self.with_keys(given.values()).prefetch_related("answers"):
            found.setdefault(response.key_hash, response)  # the draft comes first
        return {key: found[hashed] for hashed, key in given.items() if hashed in found}

    def draft_first(self):
        """In the one order in which rows behind a key are locked: the draft, then what was submitted, the last one last."""
        return self.order_by(models.F("submitted_at").asc(nulls_first=True), "pk")

    def drafts(self):
        return self.filter(state=Response.State.DRAFT)

    def unfinished(self):
        """Drafts of those who have submitted nothing: a correction under way is none of them."""
        submitted = Response.objects.submitted().filter(key_hash=models.OuterRef("key_hash"))
        return self.drafts().exclude(models.Exists(submitted))

    def submitted(self):
        return self.filter(state=Response.State.SUBMITTED)

    def with_result(self):
        return self.select_related("result")

    def counted(self):
        """Submitted responses whose answers are still there: those a joint report rests on."""
        return self.submitted().filter(erased_at=None)

    def written_by(self, user, round_: Round):
        """What this account answered in a round, whether or not it was signed in by an invitation."""
        return self.filter(Q(user_id=user.pk) | Q(author=author_of(user, round_.pk)), round=round_)

    def with_membership_of(self, user: int):
        """Adds `is_owned`, whether somebody keeps the organisation, and `is_member`, whether this account belongs to it."""
        people = Membership.objects.filter(organisation=models.OuterRef("round__organisation"))
        return self.annotate(is_owned=models.Exists(people), is_member=models.Exists(people.filter(user_id=user)))


class Response(models.Model):
    """One person's answers in a round."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        REPLACED = "replaced", _("replaced by a correction")

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="responses", verbose_name=_("round"))
    key_hash = models.CharField(max_length=64, db_index=True, editable=False)
    role = models.CharField(_("role"), max_length=64)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    email = models.EmailField(_("e-mail"), blank=True, default="")
    mails_sent = models.PositiveSmallIntegerField(_("mails sent"), default=0, editable=False)
    opens_round = models.BooleanField(_("opened the round"), default=False)
    # The account of whoever answers, so that they find their answers again; nobody else is shown this. In a confidential
    # round neither it nor the earlier response is stored, only a fingerprint of the one and the other sealed.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="responses"
    )
    author = models.CharField(max_length=40, blank=True, default="", editable=False)
    # What the same person said in an earlier round, for them to see beside each question.
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    previous_sealed = models.CharField(max_length=200, blank=True, default="", editable=False)
    # Known to an owner: their own, or by somebody whose answers they could read; it counts towards no smallest group.
    by_owner = models.BooleanField(_("by an owner"), default=False, editable=False)
    # From which publication of its round on that counts, of rounds of before: since then who becomes an owner later changes
    # nothing of what they submitted.
    by_owner_from = models.PositiveSmallIntegerField(default=0, editable=False)
    shares_notes = models.BooleanField(_("notes may be shown"), default=False)
    # The publication of its round's joint report that it is part of, or will be; 0 for a draft.
    batch = models.PositiveSmallIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(_("started on"))
    submitted_at = models.DateTimeField(_("submitted on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("answers erased"), null=True, blank=True, editable=False)
    # Behind one key, as `with_key` finds it: the batch of what was submitted, and whether a draft is there.
    submitted_batch: int | None = None
    has_draft: bool = False

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key_hash"], condition=Q(state="draft"), name="response_one_draft"),
            models.UniqueConstraint(fields=["key_hash"], condition=Q(state="submitted"), name="response_one_submitted"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | ~Q(state="draft") & Q(submitted_at__isnull=False),
                name="response_submitted_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}, {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_known(self) -> bool:
        """Whether an owner knows its answers: their own, or those whose report they could read as a solo round's."""
        return self.by_owner or self.opens_round

    @property
    def is_published(self) -> bool:
        """Whether its round's joint report, once published, rests on it."""
        return not self.is_draft and self.batch <= self.round.publications

    @property
    def is_correction(self) -> bool:
        """Whether this draft, found by its key, would take the place of submitted answers."""
        return self.is_draft and self.submitted_batch is not None

    @property
    def can_be_answered(self) -> bool:
        """A draft, while its round takes answers; what a confidential round has published is corrected no more."""
        published = (
            self.is_correction and self.round.is_confidential and self.submitted_batch <= self.round.publications
        )
        return self.is_draft and self.round.takes_answers() and not published

    @property
    def can_be_corrected(self) -> bool:
        """While its round takes answers; what a confidential round has published stands."""
        published = self.round.is_confidential and self.is_published
        return not self.is_draft and self.round.takes_answers() and not published

    @property
    def outline(self) -> Outline:
        return outline(self.round.questionnaire)

    @property
    def earlier_id(self) -> int | None:
        """The response of the same person in an earlier round; it may have been erased since."""
        sealed = unseal(self.previous_sealed)
        return int(sealed) if sealed else self.previous_id

    def saved_answers(self) -> dict[str, SavedAnswer]:
        """This response's answers by question key, in the order of the questionnaire; one query."""
        if "answers" in getattr(self, "_prefetched_objects_cache", ()):
            found = {answer.question_id: answer.saved for answer in self.answers.all()}
        else:
            found = answers_of(self.pk)
        keys = self.outline.question_keys
        given = {keys[question]: answer for question, answer in found.items()}
        return {key: given[key] for key in self.outline.question_ids if key in given}

    @property
    def known_result(self):
        """Its result, which gets to know the round from here: the database is not asked for the same rows twice."""
        result = self.result
        result.round, result.questionnaire = self.round, self.round.questionnaire
        return result

    def count_mail(self, *, most: int) -> bool:
        """Count one more mail to whoever answers; False when there were enough."""
        counted = Response.objects.filter(pk=self.pk, mails_sent__lt=most)
        return counted.update(mails_sent=models.F("mails_sent") + 1) == 1

    def was_known(self, publication: int) -> bool:
        """Whether it counted as known to an owner in that publication of its round."""
        return self.opens_round or (self.by_owner and self.by_owner_from <= publication)

    def values(
        self, answers: Mapping[str, SavedAnswer], excluded: Collection[str], *, publication: int = 0
    ) -> scoring.Response:
        """The answers as the scoring core takes them; the questions of a dimension left out are not applicable."""
        values = {key: answer.value for key, answer in answers.items() if answer.value}
        for key, dimension in self.outline.dimension_of.items():
            if dimension in excluded:
                values[key] = scoring.Answer(scoring.AnswerState.NOT_APPLICABLE)
        return scoring.Response(role=self.role, answers=values, owner=self.was_known(publication))


def author_of(user, round_id: int) -> str:
    """What a response to a confidential round stores of its author's account: another fingerprint in each round."""
    return derived_key("author", user.pk, round_id)


def author_at(mailbox: str, round_id: int) -> str:
    """What the response that opened a round which became confidential stores of a mailbox, where it has no account."""
    return derived_key("author at", mailbox, round_id)


def tie(round_: Round, *, user=None, previous: Response | None = None) -> dict:
    """The columns that tie a response to its author and to what they said before, as a round of this kind stores them."""
    if not round_.is_confidential:
        return {"user_id": user.pk if user else None, "previous": previous}
    return {
        "author": author_of(user, round_.pk) if user else derived_key("nobody", new_key()),
        "previous_sealed": seal(str(previous.pk) if previous else ""),
    }


def responses_of(user) -> models.QuerySet:
    """Everything that an account answered, in whichever round."""
    whose = cache(lambda of: author_of(user, of))
    sealed = Response.objects.exclude(author="").values_list("pk", "round_id", "author")
    found = [number for number, of, author in sealed.iterator() if author == whose(of)]
    return Response.objects.filter(Q(user_id=user.pk) | Q(pk__in=found))

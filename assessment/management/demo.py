"""Invented organisations with rounds, to see what the product looks like in use. They are marked and counted nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from assessment.barometer.nightly import invent
from assessment.barometer.sealing import Facets
from assessment.content.files import organisation_lists
from assessment.models.action import Action
from assessment.models.answer import Answer
from assessment.models.barometer import Edition
from assessment.models.organisation import Membership, Organisation, new_slug
from assessment.models.questionnaire import Questionnaire
from assessment.models.response import Response
from assessment.models.round import Round
from assessment.models.secret import derived_key
from assessment.organisations.plan import Agreed, add_free, change, take_on
from assessment.organisations.trend import results_of
from assessment.results.example import invented_results
from assessment.rounds.closing import close
from assessment.rounds.inviting import invite
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import open_round, set_not_applicable
from assessment.rounds.submitting import submit


@dataclass(frozen=True)
class Invented:
    """An organisation of the demonstration; each round gives, by dimension, the places of its choices in turn.

    None stands for "I don't know", a missing dimension for one that does not apply.
    """

    name: str
    facts: dict[str, str]
    rounds: tuple[dict[str, tuple[int | None, ...]], ...]
    # By the number of the round: how it was held, and the roles of those who answered besides whoever opened it.
    held: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    own: str = ""  # a free action of its plan

    def key(self, number: int) -> str:
        """The secret of what answers a round by number: the same every time, so that its address can be printed again."""
        return derived_key("demo", self.name, number)


LUMIERE = (
    {"strategy": (1, 0, 1), "charter": (0, 1), "training": (0, 1, 0), "roi": (1, 0), "social-selling": (0, 1)},
    {"strategy": (2, 2, 1), "charter": (1, 2), "training": (1, 1), "roi": (2, 1, 1), "social-selling": (1, 1, 2)},
    {"strategy": (3, 2, 3), "charter": (2, 2, 1), "training": (2, 1), "roi": (3, 3, 2), "social-selling": (2, 1, 2)},
)
COLLEAGUES = ("communication", "sales", "hr", "management", "marketing", "sales")
TEAMS = {2: (Round.Mode.OPEN, COLLEAGUES[:2]), 3: (Round.Mode.CONFIDENTIAL, COLLEAGUES)}
ORGANISATIONS = (
    Invented(
        "Atelier Lumière (démo)",
        {"sector": "industry", "size": "small-medium", "market": "b2b"},
        LUMIERE,
        TEAMS,
        own="Inviter l’équipe commerciale au comité éditorial",
    ),
    Invented(
        "Nordvik Outdoor (demo)",
        {"sector": "retail", "size": "intermediate", "market": "b2c"},
        (
            {"strategy": (3, 3, 2), "charter": (2, 3), "training": (1, 2), "roi": (3, 2)},
            {"strategy": (4, 3, 4), "charter": (3, 3), "training": (3, 2), "roi": (4, 3)},
        ),
    ),
    Invented(
        "Banque du Littoral (démo)",
        {"sector": "finance", "size": "large", "market": "both"},
        ({"strategy": (4, 3), "charter": (0, 0), "training": (3, 4), "roi": (3, 3), "social-selling": (3, 4)},),
    ),
    Invented(
        "Hallam Borough Council (demo)",
        {"sector": "public", "size": "intermediate", "market": "other"},
        ({"strategy": (2, None), "charter": (1, None), "training": (None, 1), "roi": (None, 0, None, 2)},),
    ),
)
# State, who sees to it, and when it is due, in days from now.
ACTIONS = (
    (Action.State.DONE, "Camille", -120),
    (Action.State.STARTED, "Marketing", 60),
    (Action.State.PLANNED, "Sacha", -30),
)
YEAR = timedelta(days=365)


TAKING_PART = 400  # invented organisations of the live barometer
SEED = 2016  # the same edition each time


def make_edition(*, at: datetime) -> Edition | None:
    """The live barometer of this year with invented organisations; None where a real one agreed to count. Twice is once."""
    lists, random = organisation_lists(), Random(SEED)  # noqa: S311 -- chance that comes out the same each time
    kinds = [(lists.group_of(entry.key), size.key) for entry in lists.sectors for size in lists.sizes]
    weights = [(4, 5, 2, 1)[place % len(lists.sizes)] for place in range(len(kinds))]
    facets = [Facets(*kind, random.choice(lists.markets).key) for kind in random.choices(kinds, weights, k=TAKING_PART)]
    results = invented_results(Questionnaire.objects.current(), TAKING_PART, random)
    return invent(timezone.localtime(at).year, zip(facets, results, strict=True), at=at, random=random)


@transaction.atomic
def make(people: Mapping[str, AbstractBaseUser], *, at: datetime) -> None:
    """Make what is missing of the demonstration; the people belong to the first organisation, each by their role."""
    questionnaire = Questionnaire.objects.current()
    for place, invented in enumerate(ORGANISATIONS):
        organisation = Organisation.objects.filter(name=invented.name, is_demo=True).first()
        if organisation is None:
            slug = new_slug(invented.name)
            organisation = Organisation.objects.create(name=invented.name, slug=slug, is_demo=True, **invented.facts)
            for number, answers in enumerate(invented.rounds, start=1):
                began = at - YEAR * (len(invented.rounds) - number) - timedelta(days=20)
                key = invented.key(number)
                of = _answer(organisation, questionnaire, answers, key=key, at=began)
                if number in invented.held:
                    _answer_together(of, answers, *invented.held[number], at=began)
            _act(organisation, invented.own, at=at)
        if place == 0:
            for role, person in people.items():
                Membership.objects.get_or_create(organisation=organisation, user=person, defaults={"role": role})


def _answer(
    organisation: Organisation, questionnaire: Questionnaire, answers: dict, *, key: str, at: datetime
) -> Round:
    response, key = open_round(organisation, questionnaire, role="marketing", at=at, key=key)
    for dimension in response.outline.content.dimensions:
        if dimension.scored and dimension.key not in answers:
            set_not_applicable(response, dimension.key, True)
    _fill(response, key, answers, at=at)
    return response.round


def _answer_together(round_: Round, answers: dict, mode: str, roles: Sequence[str], *, at: datetime) -> None:
    """The colleagues answer, each seeing some things better or worse than whoever opened the round; then it is closed."""
    emails = [f"colleague-{number}@demo.example" for number in range(1, len(roles) + 1)]
    for number, (invitation, role) in enumerate(zip(invite(round_, mode, emails, at=at), roles, strict=True), start=1):
        joined = join(invitation, Newcomer(role), at=at + timedelta(days=number))
        if joined:
            _fill(*joined, answers, shift=number, at=at + timedelta(days=number))
    close(round_, at=at + timedelta(days=len(roles) + 1))


def _fill(response: Response, key: str, answers: dict, *, at: datetime, shift: int = 0) -> None:
    """Answer by the pattern and submit; a `shift` moves some answers a place up or down."""
    changes = []
    for dimension in response.outline.content.dimensions:
        if dimension.scored and dimension.key not in answers:
            continue
        for number, question in enumerate(dimension.questions):
            pattern = answers.get(dimension.key, (1,))
            pick = pattern[number % len(pattern)]
            if pick is None:
                changes.append(Change(question.key, Answer.State.UNKNOWN, (), "", "", None))
            else:
                moved = max(0, pick + ((number + shift) % 3 - 1 if shift else 0))
                choice = question.choices[min(moved, len(question.choices) - 1)].key
                changes.append(Change(question.key, Answer.State.ANSWERED, (choice,), "", "", None))
    save_answers(response, changes, {}, at=at)
    submit(key, at=at + timedelta(minutes=17))


def _act(organisation: Organisation, own: str, *, at: datetime) -> None:
    """The steps of the round before the last: one is done, one reached while under way, one overdue; and a free action."""
    *earlier, latest = results_of(organisation)
    if not earlier:
        return
    result, again = earlier[-1], {(step.question, step.to) for step in latest.values.plan}
    # What the latest round advises once more was not reached meanwhile.
    steps = sorted(result.values.plan, key=lambda step: (step.question, step.to) in again)
    taken = result.created_at + timedelta(days=7)
    for step, (state, who, days) in zip((*steps[:2], steps[-1]), ACTIONS, strict=False):
        agreed = Agreed(who=who, due=(at + timedelta(days=days)).date())
        made = take_on(result.round, step, agreed, at=taken)
        change(made, state, agreed, at=taken + timedelta(days=150))
    if own:
        add_free(organisation, Agreed(who="Camille", due=(at + timedelta(days=90)).date(), title=own), at=taken)

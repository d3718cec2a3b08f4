"""Short ways to what tests need: a round that somebody answers, an account, a reading link."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from assessment import scoring
from assessment.accounts.made import confirm
from assessment.authoring.loading import load_questionnaire
from assessment.content.fingerprint import content_hash
from assessment.content.questionnaire import read_questionnaire
from assessment.content.structure import QuestionContent, QuestionnaireContent, Text
from assessment.mailing.sending import deliver
from assessment.models import Action, Answer, Membership, Organisation, Question, Questionnaire, Response, Result, Round
from assessment.models.organisation import new_slug
from assessment.models.outline import Outline, outline
from assessment.organisations.plan import Agreed, take_on
from assessment.organisations.sharing import share
from assessment.report.building import build
from assessment.report.evidence import Edition, Reference
from assessment.report.parts import WHOLE, Earlier, Part, Report, Source, Subject
from assessment.report.question import Given
from assessment.results.reporting import after_plan, criteria_of
from assessment.rounds.closing import close
from assessment.rounds.inviting import invite, open_link
from assessment.rounds.joining import Newcomer, join
from assessment.rounds.saving import Change, save_answers
from assessment.rounds.starting import begin_again, open_round, set_not_applicable
from assessment.rounds.submitting import submit
from assessment.scoring.comparison import compare
from assessment.scoring.score import score

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
FACTS = {"sector": "retail", "size": "micro", "market": "b2b"}
# What the form that starts a questionnaire takes.
START = {"name": "Maison Dupont", "role": "marketing", "email": ""} | FACTS
# What the form that makes a reading link takes.
SHARE = {"parts": ["answers", "barometer", "plan", "views"], "days": "90", "label": ""}
__all__ = ["deliver"]  # what the worker does with the mails that are due
numbers = count(1)
BEFORE = Path(__file__).parent / "questionnaire_version_1.yaml"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of an app for one-time codes


def draft(**changes) -> Questionnaire:
    """The next version of the current questionnaire, not published: the same but for these parts of its content."""
    changes = changes or {"title": Text(f"Draft {next(numbers)}", "Brouillon")}
    made, is_new = load_questionnaire(replace(outline(Questionnaire.objects.current()).content, **changes))
    assert is_new
    return made


def changed_dimension(content: QuestionnaireContent, name: str, /, **changes) -> QuestionnaireContent:
    """The questionnaire with these parts of one dimension changed."""
    return replace(
        content, dimensions=tuple(replace(part, **changes) if part.key == name else part for part in content.dimensions)
    )


def changed_question(content: QuestionnaireContent, name: str, /, **changes) -> QuestionnaireContent:
    """The questionnaire with these parts of one question changed."""
    for part in content.dimensions:
        questions = tuple(replace(item, **changes) if item.key == name else item for item in part.questions)
        content = changed_dimension(content, part.key, questions=questions)
    return content


def changed_choice(
    content: QuestionnaireContent, question: QuestionContent, place: int, /, **changes
) -> QuestionnaireContent:
    """The questionnaire with these parts of one choice of a question changed."""
    choices = list(question.choices)
    choices[place] = replace(choices[place], **changes)
    return changed_question(content, question.key, choices=tuple(choices))


def version_of_before() -> Questionnaire:
    """The version shipped before there were steps, published and alone, as no rule would let it be published now."""
    rows = QuerySet(Questionnaire)
    rows.update(status="draft")
    Questionnaire.objects.all().delete()
    content = read_questionnaire(BEFORE.read_bytes(), BEFORE.name)
    made, _is_new = load_questionnaire(content, publishes=False)
    rows.filter(pk=made.pk).update(status="published", published_at=NOON, content_hash=content_hash(content))
    made.refresh_from_db()
    return made


TITLES = (
    "Community management",
    "Paid campaigns and media buying",
    "Governance",
    "Suivi du retour sur investissement",
    "Marque employeur et collaborateurs ambassadeurs",
    "Crisis communication",
    "Formation",
    "Influence and partnerships",
    "Protection des données personnelles",
    "Social selling",
)


def in_parts(number: int) -> Questionnaire:
    """A draft with the scored questions of the current version in so many dimensions, part-0 and on, of long names."""
    *parts, optional = outline(Questionnaire.objects.current()).content.dimensions
    questions = [question for part in parts for question in part.questions]
    changed = (
        replace(
            parts[place % 5],
            key=f"part-{place}",
            title=Text(TITLES[place], TITLES[place]),
            questions=tuple(questions[place::number]),
        )
        for place in range(number)
    )
    return draft(dimensions=(*changed, optional))


def without_steps(question: Question) -> None:
    """Take away the steps to the choices of a draft's question."""
    nothing = dict.fromkeys(("step_title_en", "step_title_fr", "first_move_en", "first_move_fr"))
    question.choices.update(**nothing, effort="", owner="")


def at_the_same_time(*actions: Callable[[], object]) -> list:
    """What these return or raise, run in threads that begin together, each with a connection of its own."""
    barrier, outcome = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place: int) -> None:
        try:
            barrier.wait(20)
            outcome[place] = actions[place]()
        except Exception as error:
            outcome[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcome


def organisation(name: str = "Maison Dupont", **fields) -> Organisation:
    return Organisation.objects.create(name=name, slug=new_slug(name), **FACTS | fields)


def started(owner: Organisation | None = None, *, role: str = "marketing", at: datetime = NOON, **fields):
    """A draft with its key."""
    return open_round(owner or organisation(), Questionnaire.objects.current(), role=role, at=at, **fields)


def answer(response: Response, choose: Callable[[QuestionContent], str | None], *, at: datetime = NOON) -> None:
    """Answer every question of a draft with what `choose` says: a choice's key, a state, or None for nothing."""
    changes = []
    for question in response.outline.questions.values():
        picked = choose(question)
        if picked in (Answer.State.UNKNOWN, Answer.State.NOT_APPLICABLE):
            changes.append(Change(question.key, picked, (), "", "", None))
        elif picked is not None:
            changes.append(Change(question.key, Answer.State.ANSWERED, (picked,), "", "", None))
    save_answers(response, changes, response.saved_answers(), at=at)


def level(number: int) -> Callable[[QuestionContent], str | None]:
    """Choose the choice of one level in every scored question, and leave the optional ones open."""
    return lambda question: question.choices[number - 1].key if question.weight else None


def chosen(picks: Mapping[str, str]) -> Callable[[QuestionContent], str | None]:
    """Choose by question key; what is not named stays open."""
    return lambda question: picks.get(question.key)


def submitted(
    owner: Organisation | None = None,
    choose: Callable[[QuestionContent], str | None] | None = None,
    *,
    left_out: tuple[str, ...] = (),
    at: datetime = NOON,
    **fields,
) -> tuple[Response, str]:
    """A submitted response with its key; every question at level 3 unless said otherwise."""
    response, key = started(owner, at=at, **fields)
    for dimension in left_out:
        set_not_applicable(response, dimension, True)
    answer(response, choose or level(3), at=at)
    return submit(key, at=at), key


def several(
    owner: Organisation,
    mode: str,
    answers: Sequence[Callable[[QuestionContent], str | None]],
    *,
    roles: Sequence[str] = ("marketing",),
    at: datetime = NOON,
    close_it: bool = True,
) -> Round:
    """A round that as many colleagues answered as there are `answers`, their roles in turn; closed unless said otherwise."""
    of = begin_again(owner, at=at)
    if mode == Round.Mode.OPEN:
        links = [open_link(of, at=at)] * len(answers)
    else:
        links = invite(of, mode, [f"colleague{number}@example.org" for number in range(len(answers))], at=at)
    for number, (link, choose) in enumerate(zip(links, answers, strict=True)):
        response, key = join(link, Newcomer(roles[number % len(roles)]), at=at)
        answer(response, choose, at=at)
        submit(key, at=at)
    of.refresh_from_db()
    if close_it:
        close(of, at=at)
    return of


def held_together(
    owner: Organisation, mode: str, levels: Sequence[int], *, at: datetime = NOON, invited: int = 0
) -> Round:
    """The next round of an organisation, held by several people: each of them at one level, the first one opened it."""
    response, key = started(owner, at=at)
    answer(response, level(levels[0]), at=at)
    emails = [f"colleague-{number}@example.org" for number in range(max(invited, len(levels) - 1))]
    invitations = invite(response.round, mode, emails, at=at)
    submit(key, at=at)
    for invitation, number in zip(invitations, levels[1:], strict=False):
        colleague, own_key = join(invitation, Newcomer("sales"), at=at)
        answer(colleague, level(number), at=at)
        submit(own_key, at=at)
    return response.round


def action(round_: Round, place: int = 0, *, at: datetime = NOON, **agreed) -> Action:
    """The action that a step of a round's published result became."""
    step = Result.objects.of_rounds().get(round=round_).values.plan[place]
    return take_on(round_, step, Agreed(**agreed), at=at)


def account(name: str | None = None, *, member_of: Organisation | None = None, role: str = "owner", **rights):
    """A user with a confirmed address, who may belong to an organisation."""
    name = name or f"user{next(numbers)}@example.org"
    user = get_user_model().objects.create_user(name, email=name, password="pass", **rights)
    confirm(user)
    if member_of:
        Membership.objects.create(organisation=member_of, user=user, role=role)
    return user


def sign_in(client: Client, user, *, second_factor: bool = False) -> None:
    """Sign in past the pages; with `second_factor` the session is one that a code of the user's app was typed into."""
    client.force_login(user)
    if second_factor:
        factor, _made = Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": KEY}})
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "id": factor.pk, "type": "totp"}]
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session.save()


PROPOSED = WHOLE - {Part.EARLIER, Part.NOTES}


def reading_link(
    round_: Response | Round, parts: Collection[str] = PROPOSED, *, days: int = 90, at: datetime, preview: bool = False
):
    """A reading link, by default of what the form proposes, and its token; `preview`: with the score in previews."""
    return share(round_, parts, days=days, at=at, score_in_preview=preview)


def report_on(
    content: QuestionnaireContent,
    choose: Callable[[QuestionContent], str | None],
    *,
    left_out: tuple[str, ...] = (),
    references: Mapping[str, Sequence[Reference]] | None = None,
    before: tuple[QuestionnaireContent, scoring.Result] | None = None,
    barometer: Sequence[Edition] = (),
    shows: frozenset[Part] = WHOLE,
    rules: int = scoring.SCORING_VERSION,
) -> Report:
    """The report on these answers without a database; `before` is an earlier questionnaire with its result."""
    asked = Outline(0, 1, content, {})
    answers, given = {}, {}
    for key, question in asked.questions.items():
        picked = choose(question)
        chosen = tuple(choice for choice in question.choices if choice.key == picked)
        state = "answered" if chosen else picked
        if asked.dimension_of[key] in left_out:
            answers[key] = scoring.Answer(scoring.AnswerState.NOT_APPLICABLE)
        elif state:
            answers[key] = scoring.Answer(scoring.AnswerState(state), tuple(choice.key for choice in chosen))
            given[key] = Given(state, tuple(choice.text for choice in chosen))
    questions = replace(asked.scoring, criteria=criteria_of(barometer))
    result = score(questions, [scoring.Response("marketing", answers)], version=rules)
    earlier = None
    if before:
        changes = compare(Outline(0, 1, before[0], {}).scoring, before[1], asked.scoring, result)
        earlier = Earlier(NOON, 1, before[1], changes)
    subject = Subject("Maison Dupont", NOON, 2 if before else 1)
    return build(
        Source(
            subject,
            content,
            1,
            given,
            references or {},
            before=earlier,
            shows=shows,
            barometer=barometer,
            standings={told.key: told for told in result.criteria},
            after_plan=after_plan(questions, result, barometer),
        ),
        result,
    )

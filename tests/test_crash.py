"""The server killed, or its database gone, under load: nothing acknowledged is lost, and it comes back by itself."""

import http.client
import json
import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection

from assessment.models.secret import hash_of
from tests import outages
from tests.sampling import THOROUGH
from tests.server import Site, running_site
from tests.visitor import Visitor

pytestmark = pytest.mark.every_case

CLIENTS = 4
GONE = (OSError, http.client.HTTPException)  # what a client sees of a server that dies or is dead


@pytest.fixture(scope="module")
def site(tmp_path_factory, static):
    with running_site(tmp_path_factory.mktemp("crash"), static, behind=outages.door) as running:
        yield running


class Unavailable(Exception):
    """The server says that it cannot save now."""


class Load:
    """Clients that do something again and again, through the times when nobody answers; `done` counts what succeeded,
    `refused` what the server could not do at the time."""

    def __init__(self, acts: list[Callable[[], None]]) -> None:
        self.acts, self.stop, self.done, self.refused, self.slowest = acts, Event(), 0, 0, 0.0

    def _work(self, act: Callable[[], None]) -> None:
        while not self.stop.is_set():
            begun = monotonic()
            try:
                act()
                self.done += 1
            except (*GONE, Unavailable) as failure:
                if isinstance(failure, Unavailable):
                    self.refused, self.slowest = self.refused + 1, max(self.slowest, monotonic() - begun)
                self.stop.wait(0.02)

    def wait_for(self, more: int) -> None:
        """Until so much more has succeeded; an error when that takes more than a minute."""
        target, until = self.done + more, monotonic() + 60
        while self.done < target:
            assert monotonic() < until, "the clients get nothing done"
            sleep(0.005)

    def wait_for_refusals(self, more: int) -> None:
        """Until the server has refused so many more; an error when that takes more than a minute."""
        target, until = self.refused + more, monotonic() + 60
        while self.refused < target:
            assert monotonic() < until, "the clients are not told that nothing can be saved"
            sleep(0.005)

    @contextmanager
    def running(self) -> Iterator["Load"]:
        """All clients at work within this block."""
        with ThreadPoolExecutor(len(self.acts)) as pool:
            working = [pool.submit(self._work, act) for act in self.acts]
            try:
                yield self
            finally:
                self.stop.set()
            for one in working:
                one.result()

    def under_fire(self, site: Site, *, kills: int, between: int) -> None:
        """Kill the server at random moments while it is busy, and start it again."""
        moments = random.Random(7)
        with self.running():
            for _kill in range(kills):
                self.wait_for(moments.randint(1, between))
                sleep(moments.uniform(0, 0.05))
                site.kill()
                site.start()


class Respondent:
    """Saves one answer after the other as the page's script does, and remembers what the server acknowledged."""

    def __init__(self, site: Site, number: int) -> None:
        self.visitor = Visitor(site.address)
        self.visitor.start(f"Organisation {number}")
        self.visitor.get(f"/r/{self.visitor.key}/strategy/")
        self.questions = ["strategy-document", "strategy-objectives", "strategy-management", "strategy-channels"]
        self.random = random.Random(number)
        self.acknowledged: dict[str, tuple[int, str]] = {}  # question -> revision and choice
        self.unanswered: dict[
            str, list[str]
        ] = {}  # what was sent since, and may have been stored before the server died

    def act(self) -> None:
        question = self.random.choice(self.questions)
        choice = f"level-{self.random.randint(1, 5)}"
        self.unanswered.setdefault(question, []).append(choice)
        status, text, _place = self.visitor.post(
            f"/r/{self.visitor.key}/strategy/", {"save": question, question: choice}, accept="application/json"
        )
        answer = json.loads(text)
        if status == 503:
            raise Unavailable(answer)
        assert status == 200, text
        assert answer["saved"] is True
        self.acknowledged[question] = (answer["questions"][question]["revision"], choice)
        self.unanswered[question] = []

    def check(self, site: Site) -> None:
        """What was acknowledged stands, unless a later save, whose answer never came, was stored as well."""
        found = site.rows(
            "SELECT q.key, a.revision, a.choices FROM assessment_answer a "
            "JOIN assessment_response r ON r.id = a.response_id JOIN assessment_question q ON q.id = a.question_id "
            f"WHERE r.key_hash = '{hash_of(self.visitor.key)}'"
        )
        stored = {key: (revision, choices) for key, revision, choices in found}
        for question, (revision, choice) in self.acknowledged.items():
            now, choices = stored[question]
            chosen = json.loads(choices) if isinstance(choices, str) else choices
            assert now >= revision
            assert chosen[0] in ([choice] if now == revision else self.unanswered[question]), question


def test_no_acknowledged_answer_is_lost_when_the_server_is_killed_again_and_again_under_load(site):
    respondents = [Respondent(site, number) for number in range(CLIENTS)]
    Load([respondent.act for respondent in respondents]).under_fire(site, kills=10 if THOROUGH else 3, between=40)
    for respondent in respondents:
        assert respondent.acknowledged
        respondent.check(site)
        respondent.act()  # and it goes on
        respondent.visitor.connection.close()


class Submitter:
    """Answers and submits one questionnaire after the other; what was not acknowledged is sent again."""

    def __init__(self, site: Site, questionnaire, number: int) -> None:
        self.visitor, self.questionnaire, self.number = Visitor(site.address), questionnaire, number
        self.keys: list[str] = []
        self.submitted: list[str] = []

    def act(self) -> None:
        if self.keys == self.submitted:
            self.keys.append(self.visitor.start(f"Organisation {self.number}.{len(self.keys)}"))
        for dimension in self.questionnaire.dimensions:
            picked = {question.key: question.choices[len(self.keys) % 2].key for question in dimension.questions}
            status, text, _place = self.visitor.post(f"/r/{self.visitor.key}/{dimension.key}/", picked)
            assert status in (302, 409), text  # 409: it was submitted, and only the word of it was lost
        self.visitor.submit()
        self.submitted.append(self.visitor.key)


def test_each_submission_has_one_result_that_its_answers_give_when_the_server_is_killed_meanwhile(site, shipped):
    submitters = [Submitter(site, shipped[0], number) for number in range(CLIENTS)]
    Load([submitter.act for submitter in submitters]).under_fire(site, kills=5 if THOROUGH else 2, between=4)
    results = dict(
        site.rows(
            "SELECT r.key_hash, COUNT(s.id) FROM assessment_response r "
            "LEFT JOIN assessment_result s ON s.response_id = r.id WHERE r.state <> 'draft' GROUP BY r.key_hash"
        )
    )
    done = [hash_of(key) for submitter in submitters for key in submitter.submitted]
    assert len(done) >= 5
    assert set(done) <= results.keys()
    assert set(results.values()) == {1}
    assert "all equal" in site.manage("rescore", "--check")
    for submitter in submitters:
        submitter.visitor.connection.close()


def test_a_page_is_whole_again_after_the_server_was_killed(site):
    with Visitor(site.address) as visitor:
        key = visitor.start()
        visitor.answer("strategy", {"strategy-document": "level-3"})
        site.kill()
        with suppress(*GONE):
            visitor.get(f"/r/{key}/")
        site.start()
        assert 'value="level-3" checked' in visitor.get(f"/r/{key}/strategy/")


SECONDS = float(os.environ.get("OUTAGE_SECONDS", "0"))  # that an outage lasts, beyond what a test needs
OUTAGES = [outages.locked, outages.away, outages.disk_full if connection.vendor == "sqlite" else outages.read_only]


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_of_the_database_is_told_and_passes_and_nothing_acknowledged_is_lost(site, outage):
    respondents = [Respondent(site, number) for number in range(3)]
    with Visitor(site.address, "fr") as visitor, Load([one.act for one in respondents]).running() as load:
        key = visitor.start()
        load.wait_for(6)
        with outage(site):
            load.wait_for_refusals(6)
            sleep(connection.settings_dict["CONN_MAX_AGE"])  # then nobody has the file open who opened it before
            status, text, _place = visitor.post(f"/r/{key}/strategy/", {"strategy-document": "level-2"})
            assert status == 503
            assert '<html lang="fr">' in text
            assert visitor.ask("GET", "/health/live")[0] == 200
            reads = 503 if outage is outages.away else 200
            assert {visitor.ask("GET", path)[0] for path in ("/health/ready", "/", f"/r/{key}/strategy/")} == {reads}
            sleep(SECONDS)
        load.wait_for(6)
        for _time in range(20):  # a process that has not noticed yet says once more: in a moment
            if visitor.post(f"/r/{key}/strategy/", {"strategy-document": "level-2"})[0] == 302:
                break
            sleep(0.5)
        else:
            pytest.fail("the site did not recover within ten seconds")
    if SECONDS:
        print(f"\n{outage.__name__}: {load.refused} refused, the slowest after {load.slowest:.1f} s, {load.done} saved")
    for respondent in respondents:
        respondent.check(site)
        respondent.visitor.connection.close()

"""A worker killed in the middle of fifty mails: none is sent twice, and each is sent or told as one that may have arrived.

`KILLS=all` kills it at every one of the fifty, as `make bench` does.
"""

import os
import subprocess
import sys
from time import monotonic, sleep

import pytest

from tests.mail_server import mail_server
from tests.server import ROOT, running_site

FIFTY = 50
MOMENTS = ("MAIL", "text", "taken")
SAMPLE = [(1, "MAIL"), (23, "text"), (FIFTY, "taken")]
EVERY = [(place, MOMENTS[place % 3]) for place in range(1, FIFTY + 1)]
# As the owner's page does it, for people who were never mailed before.
ASK = """
from django.utils import timezone
from assessment.mailing.asking import invite_to_round
from assessment.models import Questionnaire, Round
from assessment.models.accounts import make_account
from assessment.models.starting import next_round
from assessment.models.organisation import Membership, Organisation, new_slug

pytestmark = pytest.mark.every_case
facts = dict(sector="retail", size="micro", market="b2b")
organisation = Organisation.objects.create(name="Maison Dupont", slug=new_slug("x"), **facts)
owner = make_account("owner-{run}@example.org", "a long sentence")
Membership.objects.create(organisation=organisation, user=owner, role="owner")
of = next_round(organisation, Questionnaire.objects.current(), at=timezone.now())
Round.objects.filter(pk=of.pk).update(mode="confidential")
of.refresh_from_db()
emails = [f"run-{run}-{{place:02}}@example.org" for place in range(50)]
invite_to_round(of, emails, by=owner, languages="en", at=timezone.now())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, static):
    with running_site(tmp_path_factory.mktemp("mail-crash"), static, workers=1) as running:
        yield running


def states(site, run):
    """The state of each mail of a run."""
    return dict(site.rows(f"SELECT recipient, state FROM assessment_mail WHERE recipient LIKE 'run-{run}-%'"))


@pytest.mark.parametrize(("place", "moment"), EVERY if os.environ.get("KILLS") == "all" else SAMPLE)
def test_a_worker_killed_at_any_mail_sends_none_twice_and_loses_none(site, place, moment):
    with mail_server() as server:
        site.environment["EMAIL_URL"] = server.url
        site.manage("shell", "-c", ASK.format(run=place))
        worker, met = site.worker(), []

        def kill(now):
            met.extend([now] if now == moment and worker.poll() is None else [])
            if len(met) == place:
                worker.kill()
                worker.wait()

        server.at = kill
        wait_for(lambda: worker.poll() is not None)
        assert list(states(site, place).values()).count("sending") == 1
        server.at = lambda now: None
        site.deliver()  # another worker sends the others, and takes the one in hand for nobody's
        assert sorted(states(site, place).values()) == ["sending"] + ["sent"] * (FIFTY - 1)
        site.change("UPDATE assessment_mail SET claimed_at = '2020-01-01 00:00:00+00:00' WHERE state = 'sending'")
        site.deliver()
        found = states(site, place)
        assert sorted(found.values()) == ["sent"] * (FIFTY - 1) + ["unknown"]
        assert len(server.recipients) == len(set(server.recipients))
        assert {address for address, state in found.items() if state == "sent"} <= set(server.recipients)
        assert len(server.recipients) == (FIFTY - 1 if moment == "MAIL" else FIFTY)


def test_a_worker_asked_to_end_finishes_the_mail_in_hand_and_begins_no_other(site):
    with mail_server() as server:
        site.environment["EMAIL_URL"] = server.url
        site.manage("shell", "-c", ASK.format(run="end"))
        worker = site.worker()
        server.at = lambda now: worker.terminate() if now == "text" else None
        wait_for(lambda: worker.poll() is not None)
        assert worker.returncode == 0
        assert len(server.messages) == 1
        assert sorted(states(site, "end").values()) == ["due"] * (FIFTY - 1) + ["sent"]


def test_a_worker_ends_with_the_process_that_started_it(site, tmp_path):
    """As `make run` and `make serve` start it: the web process takes the place of the shell that started both."""
    noted = tmp_path / "worker"
    script = f"{sys.executable} manage.py db_worker --parent $$ & echo $! > {noted}; exec sleep 100"
    web = subprocess.Popen(["sh", "-c", script], cwd=ROOT, env=site.environment, stderr=subprocess.DEVNULL)
    wait_for(lambda: noted.exists() and noted.read_text().strip())
    worker = int(noted.read_text())
    sleep(2)
    assert is_running(worker)
    web.kill()
    web.wait()
    wait_for(lambda: not is_running(worker))


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False).stdout
    return not stat.startswith("Z")


def wait_for(condition):
    until = monotonic() + 60
    while not condition():
        assert monotonic() < until
        sleep(0.02)

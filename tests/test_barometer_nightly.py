"""A night of the live barometer on rows: who is counted, what is stored and published of it, and what nothing moves."""

import json
import logging
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from assessment.barometer import candidates, nightly, sealing
from assessment.barometer.candidates import about_waiting, all_waiting
from assessment.barometer.nightly import StillRunsError, close, night, problems
from assessment.barometer.sealing import Applicant, Facets
from assessment.models import (
    Candidate,
    Counted,
    Edition,
    LabelSum,
    Membership,
    Organisation,
    Questionnaire,
    Response,
    Result,
)
from assessment.models.organisation import WORDING
from assessment.organisations.sharing import describe
from assessment.privacy.erasing import delete_organisation, erase
from tests import factories
from tests.barometer_rows import DAY, result, take_part
from tests.barometer_world import names_batches
from tests.server import ROOT

SPRING = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = SPRING + 20 * DAY
END = datetime(2027, 1, 31, 12, tzinfo=UTC)
EVERY = os.environ.get("KILLS") == "all"
pytestmark = pytest.mark.usefixtures("questionnaire")


def run(at=LATER, seed=1):
    return night(at=at, random=Random(seed))[-1]


def counted():
    return set(Counted.objects.values_list("organisation_id", flat=True))


def everything():
    """The bytes of what is published."""
    return json.dumps([edition.cells for edition in Edition.objects.order_by("pk")], sort_keys=True)


# Who is counted ------------------------------------------------------------------------------------------------------
def test_ten_that_agreed_are_summed_published_and_remembered():
    houses = take_part(10, made=SPRING)
    edition = run()
    assert counted() == {house.pk for house in houses}
    (summed,) = edition.sums.all()
    assert (summed.sector, summed.size, summed.market, summed.n) == ("trade", "micro", "b2b", 10)
    assert summed.counts["level"] == {"1": 4, "2": 3, "3": 3}
    assert {"reached", "not-yet"} <= set(summed.counts["criteria.cr-13"]) | set(summed.counts["criteria.cr-01"])
    whole = edition.cells[0]
    assert (whole["n"], whole["shares"]["level"]) == (10, {"1": 40, "2": 40, "3": 40})
    assert problems(edition) == []


def test_nine_go_on_waiting_and_nothing_is_published():
    take_part(9, made=SPRING)
    edition = run()
    assert (edition.cells, counted(), edition.sums.count()) == ([], set(), 0)
    assert len(all_waiting(2026, at=LATER)) == 9
    assert about_waiting(2026, at=LATER) == 10
    take_part(1, made=SPRING)
    assert run(LATER + DAY).cells[0]["n"] == 10


@pytest.mark.parametrize(
    "what", ["thirteen days", "unconfirmed", "member", "older wording", "withdrawn", "demo", "before", "last year"]
)
def test_who_is_not_counted(what):
    (house,) = take_part(1, made=SPRING)
    at, row = SPRING + 14 * DAY, Organisation.objects.filter(pk=house.pk)
    assert [one.organisation for one in all_waiting(2026, at=at)] == [house.pk]
    if what == "thirteen days":
        at -= DAY
    elif what == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    elif what == "member":
        Membership.objects.update(role=Membership.Role.MEMBER)
    elif what == "older wording":
        row.update(agreed_wording=WORDING - 1)
    elif what == "withdrawn":
        row.update(contributes_since=None, agreed_at=None)
    elif what == "demo":
        row.update(is_demo=True)
    elif what == "before":
        row.update(agreed_at=SPRING + DAY)
    else:
        Result.objects.update(created_at=SPRING - 365 * DAY)
    assert all_waiting(2026, at=at) == []


def test_a_second_result_of_the_year_counts_not_once_more():
    houses = take_part(10, made=SPRING)
    run()
    for house in houses:
        result(house, made=SPRING + 30 * DAY, level=5)
    published = everything()
    run(SPRING + 60 * DAY)
    assert everything() == published
    assert len(counted()) == 10


@pytest.mark.parametrize(("days", "waits"), [(299, False), (300, True)])
def test_in_the_next_year_three_hundred_days_lie_between(days, waits):
    (house,) = take_part(1, made=SPRING)
    again = SPRING + days * DAY + 20 * DAY
    Result.objects.update(created_at=SPRING + 20 * DAY)
    result(house, made=again)
    assert again.year == 2027
    assert bool(all_waiting(2027, at=again + 14 * DAY)) is waits


def test_of_a_solo_round_what_was_corrected_last_waits():
    take_part(1, made=SPRING)
    old = Result.objects.get()
    Response.objects.update(state=Response.State.REPLACED)
    new = Response.objects.get()
    new.pk, new.state, new.key_hash = new.pk + 1, Response.State.SUBMITTED, "x"
    new.save(force_insert=True)
    old.pk, old.response, old.created_at = old.pk + 1, new, SPRING + 10 * DAY
    old.save(force_insert=True)
    assert all_waiting(2026, at=SPRING + 20 * DAY) == []
    assert [one.result for one in all_waiting(2026, at=SPRING + 24 * DAY)] == [old.pk]


def test_one_person_or_one_domain_has_one_place_in_a_batch():
    houses = take_part(10, made=SPRING)
    viewer = factories.account("viewer@agency.example", member_of=houses[0], role="viewer")
    Membership.objects.create(organisation=houses[1], user=viewer, role="viewer")
    run()
    assert counted() == set()
    viewer.memberships.filter(organisation=houses[1]).delete()
    EmailAddress.objects.create(user=viewer, email="x@mail.house.example", verified=False)
    EmailAddress.objects.create(user=houses[1].memberships.get().user, email="y@house.example", verified=True)
    run()
    assert counted() == set()
    EmailAddress.objects.filter(email="x@mail.house.example").delete()
    run()
    assert len(counted()) == 10


def test_confidential_results_count_by_the_levels_they_show():
    take_part(10, made=SPRING, levels=(3,))
    exact = Result.objects.first()
    for question in (record := exact.record)["questions"]:
        question["score"] = "49" if question["score"] else None  # its level is worth 50
    Result.objects.update(record=record, levels_only=True)
    (summed,) = run().sums.all()
    assert {tuple(of) for name, of in summed.counts.items() if name.startswith("criteria.")} == {("reached",)}


# Who is looked at ----------------------------------------------------------------------------------------------------
def looked_at(monkeypatch, at):
    """Of how many organisations the rows are read in a night."""
    seen, agreed = [], candidates._agreed
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "_agreed", lambda numbers, **how: seen.extend(numbers) or agreed(numbers, **how))
        run(at)
    return len(seen)


def test_a_night_looks_at_what_settled_since_the_last_and_at_who_may_still_count(monkeypatch):
    """Neither at who was counted, nor at who has to make another result first."""
    take_part(12, made=SPRING)
    take_part(3, made=SPRING, sector="health")
    for house in take_part(5, made=SPRING - 300 * DAY, sector="health"):
        result(house, made=SPRING - 10 * DAY)
    assert looked_at(monkeypatch, LATER) == 20
    assert len(counted()) == 12
    take_part(4, made=SPRING + 10 * DAY, sector="health")
    assert looked_at(monkeypatch, LATER + 10 * DAY) == 3 + 4


def test_a_night_asks_for_no_result_of_before_the_day_that_was_seen_last():
    take_part(12, made=SPRING)
    run()
    assert Edition.objects.get().seen_to == SPRING.date()
    with CaptureQueriesContext(connection) as asked:
        run(LATER + DAY)
    (found,) = [of["sql"] for of in asked if 'MAX("assessment_result"."created_at")' in of["sql"]]
    assert "2026-03-02 00:00:00" in found
    assert "2026-01-01" not in found


def test_a_night_whose_clock_was_ahead_passes_over_nothing():
    take_part(12, made=SPRING)
    run(SPRING + 200 * DAY)
    take_part(10, made=SPRING + DAY, sector="health")
    run(SPRING + 16 * DAY)
    assert len(counted()) == 22


@pytest.mark.parametrize("ahead", [0, 200])
def test_a_night_with_an_earlier_clock_than_the_last_loses_nobody_that_waits(ahead):
    """That of one was ahead, or that of the other is behind: by this one nothing has settled."""
    take_part(8, made=SPRING)
    take_part(1, made=SPRING + DAY, sector="health")
    run(SPRING + (15 + ahead) * DAY)
    run(SPRING + 10 * DAY)
    take_part(2, made=SPRING + 2 * DAY)
    run(SPRING + 17 * DAY)
    assert len(counted()) == 10


def test_a_candidate_that_was_counted_is_not_counted_again():
    """As by the nights of an earlier version, put back for a while."""
    houses = take_part(12, made=SPRING)
    edition = run()
    Candidate.objects.bulk_create(Candidate(edition=edition, organisation=house) for house in houses)
    take_part(10, made=SPRING + DAY)
    assert run(LATER + DAY).sums.get().n == 22
    assert Candidate.objects.count() == 0


def test_who_withdrew_or_went_is_no_candidate_any_more():
    houses = take_part(9, made=SPRING)
    run()
    assert Candidate.objects.count() == 9
    delete_organisation(houses[0])
    assert Candidate.objects.count() == 8
    withdraw(houses[1])
    run()
    assert set(Candidate.objects.values_list("organisation_id", flat=True)) == {house.pk for house in houses[2:]}


def lacks_nothing(house):
    """Whether rows let it count, asked one by one."""
    owners = house.memberships.filter(role=Membership.Role.OWNER, user__emailaddress__verified=True)
    return house.contributes and not house.is_demo and owners.exists()


def waiting_by_all_rows(at):
    """Who waits, found without what nights remember."""
    there = [house for house in Organisation.objects.exclude(pk__in=counted()) if lacks_nothing(house)]
    found = {}
    for house in there:
        made = [(of.created_at, of.pk) for of in Result.objects.of_rounds().filter(round__organisation=house)]
        facets, since = Facets("trade", house.size, house.market), (house.agreed_at, house.contributes_since)
        if one := sealing.waiting(Applicant(house.pk, facets, frozenset(), *since, made), year=2026, at=at):
            found[house.pk] = one.result
    return found


def happen(random, at):
    """Something to one of the organisations: all that may let it count, or not any more."""
    house = random.choice(Organisation.objects.order_by("pk"))
    emails = EmailAddress.objects.filter(user__memberships__organisation=house)
    what = random.choice(("result", "withdraw", "agree", "unconfirm", "confirm", "demo", "real", "delete", "replace"))
    if what in ("result", "replace"):
        result(house, made=at - random.randrange(3) * DAY)
    elif what in ("withdraw", "agree"):
        house.agree(what == "agree", at=at)
        house.save()
    elif what in ("unconfirm", "confirm"):
        emails.update(verified=what == "confirm")
    elif what in ("demo", "real"):
        Organisation.objects.filter(pk=house.pk).update(is_demo=what == "demo")
    elif what == "delete" and random.random() < 0.2:
        delete_organisation(house)
    if what == "replace" and (old := Response.objects.filter(round__organisation=house).order_by("pk").first()):
        Response.objects.filter(pk=old.pk).update(state=Response.State.REPLACED)


@pytest.mark.parametrize("seed", range(30 if EVERY else 2))
def test_who_waits_is_who_would_wait_if_all_rows_were_looked_at(seed):
    """Whatever happens between nights, some of which are missed and some broken off."""
    random, at = Random(seed), SPRING
    for _ in range(25):
        at += random.choice((1, 1, 1, 2, 9, 20)) * DAY
        made = at - random.randrange(14) * DAY  # rows appear late, but not once they would have settled
        take_part(random.randrange(5), made=made, size=random.choice(("micro", "large")))
        if Organisation.objects.exists():
            for _ in range(random.randrange(6)):
                happen(random, at - timedelta(hours=random.randrange(1, 20)))
        assert {one.organisation: one.result for one in all_waiting(2026, at=at)} == waiting_by_all_rows(at)
        if random.random() < 0.2:
            with transaction.atomic():
                run(at)
                transaction.set_rollback(True)
        run(at, seed=random.random())
    assert len(counted()) >= 10


# What nothing moves --------------------------------------------------------------------------------------------------
@pytest.fixture
def sealed():
    houses = take_part(12, made=SPRING)
    run()
    return houses


def withdraw(house):
    facts = {name: getattr(house, name) for name in ("name", "sector", "size", "market")}
    describe(house, facts, contributes=False, at=LATER)


def change_sector(house):
    facts = {"name": house.name, "sector": "health", "size": "large", "market": "other"}
    describe(house, facts, contributes=True, at=LATER)


def erase_answers(house):
    Membership.objects.filter(organisation=house).delete()
    erase(Response.objects.get(round__organisation=house), at=LATER)


@pytest.mark.parametrize("happens", [withdraw, change_sector, erase_answers, delete_organisation])
def test_what_was_published_moves_by_nothing(sealed, happens):
    published, summed = everything(), list(LabelSum.objects.values_list())
    happens(sealed[0])
    assert everything() == published
    run(LATER + DAY)
    run(LATER + 90 * DAY)
    assert everything() == published
    assert list(LabelSum.objects.values_list()) == summed
    assert problems(Edition.objects.get()) == []


def test_a_withdrawn_one_counts_no_more_and_a_deleted_one_is_forgotten(sealed):
    withdraw(sealed[0])
    result(sealed[0], made=SPRING + 310 * DAY)
    assert all_waiting(2027, at=SPRING + 340 * DAY) == []
    delete_organisation(sealed[1])
    assert sealed[1].pk not in counted()
    assert len(counted()) == 11


# A night -------------------------------------------------------------------------------------------------------------
def test_twice_is_once(sealed):
    before = everything(), counted(), list(LabelSum.objects.values_list())
    run()
    assert (everything(), counted(), list(LabelSum.objects.values_list())) == before


def test_a_night_that_breaks_leaves_nothing_and_the_next_one_does_it_all(monkeypatch):
    take_part(20, made=SPRING)
    monkeypatch.setattr(nightly, "_remember", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run()
    assert (everything(), counted(), LabelSum.objects.count()) == ("[]", set(), 0)
    monkeypatch.undo()
    run()
    assert (len(counted()), Edition.objects.get().cells[0]["n"]) == (20, 20)


# Runs the command, and kills itself in the place of the statement of this number.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
asked = []
def kill(execute, *given):
    asked.append(given)
    if len(asked) == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*given)
with connection.execute_wrapper(kill):
    call_command("barometer")
"""


def killed_at(statement):
    """What became of a process of its own on this database: whether it was killed."""
    name, url = str(connection.settings_dict["NAME"]), urlsplit(os.environ["DATABASE_URL"])
    here = url._replace(path=f"/{name}").geturl() if connection.vendor == "postgresql" else f"sqlite:///{name}"
    known = os.environ | {"DATABASE_URL": here, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(statement)], env=known, cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), (here, done.stderr[-1500:])
    return done.returncode != 0


@pytest.mark.every_case
@pytest.mark.parametrize("statement", range(1, 51) if EVERY else (5, 11, 14))
def test_a_night_killed_anywhere_and_run_again_counts_nobody_twice_and_loses_nobody(lasting, statement):
    houses = take_part(25, made=datetime.now(UTC) - 20 * DAY)
    was_killed = killed_at(statement)
    assert was_killed or EVERY  # a night asks fewer than fifty times
    assert len(counted()) == (0 if was_killed else 25)
    assert LabelSum.objects.exists() is not was_killed
    night(at=datetime.now(UTC), random=Random(1))
    assert counted() == {house.pk for house in houses}
    assert LabelSum.objects.get().n == 25
    assert [problem for edition in Edition.objects.all() for problem in problems(edition)] == []


def test_two_nights_at_once_are_one_after_the_other(lasting):
    take_part(10, made=SPRING)
    outcome = factories.at_the_same_time(*[lambda: night(at=LATER, random=Random(1))] * 2)
    assert [type(one) for one in outcome] == [list, list]
    edition = Edition.objects.get()
    assert (edition.cells[0]["n"], edition.sums.get().n, len(counted())) == (10, 10, 10)
    assert problems(edition) == []


def test_who_withdraws_during_a_night_is_waited_for(lasting):
    """Either they withdrew before it, or they were counted by it."""
    houses = take_part(11, made=SPRING)
    factories.at_the_same_time(lambda: night(at=LATER, random=Random(1)), lambda: withdraw(houses[0]))
    assert len(counted()) in (10, 11)
    assert problems(Edition.objects.get()) == []


def test_the_queries_of_a_night_do_not_grow_with_who_was_counted(django_assert_max_num_queries):
    take_part(30, made=SPRING)
    run()
    take_part(10, made=SPRING + DAY)
    with django_assert_max_num_queries(24):
        run(LATER + DAY)


def test_a_night_changes_nothing_but_the_tables_of_the_barometer():
    take_part(14, made=SPRING)
    own = {Edition, LabelSum, Counted, Candidate}
    others = [model for model in apps.get_models() if model not in own]
    before = {model: sorted(map(repr, QuerySet(model).values_list())) for model in others}
    run()
    assert {model: sorted(map(repr, QuerySet(model).values_list())) for model in others} == before


# What is stored ------------------------------------------------------------------------------------------------------
def dumped(table):
    """The rows of a table as a dump lays them: in the order in which the database holds them."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [
            column.name if hasattr(column, "name") else column[0] for column in cursor.description
        ], cursor.fetchall()


@pytest.mark.parametrize("mixed", [nightly.MIXED, 25])
def test_a_dump_names_nobody_s_batch(monkeypatch, mixed):
    """By no column, no order of a column and no order of rows; what is stored of a batch is nothing but a sum by labels."""
    batch_of, sealing = {}, nightly.seal
    monkeypatch.setattr(nightly, "MIXED", mixed)

    def logged(*given, **options):
        batches = sealing(*given, **options)
        for batch in batches:
            batch_of.update(dict.fromkeys([one.organisation for one in batch.members], len(set(batch_of.values()))))
        return batches

    monkeypatch.setattr(nightly, "seal", logged)
    for number in range(6):
        take_part(10 + number, made=SPRING + number * DAY, sector=["retail", "health"][number % 2])
        run(SPRING + (14 + number) * DAY, seed=number)
        names, rows = dumped("assessment_counted")
        assert sorted(names) == ["edition_id", "organisation_id"]
        organisation = names.index("organisation_id")
        by_number = [(row[organisation], row[1 - organisation]) for row in rows]
        assert names_batches(by_number, batch_of) == []
    assert len(batch_of) == 75
    names, rows = dumped("assessment_labelsum")
    assert set(names) == {"edition_id", "sector", "size", "market", "n", "counts"}
    assert len(rows) == 2
    of_edition = {"id", "year", "invented", "is_closed", "cells", "fingerprint", "seen_to"}
    assert set(dumped("assessment_edition")[0]) == of_edition
    assert set(dumped("assessment_candidate")[0]) == {"edition_id", "organisation_id"}


def test_the_rows_written_anew_are_drawn_from_all_and_by_few_numbers(monkeypatch):
    monkeypatch.setattr(nightly, "MIXED", 5)
    monkeypatch.setattr(nightly, "TRIED", 30)
    take_part(40, made=SPRING)
    edition, random = run(), Random(1)
    with CaptureQueriesContext(connection) as asked:
        drawn = [nightly._some_counted(edition, random) for _ in range(100)]
    assert {(len(some), len(set(some))) for some in drawn} == {(5, 5)}
    assert {number for some in drawn for number in some} == counted()
    assert max(of["sql"].count(",") for of in asked) < 10
    edition.counted.filter(organisation_id__gt=min(counted()) + 3).delete()
    assert set(nightly._some_counted(edition, random)) == counted()


def test_rows_in_the_order_of_their_batches_would_be_found(monkeypatch):
    """The test above knows its trade."""
    monkeypatch.setattr(nightly, "MIXED", 0)
    batch_of = {}
    for number in range(2):
        houses = take_part(10, made=SPRING + number * DAY)
        batch_of |= dict.fromkeys([house.pk for house in houses], number)
        run(SPRING + (14 + number) * DAY)
    names, rows = dumped("assessment_counted")
    by_number = [(row[names.index("organisation_id")],) for row in rows]
    assert "the order of rows names a batch" in names_batches(by_number, batch_of)


# The end of an edition -----------------------------------------------------------------------------------------------
def spread(number, made):
    """Organisations that share nothing."""
    sectors, sizes = ("retail", "health", "finance", "media", "association"), ("micro", "large")
    return [
        take_part(1, made=made, sector=sectors[place % 5], size=sizes[place // 5 % 2], market=f"m{place}")
        for place in range(number)
    ]


def test_on_the_last_day_what_waits_is_sealed_and_all_but_rounded_cells_is_deleted():
    spread(11, made=datetime(2026, 12, 30, 12, tzinfo=UTC))
    night(at=END - DAY)
    assert not Edition.objects.get(year=2026).cells
    night(at=END)
    edition = Edition.objects.get(year=2026)
    assert (edition.is_closed, edition.cells[0]["n"]) == (True, 10)
    assert [cell for cell in edition.cells if cell["sector"] or cell["size"] or cell["market"]] == []
    assert (LabelSum.objects.count(), Counted.objects.count(), Candidate.objects.count()) == (0, 0, 0)
    assert edition.seen_to is None
    assert problems(edition) == []
    published = everything()
    night(at=END + DAY)
    assert everything() == published


def test_fewer_than_ten_left_do_not_count():
    spread(9, made=datetime(2026, 12, 30, 12, tzinfo=UTC))
    night(at=END - DAY)
    night(at=END + 5 * DAY)
    edition = Edition.objects.get(year=2026)
    assert (edition.is_closed, edition.cells) == (True, [])


def test_an_installation_that_begins_later_has_no_edition_of_the_year_before(db):
    night(at=LATER)
    assert [(edition.year, edition.is_closed) for edition in Edition.objects.all()] == [(2026, False)]


def test_an_edition_is_closed_once_its_year_is_over():
    take_part(10, made=SPRING)
    run()
    with pytest.raises(StillRunsError):
        close(2026, at=datetime(2026, 12, 31, 12, tzinfo=UTC))
    published = everything()
    for _ in range(2):
        assert close(2026, at=datetime(2027, 1, 2, 12, tzinfo=UTC)).is_closed
        assert everything() == published
    assert (LabelSum.objects.count(), Counted.objects.count()) == (0, 0)
    take_part(10, made=datetime(2026, 12, 10, 12, tzinfo=UTC))
    night(at=datetime(2027, 1, 3, 12, tzinfo=UTC))
    assert Edition.objects.get(year=2026).cells[0]["n"] == 10


# Commands ------------------------------------------------------------------------------------------------------------
def test_the_check_says_what_does_not_hold(sealed, capsys):
    call_command("barometer", "--check")
    assert "1 editions checked" in capsys.readouterr().out
    LabelSum.objects.update(n=9)
    with pytest.raises(CommandError, match="a sum of 9 organisations"):
        call_command("barometer", "--check")


@pytest.mark.parametrize("change", [{"n": 3}, {"shares": {}}])
def test_the_check_sees_cells_that_sums_do_not_give(sealed, change):
    edition = Edition.objects.get()
    edition.cells[0] |= change
    edition.save()
    assert problems(edition) == ["2026: what is published is not what the sums give"]


def test_the_command_seals_and_tells_how_many_to_five(capsys):
    now = datetime.now(UTC)
    take_part(12, made=now - timedelta(days=15) if (now - timedelta(days=15)).year == now.year else now)
    call_command("barometer")
    assert f"{now.year}: about" in capsys.readouterr().out


def test_each_part_of_a_day_runs_though_another_failed(monkeypatch, caplog, capsys):
    caplog.set_level(logging.INFO, "assessment")
    call_command("daily")
    assert [told for told in caplog.messages if "Daily" in told] == [
        "Daily: purge is done.",
        "Daily: barometer is done.",
    ]
    monkeypatch.setattr("assessment.management.commands.purge.purge", lambda **given: 1 / 0)
    caplog.clear()
    with pytest.raises(CommandError, match=r"Failed: purge\."):
        call_command("daily")
    assert [told for told in caplog.messages if "Daily" in told] == [
        "Daily: purge failed.",
        "Daily: barometer is done.",
    ]
    assert Questionnaire.objects.exists()

"""Reading links: found by their token alone, while they last, and only what their response shows."""

from datetime import timedelta

import pytest

from assessment.models import Share
from assessment.models.secret import hash_of
from assessment.organisations.sharing import revoke
from assessment.rounds.submitting import correct, submit
from tests import factories
from tests.factories import NOON

DAY = timedelta(days=1)


@pytest.fixture
def response(questionnaire):
    return factories.submitted()[0]


def test_a_link_is_found_by_its_token(response, django_assert_num_queries):
    row, token = factories.reading_link(response, days=90, at=NOON)
    with django_assert_num_queries(1):
        found = Share.objects.with_token(token, at=NOON).get()
        assert found == row
        assert found.response.round.organisation.name == "Maison Dupont"
        assert found.response.round.questionnaire.version == 1
        assert found.response.result.score == 50


def test_only_the_hash_of_a_token_is_kept_and_no_two_are_alike(response):
    pairs = [factories.reading_link(response, days=90, at=NOON) for _time in range(20)]
    tokens = {token for _row, token in pairs}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 22  # 128 bits in base 64
    for row, token in pairs:
        assert row.token_hash == hash_of(token)
        assert token not in repr([getattr(row, field.attname) for field in row._meta.fields])


def test_what_is_stored_does_not_open_anything(response):
    row, token = factories.reading_link(response, days=90, at=NOON)
    for wrong in (row.token_hash, str(row.pk), "", token[:-1], token + "A", token.swapcase(), "\0", "é" * 999):
        assert not Share.objects.with_token(wrong, at=NOON).exists()


@pytest.mark.parametrize(
    ("after", "is_open"),
    [(timedelta(0), True), (90 * DAY - timedelta(microseconds=1), True), (90 * DAY, False), (91 * DAY, False)],
)
def test_a_link_ends_with_its_last_day(response, after, is_open):
    row, token = factories.reading_link(response, days=90, at=NOON)
    assert row.expires_at == NOON + 90 * DAY
    assert Share.objects.with_token(token, at=NOON + after).exists() is is_open
    assert Share.objects.active(at=NOON + after).filter(pk=row.pk).exists() is is_open


def test_a_revoked_link_is_closed_and_the_others_stay_open(response):
    row, token = factories.reading_link(response, days=90, at=NOON)
    _other, kept = factories.reading_link(response, days=90, at=NOON)
    revoke(response.shares, str(row.pk), at=NOON)
    assert not Share.objects.with_token(token, at=NOON).exists()
    assert Share.objects.with_token(kept, at=NOON).exists()


def test_revoking_again_keeps_the_first_moment(response):
    row, _token = factories.reading_link(response, days=90, at=NOON)
    revoke(response.shares, str(row.pk), at=NOON)
    revoke(response.shares, str(row.pk), at=NOON + DAY)
    row.refresh_from_db()
    assert row.revoked_at == NOON


def test_nobody_revokes_the_link_of_another(response):
    row, token = factories.reading_link(response, days=90, at=NOON)
    stranger, _key = factories.submitted()
    revoke(stranger.shares, str(row.pk), at=NOON)
    assert Share.objects.with_token(token, at=NOON).exists()


@pytest.mark.parametrize("number", ["", "0", "-1", "1.5", "²", "١", "one", "9" * 18, "9" * 19, "9" * 400, "\0", "1 "])
def test_odd_numbers_revoke_nothing_and_fail_nothing(response, number):
    _row, token = factories.reading_link(response, days=90, at=NOON)
    revoke(response.shares, number, at=NOON)
    assert Share.objects.with_token(token, at=NOON).exists()


def test_links_move_along_when_a_correction_takes_the_place(questionnaire):
    response, key = factories.submitted()
    row, token = factories.reading_link(response, days=90, at=NOON)
    ended, ended_token = factories.reading_link(response, days=90, at=NOON)
    revoke(response.shares, str(ended.pk), at=NOON)
    draft = correct(key, at=NOON)
    assert Share.objects.with_token(token, at=NOON).get().response == response
    submit(key, at=NOON + DAY)
    found = Share.objects.with_token(token, at=NOON).get()
    assert (found.pk, found.response, found.expires_at) == (row.pk, draft, NOON + 90 * DAY)
    assert not Share.objects.with_token(ended_token, at=NOON).exists()

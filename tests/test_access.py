"""Who gets in where: every address of the site, every kind of visitor, every method, and what each of them gets.

The two tables are held against the URL conf: an address that is missing from them, or that no longer exists, fails.
"""

import re
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from unittest import mock

import pytest
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from assessment.models import Edition, SignIn
from assessment.models.no_mail import stop_token
from assessment.organisations.keeping import claim_link
from assessment.organisations.people import invite_person
from assessment.organisations.sharing import revoke
from assessment.rounds.inviting import open_link
from tests import barometer_rows, factories
from tests.sampling import THOROUGH, sample

VISITORS = (
    "anonymous",  # knows nothing
    "holder",  # has the key of the response
    "other holder",  # has the key of another organisation's draft
    "reader",  # has the links that are mailed and handed over: to read the response, to keep the other, to belong
    "invited",  # has the link of an open round
    "stranger",  # owner of another organisation
    "viewer",
    "member",
    "owner",
    "staff",  # may sign in to the admin, and has no permission there
    "superuser",
)  # staff and superuser have passed the second factor; without it see the end of this file
ANONYMOUS = VISITORS[:5]
SIGN_IN = "sign in"  # a redirect to the page that asks who one is
WRONG = "wrong-wrong-wrong-wrong-wrong"
OTHER_METHODS = sample(["put", "patch", "delete"], 1)


def everybody(outcome):
    return dict.fromkeys(VISITORS, outcome)


def keyed(holder, *, other=404):
    """A page under a secret key: signing in, or another secret, does not replace the key."""
    return everybody(404) | {"holder": holder, "other holder": other}


def with_link(outcome, visitor="reader"):
    return everybody(404) | {visitor: outcome}


def of_organisation(outcome):
    """A page for an organisation's people; to everybody else who is signed in it does not exist."""
    asked = dict.fromkeys(ANONYMOUS, SIGN_IN)
    return everybody(404) | asked | dict.fromkeys(("viewer", "member", "owner"), outcome)


def of_members(outcome):
    """What an organisation's people do who do more than read."""
    return of_organisation(outcome) | {"viewer": 404}


def of_owner(outcome):
    """What only owners do; that it exists is told to nobody else."""
    return of_members(outcome) | {"member": 404}


def not_signed_in(outcome):
    """A page that sends on whoever is signed in already."""
    return everybody(302) | dict.fromkeys(ANONYMOUS, outcome)


def signed_in_gets(outcome):
    """A page of one's own account."""
    return everybody(outcome) | dict.fromkeys(ANONYMOUS, SIGN_IN)


def with_factor(outcome, *, others):
    """A page of those whose account has a second factor."""
    return signed_in_gets(others) | dict.fromkeys(("staff", "superuser"), outcome)


signed_in = signed_in_gets(200)
# A step of something that nobody here has begun.
nothing_begun = signed_in_gets(302)


@dataclass(frozen=True)
class Row:
    """What an address answers to each method; HEAD is like GET."""

    get: dict
    post: dict
    others: dict

    def outcome(self, method, visitor):
        column = {"get": self.get, "head": self.get, "post": self.post}.get(method, self.others)
        return column[visitor]


def row(get=405, post=405, others=405):
    """One outcome for everybody, or one for each kind of visitor."""
    columns = (column if isinstance(column, dict) else everybody(column) for column in (get, post, others))
    return Row(*columns)


TABLE = {
    "home": row(200),
    "example": row(200),
    "example_chart": row(200),
    "example_document": row(200),
    "example_chart_png": row(200),
    "methodology": row(200),
    "barometer": row(200),
    "barometer_embed": row(200),
    "edition": row(200),
    "edition_csv": row(200),
    "edition_json": row(200),
    "edition_pdf": row(200),
    "edition_chart": row(200),
    "edition_chart_png": row(200),
    "privacy": row(200),
    "legal": row(200),
    "trust": row(200),
    "robots": row(200),
    "favicon": row(302),
    "change_password": row(302),
    "live": row(200),
    "ready": row(200),
    "set_language": row(302, 302),
    "start": row(200, post=422),
    "forget": row(302, post=302),
    "respond": row(keyed(200, other=200)),
    "dimension": row(keyed(302, other=200), post=keyed(409, other=302)),
    "review": row(keyed(302, other=200), post=keyed(302, other=302)),
    "mail": row(keyed(302, other=302), post=keyed(422, other=422)),
    "erase": row(keyed(200, other=200), post=keyed(302, other=302)),
    "correct": row(keyed(302, other=302), post=keyed(302, other=302)),
    "drop_correction": row(keyed(302, other=302), post=keyed(302, other=302)),
    "keep": row(keyed(200, other=200), post=keyed(302, other=302)),
    "keep_by_link": row(with_link(200), post=with_link(SIGN_IN)),
    "report": row(keyed(200)),
    "provisional": row(keyed(302, other=200)),
    "provisional_chart": row(keyed(404)),
    "what_if": row(keyed(200)),
    "what_if_outcome": row(keyed(200)),
    "what_if_chart": row(keyed(200)),
    "document": row(keyed(200)),
    "chart": row(keyed(200)),
    "chart_png": row(keyed(200)),
    "sharing": row(keyed(200), post=keyed(422)),
    "shared": row(with_link(200)),
    "shared_document": row(with_link(200)),
    "shared_chart": row(with_link(200)),
    "shared_chart_png": row(with_link(200)),
    "organisations": row(signed_in),
    "organisation": row(of_organisation(200)),
    "people": row(of_organisation(200), post=of_organisation(302)),
    "invitation": row(with_link(200), post=with_link(SIGN_IN)),
    "organisation_settings": row(of_owner(200), post=of_owner(422)),
    "organisation_export": row(of_owner(200)),
    "organisation_delete": row(of_owner(302), post=of_owner(422)),
    "account_data": row(signed_in),
    "account_download": row(signed_in),
    "account_delete": row(signed_in, post=dict.fromkeys(VISITORS, 422) | dict.fromkeys(ANONYMOUS, SIGN_IN)),
    "organisation_chart": row(of_organisation(200)),
    "organisation_chart_png": row(of_organisation(200)),
    "compare": row(of_organisation(200)),
    "plan": row(of_organisation(200), post=of_members(422)),
    "plan_csv": row(of_organisation(200)),
    "plan_calendar": row(of_organisation(200)),
    "action": row(of_members(200), post=of_members(422)),
    "round": row(of_organisation(200)),
    "round_document": row(of_organisation(200)),
    "round_what_if": row(of_organisation(200), post=of_members(422)),
    "round_what_if_outcome": row(of_organisation(200)),
    "round_what_if_chart": row(of_organisation(200)),
    "round_sharing": row(of_owner(200), post=of_owner(422)),
    "round_chart": row(of_organisation(200)),
    "round_chart_png": row(of_organisation(200)),
    "start_next": row(of_owner(200), post=of_owner(302)),
    "invite": row(of_owner(200), post=of_owner(422)),
    "answer_round": row(of_members(302), post=of_members(422)),
    "drop_drafts": row(of_owner(302), post=of_owner(302)),
    "close_round": row(of_owner(302), post=of_owner(302)),
    "discard_round": row(of_owner(302), post=of_owner(302)),
    "reopen_round": row(of_owner(302), post=of_owner(302)),
    "join": row(with_link(200, "invited"), post=with_link(422, "invited")),
    "stop_mail": row(with_link(200), post=with_link(200)),
    "account": row(signed_in),
    "account_continue": row(nothing_begun),
    "account_login": row(not_signed_in(200), post=not_signed_in(200)),
    "account_logout": row(405, post=302),
    "account_inactive": row(200, post=405),
    "account_signup": row(not_signed_in(200), post=not_signed_in(200)),
    "account_reauthenticate": row(signed_in, post=signed_in),
    "account_email": row(signed_in, post=signed_in_gets(302)),
    "account_email_verification_sent": row(nothing_begun, post=nothing_begun),
    "account_change_password": row(signed_in, post=signed_in),
    "account_set_password": row(signed_in_gets(302), post=signed_in_gets(302)),
    "account_reset_password": row(200, post=200),
    "account_confirm_login_code": row(nothing_begun, post=nothing_begun),
    "account_confirm_password_reset_code": row(SIGN_IN, post=SIGN_IN),
    "account_complete_password_reset": row(302, post=302),
    "account_password_reset_completed": row(200, post=405),
    "mfa_index": row(signed_in, post=signed_in_gets(405)),
    "mfa_authenticate": row(nothing_begun, post=nothing_begun),
    "mfa_reauthenticate": row(with_factor(200, others=302), post=with_factor(200, others=302)),
    "mfa_activate_totp": row(signed_in_gets(302), post=signed_in_gets(302)),
    "mfa_deactivate_totp": row(with_factor(302, others=404), post=with_factor(302, others=404)),
    "mfa_view_recovery_codes": row(signed_in_gets(404), post=signed_in_gets(405)),
    "mfa_generate_recovery_codes": row(signed_in_gets(302), post=signed_in_gets(302)),
    "mfa_download_recovery_codes": row(signed_in_gets(404), post=signed_in_gets(404)),
}

READ_ONLY = {"add": 403, "change": 200, "delete": 403}  # to a superuser
FROZEN = {"add": 200, "change": 200, "delete": 403}
LOOKED_AFTER = {"add": 200, "change": 200, "delete": 200}
ADMIN_MODELS = {
    "account_emailaddress": LOOKED_AFTER,
    "mfa_authenticator": {"add": 403, "change": 200, "delete": 200},
    "auth_group": LOOKED_AFTER,
    "auth_user": LOOKED_AFTER,
    "assessment_questionnaire": FROZEN,
    "assessment_dimension": FROZEN,
    "assessment_question": FROZEN,
    "assessment_consistencyrule": FROZEN,
    "assessment_study": LOOKED_AFTER,
    "assessment_finding": LOOKED_AFTER,
    "assessment_figure": LOOKED_AFTER,
    "assessment_referencelevel": LOOKED_AFTER,
    "assessment_organisation": LOOKED_AFTER | {"add": 403},
    "assessment_round": READ_ONLY,
    "assessment_response": READ_ONLY,
    "assessment_result": READ_ONLY,
    "assessment_edition": READ_ONLY,
    "assessment_signin": READ_ONLY,
    "admin_logentry": READ_ONLY,
}
ACTIONS = ("changelist", "add", "change", "delete", "history")
# Name, arguments, what staff without permission get, and what a superuser gets.
ADMIN_PAGES = {
    "index": ([], 200, 200),
    "password_change": ([], 302, 302),  # to the one page where a password is changed
    "password_change_done": ([], 302, 302),
    "jsi18n": ([], 200, 200),
    "autocomplete": ([], 403, 403),  # it answers only to a form's field
    "app_list": (["assessment"], 404, 200),
    "auth_user_password_change": (["user"], 403, 200),
    "view_on_site": (["content type", "organisation"], 403, 302),
    "assessment_import": ([], 403, 200),
    "assessment_questionnaire_export": (["questionnaire"], 403, 200),
    "assessment_evidence_export": ([], 403, 200),
    "assessment_questionnaire_check": (["questionnaire"], 403, 200),
    "assessment_questionnaire_changes": (["questionnaire"], 403, 200),
    "assessment_questionnaire_publish": (["questionnaire"], 403, 200),
    "assessment_questionnaire_new_version": (["questionnaire"], 403, 200),
    "assessment_questionnaire_retire": (["questionnaire"], 403, 200),
    "assessment_response_answers": (["response"], 403, 200),
    "assessment_result_export_csv": ([], 403, 405),
    "assessment_result_export_xlsx": ([], 403, 405),
}


# Further pages of one row: what a superuser gets by GET and by POST; staff without permission get 403.
ADMIN_ROW_PAGES = {
    "assessment_questionnaire_preview": (200, 405),
    "assessment_questionnaire_wording": (200, 200),
    "assessment_edition_close": (200, 302),
    "assessment_dimension_move": (405, 403),  # of a published questionnaire
    "assessment_question_move": (405, 403),
    "assessment_consistencyrule_move": (405, 403),
}


@dataclass(frozen=True)
class Scene:
    """An organisation with a submitted response and a reading link, another with a draft, and everybody who may come."""

    clients: dict
    response: object
    keys: dict
    tokens: dict
    links: dict  # the tokens of other links that the reader has, by the name of their address
    action: object

    def arguments(self, name, visitor):
        """What a visitor puts into the address, as far as they know it."""
        organisation = self.response.round.organisation
        token = self.links.get(name) if visitor == "reader" else None
        known = {
            "key": self.keys.get(visitor, WRONG),
            "token": token or self.tokens.get(visitor, WRONG),
            "slug": organisation.slug,
            "number": self.action.pk if name == "action" else 1,
            "dimension": "strategy",
            "year": 2026,
            "name": "levels"
            if "edition" in name
            else "bars"
            if "chart" in name or "png" in name
            else "report.csv"
            if "example" in name
            else "report.json",
        }
        return {part: known[part] for part in parts_of(name)}


def parts_of(name):
    """The names of the variable parts of an address."""
    return get_resolver().reverse_dict.getlist(name)[0][0][0][1]


@pytest.fixture(scope="module")
def stage(module_rows):
    """What all tests find: they share its rows, and whatever one of them does is undone."""
    with module_rows.unblock():
        return make_scene()


@pytest.fixture
def scene(stage, db):
    """With a browser of their own for everybody: each test begins with what was signed in at first."""
    clients = {visitor: Client() for visitor in stage.clients}
    for visitor, client in clients.items():
        client.cookies = deepcopy(stage.clients[visitor].cookies)
    return replace(stage, clients=clients)


def make_scene():
    response, key = factories.submitted(factories.organisation("Maison Dupont"))
    draft, other_key = factories.started(factories.organisation("Société Martin"))
    _row, token = factories.reading_link(response, days=90, at=timezone.now())
    organisation = response.round.organisation
    people = {
        "stranger": factories.account(member_of=factories.organisation("Usines Bernard")),
        "staff": factories.account(is_staff=True),
        "superuser": factories.account(is_staff=True, is_superuser=True),
    }
    people |= {role: factories.account(member_of=organisation, role=role) for role in ("viewer", "member", "owner")}
    clients = {visitor: Client() for visitor in VISITORS}
    for visitor, user in people.items():
        factories.sign_in(clients[visitor], user, second_factor=user.is_staff)
    # A key opens no reading link, and the token of a link is no key.
    secrets = {"holder": key, "other holder": other_key, "reader": token, "invited": invited()}
    now = timezone.now()
    links = {
        "keep_by_link": claim_link(draft, at=now).token,
        "invitation": invite_person(organisation, "viewer", by=people["owner"], at=now).token,
        "stop_mail": stop_token("anne@example.org"),
    }
    Edition.objects.create(year=2026, cells=[barometer_rows.CELL])
    return Scene(clients, response, secrets, secrets, links, factories.action(response.round, due=date(2027, 1, 31)))


def invited():
    """The token of the link of an open round."""
    response, _key = factories.started(factories.organisation("Ateliers Petit"))
    return open_link(response.round, at=timezone.now()).token


def outcome(page):
    if page.status_code == 302 and page["Location"].startswith((reverse("account_login"), reverse("admin:login"))):
        return SIGN_IN
    return page.status_code


def names_of(resolver, namespace=""):
    """The name of every address of the URL conf; one without a name is called by its pattern."""
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from names_of(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name or entry.pattern}"


# Redirects, and the two ends of a visit: each has a test of its own below.
ADMIN_PATTERNS = {"admin:<path:object_id>/", "admin:(?P<url>.*)$", "admin:login", "admin:logout"}


def test_the_tables_name_every_address_and_no_other():
    admin = {f"admin:{model}_{action}" for model in ADMIN_MODELS for action in ACTIONS}
    admin |= {f"admin:{name}" for name in (*ADMIN_PAGES, *ADMIN_ROW_PAGES)} | ADMIN_PATTERNS
    assert TABLE.keys() | admin == set(names_of(get_resolver()))


@contextmanager
def nothing_rendered():
    """What a visitor gets is decided before its page is made: one of those who get the same sees it made."""
    with mock.patch("django.template.base.Template.render", return_value="-"):
        yield


@pytest.mark.parametrize("name", TABLE)
def test_every_visitor_gets_what_the_table_says(scene, name):
    expected, found, made = {}, {}, set()
    for method in ("get", "head", *OTHER_METHODS, "post"):
        caches["default"].clear()  # they all come from one network, and attempts are counted
        for visitor, client in scene.clients.items():
            address = reverse(name, kwargs=scene.arguments(name, visitor))
            data = {"email": "", "x": "y"} if method == "post" else None
            promised = TABLE[name].outcome(method, visitor)
            is_made = THOROUGH or (method in ("get", "post") and (method, promised) not in made)
            with nullcontext() if is_made else nothing_rendered():
                found[method, visitor] = outcome(getattr(client, method)(address, data))
            expected[method, visitor] = promised
            made.add((method, promised))
    assert found == expected


@pytest.mark.parametrize("visitor", VISITORS)
def test_with_the_right_secret_everybody_is_its_holder(scene, visitor):
    client = scene.clients[visitor]
    for name in ("respond", "report", "document", "chart", "sharing", "keep"):
        assert client.get(reverse(name, kwargs=scene.arguments(name, "holder"))).status_code == 200, name
    for name in ("shared", "shared_document", "shared_chart", "keep_by_link", "invitation"):
        assert client.get(reverse(name, kwargs=scene.arguments(name, "reader"))).status_code == 200, name


def test_another_key_opens_only_its_own_questionnaire(scene):
    for name in ("respond", "dimension", "review"):
        page = scene.clients["other holder"].get(reverse(name, kwargs=scene.arguments(name, "other holder")))
        assert "Société Martin" in page.content.decode()
        assert "Maison Dupont" not in page.content.decode()


# What does not exist -------------------------------------------------------------------------------------------------
def body(page):
    """A page without what differs from one request to the next: its own address and the form token."""
    text = page.content.decode().replace(page.wsgi_request.get_full_path(), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def same(one, other):
    """Whether two pages cannot be told apart."""
    assert "There is nothing at this address" in one.content.decode()
    return (one.status_code, body(one)) == (
        other.status_code,
        body(other),
    ) and one.headers.keys() == other.headers.keys()


def test_a_foreign_organisation_looks_like_none(scene):
    client, organisation = scene.clients["stranger"], scene.response.round.organisation
    for name, arguments in {
        "organisation": [],
        "people": [],
        "organisation_chart": [],
        "organisation_chart_png": [],
        "compare": [],
        "plan": [],
        "plan_csv": [],
        "plan_calendar": [],
        "action": [scene.action.pk],
        "round": [1],
        "round_document": [1, "report.json"],
        "round_sharing": [1],
        "round_what_if": [1],
        "round_what_if_outcome": [1],
        "round_what_if_chart": [1],
        "round_chart": [1, "bars"],
        "round_chart_png": [1, "bars"],
    }.items():
        foreign = client.get(reverse(name, args=[organisation.slug, *arguments]))
        none = client.get(reverse(name, args=["no-such-organisation", *arguments]))
        assert same(foreign, none), name


def test_an_action_of_another_organisation_looks_like_none(scene):
    foreign, _key = factories.submitted()
    other = factories.action(foreign.round)
    slug, client = scene.response.round.organisation.slug, scene.clients["owner"]
    for method in (client.get, client.post):
        gone = method(reverse("action", args=[slug, other.pk + 1]))
        assert same(method(reverse("action", args=[slug, other.pk])), gone)


def test_who_may_not_act_gets_the_same_from_a_plan_as_from_none(scene):
    client, slug = scene.clients["viewer"], scene.response.round.organisation.slug
    for name, arguments in {"plan": [], "action": [scene.action.pk]}.items():
        refused = client.post(reverse(name, args=[slug, *arguments]))
        assert same(refused, client.post(reverse(name, args=["no-such-organisation", *arguments]))), name


def test_a_round_that_does_not_exist_looks_like_a_foreign_one(scene):
    organisation = scene.response.round.organisation
    factories.submitted(organisation)
    gone = scene.clients["owner"].get(reverse("round", args=[organisation.slug, 3]))
    foreign = scene.clients["stranger"].get(reverse("round", args=[organisation.slug, 2]))
    # Both are signed in; only their own names could differ, and pages do not show those.
    assert same(gone, foreign)


def test_the_report_of_a_draft_looks_like_a_wrong_key(scene, client):
    for name, more in {"report": [], "document": ["report.json"], "sharing": []}.items():
        draft = client.get(reverse(name, args=[scene.keys["other holder"], *more]))
        assert same(draft, client.get(reverse(name, args=[WRONG, *more]))), name


def test_revoked_and_expired_reading_links_look_like_wrong_ones(scene, client):
    now = timezone.now()
    revoked, token = factories.reading_link(scene.response, days=90, at=now)
    revoke(scene.response.shares, str(revoked.pk), at=now)
    _row, old = factories.reading_link(scene.response, days=90, at=now - timedelta(days=90))
    for name, arguments in {
        "shared": [],
        "shared_document": ["report.json"],
        "shared_chart": ["bars"],
        "shared_chart_png": ["bars"],
    }.items():
        wrong = client.get(reverse(name, args=[WRONG, *arguments]))
        for secret in (token, old):
            assert same(client.get(reverse(name, args=[secret, *arguments])), wrong), name


def test_a_reading_link_works_until_its_last_moment(scene, client):
    _row, token = factories.reading_link(
        scene.response, days=90, at=timezone.now() - timedelta(days=90) + timedelta(minutes=1)
    )
    assert client.get(reverse("shared", args=[token])).status_code == 200


def test_the_number_of_another_response_s_link_revokes_nothing(scene, client):
    _other, other_key = factories.submitted()
    mine = scene.response.shares.get()
    client.post(reverse("sharing", args=[other_key]), {"revoke": mine.pk})
    mine.refresh_from_db()
    assert mine.revoked_at is None


MALFORMED = (
    "%00",
    "a%00b",
    "..",
    "%2e%2e",
    "%2e%2e%2fadmin",
    "%252e%252e",
    "x" * 5000,
    "%C3%A9t%C3%A9",
    "%F0%9F%92%A9",
    "%ff%fe",
    "%ED%A0%80",
    "'%20OR%201=1--",
    "%0d%0aSet-Cookie:%20x=y",
    "%3Cscript%3E",
    "-1",
    "0",
    "1" * 30,
    "1" * 5000,
    "1e9",
    "None",
    "null",
    "undefined",
    "{{7*7}}",
    "%25s",
)


@pytest.mark.parametrize("junk", sample(MALFORMED, 9), ids=lambda junk: junk[:24])
def test_a_malformed_part_of_an_address_is_a_plain_404(scene, junk):
    """Whatever stands where a key, a token, a dimension, a slug, a number or a chart is expected."""
    client, key, token = scene.clients["owner"], scene.keys["other holder"], scene.tokens["reader"]
    slug = scene.response.round.organisation.slug
    addresses = [
        f"/r/{junk}/",
        f"/r/{junk}/review/",
        f"/r/{junk}/report/",
        f"/r/{junk}/report.json",
        f"/r/{junk}/share/",
        f"/r/{junk}/charts/bars.svg",
        f"/r/{junk}/strategy/",
        f"/r/{key}/{junk}/",
        f"/r/{scene.keys['holder']}/charts/{junk}.svg",
        f"/r/{junk}/keep/",
        f"/keep/{junk}/",
        f"/invitation/{junk}/",
        f"/mail/stop/{junk}/",
        f"/organisations/{junk}/people/",
        f"/shared/{junk}/",
        f"/shared/{junk}/report.json",
        f"/shared/{token}/charts/{junk}.svg",
        f"/organisations/{junk}/",
        f"/organisations/{junk}/rounds/1/",
        f"/organisations/{junk}/compare/",
        f"/organisations/{junk}/plan/",
        f"/organisations/{junk}/plan.csv",
        f"/organisations/{junk}/plan.ics",
        f"/organisations/{junk}/charts/trend.svg",
        f"/organisations/{slug}/plan/{junk}/",
        f"/organisations/{slug}/rounds/{junk}/",
        f"/organisations/{slug}/rounds/{junk}/report.json",
        f"/organisations/{slug}/rounds/1/charts/{junk}.svg",
        f"/example/charts/{junk}.svg",
        f"/barometer/{junk}/",
        f"/barometer/{junk}.csv",
        f"/barometer/{junk}.json",
        f"/barometer/{junk}.pdf",
        f"/barometer/{junk}/levels.svg",
        f"/barometer/2026/{junk}.svg",
        f"/barometer/2026/{junk}.png",
        f"/r/{junk}/charts/bars.png",
        f"/shared/{token}/charts/{junk}.png",
        f"/organisations/{slug}/rounds/1/charts/{junk}.png",
        f"/example/charts/{junk}.png",
    ]
    found = {address[:60]: client.get(address, SERVER_NAME="localhost").status_code for address in addresses}
    assert found == dict.fromkeys(found, 404)
    posts = [
        f"/r/{junk}/strategy/",
        f"/r/{junk}/review/",
        f"/r/{junk}/mail/",
        f"/r/{junk}/correct/",
        f"/r/{junk}/keep/",
        f"/r/{key}/{junk}/",
        f"/keep/{junk}/",
        f"/invitation/{junk}/",
        f"/mail/stop/{junk}/",
        f"/organisations/{junk}/people/",
    ]
    found = {address[:60]: client.post(address, {"save": junk}).status_code for address in posts}
    assert found == dict.fromkeys(found, 404)


@pytest.mark.parametrize(
    "query", ["lang=de", "lang=", "lang=%00", "scheme=blue", "lang=en&scheme=%00", "lang=" + "x" * 9000]
)
def test_a_chart_in_another_language_or_scheme_does_not_exist(scene, client, query):
    assert client.get(reverse("chart", args=[scene.keys["holder"], "bars"]) + "?" + query).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/r/",
        "/shared/",
        "/keep/",
        "/invitation/",
        "/nowhere/",
        "/admin.php",
        "/r/a/b/c/",
        "/%00",
        "/organisations/a/rounds/",
    ],
)
def test_an_address_of_nothing_is_a_plain_404(scene, address):
    assert scene.clients["anonymous"].get(address).status_code == 404


# The admin -----------------------------------------------------------------------------------------------------------
def objects():
    """One row of every model of the admin."""
    group = Group.objects.create(name="editors")
    SignIn.objects.create(at=timezone.now(), event=SignIn.Event.WRONG_CODE)
    Edition.objects.get_or_create(year=2026)
    LogEntry.objects.log_actions(get_user_model().objects.latest("pk").pk, [group], ADDITION)
    return {name: apps.get_model(*name.split("_")).objects.order_by("pk").first() for name in ADMIN_MODELS}


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_the_admin_of_a_model_is_for_those_with_the_permission(scene, model):
    row = objects()[model]
    allowed = {"changelist": 200, "history": 200} | ADMIN_MODELS[model]
    for action in ACTIONS:
        address = reverse(f"admin:{model}_{action}", args=[] if action in ("changelist", "add") else [row.pk])
        for visitor, client in scene.clients.items():
            expected = {"superuser": allowed[action], "staff": 403}.get(visitor, SIGN_IN)
            assert outcome(client.get(address)) == expected, (action, visitor)
            if visitor != "superuser" or expected == 403:
                assert outcome(client.post(address, {"post": "yes"})) == expected, (action, visitor)


@pytest.mark.parametrize("name", ADMIN_ROW_PAGES)
def test_the_further_pages_of_a_row_are_for_those_with_the_permission(scene, name):
    row = apps.get_model(*name.split("_")[:2]).objects.order_by("pk").first()
    address = reverse(f"admin:{name}", args=[row.pk])
    for visitor, client in scene.clients.items():
        for send, allowed in zip((client.get, client.post), ADMIN_ROW_PAGES[name], strict=True):
            expected = {"superuser": allowed, "staff": 403}.get(visitor, SIGN_IN)
            assert outcome(send(address)) == expected, (send, visitor)


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_the_other_pages_of_the_admin_are_for_staff(scene, name):
    parts, staff, superuser = ADMIN_PAGES[name]
    organisation = scene.response.round.organisation
    content_type = apps.get_model("contenttypes.ContentType").objects.get_for_model(organisation)
    known = {"organisation": organisation.pk, "content type": content_type.pk}
    known |= {"user": organisation.memberships.first().user_id, "questionnaire": scene.response.round.questionnaire_id}
    known |= {"response": scene.response.pk}
    address = reverse(f"admin:{name}", args=[known.get(part, part) for part in parts])
    for visitor, client in scene.clients.items():
        expected = {"staff": staff, "superuser": superuser}.get(visitor, SIGN_IN)
        assert outcome(client.get(address)) == expected, visitor


@pytest.mark.parametrize("visitor", ["staff", "superuser"])
def test_the_admin_leads_from_a_row_to_its_page_outside_only_who_may_see_that_row(scene, visitor):
    """However the number of its kind is written; what has no page of its own, or no place in the admin, leads nowhere."""
    of = scene.response.round
    with_a_page = {"organisation": of.organisation_id, "round": of.pk}
    found, expected = {}, {}
    for kind in apps.get_model("contenttypes.ContentType").objects.all():
        may_see = visitor == "superuser" and f"{kind.app_label}_{kind.model}" in ADMIN_MODELS
        for number in (kind.pk, f" {kind.pk}", f"+{kind.pk}", f"0{kind.pk}"):
            address = reverse("admin:view_on_site", args=[number, with_a_page.get(kind.model, of.pk)])
            found[address] = scene.clients[visitor].get(address).status_code
            expected[address] = (302 if kind.model in with_a_page else 404) if may_see else 403
    assert found == expected
    for number in ("0", "9" * 30, "9" * 5000, "nothing"):
        address = reverse("admin:view_on_site", args=[number, 1])
        assert scene.clients[visitor].get(address).status_code == 404


def test_the_sign_in_of_the_admin_sends_on_who_may_use_it(scene):
    for visitor, client in scene.clients.items():
        expected = {"staff": 302, "superuser": 302}.get(visitor, SIGN_IN if visitor in ANONYMOUS else 404)
        assert outcome(client.get(reverse("admin:login"))) == expected, visitor
        assert outcome(client.post(reverse("admin:login"), {"username": "x", "password": "y"})) == expected, visitor


def test_the_sign_out_of_the_admin_takes_a_form_and_nothing_else(scene):
    client = scene.clients["staff"]
    assert client.get(reverse("admin:logout")).status_code == 405
    assert client.post(reverse("admin:logout")).status_code == 302
    assert outcome(client.get(reverse("admin:index"))) == SIGN_IN


def test_a_short_or_wrong_admin_address_tells_strangers_nothing(scene):
    for address in ("/admin/nowhere/", "/admin/assessment/response/99999999/", "/admin/assessment/nothing/"):
        assert outcome(scene.clients["anonymous"].get(address)) == SIGN_IN
        assert scene.clients["superuser"].get(address).status_code in (302, 404)


@pytest.mark.parametrize("number", ["99999999999999999999999", "abc", "..", "_00", "%00"])
def test_an_admin_address_with_a_wrong_number_is_never_a_server_error(scene, number):
    for model in ADMIN_MODELS:
        base = reverse(f"admin:{model}_changelist")
        for action in ("change/", "delete/", "history/", ""):
            assert scene.clients["superuser"].get(f"{base}{number}/{action}").status_code in (302, 403, 404), model


@pytest.mark.parametrize("page", ["list", "form", "door"])
def test_without_a_second_factor_staff_get_into_no_page_of_the_admin(scene, page):
    """Neither with a session that never passed one, nor with one that passed another person's."""
    rows = objects()
    boss, other = (factories.account(is_staff=True, is_superuser=True) for _time in range(2))
    never, foreign, gone = Client(), Client(), Client()
    factories.sign_in(never, boss)
    factories.sign_in(foreign, other, second_factor=True)
    records = dict(foreign.session)["account_authentication_methods"]
    factories.sign_in(gone, boss, second_factor=True)
    Authenticator.objects.filter(user=boss).delete()
    foreign.force_login(boss)
    session = foreign.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = user_id_to_str(boss)
    session.save()
    addresses = {
        "list": [reverse(f"admin:{model}_{action}") for model in ADMIN_MODELS for action in ("changelist", "add")],
        "form": [
            reverse(f"admin:{model}_{action}", args=[row.pk])
            for model, row in rows.items()
            for action in ("change", "delete", "history")
        ],
        "door": [reverse(f"admin:{name}") for name, (parts, *_outcomes) in ADMIN_PAGES.items() if not parts],
    }[page]
    for address in addresses:
        for client in (never, foreign, gone):
            for answer in (client.get(address), client.post(address, {"post": "yes"})):
                assert answer.status_code == 302, address
                assert answer["Location"].startswith(reverse("admin:login")), address

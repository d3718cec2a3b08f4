"""What the people of an organisation read: their organisations, its rounds, and the report of a round."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Membership, Response
from tests import factories


@pytest.fixture
def organisation(questionnaire):
    return factories.organisation()


@pytest.fixture(params=Membership.Role.values)
def person(client, organisation, request):
    """Anybody who belongs to the organisation, signed in."""
    user = factories.account(member_of=organisation, role=request.param)
    client.force_login(user)
    return user


def rounds(organisation, *levels):
    """One round a year, each at one level, the last one now."""
    return [
        factories.submitted(organisation, factories.level(level), at=factories.NOON - timedelta(days=365 * age))
        for age, level in zip(range(len(levels) - 1, -1, -1), levels, strict=True)
    ]


def get(client, name, *arguments):
    page = client.get(reverse(name, args=arguments))
    assert page.status_code == 200
    return page


def test_it_lists_one_s_own_organisations_and_no_other(client, organisation, person):
    second = factories.organisation("Zébulon & Fils")
    Membership.objects.create(organisation=second, user=person, role="viewer")
    factories.account(member_of=factories.organisation("Not hers"))
    page = get(client, "organisations")
    assert [item.name for item in page.context["organisations"]] == ["Maison Dupont", "Zébulon & Fils"]
    assert "Zébulon &amp; Fils" in page.content.decode()
    assert "Not hers" not in page.content.decode()


def test_who_belongs_nowhere_is_told_how_to_begin(client, organisation):
    client.force_login(factories.account())
    text = get(client, "organisations").content.decode()
    assert "You do not belong to an organisation yet." in text
    assert reverse("start") in text


def test_signing_in_leads_back_to_the_page_that_asked(client, organisation):
    factories.account("anne@example.org", member_of=organisation)
    address = reverse("organisation", args=[organisation.slug])
    sign_in = client.get(address)["Location"]
    assert sign_in == f"{reverse('account_login')}?next={address}"
    shown = client.get(sign_in).content.decode()
    assert re.search(rf'name="next" value="{address}"', shown)
    fields = {"login": "anne@example.org", "password": "pass", "next": address}
    assert client.post(sign_in, fields)["Location"] == address
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(client, organisation, place):
    factories.account("anne@example.org", member_of=organisation)
    fields = {"login": "anne@example.org", "password": "pass", "next": place}
    assert client.post(reverse("account_login"), fields)["Location"] == reverse("organisations")


def test_a_wrong_password_says_the_same_as_a_wrong_name(client, organisation):
    factories.account("anne@example.org")
    messages = []
    for name in ("anne@example.org", "nobody@example.org"):
        page = client.post(reverse("account_login"), {"login": name, "password": "wrong"})
        assert page.status_code == 200
        messages.append(re.search(r'role="alert".*?</div>', page.content.decode(), re.DOTALL).group())
    assert messages[0] == messages[1]


def test_signing_out_closes_the_organisation(client, organisation, person):
    client.post(reverse("account_logout"))
    assert client.get(reverse("organisation", args=[organisation.slug])).status_code == 302


def test_it_lists_the_rounds_the_latest_first(client, organisation, person):
    rounds(organisation, 1, 3, 4)
    page = get(client, "organisation", organisation.slug)
    body = re.search(r"<tbody>(.*)</tbody>", page.content.decode(), re.DOTALL).group(1)
    cells = [re.sub(r"<[^>]+>", "|", row).split("|") for row in body.split("</tr>")[:-1]]
    texts = [[cell.strip() for cell in row if cell.strip()] for row in cells]
    assert [[row[0], *row[-2:]] for row in texts] == [
        ["Round 3", "75", "4"],
        ["Round 2", "50", "3"],
        ["Round 1", "0", "1"],
    ]
    for number in (1, 2, 3):
        assert reverse("round", args=[organisation.slug, number]) in page.content.decode()


def test_a_round_without_a_result_is_not_listed(client, organisation, person):
    factories.started(organisation)
    assert "No round has a result yet." in get(client, "organisation", organisation.slug).content.decode()


def test_a_round_without_a_score_is_listed_with_a_dash(client, organisation, person):
    factories.submitted(organisation, lambda question: None)
    text = get(client, "organisation", organisation.slug).content.decode()
    assert text.count("–</td>") == 2


def test_a_replaced_result_is_not_listed(client, organisation, person):
    _response, key = factories.submitted(organisation, factories.level(2))
    client.post(reverse("correct", args=[key]))
    factories.answer(Response.objects.drafts().get(), factories.level(5))
    client.post(reverse("review", args=[key]))
    page = get(client, "organisation", organisation.slug)
    assert [result.score for result in page.context["results"]] == [100]
    assert get(client, "round", organisation.slug, 1).context["report"].result.score == 100


def test_the_report_of_a_round_is_shown_with_the_round_before(client, organisation, person):
    rounds(organisation, 1, 3, 4)
    report = get(client, "round", organisation.slug, 3).context["report"]
    assert (report.result.score, report.before.round_number, report.before.result.score) == (75, 2, 50)
    assert get(client, "round", organisation.slug, 1).context["report"].before is None
    assert len(report.plan) == 5


def test_the_report_of_a_round_has_no_key_and_no_way_to_change_answers(client, organisation, person):
    ((_response, key),) = rounds(organisation, 3)
    text = get(client, "round", organisation.slug, 1).content.decode()
    assert key not in text
    assert "/r/" not in text


def test_the_data_and_charts_of_a_round_are_those_of_its_report(client, organisation, person):
    ((_response, key),) = rounds(organisation, 2)
    own = client.get(reverse("report_data", args=[key]))
    assert get(client, "round_data", organisation.slug, 1).content == own.content
    assert json.loads(own.content)["result"]["score"] == 25
    for name in ("rule", "radar", "bars"):
        chart = get(client, "round_chart", organisation.slug, 1, name)
        assert chart["Content-Type"].startswith("image/svg+xml")
        assert chart.content == client.get(reverse("chart", args=[key, name])).content


def test_a_round_still_answered_has_no_report(client, organisation, person):
    factories.started(organisation)
    assert client.get(reverse("round", args=[organisation.slug, 1])).status_code == 404


@pytest.mark.parametrize("number", [0, 2, 2**31, 2**63, 2**64, 10**40])
def test_a_round_that_does_not_exist_is_a_404(client, organisation, person, number):
    rounds(organisation, 3)
    assert client.get(reverse("round", args=[organisation.slug, number])).status_code == 404


def test_hostile_names_are_shown_as_text(client, organisation, person):
    organisation.name = "<script>alert(1)</script>"
    organisation.save()
    rounds(organisation, 3)
    for name, arguments in {
        "organisations": [],
        "organisation": [organisation.slug],
        "round": [organisation.slug, 1],
    }.items():
        text = get(client, name, *arguments).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_who_left_the_organisation_reads_no_more(client, organisation, person):
    rounds(organisation, 3)
    Membership.objects.filter(user=person).delete()
    for name, arguments in {"organisation": [organisation.slug], "round": [organisation.slug, 1]}.items():
        assert client.get(reverse(name, args=arguments)).status_code == 404


@pytest.mark.parametrize("page", ["organisations", "organisation", "round"])
def test_queries_do_not_grow_with_rounds_or_people(client, organisation, page):
    client.force_login(factories.account(member_of=organisation))
    counts = []
    for more in (2, 6):
        rounds(organisation, *[3] * more)
        for _ in range(more):
            factories.account(member_of=organisation)
        arguments = {"organisations": [], "organisation": [organisation.slug], "round": [organisation.slug, 2]}[page]
        get(client, page, *arguments)
        with CaptureQueriesContext(connection) as queries:
            get(client, page, *arguments)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6

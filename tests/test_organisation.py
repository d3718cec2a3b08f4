"""What the people of an organisation read: their organisations, its rounds, and the report of a round."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.content.files import organisation_lists
from assessment.models import Membership, Organisation, Response, Result, Round
from assessment.models.outline import outline
from assessment.organisations.plan import Agreed, add_free
from assessment.rounds.closing import close, reopen
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
    factories.account(member_of=factories.organisation("Not theirs"))
    page = get(client, "organisations")
    assert [item.name for item in page.context["organisations"]] == ["Maison Dupont", "Zébulon & Fils"]
    assert "Zébulon &amp; Fils" in page.content.decode()
    assert "Not theirs" not in page.content.decode()


def test_they_stand_in_the_order_of_the_alphabet(client, questionnaire):
    names = ["Eau vive", "Zoé", "Elan", "Élan", "élite", "Fabrique", "Œillet", "Ombre"]
    user = factories.account()
    for name in names:
        Membership.objects.create(organisation=factories.organisation(name), user=user, role="viewer")
    client.force_login(user)
    page = get(client, "organisations")
    expected = ["Eau vive", "Elan", "Élan", "élite", "Fabrique", "Œillet", "Ombre", "Zoé"]
    assert [item.name for item in page.context["organisations"]] == expected


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


def rows(page):
    """The list of rounds as texts: name, state, score, level."""
    listed = re.search(r"<caption>Rounds.*?<tbody>(.*?)</tbody>", page.content.decode(), re.DOTALL)[1]
    return [
        [
            re.sub(r"<span.*?</span>|<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in listed.split("</tr>")[:-1]
    ]


def test_it_lists_the_rounds_the_latest_first(client, organisation, person):
    rounds(organisation, 1, 3, 4)
    page = get(client, "organisation", organisation.slug)
    assert rows(page) == [
        ["Round 3", "published", "75", "4"],
        ["Round 2", "published", "50", "3"],
        ["Round 1", "published", "0", "1"],
    ]
    for number in (1, 2, 3):
        assert reverse("round", args=[organisation.slug, number]) in page.content.decode()


def headings(page):
    return re.findall(r"<h2[^>]*>([^<]*)<", page.content.decode())


def test_without_a_round_it_says_what_will_be_here_and_the_one_thing_to_do(client, organisation, person):
    page = get(client, "organisation", organisation.slug)
    text = page.content.decode()
    assert "Once a round has a result, its level and its plan are here" in text
    may_start = Membership.objects.get(user=person).role == "owner"
    assert ("Start the first round" in text) == may_start
    assert ("No round has begun yet. An owner can start the first one." in text) != may_start
    assert headings(page) == []


def test_with_one_round_the_plan_comes_first_the_level_is_told_in_a_line_and_nothing_is_drawn(
    client, organisation, person
):
    ((response, _key),) = rounds(organisation, 3)
    page = get(client, "organisation", organisation.slug)
    text = page.content.decode()
    assert headings(page) == ["Plan", "Rounds"]
    assert "Level\xa03 of 5, “Structured”, with a score of 50 out of 100." in text
    assert "chart-trend" not in text
    assert "This is the first result." in text
    steps = response.known_result.values.plan
    titles = [
        outline(response.round.questionnaire).questions[step.question].choice(step.to).step.title for step in steps
    ]
    shown = re.findall(r"<li><b>(.*?)</b>", text)
    assert [html.unescape(title) for title in shown] == [str(title) for title in titles]
    assert text.count("usually done by") == 5
    may_act = Membership.objects.get(user=person).role != "viewer"
    assert (f"{reverse('plan', args=[organisation.slug])}?step=all#take-on" in text) == may_act


def test_what_was_taken_on_is_told_with_who_and_until_when(client, organisation, person):
    ((response, _key),) = rounds(organisation, 3)
    factories.action(response.round, 0, who="Camille", due=factories.NOON.date() - timedelta(days=999))
    factories.action(response.round, 1)
    text = get(client, "organisation", organisation.slug).content.decode()
    items = re.findall(r'<span class="said">(.*?)</span></li>', text, re.DOTALL)
    told = [" ".join(re.sub(r"<.*?>|&nbsp;", " ", item).split()) for item in items]
    assert told == [
        "Camille · due on 7 February 2024 · planned, overdue",
        "nobody in charge yet · no date yet · planned",
    ]
    assert "The newest report proposes" not in text


def test_of_many_actions_the_most_urgent_are_shown(client, organisation, person):
    rounds(organisation, 3)
    for number in range(8):
        add_free(organisation, Agreed(title=f"Action {number}"), at=factories.NOON)
    text = get(client, "organisation", organisation.slug).content.decode()
    assert "8 open actions." in text
    assert text.count("nobody in charge yet") == 5


def test_with_several_rounds_the_trend_is_drawn_after_the_plan(client, organisation, person):
    rounds(organisation, 2, 3)
    page = get(client, "organisation", organisation.slug)
    assert headings(page) == ["Plan", "Over time"]
    assert (
        page.content.decode().count('<h3 id="rounds">Rounds</h3>') == 1
    )  # beside the chart, whose half of a desk is long
    assert "In round 2 the overall score rose from 25 to 50." in page.content.decode()
    assert "chart-trend" in page.content.decode()


def test_a_held_level_and_a_missing_one_are_told_in_the_line(client, organisation, person):
    factories.submitted(organisation, lambda question: "level-1" if "charter" in question.key else "level-5")
    text = get(client, "organisation", organisation.slug).content.decode()
    assert re.search("Level\xa0[1-4] of 5, “[^”]+”, held there by Charter; the score is [0-9]+ out of 100.", text)
    factories.submitted(organisation, lambda question: None)
    assert "too many answers are missing" in get(client, "organisation", organisation.slug).content.decode()


def test_a_round_without_a_score_is_listed_with_a_dash(client, organisation, person):
    factories.submitted(organisation, lambda question: None)
    assert rows(get(client, "organisation", organisation.slug)) == [["Round 1", "published", "–", "1–5"]]


def test_a_replaced_result_is_not_listed(client, organisation, person):
    _response, key = factories.submitted(organisation, factories.level(2))
    client.post(reverse("correct", args=[key]))
    factories.answer(Response.objects.drafts().get(), factories.level(5))
    client.post(reverse("review", args=[key]))
    page = get(client, "organisation", organisation.slug)
    assert rows(page) == [["Round 1", "published", "100", "5"]]
    assert get(client, "round", organisation.slug, 1).context["report"].result.score == 100


def test_facts_are_shown_in_words(client, organisation, person):
    text = get(client, "organisation", organisation.slug).content.decode()
    lists = organisation_lists()
    for listed, key in ((lists.sectors, "retail"), (lists.sizes, "micro"), (lists.markets, "b2b")):
        assert next(entry.text.en for entry in listed if entry.key == key).split("(")[0] in text


# Rounds of several people --------------------------------------------------------------------------------------------
def everything(client, organisation):
    """All that somebody can read of an organisation, without form tokens; what does not exist as its status."""
    found = []
    for name in ("organisation", "plan", "compare", "plan_csv", "organisation_chart"):
        page = client.get(reverse(name, args=[organisation.slug]))
        found.append(re.sub(rb'value="\w{64}"', b"", page.content) if page.status_code == 200 else page.status_code)
    found.append(re.sub(rb'value="\w{64}"', b"", client.get(reverse("organisations")).content))
    return found


@pytest.mark.parametrize("mode", ["open", "confidential"])
def test_before_it_is_published_a_round_shows_only_how_many_were_invited_and_answered(
    client, organisation, person, mode
):
    rounds(organisation, 2)
    held = factories.held_together(organisation, mode, [1, 2, 3, 4], invited=6)
    assert rows(get(client, "organisation", organisation.slug))[0] == [
        "Round 2",
        f"waiting for answers: 6 invited, {'4' if mode == 'open' else 'fewer than 5'} answered",
        "–",
        "–",
    ]
    seen = everything(client, organisation)
    for result in held.results.all():  # other answers, the same picture
        result.record = Result.objects.exclude(pk=result.pk).first().record
        result.save()
    held.responses.update(role="hr")
    assert everything(client, organisation) == seen


def test_each_state_of_a_round_is_said(client, organisation, person):
    def state():
        return rows(get(client, "organisation", organisation.slug))[0][1]

    draft, _key = factories.started(organisation)
    assert state() == "under way"
    held = factories.held_together(organisation, "confidential", [1, 2])
    assert state() == "waiting for answers: 1 invited, fewer than 5 answered"
    held.refresh_from_db()
    held.closes_on = factories.NOON.date() - timedelta(days=999)
    held.save()
    assert state() == "last day passed, to be closed: 1 invited, fewer than 5 answered"
    close(held, at=factories.NOON)
    assert state() == "closed without a result"
    full = factories.held_together(organisation, "confidential", [1, 5, 5, 5, 5, 5])
    close(full, at=factories.NOON)
    assert state() == "published"
    reopen(full)
    assert state() == "published, open again: 5 invited, fewer than 5 answered"
    assert not draft.round.results.exists()


def test_one_thing_comes_next(client, organisation, person):
    def primary():
        text = get(client, "organisation", organisation.slug).content.decode()
        return re.findall(r'class="btn btn-primary[^>]*>(.*?)<', text)

    assert [text for text in primary() if not text.startswith("Start")] == []
    factories.submitted(organisation, factories.level(2), at=timezone.now() - timedelta(days=400))
    assert [text for text in primary() if not text.startswith("Start")] == []  # about a year later: the next round
    factories.submitted(organisation, factories.level(2), at=timezone.now() - timedelta(days=1))
    assert primary() == ["Read the report of round 2"]
    factories.started(organisation, at=timezone.now())
    assert primary() == ["Go on with round 3"]


def test_the_list_tells_the_newest_score_and_what_is_under_way(client, organisation, person):
    rounds(organisation, 2, 4)
    factories.held_together(organisation, "open", [1, 5], invited=3)
    text = get(client, "organisations").content.decode()
    assert "Round 2: score 75, level\xa04 · Round 3: waiting for answers: 3 invited, 2 answered" in text
    Organisation.objects.update(name="x")
    Round.objects.all().delete()
    assert "No published result yet." in get(client, "organisations").content.decode()


def test_open_actions_are_counted(client, organisation, person):
    ((response, _key),) = rounds(organisation, 2)
    factories.action(response.round, 0, due=factories.NOON.date() - timedelta(days=999))
    factories.action(response.round, 1)
    assert "2 open actions, 1 of them overdue." in get(client, "organisation", organisation.slug).content.decode()


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
    own = client.get(reverse("document", args=[key, "report.json"]))
    assert get(client, "round_document", organisation.slug, 1, "report.json").content == own.content
    assert json.loads(own.content)["result"]["score"] == 25
    for name in ("rule", "radar", "bars"):
        chart = get(client, "round_chart", organisation.slug, 1, name)
        assert chart["Content-Type"].startswith("image/svg+xml")
        assert chart.content == client.get(reverse("chart", args=[key, name])).content


def test_a_round_still_answered_has_no_report(client, organisation, person):
    factories.started(organisation)
    for name, more in {"round_document": ["report.json"], "round_chart": ["bars"]}.items():
        assert client.get(reverse(name, args=[organisation.slug, 1, *more])).status_code == 404


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
    user = factories.account(member_of=organisation)
    client.force_login(user)
    counts = []
    for more in (2, 4):
        rounds(organisation, *[3] * more)
        close(factories.held_together(organisation, "open", [3] * more, invited=2 * more), at=factories.NOON)
        for _ in range(more):
            second = factories.organisation("Second")
            Membership.objects.create(organisation=second, user=user, role="viewer")
            rounds(second, 3)
        for _ in range(more):
            factories.account(member_of=organisation)
        arguments = {"organisations": [], "organisation": [organisation.slug], "round": [organisation.slug, 2]}[page]
        get(client, page, *arguments)
        with CaptureQueriesContext(connection) as queries:
            get(client, page, *arguments)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6

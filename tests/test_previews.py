"""What a link to a page shows elsewhere: its description, its Open Graph tags, and the picture that they name."""

import html
import io
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assessment.authoring.publication import retire
from assessment.logs import SecretsFilter
from assessment.models import Share
from assessment.organisations.sharing import revoke
from tests import factories
from tests.factories import SHARE

PUBLIC = {"home": "/", "example": "/example/", "methodology": "/methodology/", "barometer": "/barometer/"}
META = re.compile(r'<meta (?:name|property)="([a-z:_]+)" content="([^"]*)">')


def tags(client: Client, address: str, language: str = "en") -> dict[str, str]:
    """The tags of a page as a program reads them: it has no cookie and runs no script."""
    page = client.get(address, headers={"accept-language": language})
    assert page.status_code == 200
    head = page.content.decode().partition("</head>")[0]
    found = META.findall(head)
    assert len(found) == len(dict(found)), "a tag stands twice"
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', head) in ([], [dict(found)["og:url"]])
    return {name: html.unescape(text) for name, text in found}


def picture_of(found: dict[str, str], **headers):
    """What the named address of the picture answers to who has no session."""
    parts = urlsplit(found["og:image"])
    assert f"{parts.scheme}://{parts.netloc}" == "http://testserver"
    return Client().get(f"{parts.path}?{parts.query}", headers=headers)


def is_picture(page, size=(1200, 630)) -> bool:
    return page.status_code == 200 and page["Content-Type"] == "image/png" and opened(page).size == size


def opened(page) -> Image.Image:
    return Image.open(io.BytesIO(page.content))


# Public pages ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_says_what_it_is_and_shows_the_example(client, questionnaire, name, language):
    found = tags(client, PUBLIC[name], language)
    assert 50 <= len(found["description"]) <= 200
    assert found["og:description"] == found["description"]
    assert found["og:title"]
    assert (found["og:type"], found["twitter:card"]) == ("website", "summary_large_image")
    assert found["og:site_name"] == {"en": "Social media maturity", "fr": "Maturité des réseaux sociaux"}[language]
    locales = {"en": "en_GB", "fr": "fr_FR"}
    assert found["og:locale"] == locales[language]
    assert {found["og:locale"], found["og:locale:alternate"]} == set(locales.values())
    assert found["og:url"] == f"http://testserver{PUBLIC[name]}"
    assert (found["og:image:width"], found["og:image:height"], found["og:image:type"]) == ("1200", "630", "image/png")
    assert found["og:image:alt"]
    assert f"lang={language}" in found["og:image"]
    page = picture_of(found)
    assert is_picture(page)
    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")
    assert set(page["Cache-Control"].split(", ")) == {"public", "max-age=86400"}
    assert picture_of(found, **{"if-none-match": page["ETag"]}).status_code == 304


def test_each_public_page_speaks_of_itself(client, questionnaire):
    found = [tags(client, address) for address in PUBLIC.values()]
    assert len({page["og:title"] for page in found}) == len({page["description"] for page in found}) == len(PUBLIC)


def test_the_address_is_the_site_s_own_whatever_was_asked_for(client, questionnaire, settings):
    settings.SITE_ADDRESS = "https://maturity.example"
    found = tags(client, "/barometer/?lang=fr", "en")
    assert found["og:url"] == "https://maturity.example/barometer/"
    assert found["og:image"].startswith("https://maturity.example/example/picture.png?lang=fr&v=")


def test_the_picture_is_in_the_language_that_its_address_names(client, questionnaire):
    pages = {(lang, header): client.get(f"/example/picture.png?lang={lang}", headers={"accept-language": header})
             for lang in ("en", "fr", "xx") for header in ("en", "fr")}  # fmt: skip
    assert pages["fr", "en"].content == pages["fr", "fr"].content == pages["xx", "fr"].content
    assert pages["en", "fr"].content == pages["en", "en"].content == pages["xx", "en"].content
    assert pages["fr", "en"].content != pages["en", "en"].content


def test_the_example_is_also_a_picture_for_a_slide(client, questionnaire):
    assert is_picture(client.get("/example/slide.png"), (1920, 1080))
    assert client.get("/example/other.png").status_code == 404


def test_before_a_questionnaire_is_published_no_picture_is_named(client, nothing_published):
    for name in ("home", "methodology", "barometer"):
        found = tags(client, PUBLIC[name])
        assert "og:image" not in found
        assert found["twitter:card"] == "summary"
    assert client.get("/example/picture.png").status_code == 404


def test_an_invented_edition_stays_out_of_search_engines_and_the_others_have_one_address(client, questionnaire):
    text = client.get("/barometer/").content.decode()
    assert text.count('rel="canonical"') == 1
    assert "noindex" not in text


# Reading links --------------------------------------------------------------------------------------------------------
@pytest.fixture
def submitted(questionnaire):
    return factories.submitted(choose=factories.level(2))


def linked(of, *, preview: bool):
    row, token = factories.reading_link(of, at=timezone.now(), preview=preview)
    return row, reverse("shared", args=[token])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_shared_report_names_neither_whose_it_is_nor_a_score_unless_it_was_ticked(client, submitted, language):
    _row, address = linked(submitted[0], preview=False)
    found = tags(client, address, language)
    name = submitted[0].round.organisation.name
    assert name
    told = " ".join(text for tag, text in found.items() if not tag.startswith("og:image:") and tag != "og:url")
    assert name not in told
    assert not re.search(r"\d", found["og:title"] + found["description"])
    assert found["robots"] == "noindex, nofollow"
    assert urlsplit(found["og:image"]).path == "/example/picture.png"
    assert is_picture(picture_of(found))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_ticked_it_tells_the_level_and_the_score_and_shows_the_report_s_own_picture(client, submitted, language):
    _row, address = linked(submitted[0], preview=True)
    found = tags(client, address, language)
    level = {"en": "Level 2, Emerging: 25 out of 100", "fr": "Niveau 2, Amorcé : 25 sur 100"}[language]
    assert level in found["og:description"].replace("\u202f", " ").replace("\xa0", " ")
    assert submitted[0].round.organisation.name in found["og:title"]
    assert found["robots"] == "noindex, nofollow"
    assert found["og:url"] == f"http://testserver{address}"
    assert urlsplit(found["og:image"]).path == f"{address}picture.png"
    page = picture_of(found)
    assert is_picture(page)
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page.content != client.get(f"/example/picture.png?lang={language}").content


def test_the_picture_of_a_link_ends_with_it(client, submitted):
    row, address = linked(submitted[0], preview=True)
    found = tags(client, address)
    assert is_picture(picture_of(found))
    revoke(Share.objects.all(), str(row.pk), at=timezone.now())
    assert picture_of(found).status_code == 404
    row, address = linked(submitted[0], preview=True)
    found = tags(client, address)
    Share.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert picture_of(found).status_code == 404


def test_its_address_is_blanked_in_the_log(client, submitted):
    _row, address = linked(submitted[0], preview=True)
    secret = address.split("/")[2]
    assert secret not in SecretsFilter()._blank(f"GET {address}picture.png?lang=en", None)


def test_a_joint_report_says_no_more_in_its_preview(client, questionnaire):
    of = factories.several(factories.organisation(), "confidential", [factories.level(3)] * 5)
    for preview in (False, True):
        found = tags(client, linked(of, preview=preview)[1])
        assert ("50 out of 100" in found["description"]) is preview
        assert is_picture(picture_of(found))


@pytest.mark.parametrize("ticked", [False, True])
def test_whoever_shares_ticks_it_and_sees_it_in_the_list(client, submitted, ticked):
    page = reverse("sharing", args=[submitted[1]])
    assert client.get(page).context["form"]["score_in_preview"].value() in (None, False)
    more = {"score_in_preview": "on"} if ticked else {}
    text = client.post(page, SHARE | more, follow=True).content.decode()
    row = Share.objects.get()
    assert row.score_in_preview is ticked
    assert ("The preview of the link shows level and score." in text) is ticked
    assert row.data["score_in_preview"] is ticked


def test_the_holder_of_a_report_saves_it_as_a_picture(client, submitted):
    for name, size in (("picture.png", (1200, 630)), ("slide.png", (1920, 1080))):
        page = client.get(reverse("document", args=[submitted[1], name]))
        assert is_picture(page, size)
        assert page["Content-Disposition"].startswith("inline; filename=")
        assert "no-store" in page["Cache-Control"]
    text = client.get(reverse("report", args=[submitted[1]])).content.decode()
    assert "og:" not in text  # this address can change and keep: nothing invites to hand it on


# The way to begin ------------------------------------------------------------------------------------------------------
def primaries(text: str) -> list[str]:
    return re.findall(r'class="btn btn-primary[^"]*" href="([^"]*)"', text)


def test_the_example_and_a_shared_report_end_with_one_way_to_begin(client, submitted):
    for address in ("/example/", linked(submitted[0], preview=False)[1]):
        text = client.get(address).content.decode()
        assert primaries(text) == ["/start/"]
        assert text.rindex('class="btn btn-primary') > text.index('id="documents"')
        assert "20 to 25 minutes, free, no account" in text
    own = client.get(reverse("report", args=[submitted[1]])).content.decode()
    assert primaries(own) == [f"/r/{submitted[1]}/summary.pdf"]


def test_a_shared_report_offers_nothing_to_begin_while_nothing_is_published(client, submitted, questionnaire):
    _row, address = linked(submitted[0], preview=False)
    retire(questionnaire)
    assert 'id="begin"' not in client.get(address).content.decode()

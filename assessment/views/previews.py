"""Meta description and Open Graph (https://ogp.me) of a page: what search engines, messengers and networks show of its link."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.models import Questionnaire
from assessment.models.secret import site_address
from assessment.report.parts import Report
from assessment.wording import place, sentences

LOCALES = {"en": "en_GB", "fr": "fr_FR"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a page: `address` and `picture` are whole; `alt` says what the picture shows.

    `is_canonical`: the page is found under other addresses, too, and this is the one to keep.
    """

    title: str
    description: str
    address: str
    picture: str | None
    alt: str
    is_canonical: bool = True

    @property
    def locale(self) -> str:
        return LOCALES[get_language()]

    @property
    def other_locales(self) -> list[str]:
        return [locale for locale in LOCALES.values() if locale != self.locale]


def of_site(title: str, description: str, path: str, current: Questionnaire | None) -> Preview:
    """The preview of a public page: with the picture of the example under the current version, if there is one."""
    alt = _("An example of the result: the level, the score and the dimensions of an invented organisation.")
    return Preview(title, description, site_address(path), _example_picture(current), alt if current else "")


def of_example(report: Report, path: str, current: Questionnaire) -> Preview:
    """The preview of the example report, which says how the invented organisation stands."""
    title = _("An example report: what you get")
    return Preview(title, place.place(report), site_address(path), _example_picture(current), _seen(report))


def of_shared(report: Report, path: str, *, tells_score: bool, current: Questionnaire | None) -> Preview:
    """The preview of a report at a reading link; without `tells_score` it names neither organisation nor result.

    The address is a secret, and is named nowhere but on its own page.
    """
    if not tells_score:
        title = _("A social media maturity report, shared with you")
        told = _(
            "Where an organisation stands on social media, and what it does next. Whoever has this link can read it."
        )
        alt = _("An example of the result: the level, the score and the dimensions of an invented organisation.")
        picture = _example_picture(current)
        return Preview(title, told, site_address(path), picture, alt if picture else "", is_canonical=False)
    picture = site_address(f"{path}picture.png?lang={get_language()}")
    title = sentences.report_title(report)
    return Preview(title, place.place(report), site_address(path), picture, _seen(report), is_canonical=False)


def _example_picture(current: Questionnaire | None) -> str | None:
    """An address that everybody may open and keep: it names the language and the version."""
    if current is None:
        return None
    path = reverse("example_document", args=["picture.png"])
    return site_address(f"{path}?lang={get_language()}&v={current.content_hash[:12]}")


def _seen(report: Report) -> str:
    return " ".join(filter(None, (place.place(report), place.ends(report))))

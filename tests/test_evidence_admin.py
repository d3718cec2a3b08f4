"""Studies, findings, figures and reference levels by hand: nothing without its source, and nothing gone that is used."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.content.evidence import read_evidence
from assessment.content.writer import write_evidence
from assessment.evidence.values import stored_evidence
from assessment.models import Figure, Finding, QuestionFinding, Questionnaire, ReferenceLevel, Source, Study
from tests import factories
from tests.test_admin import address, form_of

STUDY = {
    "key": "", "title_en": "A study", "title_fr": "Une étude", "publisher": "Société Générale", "year": "2024",
    "edition": "", "sample": "100", "period_en": "May", "period_fr": "Mai", "population_en": "All", "population_fr": "Tous",
}  # fmt: skip
SOURCES = {
    "sources-TOTAL_FORMS": "1", "sources-INITIAL_FORMS": "0",
    "sources-0-where_en": "https://example.org/", "sources-0-where_fr": "https://example.org/",
}  # fmt: skip
FINDING = SOURCES | {
    "key": "", "dimension": "roi", "kind": "", "title_en": "", "title_fr": "", "text_en": "So", "text_fr": "Ainsi",
    "published_figure_en": "", "published_figure_fr": "", "sample_en": "100", "sample_fr": "100", "confidence": "read",
}  # fmt: skip
FIGURE = {"key": "", "percent": "12.5", "label_en": "Do that", "label_fr": "Font cela"}
LEVEL = {"edition": "2018", "dimension": "roi", "level": "3", "why_en": "Why", "why_fr": "Pourquoi", "findings": []}


@pytest.fixture
def finding(db):
    """One that nothing uses yet."""
    study = Study.objects.get(key="barometer-2017")
    text = {"text_en": "New", "text_fr": "Nouveau", "sample_en": "1", "sample_fr": "1"}
    row = Finding.objects.create(key="free", study=study, dimension="roi", confidence="read", **text)
    Source.objects.create(finding=row, where_en="a book", where_fr="un livre")
    return row


def errors(page) -> dict:
    assert page.status_code == 200
    formsets = page.context["inline_admin_formsets"]
    inline = {name: said for one in formsets for form in one.formset.forms for name, said in form.errors.items()}
    loose = [said for one in formsets for said in one.formset.non_form_errors()]
    return page.context["adminform"].form.errors | inline | ({"sources": loose} if loose else {})


def add(client, model, data):
    return client.post(address(model, "add"), data)


# A key is proposed ---------------------------------------------------------------------------------------------------


def test_a_key_is_made_of_what_was_typed_where_none_was_given(boss):
    assert add(boss, Study, STUDY).status_code == 302
    study = Study.objects.get(publisher="Société Générale")
    assert study.key == "societe-generale-2024"
    assert add(boss, Finding, FINDING | {"study": study.pk}).status_code == 302
    finding = study.findings.get()
    assert finding.key == "societe-generale-2024-01"
    assert add(boss, Figure, FIGURE | {"finding": finding.pk}).status_code == 302
    assert finding.figures.get().key == "societe-generale-2024-01-do-that"


def test_a_key_that_is_taken_gets_a_number(boss):
    for _time in range(2):
        assert add(boss, Study, STUDY).status_code == 302
    assert set(Study.objects.filter(publisher="Société Générale").values_list("key", flat=True)) == {
        "societe-generale-2024",
        "societe-generale-2024-2",
    }


def test_a_very_long_name_still_makes_a_key(boss):
    assert add(boss, Study, STUDY | {"publisher": "É" * 200}).status_code == 302
    assert len(Study.objects.get(publisher="É" * 200).key) <= 64
    assert add(boss, Study, STUDY | {"publisher": "日本", "year": ""}).status_code == 302
    assert Study.objects.get(publisher="日本").key == "study"


@pytest.mark.parametrize("key", ["Ünicode", "with space", "UPPER", "-a", "a_b", "a/b"])
def test_a_key_that_a_file_could_not_hold_is_refused(boss, key):
    assert set(errors(add(boss, Study, STUDY | {"key": key}))) == {"key"}


def test_a_key_that_somebody_else_has_is_refused(boss):
    assert set(errors(add(boss, Study, STUDY | {"key": "barometer-2017"}))) == {"key"}


# Nothing without its source ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sources",
    [
        {"sources-0-where_en": "", "sources-0-where_fr": ""},
        {"sources-TOTAL_FORMS": "0"},
        {"sources-0-DELETE": "on"},
        {"sources-TOTAL_FORMS": "", "sources-INITIAL_FORMS": ""},
    ],
)
def test_a_finding_without_a_source_is_not_saved(boss, sources):
    study = Study.objects.get(key="barometer-2017")
    assert errors(add(boss, Finding, FINDING | {"study": study.pk} | sources))
    assert not Finding.objects.filter(text_en="So").exists()


def test_the_last_source_cannot_be_taken_away(boss, finding):
    page = address(Finding, "change", finding.pk)
    assert errors(boss.post(page, form_of(boss, page) | {"sources-0-DELETE": "on"}))
    assert finding.sources.count() == 1


def test_a_figure_of_a_finding_without_a_source_is_not_saved(boss, finding):
    finding.sources.all().delete()
    assert set(errors(add(boss, Figure, FIGURE | {"finding": finding.pk}))) == {"finding"}
    assert set(errors(add(boss, Figure, FIGURE | {"finding": ""}))) == {"finding"}
    assert not finding.figures.exists()


@pytest.mark.parametrize("where", ["javascript:alert(1)", "ftp://example.org/", "//example.org", "https://", "data:x"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_source_is_an_address_or_words(boss, finding, where, language):
    page = address(Finding, "change", finding.pk)
    name = f"where_{language}"
    assert set(errors(boss.post(page, form_of(boss, page) | {f"sources-0-{name}": where}))) == {name}
    assert set(Source.objects.filter(finding=finding).values_list("where_en", "where_fr")) == {("a book", "un livre")}


# What a file could not hold ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"criterion": "on"}, {"kind", "title_en", "title_fr"}),
        ({"kind": "gap"}, {"kind"}),
        ({"title_en": "a", "title_fr": "b"}, {"title_en", "title_fr"}),
        ({"published_figure_en": "60%"}, {"published_figure_fr"}),
        ({"sample_fr": ""}, {"sample_fr"}),
        ({"text_en": "a\u202eb"}, {"text_en"}),
        ({"dimension": "nowhere"}, {"dimension"}),
        ({"dimension": ""}, {"dimension"}),
    ],
)
def test_a_finding_that_breaks_a_rule_is_told_at_the_field(boss, change, expected):
    study = Study.objects.get(key="barometer-2017")
    assert set(errors(add(boss, Finding, FINDING | {"study": study.pk} | change))) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"year": "1200"}, {"year"}), ({"edition": "3000"}, {"edition"}), ({"sample": "0"}, {"sample"})],
)
def test_a_study_that_breaks_a_rule_is_told_at_the_field(boss, change, expected):
    assert set(errors(add(boss, Study, STUDY | change))) == expected


def test_the_edition_that_reference_levels_name_stays(boss):
    page = address(Study, "change", Study.objects.get(key="barometer-2017").pk)
    assert set(errors(boss.post(page, form_of(boss, page) | {"edition": "2019"}))) == {"edition"}


def pk_of(key: str) -> int:
    return Finding.objects.get(key=key).pk


def test_beside_a_criterion_stands_only_a_figure_of_its_own_study(boss):
    page = address(Finding, "change", pk_of("cr-08"))
    offered = boss.get(page).context["adminform"].form.fields["linked_findings"].queryset
    assert set(offered.values_list("criterion", "study__edition")) == {(False, 2016), (False, 2017)}
    assert not offered.filter(published_figure_en="").exists()
    for key, message in [
        ("b15-02", "Choose findings of the same study that have a published figure."),
        ("cr-09", "Select a valid choice."),
    ]:
        said = errors(boss.post(page, form_of(boss, page) | {"linked_findings": [pk_of(key)]}))
        assert message in str(said["linked_findings"])
    assert boss.post(page, form_of(boss, page) | {"linked_findings": [pk_of("b17-15")]}).status_code == 302
    assert [row.key for row in Finding.objects.get(key="cr-08").linked_findings.all()] == ["b17-15"]


def test_only_a_criterion_names_figures_beside_it(boss):
    page = address(Finding, "change", pk_of("b17-01"))
    assert set(errors(boss.post(page, form_of(boss, page) | {"linked_findings": [pk_of("b17-15")]}))) == {
        "linked_findings"
    }


@pytest.mark.parametrize(
    "change", [{"study": "barometer-2017"}, {"published_figure_en": "", "published_figure_fr": ""}]
)
def test_what_stands_beside_a_criterion_keeps_its_study_and_its_figure(boss, change):
    page = address(Finding, "change", pk_of("b15-02"))
    if "study" in change:
        change = {"study": Study.objects.get(key=change["study"]).pk}
    assert set(errors(boss.post(page, form_of(boss, page) | change))) == {"study"}


def test_a_level_is_read_off_findings_of_an_edition(boss, finding):
    assert set(errors(add(boss, ReferenceLevel, LEVEL))) == {"edition", "findings"}
    Study.objects.filter(key="barometer-2018").update(edition=2018)
    assert set(errors(add(boss, ReferenceLevel, LEVEL))) == {"findings"}
    assert add(boss, ReferenceLevel, LEVEL | {"findings": [finding.pk]}).status_code == 302
    assert add(boss, ReferenceLevel, LEVEL | {"dimension": "charter", "level": ""}).status_code == 302


def test_what_was_typed_can_be_exported_and_read_again(boss):
    study_text = STUDY | {"title_en": "Line\r\nbreak", "population_fr": " Tous \u2028 ici "}
    add(boss, Study, study_text)
    study = Study.objects.get(publisher="Société Générale")
    add(boss, Finding, FINDING | {"study": study.pk, "text_fr": "Deux\r\n\r\nlignes"})
    add(boss, Figure, FIGURE | {"finding": study.findings.get().pk})
    evidence = stored_evidence()
    assert read_evidence(write_evidence(evidence), "evidence.yaml") == evidence
    assert evidence.studies[-1].title.en == "Line break"
    assert evidence.findings[-1].text.fr == "Deux lignes"


@pytest.mark.parametrize("model", [Study, Finding, Figure, ReferenceLevel])
def test_saving_what_is_shipped_as_it_is_changes_nothing(boss, questionnaire, shipped, model):
    for row in list(model.objects.order_by("pk"))[::12]:
        page = address(model, "change", row.pk)
        assert boss.post(page, form_of(boss, page)).status_code == 302
    assert stored_evidence() == shipped[1]


# A dimension is chosen -----------------------------------------------------------------------------------------------


def test_the_dimension_is_chosen_from_those_of_the_current_questionnaire(boss, questionnaire):
    for model in (Finding, ReferenceLevel):
        choices = boss.get(address(model, "add")).context["adminform"].form.fields["dimension"].choices
        assert choices[1] == ("strategy", "Strategy")
        assert ("context", "For comparison") in choices
        assert len(choices) == 7


def test_a_dimension_that_evidence_was_stored_under_stays_possible(boss, finding):
    Finding.objects.filter(pk=finding.pk).update(dimension="old-one")
    page = address(Finding, "change", finding.pk)
    assert boss.post(page, form_of(boss, page)).status_code == 302
    assert Finding.objects.get(pk=finding.pk).dimension == "old-one"


def test_evidence_can_be_written_before_there_is_a_questionnaire(boss, finding, nothing_published):
    assert boss.get(address(Finding, "add")).status_code == 200


# Where it is used ----------------------------------------------------------------------------------------------------


def used(client, row) -> list[str]:
    return [text for text, _link in client.get(address(type(row), "change", row.pk)).context["uses"]]


def test_a_finding_names_the_questions_with_their_versions_the_figures_and_the_levels(boss, questionnaire):
    factories.draft()
    row = Finding.objects.filter(question_findings__isnull=False, reference_levels__isnull=False).first()
    question = row.question_findings.first().question
    said = used(boss, row)
    assert f"question “{question.text}” (barometer, version 2, draft)" in said
    assert f"question “{question.text}” (barometer, version 1, published)" in said
    assert f"reference level {row.reference_levels.first()}" in said
    page = boss.get(address(Finding, "change", row.pk)).content.decode()
    assert reverse("admin:assessment_question_change", args=[question.pk]) in page


def test_a_figure_names_the_choices_and_a_study_its_findings_and_levels(boss, questionnaire):
    figure = Figure.objects.filter(choices__isnull=False).first()
    choice = figure.choices.get()
    assert used(boss, figure) == [
        f"choice “{choice.text}” of question “{choice.question.text}” (barometer, version 1, published)"
    ]
    study = Study.objects.get(key="barometer-2017")
    said = used(boss, study)
    assert len(said) == study.findings.count() + ReferenceLevel.objects.filter(edition=2017).count()
    assert "reference level 2017, strategy" in said


def test_what_is_used_nowhere_says_so(boss, finding):
    assert used(boss, finding) == []
    assert "Nowhere yet." in boss.get(address(Finding, "change", finding.pk)).content.decode()


def test_the_page_takes_as_many_queries_for_many_places_as_for_few(boss, questionnaire):
    row = Finding.objects.filter(question_findings__isnull=False).first()
    figure = Figure.objects.filter(choices__isnull=False).first()

    def count(one) -> int:
        with CaptureQueriesContext(connection) as captured:
            boss.get(address(type(one), "change", one.pk))
        return len(captured)

    count(row), count(figure)  # what is read once and kept
    few = count(row), count(figure)
    for _time in range(3):
        factories.draft()
    assert (count(row), count(figure)) == few


@pytest.mark.parametrize("kind", ["question", "criterion", "figure", "level", "choice", "study", "edition"])
def test_what_is_used_is_not_deleted_and_the_places_are_named(boss, questionnaire, finding, kind):
    row = finding
    if kind == "question":
        draft = factories.draft()
        question = draft.dimensions.first().questions.first()
        QuestionFinding.objects.create(question=question, finding=finding)
        expected = f"Question “{question.text}” (barometer, version 2, draft)"
    elif kind == "criterion":
        criterion = Finding.objects.get(key="cr-08")
        criterion.linked_findings.add(finding)
        expected = f"Finding cr-08: {criterion.text_en}"
    elif kind == "figure":
        Figure.objects.create(key="f", finding=finding, percent=5, label_en="Do", label_fr="Font")
        expected = "Published figure 5% Do"
    elif kind == "level":
        ReferenceLevel.objects.first().findings.add(finding)
        expected = f"Reference level {ReferenceLevel.objects.first()}"
    elif kind == "choice":
        row = Figure.objects.filter(choices__isnull=False).first()
        expected = f"Choice “{row.choices.first().text}” of question"
    elif kind == "study":
        row, expected = finding.study, "Finding free: New"
    else:
        row = Study.objects.create(key="of-2030", title_en="x", title_fr="x", publisher="x", edition=2030)
        ReferenceLevel.objects.create(edition=2030, dimension="roi", why_en="a", why_fr="b")
        expected = "Reference level 2030, roi"
    pages = [
        boss.get(address(type(row), "delete", row.pk)),
        boss.post(address(type(row), "delete", row.pk), {"post": "yes"}),
        boss.post(
            address(type(row), "changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        ),
    ]
    for page in pages:
        assert expected in page.content.decode().replace("&#x27;", "'")
    assert type(row).objects.filter(pk=row.pk).exists()


def test_what_is_used_nowhere_can_be_deleted(boss, finding):
    assert boss.post(address(Finding, "delete", finding.pk), {"post": "yes"}).status_code == 302
    assert not Finding.objects.filter(pk=finding.pk).exists()


def test_what_somebody_may_not_see_is_named_without_a_link(client, questionnaire):
    from django.contrib.auth.models import Permission

    looker = factories.account(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_finding"))
    factories.sign_in(client, looker, second_factor=True)
    row = Finding.objects.filter(question_findings__isnull=False).first()
    page = client.get(address(Finding, "change", row.pk))
    assert page.context["uses"]
    assert {link for _text, link in page.context["uses"] if "question" in _text} == {""}


def test_correcting_a_finding_moves_no_published_questionnaire(boss, questionnaire):
    from assessment.models.outline import read_outline

    row = QuestionFinding.objects.filter(question__dimension__questionnaire=questionnaire).first().finding
    before = read_outline(questionnaire).content
    page = address(Finding, "change", row.pk)
    assert boss.post(page, form_of(boss, page) | {"text_en": "Put right", "key": "forged"}).status_code == 302
    assert Finding.objects.get(pk=row.pk).text_en == "Put right"
    assert read_outline(Questionnaire.objects.get(pk=questionnaire.pk)).content == before


def test_lists_lead_to_export_and_import(boss, questionnaire):
    for model in (Study, Finding, Figure, ReferenceLevel):
        page = boss.get(address(model, "changelist")).content.decode()
        assert reverse("admin:assessment_evidence_export") in page
        assert reverse("admin:assessment_import") in page
    assert reverse("admin:assessment_import") in boss.get(address(Questionnaire, "changelist")).content.decode()

"""What every test may ask for."""

import pytest
from django.core.cache import cache

from assessment.content.reader import read_evidence, read_questionnaire
from assessment.content.shipped import FOLDER
from assessment.models.loading import load_evidence, load_questionnaire


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture(scope="session")
def shipped():
    """The questionnaire and the evidence that ship with the product, as values."""
    evidence = read_evidence((FOLDER / "evidence.yaml").read_bytes(), "evidence.yaml")
    questionnaire = read_questionnaire((FOLDER / "questionnaire.yaml").read_bytes(), "questionnaire.yaml")
    return questionnaire, evidence


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, shipped):
    """Every test database begins with the shipped content, published."""
    content, evidence = shipped
    with django_db_blocker.unblock():
        load_evidence(evidence)
        load_questionnaire(content)


@pytest.fixture
def questionnaire(db):
    from assessment.models import Questionnaire

    return Questionnaire.objects.current()

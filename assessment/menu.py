"""The administration's menu: what belongs to one job stands together, the job that is done most comes first."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

ROOMS = [
    ("questionnaires", _("Questionnaires"), ["Questionnaire", "Dimension", "Question", "ConsistencyRule"]),
    ("evidence", _("Studies and their figures"), ["Study", "Finding", "Figure", "ReferenceLevel"]),
    ("results", _("Organisations and results"), ["Organisation", "Round", "Response", "Result"]),
    ("people", _("People and their rights"), ["User", "EmailAddress", "Authenticator", "Group", "SignIn"]),
]
REST = ("record", _("Record"))


def by_job(apps: list[dict]) -> list[dict]:
    """Django's list of apps and models, grouped by job; what no room names, and so is new, stands in the last."""
    models = {model["object_name"]: model for app in apps for model in app["models"]}
    rooms = [(label, name, [models.pop(model) for model in wanted if model in models]) for label, name, wanted in ROOMS]
    return [_room(*room) for room in [*rooms, (*REST, list(models.values()))] if room[2]]


def _room(label: str, name: str, models: list[dict]) -> dict:
    """As Django's templates want an app; its name leads to its first list."""
    address = next((model["admin_url"] for model in models if model["admin_url"]), reverse("admin:index"))
    return {"name": name, "app_label": label, "app_url": address, "has_module_perms": True, "models": models}

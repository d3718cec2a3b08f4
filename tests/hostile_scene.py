"""Who sends hostile requests, and what they know: the scene of the table of addresses."""

from tests import hostile
from tests.test_access import make_scene


def hostile_scene(seed: int, **more) -> hostile.Generator:
    """Requests by the visitors of the table of addresses, who know what there is."""
    scene = make_scene()
    of = scene.response.round
    known = {
        "key": [scene.keys["holder"], scene.keys["other holder"]],
        "token": [scene.tokens["reader"], scene.tokens["invited"], *scene.links.values()],
        "slug": [of.organisation.slug],
        "number": ["1", str(scene.action.pk)],
        "dimension": ["strategy", "charter", "context"],
        "name": ["bars", "radar", "rule", "report.csv", "report.json"],
        "object_id": [str(row) for row in (1, of.pk, of.organisation_id, scene.response.pk)],
        "id": ["1", str(of.pk)],
        "content_type_id": ["1", "5", "9"],
        "app_label": ["assessment", "auth", "account"],
    }
    cookies = {
        visitor: "; ".join(f"{name}={morsel.value}" for name, morsel in scene.clients[visitor].cookies.items())
        for visitor in hostile.VISITORS
    }
    return hostile.Generator(seed, cookies, known, **more)

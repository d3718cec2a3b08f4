"""What the first page of the administration shows beside Django's own."""

from django import template
from django.utils import timezone

from assessment.admin import dashboard as room
from assessment.results.activity import Waiting

register = template.Library()


@register.simple_tag(takes_context=True)
def dashboard(context) -> room.Dashboard | None:
    """What is going on, for those who may see results or rounds."""
    return room.dashboard(context["request"].user, at=timezone.now())


@register.simple_tag(takes_context=True)
def drafts(context) -> Waiting | None:
    """The drafts that wait, for those who write and publish."""
    return room.drafts(context["request"].user)

"""Days and times of day with their zone, as template filters: {{ round.closes_on|day_and_zone }}."""

from django import template

from assessment.wording import moments

register = template.Library()
register.filter("day_and_zone", moments.day_and_zone)
register.filter("moment_and_zone", moments.moment_and_zone)  # in mails
register.filter("moment", moments.moment_in_page)
register.simple_tag(moments.zone, name="zone")

"""The table in which all workers count attempts together (CACHES in the settings)."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_people_and_rounds")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

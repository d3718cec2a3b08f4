"""Sessions in a table that names their account; those that are open move there, and stay open."""

from itertools import islice

from assessment.models.session import SessionStore, account_in
from django.db import migrations, models


def forwards(apps, schema_editor):
    store, Session = SessionStore(), apps.get_model("assessment", "Session")
    old = apps.get_model("sessions", "Session")
    _move(old, Session, lambda row: {"account": account_in(store.decode(row.session_data))})


def backwards(apps, schema_editor):
    _move(apps.get_model("assessment", "Session"), apps.get_model("sessions", "Session"), lambda row: {})


def _move(old, new, more):
    moved = (
        new(session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date, **more(row))
        for row in old.objects.order_by("pk").iterator(chunk_size=500)
    )
    while some := list(islice(moved, 500)):
        new.objects.bulk_create(some)
    old.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("assessment", "0018_score_after_plan"), ("sessions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("account", models.BigIntegerField(db_index=True, null=True, verbose_name="account")),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]

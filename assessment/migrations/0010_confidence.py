import assessment.models.secret
from django.core.management.color import no_style
from django.db import migrations, models


def random_key():
    return models.BigIntegerField(
        default=assessment.models.secret.random_id, editable=False, primary_key=True, serialize=False
    )


def number_on(apps, schema_editor):
    """On the way back the database counts again, from the largest number there is."""
    rows = [apps.get_model("assessment", name) for name in ("Answer", "DimensionResult", "Response", "Result")]
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), rows):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0009_same_questions")]

    operations = [
        migrations.CreateModel(
            "NoMail",
            fields=[("fingerprint", models.CharField(max_length=40, primary_key=True, serialize=False))],
            options={"verbose_name": "mailbox without mail", "verbose_name_plural": "mailboxes without mail"},
        ),
        migrations.CreateModel(
            "PublicationMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("pair", models.CharField(db_index=True, max_length=40)),
                ("confidential", models.BooleanField()),
                ("published_at", models.DateTimeField(db_index=True)),
            ],
            options={"verbose_name": "mark of a publication", "verbose_name_plural": "marks of publications"},
        ),
        migrations.AddConstraint(
            "publicationmark", models.UniqueConstraint(fields=("source", "pair"), name="publication_mark_once")
        ),
        migrations.AlterModelOptions("answer", {"verbose_name": "answer", "verbose_name_plural": "answers"}),
        migrations.AddField(
            "invitation", "mailbox", models.CharField(blank=True, default="", editable=False, max_length=320)
        ),
        migrations.AddField(
            "organisation", "former_owners", models.JSONField(blank=True, default=list, editable=False)
        ),
        migrations.AddField(
            "response", "author", models.CharField(blank=True, default="", editable=False, max_length=40)
        ),
        migrations.AddField(
            "response", "previous_sealed", models.CharField(blank=True, default="", editable=False, max_length=200)
        ),
        migrations.AddField("round", "enough_from", models.DateField(blank=True, editable=False, null=True)),
        migrations.AddField("round", "published_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.RunPython(migrations.RunPython.noop, number_on),
        migrations.AlterField("answer", "id", random_key()),
        migrations.AlterField("dimensionresult", "id", random_key()),
        migrations.AlterField("response", "id", random_key()),
        migrations.AlterField("result", "id", random_key()),
    ]

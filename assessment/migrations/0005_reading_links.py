import django.db.models.deletion
from django.db import migrations, models

SHOWN_SO_FAR = ["answers", "barometer", "plan", "views"]


def shares(apps, schema_editor):
    return apps.get_model("assessment", "Share").objects.using(schema_editor.connection.alias)


def end_those_of_rounds(apps, schema_editor):
    """What led to a round has nothing to lead to before."""
    shares(apps, schema_editor).filter(response=None).delete()


def keep_what_was_shown(apps, schema_editor):
    shares(apps, schema_editor).update(parts=SHOWN_SO_FAR)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0004_evidence_in_both_languages")]

    operations = [
        migrations.AddField(
            "share",
            "label",
            models.CharField(blank=True, default="", max_length=80, verbose_name="for whom"),
        ),
        migrations.AddField("share", "parts", models.JSONField(blank=True, default=list, verbose_name="parts shown")),
        migrations.AddField(
            "share",
            "round",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="assessment.round",
            ),
        ),
        migrations.AlterField(
            "share",
            "response",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="assessment.response",
            ),
        ),
        migrations.RunPython(keep_what_was_shown, end_those_of_rounds),
        migrations.AddConstraint(
            "share",
            models.CheckConstraint(
                condition=models.Q(("response__isnull", True), ("round__isnull", True), _connector="XOR"),
                name="share_of_a_response_or_of_a_round",
            ),
        ),
    ]

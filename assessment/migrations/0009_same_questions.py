from django.db import migrations, models


def record(apps, schema_editor):
    """Of what was published before: the questions whose choices have the same keys and points, and those marked so."""
    Questionnaire = apps.get_model("assessment", "Questionnaire")
    published = list(Questionnaire.objects.exclude(status="draft").order_by("key", "published_at", "pk"))
    for later in published:
        earlier = [row for row in published if row.key == later.key and published.index(row) < published.index(later)]
        now = _points(apps, later)
        same = {
            str(row.version): sorted(_same(_points(apps, row), now) | set(later.only_reworded.get(str(row.version), ())))
            for row in earlier
        }
        Questionnaire.objects.filter(pk=later.pk).update(same_questions=same)


def _same(then, now):
    return {key for key in now if then.get(key) == now[key]}


def _points(apps, questionnaire):
    choices = apps.get_model("assessment", "Choice").objects.filter(
        question__dimension__questionnaire=questionnaire, question__dimension__scored=True
    )
    found = {}
    for question, key, points in choices.values_list("question__key", "key", "points"):
        found.setdefault(question, {})[key] = points
    return found


class Migration(migrations.Migration):
    dependencies = [("assessment", "0008_evidence_loaded")]

    operations = [
        migrations.AddField(
            "questionnaire",
            "same_questions",
            models.JSONField(default=dict, editable=False, verbose_name="questions that ask the same as before"),
        ),
        migrations.RunPython(record, migrations.RunPython.noop),
        migrations.RemoveField("questionnaire", "only_reworded"),
    ]

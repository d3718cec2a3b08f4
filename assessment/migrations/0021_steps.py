"""Steps: what leads to each choice worth 50 or more, where a question had one recommendation; and foundations.

A version of before gives its recommendation's effort and owner to each such choice, and its text as first move to the
lowest one. Back again, titles, foundations and what other choices say are lost, and so are the fingerprints of versions
published with them. Published rows are changed: the fingerprint of a version of before does not see it.
"""

from django.db import migrations, models

HALF_WAY = 50
TEXTS = {"first_move": "text", "first_move_en": "text_en", "first_move_fr": "text_fr"}


def forwards(apps, schema_editor):
    choices = apps.get_model("assessment", "Choice").objects
    for advice in apps.get_model("assessment", "Recommendation").objects.order_by("pk").iterator(chunk_size=200):
        aimed_at = choices.filter(question=advice.question_id, points__gte=HALF_WAY)
        aimed_at.update(effort=advice.effort, owner=advice.owner)
        if lowest := aimed_at.order_by("points", "position", "pk").first():
            texts = {new: getattr(advice, old) for new, old in TEXTS.items()}
            choices.filter(pk=lowest.pk).update(**texts)


def backwards(apps, schema_editor):
    choices = apps.get_model("assessment", "Choice").objects
    recommendations = apps.get_model("assessment", "Recommendation").objects
    told = set()  # questions whose lowest choice was seen
    order = ("question", "points", "position", "pk")
    for choice in choices.filter(points__gte=HALF_WAY).order_by(*order).iterator(chunk_size=200):
        if choice.question_id in told:
            continue
        told.add(choice.question_id)
        texts = {old: getattr(choice, new) for new, old in TEXTS.items()}
        if choice.effort or choice.owner or any(texts.values()):
            texts["text"] = texts["text"] or ""  # this column was never null
            recommendations.create(question_id=choice.question_id, effort=choice.effort, owner=choice.owner, **texts)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0020_criterion_figures")]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="step_title",
            field=models.CharField(blank=True, max_length=90, null=True, verbose_name="title of the step"),
        ),
        migrations.AddField(
            model_name="choice",
            name="step_title_en",
            field=models.CharField(blank=True, max_length=90, null=True, verbose_name="title of the step"),
        ),
        migrations.AddField(
            model_name="choice",
            name="step_title_fr",
            field=models.CharField(blank=True, max_length=90, null=True, verbose_name="title of the step"),
        ),
        migrations.AddField(
            model_name="choice",
            name="first_move",
            field=models.TextField(blank=True, max_length=400, null=True, verbose_name="first move"),
        ),
        migrations.AddField(
            model_name="choice",
            name="first_move_en",
            field=models.TextField(blank=True, max_length=400, null=True, verbose_name="first move"),
        ),
        migrations.AddField(
            model_name="choice",
            name="first_move_fr",
            field=models.TextField(blank=True, max_length=400, null=True, verbose_name="first move"),
        ),
        migrations.AddField(
            model_name="choice",
            name="effort",
            field=models.CharField(
                blank=True,
                choices=[("S", "small"), ("M", "medium"), ("L", "large")],
                default="",
                max_length=1,
                verbose_name="effort",
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="owner",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="who usually owns it"),
        ),
        migrations.AddField(
            model_name="question",
            name="foundation",
            field=models.BooleanField(
                default=False,
                help_text="Without it the rest of the dimension does not stand: while it scores below 50, its step comes first in the plan.",
                verbose_name="foundation",
            ),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.DeleteModel(name="Recommendation"),
    ]

"""Links of 2,000 characters; what people named is cleaned as the forms clean it from now on.

Back again the columns are as they were; what was cleaned stays so. A link of more than 500 characters holds PostgreSQL up:
shorten it first.
"""

from django.db import migrations, models

from assessment.text.cleaning import is_readable, line, prose

TYPED = {"Organisation": {"name": line}, "Action": {"who": line, "note": prose}, "Share": {"label": line}}
UNREADABLE = "…"  # of a name of which nothing could be seen


def clean(apps, _editor):
    for name, fields in TYPED.items():
        rows = apps.get_model("assessment", name).objects
        for row in rows.only(*fields).iterator():
            before = {field: getattr(row, field) for field in fields}
            after = {field: _cleaned(text, fields[field]) for field, text in before.items()}
            if after != before:
                rows.filter(pk=row.pk).update(**after)


def _cleaned(text, cleaner):
    return text and (cleaner(text) if is_readable(cleaner(text)) else UNREADABLE)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0015_openers_who_erased")]

    operations = [
        migrations.AlterField(
            model_name="answer",
            name="evidence",
            field=models.CharField(blank=True, default="", max_length=2000, verbose_name="evidence"),
        ),
        migrations.RunPython(clean, migrations.RunPython.noop, elidable=True),
    ]

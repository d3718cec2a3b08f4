"""Links of 2,000 characters; what people typed is cleaned as the forms clean it from now on.

Back again the columns are as they were; what was cleaned stays so. A link of more than 500 characters holds PostgreSQL up:
shorten it first.
"""

from django.db import migrations, models

from assessment.text.cleaning import is_readable, line, prose
from assessment.text.links import LinkError, link

UNREADABLE = "…"  # of a name of which nothing could be seen


def clean(apps, _editor):
    for name, fields in TYPED.items():
        model = apps.get_model("assessment", name)
        typed = models.Q(*((field, "") for field in fields), _connector=models.Q.AND, _negated=True)
        for row in model.objects.filter(typed).only(*fields).iterator():
            before = {field: getattr(row, field) for field in fields}
            after = {field: fields[field](text) for field, text in before.items()}
            if after != before:
                cut = {field: text[: model._meta.get_field(field).max_length] for field, text in after.items()}
                model.objects.filter(pk=row.pk).update(**cut)


def _name(text):
    return line(text) if is_readable(line(text)) else UNREADABLE


def _link(text):
    """One that was taken before and is none by the rules of now stays, without what nobody sees."""
    try:
        return text and link(text)
    except LinkError:
        return line(text)


TYPED = {
    "Organisation": {"name": _name},
    "Action": {"who": line, "note": prose},
    "Share": {"label": line},
    "Answer": {"note": prose, "evidence": _link},
}


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

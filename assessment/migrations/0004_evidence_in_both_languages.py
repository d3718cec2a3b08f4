"""The sample, the figure and the sources of a finding in both languages; a kind and a title for the criteria."""

from django.db import migrations, models
from django.db.models import F

WRITTEN_ONCE = {"Finding": ("published_figure", "sample"), "Source": ("where",)}


def same_in_both(apps, schema_editor):
    """What was written once stands in both languages, until `load_content` brings the French."""
    for name, fields in WRITTEN_ONCE.items():
        rows = apps.get_model("assessment", name).objects.using(schema_editor.connection.alias)
        rows.update(**{f"{field}_{language}": F(field) for field in fields for language in ("en", "fr")})


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0003_counters'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='source',
            name='source_once',
        ),
        migrations.AddField(
            model_name='study',
            name='approximate',
            field=models.BooleanField(default=False, verbose_name='this number is approximate'),
        ),
        migrations.AddField(
            model_name='finding',
            name='kind',
            field=models.CharField(blank=True, choices=[('gap', 'gap named'), ('progress', 'progress seen'), ('practice', 'practice described'), ('outlook', 'outlook'), ('context', 'context')], default='', help_text='Of a criterion only: what the edition says of companies with it.', max_length=8, verbose_name='kind of criterion'),
        ),
        migrations.AddField(
            model_name='finding',
            name='published_figure_en',
            field=models.CharField(blank=True, default='', max_length=200, null=True, verbose_name='figure as published'),
        ),
        migrations.AddField(
            model_name='finding',
            name='published_figure_fr',
            field=models.CharField(blank=True, default='', max_length=200, null=True, verbose_name='figure as published'),
        ),
        migrations.AddField(
            model_name='finding',
            name='sample_en',
            field=models.CharField(blank=True, default='', max_length=300, null=True, verbose_name='sample as published'),
        ),
        migrations.AddField(
            model_name='finding',
            name='sample_fr',
            field=models.CharField(blank=True, default='', max_length=300, null=True, verbose_name='sample as published'),
        ),
        migrations.AddField(
            model_name='finding',
            name='title',
            field=models.CharField(blank=True, default='', help_text='Of a criterion only, as inside a sentence: no capital, no article, no full stop.', max_length=80, verbose_name='criterion in a few words'),
        ),
        migrations.AddField(
            model_name='finding',
            name='title_en',
            field=models.CharField(blank=True, default='', help_text='Of a criterion only, as inside a sentence: no capital, no article, no full stop.', max_length=80, null=True, verbose_name='criterion in a few words'),
        ),
        migrations.AddField(
            model_name='finding',
            name='title_fr',
            field=models.CharField(blank=True, default='', help_text='Of a criterion only, as inside a sentence: no capital, no article, no full stop.', max_length=80, null=True, verbose_name='criterion in a few words'),
        ),
        migrations.AddField(
            model_name='source',
            name='where_en',
            field=models.CharField(max_length=500, null=True, verbose_name='address or description'),
        ),
        migrations.AddField(
            model_name='source',
            name='where_fr',
            field=models.CharField(max_length=500, null=True, verbose_name='address or description'),
        ),
        migrations.RunPython(same_in_both, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('finding', 'where_en'), name='source_once'),
        ),
    ]

"""The live barometer: editions, sums by labels, who was counted; and which wording an organisation agreed to, and when.

Who agreed before there were versions agreed to none of these (0), and is asked anew. Back again, that stays as it was.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0021_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='agreed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='agreed to the wording on'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='agreed_wording',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, verbose_name='version of the wording'),
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('invented', models.BooleanField(default=False, verbose_name='invented organisations')),
                ('is_closed', models.BooleanField(default=False, verbose_name='closed')),
                ('cells', models.JSONField(default=list, editable=False)),
                ('fingerprint', models.CharField(default='', editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'edition of the live barometer',
                'verbose_name_plural': 'editions of the live barometer',
                'ordering': ['-year', 'invented'],
                'permissions': [('close_edition', 'Can close an edition of the live barometer')],
                'constraints': [models.UniqueConstraint(fields=('year', 'invented'), name='edition_once')],
            },
        ),
        migrations.CreateModel(
            name='Counted',
            fields=[
                ('pk', models.CompositePrimaryKey('edition_id', 'organisation_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessment.organisation')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counted', to='assessment.edition')),
            ],
            options={
                'verbose_name': 'counted organisation',
                'verbose_name_plural': 'counted organisations',
            },
        ),
        migrations.CreateModel(
            name='LabelSum',
            fields=[
                ('pk', models.CompositePrimaryKey('edition_id', 'sector', 'size', 'market', blank=True, editable=False, primary_key=True, serialize=False)),
                ('sector', models.CharField(blank=True, default='', max_length=64, verbose_name='group of sectors')),
                ('size', models.CharField(blank=True, default='', max_length=64, verbose_name='size')),
                ('market', models.CharField(blank=True, default='', max_length=64, verbose_name='market')),
                ('n', models.PositiveIntegerField(verbose_name='organisations')),
                ('counts', models.JSONField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sums', to='assessment.edition')),
            ],
            options={
                'verbose_name': 'sum of an edition',
                'verbose_name_plural': 'sums of an edition',
            },
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['created_at', 'round'], name='result_of_a_year'),
        ),
    ]

"""The live barometer: which results a night has looked at, and who is to be looked at again by the next.

Both begin empty: the first night looks through its year once. An index for looking through it every night goes.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0024_score_in_preview'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='result',
            name='result_of_a_year',
        ),
        migrations.AddField(
            model_name='edition',
            name='seen_to',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('pk', models.CompositePrimaryKey('edition_id', 'organisation_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='assessment.edition')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessment.organisation')),
            ],
            options={
                'verbose_name': 'organisation that may be counted',
                'verbose_name_plural': 'organisations that may be counted',
            },
        ),
    ]

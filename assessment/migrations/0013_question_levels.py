from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0012_invitations_without_use'),
    ]

    operations = [
        migrations.AddField(
            model_name='result',
            name='floors',
            field=models.JSONField(blank=True, default=list, verbose_name='smallest group of each publication'),
        ),
        migrations.AddField(
            model_name='result',
            name='levels_only',
            field=models.BooleanField(default=False, verbose_name='levels of questions only'),
        ),
    ]

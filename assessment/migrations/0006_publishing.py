from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_reading_links")]

    operations = [
        migrations.AlterModelOptions(
            "questionnaire",
            {
                "ordering": ["key", "-version"],
                "permissions": [("publish_questionnaire", "Can publish and retire questionnaires")],
                "verbose_name": "questionnaire",
                "verbose_name_plural": "questionnaires",
            },
        ),
        migrations.AddField(
            "questionnaire",
            "only_reworded",
            models.JSONField(
                default=dict, editable=False, verbose_name="questions of which only the wording changed"
            ),
        ),
    ]

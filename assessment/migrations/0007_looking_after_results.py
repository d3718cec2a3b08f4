from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0006_publishing")]

    operations = [
        migrations.AlterModelOptions(
            "result",
            options={
                "ordering": ["-created_at", "-pk"],
                "permissions": [("export_names", "Can export results with the names of organisations")],
                "verbose_name": "result",
                "verbose_name_plural": "results",
            },
        ),
        migrations.AddIndex("result", models.Index(fields=["-created_at", "-id"], name="result_latest")),
    ]

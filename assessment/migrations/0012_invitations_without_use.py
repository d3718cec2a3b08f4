from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0011_confidence_of_before")]

    operations = [
        migrations.RemoveField("invitation", "used_at"),
        migrations.RemoveField("invitation", "silenced"),
        migrations.RemoveConstraint("invitation", "invitation_once"),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                fields=["round", "mailbox"], condition=~models.Q(mailbox=""), name="invitation_once"
            ),
        ),
    ]

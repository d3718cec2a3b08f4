"""Free actions of a plan, without a step behind them, and titles of actions as people word them.

Back again, nothing that people typed is lost: it is refused while there are free actions, since there is no place for them
(delete them first, from an export of their organisations if they are to be kept), and the wording of another action becomes the
first line of its note.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def back(apps, schema_editor):
    Action = apps.get_model("assessment", "Action")
    free = Action.objects.filter(question=None).count()
    if free:
        raise IrreversibleError(f"{free} free actions have no place in the tables of before: delete them first.")
    for action in Action.objects.exclude(title="").iterator():
        Action.objects.filter(pk=action.pk).update(title="", note=f"{action.title}\n{action.note}".strip())


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0022_live_barometer'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='action',
            name='action_once',
        ),
        migrations.AddField(
            model_name='action',
            name='title',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='action',
            name='made_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='assessment.round', verbose_name='round'),
        ),
        migrations.AlterField(
            model_name='action',
            name='question',
            field=models.CharField(blank=True, max_length=64, null=True, verbose_name='question'),
        ),
        migrations.AlterField(
            model_name='action',
            name='to',
            field=models.CharField(blank=True, max_length=64, null=True, verbose_name='to be reached'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.UniqueConstraint(condition=models.Q(('question__isnull', False)), fields=('made_in', 'question', 'to'), name='action_once'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('made_in__isnull', False), ('question__isnull', False), ('to__isnull', False)), models.Q(('made_in', None), ('question', None), ('to', None), models.Q(('title', ''), _negated=True)), _connector='OR'), name='action_step_or_free'),
        ),
        migrations.RunPython(migrations.RunPython.noop, back),
    ]

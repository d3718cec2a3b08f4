"""What all steps of a plan together would give stands beside its result; until now each reader worked it out."""

from fractions import Fraction

from assessment import scoring
from assessment.models.result import rounded
from assessment.scoring.levels_only import levels_only
from assessment.scoring.record import load
from assessment.scoring.supposing import score_after_plan
from django.db import migrations, models


def forwards(apps, schema_editor):
    Questionnaire, Result = (apps.get_model("assessment", name) for name in ("Questionnaire", "Result"))
    for questionnaire in Questionnaire.objects.exclude(status="draft").order_by("pk"):
        asked = _scoring_values(apps, questionnaire)
        for result in Result.objects.filter(questionnaire=questionnaire).order_by("pk").iterator(chunk_size=200):
            values = load(result.record)
            after = score_after_plan(asked, levels_only(asked, values) if result.levels_only else values)
            Result.objects.filter(pk=result.pk).update(score_after_plan=rounded(after))


def _scoring_values(apps, questionnaire):
    """A questionnaire as the scoring core takes it; rules between questions have no part in a plan."""
    questions = {}
    rows = apps.get_model("assessment", "Question").objects.filter(dimension__questionnaire=questionnaire)
    related = rows.select_related("recommendation").prefetch_related("choices", "prerequisites__needed")
    for row in related.order_by("position", "pk"):
        questions.setdefault(row.dimension_id, []).append(_question(row))
    dimensions = apps.get_model("assessment", "Dimension").objects.filter(questionnaire=questionnaire)
    return scoring.Questionnaire(
        key=questionnaire.key,
        version=questionnaire.version,
        dimensions=tuple(
            scoring.Dimension(row.key, row.scored, _fraction(row.weight) or Fraction(0), tuple(questions.get(row.pk, ())))
            for row in dimensions.order_by("position", "pk")
        ),
    )


def _question(row):
    return scoring.Question(
        key=row.key,
        kind=row.kind,
        weight=_fraction(row.weight) or Fraction(0),
        allows_not_applicable=row.allows_not_applicable,
        needs=tuple(prerequisite.needed.key for prerequisite in row.prerequisites.all()),
        choices=tuple(
            scoring.Choice(choice.key, _fraction(choice.points), choice.exclusive, _effort(row, choice))
            for choice in sorted(row.choices.all(), key=lambda choice: (choice.position, choice.pk))
        ),
    )


def _effort(question, choice):
    """The effort of the question's advice, of the choices that a step can lead to."""
    return question.recommendation.effort if hasattr(question, "recommendation") and (choice.points or 0) >= 50 else None


def _fraction(number):
    return None if number is None else Fraction(number)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0017_sign_ins")]

    operations = [
        migrations.AddField(
            model_name="result",
            name="score_after_plan",
            field=models.DecimalField(
                decimal_places=6, max_digits=9, null=True, verbose_name="score if all steps of the plan were taken"
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]

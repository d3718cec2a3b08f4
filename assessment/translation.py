"""Which texts have a column per language."""

from modeltranslation.translator import TranslationOptions, register

from assessment import models


def translate(model: type, *fields: str, optional: tuple[str, ...] = ()) -> None:
    """Give a model's fields a column per language; all but the optional ones must be filled in both."""
    required = tuple(field for field in fields if field not in optional)
    register(model)(
        type("Options", (TranslationOptions,), {"fields": fields, "required_languages": {"default": required}})
    )


translate(models.Questionnaire, "title", "instruction")
translate(models.Level, "name", "description")
translate(models.Dimension, "title", "description", "not_applicable", optional=("not_applicable",))
translate(models.Anchor, "text")
translate(models.Question, "text", "help", optional=("help",))
translate(models.Choice, "text", "step_title", "first_move", optional=("step_title", "first_move"))
translate(models.ConsistencyRule, "text")
translate(models.Study, "title", "period", "population")
translate(
    models.Finding, "title", "text", "published_figure", "sample", optional=("title", "published_figure", "sample")
)
translate(models.Source, "where")
translate(models.Figure, "label")
translate(models.ReferenceLevel, "why")

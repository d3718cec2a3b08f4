"""Writing questionnaires: a draft can be changed, a published version only read; both languages stand side by side."""

from django.contrib import admin, messages
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.frozen import FrozenAdmin, FrozenInline
from assessment.models.publication import NotPublishableError, publish


def both(field: str) -> tuple[str, str]:
    """A translated field's two columns, side by side in a form."""
    return f"{field}_en", f"{field}_fr"


class LevelInline(FrozenInline, admin.StackedInline):
    model = models.Level
    fields = ["number", both("name"), both("description")]
    max_num = 5


class DimensionInline(FrozenInline, admin.TabularInline):
    model = models.Dimension
    fields = ["position", "key", *both("title"), "scored", "weight"]
    show_change_link = True


@admin.register(models.Questionnaire)
class QuestionnaireAdmin(FrozenAdmin):
    list_display = ["title", "key", "version", "status", "published_at", "questions"]
    list_filter = ["status"]
    search_fields = ["key", *both("title")]
    fields = [("key", "version"), "status", "published_at", "content_hash", both("title"), both("instruction")]
    readonly_fields = ["status", "published_at", "content_hash"]
    inlines = [LevelInline, DimensionInline]
    actions = ["publish_draft"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("dimensions__questions", distinct=True))

    @admin.display(description=_("questions"), ordering="number")
    def questions(self, obj):
        return obj.number

    def has_publish_permission(self, request):
        return request.user.has_perm("assessment.publish_questionnaire")

    @admin.action(description=_("Publish the chosen draft"), permissions=["publish"])
    def publish_draft(self, request, queryset):
        for draft in queryset:
            try:
                publish(draft)
            except NotPublishableError as error:
                for problem in error.problems:
                    self.message_user(request, problem, messages.ERROR)
            except models.PublishedError:
                self.message_user(request, gettext("%(name)s is no draft.") % {"name": draft}, messages.ERROR)
            else:
                self.log_change(request, draft, [{"changed": {"fields": ["status"]}}])
                self.message_user(request, gettext("%(name)s is published.") % {"name": draft}, messages.SUCCESS)


class AnchorInline(FrozenInline, admin.TabularInline):
    model = models.Anchor
    fields = ["number", *both("text")]
    max_num = 5
    related = ("dimension",)  # a row's name says whose it is


class QuestionInline(FrozenInline, admin.TabularInline):
    model = models.Question
    fields = ["position", "key", "kind", *both("text"), "weight"]
    show_change_link = True


@admin.register(models.Dimension)
class DimensionAdmin(FrozenAdmin):
    list_display = ["title", "questionnaire", "position", "key", "scored", "weight", "questions"]
    list_filter = ["questionnaire", "scored"]
    list_select_related = ["questionnaire"]
    search_fields = ["key", *both("title")]
    fields = [
        "questionnaire",
        ("position", "key"),
        both("title"),
        both("description"),
        ("scored", "weight"),
        both("not_applicable"),
    ]
    inlines = [AnchorInline, QuestionInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("questions"))

    @admin.display(description=_("questions"), ordering="number")
    def questions(self, obj):
        return obj.number


class ChoiceInline(FrozenInline, admin.TabularInline):
    model = models.Choice
    fields = ["position", "key", *both("text"), "points", "exclusive", "figure"]
    autocomplete_fields = ["figure"]
    related = ("figure",)


class RecommendationInline(FrozenInline, admin.StackedInline):
    model = models.Recommendation
    fields = [both("text"), ("effort", "owner")]


class PrerequisiteInline(FrozenInline, admin.TabularInline):
    model = models.Prerequisite
    fk_name = "question"
    autocomplete_fields = ["needed"]
    related = ("needed",)


class QuestionFindingInline(FrozenInline, admin.TabularInline):
    model = models.QuestionFinding
    autocomplete_fields = ["finding"]
    related = ("finding",)


@admin.register(models.Question)
class QuestionAdmin(FrozenAdmin):
    list_display = ["text", "key", "dimension", "version", "kind", "weight", "position"]
    list_filter = ["dimension__questionnaire", "dimension__key", "kind"]
    list_select_related = ["dimension__questionnaire"]
    search_fields = ["key", *both("text")]
    fields = [
        "dimension",
        ("position", "key", "kind"),
        both("text"),
        both("help"),
        ("weight", "allows_not_applicable"),
    ]
    inlines = [ChoiceInline, RecommendationInline, PrerequisiteInline, QuestionFindingInline]

    @admin.display(description=_("version"), ordering="dimension__questionnaire__version")
    def version(self, obj):
        return obj.dimension.questionnaire.version


@admin.register(models.ConsistencyRule)
class ConsistencyRuleAdmin(FrozenAdmin):
    list_display = ["key", "questionnaire", "text", "position"]
    list_filter = ["questionnaire"]
    list_select_related = ["questionnaire"]
    search_fields = ["key", *both("text")]
    autocomplete_fields = ["first_question", "second_question"]
    fields = [
        "questionnaire",
        ("position", "key"),
        both("text"),
        ("first_question", "first_comparison", "first_points"),
        ("second_question", "second_comparison", "second_points"),
    ]

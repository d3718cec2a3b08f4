"""Writing questionnaires: a draft can be changed, a published version only read; both languages stand side by side."""

from django.contrib import admin, messages
from django.db.models import Count
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.authoring import AuthoringAdmin, BilingualForm, KeyedForm, WrittenRow
from assessment.admin.files import QuestionnaireFiles
from assessment.admin.frozen import FrozenInline
from assessment.admin.lists import text_column
from assessment.admin.preview import PreviewMixin
from assessment.admin.rewording import RewordingPage
from assessment.admin.versions import VersionPages
from assessment.authoring.inventory import part_of, take_inventory
from assessment.authoring.keys import fill_key
from assessment.authoring.loading import next_version
from assessment.models.questionnaire import OFFERED


def both(field: str) -> tuple[str, str]:
    """A translated field's two columns, side by side in a form."""
    return f"{field}_en", f"{field}_fr"


class NumberedForm(WrittenRow, BilingualForm):
    """The text of one level, whose number is given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "number" in self.fields:
            self.fields["number"].widget.attrs["readonly"] = True


class NumberedFormSet(BaseInlineFormSet):
    """One row for each of the five levels; those not written yet are waiting, numbered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        there = {row.number for row in self.get_queryset()}
        self.initial_extra = [{"number": number} for number in range(1, 6) if number not in there]
        self.extra = len(self.initial_extra)


class QuestionnaireForm(KeyedForm):
    """A questionnaire; whoever begins one is told which key makes it the next version of what guests answer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields and not self.instance.pk:
            self.fields["key"].help_text = gettext(
                "Guests answer the questionnaire with the key “%(key)s”: write this key for its next version. With any "
                "other key, or none, nobody is offered what you write."
            ) % {"key": OFFERED}


class LevelInline(FrozenInline, admin.StackedInline):
    model = models.Level
    form = NumberedForm
    formset = NumberedFormSet
    fields = ["number", both("name"), both("description")]
    classes = ["collapse"]
    max_num = 5


@admin.register(models.Questionnaire)
class QuestionnaireAdmin(RewordingPage, VersionPages, QuestionnaireFiles, PreviewMixin):
    form = QuestionnaireForm
    list_display = [
        text_column(models.Questionnaire, "title"),
        "version",
        "status",
        "for_guests",
        "published_at",
        "questions",
        "key",
    ]
    list_filter = ["status"]
    search_fields = ["key", *both("title")]
    fields = [both("title"), both("instruction"), ("key", "version"), "status", "published_at", "content_hash"]
    readonly_fields = ["status", "published_at", "content_hash"]
    inlines = [LevelInline]
    actions = ["publish_draft"]

    class Media:
        css = {"all": ["assessment/admin.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("dimensions__questions", distinct=True))

    @admin.display(description=_("questions"), ordering="number")
    def questions(self, obj):
        return obj.number

    @admin.display(description=_("new guests answer it"), boolean=True)
    def for_guests(self, obj):
        return obj.is_offered and obj.is_current

    @admin.action(description=_("Publish the chosen draft"), permissions=["publish"])
    def publish_draft(self, request, queryset):
        """Lead to the page that shows what its publication changes."""
        if len(queryset) == 1:
            return redirect("admin:assessment_questionnaire_publish", queryset[0].pk)
        self.message_user(request, gettext("Choose one draft: they are published one by one."), messages.ERROR)

    def get_readonly_fields(self, request, obj=None):
        """A version's number is counted, not typed."""
        return [*super().get_readonly_fields(request, obj), "version"]

    def save_model(self, request, obj, form, change):
        fill_key(obj)
        if "key" in form.changed_data or not change:
            obj.version = next_version(obj.key)
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request, obj):
        """To its page, where it is written."""
        return redirect("admin:assessment_questionnaire_change", obj.pk)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["inventory"] = take_inventory(obj)
            context["is_open"] = self.has_change_permission(request, obj)
            context["life"] = self.life(request, obj)
            context["offered"] = models.Questionnaire.objects.current()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class AnchorInline(FrozenInline, admin.StackedInline):
    model = models.Anchor
    form = NumberedForm
    formset = NumberedFormSet
    fields = ["number", both("text")]
    max_num = 5
    related = ("dimension",)  # a row's name says whose it is


@admin.register(models.Dimension)
class DimensionAdmin(AuthoringAdmin):
    title_field = "title"
    list_display = [text_column(models.Dimension, "title"), "version", "scored", "weighs", "questions", "key"]
    list_filter = ["questionnaire", "scored"]
    list_select_related = ["questionnaire"]
    search_fields = ["key", *both("title")]
    fields = [
        "questionnaire",
        both("title"),
        both("description"),
        ("scored", "weight"),
        both("not_applicable"),
        "key",
    ]
    inlines = [AnchorInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("questions"))

    @admin.display(description=_("questions"), ordering="number")
    def questions(self, obj):
        return obj.number

    def get_changeform_initial_data(self, request):
        return {"weight": 1} | super().get_changeform_initial_data(request)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["part"] = part_of(obj)
            context["is_open"] = self.has_change_permission(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

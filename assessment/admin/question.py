"""Writing questions: choices with the steps that lead to them, and links to questions of the same draft only."""

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment import models
from assessment.admin.authoring import AuthoringAdmin, KeyedForm, WrittenRow, offer
from assessment.admin.content import both
from assessment.admin.filters import KnownFilter
from assessment.admin.frozen import FrozenInline
from assessment.admin.lists import text_column
from assessment.authoring.inventory import dimension_names, neighbours
from assessment.authoring.keys import fill_key, place_last, published_keys
from assessment.content.files import organisation_lists
from assessment.content.rules import OWNERS
from assessment.models.outline import step_of
from assessment.models.texts import written

# What a new scored question begins with: five statements to be written, from the lowest to the best.
STEPS = [{"key": f"level-{number}", "points": points} for number, points in enumerate((0, 25, 50, 75, 100), start=1)]
BLANK = [{}, {}, {}]  # what another question begins with


class ChoiceForm(WrittenRow, KeyedForm):
    """A choice, whose step is owned by one of the people who answer."""

    class Meta:
        widgets = {name: forms.Textarea({"rows": 2}) for name in (*both("text"), *both("step_title"))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].help_text = ""  # said once, over all of them
        if "owner" in self.fields:
            names = {entry.key: entry.text for entry in organisation_lists().roles}
            offered = dict.fromkeys([*OWNERS, *filter(None, [self.instance.owner])])
            choices = [("", "---------"), *((key, str(names.get(key, key))) for key in offered)]
            label = self.fields["owner"].label
            self.fields["owner"] = forms.ChoiceField(label=label, choices=choices, required=False)


class ChoiceFormSet(BaseInlineFormSet):
    """The choices of a question; keys are proposed, new ones go last, a new question begins with five."""

    scored = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        begun = self.initial_form_count() > 0
        self.initial_extra = [{}] if begun else STEPS if self.scored else BLANK
        self.extra = len(self.initial_extra)

    @cached_property
    def kept(self) -> set[str]:
        """Those that cannot change any more, of the question as it is stored: `instance` has what was typed, also wrongly."""
        stored = models.Question.objects.filter(pk=self.instance.pk).first()
        return published_keys(models.Choice(question=stored)) if stored else set()

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"kept": self.kept}

    def clean(self):
        """Propose the keys that were left empty, each another; only then they are looked at together."""
        for form in self.forms:
            if form.is_valid() and form.has_changed() and not form.cleaned_data["key"]:
                fill_key(form.instance, {other.cleaned_data.get("key") for other in self.forms if other.is_valid()})
                form.cleaned_data["key"] = form.instance.key
        self._refuse_twice()
        super().clean()

    def _refuse_twice(self) -> None:
        """A key that two choices have is told at the second one."""
        there: set[str] = set()
        for form in self.forms:
            if not form.is_valid() or self._should_delete_form(form) or not (key := form.cleaned_data.get("key")):
                continue
            if key in there:
                form.add_error("key", gettext("Another choice of this question has this key. Choose another one."))
            there.add(key)

    def save_new(self, form, commit=True):
        form.instance.question = self.instance
        place_last(form.instance)
        return super().save_new(form, commit)


class ChoiceInline(FrozenInline, admin.StackedInline):
    model = models.Choice
    form = ChoiceForm
    formset = ChoiceFormSet
    related = ("figure",)
    readonly_fields = ["order"]
    verbose_name_plural = _("choices, in the order in which they are shown; a key left empty is made from the text")

    def get_fieldsets(self, request, obj=None):
        """Points, and a step to what is worth half of them, where the answer is scored.

        Where it is not, what excludes the others, and a published figure.
        """
        dimension = self.question_admin.parent_of(request, obj)
        rows = list(obj.choices.all()) if obj else []
        is_scored = dimension is None or dimension.scored
        fields = ["key"]
        if is_scored or any(row.points is not None for row in rows):
            fields.append("points")
        if not is_scored or any(row.exclusive or row.figure_id for row in rows):
            fields += ["exclusive", "figure"]
        can_move = obj is not None and self.has_change_permission(request, obj)
        own = (None, {"fields": [both("text"), (*fields, "order") if can_move else tuple(fields)]})
        if not is_scored and not any(step_of(row) for row in rows):
            return [own]
        step = {"fields": [both("step_title"), both("first_move"), ("effort", "owner")], "classes": ["collapse"]}
        return [own, (_("Step that leads here, from 50 points on"), step)]

    @property
    def question_admin(self):
        return self.admin_site.get_model_admin(models.Question)

    def get_formset(self, request, obj=None, **kwargs):
        dimension = self.question_admin.parent_of(request, obj)
        formset = super().get_formset(request, obj, **kwargs)
        formset.scored = dimension is None or dimension.scored
        if field := formset.form.base_fields.get("figure"):
            figures = models.Figure.objects.select_related("finding__study").order_by("finding__study", "key")
            offer(field, figures, lambda row: str(row.finding.study), str)
        return formset

    @admin.display(description=_("order"))
    def order(self, obj):
        if obj.pk is None:
            return gettext("goes last")
        name = written(obj, "text")
        return format_html(
            '<button name="_move" value="{}.up" aria-label="{}">↑</button> '
            '<button name="_move" value="{}.down" aria-label="{}">↓</button>',
            obj.pk,
            gettext("Save, and move “%(name)s” up") % {"name": name},
            obj.pk,
            gettext("Save, and move “%(name)s” down") % {"name": name},
        )


class PrerequisiteInline(FrozenInline, admin.StackedInline):
    model = models.Prerequisite
    fk_name = "question"
    fields = ["needed"]
    related = ("needed",)
    extra = 1
    verbose_name_plural = _("prerequisites: a step here makes sense only once these questions score 50 or more")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if field := formset.form.base_fields.get("needed"):
            dimension = self.admin_site.get_model_admin(models.Question).parent_of(request, obj)
            rows = scored_questions(dimension.questionnaire_id if dimension else None)
            offer_questions(field, rows.exclude(pk=obj.pk) if obj else rows)
        return formset


def scored_questions(questionnaire_id: int | None):
    """What prerequisites and rules may name."""
    rows = models.Question.objects.filter(dimension__questionnaire=questionnaire_id, dimension__scored=True)
    return rows.select_related("dimension").order_by("dimension__position", "position", "pk")


def offer_questions(field, rows) -> None:
    """Choose among these questions, dimension by dimension."""
    offer(field, rows, lambda row: written(row.dimension, "title"), lambda row: written(row, "text"))


class QuestionFindingInline(FrozenInline, admin.StackedInline):
    model = models.QuestionFinding
    autocomplete_fields = ["finding"]
    related = ("finding",)
    verbose_name_plural = _("findings of studies that this question goes back to")


class DimensionFilter(KnownFilter):
    """The dimensions of all versions, each by its newest title."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("dimension")

    @cached_property
    def known(self):
        return list(dimension_names().items())

    def entries(self):
        return self.known


@admin.register(models.Question)
class QuestionAdmin(AuthoringAdmin):
    list_display = [text_column(models.Question, "text"), "dimension", "version", "kind", "weighs", "key"]
    list_filter = ["dimension__questionnaire", ("dimension__key", DimensionFilter), "kind"]
    list_select_related = ["dimension__questionnaire"]
    search_fields = ["key", *both("text")]

    def get_fields(self, request, obj=None):
        """The kind where it can be chosen, the weight where it counts."""
        dimension = self.parent_of(request, obj)
        is_scored = dimension is None or dimension.scored
        kind = ["kind"] if not is_scored or (obj and obj.kind != models.Question.Kind.SINGLE) else []
        weight = ["weight"] if is_scored or (obj and obj.weight is not None) else []
        foundation = ["foundation"] if is_scored or (obj and obj.foundation) else []
        numbers = (*kind, *weight, "allows_not_applicable")
        return ["dimension", both("text"), both("help"), numbers, *foundation, "key"]

    def get_inlines(self, request, obj):
        dimension = self.parent_of(request, obj)
        if dimension is not None and not dimension.scored and not self._has_needs(obj):
            return [ChoiceInline, QuestionFindingInline]
        return [ChoiceInline, PrerequisiteInline, QuestionFindingInline]

    def _has_needs(self, obj) -> bool:
        return obj is not None and obj.prerequisites.exists()

    def get_changeform_initial_data(self, request):
        return {"weight": 1} | super().get_changeform_initial_data(request)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["before"], context["after"] = neighbours(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_change(self, request, obj):
        """A button beside a choice saves the page and moves the choice; the page stays open."""
        wanted, _dot, by = request.POST.get("_move", "").partition(".")
        choice = next((row for row in obj.choices.all() if str(row.pk) == wanted), None)
        if choice is None:
            return super().response_change(request, obj)
        self.move(request, choice, by, of=obj)
        return self.back_to_page(request, obj)


@admin.register(models.ConsistencyRule)
class ConsistencyRuleAdmin(AuthoringAdmin):
    list_display = [text_column(models.ConsistencyRule, "text"), "version", "key"]
    list_filter = ["questionnaire"]
    list_select_related = ["questionnaire"]
    search_fields = ["key", *both("text")]
    fields = [
        "questionnaire",
        both("text"),
        ("first_question", "first_comparison", "first_points"),
        ("second_question", "second_comparison", "second_points"),
        "key",
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        whole = self.parent_of(request, obj)
        for name in ("first_question", "second_question"):
            if name in form.base_fields:
                offer_questions(form.base_fields[name], scored_questions(whole.pk if whole else None))
        return form

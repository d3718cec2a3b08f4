"""The pages of a questionnaire's life: check, what changes, publish, new version, retire."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessment.content.remarks import Place, Remark
from assessment.models import PublishedError, Questionnaire
from assessment.models.publication import (
    ChangedMeanwhileError,
    NotCurrentError,
    NotPublishableError,
    Seen,
    check,
    publish,
    retire,
    seen,
)
from assessment.models.versions import (
    Changes,
    DraftExistsError,
    NothingToCopyError,
    drafts_beside,
    new_version,
    rows_of,
    what_changes,
)

# The pages of a version's life: name of the address, in which states, whom they let in, what the link says.
DRAFT, PUBLISHED, RETIRED = ("draft",), ("published",), ("retired",)
LIFE = [
    ("preview", DRAFT + PUBLISHED + RETIRED, "has_view_permission", gettext_lazy("Preview")),
    ("check", DRAFT, "has_look_permission", gettext_lazy("Check")),
    ("changes", DRAFT, "has_look_permission", gettext_lazy("What changes")),
    ("publish", DRAFT, "has_publish_permission", gettext_lazy("Publish")),
    ("new_version", PUBLISHED + RETIRED, "has_copy_permission", gettext_lazy("New version")),
    ("retire", PUBLISHED, "has_publish_permission", gettext_lazy("Retire")),
    ("export", DRAFT + PUBLISHED + RETIRED, "has_view_permission", gettext_lazy("Export")),
]

asks = require_http_methods(["GET", "HEAD", "POST"])


class PublishForm(forms.Form):
    """What a publisher has seen, and the questions of which she says that only the wording changed."""

    content_hash = forms.CharField(widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reworded = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data, changes: Changes, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["reworded"].choices = [(item.key, str(item.text)) for item in changes.markable]

    @property
    def marked(self) -> list[str]:
        return self.cleaned_data.get("reworded", [])

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["content_hash"], self.cleaned_data["before"])


class CopyForm(forms.Form):
    """The drafts that whoever asks for another one has seen."""

    beside = forms.ModelMultipleChoiceField(Questionnaire.objects.none(), required=False)

    def __init__(self, data, drafts: list[Questionnaire]) -> None:
        super().__init__(data)
        self.fields["beside"].queryset = Questionnaire.objects.filter(pk__in=[draft.pk for draft in drafts])

    @property
    def seen(self) -> list[int]:
        return [draft.pk for draft in self.cleaned_data["beside"]] if self.is_valid() else []


def page(methods: Callable, allowed: str) -> Callable:
    """A page of one questionnaire for those whom the method `allowed` of the admin class lets in."""

    def around(view: Callable) -> Callable:
        @wraps(view)
        def shown(self, request: HttpRequest, object_id: str) -> HttpResponse:
            if not getattr(self, allowed)(request):
                raise PermissionDenied
            questionnaire = self.get_object(request, unquote(object_id))
            if questionnaire is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return view(self, request, questionnaire)

        def guarded(self, request: HttpRequest, object_id: str) -> HttpResponse:
            return methods(lambda request: shown(self, request, object_id))(request)

        return wraps(view)(guarded)

    return around


class VersionPages:
    """For the admin class of questionnaires."""

    def get_urls(self):
        pages = {
            "check": self.check_page,
            "changes": self.changes_page,
            "publish": self.publish_page,
            "new_version": self.new_version_page,
            "retire": self.retire_page,
        }
        own = [
            path(
                f"<path:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(view),
                name=f"assessment_questionnaire_{name}",
            )
            for name, view in pages.items()
        ]
        return own + super().get_urls()

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("assessment.publish_questionnaire")

    def has_author_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_copy_permission(self, request: HttpRequest) -> bool:
        """A new version is a questionnaire added, to be changed."""
        return self.has_author_permission(request) and self.has_add_permission(request)

    def has_look_permission(self, request: HttpRequest) -> bool:
        """Who writes and who publishes looks at the same pages."""
        return self.has_author_permission(request) or self.has_publish_permission(request)

    @page(require_safe, "has_look_permission")
    def check_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        checked, places = check(questionnaire), _addresses(questionnaire)
        return self._render(
            request,
            questionnaire,
            "check",
            title=_("Check"),
            errors=[_linked(remark, places) for remark in checked.errors],
            warnings=[_linked(remark, places) for remark in checked.warnings],
        )

    @page(require_safe, "has_look_permission")
    def changes_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        changes = what_changes(questionnaire)
        return self._render(request, questionnaire, "changes", title=_("What changes"), changes=changes)

    @page(asks, "has_publish_permission")
    def publish_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        had = seen(questionnaire)  # before what is shown is read: what changes in between is refused, not published
        changes = what_changes(questionnaire)
        form = PublishForm(request.POST or None, changes, initial=vars(had))
        if request.method == "POST" and form.is_valid():
            if "look" not in request.POST:
                return self._publish(request, questionnaire, form)
            changes = what_changes(questionnaire, reworded=form.marked)
        checked, places = check(questionnaire), _addresses(questionnaire)
        return self._render(
            request,
            questionnaire,
            "publish",
            title=_("Publish"),
            form=form,
            changes=changes,
            errors=[_linked(remark, places) for remark in checked.errors],
            warnings=[_linked(remark, places) for remark in checked.warnings],
        )

    def _publish(self, request: HttpRequest, draft: Questionnaire, form: PublishForm) -> HttpResponse:
        here = _address("publish", draft)
        try:
            publish(draft, at=timezone.now(), reworded=form.marked, as_seen=form.seen)
        except PublishedError:
            text = _("%(name)s was published already, perhaps by somebody else. Nothing was done now.")
            return self._told(request, text % {"name": draft}, here, messages.ERROR)
        except (ChangedMeanwhileError, NotPublishableError) as error:
            return self._told(request, str(error), here, messages.ERROR)
        self.log_change(request, draft, [{"changed": {"fields": ["state"]}}])
        text = _("%(name)s is published: new rounds begin with it.") % {"name": draft}
        return self._told(request, text, _address("change", draft), messages.SUCCESS)

    @page(asks, "has_copy_permission")
    def new_version_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        drafts = drafts_beside(questionnaire)
        if request.method == "POST":
            try:
                draft = new_version(questionnaire, beside=CopyForm(request.POST, drafts).seen)
            except (DraftExistsError, NothingToCopyError) as error:
                return self._told(request, str(error), _address("new_version", questionnaire), messages.WARNING)
            self.log_addition(request, draft, [{"added": {}}])
            text = _("%(name)s is a draft with all that version %(number)s holds. Now change what you want to change.")
            text %= {"name": draft, "number": questionnaire.version}
            return self._told(request, text, _address("change", draft), messages.SUCCESS)
        return self._render(request, questionnaire, "new_version", title=_("New version"), drafts=drafts)

    @page(asks, "has_publish_permission")
    def retire_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        if request.method == "POST":
            try:
                retire(questionnaire)
            except NotCurrentError as error:
                return self._told(request, str(error), _address("change", questionnaire), messages.ERROR)
            self.log_change(request, questionnaire, [{"changed": {"fields": ["state"]}}])
            text = _("%(name)s is retired: no round can begin until a version is published.")
            text %= {"name": questionnaire}
            return self._told(request, text, _address("change", questionnaire), messages.WARNING)
        drafts = drafts_beside(questionnaire)
        return self._render(request, questionnaire, "retire", title=_("Retire"), drafts=drafts)

    def life(self, request: HttpRequest, questionnaire: Questionnaire, *, page: str = "") -> list[tuple[str, str]]:
        """The pages of this version's life but `page` that this person may open: addresses and names."""
        return [
            (_address(name, questionnaire), label)
            for name, states, allowed, label in LIFE
            if name != page and questionnaire.status in states and getattr(self, allowed)(request)
        ]

    def _told(self, request: HttpRequest, text: str, address: str, level: int) -> HttpResponse:
        self.message_user(request, text, level)
        return redirect(address)

    def _render(
        self, request: HttpRequest, questionnaire: Questionnaire, name: str, *, title: str, **context
    ) -> HttpResponse:
        context |= {
            "opts": self.opts,
            "original": questionnaire,
            "page": name,
            "title": title,
            "subtitle": str(questionnaire),
            "life": self.life(request, questionnaire, page=name),
        }
        template = f"admin/assessment/questionnaire/{name}.html"
        return TemplateResponse(request, template, self.admin_site.each_context(request) | context)


def _address(name: str, questionnaire: Questionnaire) -> str:
    return reverse(f"admin:assessment_questionnaire_{name}", args=[quote(questionnaire.pk)])


def _addresses(questionnaire: Questionnaire) -> dict[Place, str]:
    """The page where each place of a questionnaire is edited; a choice is on its question's."""
    return {
        place: reverse(f"admin:assessment_{model._meta.model_name}_change", args=[pk])
        for place, (model, pk) in rows_of(questionnaire).items()
    }


def _linked(remark: Remark, addresses: dict[Place, str]) -> dict[str, str]:
    """A remark with the name of its place and the address where it can be mended."""
    place = remark.place
    keys = [key for key in (place.dimension, place.question, place.choice, place.rule) if key]
    own = addresses.get(place) or addresses.get(Place(place.dimension, place.question)) or addresses[Place()]
    return {"where": " › ".join(keys), "address": own, "text": str(remark)}

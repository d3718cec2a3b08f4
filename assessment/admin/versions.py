"""The pages of a questionnaire's life and what they send: check, what changes, publish, new version, retire."""

from collections.abc import Callable, Collection
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION
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

from assessment.admin import log
from assessment.admin.problems import checked, told_sections
from assessment.authoring.publication import (
    ChangedMeanwhileError,
    Changes,
    NotCurrentError,
    NotPublishableError,
    Publication,
    Seen,
    publish,
    retire,
)
from assessment.authoring.versions import DraftExistsError, NothingToCopyError, drafts_beside, new_version
from assessment.models import PublishedError, Questionnaire
from assessment.models.frozen import Status
from assessment.models.questionnaire import OFFERED

# The pages of a version's life: name of the address, in which states, whom they let in, what the link says.
ALL, LEFT = tuple(Status), (Status.PUBLISHED, Status.RETIRED)
LIFE = [
    ("preview", ALL, "has_view_permission", gettext_lazy("Preview")),
    ("check", (Status.DRAFT,), "has_look_permission", gettext_lazy("Check")),
    ("changes", (Status.DRAFT,), "has_look_permission", gettext_lazy("What changes")),
    ("publish", (Status.DRAFT,), "has_publish_permission", gettext_lazy("Publish")),
    ("new_version", LEFT, "has_copy_permission", gettext_lazy("New version")),
    ("wording", LEFT, "has_view_permission", gettext_lazy("Only the wording")),
    ("retire", (Status.PUBLISHED,), "has_publish_permission", gettext_lazy("Retire")),
    ("export", ALL, "has_view_permission", gettext_lazy("Export")),
]


class PublishForm(forms.Form):
    """What a publisher has seen, and the questions of which they say that only the wording changed."""

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


asks = require_http_methods(["GET", "HEAD", "POST"])


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
        return self._render(request, questionnaire, "check", title=_("Check"), **checked(Publication(questionnaire)))

    @page(require_safe, "has_look_permission")
    def changes_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        publication = Publication(questionnaire)
        changes = publication.changes()
        shown = {"changes": changes, "sections": told_sections(publication, changes)}
        return self._render(request, questionnaire, "changes", title=_("What changes"), **shown)

    @page(asks, "has_publish_permission")
    def publish_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        if request.method != "POST":
            return self._publication(request, questionnaire)
        marked = request.POST.getlist("reworded")
        changes = Publication(questionnaire).changes()
        form = PublishForm(request.POST, changes)
        if form.is_valid() and "look" not in request.POST:
            done = self._publish(request, questionnaire, form, changes)
            return done or self._publication(request, questionnaire, marked)
        return self._publication(request, questionnaire, marked, fits=form.is_valid())

    def _publication(
        self, request: HttpRequest, draft: Questionnaire, marked: Collection[str] | None = None, *, fits: bool = True
    ) -> HttpResponse:
        """The page of a publication as things stand now, with the marks made so far that still fit, at first those proposed."""
        publication = Publication(draft)  # read once: what changes after that is refused, not published
        is_proposed = marked is None and bool(publication.proposed)
        marked = publication.proposed if marked is None else marked
        changes = publication.changes(reworded=marked)
        kept = [item.key for item in changes.markable if item.key in marked]
        return self._render(
            request,
            draft,
            "publish",
            title=_("Publish"),
            form=PublishForm(None, changes, initial=vars(publication.seen) | {"reworded": kept}),
            fits=fits,
            is_proposed=is_proposed,
            changes=changes,
            sections=told_sections(publication, changes),
            **checked(publication),
        )

    def _publish(
        self, request: HttpRequest, draft: Questionnaire, form: PublishForm, what: Changes
    ) -> HttpResponse | None:
        """Publish, and lead to the page of the version; None when the publisher has to look again, as they are told."""
        try:
            publish(draft, at=timezone.now(), reworded=form.marked, as_seen=form.seen)
        except PublishedError:
            text = _("%(name)s was published already, perhaps by somebody else. Nothing was done now.")
            return self._told(request, text % {"name": draft}, _address("publish", draft), messages.ERROR)
        except ChangedMeanwhileError as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        except NotPublishableError:
            self.message_user(request, _("Nothing was published: mend what is listed here first."), messages.ERROR)
            return None
        states, marked = Questionnaire.Status, [str(item.text) for item in what.markable if item.key in form.marked]
        changed = {gettext_lazy("state"): (states.DRAFT.label, states.PUBLISHED.label)}
        reworded = {gettext_lazy("questions of which only the wording changed"): ([], marked)} if marked else {}
        log.record(request, draft, changed | reworded)
        if what.before and what.before.is_current:
            self._log_retired(request, what.before)
        if draft.is_offered:
            text = _("%(name)s is published: new rounds begin with it.")
        else:
            text = _("%(name)s is published, but nobody is offered it: guests answer the one with the key “%(key)s”.")
        return self._told(request, text % {"name": draft, "key": OFFERED}, _address("change", draft), messages.SUCCESS)

    @page(asks, "has_copy_permission")
    def new_version_page(self, request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        drafts = drafts_beside(questionnaire)
        if request.method == "POST":
            try:
                draft = new_version(questionnaire, beside=CopyForm(request.POST, drafts).seen)
            except (DraftExistsError, NothingToCopyError) as error:
                return self._told(request, str(error), _address("new_version", questionnaire), messages.WARNING)
            copied = {gettext_lazy("version"): (None, draft.version), gettext_lazy("copy of"): (None, questionnaire)}
            log.record(request, draft, copied, flag=ADDITION)
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
            self._log_retired(request, questionnaire)
            if questionnaire.is_offered:
                text = _("%(name)s is retired: no round can begin until a version is published.")
            else:
                text = _("%(name)s is retired. Guests were not offered it, so nothing changes for them.")
            text %= {"name": questionnaire}
            return self._told(request, text, _address("change", questionnaire), messages.WARNING)
        drafts = drafts_beside(questionnaire)
        return self._render(request, questionnaire, "retire", title=_("Retire"), drafts=drafts)

    def _log_retired(self, request: HttpRequest, version: Questionnaire) -> None:
        states = Questionnaire.Status
        log.record(request, version, {gettext_lazy("state"): (states.PUBLISHED.label, states.RETIRED.label)})

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
            "offered_key": OFFERED,
            "life": self.life(request, questionnaire, page=name),
        }
        template = f"admin/assessment/questionnaire/{name}.html"
        return TemplateResponse(request, template, self.admin_site.each_context(request) | context)


def _address(name: str, questionnaire: Questionnaire) -> str:
    return reverse(f"admin:assessment_questionnaire_{name}", args=[quote(questionnaire.pk)])

"""What importing a file would do, in words, and the doing of it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.admin.models import ADDITION
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from assessment.admin import log
from assessment.admin.problems import in_words
from assessment.authoring.loading import load_questionnaire, newest_version, next_version, version_with
from assessment.content import differences as questionnaire_differences
from assessment.content.differences import Section
from assessment.content.fingerprint import content_hash
from assessment.content.problems import FileProblem
from assessment.content.structure import EvidenceContent, QuestionnaireContent
from assessment.evidence.differences import Difference, Part, differences, seen_as, shown_by_reports
from assessment.evidence.loading import MODELS, editions_lost, import_evidence
from assessment.evidence.values import stored_evidence
from assessment.models import Questionnaire, Source
from assessment.models.outline import outline


@dataclass(frozen=True)
class Told:
    """A problem of a file in the reader's language."""

    line: int
    column: int
    key: str
    text: str

    @property
    def steps(self) -> list[str]:
        """The way to the place: a page can break its line after each step."""
        *first, last = self.key.split(".")
        return [*(f"{step}." for step in first), last]


def told(problem: FileProblem) -> Told:
    return Told(problem.line, problem.column, problem.key, capfirst(problem.text))


class Plan(ABC):
    """What would happen; `seen` names it, so that nothing else happens than what was agreed to."""

    seen = ""
    address = ""  # where to go once it is done
    is_empty = False  # nothing to do
    changes: tuple = ()  # rows of evidence that would change, with their parts
    before: Questionnaire | None = None  # the version that a questionnaire is compared with
    sections: Sequence[Section] = ()  # what differs from it
    lacks: Sequence[Told] = ()  # what forbids to publish it

    @property
    @abstractmethod
    def lines(self) -> list[str]:
        """What would happen, sentence by sentence."""

    @abstractmethod
    def carry_out(self) -> str:
        """Do it, put it on record, and say what was done."""


def plan(
    admin, request: HttpRequest, content: QuestionnaireContent | EvidenceContent, lacks: Sequence[FileProblem]
) -> Plan:
    """The plan for what a file holds; PermissionDenied for evidence that this person may not even see.

    `lacks` is what forbids to publish a questionnaire.
    """
    if isinstance(content, QuestionnaireContent):
        return QuestionnairePlan(admin, request, content, lacks)
    admins = [admin.admin_site.get_model_admin(model) for model in MODELS.values()]
    if not all(one.has_view_permission(request) for one in admins):
        raise PermissionDenied
    return EvidencePlan(admin, request, content)


class QuestionnairePlan(Plan):
    """A new draft, or nothing where a version is already the same. Importing never publishes."""

    def __init__(
        self, admin, request: HttpRequest, content: QuestionnaireContent, lacks: Sequence[FileProblem]
    ) -> None:
        self.admin, self.request, self.content = admin, request, content
        self.same = version_with(content)
        self.is_empty = self.same is not None
        self.number = next_version(content.key)
        self.before = newest_version(content.key)
        stored = outline(self.before).content if self.before else None
        self.seen = f"{self.number}-{content_hash(content)}-{content_hash(stored) if stored else ''}"
        if self.same:
            self.address = self._address_of(self.same.pk)
            return
        self.lacks = [told(problem) for problem in lacks]
        if stored:
            self.sections = in_words(questionnaire_differences.differences(stored, content), content, stored)

    @property
    def lines(self) -> list[str]:
        key, questions = self.content.key, [part.questions for part in self.content.dimensions]
        if self.same:
            text = _("This is the same as version %(version)s of “%(key)s” (%(state)s): there is nothing to do.")
            return [text % {"version": self.same.version, "key": key, "state": self.same.get_status_display()}]
        counts = {"dimensions": len(questions), "questions": sum(map(len, questions))}
        return [
            _("This makes version %(version)s of “%(key)s”, as a draft: “%(title)s”.")
            % {"version": self.number, "key": key, "title": self.content.title},
            _("It has %(dimensions)s dimensions and %(questions)s questions.") % counts,
            *([_("No version of “%(key)s” is stored: all of it is new.") % {"key": key}] if not self.before else []),
            _("Nothing is published, and no version that is stored changes."),
        ]

    def carry_out(self) -> str:
        made, is_new = load_questionnaire(self.content, publishes=False)
        if is_new:
            said = {"version": made.version, "title": made.title, "dimensions": len(self.content.dimensions)}
            said |= {"questions": sum(len(part.questions) for part in self.content.dimensions)}
            log.record(self.request, made, {name: (None, value) for name, value in said.items()}, flag=ADDITION)
        self.address = self._address_of(made.pk)
        return _("Version %(version)s of “%(key)s” is there as a draft.") % {"version": made.version, "key": made.key}

    def _address_of(self, pk: int) -> str:
        return reverse("admin:assessment_questionnaire_change", args=[pk])


class EvidencePlan(Plan):
    """Rows added and changed, if this person may do all of it; what the file does not name stays."""

    def __init__(self, admin, request: HttpRequest, content: EvidenceContent) -> None:
        self.admin, self.request, self.content = admin, request, content
        self.found = differences(stored_evidence(), content)
        self.seen = seen_as(self.found)
        self.withheld = [one for one in self.found if not self._may(one)]
        self.lost = editions_lost(content)
        is_refused = bool(self.withheld or self.lost)
        self.is_empty = is_refused or all(one.verb == "missing" for one in self.found)
        self.address = reverse("admin:assessment_finding_changelist")
        self.changes = tuple(Changed.of(one) for one in self.found if one.verb == "changed")

    def _may(self, found: Difference) -> bool:
        """Who may only add, adds what no report shows by itself."""
        if found.verb == "missing":
            return True
        rights = self.admin.admin_site.get_model_admin(MODELS[found.kind])
        may_change = rights.has_change_permission(self.request)
        if found.verb == "changed":
            return may_change
        is_shown = (found.kind, found.key) in shown_by_reports(self.content)
        return rights.has_add_permission(self.request) and (may_change or not is_shown)

    @property
    def lines(self) -> list[str]:
        said = []
        if self.withheld:
            text = _(
                "You cannot import this file: a publisher changes what is stored and what reports show: %(names)s."
            )
            said.append(text % {"names": _names(self.withheld)})
        elif self.lost:
            text = _(
                "You cannot import this file: no study would be the edition %(editions)s, which has reference levels."
            )
            said.append(text % {"editions": ", ".join(map(str, self.lost))})
        elif self.is_empty:
            said.append(_("Nothing would change: everything in the file is stored as it is there."))
        added = [one for one in self.found if one.verb == "added"]
        missing = [one for one in self.found if one.verb == "missing"]
        if added:
            said.append(_("Added (%(count)s): %(names)s.") % {"count": len(added), "names": _names(added)})
        if self.changes:
            said.append(_("Changed (%(count)s): see below.") % {"count": len(self.changes)})
        if missing:
            text = _("Not in the file (%(count)s); nothing is deleted, they stay as they are: %(names)s.")
            said.append(text % {"count": len(missing), "names": _names(missing)})
        return said

    def carry_out(self) -> str:
        rows = import_evidence(self.content)
        for found, row in rows.items():
            if found.verb == "added":
                log.record_new(self.request, row)
            else:
                log.record(self.request, row, _recorded(found))
        text = ngettext("%(count)s entry was added or changed.", "%(count)s entries were added or changed.", len(rows))
        return text % {"count": len(rows)}


@dataclass(frozen=True)
class Changed:
    """A row that would change: its name and, for each part, what stands there now and what the file says."""

    name: str
    parts: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, found: Difference) -> "Changed":
        parts = [(_label(found, part), _shown(part.before), _shown(part.after)) for part in found.parts]
        return cls(_name(found), parts)


def _name(found: Difference) -> str:
    return f"{MODELS[found.kind]._meta.verbose_name} {found.key}"


def _names(found: list[Difference]) -> str:
    return ", ".join(_name(one) for one in found)


def _field(found: Difference, name: str) -> str:
    model: type[Model] = MODELS[found.kind]
    return str(Source._meta.verbose_name_plural if name == "sources" else model._meta.get_field(name).verbose_name)


def _recorded(found: Difference) -> dict[str, tuple[object, ...]]:
    """What changed as the record keeps it: names in English, translated when they are read."""
    with override(None):
        return {
            _label(found, part): tuple(_in_words(found, part.name, value) for value in (part.before, part.after))
            for part in found.parts
        }


def _in_words(found: Difference, name: str, value: object) -> object:
    """What a key that is chosen from a list of ours stands for."""
    choices = {} if name == "sources" else dict(MODELS[found.kind]._meta.get_field(name).flatchoices)
    return choices.get(value, value) if isinstance(value, str) else value


def _label(found: Difference, part: Part) -> str:
    name = capfirst(_field(found, part.name))
    return f"{name} ({settings.TEXT_LANGUAGES[part.language]})" if part.language else name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple):
        value = "; ".join(map(str, value))
    return "–" if value in (None, "") else str(value)

"""The guard of published questionnaires: what people have answered stays as they read it.

Every model of a questionnaire's content derives from `Frozen` and says how it reaches its questionnaire. Saving, deleting
and the bulk verbs of its QuerySet (which is also that of the base manager, so related managers and cascades use it) look
before and after: what belonged, or would now belong, to a questionnaire that is no longer a draft is refused. The
questionnaire's row stays locked until the transaction ends, so that nobody publishes it in between.

What stays open, to be found by `rescore --check`: SQL written by hand, `loaddata` (it saves rows "raw"), Django's own
underscored verbs, and a plain `QuerySet(Model)` made on purpose, as `publication` does, and `rewording` of `same_questions`
alone. A finding or a published figure that a questionnaire names cannot be deleted, but its wording can be corrected; its key
is fixed in the admin.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.models.texts import tidy


class Status(models.TextChoices):
    """Of a questionnaire: only a draft can be changed."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class PublishedError(Exception):
    """Somebody tried to change a questionnaire that is published or retired."""

    def __init__(self) -> None:
        super().__init__(gettext("A published questionnaire cannot be changed. Make a new version of it instead."))


class FrozenQuerySet(models.QuerySet):
    """The bulk verbs, each refusing what would change a published questionnaire."""

    def lock_drafts(self) -> None:
        """Lock the questionnaires of these rows until the transaction ends; PublishedError unless all are drafts."""
        own = self.order_by().values(self.model.path_to("pk"))
        locked = models.QuerySet(self.model.questionnaire_model()).filter(pk__in=own).select_for_update()
        if any(status != Status.DRAFT for status in locked.values_list("status", flat=True)):
            raise PublishedError

    def update(self, **fields):
        with transaction.atomic(using=self.db):
            self.lock_drafts()
            rows = list(self.order_by().values_list("pk", flat=True))
            changed = super().update(**fields)
            self.model._base_manager.filter(pk__in=rows).lock_drafts()
        return changed

    def delete(self):
        with transaction.atomic(using=self.db):
            self.lock_drafts()
            return super().delete()

    def bulk_create(self, objs: Iterable, *args, **kwargs):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            self.model.lock_drafts_of(objs)
            made = super().bulk_create(objs, *args, **kwargs)
            self.model.lock_drafts_of(made)  # a conflict may have led to a row that is there already
        return made

    def bulk_update(self, objs: Iterable, *args, **kwargs):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            self.model.lock_drafts_of(objs)
            return super().bulk_update(objs, *args, **kwargs)

    def _raw_delete(self, using):
        self.lock_drafts()  # the way of Django's cascades
        return super()._raw_delete(using)

    # What Django says of its own verbs: a template must not call them.
    update.alters_data = delete.alters_data = bulk_create.alters_data = bulk_update.alters_data = True
    _raw_delete.alters_data = True
    delete.queryset_only = _raw_delete.queryset_only = True


class Frozen(models.Model):
    """Content of a questionnaire: `path` leads from it to the questionnaire ("" for the questionnaire itself)."""

    path = ""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def clean(self) -> None:
        """Texts as a file holds them, so that they come back from one as they left."""
        if errors := tidy(self):
            raise ValidationError(errors)

    @classmethod
    def path_to(cls, lookup: str) -> str:
        return f"{cls.path}__{lookup}" if cls.path else lookup

    @classmethod
    def parent_name(cls) -> str:
        return cls.path.split("__")[0]

    @classmethod
    def questionnaire_model(cls) -> type[models.Model]:
        model: type[models.Model] = cls
        for step in filter(None, cls.path.split("__")):
            model = model._meta.get_field(step).related_model
        return model

    @classmethod
    def lock_drafts_of(cls, objs: Iterable["Frozen"]) -> None:
        """Refuse when one of the rows, as stored or as it would be stored, belongs to something published."""
        if stored := [obj.pk for obj in objs if obj.pk is not None]:
            cls._base_manager.filter(pk__in=stored).lock_drafts()
        if not cls.path:
            if any(obj.status != Status.DRAFT for obj in objs):
                raise PublishedError
            return
        parent = cls._meta.get_field(cls.parent_name())
        parents = {value for obj in objs if (value := getattr(obj, parent.attname)) is not None}
        parent.related_model._base_manager.filter(pk__in=parents).lock_drafts()

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self.lock_drafts_of([self])
            super().save(*args, **kwargs)
            type(self)._base_manager.filter(pk=self.pk).lock_drafts()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            self.lock_drafts_of([self])
            return super().delete(*args, **kwargs)


def questionnaire_of(row: Frozen) -> models.Model | None:
    """The questionnaire that a row of its content belongs to."""
    for step in filter(None, row.path.split("__")):
        row = getattr(row, step)
    return row

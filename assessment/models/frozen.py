"""The guard of published questionnaires: what people have answered stays as they read it.

Every model of a questionnaire's content derives from `Frozen` and says how it reaches its questionnaire. Saving, deleting
and the bulk verbs of its QuerySet refuse to touch, or to move a row into, a questionnaire that is no longer a draft.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _


class PublishedError(Exception):
    """Somebody tried to change a questionnaire that is published or retired."""

    def __init__(self) -> None:
        super().__init__(_("A published questionnaire cannot be changed. Make a new version of it instead."))


class FrozenQuerySet(models.QuerySet):
    """The bulk verbs, each refusing what would change a published questionnaire."""

    def published_rows(self) -> models.QuerySet:
        return self.filter(**{self.model.path_to("status__in"): self.model.FROZEN_STATES})

    def _refuse_if_published(self) -> None:
        if self.published_rows().exists():
            raise PublishedError

    def update(self, **fields):
        self._refuse_if_published()
        for name, value in fields.items():
            self.model.refuse_parent(name, value)
        return super().update(**fields)

    def delete(self):
        self._refuse_if_published()
        return super().delete()

    def bulk_create(self, objs: Iterable, *args, **kwargs):
        objs = list(objs)
        self.model.refuse_published(objs)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable, *args, **kwargs):
        objs = list(objs)
        self.model.refuse_published(objs)
        return super().bulk_update(objs, *args, **kwargs)

    def _raw_delete(self, using):
        self._refuse_if_published()
        return super()._raw_delete(using)


class Frozen(models.Model):
    """Content of a questionnaire: `path` leads from it to the questionnaire ("" for the questionnaire itself)."""

    FROZEN_STATES = ("published", "retired")
    path = ""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def path_to(cls, lookup: str) -> str:
        return f"{cls.path}__{lookup}" if cls.path else lookup

    @classmethod
    def parent_name(cls) -> str:
        return cls.path.split("__")[0]

    @classmethod
    def refuse_parent(cls, name: str, value) -> None:
        """Refuse to point the parent field `name` at something published."""
        if not cls.path or name not in (cls.parent_name(), f"{cls.parent_name()}_id") or value is None:
            return
        parent = cls._meta.get_field(cls.parent_name()).related_model
        pk = getattr(value, "pk", value)
        if parent._default_manager.filter(pk=pk).published_rows().exists():
            raise PublishedError

    @classmethod
    def refuse_published(cls, objs: Iterable["Frozen"]) -> None:
        """Refuse when one of the rows, as stored or as it would be stored, belongs to something published."""
        stored = [obj.pk for obj in objs if obj.pk]
        if stored and cls._default_manager.filter(pk__in=stored).published_rows().exists():
            raise PublishedError
        if cls.path:
            for parent_pk in {getattr(obj, f"{cls.parent_name()}_id") for obj in objs}:
                cls.refuse_parent(cls.parent_name(), parent_pk)

    def save(self, *args, **kwargs):
        self.refuse_published([self])
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self.refuse_published([self])
        return super().delete(*args, **kwargs)

"""How a skill is drafted, published, locked and previewed.

One rule: a draft says better what a skill is; the skill's code, its retirement and what its files said are never the draft's.
"""

from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from wagtail.locks import BaseLock

from skills.locks import RetiredLock
from skills.preview import PREVIEW_LANGUAGES, skill_page
from skills.signals import skill_changed

# What tells the rows of a skill apart, by relation: the fields of their unique constraints.
_IDENTITIES = {"labels": ("language", "text"), "levels": ("level",), "mappings": ("scheme", "code")}


class ConceptDrafts(models.Model):
    """Mixin of `Skill`, before Wagtail's own."""

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs) -> None:
        if update_fields is None:  # else no child is written
            self._free_texts_that_moved()
        super().save(*args, update_fields=update_fields, **kwargs)

    def _free_texts_that_moved(self) -> None:
        """Two rows may have exchanged their texts: written one after the other, the first would meet the second's old one."""
        for relation, names in _IDENTITIES.items():
            # modelcluster's own place for children that were changed in memory.
            if self.pk is None or relation not in getattr(self, "_cluster_related_objects", {}):
                continue
            wanted = {row.pk: row for row in getattr(self, relation).all() if row.pk}
            for stored in getattr(self, relation).model.objects.filter(skill_id=self.pk, pk__in=wanted):
                if any(getattr(stored, name) != getattr(wanted[stored.pk], name) for name in names):
                    stored.delete()

    def with_content_json(self, content: dict[str, Any]) -> models.Model:
        draft = super().with_content_json(content)
        draft.code, draft.given = self.code, self.given
        draft.status, draft.replaced_by_id = self.status, self.replaced_by_id
        return draft

    @transaction.atomic
    def publish(self, revision, *args, **kwargs) -> None:
        """Being related holds both ways: drafts of the skills that this one took or left as neighbours must follow."""
        before = self._related_keys()
        super().publish(revision, *args, **kwargs)
        after = self._related_keys()
        moved = type(self).objects.filter(pk__in=before ^ after)
        drafted = moved.filter(has_unpublished_changes=True, latest_revision__isnull=False)
        for neighbour in drafted.select_related("latest_revision"):
            neighbour.set_related_in_draft(self.pk, neighbour.pk in after)
        skill_changed.send(sender=type(self), skill_id=self.pk)

    def _related_keys(self) -> set[int]:
        """As stored, whatever this instance holds in memory."""
        links = self.related.through.objects.filter(from_skill=self)
        return set(links.values_list("to_skill", flat=True))

    def set_related_in_draft(self, other: int, is_related: bool) -> None:
        revision = self.latest_revision
        kept = [pk for pk in revision.content.get("related", []) if pk != other]
        revision.content["related"] = [*kept, other] if is_related else kept
        revision.save(update_fields=["content"])

    def get_lock(self) -> BaseLock | None:
        return RetiredLock(self) if self.is_retired else super().get_lock()

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return PREVIEW_LANGUAGES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The public page, in the language asked for."""
        with override(mode_name or PREVIEW_LANGUAGES[0][0]):
            return skill_page(request, self)

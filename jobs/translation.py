"""What a job's pages share across languages, and how it travels from the published page to its translations.

One rule: the last publication wins for codes and rows (`jobs.models.profile_rows`); words are each language's own
and are never copied, drafts included.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from jobs.models import (
    JobBridge,
    JobDiploma,
    JobGate,
    JobLanguage,
    JobNeighbour,
    JobPay,
    JobProfilePage,
    JobRequirement,
)

SHARED_FIELDS = ("code", "family_id", "cleanroom_grade", "shifts", "rome_codes", "esco_uris")
SHARED_CHILDREN = {
    "requirements": (JobRequirement, ("skill_id", "level", "importance")),
    "gates": (
        JobGate,
        ("kind", "label_fr", "label_en", "how_fr", "how_en", "language", "language_level", "skill_id"),
    ),
    "languages": (JobLanguage, ("language", "language_level", "importance", "note_fr", "note_en")),
    "pay": (JobPay, ("low", "high", "year", "source_fr", "source_en", "url")),
    "bridges": (
        JobBridge,
        ("sector", "from_fr", "from_en", "carries_fr", "carries_en", "learn_fr", "learn_en"),
    ),
    "diplomas": (JobDiploma, ("level", "label_fr", "label_en", "rncp_code")),
    "neighbours": (JobNeighbour, ("neighbour_id",)),
}

_paused: ContextVar[bool] = ContextVar("translation_sync_paused", default=False)


@contextmanager
def synchronisation_paused() -> Iterator[None]:
    """Publishing translations from here must not start another round."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def child_values(page: JobProfilePage, relation: str) -> list[tuple]:
    _, names = SHARED_CHILDREN[relation]
    rows = sorted(getattr(page, relation).all(), key=lambda row: row.sort_order or 0)
    return [tuple(getattr(row, name) for name in names) for row in rows]


def set_children(page: JobProfilePage, relation: str, values: Iterable[Sequence]) -> None:
    """Replace the rows of a relation in memory; saving the page writes them."""
    model, names = SHARED_CHILDREN[relation]
    rows = [model(sort_order=order, **dict(zip(names, row, strict=True))) for order, row in enumerate(values)]
    getattr(page, relation).set(rows)


@transaction.atomic
def synchronise_translations(page: JobProfilePage) -> int:
    """Bring every translation of a published page into line with it; how many had to change."""
    translations = JobProfilePage.objects.filter(
        translation_key=page.translation_key, alias_of__isnull=True
    ).exclude(pk=page.pk)
    with synchronisation_paused():
        return sum(_bring_into_line(page, translation) for translation in translations.order_by("pk"))


def synchronise_on_publication(sender: type, instance: JobProfilePage, **kwargs: object) -> None:
    """Wagtail's `page_published`; it also comes for pages only scheduled, which do not count yet."""
    if instance.live and not _paused.get():
        synchronise_translations(instance)


def _bring_into_line(source: JobProfilePage, translation: JobProfilePage) -> bool:
    if translation.live and not translation.has_unpublished_changes:
        if changed := _apply_shared(source, translation):
            translation.save_revision().publish()
        return changed
    revision = translation.latest_revision
    draft = revision.as_object() if revision else None
    if row_changed := _apply_shared(source, translation):
        translation.save()
    if draft is None or not _apply_shared(source, draft):
        return row_changed
    # The draft's words go on as a newer revision; a publication already scheduled stays scheduled, with
    # the new codes.
    scheduled_for = revision.approved_go_live_at
    if scheduled_for:
        translation.revisions.filter(pk=revision.pk).update(approved_go_live_at=None)
    draft.save_revision(approved_go_live_at=scheduled_for, clean=False)
    return True


def _apply_shared(source: JobProfilePage, target: JobProfilePage) -> bool:
    changed = False
    for name in SHARED_FIELDS:
        if getattr(target, name) != getattr(source, name):
            setattr(target, name, getattr(source, name))
            changed = True
    for relation in SHARED_CHILDREN:
        values = child_values(source, relation)
        if child_values(target, relation) != values:
            set_children(target, relation, values)
            changed = True
    target.slug = target.code
    return changed

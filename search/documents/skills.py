"""Skills as search documents. Eligible: published."""

from collections.abc import Iterable, Sequence

from search.documents.base import SearchDocument, aliases
from skills.models import LabelKind, MappingScheme, Skill


def eligible():
    return Skill.objects.published()


def codes() -> Iterable[str]:
    return eligible().order_by("code").values_list("code", flat=True).iterator()


def build(codes: Sequence[str]) -> list[SearchDocument]:
    skills = eligible().filter(code__in=codes).select_related("domain").prefetch_related("labels", "mappings")
    return [_document(skill) for skill in skills.order_by("code")]


def _document(skill: Skill) -> SearchDocument:
    labels = list(skill.labels.all())
    fr = tuple(label.text for label in labels if label.language != "en")
    en = tuple(label.text for label in labels if label.language != "fr")
    shown = [label for label in labels if label.kind != LabelKind.HIDDEN]
    return SearchDocument(
        code=skill.code,
        title_fr=skill.label_fr,
        title_en=skill.label_en,
        labels_fr=fr,
        labels_en=en,
        body_fr=skill.definition_fr,
        body_en=skill.definition_en,
        identifiers=tuple(
            mapping.code for mapping in skill.mappings.all() if mapping.scheme == MappingScheme.ROME
        ),
        keywords={"skill": (skill.code,), "domain": (skill.domain.code,), "skill_kind": (skill.kind,)},
        vectors={
            "label_fr": skill.label_fr,
            "label_en": skill.label_en,
            "description_fr": skill.definition_fr,
            "description_en": skill.definition_en,
            **aliases("", (label.text for label in shown)),
        },
    )

"""Which of our skills are mapped to rows that ESCO or ROME may withdraw (see `skills.uses_registry`)."""

from collections.abc import Iterator

from skills.models import MappingScheme, SkillMapping


def skills_mapped_to_esco(uris: frozenset[str]) -> Iterator[tuple[str, str]]:
    return _mapped(MappingScheme.ESCO, uris)


def skills_mapped_to_competences(ogr_codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    return _mapped(MappingScheme.ROME, ogr_codes)


def _mapped(scheme: str, codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    mappings = SkillMapping.objects.filter(scheme=scheme, code__in=codes).order_by()
    for code, skill in mappings.values_list("code", "skill__code"):
        yield code, f"compétence {skill}"

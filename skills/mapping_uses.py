"""Which of our skills are mapped to rows that ESCO or ROME may withdraw.

One rule: one query, whatever the number of rows asked.
"""

from collections import defaultdict
from collections.abc import Iterable

from skills.models import MappingScheme, SkillMapping


def skills_mapped_to_esco(uris: Iterable[str]) -> dict[str, list[str]]:
    return _mapped(MappingScheme.ESCO, uris)


def skills_mapped_to_competences(ogr_codes: Iterable[str]) -> dict[str, list[str]]:
    return _mapped(MappingScheme.ROME, ogr_codes)


def _mapped(scheme: str, codes: Iterable[str]) -> dict[str, list[str]]:
    wanted = set(codes)
    found: dict[str, list[str]] = defaultdict(list)
    mappings = SkillMapping.objects.filter(scheme=scheme).order_by("skill__code")
    for code, skill in mappings.values_list("code", "skill__code"):
        if code in wanted:
            found[code].append(f"compétence {skill}")
    return found

"""Counts that say how rich the referential is. Pure: no Django.

One rule: only skills in use are counted, unless a name says otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from skills.concept_files.entries import EVERY_MODALITY, SCHEMES, ReferentialFiles, SkillEntry

TRUE_MATCHES = frozenset({"exact", "close", "broad", "narrow"})
ENOUGH_ALTERNATIVES = 3


def statistics(files: ReferentialFiles) -> dict[str, object]:
    """By name, a number or numbers by value."""
    skills = [skill for skill in files.skills.values() if skill.status == "published"]
    mapped = {scheme: [skill for skill in skills if is_mapped(skill, scheme)] for scheme in SCHEMES}
    return {
        "skills": len(skills),
        "drafts": sum(skill.status == "draft" for skill in files.skills.values()),
        "retired": sum(skill.is_retired for skill in files.skills.values()),
        "domains": len(files.domains),
        "by_domain": _counted(skill.domain for skill in skills),
        "by_type": _counted(skill.kind for skill in skills),
        "by_modality": _counted(modality for skill in skills for modality in skill.modalities),
        "for_some_modalities_only": sum(EVERY_MODALITY not in skill.modalities for skill in skills),
        "texts": sum(len(skill.labels) + 2 for skill in skills),
        "with_3_alternatives_or_acronyms": sum(
            _alternatives(skill) >= ENOUGH_ALTERNATIVES for skill in skills
        ),
        "with_level_descriptors": sum(bool(skill.levels) for skill in skills),
        "acronyms": sum(label.kind == "acronym" for skill in skills for label in skill.labels),
        "acronyms_read_in_context": sum(bool(label.context) for skill in skills for label in skill.labels),
        "other_senses_of_acronyms": len(files.senses),
        "broader_links": sum(len(skill.broader) for skill in skills),
        "related_links": len({frozenset((skill.code, other)) for skill in skills for other in skill.related}),
        "mapped_to_esco": len(mapped["esco"]),
        "mapped_to_rome": len(mapped["rome"]),
        "mapped_to_either": len({skill.code for found in mapped.values() for skill in found}),
        "mappings_by_match": {
            scheme: _counted(m.match for skill in skills for m in skill.mappings if m.scheme == scheme)
            for scheme in SCHEMES
        },
        "none_said": {scheme: sum(scheme in skill.unmapped for skill in skills) for scheme in SCHEMES},
    }


def is_mapped(skill: SkillEntry, scheme: str) -> bool:
    """To the same, a wider or a narrower concept: a merely related one is no mapping."""
    return any(one.scheme == scheme and one.match in TRUE_MATCHES for one in skill.mappings)


def _alternatives(skill: SkillEntry) -> int:
    return sum(label.kind in ("alternative", "acronym") for label in skill.labels)


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def greatest_overlap(requirements: Mapping[str, frozenset[str]]) -> tuple[float, str, str]:
    """The two jobs that share most of their skills: the share of the smaller list that both have, and which they are."""
    worst = (0.0, "", "")
    codes = sorted(requirements)
    for index, one in enumerate(codes):
        for other in codes[index + 1 :]:
            smaller = min(len(requirements[one]), len(requirements[other]))
            share = len(requirements[one] & requirements[other]) / smaller if smaller else 0.0
            worst = max(worst, (share, one, other))
    return worst

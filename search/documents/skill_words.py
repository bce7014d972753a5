"""The names of skills, for the documents that point at them."""

from collections import defaultdict
from collections.abc import Iterable

from skills.models import Skill, SkillLabel


def skill_names(skill_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Every label of each skill, both languages, hidden ones left out: they are for queries, not for texts."""
    ids = set(skill_ids)
    names: defaultdict[int, list[str]] = defaultdict(list)
    for pk, label_fr, label_en in Skill.objects.filter(pk__in=ids).values_list("pk", "label_fr", "label_en"):
        names[pk] += [label_fr, label_en]
    labels = (
        SkillLabel.objects.filter(skill_id__in=ids)
        .exclude(kind="hidden")
        .order_by("skill_id", "key", "language")
    )
    for skill_id, text in labels.values_list("skill_id", "text"):
        names[skill_id].append(text)
    return {pk: tuple(texts) for pk, texts in names.items()}

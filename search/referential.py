"""The lexicon of the published skills, read from the database and kept until a skill or a label changes."""

from collections.abc import Iterable
from functools import lru_cache

from search.lexicon import Lexicon, build_lexicon
from search.models import referential_version
from skills.models import LabelKind, Skill, SkillLabel


def current_lexicon() -> Lexicon:
    """The lexicon as the referential is now."""
    version = referential_version()
    return _cached_lexicon(version) if version else build_lexicon(_rows())


@lru_cache(maxsize=2)
def _cached_lexicon(version: str) -> Lexicon:
    return build_lexicon(_rows())


def _rows() -> Iterable[tuple[str, str, bool]]:
    """(skill code, text, shown) of every label."""
    for code, label_fr, label_en in Skill.objects.published().values_list("code", "label_fr", "label_en"):
        yield code, label_fr, True
        yield code, label_en, True
    labels = SkillLabel.objects.filter(skill__in=Skill.objects.published()).order_by(
        "skill_id", "kind", "key"
    )
    for code, text, kind in labels.values_list("skill__code", "text", "kind"):
        yield code, text, kind != LabelKind.HIDDEN

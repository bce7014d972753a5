"""The lexicon of the published skills, read from the database and kept until a skill or a label changes."""

from collections.abc import Iterable
from functools import lru_cache

from search.lexicon import Lexicon, LexiconRow, build_lexicon
from search.models import referential_version
from skills.models import AcronymSense, LabelKind, Skill, SkillLabel


def current_lexicon() -> Lexicon:
    """The lexicon as the referential is now."""
    version = referential_version()
    return _cached_lexicon(version) if version else build_lexicon(_rows())


@lru_cache(maxsize=2)
def _cached_lexicon(version: str) -> Lexicon:
    return build_lexicon(_rows())


def _rows() -> Iterable[LexiconRow]:
    """Every label, and the senses of acronyms that are no skill."""
    published = Skill.objects.published()
    for code, label_fr, label_en in published.values_list("code", "label_fr", "label_en"):
        yield LexiconRow(code, label_fr)
        yield LexiconRow(code, label_en)
    labels = SkillLabel.objects.filter(skill__in=published).order_by("skill_id", "kind", "key")
    for code, text, kind, context in labels.values_list("skill__code", "text", "kind", "context"):
        yield LexiconRow(code, text, kind != LabelKind.HIDDEN, tuple(context))
    for acronym, context in AcronymSense.objects.values_list("acronym", "context"):
        yield LexiconRow("", acronym, context=tuple(context))

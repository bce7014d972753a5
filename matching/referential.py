"""The referential as matching uses it: lexicon, graph and labels, kept in memory while the rows stay the
same.

One rule: the rows are read at every use (some 20 ms for 8,000 labels) and compared, so that no process ever
answers from an outdated referential; only building the lexicon is saved. Load it once a request and pass it on.
"""

import hashlib
import threading
from dataclasses import dataclass, field

from matching.reading.lexicon import LabelRow, Lexicon
from matching.scoring import SkillGraph
from skills.models import AcronymSense, Skill, SkillKind, SkillLabel, SkillStatus


@dataclass(frozen=True)
class Referential:
    """`digest` changes with any label or link; `labels` are French and English, by code; `replaced` gives the published skill
    that stands for each retired one, `behaviours` the skills that are ways of behaving.
    """

    lexicon: Lexicon
    graph: SkillGraph
    labels: dict[str, tuple[str, str]]
    digest: str = ""
    replaced: dict[str, str] = field(default_factory=dict)
    behaviours: frozenset[str] = frozenset()

    def label(self, code: str, language: str) -> str:
        french, english = self.labels.get(code, (code, code))
        return english if language == "en" else french


@dataclass(frozen=True)
class _Rows:
    skills: tuple[tuple, ...]
    labels: tuple[tuple, ...]
    broader: tuple[tuple, ...]
    related: tuple[tuple, ...]
    senses: tuple[tuple, ...]


_lock = threading.Lock()
_kept: tuple[_Rows, Referential] | None = None


def load_referential() -> Referential:
    """The referential of now. Five queries."""
    global _kept
    rows = _read_rows()
    with _lock:
        if _kept is None or _kept[0] != rows:
            _kept = (rows, _build(rows))
        return _kept[1]


def _read_rows() -> _Rows:
    skills = (
        Skill.objects.filter(live=True)
        .order_by("pk")
        .values_list("pk", "code", "label_fr", "label_en", "status", "replaced_by_id", "kind")
    )
    labels = SkillLabel.objects.order_by("pk").values_list("skill_id", "kind", "language", "text", "context")
    senses = AcronymSense.objects.order_by("pk").values_list("acronym", "context")
    broader = Skill.broader.through.objects.order_by("pk").values_list("from_skill_id", "to_skill_id")
    related = Skill.related.through.objects.order_by("pk").values_list("from_skill_id", "to_skill_id")
    return _Rows(
        tuple(skills),
        tuple((*row, tuple(context)) for *row, context in labels),
        tuple(broader),
        tuple(related),
        tuple((acronym, tuple(context)) for acronym, context in senses),
    )


def _build(rows: _Rows) -> Referential:
    codes = _codes_that_stand(rows)
    label_rows = [
        LabelRow(codes[pk], language, text, "preferred" if status == SkillStatus.PUBLISHED else "alternative")
        for pk, _code, french, english, status, *_ in rows.skills
        if pk in codes
        for language, text in (("fr", french), ("en", english))
    ]
    label_rows += [
        LabelRow(codes[pk], language, text, kind, context)
        for pk, kind, language, text, context in rows.labels
        if pk in codes
    ]
    label_rows += [LabelRow("", "", acronym, "acronym", context) for acronym, context in rows.senses]
    labels = {
        code: (french, english)
        for _, code, french, english, status, *_ in rows.skills
        if status == SkillStatus.PUBLISHED
    }
    graph = SkillGraph.build(
        broader=[
            (codes[narrow], codes[wide]) for narrow, wide in rows.broader if narrow in codes and wide in codes
        ],
        related=[
            (codes[one], codes[other]) for one, other in rows.related if one in codes and other in codes
        ],
        labels=labels,
    )
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
    replaced = {code: codes[pk] for pk, code, *_ in rows.skills if pk in codes and codes[pk] != code}
    behaviours = frozenset(code for _, code, *_, kind in rows.skills if kind == SkillKind.BEHAVIOUR)
    return Referential(Lexicon(label_rows), graph, labels, digest, replaced, behaviours)


def _codes_that_stand(rows: _Rows) -> dict[int, str]:
    """The code each skill row answers to: its own when published, its replacement's when retired; drafts
    have none.
    """
    published = {pk: code for pk, code, _, _, status, *_ in rows.skills if status == SkillStatus.PUBLISHED}
    codes = dict(published)
    replacements = {
        pk: new for pk, _, _, _, status, new, _ in rows.skills if status == SkillStatus.DEPRECATED
    }
    for pk in replacements:
        seen, current = {pk}, replacements[pk]
        while current in replacements and current not in seen:
            seen.add(current)
            current = replacements[current]
        if current in published:
            codes[pk] = published[current]
    return codes

"""What changed between two states of the referential, concept by concept, and the version it calls for. Pure: no Django.

One rule: a concept that somebody may rely on and that disappears or changes meaning calls for a major version; a new one for
a minor version; better words for a patch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from skills.concept_files.entries import DomainEntry, ReferentialFiles, SenseEntry, SkillEntry
from skills.concept_files.history import Version
from skills.concept_files.rules import neighbours
from skills.imports.report import FieldChange, field_changes
from skills.imports.yaml_source import Bilingual

# Fields that say what a concept is; the others only say it better.
_MEANING = frozenset({"kind", "status", "replaced_by", "broader", "modalities"})
LIST_SEPARATOR = " ; "
# Fields that hold several values.
LISTS = frozenset({"modalities", "levels", "broader", "related", "labels", "mappings", "context"})
DOMAIN, SENSE = "domain", "acronym-sense"
# By code, what something is called and its fields.
_Described = Mapping[str, tuple[str, dict[str, object]]]


class Bump(IntEnum):
    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True)
class ConceptChange:
    """`action` is added, removed, retired or changed; `kind` is empty for a skill, else domain or acronym-sense."""

    action: str
    code: str
    label: str
    fields: tuple[FieldChange, ...] = ()
    kind: str = ""

    @property
    def bump(self) -> Bump:
        if self.kind == SENSE:
            return Bump.PATCH
        if self.action in ("removed", "retired") or self._becomes_a_draft:
            return Bump.MAJOR
        if self.action == "added" or any(change.name in _MEANING for change in self.fields):
            return Bump.MINOR
        return Bump.PATCH

    @property
    def _becomes_a_draft(self) -> bool:
        return any((change.name, change.after) == ("status", "draft") for change in self.fields)


def referential_changes(before: ReferentialFiles, after: ReferentialFiles) -> list[ConceptChange]:
    """Everything that differs: skills, then domains, then the acronyms' other senses."""
    return [
        *concept_changes(before.skills, after.skills),
        *_kind_changes(
            DOMAIN,
            *({code: _domain(one) for code, one in files.domains.items()} for files in (before, after)),
        ),
        *_kind_changes(
            SENSE, *({_named(one): _sense(one) for one in files.senses} for files in (before, after))
        ),
    ]


def _kind_changes(kind: str, before: _Described, after: _Described) -> list[ConceptChange]:
    changes = []
    for code in sorted({*before, *after}):
        if code not in after:
            changes.append(ConceptChange("removed", code, before[code][0], kind=kind))
        elif code not in before:
            changes.append(ConceptChange("added", code, after[code][0], kind=kind))
        elif fields := field_changes(before[code][1], after[code][1]):
            changes.append(ConceptChange("changed", code, after[code][0], fields, kind=kind))
    return changes


def _domain(domain: DomainEntry) -> tuple[str, dict[str, object]]:
    return domain.label.fr, {
        "position": domain.position,
        "label_fr": domain.label.fr,
        "label_en": domain.label.en,
        "definition_fr": domain.definition.fr,
        "definition_en": domain.definition.en,
    }


def _named(sense: SenseEntry) -> str:
    return f"{sense.acronym} ({sense.meaning.fr})"


def _sense(sense: SenseEntry) -> tuple[str, dict[str, object]]:
    return sense.meaning.fr, {"meaning_en": sense.meaning.en, "context": _joined(sense.context)}


def concept_changes(before: Mapping[str, SkillEntry], after: Mapping[str, SkillEntry]) -> list[ConceptChange]:
    """Every concept that differs, in the order of their codes."""
    changes = []
    beside_before, beside_after = neighbours(before), neighbours(after)
    for code in sorted({*before, *after}):
        old, new = before.get(code), after.get(code)
        if old is None and new is not None:
            changes.append(ConceptChange("added", code, new.label.fr))
        elif new is None and old is not None:
            changes.append(ConceptChange("removed", code, old.label.fr))
        elif old is not None and new is not None:
            fields = field_changes(
                entry_fields(old, beside_before[code]), entry_fields(new, beside_after[code])
            )
            if fields:
                action = "retired" if new.is_retired and not old.is_retired else "changed"
                changes.append(ConceptChange(action, code, new.label.fr, fields))
    return changes


def entry_fields(skill: SkillEntry, related: Iterable[str] | None = None) -> dict[str, object]:
    """A concept as fields to compare and to show; `related` where its links are known from both sides."""
    return {
        "label_fr": skill.label.fr,
        "label_en": skill.label.en,
        "definition_fr": skill.definition.fr,
        "definition_en": skill.definition.en,
        "domain": skill.domain,
        "kind": skill.kind,
        "status": skill.status,
        "replaced_by": skill.replaced_by,
        "modalities": _joined(skill.modalities),
        "levels": _joined(f"{one.level} {one.descriptor.fr} | {one.descriptor.en}" for one in skill.levels),
        "broader": _joined(skill.broader),
        "related": _joined(skill.related if related is None else related),
        "labels": _joined(
            f"{label.kind} {label.language} {label.text}"
            + (f" [{', '.join(label.context)}]" if label.context else "")
            for label in skill.labels
        ),
        "mappings": _joined(
            [
                *(f"{mapping.match} {mapping.scheme} {mapping.code}" for mapping in skill.mappings),
                *(f"none {scheme}" for scheme in skill.unmapped),
            ]
        ),
    }


def overlay(said: SkillEntry, stored: SkillEntry, kept: Iterable[str]) -> SkillEntry:
    """What the files say, with the fields of `kept` (named as in `entry_fields`) as they are stored."""
    kept = frozenset(kept)
    plain: dict[str, Any] = {
        name: getattr(stored, name) for name in kept if not name.startswith(("label_", "definition_"))
    }
    if "mappings" in kept:
        plain["unmapped"] = stored.unmapped
    return replace(
        said,
        label=_chosen(said.label, stored.label, "label", kept),
        definition=_chosen(said.definition, stored.definition, "definition", kept),
        **plain,
    )


def _chosen(said: Bilingual, stored: Bilingual, name: str, kept: frozenset[str]) -> Bilingual:
    return Bilingual(
        stored.fr if f"{name}_fr" in kept else said.fr, stored.en if f"{name}_en" in kept else said.en
    )


def _joined(texts: Iterable[str]) -> str:
    return LIST_SEPARATOR.join(sorted(texts))


def next_version(current: Version, changes: Iterable[ConceptChange]) -> Version:
    """The version that these changes call for after `current`."""
    major, minor, patch = current
    bump = max((change.bump for change in changes), default=Bump.NONE)
    if bump is Bump.MAJOR:
        return major + 1, 0, 0
    if bump is Bump.MINOR:
        return major, minor + 1, 0
    return (major, minor, patch + 1) if bump is Bump.PATCH else current

"""The referential as CSV and JSON. Pure: no Django.

One rule: a cell or a field says what the source files say, in their words (`exact http://…`), one line or object a skill.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from skills.concept_files.entries import SCHEMES, LabelEntry, ReferentialFiles, SkillEntry
from skills.concept_files.history import Scheme
from skills.imports.yaml_source import LANGUAGES

SEPARATOR = "|"
COLUMNS = (
    "code",
    "domain",
    "type",
    "status",
    "replaced_by",
    "label_fr",
    "label_en",
    "definition_fr",
    "definition_en",
    "alternative_fr",
    "alternative_en",
    "hidden_fr",
    "hidden_en",
    "acronyms",
    "acronym_contexts",
    "modalities",
    "levels_fr",
    "levels_en",
    "broader",
    "related",
    "esco",
    "rome",
)


def as_csv(files: ReferentialFiles) -> str:
    """One line a skill; several values of a cell are separated by `|`, which `\\|` stands for inside a value."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(skill) for skill in files.skills.values())
    return stream.getvalue()


def _row(skill: SkillEntry) -> dict[str, str]:
    several: dict[str, Iterable[str]] = {}
    for kind in ("alternative", "hidden"):
        for language in LANGUAGES:
            several[f"{kind}_{language}"] = _texts(skill, kind, language)
    several["acronyms"] = _texts(skill, "acronym", "")
    several["acronym_contexts"] = [
        f"{label.text}={phrase}" for label in skill.labels for phrase in label.context
    ]
    several["modalities"] = skill.modalities
    for language in LANGUAGES:
        several[f"levels_{language}"] = [
            f"{one.level} {getattr(one.descriptor, language)}" for one in skill.levels
        ]
    several |= {"broader": skill.broader, "related": skill.related}
    for scheme in SCHEMES:
        several[scheme] = _mappings(skill, scheme)
    return {
        "code": skill.code,
        "domain": skill.domain,
        "type": skill.kind,
        "status": skill.status,
        "replaced_by": skill.replaced_by,
        "label_fr": skill.label.fr,
        "label_en": skill.label.en,
        "definition_fr": skill.definition.fr,
        "definition_en": skill.definition.en,
        **{name: SEPARATOR.join(map(_escaped, values)) for name, values in several.items()},
    }


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}")


def _texts(skill: SkillEntry, kind: str, language: str) -> Iterator[str]:
    for label in skill.labels:
        if (label.kind, label.language) == (kind, language):
            yield label.text


def _mappings(skill: SkillEntry, scheme: str) -> list[str]:
    found = [f"{mapping.match} {mapping.code}" for mapping in skill.mappings if mapping.scheme == scheme]
    return found or (["none"] if scheme in skill.unmapped else [])


def as_json(files: ReferentialFiles, scheme: Scheme) -> str:
    """One object: the scheme, its domains and its skills."""
    content = {
        "uri": scheme.uri,
        "version": scheme.version,
        "title": scheme.title.__dict__,
        "description": scheme.description.__dict__,
        "licence": scheme.licence,
        "domains": [
            {
                "code": domain.code,
                "position": domain.position,
                "label": domain.label.__dict__,
                "definition": domain.definition.__dict__,
            }
            for domain in files.domains.values()
        ],
        "skills": [skill_object(skill) for skill in files.skills.values()],
        "acronym_senses": [
            {"acronym": sense.acronym, "meaning": sense.meaning.__dict__, "context": list(sense.context)}
            for sense in files.senses
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def skill_object(skill: SkillEntry) -> dict[str, object]:
    """A skill in the shape of the source files; what is empty is left out."""
    content: dict[str, object] = {
        "code": skill.code,
        "domain": skill.domain,
        "type": skill.kind,
        "status": skill.status,
        "replaced_by": skill.replaced_by,
        "label": skill.label.__dict__,
        "definition": skill.definition.__dict__,
        **{kind: _by_language(skill, kind) for kind in ("alternative", "hidden")},
        "acronyms": [_acronym(label) for label in skill.labels if label.kind == "acronym"],
        "modalities": list(skill.modalities),
        "levels": {one.level: one.descriptor.__dict__ for one in skill.levels},
        "broader": list(skill.broader),
        "related": list(skill.related),
        **{scheme: _mapping_objects(skill, scheme) for scheme in SCHEMES},
    }
    return {name: value for name, value in content.items() if value}


def _by_language(skill: SkillEntry, kind: str) -> dict[str, list[str]]:
    found = {language: list(_texts(skill, kind, language)) for language in LANGUAGES}
    return {language: texts for language, texts in found.items() if texts}


def _acronym(label: LabelEntry) -> object:
    return {"text": label.text, "context": list(label.context)} if label.context else label.text


def _mapping_objects(skill: SkillEntry, scheme: str) -> object:
    key = "uri" if scheme == "esco" else "code"
    found = [{key: one.code, "match": one.match} for one in skill.mappings if one.scheme == scheme]
    return found or ("none" if scheme in skill.unmapped else [])

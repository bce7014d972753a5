"""Read and parse the referential's files: one YAML file a domain, and one of the acronyms' other meanings. Pure: no Django.

One rule: a wrong skill is refused alone, with its file, line and code; the others go on.
"""

import re
from pathlib import Path

from skills.concept_files.entries import (
    EVERY_MODALITY,
    MATCHES,
    MODALITIES,
    SCHEMES,
    STATUSES,
    TYPES,
    DomainEntry,
    LabelEntry,
    LevelEntry,
    MappingEntry,
    ReferentialFiles,
    SenseEntry,
    SkillEntry,
)
from skills.imports.yaml_source import Entry, Mapping, YamlUnreadable, read_yaml, yaml_files
from skills.levels import Level

# Files of the folder that describe no domain.
SENSES_FILE = "acronym-senses.yaml"
SCHEME_FILE = "scheme.yaml"
CHANGES_FILE = "changes.yaml"
NONE = "none"
LABEL_LIMIT = 200
SKILL_KEYS = (
    "code",
    "type",
    "status",
    "replaced_by",
    "label",
    "definition",
    "alternative",
    "hidden",
    "acronyms",
    "modalities",
    "levels",
    "broader",
    "related",
    "esco",
    "rome",
)
DOMAIN_KEYS = ("code", "position", "label", "definition")

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEYS = {"esco": "uri", "rome": "code"}
MAPPING_PATTERNS = {
    "esco": re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-fA-F-]{36}"),
    "rome": re.compile(r"\d{4,7}"),
}


def read_referential(folder: Path) -> ReferentialFiles:
    """Every domain and skill of a folder's YAML files; raises OSError where the folder cannot be read."""
    files = ReferentialFiles()
    for path in yaml_files(folder):
        if path.name in (SCHEME_FILE, CHANGES_FILE):
            continue
        try:
            top = Entry(read_yaml(path), path.name)
        except YamlUnreadable as error:
            files.errors.append(error.error)
            continue
        if path.name == SENSES_FILE:
            _parse_senses(top, files)
        else:
            _parse_file_of_domain(top, files)
        files.errors.extend(top.errors())
    return files


def _parse_file_of_domain(top: Entry, files: ReferentialFiles) -> None:
    top.expect_keys(("domain", "skills"))
    domain = _parse_domain(top, files)
    for entry in top.entries("skills"):
        _parse_skill(entry, domain, files)


def _parse_senses(top: Entry, files: ReferentialFiles) -> None:
    top.expect_keys(("senses",))
    for entry in top.entries("senses"):
        entry.expect_keys(("acronym", "meaning", "context"))
        entry.name = acronym = entry.text("acronym", limit=LABEL_LIMIT)
        sense = SenseEntry(
            acronym, entry.bilingual("meaning", limit=LABEL_LIMIT), _context(entry), entry.source, entry.line
        )
        if not sense.context:
            entry.problems.append("« context » manque : les mots près desquels le sigle a ce sens.")
        if entry.problems:
            files.errors.extend(entry.errors())
        else:
            files.senses.append(sense)


def _parse_domain(top: Entry, files: ReferentialFiles) -> str:
    entry = top.nested("domain")
    entry.expect_keys(DOMAIN_KEYS)
    code = _code(entry, "code")
    entry.name = f"domaine {code}"
    parsed = DomainEntry(
        code=code,
        position=entry.number("position", 1, 999),
        label=entry.bilingual("label", limit=LABEL_LIMIT),
        definition=entry.bilingual("definition", required=False),
        source=top.source,
        line=entry.line,
    )
    if code in files.domains:
        entry.problems.append(f"le domaine est déjà décrit dans {files.domains[code].source}.")
    if entry.problems:
        files.errors.extend(entry.errors())
    else:
        files.domains[code] = parsed
    return code


def _parse_skill(entry: Entry, domain: str, files: ReferentialFiles) -> None:
    entry.expect_keys(SKILL_KEYS)
    code = _code(entry, "code")
    entry.name = code
    parsed = SkillEntry(
        code=code,
        domain=domain,
        kind=entry.choice("type", TYPES),
        status=entry.choice("status", STATUSES, default="published"),
        replaced_by=entry.text("replaced_by", required=False),
        label=entry.bilingual("label", limit=LABEL_LIMIT),
        definition=entry.bilingual("definition"),
        labels=_labels(entry),
        modalities=_modalities(entry),
        levels=_levels(entry),
        broader=tuple(sorted(set(entry.texts("broader")))),
        related=tuple(sorted(set(entry.texts("related")))),
        mappings=_mappings(entry),
        unmapped=tuple(scheme for scheme in SCHEMES if entry.content.get(scheme) == NONE),
        source=entry.source,
        line=entry.line,
    )
    _check_replacement(entry, parsed)
    if code in parsed.broader or code in parsed.related:
        entry.problems.append("une compétence ne se lie pas à elle-même.")
    if code and code in files.named:
        entry.problems.append("ce code est déjà celui d'une autre compétence.")
    files.named.add(code)
    if entry.problems:
        files.errors.extend(entry.errors())
    else:
        files.skills[code] = parsed


def _code(entry: Entry, key: str) -> str:
    code = entry.text(key, limit=50)
    if code and not _CODE.fullmatch(code):
        entry.problems.append(
            f"« {code} » n'est pas un code : minuscules sans accent, mots joints par des tirets."
        )
    return code


def _check_replacement(entry: Entry, skill: SkillEntry) -> None:
    if skill.status == "deprecated" and not skill.replaced_by:
        entry.problems.append(
            "une compétence retirée (deprecated) nomme celle qui la remplace (replaced_by)."
        )
    elif skill.status != "deprecated" and skill.replaced_by:
        entry.problems.append("« replaced_by » ne va qu'avec « status: deprecated ».")
    elif skill.replaced_by == skill.code and skill.code:
        entry.problems.append("une compétence ne se remplace pas elle-même.")


def _labels(entry: Entry) -> tuple[LabelEntry, ...]:
    """Alternative labels, acronyms, hidden labels; a text given twice is kept once, in that order."""
    alternative = entry.bilingual_texts("alternative", limit=LABEL_LIMIT)
    hidden = entry.bilingual_texts("hidden", limit=LABEL_LIMIT)
    acronyms = _acronyms(entry)
    candidates = [
        *(
            LabelEntry("alternative", lang, text)
            for lang, texts in zip(("fr", "en"), alternative, strict=True)
            for text in texts
        ),
        *acronyms,
        *(
            LabelEntry("hidden", lang, text)
            for lang, texts in zip(("fr", "en"), hidden, strict=True)
            for text in texts
        ),
    ]
    kept: dict[tuple[str, str], LabelEntry] = {}
    for label in candidates:
        if not label.key:
            entry.problems.append(f"« {label.text} » ne contient ni lettre ni chiffre.")
        kept.setdefault((label.language, label.key), label)
    return tuple(sorted(kept.values()))


def _acronyms(entry: Entry) -> list[LabelEntry]:
    """Each is a text, or a text and the words near which it means this skill."""
    value = entry.content.get("acronyms", "")
    plain = (
        value if not isinstance(value, list) else [item for item in value if not isinstance(item, Mapping)]
    )
    found = [LabelEntry("acronym", "", text) for text in entry.texts_of("acronyms", plain, limit=LABEL_LIMIT)]
    if isinstance(value, list):
        parts = [Entry(item, entry.source) for item in value if isinstance(item, Mapping)]
        found.extend(_acronym_in_context(part) for part in parts)
        entry.absorb("acronyms", parts)
    return found


def _acronym_in_context(part: Entry) -> LabelEntry:
    part.expect_keys(("text", "context"))
    label = LabelEntry("acronym", "", part.text("text", limit=LABEL_LIMIT), _context(part))
    if not label.context:
        part.problems.append("« context » manque : les mots près desquels le sigle a ce sens.")
    return label


def _context(entry: Entry) -> tuple[str, ...]:
    french, english = entry.bilingual_texts("context", limit=LABEL_LIMIT)
    return tuple(sorted({*french, *english}))


def _modalities(entry: Entry) -> tuple[str, ...]:
    """What the skill is used to make, in the order of the value list; everything where the file does not say."""
    given = set(entry.texts("modalities"))
    if unknown := sorted(given - set(MODALITIES)):
        entry.problems.append(
            f"« modalities » : {', '.join(unknown)} ; valeurs admises : {', '.join(MODALITIES)}."
        )
    if EVERY_MODALITY in given and len(given) > 1:
        entry.problems.append(f"« modalities » : « {EVERY_MODALITY} » se dit seul.")
    return tuple(modality for modality in MODALITIES if modality in given) or (EVERY_MODALITY,)


def _levels(entry: Entry) -> tuple[LevelEntry, ...]:
    part = entry.nested("levels")
    part.expect_keys([str(int(level)) for level in Level])
    found = [
        LevelEntry(int(level), part.bilingual(str(int(level))))
        for level in Level
        if str(int(level)) in part.content
    ]
    entry.absorb("levels", [part])
    return tuple(found)


def _mappings(entry: Entry) -> tuple[MappingEntry, ...]:
    found: dict[tuple[str, str], MappingEntry] = {}
    for scheme in SCHEMES:
        if entry.content.get(scheme) == NONE:
            continue
        parts = entry.entries(scheme)
        for part in parts:
            part.expect_keys((_KEYS[scheme], "match"))
            code = part.text(_KEYS[scheme])
            if code and not MAPPING_PATTERNS[scheme].fullmatch(code):
                part.problems.append(f"« {code} » n'est pas un code {scheme.upper()}.")
            if (scheme, code) in found:
                part.problems.append(f"« {code} » est donné deux fois.")
            found[scheme, code] = MappingEntry(scheme, code, part.choice("match", MATCHES))
        entry.absorb(scheme, parts)
    return tuple(sorted(found.values()))

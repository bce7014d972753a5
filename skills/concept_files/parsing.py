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
from skills.imports.yaml_source import (
    LANGUAGES,
    Bilingual,
    Entry,
    Mapping,
    YamlUnreadable,
    read_yaml,
    yaml_files,
)
from skills.levels import Level
from skills.text import text_key

# Files of the folder that describe no domain.
SENSES_FILE = "acronym-senses.yaml"
SCHEME_FILE = "scheme.yaml"
CHANGES_FILE = "changes.yaml"
NONE = "none"
LABEL_LIMIT = 200
ACRONYM_LIMIT = 40
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
            files.unread.append(path.name)
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
        entry.name = acronym = entry.text("acronym", limit=ACRONYM_LIMIT)
        meaning = entry.bilingual("meaning", limit=LABEL_LIMIT)
        sense = SenseEntry(acronym, meaning, _context(entry, acronym), entry.source, entry.line)
        if acronym and not sense.key:
            entry.problems.append(f"« {acronym} » ne contient ni lettre ni chiffre.")
        if any((sense.key, meaning.fr) == (other.key, other.meaning.fr) for other in files.senses):
            entry.problems.append(f"le sens « {meaning.fr} » est déjà donné plus haut : gardez-en un.")
        if entry.problems:
            files.errors.extend(entry.errors())
            files.senses_are_whole = False
        else:
            files.senses.append(sense)
    files.senses_are_whole = files.senses_are_whole and not top.problems


def _parse_domain(top: Entry, files: ReferentialFiles) -> str:
    entry = top.nested("domain")
    entry.expect_keys(DOMAIN_KEYS)
    code = _code(entry, "code")
    entry.name = f"domaine {code}".strip()
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
    label = entry.bilingual("label", limit=LABEL_LIMIT)
    labels, repeated = _labels(entry, label)
    parsed = SkillEntry(
        code=code,
        domain=domain,
        kind=entry.choice("type", TYPES),
        status=entry.choice("status", STATUSES, default="published"),
        replaced_by=entry.text("replaced_by", required=False),
        label=label,
        definition=entry.bilingual("definition"),
        labels=labels,
        modalities=_modalities(entry),
        levels=_levels(entry),
        broader=tuple(sorted(set(entry.texts("broader")))),
        related=tuple(sorted(set(entry.texts("related")))),
        mappings=_mappings(entry),
        unmapped=tuple(scheme for scheme in SCHEMES if entry.content.get(scheme) == NONE),
        source=entry.source,
        line=entry.line,
        repeated=repeated,
    )
    _check_replacement(entry, parsed)
    if code in parsed.broader or code in parsed.related:
        entry.problems.append("une compétence ne se lie pas à elle-même.")
    if code and code in files.named:
        entry.problems.append(
            f"ce code est déjà celui d'une autre compétence{_place(code, files)} : changez-le."
        )
    files.named.add(code)
    if entry.problems:
        files.errors.extend(entry.errors())
    else:
        files.skills[code] = parsed


def _place(code: str, files: ReferentialFiles) -> str:
    known = files.skills.get(code)
    return f" ({known.source}, ligne {known.line})" if known else ""


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


def _labels(entry: Entry, preferred: Bilingual) -> tuple[tuple[LabelEntry, ...], tuple[str, ...]]:
    """Alternative labels, acronyms, hidden labels, and the texts that are given twice in one language, as the preferred label
    perhaps; of the same text in the same language the first is kept, in that order.
    """
    kept: dict[tuple[str, str], LabelEntry] = {}
    repeated: dict[str, None] = {}
    given = {(language, text_key(getattr(preferred, language))) for language in LANGUAGES}
    for label in (*_worded(entry, "alternative"), *_acronyms(entry), *_worded(entry, "hidden")):
        if not label.key:
            entry.problems.append(f"« {label.text} » ne contient ni lettre ni chiffre.")
            continue
        if len(label.key) > LABEL_LIMIT:
            entry.problems.append(f"« {label.text[:40]}… » est trop long.")
        # An acronym is of both languages. It may be the preferred label of one of them.
        languages = (label.language,) if label.language else LANGUAGES
        taken = [(language, label.key) for language in languages if (language, label.key) in given]
        if len(taken) == len(languages) or any(place in kept for place in taken):
            repeated[label.text] = None
        given.update((language, label.key) for language in languages)
        kept.setdefault((label.language, label.key), label)
    return tuple(sorted(kept.values())), tuple(repeated)


def _worded(entry: Entry, kind: str) -> list[LabelEntry]:
    by_language = zip(LANGUAGES, entry.bilingual_texts(kind, limit=LABEL_LIMIT), strict=True)
    return [LabelEntry(kind, language, text) for language, texts in by_language for text in texts]


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
    text = part.text("text", limit=LABEL_LIMIT)
    return LabelEntry("acronym", "", text, _context(part, text))


def _context(entry: Entry, acronym: str) -> tuple[str, ...]:
    """The words near which an acronym has this sense, in either language."""
    found = {*entry.texts("context", limit=LABEL_LIMIT)}
    if not found:
        entry.problems.append("« context » manque : les mots près desquels le sigle a ce sens.")
    if useless := sorted(text for text in found if text_key(text) in ("", text_key(acronym))):
        entry.problems.append(
            f"« context » : « {', '.join(useless)} » ne distingue rien ; donnez d'autres mots."
        )
    return tuple(sorted(found))


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
    known = [str(int(level)) for level in Level]
    if unknown := [key for key in part.content if key not in known]:
        part.problems.append(f"niveau inconnu : {', '.join(unknown)} ; niveaux admis : {', '.join(known)}.")
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
        value = entry.content.get(scheme, "")
        if value and isinstance(value, str):
            if value != NONE:
                reason = (
                    f"« {scheme} » vaut « {value} » ; donnez une liste de correspondances, ou « {NONE} »."
                )
                entry.problems.append(reason)
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

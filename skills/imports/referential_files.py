"""Read and parse the referential's files: one YAML file a domain. Pure: no Django.

One rule: a wrong skill is refused alone, with its file, line and code; the others go on. The schema is
documented in docs/formats/referential.md.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from skills.imports.report import RowError
from skills.imports.yaml_source import Bilingual, Entry, YamlUnreadable, read_yaml, yaml_files
from skills.text import text_key

TYPES = ("knowledge", "know-how", "behaviour")
STATUSES = ("draft", "published", "deprecated")
MATCHES = ("exact", "close", "broad", "narrow", "related")
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
    "broader",
    "related",
    "esco",
    "rome",
)
DOMAIN_KEYS = ("code", "position", "label", "definition")

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ESCO_SKILL = re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-fA-F-]{36}")
_OGR = re.compile(r"\d{4,7}")


@dataclass(frozen=True, order=True)
class LabelEntry:
    """Another text of a skill; `language` is empty for acronyms."""

    kind: str
    language: str
    text: str

    @property
    def key(self) -> str:
        return text_key(self.text)


@dataclass(frozen=True, order=True)
class MappingEntry:
    scheme: str
    code: str
    match: str


@dataclass(frozen=True)
class DomainEntry:
    code: str
    position: int
    label: Bilingual
    definition: Bilingual
    source: str
    line: int


@dataclass(frozen=True)
class SkillEntry:
    code: str
    domain: str
    kind: str
    status: str
    replaced_by: str
    label: Bilingual
    definition: Bilingual
    labels: tuple[LabelEntry, ...]
    broader: tuple[str, ...]
    related: tuple[str, ...]
    mappings: tuple[MappingEntry, ...]
    source: str
    line: int

    def text_keys(self) -> dict[str, str]:
        """Every text that means this skill, by its comparison key."""
        texts = [self.label.fr, self.label.en, *(label.text for label in self.labels)]
        return {text_key(text): text for text in texts}

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.code} : {reason}")


@dataclass
class ReferentialFiles:
    """What the files say; `named` holds every code written, those of refused skills too."""

    domains: dict[str, DomainEntry] = field(default_factory=dict)
    skills: dict[str, SkillEntry] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)


def read_referential(folder: Path) -> ReferentialFiles:
    """Every domain and skill of a folder's YAML files; raises OSError where the folder cannot be read."""
    files = ReferentialFiles()
    for path in yaml_files(folder):
        try:
            content = read_yaml(path)
        except YamlUnreadable as error:
            files.errors.append(error.error)
            continue
        top = Entry(content, path.name)
        top.expect_keys(("domain", "skills"))
        domain = _parse_domain(top, files)
        for entry in top.entries("skills"):
            _parse_skill(entry, domain, files)
        files.errors.extend(top.errors())
    return files


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
        broader=tuple(sorted(set(entry.texts("broader")))),
        related=tuple(sorted(set(entry.texts("related")))),
        mappings=_mappings(entry),
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
    acronyms = entry.texts("acronyms", limit=LABEL_LIMIT)
    candidates = [
        *(
            LabelEntry("alternative", lang, text)
            for lang, texts in zip(("fr", "en"), alternative, strict=True)
            for text in texts
        ),
        *(LabelEntry("acronym", "", text) for text in acronyms),
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


def _mappings(entry: Entry) -> tuple[MappingEntry, ...]:
    found: dict[tuple[str, str], MappingEntry] = {}
    for scheme, key, pattern in (("esco", "uri", _ESCO_SKILL), ("rome", "code", _OGR)):
        parts = entry.entries(scheme)
        for part in parts:
            part.expect_keys((key, "match"))
            code = part.text(key)
            if code and not pattern.fullmatch(code):
                part.problems.append(f"« {code} » n'est pas un code {scheme.upper()}.")
            if (scheme, code) in found:
                part.problems.append(f"« {code} » est donné deux fois.")
            found[scheme, code] = MappingEntry(scheme, code, part.choice("match", MATCHES))
        entry.absorb(scheme, parts)
    return tuple(sorted(found.values()))


def cyclic_codes(links: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """For every code that its own links lead back to, one such way round."""
    cycles: dict[str, list[str]] = {}
    for start in links:
        if start in cycles:
            continue
        way = _way_back(start, links)
        for code in way[:-1]:
            cycles.setdefault(code, way)
    return cycles


def _way_back(start: str, links: dict[str, tuple[str, ...]]) -> list[str]:
    """The shortest way from a code back to itself, empty where there is none."""
    ways = [[start]]
    met: set[str] = set()
    while ways:
        way = ways.pop(0)
        for code in links.get(way[-1], ()):
            if code == start:
                return [*way, start]
            if code not in met:
                met.add(code)
                ways.append([*way, code])
    return []


def shared_texts(skills: dict[str, SkillEntry], taken: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """For every skill that repeats a text of an earlier one, the texts and whose they are.

    `taken` maps the text keys held outside the files to the code that holds them. Retired skills do not
    count: their texts pass to the skill that replaces them.
    """
    owners = dict(taken)
    clashes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, skill in skills.items():
        if skill.status == "deprecated":
            continue
        for key, text in skill.text_keys().items():
            owner = owners.setdefault(key, code)
            if owner != code:
                clashes[code].append((text, owner))
    return dict(clashes)

"""Read and parse job profile files: one YAML file a job. Pure: no Django.

One rule: codes are only written here, not looked up; whether a skill or a family exists is for the plan to
say. The schema is documented in docs/formats/job-profiles.md.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from skills.imports.report import RowError
from skills.imports.yaml_source import Bilingual, Entry, YamlUnreadable, read_yaml, yaml_files

GATE_KINDS = ("medical-fitness", "aseptic-qualification", "language", "authorisation")
CEFR_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
LANGUAGES = ("fr", "en", "de", "es", "it")
CLEANROOM_GRADES = ("none", "D", "C", "B", "A")
SHIFTS = ("day", "2x8", "3x8", "weekend", "on-call")
SECTORS = (
    "food",
    "cosmetics",
    "chemistry",
    "brewing",
    "hospital-laboratory",
    "microelectronics",
    "defence",
    "pharmacy",
    "agriculture",
    "energy",
    "logistics",
    "research",
    "other",
)
# Gross euros a year: what is outside is a slip of the pen.
LOWEST_PAY, HIGHEST_PAY = 10_000, 300_000
FIRST_PAY_YEAR, LAST_PAY_YEAR = 2015, 2099
IMPORTANCES = ("essential", "useful")
PROFILE_KEYS = (
    "code",
    "family",
    "title",
    "alternative",
    "summary",
    "activities",
    "requirements",
    "gates",
    "conditions",
    "languages",
    "pay",
    "bridges",
    "diplomas",
    "rome",
    "esco",
    "neighbours",
)

Part = TypeVar("Part")

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ROME = re.compile(r"[A-Z]\d{4}")
_ESCO_OCCUPATION = re.compile(r"http://data\.europa\.eu/esco/occupation/[0-9a-f-]{36}")
_RNCP = re.compile(r"\d{1,6}")
_WEB_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class RequirementEntry:
    skill: str
    level: int
    importance: str


@dataclass(frozen=True)
class GateEntry:
    kind: str
    label: Bilingual
    how: Bilingual
    language: str
    cefr: str
    skill: str


@dataclass(frozen=True)
class LanguageEntry:
    language: str
    cefr: str
    importance: str
    note: Bilingual


@dataclass(frozen=True)
class PayEntry:
    low: int
    high: int
    year: int
    source: Bilingual
    url: str


@dataclass(frozen=True)
class BridgeEntry:
    """`origin` is the job one comes from (`from` in the file)."""

    sector: str
    origin: Bilingual
    carries: Bilingual
    learn: Bilingual


@dataclass(frozen=True)
class DiplomaEntry:
    level: int
    label: Bilingual
    rncp_code: str


@dataclass(frozen=True)
class ProfileEntry:
    code: str
    family: str
    title: Bilingual
    alternative: tuple[tuple[str, ...], tuple[str, ...]]
    summary: Bilingual
    activities: tuple[tuple[str, ...], tuple[str, ...]]
    requirements: tuple[RequirementEntry, ...]
    gates: tuple[GateEntry, ...]
    cleanroom: str
    shifts: tuple[str, ...]
    notes: Bilingual
    languages: tuple[LanguageEntry, ...]
    pay: PayEntry | None
    bridges: tuple[BridgeEntry, ...]
    diplomas: tuple[DiplomaEntry, ...]
    rome: tuple[str, ...]
    esco: tuple[str, ...]
    neighbours: tuple[str, ...]
    source: str
    line: int

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.code} : {reason}")


@dataclass
class ProfileFiles:
    profiles: dict[str, ProfileEntry] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)


def read_profiles(folder: Path) -> ProfileFiles:
    """Every job profile of a folder's YAML files; raises OSError where the folder cannot be read."""
    files = ProfileFiles()
    for path in yaml_files(folder):
        try:
            entry = Entry(read_yaml(path), path.name)
        except YamlUnreadable as error:
            files.errors.append(error.error)
            continue
        profile = _parse_profile(entry)
        if profile.code and profile.code in files.named:
            entry.problems.append("ce code est déjà celui d'une autre fiche.")
        files.named.add(profile.code)
        if entry.problems:
            files.errors.extend(entry.errors())
        else:
            files.profiles[profile.code] = profile
    return files


def _parse_profile(entry: Entry) -> ProfileEntry:
    entry.expect_keys(PROFILE_KEYS)
    code = entry.text("code", limit=60)
    entry.name = code
    if code and not _CODE.fullmatch(code):
        entry.problems.append(
            f"« {code} » n'est pas un code : minuscules sans accent, mots joints par des tirets."
        )
    conditions = entry.nested("conditions")
    conditions.expect_keys(("cleanroom", "shifts", "notes"))
    profile = ProfileEntry(
        code=code,
        family=entry.text("family"),
        title=entry.bilingual("title", limit=255),
        alternative=entry.bilingual_texts("alternative"),
        summary=entry.bilingual("summary"),
        activities=entry.bilingual_texts("activities"),
        requirements=_parts(entry, "requirements", _parse_requirement),
        gates=_parts(entry, "gates", _parse_gate),
        cleanroom=conditions.choice("cleanroom", CLEANROOM_GRADES, default="none"),
        shifts=_known(conditions, "shifts", SHIFTS),
        notes=conditions.bilingual("notes", required=False),
        languages=_parts(entry, "languages", _parse_language),
        pay=_parse_pay(entry),
        bridges=_parts(entry, "bridges", _parse_bridge),
        diplomas=_parts(entry, "diplomas", _parse_diploma),
        rome=_matching(entry, "rome", _ROME),
        esco=_matching(entry, "esco", _ESCO_OCCUPATION),
        neighbours=entry.texts("neighbours"),
        source=entry.source,
        line=entry.line,
    )
    entry.absorb("conditions", [conditions])
    _check_requirements(entry, profile)
    if twice := _twice([one.language for one in profile.languages]):
        entry.problems.append(f"langue donnée deux fois : {', '.join(twice)}.")
    if code in profile.neighbours:
        entry.problems.append("un métier n'est pas son propre voisin.")
    return profile


def _check_requirements(entry: Entry, profile: ProfileEntry) -> None:
    skills = [requirement.skill for requirement in profile.requirements]
    if twice := _twice(skills):
        entry.problems.append(f"compétence demandée deux fois : {', '.join(twice)}.")
    if not skills:
        entry.problems.append("aucune compétence requise (« requirements »).")


def _twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


def _parts(entry: Entry, key: str, parse: Callable[[Entry], Part]) -> tuple[Part, ...]:
    parts = entry.entries(key)
    parsed = tuple(parse(part) for part in parts)
    entry.absorb(key, parts)
    return parsed


def _parse_requirement(part: Entry) -> RequirementEntry:
    part.expect_keys(("skill", "level", "importance"))
    return RequirementEntry(
        part.text("skill"), part.number("level", 1, 4), part.choice("importance", IMPORTANCES)
    )


def _parse_gate(part: Entry) -> GateEntry:
    part.expect_keys(("kind", "label", "how", "language", "cefr", "skill"))
    kind = part.choice("kind", GATE_KINDS)
    is_language = kind == "language"
    for key in ("language", "cefr"):
        if key in part.content and not is_language:
            part.problems.append(f"« {key} » ne va qu'avec « kind: language ».")
    return GateEntry(
        kind,
        part.bilingual("label", limit=250),
        part.bilingual("how", required=False),
        part.choice("language", LANGUAGES) if is_language else "",
        part.choice("cefr", CEFR_LEVELS) if is_language else "",
        part.text("skill", required=False),
    )


def _parse_language(part: Entry) -> LanguageEntry:
    part.expect_keys(("language", "cefr", "importance", "note"))
    return LanguageEntry(
        part.choice("language", LANGUAGES),
        part.choice("cefr", CEFR_LEVELS),
        part.choice("importance", IMPORTANCES),
        part.bilingual("note", required=False),
    )


def _parse_pay(entry: Entry) -> PayEntry | None:
    """Pay is told whole (both ends, source and year) or not at all."""
    if entry.content.get("pay", "") == "":
        return None
    part = entry.nested("pay")
    part.expect_keys(("low", "high", "source", "year", "url"))
    pay = PayEntry(
        part.number("low", LOWEST_PAY, HIGHEST_PAY),
        part.number("high", LOWEST_PAY, HIGHEST_PAY),
        part.number("year", FIRST_PAY_YEAR, LAST_PAY_YEAR),
        part.bilingual("source", limit=250),
        part.text("url", required=False, limit=500),
    )
    if not part.problems and pay.low > pay.high:
        part.problems.append("« low » dépasse « high ».")
    if pay.url and not _WEB_ADDRESS.fullmatch(pay.url):
        part.problems.append(f"« url » vaut « {pay.url} » ; adresse attendue, qui commence par https://.")
    entry.absorb("pay", [part])
    return pay


def _parse_bridge(part: Entry) -> BridgeEntry:
    part.expect_keys(("sector", "from", "carries", "learn"))
    return BridgeEntry(
        part.choice("sector", SECTORS),
        part.bilingual("from", limit=250),
        part.bilingual("carries"),
        part.bilingual("learn"),
    )


def _parse_diploma(part: Entry) -> DiplomaEntry:
    part.expect_keys(("level", "label", "rncp"))
    rncp = part.text("rncp", required=False).removeprefix("RNCP")
    if rncp and not _RNCP.fullmatch(rncp):
        part.problems.append(f"« {rncp} » n'est pas un code RNCP.")
    return DiplomaEntry(
        part.number("level", 2, 8), part.bilingual("label", limit=250), f"RNCP{rncp}" if rncp else ""
    )


def _known(entry: Entry, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    values = entry.texts(key)
    unknown = [value for value in values if value not in choices]
    if unknown:
        entry.problems.append(
            f"« {key} » : {', '.join(unknown)} inconnu ; valeurs admises : {', '.join(choices)}."
        )
    return values


def _matching(entry: Entry, key: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    values = entry.texts(key)
    for value in values:
        if not pattern.fullmatch(value):
            entry.problems.append(f"« {value} » n'est pas un code {key.upper()}.")
    return values

"""The real texts that generated trainings are recombined from. Pure: no Django.

One rule: nothing is invented here. Titles, sentences, skills and places are those of the repository and, when a folder of open
data is given, of ONISEP, the RNCP and ESCO: their words have the frequencies of real French.
"""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from skills.concept_files.entries import SkillEntry
from skills.concept_files.parsing import read_referential

ROOT = Path(__file__).resolve().parent.parent.parent
OWN_SOURCES, OPEN_SOURCES = ("demonstration", "referential", "sector diplomas"), ("ONISEP", "RNCP", "ESCO")
SHORTEST, LONGEST = 25, 320  # characters of a sentence worth keeping: under, a heading; over, a list
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
_MARKUP = re.compile(r"^[#\-•*\s]+")


@dataclass(frozen=True)
class Theme:
    """What a training may be about: a real title, in English too when its source has one, and the sentences that go with it."""

    title_fr: str
    title_en: str = ""
    sentences: tuple[str, ...] = ()
    certification: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Town:
    name: str
    department: str
    region: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Material:
    """`sector` are the themes of bioproduction, `others` those of every other trade; `skills` gives the labels of each code."""

    sector: tuple[Theme, ...]
    others: tuple[Theme, ...]
    prerequisites: tuple[str, ...]
    providers: tuple[str, ...]
    skills: dict[str, tuple[str, ...]]
    towns: tuple[Town, ...]
    sources: tuple[str, ...]


def read_material(open_data: Path | None) -> Material:
    demonstration, skills = list(_demonstration_rows()), _published_skills()
    return Material(
        sector=(*map(_demonstration_theme, demonstration), *map(_skill_theme, skills), *_diploma_themes()),
        others=tuple(_open_themes(open_data)) if open_data else (),
        prerequisites=_distinct(text for row in demonstration for text in sentences(row["prerequis"])),
        providers=_distinct(row["nom_organisme"] for row in demonstration),
        skills={skill.code: _labels(skill) for skill in skills},
        towns=tuple(_towns()),
        sources=(*OWN_SOURCES, *(OPEN_SOURCES if open_data else ())),
    )


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; markup remnants, headings and long lists left out."""
    parts = (_MARKUP.sub("", part).strip() for part in _ENDS.split(text))
    return tuple(part for part in parts if SHORTEST <= len(part) <= LONGEST)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


# --- The repository


def _demonstration_rows() -> Iterator[dict[str, str]]:
    """One row a training of the demonstration, whatever the number of its sessions."""
    rows: dict[str, dict[str, str]] = {}
    for path in sorted((ROOT / "training" / "demonstration").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream, delimiter=";"):
                rows.setdefault(row["code_formation"], row)
    yield from rows.values()


def _demonstration_theme(row: dict[str, str]) -> Theme:
    return Theme(
        title_fr=row["intitule_fr"],
        title_en=row["intitule_en"],
        sentences=(*sentences(row["objectifs"]), *sentences(row["programme"])),
        certification=row["certification"].split("|")[0],
        skills=tuple(skill.split(":")[0] for skill in row["competences"].split("|") if skill),
    )


def _published_skills() -> list[SkillEntry]:
    files = read_referential(ROOT / "skills" / "referential")
    return [skill for skill in files.skills.values() if skill.status == "published"]


def _skill_theme(skill: SkillEntry) -> Theme:
    return Theme(
        skill.label.fr, skill.label.en, sentences(skill.definition.fr), skills=(skill.code, *skill.related)
    )


def _labels(skill: SkillEntry) -> tuple[str, ...]:
    """As `search.documents.skill_words` gives them: both languages, hidden ones left out."""
    others = (label.text for label in skill.labels if label.kind != "hidden")
    return (skill.label.fr, skill.label.en, *others)


def _diploma_themes() -> Iterator[Theme]:
    for path in sorted((ROOT / "training" / "sector_diplomas").rglob("*.yaml")):
        for diploma in yaml.safe_load(path.read_text(encoding="utf-8"))["diplomas"]:
            yield Theme(
                diploma["title"],
                sentences=sentences(diploma["reason"]),
                skills=tuple(diploma.get("skills", ())),
            )


def _towns() -> Iterator[Town]:
    for row in _rows(ROOT / "skills" / "places" / "communes.csv.gz"):
        if row["latitude"] and row["population"]:
            yield Town(
                row["name"],
                row["department"],
                row["region_code"],
                int(row["population"]),
                float(row["latitude"]),
                float(row["longitude"]),
            )


# --- Open data


def _open_themes(folder: Path) -> Iterator[Theme]:
    """Trainings of every trade: those of ONISEP that are described, the titles of the RNCP, the trades and skills of ESCO."""
    for row in _rows(folder / "onisep" / "onisep_fiches_formations.csv.gz"):
        said = sentences("\n".join((row["description"], row["acces"], row["attendus"])))
        if said:
            yield Theme(row["titre"], "", said, f"RNCP{row['code_rncp']}" if row["code_rncp"] else "")
    for row in _rows(folder / "rncp" / "rncp_fiches_actives.csv.gz"):
        yield Theme(row["intitule"], certification=row["numero_fiche"])
    for file in ("esco_occupations", "esco_skills"):
        for row in _rows(folder / "esco" / f"{file}.csv.gz"):
            if row["label_fr"] and row["description_fr"]:
                yield Theme(row["label_fr"], row["label_en"], sentences(row["description_fr"]))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)

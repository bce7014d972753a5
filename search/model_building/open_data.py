"""Concepts of ESCO and ROME, read from the files of the open data.

One rule: only the files named here are opened; the tables that join ROME to ESCO, and those that judge a model, are not among
them.
"""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from search.model_building.concepts import (
    ESCO_OCCUPATION,
    ESCO_SKILL,
    ROME_TITLE,
    Concept,
    distinct,
    gendered_names,
    shared_ending,
)

ESCO_OCCUPATIONS = "esco/esco_occupations.csv.gz"
ESCO_SKILLS = "esco/esco_skills.csv.gz"
ROME_TITLES = "rome/rome_appellations.csv.gz"
FILES = (ESCO_OCCUPATIONS, ESCO_SKILLS, ROME_TITLES)


def read_open_data(folder: Path) -> Iterator[Concept]:
    """Raises `FileNotFoundError` naming the first file that is missing."""
    for name in FILES:
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder / name}")
    yield from _esco(folder / ESCO_OCCUPATIONS, ESCO_OCCUPATION)
    yield from _esco(folder / ESCO_SKILLS, ESCO_SKILL)
    yield from _rome_titles(folder / ROME_TITLES)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _esco(path: Path, source: str) -> Iterator[Concept]:
    for row in _rows(path):
        french = [row["label_fr"], *row["alt_fr"].split("|")]
        names = [form for label in french for form in (*gendered_names(label), shared_ending(label))]
        english = [row["label_en"], *row["alt_en"].split("|")]
        yield Concept(
            row["uri"],
            source,
            distinct([*names, *english] if source == ESCO_OCCUPATION else [*french, *english]),
            distinct([row["description_fr"], row["description_en"]]),
        )


def _rome_titles(path: Path) -> Iterator[Concept]:
    """A title and its two genders. Its job's definition is left out: it draws together the titles of a job, which differ."""
    for row in _rows(path):
        names = (row["libelle_appellation_long"], row["libelle_appellation_court"])
        yield Concept(
            f"rome:{row['code_ogr']}",
            ROME_TITLE,
            distinct(form for name in names for form in gendered_names(name)),
            family=row["code_rome"],
        )

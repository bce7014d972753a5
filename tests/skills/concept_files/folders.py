"""Folders of referential files for the tests of this package, and what their check says."""

import gzip
from pathlib import Path

from skills.concept_files.checking import check_folder

SCHEME = """\
uri: https://biofiliere.test/referentiel/
version: {version}
title: {{fr: Référentiel, en: Referential}}
description: {{fr: Des compétences., en: Skills.}}
licence: https://creativecommons.org/licenses/by/4.0/
"""


def errors(folder: Path, open_data: Path | None = None) -> list[str]:
    """Every error of a folder, as it is told."""
    return [str(error) for error in check_folder(folder, open_data).findings.errors]


def warnings(folder: Path) -> list[str]:
    return [str(warning) for warning in check_folder(folder, None).findings.warnings]


def only_error(folder: Path, open_data: Path | None = None) -> str:
    (error,) = errors(folder, open_data)
    return error


def write_scheme(folder: Path, version: str = "1.0.0") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "scheme.yaml").write_text(SCHEME.format(version=version), "utf-8")
    return folder


def write_changes(folder: Path, *releases: str) -> Path:
    """`releases` are written as they are, newest first."""
    folder.mkdir(exist_ok=True)
    (folder / "changes.yaml").write_text("releases:\n" + "".join(releases), "utf-8")
    return folder


def release(version: str, added: str = "", *more: str, date: str = "2026-11-25") -> str:
    lines = [
        f"  - version: {version}",
        f"    date: {date}",
        "    note: Une version.",
        f"    added: [{added}]",
        *(f"    {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


def write_senses(folder: Path, *senses: tuple[str, str, str]) -> Path:
    """Each sense is an acronym, its meaning, the words of its context between commas."""
    folder.mkdir(exist_ok=True)
    lines = [
        f"  - {{acronym: {acronym}, meaning: {{fr: {meaning}, en: {meaning}}}, context: [{context}]}}\n"
        for acronym, meaning, context in senses
    ]
    (folder / "acronym-senses.yaml").write_text("senses:\n" + "".join(lines), "utf-8")
    return folder


def write_open_data(folder: Path, *, esco: tuple[str, ...] = (), rome: tuple[str, ...] = ()) -> Path:
    """The open data of each scheme that has codes."""
    for scheme, name, column, codes in (
        ("esco", "esco_skills.csv.gz", "uri", esco),
        ("rome", "rome_competences.csv.gz", "code_ogr", rome),
    ):
        if codes:
            (folder / scheme).mkdir(parents=True, exist_ok=True)
            with gzip.open(folder / scheme / name, "wt", encoding="utf-8") as stream:
                stream.write("\n".join([column, *codes]) + "\n")
    return folder

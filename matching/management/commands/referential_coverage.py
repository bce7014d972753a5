"""`manage.py referential_coverage`: the frozen terms of the sector against our referential, ESCO and ROME.

Writes the table of docs/coverage.md. With EMBEDDING_MODEL, what no words find is also looked for by meaning.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.coverage import Finding, FoundBy, KnownNames, Name, Term, read_terms, shares
from search.embeddings import Embedder, embedder
from skills.concept_files.parsing import read_referential
from skills.imports.command import SourceUnreadable
from skills.imports.csv_source import Record, read_csv
from skills.imports.progress import progress
from skills.imports.report import ImportReport
from skills.imports.rome import LICENCES

TERMS = settings.REFERENTIAL_DIR / "sector-terms.csv"
REPORT = Path(settings.BASE_DIR) / "docs" / "coverage.md"
REFERENTIALS = ("ours", "esco", "rome")
TITLES = {"ours": "Biofilière", "esco": "ESCO", "rome": "ROME 4.0"}
# Cosine from which a label is taken to say the same as a term, for multilingual-e5-small: a guess, above the floors of search
# (0.90) and extraction (0.91), the same for every referential and never tuned.
MEANING_FLOOR = 0.93
BATCH = 512


class Command(BaseCommand):
    help = (
        "Mesure ce que le référentiel, ESCO et le ROME connaissent des termes du secteur (docs/coverage.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--terms", type=Path, default=TERMS, help="liste de termes (CSV)")
        parser.add_argument("--write", action="store_true", help=f"réécrit {REPORT.name}")
        parser.add_argument(
            "--missing", action="store_true", help="montre les termes que les nôtres ne trouvent pas"
        )
        parser.add_argument("--json", action="store_true", help="une ligne JSON par référentiel")

    def handle(self, **options) -> None:
        if not settings.OPEN_DATA_DIR:
            raise CommandError("OPEN_DATA_DIR doit nommer le dossier d'ESCO et du ROME.", returncode=2)
        try:
            terms = read_terms(options["terms"])
            names = {"ours": [*_our_names()], "esco": [*_esco_names()], "rome": [*_rome_names()]}
        except (OSError, KeyError, SourceUnreadable) as error:
            raise CommandError(f"Ces données ne peuvent pas être lues : {error}", returncode=2) from error
        findings = {name: self._find(terms, names[name]) for name in REFERENTIALS}
        if options["json"]:
            for name in REFERENTIALS:
                self.stdout.write(
                    json.dumps({"referential": name, "terms": len(terms), **shares(findings[name])})
                )
        else:
            self.stdout.write("\n".join(_summary(terms, findings)))
        if options["missing"]:
            for term, finding in zip(terms, findings["ours"], strict=True):
                if finding is None or finding.found_by is FoundBy.MEANING:
                    self.stdout.write(f"{term.language} {term.text} : {term.gloss}")
        if options["write"]:
            REPORT.write_text(_report(terms, findings), encoding="utf-8")
            self.stderr.write(f"{REPORT} réécrit.")

    def _find(self, terms: Sequence[Term], names: list[Name]) -> list[Finding | None]:
        known = KnownNames(names)
        findings = [known.find(term) for term in terms]
        model = embedder()
        if model is None:
            return findings
        return _by_meaning(terms, findings, names, model)


# --- Names
def _our_names() -> Iterator[Name]:
    for code, skill in read_referential(settings.REFERENTIAL_DIR).skills.items():
        if skill.status != "published":
            continue
        yield Name(code, skill.label.fr, "fr", is_label=True)
        yield Name(code, skill.label.en, "en", is_label=True)
        for label in skill.labels:
            yield Name(code, label.text, label.language, is_label=False)


def _esco_names() -> Iterator[Name]:
    columns = ("uri", "label_fr", "label_en", "alt_fr", "alt_en")
    for row in _rows("esco/esco_skills.csv.gz", columns):
        for language in ("fr", "en"):
            if row[f"label_{language}"]:
                yield Name(row["uri"], row[f"label_{language}"], language, is_label=True)
            for text in filter(None, row[f"alt_{language}"].split("|")):
                yield Name(row["uri"], text, language, is_label=False)


def _rome_names() -> Iterator[Name]:
    """Skills and knowledge, without the diplomas and permits among them; ROME gives each one French name, and no other."""
    for row in _rows("rome/rome_competences.csv.gz", ("code_ogr", "libelle", "sous_categorie")):
        if not row["sous_categorie"].startswith(LICENCES):
            yield Name(row["code_ogr"], row["libelle"], "fr", is_label=True)


def _rows(place: str, columns: tuple[str, ...]) -> Iterator[Record]:
    for _line, row in read_csv(Path(settings.OPEN_DATA_DIR) / place, columns, ImportReport(source=place)):
        yield row


# --- Meaning
def _by_meaning(
    terms: Sequence[Term], findings: list[Finding | None], names: list[Name], model: Embedder
) -> list[Finding | None]:
    """Terms that no words found take the nearest label, in either language, where it is near enough."""
    labels = [name for name in names if name.is_label]
    open_terms = [index for index, finding in enumerate(findings) if finding is None]
    best = np.zeros(len(open_terms), dtype=np.float32)
    nearest: list[Name | None] = [None] * len(open_terms)
    vectors = model.encode([terms[index].text for index in open_terms])
    for start in progress(range(0, len(labels), BATCH), "sens", (len(labels) + BATCH - 1) // BATCH):
        batch = labels[start : start + BATCH]
        scores = vectors @ model.encode([name.text for name in batch]).T
        for row, column in enumerate(scores.argmax(axis=1)):
            if scores[row, column] > best[row]:
                best[row], nearest[row] = scores[row, column], batch[column]
    found = list(findings)
    for row, index in enumerate(open_terms):
        name = nearest[row]
        if name is not None and best[row] >= MEANING_FLOOR:
            found[index] = Finding(name.concept, FoundBy.MEANING)
    return found


# --- Report
def _summary(terms: Sequence[Term], findings: dict[str, list[Finding | None]]) -> list[str]:
    lines = [
        "| référentiel | termes | par libellé | par libellé ou synonyme | d'une façon ou d'une autre |",
        "|---|---|---|---|---|",
    ]
    for name in REFERENTIALS:
        said = " | ".join(f"{share:.0%}" for share in shares(findings[name]).values())
        lines.append(f"| {TITLES[name]} | {len(terms)} | {said} |")
    return lines


def _report(terms: Sequence[Term], findings: dict[str, list[Finding | None]]) -> str:
    """The page of the documentation: the summary, then every term."""
    lines = [
        "# What the referential covers",
        "",
        f"{len(terms)} terms of the sector, drawn from texts that we did not write before the referential was written,",
        "looked for in our referential, in the skills of ESCO and in the competences (know-how and knowledge) of ROME 4.0.",
        "`skills/referential/sector-terms.csv` gives the source of each and the passage that holds it. A term is found by",
        "*label* or by *synonym* when the same words stand there, small words and inflections aside; by *meaning* when none",
        "does but a label is near it for the model of `EMBEDDING_MODEL`. ESCO and ROME are those of the open data; ROME has",
        "no synonym and no English.",
        "",
        "Reproduce: `OPEN_DATA_DIR=… EMBEDDING_MODEL=… manage.py referential_coverage --write`.",
        "",
        *_summary(terms, findings),
        "",
        "| term | language | source | ours | ESCO | ROME |",
        "|---|---|---|---|---|---|",
    ]
    for index, term in enumerate(terms):
        cells = [_cell(name, findings[name][index]) for name in REFERENTIALS]
        lines.append(f"| {term.text} | {term.language} | {term.source} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(referential: str, finding: Finding | None) -> str:
    if finding is None:
        return "–"
    how = finding.found_by.value
    return f"{how}: `{finding.concept}`" if referential == "ours" else how

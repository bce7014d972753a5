"""`manage.py evaluate_linking QUERIES LABELS`: how well titles are linked to labels, by the MELO benchmark's own protocol.

One rule: no database is asked; standard output holds the figures only. Exit status 2 when nothing can be measured, 1 when rows
were left out.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.embeddings import embedder
from search.errors import EmbeddingUnavailable, LinkingUnavailable
from search.evaluation.linking import LinkingQuery, RankedQuery, figures, rank_queries
from search.evaluation.linking_files import read_labels, read_queries
from search.linking import Label, LabelRanker, LabelSet, Mode, build_ranker
from skills.imports.command import SourceUnreadable
from skills.imports.progress import progress
from skills.imports.report import ImportReport

_NAMES = {
    "queries": "Requêtes",
    "map": "MAP",
    "mrr": "MRR",
    "hit1": "Bon intitulé au rang 1",
    "hit5": "… dans les 5 premiers",
    "hit10": "… dans les 10 premiers",
    "map_by_concept": "MAP, rangés par concept",
}


class Command(BaseCommand):
    help = "Mesure le rapprochement d'intitulés (métiers, diplômes) avec une liste de libellés."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queries", type=Path, help="CSV : query_id, title, relevant_element_ids (« | »)")
        parser.add_argument("labels", type=Path, help="CSV, .gz ou non : element_id, label, esco_uri")
        parser.add_argument(
            "--mode",
            choices=[mode.value for mode in Mode],
            help="par défaut : hybrid, ou characters sans modèle",
        )
        parser.add_argument(
            "--ranks", type=Path, metavar="FICHIER", help="y écrire le rang de chaque élément attendu"
        )
        parser.add_argument("--json", action="store_true", help="les mesures en une ligne JSON")

    def handle(self, *, queries: Path, labels: Path, **options: Any) -> None:
        report = ImportReport(queries.name)
        try:
            known = read_labels(labels, report)
            asked = read_queries(queries, {label.code for label in known}, report)
            self._refuse_nothing(asked, queries, report)
            with _written(options["ranks"]) as ranks:
                ranker = self._ranker(known, options["mode"])
                found = figures(
                    _recorded(progress(rank_queries(ranker, asked), "Requêtes", len(asked)), ranks)
                )
        except (SourceUnreadable, LinkingUnavailable, EmbeddingUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{options['ranks']} : {error.strerror or error}", returncode=2) from error
        self._show(found, as_json=options["json"])
        self._complain(report)
        if report.error_count:
            sys.exit(1)

    def _refuse_nothing(self, asked: list[LinkingQuery], queries: Path, report: ImportReport) -> None:
        if not asked:
            self._complain(report)
            raise SourceUnreadable(f"{queries.name} : aucune requête à mesurer.")

    def _complain(self, report: ImportReport) -> None:
        for error in report.errors:
            self.stderr.write(f"rejet : {error}")
        if report.error_count:
            self.stderr.write(f"{report.error_count} lignes laissées de côté.")

    def _ranker(self, labels: list[Label], mode: str | None) -> LabelRanker:
        """A mode that was asked for is what is measured, or nothing is; else, without a model, characters are."""
        known, model = LabelSet(labels), embedder()

        def watch(steps):
            return progress(steps, "Libellés")

        if mode is None and model is None:
            self.stderr.write("Aucun modèle (EMBEDDING_MODEL) : les caractères seuls sont comparés.")
            mode = Mode.CHARACTERS.value
        try:
            return build_ranker(known, Mode(mode or Mode.HYBRID.value), model, watch)
        except EmbeddingUnavailable as error:
            if mode is not None:
                raise
            self.stderr.write(f"{error} Les caractères seuls sont comparés.")
            return build_ranker(known, Mode.CHARACTERS, None)

    def _show(self, found: dict[str, float], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found))
            return
        width = max(map(len, _NAMES.values()))
        for key, name in _NAMES.items():
            self.stdout.write(f"{name:<{width}}  {found[key]}")


def _written(path: Path | None) -> Any:
    """The file of ranks, opened before the long work, so that a wrong path is told at once."""
    return path.open("w", encoding="utf-8") if path else nullcontext()


def _recorded(ranked: Iterator[RankedQuery], ranks: TextIO | None) -> Iterator[RankedQuery]:
    for one in ranked:
        if ranks is not None:
            ranks.write(json.dumps(one.as_dict(), ensure_ascii=False) + "\n")
        yield one

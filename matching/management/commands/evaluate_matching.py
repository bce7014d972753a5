"""`manage.py evaluate_matching`: how right text to skills and the rankings of matching are. See docs/matching-quality.md.

One rule: the holdout half is run once. Its figures are kept in `matching/evaluation/recorded`, and shown from there.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.evaluation.annotated_set import read_annotated_set
from matching.evaluation.ranked_set import read_ranked_set
from matching.evaluation.recorded_figures import (
    RANKINGS_FILE,
    RECORDED_FOLDER,
    TEXTS_FILE,
    Provenance,
    Rankings,
    Readings,
    read_rankings,
    read_readings,
    write_figures,
)
from matching.evaluation.report import ablation_table, extraction_table, ranking_table
from matching.evaluation.running import OF_READING, Variant, rank_all, read_texts
from matching.reading.reader_model import reader_model
from matching.referential import load_referential
from matching.scoring import FORMULA_VERSION
from search.embeddings import embedder
from search.engines import ENGINES
from search.engines import engine as engine_named
from search.errors import SearchUnavailable
from search.evaluation.golden_files import HOLDOUT, TUNING, GoldenSetError
from skills.imports.progress import progress

Figures = TypeVar("Figures", Readings, Rankings)


class Command(BaseCommand):
    help = "Mesure la qualité de la lecture des textes et des classements (docs/matching-quality.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set", dest="name", choices=[TUNING, HOLDOUT], default=TUNING)
        parser.add_argument("--engine", choices=ENGINES, default="", help="moteur des propositions")
        parser.add_argument(
            "--whole-only", action="store_true", help="sans les variantes privées d'une partie"
        )
        parser.add_argument("--report", type=Path, help="écrit les tables (Markdown, en anglais)")
        parser.add_argument("--json", action="store_true", help="des lignes JSON")

    def handle(self, **options: Any) -> None:
        name, engine = options["name"], options["engine"]
        # What is run once is run whole.
        variants = [Variant.FULL] if options["whole_only"] and name == TUNING else list(Variant)
        try:
            if name == HOLDOUT:
                readings = self._once(
                    "Les textes", read_readings(), TEXTS_FILE, lambda: _readings(name, variants)
                )
                rankings = self._once(
                    "Les personnes et les besoins",
                    read_rankings(),
                    RANKINGS_FILE,
                    lambda: _rankings_with_index(name, variants, engine),
                )
            else:
                readings, rankings = _readings(name, variants), _rankings(name, variants, engine)
        except (GoldenSetError, SearchUnavailable, OSError, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        tables = "\n".join(_tables(readings, rankings))
        if options["report"]:
            options["report"].write_text(tables + "\n", encoding="utf-8")
        self.stdout.write("\n".join(_json_lines(name, readings, rankings)) if options["json"] else tables)

    def _once(
        self,
        what: str,
        kept: tuple[Provenance, Figures] | None,
        file: str,
        measure: Callable[[], Figures],
    ) -> Figures:
        """What is kept; measured and kept when nothing is."""
        if kept:
            self.stderr.write(
                f"{what} mis de côté ont été mesurés une fois, le {kept[0].measured_on} : voici ces chiffres."
            )
            return kept[1]
        provenance = _provenance()
        figures = measure()
        write_figures(RECORDED_FOLDER / file, provenance, figures)
        return figures


def _provenance() -> Provenance:
    """Raises ValueError when the model of meaning that reading was built for does not answer: what is run once is run whole."""
    model, encoder = reader_model(), embedder()
    if encoder is None or encoder.recipe.fingerprint != model.passages.encoder:
        raise ValueError(
            "Le modèle de langue pour lequel la lecture a été réglée n'est pas là : la mesure, qui ne se fait qu'une "
            "fois, ne serait que celle des mots."
        )
    today = timezone.localdate().isoformat()
    return Provenance(today, model.passages.encoder, FORMULA_VERSION, model.by_meaning.floor)


def _readings(half: str, variants: list[Variant]) -> Readings:
    referential, annotated = load_referential(), read_annotated_set()
    texts = annotated.half(half)
    return {
        variant.value: [
            *progress(
                read_texts(annotated, texts, variant, referential), f"lecture ({variant.value})", len(texts)
            )
        ]
        for variant in variants
        if variant in OF_READING
    }


def _rankings(half: str, variants: list[Variant], engine: str) -> Rankings:
    referential, ranked = load_referential(), read_ranked_set()
    judged = ranked.half(half)
    return {
        variant.value: [
            *progress(
                rank_all(ranked, judged, variant, referential, engine),
                f"classements ({variant.value})",
                len(judged),
            )
        ]
        for variant in variants
    }


def _rankings_with_index(half: str, variants: list[Variant], engine: str) -> Rankings:
    """Raises SearchUnavailable when no index answers, whether the engine is named or not."""
    engine_named(engine).live_recipe()
    return _rankings(half, variants, engine)


def _tables(readings: Readings, rankings: Rankings) -> list[str]:
    return [
        *extraction_table(readings[Variant.FULL.value]).compact_lines(),
        "",
        *ablation_table(readings).compact_lines(),
        "",
        *ranking_table(rankings).compact_lines(),
    ]


def _json_lines(name: str, readings: Readings, rankings: Rankings) -> Iterator[str]:
    for part, found in (("reading", readings), ("ranking", rankings)):
        for variant, figures in found.items():
            for one in figures:
                line = {"set": name, "part": part, "variant": variant, **asdict(one)}
                yield json.dumps(line, ensure_ascii=False)

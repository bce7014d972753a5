"""`manage.py evaluate_matching`: how right text to skills and the rankings of matching are. See docs/matching-quality.md.

One rule: the holdout half is run once. Its figures are kept in `matching/evaluation/recorded`, and it is not run again while
they are there.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.evaluation.annotated_set import read_annotated_set
from matching.evaluation.extraction_figures import TextFigures
from matching.evaluation.ranked_set import read_ranked_set
from matching.evaluation.ranking_figures import RankingFigures
from matching.evaluation.report import ablation_table, extraction_table, ranking_table
from matching.evaluation.running import OF_READING, Variant, rank_all, read_texts
from matching.reading.reader_model import reader_model
from matching.referential import load_referential
from matching.scoring import FORMULA_VERSION
from search.engines import ENGINES
from search.errors import SearchUnavailable
from search.evaluation.golden_files import HOLDOUT, TUNING, GoldenSetError
from skills.imports.progress import progress

RECORDED = Path(__file__).parents[2] / "evaluation" / "recorded" / "holdout.json"


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
        name = options["name"]
        if name == HOLDOUT and RECORDED.exists():
            kept = json.loads(RECORDED.read_text(encoding="utf-8"))
            if options["json"]:
                self.stdout.write(json.dumps(kept, ensure_ascii=False))
            else:
                self.stdout.write(f"Déjà mesurée, le {kept['measured_on']} :\n\n" + "\n".join(kept["tables"]))
            return
        try:
            readings, rankings = self._measure(name, options)
        except (GoldenSetError, SearchUnavailable, OSError, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        tables = self._tables(readings, rankings)
        if name == HOLDOUT:
            self._record(tables, readings, rankings)
        if options["report"]:
            options["report"].write_text("\n".join(tables) + "\n", encoding="utf-8")
        if options["json"]:
            self._write_json(name, readings, rankings)
        else:
            self.stdout.write("\n".join(tables))

    def _measure(
        self, name: str, options: dict[str, Any]
    ) -> tuple[dict[str, list[TextFigures]], dict[str, list[RankingFigures]]]:
        referential = load_referential()
        annotated, ranked = read_annotated_set(), read_ranked_set()
        texts, judged = annotated.half(name), ranked.half(name)
        variants = [Variant.FULL] if options["whole_only"] else list(Variant)
        readings = {
            variant.value: [
                *progress(
                    read_texts(annotated, texts, variant, referential),
                    f"lecture ({variant.value})",
                    len(texts),
                )
            ]
            for variant in variants
            if variant in OF_READING
        }
        rankings = {
            variant.value: [
                *progress(
                    rank_all(ranked, judged, variant, referential, options["engine"]),
                    f"classements ({variant.value})",
                    len(judged),
                )
            ]
            for variant in variants
        }
        return readings, rankings

    def _tables(
        self,
        readings: dict[str, list[TextFigures]],
        rankings: dict[str, Sequence[RankingFigures]] | dict[str, list[RankingFigures]],
    ) -> list[str]:
        return [
            *extraction_table(readings[Variant.FULL.value]).compact_lines(),
            "",
            *ablation_table(readings).compact_lines(),
            "",
            *ranking_table(rankings).compact_lines(),
        ]

    def _record(
        self,
        tables: list[str],
        readings: dict[str, list[TextFigures]],
        rankings: dict[str, list[RankingFigures]],
    ) -> None:
        RECORDED.parent.mkdir(exist_ok=True)
        kept = {
            "measured_on": timezone.localdate().isoformat(),
            "encoder": reader_model().passages.encoder,
            "formula": FORMULA_VERSION,
            "floor": reader_model().by_meaning.floor,
            "tables": tables,
            "readings": {name: [asdict(one) for one in found] for name, found in readings.items()},
            "rankings": {name: [asdict(one) for one in found] for name, found in rankings.items()},
        }
        RECORDED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def _write_json(
        self,
        name: str,
        readings: dict[str, list[TextFigures]],
        rankings: dict[str, list[RankingFigures]],
    ) -> None:
        for part, found in (("reading", readings), ("ranking", rankings)):
            for variant, figures in found.items():
                for one in figures:
                    line = {"set": name, "part": part, "variant": variant, **asdict(one)}
                    self.stdout.write(json.dumps(line, ensure_ascii=False))

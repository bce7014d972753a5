"""`manage.py evaluate_search`: how well search answers the golden set. See docs/quality.md.

One rule: the holdout half is run when `--set holdout` asks for it and no figures of it are recorded, and never otherwise.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from search.engines import ENGINES
from search.errors import SearchUnavailable
from search.evaluation import json_lines
from search.evaluation.agreement import TargetAgreement, agreement_by_target
from search.evaluation.figures import QueryFigures
from search.evaluation.golden_files import HOLDOUT, TUNING, GoldenSetError
from search.evaluation.golden_set import GOLDEN_FOLDER, read_golden_set
from search.evaluation.recorded import (
    HOLDOUT_FILE,
    RECORDED_FOLDER,
    FiguresByMode,
    Holdout,
    Provenance,
    read_holdout,
    write_baseline,
    write_holdout,
)
from search.evaluation.report import Evaluation, report
from search.evaluation.runs import indexed_codes, live_recipe, run_queries, run_wordings
from search.evaluation.tables import (
    Table,
    agreement_table,
    difference_table,
    fairness_table,
    group_table,
    overall_table,
    query_table,
    worst_table,
)
from search.evaluation.wordings import WORDINGS_FILE, WordingOverlap, read_wordings
from search.evaluation.words import FRENCH
from search.request import Mode
from skills.imports.progress import progress

FAIRNESS, ALL = "fairness", "all"
MODES = [mode.value for mode in Mode]


class Command(BaseCommand):
    help = "Mesure la qualité de la recherche sur le jeu de requêtes jugées (docs/quality.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set",
            dest="name",
            choices=[TUNING, HOLDOUT, FAIRNESS, ALL],
            default=TUNING,
            help="tuning : la moitié de réglage ; holdout : la moitié réservée, mesurée une seule fois ; fairness : "
            "l'égalité des formulations ; all : les trois, sans mesurer la moitié réservée si elle ne l'a pas été",
        )
        parser.add_argument("--mode", choices=MODES, help="un seul mode (les trois par défaut)")
        parser.add_argument("--report", type=Path, help="écrit le rapport complet (Markdown, en anglais)")
        parser.add_argument(
            "--record", action="store_true", help="tuning : enregistre les chiffres que les tests gardent"
        )
        parser.add_argument(
            "--again", action="store_true", help="holdout : refusé tant que des chiffres sont enregistrés"
        )
        parser.add_argument("--each", action="store_true", help="tuning : montre aussi chaque requête")
        parser.add_argument("--engine", choices=ENGINES, default="")
        parser.add_argument("--golden", type=Path, default=GOLDEN_FOLDER, help="dossier du jeu de requêtes")
        parser.add_argument("--wordings", type=Path, default=WORDINGS_FILE, help="fichier des formulations")
        parser.add_argument("--recorded", type=Path, default=RECORDED_FOLDER, help="chiffres enregistrés")
        parser.add_argument("--json", action="store_true", help="des lignes JSON")

    def handle(self, **options: Any) -> None:
        self.options = options
        self._refuse_what_makes_no_sense()
        try:
            self.golden = read_golden_set(options["golden"])
            self.wordings = read_wordings(options["wordings"])
        except (GoldenSetError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            self.codes = indexed_codes(options["engine"])
            self._tell_unknown_codes()
            self._evaluate()
        except (GoldenSetError, SearchUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error

    def _refuse_what_makes_no_sense(self) -> None:
        options = self.options
        if options["record"] and (options["name"] != TUNING or options["mode"]):
            raise CommandError("--record enregistre les trois modes de --set tuning.", returncode=2)
        if options["each"] and options["name"] != TUNING:
            raise CommandError(
                "--each montre les requêtes de --set tuning : c'est sur elles que l'on règle.", returncode=2
            )
        if options["report"] and options["mode"]:
            raise CommandError("Le rapport a besoin des trois modes.", returncode=2)
        path = options["recorded"] / HOLDOUT_FILE
        if options["again"] and path.exists():
            raise CommandError(
                f"La moitié réservée a été mesurée ; pour la mesurer à nouveau, supprimez {path} vous-même.",
                returncode=2,
            )

    def _tell_unknown_codes(self) -> None:
        for target, codes in self.golden.unknown_codes(self.codes).items():
            self.stderr.write(
                f"Absents de l'index ({target}), comptés comme non trouvés : {', '.join(codes)}"
            )

    def _evaluate(self) -> None:
        name, full = self.options["name"], bool(self.options["report"])
        tuning = self._tuning() if full or name in (TUNING, ALL) else None
        holdout = self._holdout(may_run=name == HOLDOUT)
        overlaps = self._overlaps() if full or name in (FAIRNESS, ALL) else None
        if name in (TUNING, ALL) and tuning is not None:
            self._show_half(TUNING, self._provenance(), tuning)
        if name in (HOLDOUT, ALL):
            self._show_holdout(holdout)
        if name in (FAIRNESS, ALL) and overlaps is not None:
            self._show_fairness(overlaps)
        if name == ALL:
            self._show_agreement(self._agreements())
        if full and tuning is not None and overlaps is not None:
            self._write_report(tuning, holdout, overlaps)

    # --- Measuring
    def _modes(self) -> list[Mode]:
        return [Mode(self.options["mode"])] if self.options["mode"] else list(Mode)

    def _run(self, half: str, modes: Iterable[Mode]) -> dict[str, list[QueryFigures]]:
        queries = self.golden.half(half)
        return {
            mode.value: list(
                progress(
                    run_queries(self.golden, queries, mode, self.options["engine"]),
                    f"recherche {FRENCH[mode.value]}",
                    len(queries),
                )
            )
            for mode in modes
        }

    def _tuning(self) -> FiguresByMode:
        figures = self._run(TUNING, self._modes())
        if self.options["record"]:
            write_baseline(self.options["recorded"], self._provenance(), figures)
            self.stderr.write("Chiffres de la moitié de réglage enregistrés.")
        return figures

    def _holdout(self, *, may_run: bool) -> Holdout | None:
        """The figures recorded; without any, those of the one run, which are recorded."""
        recorded = read_holdout(self.options["recorded"])
        if recorded is not None or not may_run:
            return recorded
        holdout = Holdout(self._provenance(), self._run(HOLDOUT, Mode))
        write_holdout(self.options["recorded"], holdout)
        self.stderr.write("Chiffres de la moitié réservée enregistrés : ils ne seront plus mesurés.")
        return holdout

    def _overlaps(self) -> list[WordingOverlap]:
        mode = Mode(self.options["mode"] or Mode.HYBRID)
        answers = run_wordings(self.wordings, mode, self.options["engine"])
        return list(progress(answers, "formulations", len(self.wordings)))

    def _agreements(self) -> list[TargetAgreement]:
        return agreement_by_target(self.golden, {target: len(codes) for target, codes in self.codes.items()})

    def _provenance(self) -> Provenance:
        today = timezone.localdate().isoformat()
        return Provenance(today, self.golden.digest, live_recipe(self.options["engine"]))

    # --- Showing
    def _show_half(self, name: str, provenance: Provenance, figures: FiguresByMode) -> None:
        if self.options["json"]:
            self._lines(
                [json_lines.provenance_line(name, provenance), *json_lines.figure_lines(name, figures)]
            )
            if self.options["each"]:
                self._lines(json_lines.query_lines(name, figures))
            return
        recipe = provenance.recipe
        model = f"{recipe.model} ({recipe.fingerprint})" if recipe.model else "aucun"
        self.stdout.write(
            f"Modèle : {model} ; moteur : {recipe.engine} ; documents : version {recipe.documents}"
        )
        self._table("Ensemble", overall_table(figures, FRENCH))
        self._table("Différences entre modes", difference_table(figures, FRENCH))
        for dimension in ("kind", "lang", "target"):
            self._table(f"Par {FRENCH[dimension]}", group_table(figures, dimension, FRENCH))
        if self.options["each"]:
            self._table("Chaque requête", query_table(figures, FRENCH))

    def _show_holdout(self, holdout: Holdout | None) -> None:
        if holdout is None:
            self.stderr.write("La moitié réservée n'a pas encore été mesurée (--set holdout).")
            return
        provenance = holdout.provenance
        self.stderr.write(
            f"Moitié réservée : chiffres du {provenance.recorded_on}, "
            f"modèle {provenance.recipe.model or 'aucun'} ({provenance.recipe.fingerprint or 'sans empreinte'})."
        )
        if provenance.golden != self.golden.digest:
            self.stderr.write("Le jeu de requêtes a changé depuis.")
        modes = [mode.value for mode in self._modes()]
        shown = {mode: figures for mode, figures in holdout.figures.items() if mode in modes}
        self._show_half(HOLDOUT, provenance, shown)

    def _show_fairness(self, overlaps: Sequence[WordingOverlap]) -> None:
        if self.options["json"]:
            self._lines(json_lines.fairness_lines(self.options["mode"] or Mode.HYBRID.value, overlaps))
            return
        self._table(
            "Égalité des formulations (recouvrement des dix premiers)", fairness_table(overlaps, FRENCH)
        )
        self._table("Les plus différentes", worst_table(overlaps, FRENCH))

    def _show_agreement(self, agreements: Sequence[TargetAgreement]) -> None:
        if self.options["json"]:
            self._lines(json_lines.agreement_lines(agreements))
        else:
            self._table("Accord des juges", agreement_table(agreements, FRENCH))

    def _table(self, title: str, table: Table | None) -> None:
        if table is not None:
            self.stdout.write("\n".join(["", f"{title} :", *table.lines()]))

    def _lines(self, lines: Iterable[Mapping[str, Any]]) -> None:
        for line in lines:
            self.stdout.write(json.dumps(line, ensure_ascii=False))

    def _write_report(
        self, tuning: FiguresByMode, holdout: Holdout | None, overlaps: Sequence[WordingOverlap]
    ) -> None:
        path = self.options["report"]
        content = Evaluation(
            self.golden,
            live_recipe(self.options["engine"]),
            tuning,
            holdout,
            overlaps,
            self._agreements(),
            self.golden.unknown_codes(self.codes),
        )
        path.write_text(report(content), encoding="utf-8")
        self.stderr.write(f"{path} écrit.")

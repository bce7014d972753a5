"""From an empty database to everything in OPEN_DATA_DIR, with a summary; without `--apply`, show what would change."""

import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from cms.open_data import default_folder, files_left_out, open_data_steps
from cms.steps import Step, StepResult, run_steps

# Heading of the table → what a step counts.
COLUMNS = {
    "ajouts": "added",
    "modifs": "changed",
    "retraits": "removed",
    "inchangés": "unchanged",
    "rejets": "rejected_count",
    "avert.": "warnings",
    "s": "seconds",
}


class Command(BaseCommand):
    help = "Charge toutes les données ouvertes du dossier ; relancée, elle ne change rien ; arrêtée en route, elle reprend."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=default_folder(),
            help="dossier (par défaut : OPEN_DATA_DIR)",
        )
        parser.add_argument(
            "--apply", action="store_true", help="charge ; sans cette option, montre ce qui changerait"
        )
        parser.add_argument("--json", action="store_true", help="un objet JSON par étape")

    def handle(self, *, folder: Path | None, apply: bool, **options: object) -> None:
        if folder is None:
            raise CommandError("Donnez le dossier des données ouvertes, ou OPEN_DATA_DIR.", returncode=2)
        if not folder.is_dir():
            raise CommandError(f"{folder} : ce dossier n'existe pas.", returncode=2)
        started = time.monotonic()
        self._prepare(apply=apply)
        steps = open_data_steps(folder)
        results = self._run(steps, apply=apply)
        if options["json"]:
            self._show_json(steps, results)
        else:
            self._show_table(steps, results)
            self._show_left_out(folder)
        self._conclude(results, time.monotonic() - started, apply=apply)
        if any(result.rejected_count for result in results):
            sys.exit(1)

    def _prepare(self, *, apply: bool) -> None:
        """An empty database gets its tables, and one whose creation was cut short the rest of them; a dry run creates none."""
        if apply:
            self.stderr.write("Base de données…")
            call_command("migrate", verbosity=0)
            return
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "La base est vide ou en retard : lancez « manage.py migrate », ou donnez --apply.",
                returncode=2,
            )

    def _run(self, steps: Sequence[Step], *, apply: bool) -> list[StepResult]:
        if apply:
            return run_steps(steps, self.stderr)  # each step in its own transaction
        with transaction.atomic():
            # Later steps read what earlier ones wrote: everything is loaded, counted, and undone.
            results = run_steps(steps, self.stderr)
            transaction.set_rollback(True)
        return results

    def _show_table(self, steps: Sequence[Step], results: Sequence[StepResult]) -> None:
        width = max(len(step.label) for step in steps)
        self.stdout.write(" ".join([f"{'étape':<{width}}", *(f"{name:>9}" for name in COLUMNS)]))
        for step, result in zip(steps, results, strict=True):
            self.stdout.write(_line(step.label, width, result))
        self.stdout.write(_line("total", width, _total(results)))

    def _show_left_out(self, folder: Path) -> None:
        left_out = files_left_out(folder)
        if left_out:
            self.stdout.write("\nFichiers que rien ne charge :")
            for name, reason in left_out.items():
                self.stdout.write(f"  {name} : {reason}")

    def _show_json(self, steps: Sequence[Step], results: Sequence[StepResult]) -> None:
        for step, result in zip(steps, results, strict=True):
            self.stdout.write(json.dumps({"step": step.label, **_counts(result)}, ensure_ascii=False))

    def _conclude(self, results: Sequence[StepResult], seconds: float, *, apply: bool) -> None:
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        differences = sum(result.differences for result in results)
        done = f"{differences} changements" if differences else "rien n'a changé"
        self.stderr.write(f"{done} en {seconds:.0f} s, {peak_mb} Mo au plus.")
        if not apply:
            self.stderr.write("Essai à blanc : rien n'a été chargé. Ajoutez --apply pour charger.")
        elif differences and settings.EMBEDDING_MODEL:
            self.stderr.write("Pour trouver les intitulés par le sens : manage.py build_title_index.")


def _line(label: str, width: int, result: StepResult) -> str:
    numbers = (round(getattr(result, name), 1) for name in COLUMNS.values())
    return " ".join([f"{label:<{width}}", *(f"{number:>9}" for number in numbers)])


def _counts(result: StepResult) -> dict[str, object]:
    return {
        "added": result.added,
        "changed": result.changed,
        "removed": result.removed,
        "unchanged": result.unchanged,
        "rejected": result.rejected_count,
        "warned": result.warnings,
        "warnings": result.warned,
        "kept_corrections": result.kept_corrections,
        "by_kind": result.by_kind,
        "seconds": round(result.seconds, 1),
    }


def _total(results: Sequence[StepResult]) -> StepResult:
    return StepResult(**{name: sum(getattr(result, name) for result in results) for name in COLUMNS.values()})

"""`manage.py build_model --out FOLDER`: trains the product's embedding model, from packages and open data to a model folder."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.model_building.build import BuildReport, ModelBuild, Sources
from search.model_building.checkpoints import OtherPlan
from search.model_building.recipe import TrainingRecipe
from skills.imports.progress import progress


class Command(BaseCommand):
    help = "Entraîne le modèle de sens du produit. Arrêtée, la construction reprend où elle en était."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="dossier du modèle à écrire")
        parser.add_argument("--work", type=Path, help="dossier de travail (par défaut : OUT.work)")
        parser.add_argument("--seed", type=int, default=TrainingRecipe.seed)
        parser.add_argument("--steps", type=int, default=TrainingRecipe.steps)
        parser.add_argument("--json", action="store_true", help="le compte rendu sur une ligne")

    def handle(self, **options: Any) -> None:
        out: Path = options["out"]
        if out.exists():
            raise CommandError(f"{out} existe déjà : donnez un autre dossier.", returncode=2)
        if not settings.OPEN_DATA_DIR:
            raise CommandError("OPEN_DATA_DIR doit nommer le dossier des données ouvertes.", returncode=2)
        sources = Sources(
            Path(settings.OPEN_DATA_DIR),
            Path(settings.REFERENTIAL_DIR),
            settings.BASE_DIR / "jobs" / "profiles",
        )
        recipe = replace(TrainingRecipe(), seed=options["seed"], steps=options["steps"])
        work = options["work"] or out.with_name(out.name + ".work")
        try:
            report = ModelBuild(sources, work, out, recipe, _progress).run()
        except ImportError as error:
            raise CommandError(
                "L'option « ml » n'est pas installée : pip install -e '.[ml]'.", returncode=2
            ) from error
        except (OSError, OtherPlan, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            json.dumps(asdict(report), ensure_ascii=False) if options["json"] else _table(report)
        )


def _progress(steps: range, label: str) -> Iterable[int]:
    return progress(steps, label, total=len(steps))


def _table(report: BuildReport) -> str:
    lines = [
        f"{report.texts} textes : " + ", ".join(f"{n} {source}" for source, n in report.concepts.items())
    ]
    lines += [f"{stage:<18} {seconds:8.1f} s" for stage, seconds in report.seconds.items()]
    tenth = max(1, len(report.losses) // 10)
    means = [
        sum(part) / len(part)
        for at in range(0, len(report.losses), tenth)
        if (part := report.losses[at : at + tenth])
    ]
    lines.append("perte, par dixième : " + " ".join(f"{mean:.3f}" for mean in means))
    lines.append(f"{report.parameters / 1e6:.1f} millions de paramètres")
    return "\n".join(lines)

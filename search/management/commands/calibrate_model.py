"""`manage.py calibrate_model`: which probability of a true match each cosine of the model has, by kind of object."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.calibration import FILE, write_calibrations
from search.errors import EmbeddingUnavailable, SearchUnavailable
from search.evaluation.calibrating import Fit, fit, judged_neighbours
from search.evaluation.golden_set import GOLDEN_FOLDER, read_golden_set
from search.request import PUBLIC_KINDS


class Command(BaseCommand):
    help = "Règle les probabilités du modèle sur la moitié de réglage du jeu d'évaluation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"écrit {FILE} dans le dossier du modèle")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        folder = Path(settings.EMBEDDING_MODEL)
        golden = read_golden_set(GOLDEN_FOLDER)
        try:
            fits = {kind.value: fit(judged_neighbours(golden, kind)) for kind in PUBLIC_KINDS}
        except (SearchUnavailable, EmbeddingUnavailable, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        for kind, one in fits.items():
            self.stdout.write(
                json.dumps({"kind": kind, **asdict(one)}) if options["json"] else _line(kind, one)
            )
        if options["write"]:
            if not folder.is_dir():
                raise CommandError(
                    "Seul le dossier d'un modèle peut recevoir ses probabilités.", returncode=2
                )
            pairs = {kind: {"pairs": one.pairs, "relevant": one.relevant} for kind, one in fits.items()}
            write_calibrations(
                folder, {kind: one.curve for kind, one in fits.items()}, {"golden": golden.digest, **pairs}
            )


def _line(kind: str, one: Fit) -> str:
    cosines = ", ".join(
        f"{share:.0%} : {one.curve.similarity_at(share):.3f}" for share in (0.1, 0.2, 0.5, 0.8)
    )
    return (
        f"{kind:<10} {one.relevant} pertinents sur {one.pairs} ; cosinus par probabilité : {cosines} ; "
        f"Brier {one.brier:.4f} (moyenne seule : {one.brier_of_mean:.4f})"
    )

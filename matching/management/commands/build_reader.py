"""`manage.py build_reader`: trains again the model that reads passages, and chooses its floors on the tuning texts."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.reader_building.building import build_reader
from matching.reading.passage_model import Floats
from matching.reading.reader_model import FOLDER, write_reader_model
from matching.referential import load_referential
from search.embeddings import embedder
from search.evaluation.golden_files import GoldenSetError
from skills.imports.progress import progress

BATCH = 256


class Command(BaseCommand):
    help = "Réapprend à lire les passages, d'après les façons de dire et les textes annotés."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=FOLDER, help="dossier du modèle")
        parser.add_argument(
            "--vectors", type=Path, help="fichier .npz où garder les vecteurs d'une fois à l'autre"
        )
        parser.add_argument("--json", action="store_true", help="une ligne JSON")

    def handle(self, **options: Any) -> None:
        model = embedder()
        if model is None:
            raise CommandError(
                "Il faut un modèle de langue : EMBEDDING_MODEL, et l'option « ml » installée.", returncode=2
            )
        vectors = _Vectors(options["vectors"])
        try:
            built = build_reader(
                load_referential(),
                model.recipe.fingerprint,
                vectors.encode,
                lambda parts: iter(progress(parts, "apprentissage", len(parts))),
            )
        except (GoldenSetError, ValueError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        vectors.keep()
        write_reader_model(options["out"], built.passages, built.company, built.said)
        figures = {
            name: {
                "floor": one.floor,
                "precision": one.precision,
                "recall": one.recall,
                "false_answers": one.false_answers,
            }
            for name, one in built.floors.items()
        }
        if options["json"]:
            self.stdout.write(json.dumps({"out": str(options["out"]), "tuning": figures}))
            return
        for name, one in figures.items():
            self.stdout.write(
                f"{name} : seuil {one['floor']:.3f}, précision {one['precision']:.3f}, rappel {one['recall']:.3f}, "
                f"fausses réponses {one['false_answers']:.1%}"
            )


class _Vectors:
    """Each text is encoded once; `path`, when given, keeps the vectors for the next time."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Floats] = {}
        if path is not None and path.exists():
            with np.load(path) as stored:
                texts = str(stored["texts"]).split("\x00")
                self._known = dict(zip(texts, stored["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Floats:
        missing = sorted({text for text in texts if text not in self._known}, key=len)
        model = embedder()
        if missing and model is not None:
            starts = range(0, len(missing), BATCH)
            for start in progress(starts, "vecteurs", len(starts)) if len(starts) > 4 else starts:
                batch = missing[start : start + BATCH]
                self._known.update(zip(batch, model.encode(batch), strict=True))
        return np.stack([self._known[text] for text in texts])

    def keep(self) -> None:
        if self._path is not None:
            texts = np.array("\x00".join(self._known))
            np.savez(self._path, texts=texts, vectors=np.stack(list(self._known.values())))

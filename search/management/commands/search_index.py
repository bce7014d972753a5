"""`manage.py search_index ACTION`: the life of the index. See docs/search.md."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import outbox
from search.clauses import EngineRequest
from search.documents.sources import SOURCES
from search.engines import ENGINES, engine
from search.engines.base import Engine, GenerationInfo
from search.errors import (
    EmbeddingUnavailable,
    IndexBusy,
    SearchUnavailable,
    UnknownGeneration,
    VerificationFailed,
)
from search.indexing import backfill, find_generation, promote, verify
from search.models import OutboxEntry
from search.recipe import current_recipe
from search.request import Kind
from skills.imports.progress import progress

ACTIONS = {
    "rebuild": "create, backfill, verify, promote et prune d'un seul coup",
    "create": "ouvre une génération vide",
    "backfill": "la remplit depuis la base",
    "verify": "la compare à la base",
    "promote": "la met en service",
    "rollback": "revient à la génération précédente",
    "prune": "supprime les générations qui ne servent plus",
    "status": "montre les générations et les changements en attente",
    "sync": "rejoue tous les changements en attente, même abandonnés",
}
CONDITIONS = (EmbeddingUnavailable, IndexBusy, SearchUnavailable, UnknownGeneration, VerificationFailed)


class Command(BaseCommand):
    help = "Construit et entretient l'index de recherche : " + " ; ".join(
        f"{a} : {h}" for a, h in ACTIONS.items()
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=list(ACTIONS))
        parser.add_argument("--generation", default="", help="celle qui convient le mieux par défaut")
        parser.add_argument("--engine", choices=ENGINES, default="")
        parser.add_argument(
            "--if-needed", action="store_true", help="rebuild : seulement si l'index n'est pas à jour"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, action: str, generation: str, **options: Any) -> None:
        chosen = engine(options["engine"])
        try:
            getattr(self, f"_{action}")(chosen, generation, options)
        except CONDITIONS as error:
            raise CommandError(str(error), returncode=2) from error

    def _rebuild(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        if options["if_needed"] and self._is_up_to_date(chosen):
            self.stdout.write("L'index est à jour : rien à faire.")
            return
        with chosen.rebuild_lock():
            chosen.prune()  # what an interrupted rebuild left behind
            info = find_generation(chosen, chosen.create(current_recipe(chosen)))
            self._fill(chosen, info)
            outbox.drain()
            promote(chosen, info)
        chosen.prune()
        self.stdout.write(f"{info.name} est en service.")

    def _is_up_to_date(self, chosen: Engine) -> bool:
        try:
            checks = verify(chosen, find_generation(chosen, states=["live"]))
            for kind in Kind:
                chosen.retrieve(kind, EngineRequest())  # right on disk, and it answers
        except (SearchUnavailable, UnknownGeneration, VerificationFailed):
            return False
        return all(check.is_right for check in checks)

    def _create(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        with chosen.rebuild_lock():
            chosen.prune()  # at most one generation is being built
            self.stdout.write(chosen.create(current_recipe(chosen)))

    def _backfill(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        with chosen.rebuild_lock():
            self._fill(chosen, find_generation(chosen, generation, ["building"]))

    def _fill(self, chosen: Engine, info: GenerationInfo) -> None:
        for kind in Kind:
            codes = list(SOURCES[kind].codes())
            written = sum(progress(backfill(chosen, info, kind, codes), f"index {kind.value}"))
            self.stdout.write(f"{kind.value} : {written} documents sur {len(codes)}")

    def _verify(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        info = find_generation(chosen, generation, ["building", "ready", "live"])
        checks = verify(chosen, info)
        for check in checks:
            self.stdout.write(
                f"{check.kind.value} : {check.indexed} documents pour {check.expected} attendus ; "
                f"{len(check.missing)} manquants, {len(check.extra)} en trop, {len(check.stale)} périmés"
            )
        if not all(check.is_right for check in checks):
            sys.exit(1)

    def _promote(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        info = find_generation(chosen, generation, ["building", "ready"])
        promote(chosen, info)
        self.stdout.write(f"{info.name} est en service.")

    def _rollback(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        self.stdout.write(f"{chosen.rollback()} est de nouveau en service.")

    def _prune(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        with chosen.rebuild_lock():
            pruned = chosen.prune()
        self.stdout.write(f"{len(pruned)} génération(s) supprimée(s).")

    def _sync(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        outbox.revive_dead()
        report = outbox.drain()
        self.stdout.write(f"{report.applied} changements appliqués, {report.failed} en échec.")
        if report.failed:
            sys.exit(1)

    def _status(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        oldest = OutboxEntry.objects.order_by("created_at").values_list("created_at", flat=True).first()
        status = {
            "engine": chosen.name,
            "generations": [
                {
                    "name": i.name,
                    "state": i.state,
                    "created_at": i.created_at,
                    "counts": self._counts(chosen, i),
                    "recipe": i.recipe,
                }
                for i in chosen.generations()
            ],
            "pending": OutboxEntry.objects.filter(is_dead=False).count(),
            "dead": OutboxEntry.objects.dead().count(),
            "oldest_pending": oldest.isoformat() if oldest else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(status, ensure_ascii=False))
            return
        self._show_status(status)

    def _counts(self, chosen: Engine, info: GenerationInfo) -> dict[str, int]:
        """Documents by kind; empty for a generation that cannot be read."""
        try:
            return {kind.value: len(chosen.digests(info.name, kind)) for kind in Kind}
        except SearchUnavailable:
            return {}

    def _show_status(self, status: dict[str, Any]) -> None:
        if not status["generations"]:
            self.stdout.write("Aucune génération : lancez « manage.py search_index rebuild ».")
        for info in status["generations"]:
            counts = ", ".join(f"{kind} {count}" for kind, count in info["counts"].items())
            embedding = info["recipe"].get("embedding")
            model = embedding["model"] if embedding else "sans modèle"
            self.stdout.write(f"{info['name']}  {info['state']:<9}  {counts}  ({model})")
        self.stdout.write(f"Changements en attente : {status['pending']} ; abandonnés : {status['dead']}.")

"""`manage.py search_index ACTION`: the life of the index. See docs/search.md."""

import json
import sys
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import outbox
from search.clauses import EngineRequest
from search.documents.sources import SOURCES
from search.engines import ENGINES, engine
from search.engines.base import Engine, GenerationInfo
from search.errors import (
    DocumentsRejected,
    EmbeddingUnavailable,
    IndexBusy,
    SearchUnavailable,
    UnknownGeneration,
    VerificationFailed,
)
from search.failover import STANDBY
from search.index_status import EngineStatus, engine_status, outbox_status
from search.indexing import CHUNK, backfill, find_generation, find_interrupted, promote, verify
from search.recipe import current_recipe
from search.request import Kind
from skills.imports.progress import progress

ACTIONS = {
    "rebuild": "create, backfill, verify, promote et prune d'un seul coup ; reprend là où il fut interrompu",
    "create": "ouvre une génération vide",
    "backfill": "la remplit depuis la base",
    "verify": "la compare à la base",
    "promote": "la met en service",
    "rollback": "revient à la génération précédente",
    "prune": "supprime les générations qui ne servent plus",
    "status": "montre les générations et les changements en attente",
    "sync": "rejoue tous les changements en attente, même abandonnés",
}
CONDITIONS = (
    DocumentsRejected,
    EmbeddingUnavailable,
    IndexBusy,
    SearchUnavailable,
    UnknownGeneration,
    VerificationFailed,
)


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
        parser.add_argument(
            "--full",
            action="store_true",
            help="verify, rebuild --if-needed : compare chaque document à la base, non un échantillon",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, action: str, generation: str, **options: Any) -> None:
        try:
            if action == "status":
                self._status(options)
            else:
                getattr(self, f"_{action}")(engine(options["engine"]), generation, options)
        except CONDITIONS as error:
            raise CommandError(str(error), returncode=2) from error

    def _rebuild(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        if options["if_needed"] and self._is_up_to_date(chosen, options["full"]):
            self.stdout.write("L'index est à jour : rien à faire.")
            return
        with chosen.rebuild_lock():
            info = self._to_fill(chosen)
            self._fill(chosen, info)
            if chosen.name not in outbox.engines_in_use():
                self._fill(chosen, info)  # no worker brings it what changed meanwhile
            waiting = outbox.catch_up(chosen, info)
            promote(chosen, info)
            outbox.mark_held(chosen.name, waiting)
        chosen.prune()
        self.stdout.write(f"{info.name} est en service.")

    def _to_fill(self, chosen: Engine) -> GenerationInfo:
        """The generation that an interrupted rebuild left, or a new one."""
        if info := find_interrupted(chosen):
            self.stdout.write(f"Reprise de {info.name} : ce qui y est déjà ne sera pas refait.")
            return info
        chosen.prune()  # at most one generation is being built
        return find_generation(chosen, chosen.create(current_recipe(chosen)))

    def _is_up_to_date(self, chosen: Engine, full: bool) -> bool:
        try:
            checks = verify(chosen, find_generation(chosen, states=["live"]), full)
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
            chunks = progress(
                backfill(chosen, info, kind, codes), f"index {kind.value}", ceil(len(codes) / CHUNK)
            )
            written = sum(chunks)
            kept = f" ({len(codes) - written} y étaient déjà)" if written < len(codes) else ""
            self.stdout.write(f"{kind.value} : {written} documents sur {len(codes)}{kept}")

    def _verify(self, chosen: Engine, generation: str, options: dict[str, Any]) -> None:
        info = find_generation(chosen, generation, ["building", "ready", "live"])
        checks = verify(chosen, info, options["full"])
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
            for reason in report.reasons:
                self.stderr.write(reason)
            sys.exit(1)

    def _status(self, options: dict[str, Any]) -> None:
        name = options["engine"] or settings.SEARCH_ENGINE
        status = engine_status(name)
        beside = engine_status(STANDBY) if name != STANDBY else None
        changes = outbox_status()
        if options["json"]:
            shown = {**status.as_dict(), **changes, "standby": beside.as_dict() if beside else None}
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            self._show_engine(status)
            if beside:
                self._show_engine(beside, " (index de secours)")
            self._show_outbox(changes)
        if status.error:
            raise CommandError(f"{type(status.error).__name__} : {status.error}", returncode=2)

    def _show_engine(self, status: EngineStatus, role: str = "") -> None:
        self.stdout.write(f"Moteur {status.engine}{role}")
        if status.error:
            self.stdout.write(f"  en panne : {type(status.error).__name__} : {status.error}")
        elif not status.generations:
            wanted = f"manage.py search_index rebuild --engine {status.engine}"
            self.stdout.write(f"  Aucune génération : lancez « {wanted} ».")
        for info in status.generations:
            counts = ", ".join(f"{kind} {count}" for kind, count in info["counts"].items()) or "illisible"
            self.stdout.write(f"  {info['name']}  {info['state']:<9}  {info['created_at']}  {counts}")
            self.stdout.write(f"    {_recipe_words(info['recipe'])}")

    def _show_outbox(self, changes: dict[str, Any]) -> None:
        self.stdout.write(f"Changements en attente : {changes['pending']} ; abandonnés : {changes['dead']}.")
        if changes["pending"]:
            self.stdout.write(
                f"  Le plus ancien attend depuis {changes['lag_seconds']} s ({changes['oldest_pending']})."
            )
        for failure in changes["failures"]:
            state = "abandonné" if failure["is_dead"] else "sera réessayé"
            self.stdout.write(
                f"  {failure['kind']} {failure['code']} : {state}, {failure['attempts']} essais : {failure['last_error']}"
            )


def _recipe_words(recipe: Mapping[str, Any]) -> str:
    """What a generation was built with, on one line."""
    embedding = recipe.get("embedding")
    model = f"{embedding['model']} ({embedding['fingerprint']})" if embedding else "sans modèle"
    analysis = json.dumps(recipe.get("analysis"), ensure_ascii=False, sort_keys=True)
    return f"modèle : {model} ; documents : version {recipe.get('documents', '?')} ; analyse : {analysis}"

"""The embedded engine: generations as folders, one live at a time.

`live.json` names the live and the previous generation and is replaced in one atomic step: promotion and rollback are that step.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from search.clauses import Card, EngineAnswer, EngineRequest, ParsedQuery
from search.engines.base import GenerationInfo, Neighbour, VectorisedDocument, Vectors
from search.engines.embedded.kind_index import KindReader, KindWriter
from search.engines.embedded.segments import SegmentStore, replace_json
from search.errors import IndexBusy, SearchUnavailable, UnknownGeneration
from search.request import Kind

WRITE_LOCK_SECONDS = 60


class EmbeddedEngine:
    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._readers: dict[tuple[str, Kind], KindReader] = {}

    # --- Reading

    def retrieve(self, kind: Kind, request: EngineRequest) -> EngineAnswer:
        return self._reader(kind).answer(request)

    def cards(self, kind: Kind, codes: Sequence[str], query: ParsedQuery, language: str) -> dict[str, Card]:
        return self._reader(kind).cards(codes, query, language)

    def neighbours(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[Neighbour]]:
        return self._reader(kind).nearest(vectors, limit)

    def live_recipe(self) -> Mapping[str, Any]:
        return self._description(self._live_name())["recipe"]

    def _live_name(self) -> str:
        live = self._pointer()["live"]
        if not live:
            raise SearchUnavailable(
                "L'index de recherche n'est pas construit : lancez « manage.py search_index rebuild »."
            )
        return live

    def _reader(self, kind: Kind) -> KindReader:
        name = self._live_name()
        folder = self._kind_folder(name, kind)
        reader = self._readers.get((name, kind))
        try:
            if reader is None or reader.signature != SegmentStore(folder).signature():
                reader = KindReader(folder)
                self._readers = {key: r for key, r in self._readers.items() if key[0] == name} | {
                    (name, kind): reader
                }
        except (OSError, ValueError) as error:
            raise SearchUnavailable(f"L'index {name} est illisible ({error}) : reconstruisez-le.") from error
        return reader

    # --- Generations

    def generations(self) -> list[GenerationInfo]:
        return [
            self._info(folder.name) for folder in sorted(self.folder.glob("generation-*")) if folder.is_dir()
        ]

    def _info(self, name: str) -> GenerationInfo:
        description, pointer = self._description(name), self._pointer()
        state = next((role for role in ("live", "previous") if pointer[role] == name), description["state"])
        counts = {kind.value: len(self.digests(name, kind)) for kind in Kind}
        return GenerationInfo(name, state, description["created_at"], description["recipe"], counts)

    def create(self, recipe: Mapping[str, Any]) -> str:
        now = dt.datetime.now(dt.UTC)
        name = f"generation-{now:%Y%m%d-%H%M%S-%f}"
        self._describe(
            name, {"state": "building", "created_at": now.isoformat(timespec="seconds"), "recipe": recipe}
        )
        for kind in Kind:
            KindWriter(self._kind_folder(name, kind)).write([], [])
        return name

    def write(
        self,
        generation: str,
        kind: Kind,
        documents: Iterable[VectorisedDocument],
        removed: Iterable[str] = (),
    ) -> int:
        self._require(generation)
        return KindWriter(self._kind_folder(generation, kind)).write(documents, removed)

    def digests(self, generation: str, kind: Kind) -> dict[str, str]:
        return KindWriter(self._kind_folder(generation, kind)).digests()

    def mark_ready(self, generation: str) -> None:
        self._describe(generation, {**self._description(generation), "state": "ready"})

    def promote(self, generation: str) -> None:
        self._require(generation)
        live = self._pointer()["live"]
        if live != generation:
            replace_json(self.folder / "live.json", {"live": generation, "previous": live})

    def rollback(self) -> str:
        pointer = self._pointer()
        previous = pointer["previous"]
        if not previous or not (self.folder / previous).is_dir():
            raise UnknownGeneration("Aucune génération précédente vers laquelle revenir.")
        replace_json(self.folder / "live.json", {"live": previous, "previous": pointer["live"]})
        return previous

    def prune(self) -> list[str]:
        """Delete every generation but the live and the previous one."""
        pointer = self._pointer()
        doomed = [info.name for info in self.generations() if info.name not in pointer.values()]
        for name in doomed:
            shutil.rmtree(self.folder / name)
        return doomed

    # --- Locks

    @contextmanager
    def rebuild_lock(self) -> Iterator[None]:
        """Held for a whole rebuild; a second one refuses at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "rebuild.lock", timeout=0):
                yield
        except Timeout as error:
            raise IndexBusy(
                "Une reconstruction de l'index est déjà en cours : attendez qu'elle finisse."
            ) from error

    @contextmanager
    def write_lock(self, generation: str) -> Iterator[None]:
        """Held from reading the database to writing the index, so that an older reading never overwrites a newer one."""
        self._require(generation)
        try:
            with FileLock(self.folder / generation / "write.lock", timeout=WRITE_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise IndexBusy(f"L'index {generation} est resté verrouillé {WRITE_LOCK_SECONDS} s.") from error

    # --- Files

    def _kind_folder(self, generation: str, kind: Kind) -> Path:
        return self.folder / generation / kind.value

    def _pointer(self) -> dict[str, str]:
        try:
            return json.loads((self.folder / "live.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"live": "", "previous": ""}

    def _require(self, generation: str) -> None:
        if not (self.folder / generation / "generation.json").is_file():
            raise UnknownGeneration(f"Aucune génération « {generation} » dans {self.folder}.")

    def _description(self, generation: str) -> dict[str, Any]:
        try:
            return json.loads((self.folder / generation / "generation.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise SearchUnavailable(
                f"La génération « {generation} » a disparu : reconstruisez l'index."
            ) from error

    def _describe(self, generation: str, description: Mapping[str, Any]) -> None:
        replace_json(self.folder / generation / "generation.json", description)

"""The embedded engine: generations as folders, one live at a time.

`live.json` names the live and the previous generation and is replaced in one atomic step: promotion and rollback are that step.
"""

import datetime as dt
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from filelock import FileLock, Timeout

from search.clauses import Card, EngineAnswer, EngineRequest, ParsedQuery, Sort
from search.engines.base import GenerationInfo, Neighbour, VectorisedDocument, Vectors
from search.engines.embedded import text
from search.engines.embedded.kind_index import KindReader, KindWriter
from search.engines.embedded.segments import SegmentStore, replace_json
from search.errors import IndexBusy, SearchUnavailable, UnknownGeneration
from search.names import TypedName
from search.request import Kind

WRITE_LOCK_SECONDS = 60
# What reading a damaged file of the index raises.
DAMAGE = (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, BadZipFile)


class EmbeddedEngine:
    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._readers: dict[tuple[str, Kind], KindReader] = {}

    # --- Reading

    def retrieve(self, kind: Kind, request: EngineRequest) -> EngineAnswer:
        with self._reading():
            return self._reader(kind).answer(request)

    def tail(
        self, kind: Kind, request: EngineRequest, shown: Collection[str], skip: int, limit: int
    ) -> list[str]:
        with self._reading():
            return self._reader(kind).tail(request, shown, skip, limit)

    def sorted_page(
        self,
        kind: Kind,
        request: EngineRequest,
        neighbours: Collection[str],
        sort: Sort,
        offset: int,
        limit: int,
    ) -> list[str]:
        with self._reading():
            return self._reader(kind).sorted_page(request, neighbours, sort, offset, limit)

    def harvest(self, kind: Kind, request: EngineRequest, neighbours: Collection[str]) -> Iterator[str]:
        with self._reading():
            yield from self._reader(kind).harvest(request, neighbours)

    def cards(self, kind: Kind, codes: Sequence[str], query: ParsedQuery, language: str) -> dict[str, Card]:
        with self._reading():
            return self._reader(kind).cards(codes, query, language)

    def neighbours(self, kind: Kind, vectors: Vectors, limit: int) -> list[list[Neighbour]]:
        with self._reading():
            return self._reader(kind).nearest(vectors, limit)

    def suggest(self, kind: Kind, text: str, limit: int, today: int) -> list[Card]:
        typed = TypedName.of(text)
        with self._reading():
            return self._reader(kind).suggest(typed, limit, today) if typed else []

    def live_recipe(self) -> Mapping[str, Any]:
        return self._description(self._live_name())["recipe"]

    def analysis(self) -> Mapping[str, Any]:
        return text.recipe()

    def _live_name(self) -> str:
        live = self._pointer()["live"]
        if not live:
            raise SearchUnavailable(
                "L'index de recherche n'est pas construit : lancez « manage.py search_index rebuild »."
            )
        return live

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Files that open may still be wrong inside: words of rows that the documents do not have, cut blocks."""
        try:
            yield
        except (OSError, ValueError, IndexError) as error:
            raise _damaged(self._live_name(), error) from error

    def _reader(self, kind: Kind) -> KindReader:
        name = self._live_name()
        folder = self._kind_folder(name, kind)
        reader = self._readers.get((name, kind))
        try:
            if reader is None or reader.signature != SegmentStore(folder).signature():
                reader = _open(folder, reader)
                self._readers = {key: r for key, r in self._readers.items() if key[0] == name} | {
                    (name, kind): reader
                }
        except DAMAGE as error:
            raise _damaged(name, error) from error
        return reader

    # --- Generations

    def generations(self) -> list[GenerationInfo]:
        return [
            self._info(folder.name) for folder in sorted(self.folder.glob("generation-*")) if folder.is_dir()
        ]

    def _info(self, name: str) -> GenerationInfo:
        """A generation that cannot be read keeps its role, without recipe: a rebuild replaces it."""
        pointer = self._pointer()
        role = next((role for role in ("live", "previous") if pointer[role] == name), "")
        try:
            description = self._description(name)
        except SearchUnavailable:
            return GenerationInfo(name, role or "damaged", "")
        return GenerationInfo(
            name, role or description["state"], description["created_at"], description["recipe"]
        )

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
        try:
            return KindWriter(self._kind_folder(generation, kind)).write(documents, removed)
        except DAMAGE as error:
            raise _damaged(generation, error) from error

    def digests(self, generation: str, kind: Kind) -> dict[str, str]:
        try:
            return KindWriter(self._kind_folder(generation, kind)).digests()
        except DAMAGE as error:
            raise _damaged(generation, error) from error

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
        folders = [folder.name for folder in sorted(self.folder.glob("generation-*")) if folder.is_dir()]
        doomed = [name for name in folders if name not in pointer.values()]
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
        """Which generations are live and previous; a pointer whose content is damaged designates none."""
        try:
            pointer = json.loads((self.folder / "live.json").read_text(encoding="utf-8"))
            return {"live": pointer["live"], "previous": pointer["previous"]}
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return {"live": "", "previous": ""}
        except OSError as error:
            raise _damaged("", error) from error

    def _require(self, generation: str) -> None:
        if not (self.folder / generation / "generation.json").is_file():
            raise UnknownGeneration(f"Aucune génération « {generation} » dans {self.folder}.")

    def _description(self, generation: str) -> dict[str, Any]:
        try:
            content = json.loads((self.folder / generation / "generation.json").read_text(encoding="utf-8"))
            return {name: content[name] for name in ("state", "created_at", "recipe")}
        except FileNotFoundError as error:
            raise SearchUnavailable(
                f"La génération « {generation} » a disparu : reconstruisez l'index."
            ) from error
        except DAMAGE as error:
            raise _damaged(generation, error) from error

    def _describe(self, generation: str, description: Mapping[str, Any]) -> None:
        replace_json(self.folder / generation / "generation.json", description)


def _open(folder: Path, previous: KindReader | None) -> KindReader:
    """A write may join and delete the segments that the manifest just read names: then there is another manifest."""
    while True:
        signature = SegmentStore(folder).signature()
        try:
            return KindReader(folder, previous)
        except DAMAGE:
            if SegmentStore(folder).signature() == signature:
                raise


def _damaged(generation: str, error: Exception) -> SearchUnavailable:
    name = f"L'index {generation}".rstrip()
    return SearchUnavailable(f"{name} est illisible ({error}) : lancez « manage.py search_index rebuild ».")

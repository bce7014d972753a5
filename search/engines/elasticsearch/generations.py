"""The life of generations: an index a kind; which generation is live is told by aliases.

One rule: promotion and rollback are one atomic alias call over every kind, and nothing is deleted but by its full name. A
generation made before candidates were indexed answers for all the others, and can be gone back to.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.base import GenerationInfo
from search.engines.elasticsearch import mappings
from search.engines.elasticsearch.client import named_failures
from search.engines.elasticsearch.names import Names
from search.errors import IndexMissing, IndexUnfit, UnknownGeneration
from search.request import PUBLIC_KINDS, Kind

BUILDING, READY, LIVE, PREVIOUS, DAMAGED = "building", "ready", "live", "previous", "damaged"
SERVED_REFRESH = "1s"
NOT_BUILT = "L'index de recherche n'est pas construit : lancez « manage.py search_index rebuild »."


@dataclass(frozen=True)
class Live:
    """The generation that answers: the index of each kind, and the recipe that made it."""

    name: str
    indices: Mapping[Kind, str]
    recipe: Mapping[str, Any]

    def index(self, kind: Kind) -> str:
        """Raises `IndexMissing` for a kind that it was made before."""
        if kind not in self.indices:
            raise IndexMissing(NOT_BUILT)
        return self.indices[kind]


@dataclass
class _Seen:
    """What the cluster tells of one generation."""

    meta: dict[Kind, Mapping[str, Any]] = field(default_factory=dict)
    aliases: dict[Kind, set[str]] = field(default_factory=dict)


class Generations:
    def __init__(self, client: Elasticsearch, servers: str, names: Names, replicas: int) -> None:
        self._client, self._servers, self._names, self._replicas = client, servers, names, replicas

    # --- Which there are

    def all(self) -> list[GenerationInfo]:
        return [self._info(name, seen) for name, seen in sorted(self._seen().items())]

    def live(self, seconds: float) -> Live:
        """The one that answers, known within so many seconds.

        Raises `IndexMissing` when none is, `IndexUnfit` when what the aliases name is not one whole, finished generation.
        """
        aliases = [self._names.live(kind) for kind in Kind]
        with self._named():
            found = (
                self._client.options(request_timeout=seconds)
                .indices.get(index=aliases, features="mappings", ignore_unavailable=True)
                .body
            )
        if not found:
            raise IndexMissing(NOT_BUILT)
        places = {name: self._names.parse(name) for name in found}
        generations = {place[0] for place in places.values() if place}
        indices = {place[1]: name for name, place in places.items() if place}
        if None in places.values() or len(generations) != 1 or not indices.keys() >= set(PUBLIC_KINDS):
            raise IndexUnfit(
                f"Les alias de recherche désignent {', '.join(sorted(found))} : ce n'est pas une génération entière. "
                "Lancez « manage.py search_index rebuild »."
            )
        (generation,) = generations
        meta = [_meta(found[name]) for name in indices.values()]
        if any(one.get("state") != READY for one in meta):
            raise IndexUnfit(
                f"{generation} est en service sans avoir été finie ni vérifiée : lancez « manage.py search_index rebuild »."
            )
        return Live(generation, indices, meta[0]["recipe"])

    def _seen(self) -> dict[str, _Seen]:
        with self._named():
            found = self._client.indices.get(
                index=self._names.every_generation, features=["mappings", "aliases"], allow_no_indices=True
            ).body
        generations: dict[str, _Seen] = {}
        for index, description in found.items():
            if place := self._names.parse(index):
                seen = generations.setdefault(place[0], _Seen())
                seen.meta[place[1]] = _meta(description)
                seen.aliases[place[1]] = set(description["aliases"])
        return generations

    def _info(self, name: str, seen: _Seen) -> GenerationInfo:
        meta = next(iter(seen.meta.values()))
        return GenerationInfo(name, self._state(seen), meta.get("created_at", ""), meta.get("recipe", {}))

    def _state(self, seen: _Seen) -> str:
        for state, alias in ((LIVE, self._names.live), (PREVIOUS, self._names.previous)):
            if any(alias(kind) in aliases for kind, aliases in seen.aliases.items()):
                return state
        states = {meta.get("state", DAMAGED) for meta in seen.meta.values()}
        return states.pop() if len(seen.meta) == len(Kind) and len(states) == 1 else DAMAGED

    def require(self, generation: str) -> None:
        if generation not in self._seen():
            raise UnknownGeneration(f"Aucune génération « {generation} » dans Elasticsearch.")

    # --- From one state to the next

    def create(self, recipe: Mapping[str, Any]) -> str:
        now = dt.datetime.now(dt.UTC)
        name = self._names.new_generation(now)
        meta = {"state": BUILDING, "created_at": now.isoformat(timespec="seconds"), "recipe": recipe}
        for kind in Kind:
            with self._named():
                self._client.indices.create(
                    index=self._names.index(name, kind),
                    settings=mappings.settings(self._replicas),
                    mappings=mappings.mappings(kind, meta),
                    aliases={self._names.write_alias(name, kind): {"is_write_index": True}},
                )
        return name

    def mark_ready(self, generation: str) -> None:
        """Open it to searches, and say in each of its indices that it is finished."""
        seen = self._seen().get(generation)
        if seen is None:
            raise UnknownGeneration(f"Aucune génération « {generation} » dans Elasticsearch.")
        for kind, meta in seen.meta.items():
            index = self._names.index(generation, kind)
            with self._named():
                self._client.indices.put_settings(index=index, settings={"refresh_interval": SERVED_REFRESH})
                self._client.indices.put_mapping(index=index, meta={**meta, "state": READY})
        self.refresh(generation)

    def refresh(self, generation: str) -> None:
        """Show to searches all that has been written."""
        with self._named():
            self._client.indices.refresh(
                index=[self._names.index(generation, kind) for kind in Kind], ignore_unavailable=True
            )

    def promote(self, generation: str) -> None:
        self.require(generation)
        now = {info.state: info.name for info in self.all()}
        if now.get(LIVE) == generation:
            return
        self._point({LIVE: generation, PREVIOUS: now.get(LIVE, "")}, now)

    def rollback(self) -> str:
        now = {info.state: info.name for info in self.all()}
        if PREVIOUS not in now:
            raise UnknownGeneration("Aucune génération précédente vers laquelle revenir.")
        self._point({LIVE: now[PREVIOUS], PREVIOUS: now.get(LIVE, "")}, now)
        return now[PREVIOUS]

    def _point(self, then: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Move the aliases of every kind in one call: all of them move, or none."""
        kinds = {name: seen.meta.keys() for name, seen in self._seen().items()}
        actions: list[dict[str, Any]] = []
        for state, alias in ((LIVE, self._names.live), (PREVIOUS, self._names.previous)):
            old, new = now.get(state, ""), then[state]
            for kind in kinds.get(old, ()):
                gone = {"index": self._names.index(old, kind), "alias": alias(kind), "must_exist": False}
                actions.append({"remove": gone})
            for kind in kinds.get(new, ()):
                actions.append({"add": {"index": self._names.index(new, kind), "alias": alias(kind)}})
        with self._named():
            self._client.indices.update_aliases(actions=actions)

    def prune(self) -> list[str]:
        """Delete every generation but the live and the previous one, index by index."""
        doomed = [info.name for info in self.all() if info.state not in {LIVE, PREVIOUS}]
        seen = self._seen()
        for name in doomed:
            for kind in seen[name].meta if name in seen else ():
                with self._named():
                    self._client.indices.delete(index=self._names.index(name, kind), ignore_unavailable=True)
        return doomed

    @contextmanager
    def _named(self) -> Iterator[None]:
        with named_failures(self._servers):
            yield


def _meta(description: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = description.get("mappings", {}).get("_meta")
    return meta if isinstance(meta, dict) else {}

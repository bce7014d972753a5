"""One run: every contestant at every size, in turn, on the same trainings and the same queries.

One rule: rounds are interleaved, and begin with another contestant each time, so that a noisy machine is as unfair to one as to
the others.
"""

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.search.databases import Postgres, copy_of, postgres, prepare_sqlite, sqlite_environment
from benchmarks.search.processes import Worker, WorkerFailed
from benchmarks.search.recall import recall_by_share
from skills.imports.progress import progress

MODES = ("lexical", "semantic", "hybrid")
SUBJECTS = {
    "embedded": "benchmarks.search.engine_subject:EmbeddedSubject",
    "elasticsearch": "benchmarks.search.elasticsearch_subject:ElasticsearchSubject",
    "wagtail-sqlite": "benchmarks.search.wagtail_subject:WagtailSubject",
    "wagtail-postgresql": "benchmarks.search.wagtail_subject:WagtailSubject",
}
ENCODER = "benchmarks.search.encoder:Encoder"
# Beyond this many trainings, Wagtail's search on SQLite takes minutes a query.
SQLITE_LIMIT = 1_000
# Each round begins so many queries further, so that one which is cut short does not always leave out the same ones.
STRIDE = 7
# A search is timed, not cut: the product's own limit is for people who wait.
PATIENT = {"ELASTICSEARCH_SEARCH_SECONDS": "60"}


@dataclass(frozen=True)
class Options:
    """`originals` is how many trainings have the model's own vectors; `chunk` how many documents one write takes; `limit` the
    seconds that one round of one contestant may last, `filling_limit` those of Wagtail's indexing."""

    sizes: tuple[int, ...]
    engines: tuple[str, ...]
    state: Path
    open_data: str
    queries: int = 0
    rounds: int = 5
    originals: int = 10_000
    chunk: int = 200
    limit: float = 60.0
    filling_limit: float = 900.0


@dataclass
class Contestant:
    """`rounds` has, by mode, one list of durations a round: one for each query, None for those not asked."""

    name: str
    worker: Worker
    modes: tuple[str, ...]
    filling: dict[str, Any]
    opening: float = 0.0
    at_rest: dict[str, float] = field(default_factory=dict)
    surveys: dict[str, list[dict[str, Any] | None]] = field(default_factory=dict)
    rounds: dict[str, list[list[float | None]]] = field(default_factory=dict)

    def warm(self, limit: float) -> None:
        self.opening = self.worker.call("open")
        self.surveys = {mode: self.worker.call("survey", mode, limit) for mode in self.modes}
        self.rounds = {mode: [] for mode in self.modes}

    def one_round(self, limit: float, first: int) -> None:
        for mode in self.modes:
            self.rounds[mode].append(self.worker.call("round", mode, limit, first))


class Race:
    """The contestants of one size. One that fails is out, and the reason is kept; the others go on."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.contestants: dict[str, Contestant] = {}
        self.failed: dict[str, str] = {}

    def admit(self, name: str, make: Callable[[], Contestant]) -> None:
        with self._or_out(name):
            self.contestants[name] = make()

    def run(self, label: str) -> None:
        for name in list(self.contestants):
            with self._or_out(name):
                self.contestants[name].warm(self.options.limit)
        for number in progress(range(self.options.rounds), label):
            names = list(self.contestants)
            turn = number % max(1, len(names))
            for name in (*names[turn:], *names[:turn]):
                with self._or_out(name):
                    self.contestants[name].one_round(self.options.limit, number * STRIDE)

    def comparisons(self) -> dict[str, Any]:
        """What Elasticsearch costs beside the bare client, and what it finds beside exact search."""
        elastic, exact = self.contestants.get("elasticsearch"), self.contestants.get("embedded")
        told: dict[str, Any] = {}
        with self._or_out("elasticsearch"):
            if elastic:
                told["server"] = elastic.worker.call("server")
                told["overhead"] = {
                    mode: [elastic.worker.call("overhead_round", mode) for _ in range(self.options.rounds)]
                    for mode in MODES
                }
            if elastic and exact:
                told["recall"] = recall_by_share(exact.worker, elastic.worker)
        return told

    @contextmanager
    def _or_out(self, name: str) -> Iterator[None]:
        try:
            yield
        except WorkerFailed as failure:
            print(f"{name} is out: {failure}", file=sys.stderr)
            self.failed[name] = str(failure).strip().splitlines()[-1]
            self.contestants.pop(name, None)


class Run:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.token = f"{os.getpid()}-{secrets.token_hex(3)}"
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "BIOFILIERE_STATE_DIR": str(options.state),
            **{name: os.environ.get(name, value) for name, value in PATIENT.items()},
        }

    def results(self) -> Iterator[dict[str, Any]]:
        """One dictionary a size, as soon as it is measured."""
        self.options.state.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            self.referential = prepare_sqlite(self.options.state, self.environment)
            wants_postgres = "wagtail-postgresql" in self.options.engines
            self.postgres = stack.enter_context(postgres(self.environment)) if wants_postgres else None
            for size in self.options.sizes:
                yield self._size(size)

    def _size(self, size: int) -> dict[str, Any]:
        machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
        encoding = self._encode(size)
        with ExitStack() as stack:
            race = Race(self.options)
            for name in self.options.engines:
                if name != "wagtail-sqlite" or size <= SQLITE_LIMIT:
                    race.admit(name, partial(stack.enter_context, self._contestant(name, size)))
            race.run(f"searching {size}")
            return {
                "size": size,
                "machine": machine,
                **encoding,
                **race.comparisons(),
                "contestants": [told(one) for one in race.contestants.values()],
                "failed": race.failed,
            }

    def _encode(self, size: int) -> dict[str, Any]:
        options, environment = self.options, {**self.environment, **sqlite_environment(self.referential)}
        with Worker(environment, ENCODER, options.queries) as worker:
            own = worker.call("prepare", size, options.open_data, options.originals)
            rounds = [worker.call("round") for _ in range(options.rounds)]
        return {"own_vectors": own, "encoding": rounds}

    # --- Contestants

    @contextmanager
    def _contestant(self, name: str, size: int) -> Iterator[Contestant]:
        make = self._engine if name in ("embedded", "elasticsearch") else self._wagtail
        with make(name, size) as contestant:
            yield contestant

    @contextmanager
    def _engine(self, name: str, size: int) -> Iterator[Contestant]:
        """Filled by one process and searched by another, so that the memory of searching is nothing else."""
        options = self.options
        folder = options.state / f"{name}-{self.token}-{size}"
        environment = {
            **self.environment,
            **sqlite_environment(self.referential),
            "SEARCH_INDEX_DIR": str(folder),
            "ELASTICSEARCH_INDEX_PREFIX": f"benchmark-{self.token}-{size}",
        }
        start = partial(Worker, environment, SUBJECTS[name], options.queries)
        try:
            with start() as worker:
                filling = worker.call("fill", size, options.open_data, options.originals, options.chunk)
                filling["memory"] = worker.memory()
            with start() as worker:
                yield Contestant(name, worker, MODES, filling, at_rest=worker.memory())
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if name == "elasticsearch":
                self._delete(start, environment["ELASTICSEARCH_INDEX_PREFIX"])

    def _delete(self, start: Callable[[], Worker], prefix: str) -> None:
        try:
            with start() as worker:
                worker.call("delete")
        except WorkerFailed as failure:
            print(f"indices of {prefix} remain: {failure}", file=sys.stderr)

    @contextmanager
    def _wagtail(self, name: str, size: int) -> Iterator[Contestant]:
        options, database = self.options, f"{name}-{size}"
        if name == "wagtail-sqlite":
            copy = copy_of(self.referential, f"{database}-{self.token}.sqlite3")
            where, forget = sqlite_environment(copy), copy.unlink
        else:
            server: Postgres = self.postgres
            where, forget = server.database(database), partial(server.drop, database)
        try:
            with Worker({**self.environment, **where}, SUBJECTS[name], options.queries) as worker:
                filling = worker.call(
                    "fill", size, options.open_data, options.originals, options.filling_limit
                )
                filling["memory"] = worker.memory()
            with Worker({**self.environment, **where}, SUBJECTS[name], options.queries) as worker:
                yield Contestant(name, worker, ("lexical",), filling, at_rest=worker.memory())
        finally:
            forget()


def told(one: Contestant) -> dict[str, Any]:
    return {
        "name": one.name,
        "filling": one.filling,
        "opening": one.opening,
        "memory": {"at_rest": one.at_rest, "searching": one.worker.memory()},
        "surveys": one.surveys,
        "rounds": one.rounds,
    }

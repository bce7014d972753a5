"""Filling, checking and promoting generations: create → backfill → verify → promote.

One rule: whatever is written to a generation is read from the database under that generation's write lock, so that a rebuild
and the worker never overwrite newer documents with older ones.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.documents.sources import SOURCES
from search.engines.base import Engine, GenerationInfo
from search.errors import UnknownGeneration, VerificationFailed
from search.recipe import current_recipe, embedder_for
from search.request import Kind
from search.vectors import vectorise

CHUNK = 200
SAMPLE = 200


@dataclass(frozen=True)
class KindCheck:
    """What `verify` found for one kind. `missing`, `extra` and `stale` are codes."""

    kind: Kind
    expected: int
    indexed: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.extra or self.stale)


def find_generation(engine: Engine, name: str = "", states: Iterable[str] = ()) -> GenerationInfo:
    """The generation of that name; without a name, the newest one in one of these states."""
    wanted = set(states)
    for info in reversed(engine.generations()):
        if (name and info.name == name) or (not name and info.state in wanted):
            return info
    raise UnknownGeneration(
        f"Aucune génération « {name} »."
        if name
        else f"Aucune génération dans l'état {' ou '.join(sorted(wanted))}."
    )


def refresh(engine: Engine, info: GenerationInfo, kind: Kind, codes: Sequence[str]) -> int:
    """Index these objects again, and remove those that are not eligible any more. The caller holds the write lock."""
    written = 0
    for chunk in _chunks(codes):
        documents = SOURCES[kind].build(chunk)
        removed = set(chunk) - {document.code for document in documents}
        written += engine.write(info.name, kind, vectorise(documents, embedder_for(info.recipe)), removed)
    return written


def backfill(engine: Engine, info: GenerationInfo, kind: Kind, codes: Iterable[str]) -> Iterator[int]:
    """Index these objects chunk by chunk; yields how many documents each chunk wrote."""
    for chunk in _chunks(codes):
        with engine.write_lock(info.name):
            yield refresh(engine, info, kind, chunk)


def verify(engine: Engine, info: GenerationInfo) -> list[KindCheck]:
    """Compare a generation with the database: every code, the content of a sample, the recipe."""
    if info.recipe != current_recipe(engine):
        raise VerificationFailed(f"{info.name} a été construite avec une autre recette (modèle ou analyse).")
    return [_check(engine, info, kind) for kind in Kind]


def _check(engine: Engine, info: GenerationInfo, kind: Kind) -> KindCheck:
    expected, digests = set(SOURCES[kind].codes()), engine.digests(info.name, kind)
    common = sorted(expected & digests.keys())
    sample = random.Random(info.name).sample(common, min(SAMPLE, len(common)))  # noqa: S311 - a reproducible sample
    stale = [
        document.code for document in SOURCES[kind].build(sample) if document.digest != digests[document.code]
    ]
    return KindCheck(
        kind,
        expected=len(expected),
        indexed=len(digests),
        missing=tuple(sorted(expected - digests.keys())),
        extra=tuple(sorted(digests.keys() - expected)),
        stale=tuple(stale),
    )


def promote(engine: Engine, info: GenerationInfo) -> None:
    """Make a verified generation the live one."""
    wrong = [check for check in verify(engine, info) if not check.is_right]
    if wrong:
        details = ", ".join(
            f"{c.kind.value} : {len(c.missing)} manquants, {len(c.extra)} en trop, {len(c.stale)} périmés"
            for c in wrong
        )
        raise VerificationFailed(
            f"{info.name} ne correspond pas à la base ({details}). Lancez « backfill » à nouveau."
        )
    engine.mark_ready(info.name)
    engine.promote(info.name)


def _chunks(codes: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(codes)
    while chunk := list(itertools.islice(iterator, CHUNK)):
        yield chunk

"""Filling, checking and promoting generations: create → backfill → verify → promote.

One rule: whatever is written to a generation is read from the database under that generation's write lock, so that a rebuild
and the worker never overwrite newer documents with older ones.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from search.documents.sources import SOURCES
from search.engines.base import Engine, GenerationInfo
from search.errors import (
    DocumentsRejected,
    EngineBusy,
    EngineRefused,
    EngineTimeout,
    SearchUnavailable,
    UnknownGeneration,
    VerificationFailed,
)
from search.recipe import current_recipe, embedder_for
from search.request import Kind
from search.vectors import vectorise
from skills.imports.progress import progress

CHUNK = 200
SAMPLE = 200
NOTHING_HELD: Mapping[str, str] = MappingProxyType({})


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


def refresh(
    engine: Engine,
    info: GenerationInfo,
    kind: Kind,
    codes: Sequence[str],
    held: Mapping[str, str] = NOTHING_HELD,
) -> int:
    """Index these objects again, and remove those that are not eligible any more. The caller holds the write lock.

    What `held` (digests by code) says to be right already is not written. Raises `DocumentsRejected`, with every refusal, once
    the others are written.
    """
    written, refused = 0, {}
    for chunk in _chunks(codes):
        documents = SOURCES[kind].build(chunk)
        removed = set(chunk) - {document.code for document in documents}
        changed = [document for document in documents if held.get(document.code) != document.digest]
        if not changed and not removed:
            continue
        try:
            written += engine.write(info.name, kind, vectorise(changed, embedder_for(info.recipe)), removed)
        except DocumentsRejected as error:
            refused |= error.reasons
    if refused:
        raise DocumentsRejected(refused)
    return written


def backfill(engine: Engine, info: GenerationInfo, kind: Kind, codes: Sequence[str]) -> Iterator[int]:
    """Index these objects chunk by chunk; yields how many documents each chunk wrote.

    What an interrupted backfill left is kept: a document that is there as the database has it is neither vectorised nor written
    again, and one that is none of these objects' is removed. Raises `DocumentsRejected` at the end.
    """
    held, refused = engine.digests(info.name, kind), {}
    for chunk in _chunks([*codes, *sorted(held.keys() - set(codes))]):
        try:
            with engine.write_lock(info.name):
                yield refresh(engine, info, kind, chunk, held)
        except DocumentsRejected as error:
            refused |= error.reasons
    if refused:
        raise DocumentsRejected(refused)


def find_interrupted(engine: Engine) -> GenerationInfo | None:
    """The generation that a rebuild left unfinished, when it can be continued: of the current recipe, and whole."""
    recipe = current_recipe(engine)
    for info in reversed(engine.generations()):
        if info.state in {"building", "ready"} and info.recipe == recipe and _is_readable(engine, info):
            return info
    return None


def _is_readable(engine: Engine, info: GenerationInfo) -> bool:
    """Whether what it holds can be told. An engine that is away for a moment says nothing of it: that error goes on."""
    try:
        for kind in Kind:
            engine.digests(info.name, kind)
    except (EngineTimeout, EngineBusy, EngineRefused):
        raise
    except SearchUnavailable:
        return False
    return True


def verify(engine: Engine, info: GenerationInfo, full: bool = False) -> list[KindCheck]:
    """Compare a generation with the database: every code, the recipe, the content of a sample or, `full`, of everything."""
    if info.recipe != current_recipe(engine):
        raise VerificationFailed(f"{info.name} a été construite avec une autre recette (modèle ou analyse).")
    return [_check(engine, info, kind, full) for kind in Kind]


def _check(engine: Engine, info: GenerationInfo, kind: Kind, full: bool) -> KindCheck:
    expected, digests = set(SOURCES[kind].codes()), engine.digests(info.name, kind)
    common = sorted(expected & digests.keys())
    if not full:
        chance = random.Random(info.name)  # noqa: S311 - a reproducible sample
        common = chance.sample(common, min(SAMPLE, len(common)))
    return KindCheck(
        kind,
        expected=len(expected),
        indexed=len(digests),
        missing=tuple(sorted(expected - digests.keys())),
        extra=tuple(sorted(digests.keys() - expected)),
        stale=tuple(_stale(kind, common, digests)),
    )


def _stale(kind: Kind, codes: Sequence[str], digests: Mapping[str, str]) -> Iterator[str]:
    """The objects whose document is not the one that the index holds."""
    chunks = progress(_chunks(codes), f"verify {kind.value}", total=ceil(len(codes) / CHUNK))
    for chunk in chunks:
        for document in SOURCES[kind].build(chunk):
            if document.digest != digests[document.code]:
                yield document.code


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

"""From a change in the database to every active generation of every engine in use.

One rule: an entry is deleted after all active generations (live, and one being built) of the configured engine and of the
standby hold the change; documents are always built from the database as it is at that moment, under the generation's write
lock. A worker killed anywhere between leaves the entry, and applying it again is harmless.
"""

import datetime as dt
import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone

from jobs.models import JobProfilePage
from search.engines import engine
from search.engines.base import Engine, GenerationInfo
from search.errors import (
    DocumentsRejected,
    EmbeddingUnavailable,
    IndexBusy,
    SearchUnavailable,
    UnknownGeneration,
)
from search.failover import STANDBY
from search.indexing import refresh
from search.models import MAX_ATTEMPTS, OutboxEntry
from search.request import Kind
from training.models import Training

logger = logging.getLogger(__name__)
BATCH = 500
PASSING_ERRORS = (EmbeddingUnavailable, IndexBusy, SearchUnavailable, UnknownGeneration, OSError)
ACTIVE = frozenset({"building", "ready", "live"})
LONGEST_WAIT = 900  # seconds between two attempts, at most
LONGEST_ERROR = 300  # characters of an error that are kept

NOTHING_HELD: Mapping[Kind, Mapping[str, str]] = MappingProxyType({})
# A document refused: its kind and code.
Refused = tuple[Kind, str]


@dataclass(frozen=True)
class DrainReport:
    """How many entries were applied, how many failed, how many documents were written, and the different reasons to fail."""

    applied: int = 0
    failed: int = 0
    written: int = 0
    reasons: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What became of a batch: the engines that took it, why others did not, and the documents that some engine refused."""

    written: int = 0
    held_by: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    refused: dict[Refused, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Backlog:
    """Changes that wait, changes set aside, and since when the oldest of those that wait does."""

    pending: int
    dead: int
    oldest: dt.datetime | None

    @property
    def lag_seconds(self) -> int:
        return max(0, int((timezone.now() - self.oldest).total_seconds())) if self.oldest else 0


def announce(kind: Kind, codes: Iterable[str]) -> None:
    """Write outbox rows in the current transaction; the worker is woken once, after it commits."""
    rows = [OutboxEntry(kind=kind.value, code=code) for code in dict.fromkeys(codes)]
    if not rows:
        return
    OutboxEntry.objects.bulk_create(rows, batch_size=500)
    if not any(function is wake_worker for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_worker)


def wake_worker() -> None:
    from search.tasks import drain_outbox

    drain_outbox.enqueue()


def engines_in_use() -> tuple[str, ...]:
    """The engines whose generations follow the database: the configured one, and the standby."""
    return tuple(dict.fromkeys((settings.SEARCH_ENGINE, STANDBY)))


def drain() -> DrainReport:
    """Apply what is due, batch by batch, until nothing is left or no engine takes any more."""
    applied = failed = written = 0
    away: dict[
        str, str
    ] = {}  # one that failed is left for the next time: it would fail as slowly at each batch
    reasons: dict[str, None] = {}
    last = 0
    while entries := list(OutboxEntry.objects.due().filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = entries[-1].pk
        outcome = _apply(entries, away)
        done, postponed = _settle(entries, outcome)
        applied, failed, written = applied + done, failed + postponed, written + outcome.written
        reasons |= dict.fromkeys(outcome.errors.values())
        reasons |= dict.fromkeys(reason for by in outcome.refused.values() for reason in by.values())
        away = outcome.errors
        if away.keys() >= set(engines_in_use()):
            break
    if failed:
        logger.warning("outbox: %s entries postponed: %s", failed, " ; ".join(list(reasons)[:3]))
    return DrainReport(applied, failed, written, tuple(reasons))


def _apply(entries: Sequence[OutboxEntry], away: dict[str, str]) -> Outcome:
    outcome = Outcome(errors=dict(away))
    for name in engines_in_use():
        waiting = [entry for entry in entries if name not in entry.holders]
        if name in away or not waiting:
            continue
        try:
            chosen = engine(name)
            active = [info for info in chosen.generations() if info.state in ACTIVE]
            written, refused = _write(chosen, active, waiting)
        except PASSING_ERRORS as error:
            outcome.errors[name] = _told(error)
            continue
        outcome.held_by.add(name)
        outcome.written += written
        for document, reason in refused.items():
            outcome.refused.setdefault(document, {})[name] = reason
    return outcome


def _write(
    chosen: Engine,
    generations: Sequence[GenerationInfo],
    entries: Sequence[OutboxEntry],
    held: Mapping[Kind, Mapping[str, str]] = NOTHING_HELD,
) -> tuple[int, dict[Refused, str]]:
    """Index again what these entries tell of, but for what is `held` as it should be (digests by kind and code); how many
    documents were written, and which were refused."""
    changes = _with_dependents(entries)
    written, refused = 0, {}
    for info in generations:
        with chosen.write_lock(info.name):
            for kind, codes in changes.items():
                try:
                    written += refresh(chosen, info, kind, sorted(codes), held.get(kind, {}))
                except DocumentsRejected as error:
                    refused |= {(kind, code): reason for code, reason in error.reasons.items()}
    return written, refused


def _with_dependents(entries: Sequence[OutboxEntry]) -> dict[Kind, set[str]]:
    """What must be indexed again: the objects themselves, and those whose documents name a changed skill."""
    changes: defaultdict[Kind, set[str]] = defaultdict(set)
    for entry in entries:
        changes[Kind(entry.kind)].add(entry.code)
    if skills := changes.get(Kind.SKILLS):
        trainings = Training.objects.filter(skill_links__skill__code__in=skills)
        jobs = JobProfilePage.objects.filter(requirements__skill__code__in=skills)
        changes[Kind.TRAININGS].update(trainings.order_by().values_list("code", flat=True))
        changes[Kind.JOBS].update(jobs.order_by().values_list("code", flat=True))
    return changes


def _settle(entries: Sequence[OutboxEntry], outcome: Outcome) -> tuple[int, int]:
    """Delete the entries that every engine holds and postpone the others; how many of each."""
    in_use = engines_in_use()
    done, waiting = [], []
    for entry in entries:
        refused = outcome.refused.get((Kind(entry.kind), entry.code), {})
        entry.holders |= outcome.held_by - refused.keys()
        if entry.holders.issuperset(in_use):
            done.append(entry.pk)
            continue
        _postpone(entry, " ; ".join([*refused.values(), *outcome.errors.values()]))
        waiting.append(entry)
    with transaction.atomic():
        OutboxEntry.objects.filter(pk__in=done).delete()
        OutboxEntry.objects.bulk_update(
            waiting, ["attempts", "last_error", "is_dead", "next_attempt_at", "held_by"], batch_size=100
        )
        _enter_refused(entries, outcome)
    return len(done), len(waiting)


def _postpone(entry: OutboxEntry, reason: str) -> None:
    """Try again later, each time twice as late and never in step with the others; after `MAX_ATTEMPTS` the entry waits for
    `search_index sync`."""
    entry.attempts += 1
    entry.last_error = reason[:LONGEST_ERROR]
    entry.is_dead = entry.attempts >= MAX_ATTEMPTS
    wait = min(LONGEST_WAIT, 2**entry.attempts) * random.uniform(0.5, 1)  # noqa: S311 - spreads attempts, guards nothing
    entry.next_attempt_at = timezone.now() + dt.timedelta(seconds=wait)


def _enter_refused(entries: Sequence[OutboxEntry], outcome: Outcome) -> None:
    """A document refused because of another object's change (a skill that it names) has no entry: give it one."""
    own = {(Kind(entry.kind), entry.code) for entry in entries}
    added = []
    for (kind, code), reasons in outcome.refused.items():
        waits = OutboxEntry.objects.filter(kind=kind.value, code=code, is_dead=False)
        if (kind, code) in own or waits.exists():
            continue
        entry = OutboxEntry(kind=kind.value, code=code)
        entry.holders = outcome.held_by - reasons.keys()
        _postpone(entry, " ; ".join(reasons.values()))
        added.append(entry)
    OutboxEntry.objects.bulk_create(added)


def catch_up(chosen: Engine, info: GenerationInfo) -> list[int]:
    """Bring a generation that was just built up to all that waits in the outbox; the keys of what it holds, for `mark_held`.

    Other generations and engines are left to the worker: the live one may be what the rebuild must replace. Raises what stops
    it, `DocumentsRejected` included.
    """
    keys: list[int] = []
    held: dict[Kind, dict[str, str]] = {}
    queue = OutboxEntry.objects.order_by("pk")
    while entries := list(queue.filter(pk__gt=keys[-1] if keys else 0)[:BATCH]):
        held = held or {kind: chosen.digests(info.name, kind) for kind in Kind}
        _, refused = _write(chosen, [info], entries, held)
        if refused:
            raise DocumentsRejected({code: reason for (_, code), reason in refused.items()})
        keys += [entry.pk for entry in entries]
    return keys


def mark_held(name: str, keys: Sequence[int]) -> None:
    """The live generation of this engine now holds these entries; those that no other engine lacks are deleted."""
    for start in range(0, len(keys), BATCH):
        entries = list(OutboxEntry.objects.filter(pk__in=keys[start : start + BATCH]))
        for entry in entries:
            entry.holders |= {name}
        done = [entry.pk for entry in entries if entry.holders.issuperset(engines_in_use())]
        OutboxEntry.objects.filter(pk__in=done).delete()
        wanted = [entry for entry in entries if entry.pk not in done]
        OutboxEntry.objects.bulk_update(wanted, ["held_by"], batch_size=100)


def revive_dead() -> int:
    """Give dead and waiting entries another chance now, in every engine."""
    return OutboxEntry.objects.update(is_dead=False, attempts=0, held_by="", next_attempt_at=timezone.now())


def backlog() -> Backlog:
    waiting = OutboxEntry.objects.filter(is_dead=False)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    return Backlog(waiting.count(), OutboxEntry.objects.dead().count(), oldest)


def troubled(limit: int) -> list[OutboxEntry]:
    """The first entries that failed at least once, those set aside before those that are still tried."""
    failed = OutboxEntry.objects.filter(Q(is_dead=True) | Q(attempts__gt=0))
    return list(failed.order_by("-is_dead", "pk")[:limit])


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__

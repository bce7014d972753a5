"""What an import found and did. Pure: no Django.

One rule: memory stays bounded; the first `KEPT` changes and errors are kept whole, the rest are counted.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

KEPT = 200


class Action(Enum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


class Line(int):
    """A line number that knows its file, for the imports that read several."""

    file: str

    def __new__(cls, number: int, file: str) -> "Line":
        line = super().__new__(cls, number)
        line.file = file
        return line


@dataclass(frozen=True)
class RowError:
    """A row that could not be taken, where it stands and why (in French, for the person who wrote it)."""

    source: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}, ligne {self.line}"
        return f"{place} : {self.reason}"


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    action: Action
    kind: str
    code: str
    fields: tuple[FieldChange, ...] = ()


@dataclass
class ImportReport:
    """Counts, first changes, errors and warnings of one import."""

    source: str
    applied: bool = False
    counts: Counter[Action] = field(default_factory=Counter)
    by_kind: dict[str, Counter[Action]] = field(default_factory=dict)
    # Fields where an editor's correction stood against what the source says.
    kept_corrections: int = 0
    # Rows that a filter asked for leaves out.
    set_aside: int = 0
    changes: list[Change] = field(default_factory=list)
    error_count: int = 0
    errors: list[RowError] = field(default_factory=list)
    warning_count: int = 0
    warnings: list[RowError] = field(default_factory=list)
    # How many of them asked to come first.
    _warned_first: int = 0

    def record(self, change: Change) -> None:
        self.count(change.kind, change.action)
        if change.action is not Action.UNCHANGED and len(self.changes) < KEPT:
            self.changes.append(change)

    @property
    def room(self) -> int:
        """How many more changes are kept whole."""
        return KEPT - len(self.changes)

    def count(self, kind: str, action: Action, number: int = 1) -> None:
        """Count rows that need no change of their own in the list."""
        self.counts[action] += number
        self.by_kind.setdefault(kind, Counter())[action] += number

    def error_at(self, line: int | None, reason: str) -> RowError:
        """What is wrong with a row, under the name of its own file where the line tells it."""
        return RowError(line.file if isinstance(line, Line) else self.source, line, reason)

    def reject(self, error: RowError) -> None:
        self.error_count += 1
        if len(self.errors) < KEPT:
            self.errors.append(error)

    def warn(self, warning: RowError, *, first: bool = False) -> None:
        """`first` for what asks somebody to act: it comes before all the rest, which may be cut."""
        self.warning_count += 1
        if first:
            self.warnings.insert(self._warned_first, warning)
            self._warned_first += 1
        else:
            self.warnings.append(warning)
        del self.warnings[KEPT:]

    @property
    def changed_anything(self) -> bool:
        return any(self.counts[action] for action in Action if action is not Action.UNCHANGED)

    def as_dict(self) -> dict[str, object]:
        return {
            "source": self.source,
            "applied": self.applied,
            **{action.value: self.counts[action] for action in Action},
            "rejected": self.error_count,
            "warned": self.warning_count,
            "kept_corrections": self.kept_corrections,
            "set_aside": self.set_aside,
            "by_kind": {
                kind: {action.value: counts[action] for action in Action if counts[action]}
                for kind, counts in self.by_kind.items()
            },
            "errors": [{"file": e.source, "line": e.line, "reason": e.reason} for e in self.errors],
            "warnings": [{"file": w.source, "line": w.line, "reason": w.reason} for w in self.warnings],
            "changes": [
                {
                    "action": change.action.value,
                    "kind": change.kind,
                    "code": change.code,
                    "fields": {f.name: [f.before, f.after] for f in change.fields},
                }
                for change in self.changes
            ],
        }

    def lines(self) -> Iterator[str]:
        """The report for people, in French."""
        marks = {Action.ADDED: "+", Action.CHANGED: "~", Action.REMOVED: "-"}
        for change in self.changes:
            yield f"{marks[change.action]} {change.kind} {change.code}"
            for f in change.fields:
                yield f"    {f.name} : {_short(f.before)} → {_short(f.after)}"
        shown = len(self.changes)
        total = sum(count for action, count in self.counts.items() if action is not Action.UNCHANGED)
        if total > shown:
            yield f"… et {total - shown} autres différences."
        for warning in self.warnings:
            yield f"attention : {warning}"
        for error in self.errors:
            yield f"rejet : {error}"
        if len(self.by_kind) > 1:
            yield from (f"  {kind} : {_in_words(counts)}" for kind, counts in self.by_kind.items())
        if self.kept_corrections:
            yield f"corrections de la rédaction gardées : {self.kept_corrections}"
        if self.set_aside:
            yield f"laissées de côté par le filtre : {self.set_aside}"
        yield (
            f"{self.source} : {_in_words(self.counts)}, "
            f"{self.error_count} rejets, {self.warning_count} avertissements."
        )


def _in_words(counts: Counter[Action]) -> str:
    return (
        f"{counts[Action.ADDED]} ajouts, {counts[Action.CHANGED]} modifications, "
        f"{counts[Action.REMOVED]} retraits, {counts[Action.UNCHANGED]} inchangés"
    )


def _short(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return f"« {flat[: limit - 1]}… »" if len(flat) > limit else f"« {flat} »"


def field_changes(before: dict[str, object], after: dict[str, object]) -> tuple[FieldChange, ...]:
    """The fields whose values differ; values are compared as they are and shown as text."""
    return tuple(
        FieldChange(name, as_text(before.get(name)), as_text(value))
        for name, value in after.items()
        if before.get(name) != value
    )


def as_text(value: object) -> str:
    return "" if value is None else str(value)

"""A load in several steps, each through the very command an operator would use.

One rule: every step can be run again; a second run changes nothing and says so.
"""

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.core.management import call_command
from django.core.management.base import CommandError

from skills.imports.report import RowError

WARNINGS_SHOWN = 10


@dataclass
class StepResult:
    """What one step did. `rejected` and `warned` are lines for people, the first ones; `rejected_count` and `warnings` count
    them all.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    rejected_count: int = 0
    rejected: list[str] = field(default_factory=list)
    warnings: int = 0
    warned: list[str] = field(default_factory=list)
    kept_corrections: int = 0
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    note: str = ""
    seconds: float = 0.0

    @property
    def differences(self) -> int:
        return self.added + self.changed + self.removed

    def __str__(self) -> str:
        if self.note:
            return self.note
        parts = [
            f"{self.added} ajouts, {self.changed} modifications" if self.differences else "rien de nouveau"
        ]
        if self.removed:
            parts.append(f"{self.removed} retraits")
        if self.rejected_count:
            parts.append(f"{self.rejected_count} rejets")
        return ", ".join(parts)

    def lines(self) -> Iterator[str]:
        """What is told under the step: the rows refused, then a few warnings, since sources have some at every run."""
        yield from (f"rejet : {line}" for line in self.rejected)
        shown = self.warned[:WARNINGS_SHOWN]
        yield from (f"attention : {line}" for line in shown)
        if self.warnings > len(shown):
            yield f"… et {self.warnings - len(shown)} autres avertissements"


@dataclass(frozen=True)
class Step:
    label: str
    run: Callable[[], StepResult]


def run_steps(steps: Sequence[Step], stream: TextIO) -> list[StepResult]:
    """Run each step, telling on `stream` which one and what it did."""
    results = []
    for number, step in enumerate(steps, start=1):
        stream.write(f"[{number}/{len(steps)}] {step.label}…", ending=" ")
        stream.flush()
        started = time.monotonic()
        result = step.run()
        result.seconds = time.monotonic() - started
        stream.write(str(result))
        for line in result.lines():
            stream.write(f"    {line}")
        results.append(result)
    return results


def import_step(command: str, *arguments: object, **options: object) -> StepResult:
    """Run an import command and read its report: it exits with 1 where rows were rejected, and refuses a source whole by a
    `CommandError`, which stops no other step.
    """
    output = io.StringIO()
    try:
        call_command(command, *map(str, arguments), apply=True, json=True, stdout=output, **options)
    except CommandError as error:
        return StepResult(rejected_count=1, rejected=[str(error)])
    except SystemExit as end:
        if end.code != 1:
            raise
    report = json.loads(output.getvalue())
    return StepResult(
        added=report["added"],
        changed=report["changed"],
        removed=report["removed"],
        unchanged=report["unchanged"],
        rejected_count=report["rejected"],
        rejected=[_error_line(error) for error in report["errors"]],
        warnings=report["warned"],
        warned=[_error_line(warning) for warning in report["warnings"]],
        kept_corrections=report["kept_corrections"],
        by_kind=report["by_kind"],
    )


def _error_line(error: dict[str, Any]) -> str:
    return str(RowError(error["file"], error["line"], error["reason"]))

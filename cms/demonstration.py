"""The demonstration: what is loaded, in which order, through the very commands an operator would use.

One rule: every step can be run again; a second run changes nothing and says so.
"""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from cms.site_setup import setup_site
from people.demonstration_accounts import accounts_are_allowed, create_demonstration_accounts

TRAININGS = Path("training") / "demonstration"
TRAINING_COMMANDS = {".csv": "import_trainings_csv", ".xml": "import_lheo"}


@dataclass
class StepResult:
    """What one step did. `rejected` are lines for people."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    rejected: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def differences(self) -> int:
        return self.added + self.changed + self.removed

    def __str__(self) -> str:
        if self.note:
            return self.note
        done = f"{self.added} ajouts, {self.changed} modifications" if self.differences else "rien de nouveau"
        return f"{done}, {len(self.rejected)} rejets" if self.rejected else done


@dataclass(frozen=True)
class Step:
    label: str
    run: Callable[[], StepResult]


def demonstration_steps() -> list[Step]:
    return [
        Step("site", _setup_site),
        Step("communes", lambda: _import("import_places")),
        Step("référentiel de compétences", lambda: _import("load_referential")),
        Step("organisations", lambda: _import("load_organisations")),
        Step("fiches métiers", lambda: _import("load_job_profiles")),
        *(_training_step(path) for path in _training_files()),
        Step("besoins des employeurs", lambda: _import("load_needs")),
        Step("comptes", _create_accounts),
    ]


def _setup_site() -> StepResult:
    return StepResult(added=len(setup_site()))


def _create_accounts() -> StepResult:
    if not accounts_are_allowed():
        return StepResult(note="aucun : ces réglages n'admettent pas de comptes de démonstration")
    return StepResult(added=len(create_demonstration_accounts()))


def _training_files() -> Iterator[Path]:
    folder = Path(settings.BASE_DIR) / TRAININGS
    return (path for path in sorted(folder.iterdir()) if path.suffix in TRAINING_COMMANDS)


def _training_step(path: Path) -> Step:
    def run() -> StepResult:
        return _import(
            TRAINING_COMMANDS[path.suffix], path, source=f"demonstration-{path.stem}", demonstration=True
        )

    return Step(f"formations ({path.name})", run)


def _import(command: str, *arguments: object, **options: object) -> StepResult:
    """Run an import command and read its report; where rows were rejected, it exits with 1."""
    output = io.StringIO()
    try:
        call_command(command, *map(str, arguments), apply=True, json=True, stdout=output, **options)
    except SystemExit as end:
        if end.code != 1:
            raise
    report = json.loads(output.getvalue())
    return StepResult(
        added=report["added"],
        changed=report["changed"],
        removed=report["removed"],
        unchanged=report["unchanged"],
        rejected=[_error_line(error) for error in report["errors"]],
    )


def _error_line(error: dict[str, object]) -> str:
    place = error["file"] if error["line"] is None else f"{error['file']}, ligne {error['line']}"
    return f"{place} : {error['reason']}"

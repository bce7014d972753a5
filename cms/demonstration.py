"""The demonstration: what is loaded, in which order, through the very commands an operator would use.

One rule: every step can be run again; a second run changes nothing and says so.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from cms.site_setup import setup_site
from cms.steps import Step, StepResult, import_step
from people.demonstration_accounts import accounts_are_allowed, create_demonstration_accounts

TRAININGS = Path("training") / "demonstration"
TRAINING_COMMANDS = {".csv": "import_trainings_csv", ".xml": "import_lheo"}


def demonstration_steps() -> list[Step]:
    return [
        Step("site", _setup_site),
        Step("communes", lambda: import_step("import_places")),
        Step("référentiel de compétences", lambda: import_step("referential", "load")),
        Step("organisations", lambda: import_step("load_organisations")),
        Step("fiches métiers", lambda: import_step("load_job_profiles")),
        *(_training_step(path) for path in _training_files()),
        Step("besoins des employeurs", lambda: import_step("load_needs")),
        Step("candidats inventés", lambda: import_step("load_candidates")),
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
        return import_step(
            TRAINING_COMMANDS[path.suffix], path, source=f"demonstration-{path.stem}", demonstration=True
        )

    return Step(f"formations ({path.name})", run)

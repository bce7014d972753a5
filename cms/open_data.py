"""Everything in OPEN_DATA_DIR, in the order in which one source needs another.

One rule: every file of the folder is either loaded by a step or named with the reason why it is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cms.steps import Step, StepResult, import_step

# Files that no step loads, by pattern within the folder, and why.
LEFT_OUT = {
    "bio/*": "première sélection, relue : training/sector_diplomas et le filtre de la filière la remplacent",
    "eval/*": "jeu d'évaluation, jamais chargé",
    "lheo/*.xsd": "schéma",
    "lheo/*skeleton*": "squelette du format, sans valeurs",
    "rome/rome_esco_by_code.csv.gz": "résumé de rome_esco.csv.gz",
    "README*": "notice",
    "*/README*": "notice",
    "*/ATTRIBUTION*": "notice",
}
# LHEO samples whose organisations are invented.
INVENTED = "bioproduction"


@dataclass(frozen=True)
class Source:
    """A step: its name, its command, the files below the folder that show it is there, what is given to the command."""

    label: str
    command: str
    pattern: str
    place: str = ""


SOURCES = (
    Source("communes", "import_places", "places/communes.csv.gz", "places/communes.csv.gz"),
    Source("ESCO", "import_esco", "esco/*.csv.gz", "esco"),
    Source("ROME", "import_rome", "rome/*.csv.gz", "rome"),
    Source("RNCP et RS, fiches actives", "import_rncp_titles", "rncp/rncp_fiches_actives.csv.gz"),
    Source("RNCP, kit apprentissage", "import_rncp_kit", "rncp/kit_apprentissage_rncp.csv.gz"),
    Source("RNCP et RS, export quotidien", "import_rncp_export", "rncp/export-fiches*.zip"),
    Source("Onisep, formations", "import_onisep_formations", "onisep/*.csv.gz", "onisep"),
    Source("Onisep, métiers", "import_onisep_jobs", "onisep/*.csv.gz", "onisep"),
)


def open_data_steps(folder: Path) -> list[Step]:
    """The steps for what the folder holds, between our own referential and the sector's diplomas."""
    sources = [step for source in SOURCES for step in _source_steps(folder, source)]
    return [
        Step("référentiel de compétences", lambda: import_step("referential", "load")),
        *sources,
        Step("diplômes de la filière", lambda: import_step("load_sector_diplomas")),
        *(_lheo_step(path) for path in _lheo_files(folder)),
    ]


def _source_steps(folder: Path, source: Source) -> Iterator[Step]:
    """One step for a whole folder, or one for each file."""
    files = sorted(folder.glob(source.pattern))
    paths = [folder / source.place] if source.place and files else files
    for path in paths:
        label = source.label if len(paths) == 1 else f"{source.label} ({path.name})"
        yield Step(label, _runner(source.command, path))


def _runner(command: str, path: Path, **options: object):
    def run() -> StepResult:
        return import_step(command, path, **options)

    return run


def _lheo_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("lheo/*.xml")) if not _reason(folder, path)]


def _lheo_step(path: Path) -> Step:
    """Offers in LHEO; those of invented organisations are marked as demonstration."""
    options = {"source": path.stem, "demonstration": path.name.startswith(INVENTED)}
    return Step(f"offres LHEO ({path.name})", _runner("import_lheo", path, **options))


def files_left_out(folder: Path) -> dict[str, str]:
    """Every file that no step reads, and why."""
    loaded = {path for source in SOURCES for path in folder.glob(source.pattern)} | set(_lheo_files(folder))
    return {
        str(path.relative_to(folder)): _reason(folder, path) or "fichier inconnu"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (path not in loaded or _reason(folder, path))
    }


def _reason(folder: Path, path: Path) -> str:
    relative = path.relative_to(folder)
    return next((reason for pattern, reason in LEFT_OUT.items() if relative.match(pattern)), "")


def default_folder() -> Path | None:
    return Path(settings.OPEN_DATA_DIR) if settings.OPEN_DATA_DIR else None

"""`manage.py referential check|diff|load|export|stats`: the referential's files, from writing to publishing.

Exit status 1 when something is wrong with the files, 2 when they cannot be read. See docs/formats/referential.md.
"""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from cms.referential_figures import catalogue_figures
from skills.concept_files.checking import Checked, check_folder
from skills.concept_files.differences import (
    LIST_SEPARATOR,
    LISTS,
    Bump,
    ConceptChange,
    next_version,
    referential_changes,
)
from skills.concept_files.entries import SCHEMES, ReferentialFiles
from skills.concept_files.history import History, Scheme, parse_version, read_history
from skills.concept_files.parsing import SCHEME_FILE, read_referential
from skills.concept_files.public import public_part
from skills.concept_files.statistics import statistics
from skills.exports.skos import FORMATS, serialise, skos_graph, violations
from skills.exports.source_files import other_files, write_source_files
from skills.exports.tables import as_csv, as_json
from skills.imports.command import ImportCommand
from skills.imports.referential import import_referential
from skills.imports.report import FieldChange, ImportReport, RowError
from skills.stored_concepts import stored_referential, stored_version

FOLDER = settings.REFERENTIAL_DIR
MARKS = {"added": "+", "removed": "-", "retired": "x", "changed": "~"}
KINDS = {"domain": "domaine ", "acronym-sense": "sens de sigle "}


class Command(ImportCommand):
    help = "Vérifie, compare, charge, exporte et compte le référentiel (voir docs/formats/referential.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="check|diff|load|export|stats")
        for name, text in (
            ("check", "vérifie les fichiers"),
            ("diff", "compare les fichiers à la base, ou à d'autres fichiers"),
            ("load", "charge les fichiers dans la base"),
            ("export", "écrit le référentiel en SKOS, CSV, JSON ou fichiers source"),
            ("stats", "compte"),
        ):
            action = actions.add_parser(name, help=text)
            action.add_argument(
                "path", type=Path, nargs="?", default=FOLDER, help="dossier des fichiers YAML"
            )
            action.add_argument("--json", action="store_true", help="une ligne JSON")
            getattr(self, f"_{name}_arguments", lambda _: None)(action)

    def _diff_arguments(self, action: CommandParser) -> None:
        action.add_argument(
            "--against", type=Path, metavar="DOSSIER", help="autre état des fichiers, plus ancien"
        )

    def _load_arguments(self, action: CommandParser) -> None:
        action.add_argument(
            "--apply", action="store_true", help="charge ; sans cette option, montre les différences"
        )

    def _export_arguments(self, action: CommandParser) -> None:
        action.add_argument(
            "--format", choices=[*FORMATS, "csv", "json", "yaml"], default="turtle", help="turtle par défaut"
        )
        action.add_argument(
            "--output", type=Path, help="fichier (dossier pour yaml) ; sinon, sortie standard"
        )
        action.add_argument(
            "--from-files", action="store_true", help="exporte les fichiers plutôt que la base"
        )

    def handle(self, *, action: str, path: Path, **options) -> None:
        if action == "load":
            super().handle(path=path, **options)
            return
        try:
            getattr(self, f"do_{action}")(path, options)
        except OSError as error:
            raise CommandError(
                f"{error.filename or path} : {error.strerror or error}", returncode=2
            ) from error

    def run(self, path: Path, *, apply: bool, **options: object) -> ImportReport:
        return import_referential(path, apply=apply)

    # --- check
    def do_check(self, path: Path, options: dict) -> None:
        checked = check_folder(path, Path(settings.OPEN_DATA_DIR) if settings.OPEN_DATA_DIR else None)
        errors = checked.findings.errors
        if not checked.files.named and not errors:
            raise CommandError(f"{path} : aucune compétence dans ce dossier (fichiers .yaml).", returncode=2)
        if options["json"]:
            self._line(_as_object(checked))
        else:
            self._tell(checked)
        if errors:
            sys.exit(1)

    def _tell(self, checked: Checked) -> None:
        for warning in checked.findings.warnings:
            self.stdout.write(f"attention : {warning}")
        for error in checked.findings.errors:
            self.stdout.write(f"erreur : {error}")
        if unjudged := [scheme.upper() for scheme in SCHEMES if scheme not in checked.judged]:
            self.stderr.write(f"OPEN_DATA_DIR ne donne pas {' ni '.join(unjudged)} : codes non vérifiés.")
        self.stdout.write(
            f"{len(checked.files.skills)} compétences, {len(checked.files.domains)} domaines : "
            f"{len(checked.findings.errors)} erreurs, {len(checked.findings.warnings)} avertissements."
        )

    # --- diff
    def do_diff(self, path: Path, options: dict) -> None:
        after, older = self._readable(path), options["against"]
        before = self._readable(older) if older else stored_referential()
        changes = referential_changes(before, after)
        version = parse_version(self._version(older) if older else stored_version())
        proposed = ".".join(map(str, next_version(version, changes))) if version else ""
        if options["json"]:
            self._line({"changes": [_change_object(change) for change in changes], "next_version": proposed})
            return
        for change in changes:
            self.stdout.write(
                f"{MARKS[change.action]} {KINDS.get(change.kind, '')}{change.code} : {change.label}"
            )
            for field in change.fields:
                self.stdout.write(f"    {field.name} : {_told(field)}")
        self._sum_up(changes, "disparues" if older else "seulement en base")
        if proposed:
            said = self._version(path) or "aucune"
            self.stdout.write(
                f"Version suivante proposée : {proposed} ({_bump(changes)}) ; {SCHEME_FILE} dit : {said}."
            )

    def _sum_up(self, changes: list[ConceptChange], removed: str) -> None:
        counted = {
            name: sum(change.action == name for change in changes if not change.kind) for name in MARKS
        }
        others = sum(bool(change.kind) for change in changes)
        self.stdout.write(
            f"{counted['added']} ajoutées, {counted['changed']} modifiées, {counted['retired']} retirées, "
            f"{counted['removed']} {removed}"
            + (f" ; {others} différences de domaines et de sens de sigles." if others else ".")
        )

    def _version(self, path: Path) -> str:
        scheme = read_history(path).scheme
        return scheme.version if scheme else ""

    # --- export
    def do_export(self, path: Path, options: dict) -> None:
        history = read_history(path)
        scheme = self._scheme(path, history)
        files = self._sound(path) if options["from_files"] else stored_referential()
        if not files.skills:
            raise CommandError("La base est vide : chargez d'abord (referential load --apply).", returncode=2)
        if options["format"] == "yaml":
            self._export_sources(files, options)
            return
        # Drafts go back to the project, and to nobody else.
        told = public_part(files)
        text = self._text(told, scheme, history, options["format"])
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
            self.stderr.write(f"{len(told.skills)} compétences écrites dans {options['output']}.")
        else:
            self.stdout.write(text, ending="")

    def _text(self, files: ReferentialFiles, scheme: Scheme, history: History, format_name: str) -> str:
        if format_name == "csv":
            return as_csv(files)
        if format_name == "json":
            return as_json(files, scheme)
        graph = skos_graph(files, scheme, history)
        if found := violations(graph):
            raise CommandError(
                "L'export ne respecte pas les formes SKOS :\n" + "\n".join(found[:50]), returncode=1
            )
        self.stderr.write(f"{len(graph)} triplets, conformes aux formes SKOS (SHACL).")
        return serialise(graph, format_name)

    def _export_sources(self, files: ReferentialFiles, options: dict) -> None:
        if not options["output"]:
            raise CommandError("--format yaml demande --output DOSSIER.", returncode=2)
        folder = options["output"]
        written = write_source_files(files, folder)
        self.stderr.write(f"{len(written)} fichiers écrits dans {folder}.")
        for path in other_files(folder, written):
            self.stderr.write(
                f"attention : {path} était déjà là, et redit peut-être les mêmes compétences ; ôtez-le."
            )
        for error in read_referential(folder).errors:
            self.stderr.write(f"attention : {error}")

    def _scheme(self, path: Path, history: History) -> Scheme:
        if history.errors or history.scheme is None:
            reason = str(history.errors[0]) if history.errors else f"{path / SCHEME_FILE} manque."
            raise CommandError(reason, returncode=2)
        return history.scheme

    # --- stats
    def do_stats(self, path: Path, options: dict) -> None:
        figures = statistics(self._readable(path)) | catalogue_figures()
        if options["json"]:
            self._line(figures)
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:<34} {_shown(value)}")

    # ---
    def _readable(self, path: Path) -> ReferentialFiles:
        """The files, which must all be readable: half a referential compares and counts wrongly."""
        files = read_referential(path)
        if not files.named and not files.errors:
            raise CommandError(f"{path} : aucune compétence dans ce dossier (fichiers .yaml).", returncode=2)
        self._refuse(files.errors)
        return files

    def _sound(self, path: Path) -> ReferentialFiles:
        """The files, which must pass the check: what is exported from them is published."""
        checked = check_folder(path, None)
        self._refuse(checked.findings.errors)
        return checked.files

    def _refuse(self, errors: list[RowError]) -> None:
        if errors:
            said = "\n".join(str(error) for error in errors[:20])
            raise CommandError(
                f"Ces fichiers ont des erreurs (voir referential check) :\n{said}", returncode=1
            )

    def _line(self, content: dict) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False))


def _as_object(checked: Checked) -> dict[str, object]:
    def rows(found) -> list[dict[str, object]]:
        return [{"file": one.source, "line": one.line, "reason": one.reason} for one in found]

    return {
        "skills": len(checked.files.skills),
        "domains": len(checked.files.domains),
        "judged": list(checked.judged),
        "errors": rows(checked.findings.errors),
        "warnings": rows(checked.findings.warnings),
    }


def _change_object(change: ConceptChange) -> dict[str, object]:
    fields = {field.name: [field.before, field.after] for field in change.fields}
    kind = change.kind or "skill"
    return {
        "action": change.action,
        "kind": kind,
        "code": change.code,
        "label_fr": change.label,
        "fields": fields,
    }


def _told(field: FieldChange) -> str:
    """Of a list, what leaves it and what comes; of a text, both."""
    if field.name not in LISTS:
        return f"« {field.before} » → « {field.after} »"
    before, after = (text.split(LIST_SEPARATOR) for text in (field.before, field.after))
    gone = [f"- « {text} »" for text in before if text and text not in after]
    come = [f"+ « {text} »" for text in after if text and text not in before]
    return " ".join([*gone, *come])


def _bump(changes: list[ConceptChange]) -> str:
    names = {
        Bump.MAJOR: "majeure",
        Bump.MINOR: "mineure",
        Bump.PATCH: "corrective",
        Bump.NONE: "aucun changement",
    }
    return names[max((change.bump for change in changes), default=Bump.NONE)]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    return f"({value})" if isinstance(value, tuple) else str(value)

"""The one loader of trainings: compares rows with the database, reports, and loads when asked.

One rule: a training is (source, external id). One that left its source is unpublished, never deleted, and
only when the whole source was read; it is published again when it comes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.text import slugify

from skills.imports.progress import progress
from skills.imports.releases import release_of
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError
from skills.models import DataRelease
from training.importers.certification_watch import ImportWatch
from training.importers.corrections import Releases, given_differs, keep_corrections
from training.importers.organisations import OrganisationDirectory
from training.importers.rows import RejectedRow, SourceNote, TrainingRow, TrainingSource
from training.importers.trees import (
    TrainingTree,
    TreeBuilder,
    differences,
    keep_what_the_row_does_not_own,
    stored_tree,
    validation_message,
    with_tree,
)
from training.importers.writing import create_tree, update_tree
from training.models import Training
from training.signals import training_changed

CHUNK = 200
# The source, among skills.sources, that files given by training providers are releases of.
PROVIDER_FILE = "provider-file"
CODE_LENGTH = 80


@dataclass
class TrainingImportReport(ImportReport):
    """`going_offline`: how many of the removed trainings were online, which the removals alone do not say."""

    going_offline: int = 0


def release_of_file(path: Path, source: str, *, name: str = "", apply: bool) -> DataRelease:
    """The release that a provider's file is."""
    return release_of(PROVIDER_FILE, [path], version=source[:60], name=name, apply=apply)


def load_trainings(
    rows: TrainingSource,
    *,
    name: str,
    source: str,
    release: DataRelease,
    apply: bool,
    demonstration: bool = False,
) -> TrainingImportReport:
    """Compare what a source yields with the database and, when `apply`, load it. `name` is the file's, in the report."""
    report = TrainingImportReport(source=name)
    loader = _TrainingLoader(report, source, release, apply=apply, demonstration=demonstration)
    items = progress(rows.rows(), "Formations")
    while chunk := list(islice(items, CHUNK)):
        loader.load(chunk)
    loader.remove_missing(whole_source_read=rows.complete)
    return report


class _TrainingLoader:
    def __init__(
        self,
        report: TrainingImportReport,
        source: str,
        release: DataRelease,
        *,
        apply: bool,
        demonstration: bool,
    ) -> None:
        self.report = report
        self.source = source
        self.release = release
        self.apply = apply
        self.organisations = OrganisationDirectory(demonstration=demonstration)
        self.builder = TreeBuilder(source, self.organisations, demonstration=demonstration)
        self.watch = ImportWatch(timezone.localdate())
        self.lines: dict[str, int | None] = {}
        self.codes_given: set[str] = set()
        self.read_count = 0
        self.lost_identity = False

    def load(self, chunk: list[TrainingRow | RejectedRow | SourceNote]) -> None:
        rows = list(self._accepted(chunk))
        self.organisations.prepare(
            [
                organisation
                for row in rows
                for organisation in (row.provider, *(action.delivering_provider for action in row.actions))
                if organisation is not None
            ]
        )
        self.watch.prepare(rows)
        stored = {
            training.external_id: training
            for training in with_tree(
                Training.objects.filter(source=self.source, external_id__in=[row.external_id for row in rows])
            )
        }
        codes_taken = self._codes_taken(rows)
        for row in rows:
            self._load_row(row, stored.get(row.external_id), codes_taken)

    def _accepted(self, chunk: list[TrainingRow | RejectedRow | SourceNote]) -> Iterator[TrainingRow]:
        for item in chunk:
            if isinstance(item, SourceNote):
                self._warn(item.line, item.text)
            elif isinstance(item, RejectedRow):
                self._reject(item.line, item.reason)
                if item.external_id:
                    # Its training is still in the source: it must not be taken for a removed one.
                    self.lines.setdefault(item.external_id, None)
                else:
                    self.lost_identity = True
            elif self.lines.get(item.external_id) is not None:
                first = self.lines[item.external_id]
                self._reject(
                    item.line, f"identifiant {item.external_id} en double : déjà décrit ligne {first}."
                )
            else:
                self.lines[item.external_id] = item.line or 0
                self.read_count += 1
                yield item

    def _load_row(self, row: TrainingRow, training: Training | None, codes_taken: set[str]) -> None:
        notes = list(row.notes)
        try:
            tree = self.builder.build(row, notes)
        except ValidationError as error:
            self._reject(row.line, f"formation {row.external_id} : {validation_message(error)}")
            return
        try:
            change = self._plan_and_write(row, tree, training, codes_taken)
        except DatabaseError as error:
            self._reject(row.line, f"formation {row.external_id} : refusée par la base de données ({error}).")
            return
        self.report.record(change)
        for note in dict.fromkeys(notes):
            self._warn(row.line, f"formation {row.external_id} : {note}")
        for line, text in self.watch.notes(row):
            self._warn(line, f"formation {row.external_id} : {text}")

    def _plan_and_write(
        self, row: TrainingRow, tree: TrainingTree, training: Training | None, codes_taken: set[str]
    ) -> Change:
        if training is None:
            tree.training.code = self._free_code(row.code_hint or row.external_id, codes_taken)
            keep_corrections(tree, None, self._releases(row))
            if self.apply:
                self._write(tree, None)
            return Change(Action.ADDED, "formation", tree.training.code)
        stored = stored_tree(training)
        self.report.kept_corrections += keep_corrections(tree, stored, self._releases(row))
        keep_what_the_row_does_not_own(tree, stored, is_partial=row.is_partial)
        fields = differences(stored, tree)
        if training.left_source_on is not None:
            fields += (FieldChange("absente de sa source depuis", str(training.left_source_on), ""),)
        if not fields:
            if self.apply and given_differs(tree, stored):
                self._write(tree, stored)
            return Change(Action.UNCHANGED, "formation", training.code)
        if self.apply:
            self._write(tree, stored)
        return Change(Action.CHANGED, "formation", training.code, fields)

    def _releases(self, row: TrainingRow) -> Releases:
        return Releases(self.release.pk, row.field_releases)

    def _write(self, tree: TrainingTree, stored: TrainingTree | None) -> None:
        """Write one training; a refusal by the database undoes this row alone."""
        for organisation in (tree.provider, *(branch.action.delivering_provider for branch in tree.actions)):
            if organisation is not None and organisation.pk is None:
                with transaction.atomic():
                    organisation.save()
        with transaction.atomic():
            training = create_tree(tree) if stored is None else update_tree(tree, stored)
            training_changed.send(sender=Training, training_id=training.pk)

    def remove_missing(self, *, whole_source_read: bool) -> None:
        """Unpublish the trainings of this source that it no longer gives."""
        missing = Training.objects.filter(source=self.source, left_source_on=None).exclude(external_id="")
        if not whole_source_read or self.lost_identity or self.read_count == 0:
            if missing.exists():
                why = (
                    "aucune formation n'a été lue"
                    if self.read_count == 0
                    else "la source n'a pas été lue en entier"
                )
                self._warn(None, f"{why} : aucune formation n'est retirée.")
            return
        gone = [
            pk
            for pk, external_id in (
                missing.order_by("code").values_list("pk", "external_id").iterator(chunk_size=2_000)
            )
            if external_id not in self.lines
        ]
        for start in range(0, len(gone), CHUNK):
            for training in Training.objects.filter(pk__in=gone[start : start + CHUNK]).order_by("code"):
                self.report.record(Change(Action.REMOVED, "formation", training.code))
                self.report.going_offline += training.live
                if self.apply:
                    self._withdraw(training)

    def _withdraw(self, training: Training) -> None:
        training.left_source_on = timezone.localdate()
        if training.live:
            training.unpublish(commit=False)
        training.save()
        training_changed.send(sender=Training, training_id=training.pk)

    def _codes_taken(self, rows: list[TrainingRow]) -> set[str]:
        candidates = [
            candidate
            for row in rows
            for candidate in islice(self._code_candidates(row.code_hint or row.external_id), 2)
        ]
        return set(Training.objects.filter(code__in=candidates).values_list("code", flat=True))

    def _free_code(self, external_id: str, codes_taken: set[str]) -> str:
        for rank, code in enumerate(self._code_candidates(external_id)):
            # Only the first two candidates were looked up for the whole chunk.
            in_database = code in codes_taken if rank < 2 else Training.objects.filter(code=code).exists()
            if not in_database and code not in self.codes_given:
                self.codes_given.add(code)
                return code
        raise AssertionError("the candidates never end")

    def _code_candidates(self, external_id: str) -> Iterator[str]:
        """The slug of the external id, then with the source before it, then numbered."""
        plain = _slug(external_id) or "formation"
        prefixed = _slug(f"{self.source} {external_id}") or plain
        yield plain[:CODE_LENGTH].rstrip("-")
        yield prefixed[:CODE_LENGTH].rstrip("-")
        for number in range(2, 1_000_000):
            yield f"{prefixed[: CODE_LENGTH - 8].rstrip('-')}-{number}"

    def _reject(self, line: int | None, reason: str) -> None:
        self.report.reject(RowError(self.report.source, line, reason))

    def _warn(self, line: int | None, text: str) -> None:
        self.report.warn(RowError(self.report.source, line, text))


def _slug(text: str) -> str:
    return "-".join(part for part in slugify(text).replace("_", "-").split("-") if part)

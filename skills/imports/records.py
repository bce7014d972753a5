"""Loads rows that an open-data source gives: compares, merges with editors' corrections, writes, marks what was withdrawn.

One rule: a source never deletes; a row it no longer gives is marked with the day, and what uses the row is reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import connections, reset_queries, router
from django.db.models import Model
from django.utils import timezone

from skills.imports.merging import BLANK, Merge, merge
from skills.imports.progress import progress
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError, as_text
from skills.models import DataRelease, SourcedRecord, as_given
from skills.sources import SOURCES
from skills.uses_registry import uses_of

CHUNK = 500
# What a newer delivery writes of a row that it only confirms, which is nearly every one.
PROVENANCE = ("given", "release")
MAX_USES_SHOWN = 5
LONGEST_KEY_SHOWN = 120


@dataclass(frozen=True)
class RecordTable:
    """A table of records: its identity, the fields the source gives, those derived from them, its name in reports.

    Foreign keys among `fields` are given as primary keys. `derived` fields are computed by the model's own `derive`, then by
    this one where the rule lies above the model; both see the row as it will stand, corrections included. `obsolete` is a
    field and its value by which the source declares obsolete a row that it still gives.
    """

    model: type[SourcedRecord]
    key: str
    fields: tuple[str, ...]
    label: str
    derived: tuple[str, ...] = ()
    derive: Callable[[SourcedRecord], None] | None = None
    obsolete: tuple[str, object] | None = None


@dataclass(frozen=True)
class RecordRow:
    """A row of the source: its line, its identity, and the fields it gives."""

    line: int | None
    key: str
    values: Mapping[str, object]


@dataclass
class _Chunk:
    """What a chunk of rows asks to write. `confirmed` rows stand as they are, and only know a newer release of their source;
    `obsolete` ones, by identity with their line, are those that the source has just declared so.
    """

    added: list[SourcedRecord] = field(default_factory=list)
    changed: list[SourcedRecord] = field(default_factory=list)
    confirmed: list[SourcedRecord] = field(default_factory=list)
    obsolete: dict[str, int | None] = field(default_factory=dict)


class RecordLoader:
    """Loads the rows of one table. `load` may be called several times, `withdraw_missing` once, at the end."""

    def __init__(
        self,
        table: RecordTable,
        release: DataRelease,
        report: ImportReport,
        *,
        apply: bool,
        on_change: Callable[[list[SourcedRecord]], None] | None = None,
    ) -> None:
        self.table = table
        self.release = release
        self.report = report
        self.apply = apply
        self.on_change = on_change
        self.seen: set[str] = set()
        self.refused: set[str] = set()
        self._sources = dict(DataRelease.objects.values_list("pk", "source"))

    @property
    def rank(self) -> int:
        return self.release.definition.rank

    def _rank_of(self, release: int | None) -> int:
        return SOURCES[self._sources[release]].rank if release in self._sources else 0

    def load(self, rows: Iterable[RecordRow]) -> None:
        shown = progress(self._new_rows(rows), self.table.label)
        while chunk := list(islice(shown, CHUNK)):
            self._load_chunk(chunk)

    def _new_rows(self, rows: Iterable[RecordRow]) -> Iterator[RecordRow]:
        for row in rows:
            if not row.key:
                self._reject(row, f"{self.table.label} : identifiant vide.")
            elif row.key in self.seen:
                self._reject(row, f"{self.table.label} {row.key} : identifiant en double.")
            else:
                self.seen.add(row.key)
                yield row

    def _load_chunk(self, rows: list[RecordRow]) -> None:
        keys = [row.key for row in rows]
        found = self.table.model.objects.filter(**{f"{self.table.key}__in": keys})
        stored = {getattr(record, self.table.key): record for record in found}
        chunk = _Chunk()
        for row in rows:
            try:
                self._plan(row, stored.get(row.key), chunk)
            except ValidationError as error:
                self.refused.add(row.key)
                self._reject(row, f"{self.table.label} {row.key[:LONGEST_KEY_SHOWN]} : {_message(error)}")
        self._report_uses(chunk.obsolete, "déclarée obsolète par sa source")
        if self.apply:
            self._write(chunk)
        reset_queries()  # in development, Django keeps the text of every statement

    def _plan(self, row: RecordRow, record: SourcedRecord | None, chunk: _Chunk) -> None:
        is_new = record is None
        record = record or self.table.model(**{self.table.key: row.key})
        merged = self._merged(row, record, is_new=is_new)
        came_back = record.withdrawn_on is not None and self._may_take(record)
        is_confirmed = merged.given != record.given or self._moves_release(record)
        for name, (_before, after) in merged.changes.items():
            setattr(record, name, self._python_value(name, after))
        record.given = merged.given
        if is_new or merged.changes:
            _validate(record, self.table)
        self._record(row.key, merged, is_new=is_new, withdrawn_on=record.withdrawn_on if came_back else None)
        if came_back:
            record.withdrawn_on = None
        if self._moves_release(record):
            record.release = self.release
        recomputed = self._derive(record)
        if is_new:
            chunk.added.append(record)
        elif merged.changes or came_back or recomputed:
            chunk.changed.append(record)
        elif is_confirmed:
            chunk.confirmed.append(record)
        if not is_new and self._became_obsolete(merged):
            chunk.obsolete[row.key] = row.line

    def _became_obsolete(self, merged: Merge) -> bool:
        if self.table.obsolete is None:
            return False
        name, value = self.table.obsolete
        return name in merged.changes and merged.changes[name][1] == value

    def _derive(self, record: SourcedRecord) -> bool:
        """Compute what is derived; True when it differs from what stands, be it only because our rule changed."""
        before = [getattr(record, name) for name in self.table.derived]
        record.derive()
        if self.table.derive:
            self.table.derive(record)
        return before != [getattr(record, name) for name in self.table.derived]

    def _merged(self, row: RecordRow, record: SourcedRecord, *, is_new: bool) -> Merge:
        said = {name: as_given(value) for name, value in row.values.items()}
        if is_new:
            # Everything is the source's: defaults of the model are no correction.
            changes = {name: (None, value) for name, value in said.items()}
            return Merge(changes, {name: [value, self.release.pk] for name, value in said.items()})
        current = {name: as_given(getattr(record, self._attribute(name))) for name in said}
        outranked = frozenset(
            name
            for name, (value, release) in record.given.items()
            if value not in BLANK and self._is_left_to(release, said.get(name))
        )
        return merge(current, record.given, said, release=self.release.pk, outranked=outranked)

    def _is_left_to(self, release: int | None, said: object) -> bool:
        """A field stays what another source said when that one ranks higher, or when this one knows nothing of it."""
        if self._rank_of(release) > self.rank:
            return True
        return said in BLANK and self._sources.get(release, self.release.source) != self.release.source

    def _attribute(self, name: str) -> str:
        return self.table.model._meta.get_field(name).attname

    def _python_value(self, name: str, value: object) -> object:
        """Foreign keys are given as primary keys, dates as ISO text."""
        model_field = self.table.model._meta.get_field(name)
        if model_field.is_relation:
            return model_field.related_model(pk=value) if value is not None else None
        return model_field.to_python(value)

    def _may_take(self, record: SourcedRecord) -> bool:
        return record.release_id is None or self._rank_of(record.release_id) <= self.rank

    def _moves_release(self, record: SourcedRecord) -> bool:
        return record.release_id != self.release.pk and self._may_take(record)

    def _record(self, key: str, merged: Merge, *, is_new: bool, withdrawn_on: object) -> None:
        self.report.kept_corrections += len(merged.kept)
        if is_new:
            self.report.record(Change(Action.ADDED, self.table.label, key))
            return
        fields = tuple(
            FieldChange(self._verbose(name), as_text(before), as_text(after))
            for name, (before, after) in merged.changes.items()
        )
        if withdrawn_on is not None:
            fields += (FieldChange("retirée de sa source le", str(withdrawn_on), ""),)
        action = Action.CHANGED if fields else Action.UNCHANGED
        self.report.record(Change(action, self.table.label, key, fields))

    def _verbose(self, name: str) -> str:
        return str(self.table.model._meta.get_field(name).verbose_name)

    def _write(self, chunk: _Chunk) -> None:
        if chunk.added:
            self.table.model.objects.bulk_create(chunk.added)
        changing = (*self.table.fields, *self.table.derived, *PROVENANCE, "withdrawn_on")
        _update(chunk.changed, changing)
        _update(chunk.confirmed, PROVENANCE)
        if self.on_change and (touched := chunk.added + chunk.changed):
            self.on_change(touched)

    def withdraw_missing(self) -> None:
        """Mark the rows this source gave last time and gives no more."""
        given = self.table.model.objects.filter(release__source=self.release.source, withdrawn_on=None)
        missing = {
            key: pk
            for pk, key in given.values_list("pk", self.table.key).iterator(chunk_size=2_000)
            if key not in self.seen
        }
        if not missing:
            return
        if not self.seen:
            self.report.warn(
                RowError(self.report.source, None, f"{self.table.label} : aucune lue ; aucune n'est retirée.")
            )
            return
        for key in missing:
            self.report.record(Change(Action.REMOVED, self.table.label, key))
        self._report_uses(dict.fromkeys(missing), "retirée de sa source")
        if self.apply:
            self._mark_withdrawn(list(missing.values()))

    def _report_uses(self, gone: Mapping[str, int | None], how: str) -> None:
        """What still uses rows of which the source says the end, by identity with their line. No query when there is none."""
        for key, uses in uses_of(self.table.model, gone).items():
            more = f" et {len(uses) - MAX_USES_SHOWN} autres" if len(uses) > MAX_USES_SHOWN else ""
            reason = (
                f"{self.table.label} {key} : {how}, sert encore à {', '.join(uses[:MAX_USES_SHOWN])}{more}."
            )
            self.report.warn(self.report.error_at(gone[key], reason), first=True)

    def _mark_withdrawn(self, pks: list[int]) -> None:
        for start in range(0, len(pks), CHUNK):
            some = self.table.model.objects.filter(pk__in=pks[start : start + CHUNK])
            some.update(withdrawn_on=timezone.localdate())
            if self.on_change:
                self.on_change(list(some))

    def _reject(self, row: RecordRow, reason: str) -> None:
        self.report.reject(self.report.error_at(row.line, reason))


def _update(records: Sequence[SourcedRecord], names: Iterable[str]) -> None:
    """One statement, prepared once: `bulk_update`, which writes the rows into it, takes ten times as long."""
    if not records:
        return
    meta = records[0]._meta
    fields = [meta.get_field(name) for name in names]
    connection = connections[router.db_for_write(type(records[0]))]
    quote = connection.ops.quote_name
    places = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {places} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608 - names of our own models
    rows = (
        (*(field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields), record.pk)
        for record in records
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _validate(record: Model, table: RecordTable) -> None:
    """The model's own checks on what the source gives, without a query a row."""
    checked = {table.key, *table.fields}
    record.clean_fields(
        exclude=[f.name for f in record._meta.fields if f.name not in checked or f.is_relation]
    )


def _message(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ; ".join(f"{name} : {' '.join(messages)}" for name, messages in error.message_dict.items())

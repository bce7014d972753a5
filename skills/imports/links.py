"""Loads the relations that an open-data source gives between rows that are already there.

One rule: a relation is its two ends; one that the source no longer gives is marked, never deleted, and lives again when it
comes back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import reset_queries
from django.utils import timezone

from skills.imports.progress import progress
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError
from skills.models import DataRelease, SourcedLink

CHUNK = 2_000
End = int | str


@dataclass(frozen=True)
class LinkTable:
    """`ends` are the two columns (attribute names) that identify a link; `extra` the others that the source gives."""

    model: type[SourcedLink]
    ends: tuple[str, ...]
    label: str
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """`ends` in the order of the table; an end that is not loaded yet (dry run) is its public identity."""

    line: int | None
    ends: tuple[End, ...]
    extra: tuple[object, ...] = ()

    @property
    def name(self) -> str:
        return " → ".join(map(str, self.ends))


class LinkLoader:
    """Loads the whole of one table of links: `load`, then `withdraw_missing`.

    Memory holds one packed number a link read; stored links are fetched by their first end, a chunk at a time, so files
    grouped by it are read fastest.
    """

    def __init__(self, table: LinkTable, release: DataRelease, report: ImportReport, *, apply: bool) -> None:
        self.table = table
        self.release = release
        self.report = report
        self.apply = apply
        self.seen: set[object] = set()

    def load(self, rows: Iterable[LinkRow], total: int | None = None) -> None:
        shown = progress(self._new_rows(rows), self.table.label, total)
        while chunk := list(islice(shown, CHUNK)):
            stored = self._stored({row.ends[0] for row in chunk})
            added = [row for row in chunk if row.ends not in stored]
            for row in added:
                self.report.record(Change(Action.ADDED, self.table.label, row.name))
            known = [(row, stored[row.ends]) for row in chunk if row.ends in stored]
            changed = [(row, link[0]) for row, link in known if self._differs(row, link)]
            if self.apply:
                self._add(added)
                self._change(changed)
            reset_queries()  # in development, Django keeps the text of every statement

    def _new_rows(self, rows: Iterable[LinkRow]) -> Iterator[LinkRow]:
        for row in rows:
            packed = _packed(row.ends)
            if packed in self.seen:
                reason = f"{self.table.label} {row.name} : en double."
                self.report.warn(RowError(self.report.source, row.line, reason))
                continue
            self.seen.add(packed)
            yield row

    def _stored(self, first_ends: set[End]) -> dict[tuple[End, ...], tuple[object, ...]]:
        """Some stored links by their ends: primary key, day of withdrawal, release, then the extra columns."""
        names = (*self.table.ends, "pk", "withdrawn_on", "release_id", *self.table.extra)
        count = len(self.table.ends)
        wanted = [end for end in first_ends if isinstance(end, self._type_of_first_end)]
        links = self.table.model.objects.filter(**{f"{self.table.ends[0]}__in": wanted})
        return {row[:count]: row[count:] for row in links.order_by().values_list(*names)}

    @property
    def _type_of_first_end(self) -> type:
        """A dry run names ends that are not loaded yet by text, where the column holds a number."""
        return int if self.table.ends[0].endswith("_id") and self._is_relation else str

    @property
    def _is_relation(self) -> bool:
        return any(f.attname == self.table.ends[0] and f.is_relation for f in self.table.model._meta.fields)

    def _differs(self, row: LinkRow, stored: tuple[object, ...]) -> bool:
        """Record what the row changes; True when there is something to write, be it only the release."""
        _pk, withdrawn_on, release_id, *extra = stored
        fields = tuple(
            FieldChange(str(self.table.model._meta.get_field(name).verbose_name), str(before), str(after))
            for name, before, after in zip(self.table.extra, extra, row.extra, strict=True)
            if before != after
        )
        if withdrawn_on is not None:
            fields += (FieldChange("retirée de sa source le", str(withdrawn_on), ""),)
        if fields:
            self.report.record(Change(Action.CHANGED, self.table.label, row.name, fields))
        else:
            self.report.count(self.table.label, Action.UNCHANGED)
        return bool(fields) or release_id != self.release.pk

    def _add(self, rows: list[LinkRow]) -> None:
        self.table.model.objects.bulk_create(self._instance(row) for row in rows)

    def _change(self, rows: list[tuple[LinkRow, object]]) -> None:
        links = []
        for row, pk in rows:
            link = self._instance(row)
            link.pk, link.withdrawn_on = pk, None
            links.append(link)
        if links:
            names = [*self.table.extra, "release", "withdrawn_on"]
            self.table.model.objects.bulk_update(links, names, batch_size=300)

    def _instance(self, row: LinkRow) -> SourcedLink:
        values = zip((*self.table.ends, *self.table.extra), (*row.ends, *row.extra), strict=True)
        return self.table.model(**dict(values), release=self.release)

    def withdraw_missing(self) -> None:
        """Mark the links of this source that it no longer gives."""
        links = self.table.model.objects.filter(release__source=self.release.source, withdrawn_on=None)
        pks = [
            pk
            for pk, *ends in links.order_by().values_list("pk", *self.table.ends).iterator(chunk_size=CHUNK)
            if _packed(tuple(ends)) not in self.seen
        ]
        if pks and not self.seen:
            reason = f"{self.table.label} : aucun lien lu ; aucun n'est retiré."
            self.report.warn(RowError(self.report.source, None, reason))
            return
        if pks:
            self.report.count(self.table.label, Action.REMOVED, len(pks))
        if self.apply:
            for start in range(0, len(pks), CHUNK // 4):
                some = self.table.model.objects.filter(pk__in=pks[start : start + CHUNK // 4])
                some.update(withdrawn_on=timezone.localdate())


def _packed(ends: tuple[End, ...]) -> object:
    """Two numbers as one, which takes a third of the memory of their pair; other ends as they are."""
    if len(ends) == 2 and all(isinstance(end, int) for end in ends):
        return ends[0] << 32 | ends[1]
    return ends

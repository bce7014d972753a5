"""Loads the relations that an open-data source gives between rows that are already there.

One rule: a relation is its ends; one that the source no longer gives is marked, never deleted, and lives again when it
comes back. A relation that a better source gave is left to it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connections, reset_queries, router
from django.db.models import CharField, Model
from django.utils import timezone

from skills.imports.progress import progress
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError
from skills.imports.seen import SeenIdentities
from skills.models import DataRelease
from skills.sources import SOURCES

CHUNK = 2_000
# Rows named in one UPDATE: below the number of parameters that every database accepts.
UPDATED_AT_ONCE = 500
LONGEST_NAME = 200
End = int | str
Ends = tuple[End, ...]


@dataclass(frozen=True)
class LinkTable:
    """`ends` are the columns (attribute names) that identify a link; `extra` the others that the source gives.

    The model has the columns of `SourcedLink`: `release` and `withdrawn_on`.
    """

    model: type[Model]
    ends: tuple[str, ...]
    label: str
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """`ends` in the order of the table; an end that is not loaded yet (dry run) is its public identity.

    `shown` names the link in reports, where the ends are keys that say nothing to people.
    """

    line: int | None
    ends: Ends
    extra: tuple[object, ...] = ()
    shown: str = ""

    @property
    def name(self) -> str:
        return self.shown or " → ".join(map(str, self.ends))


class LinkLoader:
    """Loads the whole of one table of links: `load`, then `withdraw_missing`.

    Memory holds eight bytes a link read; stored links are fetched by their first end, a chunk at a time, so files grouped
    by it are read fastest. `on_change` hears the ends of the links that were added, changed or withdrawn.
    """

    def __init__(
        self,
        table: LinkTable,
        release: DataRelease,
        report: ImportReport,
        *,
        apply: bool,
        on_change: Callable[[list[Ends]], None] | None = None,
    ) -> None:
        self.table = table
        self.release = release
        self.report = report
        self.apply = apply
        self.on_change = on_change
        self.seen = SeenIdentities()
        self._texts = list(_texts(table))
        self._first_end_type = _type_of_first_end(table)
        rank = release.definition.rank
        sources = DataRelease.objects.values_list("pk", "source")
        self._better = frozenset(pk for pk, source in sources if SOURCES[source].rank > rank)

    def load(self, rows: Iterable[LinkRow]) -> None:
        shown = progress(rows, self.table.label)
        while read := list(islice(shown, CHUNK)):
            chunk = self._new(read)
            stored = self._stored(chunk)
            added = [row for row in chunk if row.ends not in stored]
            self._record_added(added)
            known = [(row, stored[row.ends]) for row in chunk if row.ends in stored]
            changed = [(row, link[0]) for row, link in known if self._differs(row, link)]
            if self.apply:
                self._add(added)
                self._change(changed)
                self._take([link[0] for _row, link in known if self._is_to_take(link)])
                self._tell([row.ends for row in added] + [row.ends for row, _pk in changed])
            reset_queries()  # in development, Django keeps the text of every statement

    def _new(self, rows: list[LinkRow]) -> list[LinkRow]:
        """Those that can be kept and are met for the first time; the others are reported."""
        rows = [row for row in rows if self._can_be_kept(row)]
        is_new = self.seen.add_new([row.ends for row in rows])
        for row, new in zip(rows, is_new, strict=True):
            if not new:
                reason = f"{self.table.label} {row.name} : en double."
                self.report.warn(self.report.error_at(row.line, reason))
        return [row for row, new in zip(rows, is_new, strict=True) if new]

    def _record_added(self, rows: list[LinkRow]) -> None:
        named = rows[: self.report.room]
        for row in named:
            self.report.record(Change(Action.ADDED, self.table.label, row.name))
        self.report.count(self.table.label, Action.ADDED, len(rows) - len(named))

    def _can_be_kept(self, row: LinkRow) -> bool:
        """Whether the columns hold what the row says; a few texts' lengths, checked a million times."""
        values = (*row.ends, *row.extra)
        wrong = [
            name
            for at, name, limit, may_be_blank in self._texts
            if len(values[at]) > limit or not (values[at] or may_be_blank)
        ]
        if wrong:
            reason = f"{self.table.label} {row.name[:LONGEST_NAME]} : vide ou trop long : {', '.join(wrong)}."
            self.report.reject(self.report.error_at(row.line, reason))
        return not wrong

    def _stored(self, rows: list[LinkRow]) -> dict[Ends, tuple[object, ...]]:
        """The stored links of a chunk by their ends: primary key, day of withdrawal, release, then the extra columns."""
        names = (*self.table.ends, "pk", "withdrawn_on", "release_id", *self.table.extra)
        count = len(self.table.ends)
        wanted = {row.ends for row in rows}
        first_ends = {ends[0] for ends in wanted if isinstance(ends[0], self._first_end_type)}
        links = self.table.model.objects.filter(**{f"{self.table.ends[0]}__in": first_ends})
        # One first end may have many more links than the chunk names: they are not all kept.
        rows_found = links.order_by().values_list(*names).iterator(chunk_size=CHUNK)
        return {row[:count]: row[count:] for row in rows_found if row[:count] in wanted}

    def _differs(self, row: LinkRow, stored: tuple[object, ...]) -> bool:
        """Record what the row changes; True when a reader would see it."""
        _pk, withdrawn_on, release_id, *extra = stored
        fields: tuple[FieldChange, ...] = ()
        if release_id not in self._better:
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
        return bool(fields)

    def _is_to_take(self, stored: tuple[object, ...]) -> bool:
        _pk, withdrawn_on, release_id, *_extra = stored
        return release_id not in self._better and (release_id != self.release.pk or withdrawn_on is not None)

    def _add(self, rows: list[LinkRow]) -> None:
        """One statement, prepared once: `bulk_create` takes three times as long, a minute for the register's partners."""
        if not rows:
            return
        fields = [self.table.model._meta.get_field(name) for name in (*self.table.ends, *self.table.extra)]
        connection = connections[router.db_for_write(self.table.model)]
        quote = connection.ops.quote_name
        names = ", ".join(quote(column) for column in (*(field.column for field in fields), "release_id"))
        places = ", ".join(["%s"] * (len(fields) + 1))
        statement = f"INSERT INTO {quote(self.table.model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - names of our own models
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(*row.ends, *row.extra, self.release.pk) for row in rows])

    def _change(self, rows: list[tuple[LinkRow, object]]) -> None:
        if not rows or not self.table.extra:
            return
        links = [self._instance(row, pk) for row, pk in rows]
        self.table.model.objects.bulk_update(links, self.table.extra, batch_size=300)

    def _take(self, pks: list[object]) -> None:
        """What this release says again is its own from now on, and lives."""
        for start in range(0, len(pks), UPDATED_AT_ONCE):
            some = self.table.model.objects.filter(pk__in=pks[start : start + UPDATED_AT_ONCE])
            some.update(release=self.release, withdrawn_on=None)

    def _instance(self, row: LinkRow, pk: object) -> Model:
        values = zip((*self.table.ends, *self.table.extra), (*row.ends, *row.extra), strict=True)
        return self.table.model(**dict(values), pk=pk)

    def _tell(self, changed: list[Ends]) -> None:
        if self.on_change and changed:
            self.on_change(changed)

    def withdraw_missing(self) -> None:
        """Mark the links of this source that it no longer gives."""
        links = self.table.model.objects.filter(release__source=self.release.source, withdrawn_on=None)
        missing = list(self._missing(links))
        if missing and not self.seen:
            reason = f"{self.table.label} : aucun lien lu ; aucun n'est retiré."
            self.report.warn(RowError(self.report.source, None, reason))
            return
        if missing:
            self.report.count(self.table.label, Action.REMOVED, len(missing))
        if not self.apply:
            return
        for start in range(0, len(missing), UPDATED_AT_ONCE):
            chunk = missing[start : start + UPDATED_AT_ONCE]
            some = self.table.model.objects.filter(pk__in=[pk for pk, _ends in chunk])
            some.update(withdrawn_on=timezone.localdate())
            self._tell([ends for _pk, ends in chunk])

    def _missing(self, links) -> Iterator[tuple[object, Ends]]:
        stored = links.order_by().values_list("pk", *self.table.ends).iterator(chunk_size=CHUNK)
        while chunk := list(islice(stored, CHUNK)):
            are_seen = self.seen.has([ends for _pk, *ends in chunk])
            yield from (
                (pk, tuple(ends)) for (pk, *ends), is_seen in zip(chunk, are_seen, strict=True) if not is_seen
            )


def _type_of_first_end(table: LinkTable) -> type:
    """A dry run names ends that are not loaded yet by text, where the column holds a number."""
    return int if table.model._meta.get_field(table.ends[0]).is_relation else str


def _texts(table: LinkTable) -> Iterator[tuple[int, str, int, bool]]:
    """The columns that hold short texts: their place among ends and extra, name, length, and whether they may be blank."""
    for at, name in enumerate((*table.ends, *table.extra)):
        column = table.model._meta.get_field(name)
        if isinstance(column, CharField):
            yield at, str(column.verbose_name), column.max_length, column.blank

"""Loads the communes and regions of France from a (gzipped) CSV.

One rule: a commune is its INSEE code. A commune that left the file is deleted only when nothing points at
it, and only when the whole file was read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from skills.imports.command import SourceUnreadable
from skills.imports.csv_source import read_csv
from skills.imports.progress import progress
from skills.imports.report import Action, Change, ImportReport, RowError, field_changes
from skills.models import Commune, CommunePostalCode, Region
from skills.place_names import place_key

CHUNK = 1_000
COLUMNS = (
    "insee_code",
    "name",
    "postal_codes",
    "department_code",
    "department",
    "region_code",
    "region",
    "population",
    "latitude",
    "longitude",
    "precision",
)
FIELDS = (
    "name",
    "name_key",
    "department_code",
    "department",
    "population",
    "latitude",
    "longitude",
    "precision",
)


@dataclass(frozen=True)
class PlaceRow:
    """One line of the file; `fields` are the commune's own columns, ready to compare."""

    insee_code: str
    region: tuple[str, str]
    postal_codes: frozenset[str]
    fields: dict[str, object]

    def comparable(self) -> dict[str, object]:
        return {**self.fields, "region": self.region[0], "codes postaux": "|".join(sorted(self.postal_codes))}


def import_places(path: Path, *, apply: bool) -> ImportReport:
    """Compare the file with the database and, when `apply`, load it."""
    report = ImportReport(source=path.name)
    loader = _PlacesLoader(report, apply=apply)
    rows = progress(_read(path, report), "Communes")
    while chunk := list(islice(rows, CHUNK)):
        loader.load(chunk)
    if not loader.seen:
        raise SourceUnreadable(f"{path} : aucune commune lue ; rien n'a été changé.")
    if not report.error_count:
        loader.remove_missing()
    return report


def _read(path: Path, report: ImportReport) -> Iterator[PlaceRow]:
    for line, record in read_csv(path, COLUMNS, report):
        try:
            yield _parse(record)
        except ValueError as error:
            report.reject(RowError(path.name, line, str(error)))


def _parse(record: dict[str, str]) -> PlaceRow:
    insee_code, name = record["insee_code"], record["name"]
    if len(insee_code) != 5 or not name or not record["region_code"]:
        raise ValueError(f"« {insee_code} {name} » : code INSEE, nom et région sont nécessaires.")
    fields: dict[str, object] = {
        "name": name,
        "name_key": place_key(name),
        "department_code": record["department_code"],
        "department": record["department"],
        "population": int(record["population"] or 0),
        "latitude": float(record["latitude"]) if record["latitude"] else None,
        "longitude": float(record["longitude"]) if record["longitude"] else None,
        "precision": "" if record["precision"] == "none" else record["precision"],
    }
    postal_codes = frozenset(code for code in record["postal_codes"].split("|") if code)
    _check(insee_code, fields, postal_codes)
    return PlaceRow(insee_code, (record["region_code"], record["region"]), postal_codes, fields)


def _check(insee_code: str, fields: dict[str, object], postal_codes: frozenset[str]) -> None:
    """Raise `ValueError` for what the columns would not hold: it would stop the whole import."""
    try:
        Commune(insee_code=insee_code, **fields).clean_fields(exclude=("region",))
    except ValidationError as error:
        raise ValueError(f"{insee_code} : {' '.join(error.messages)}") from error
    too_long = [code[:20] for code in sorted(postal_codes) if len(code) > 5]
    if too_long:
        raise ValueError(f"{insee_code} : codes postaux trop longs : {', '.join(too_long)}.")


class _PlacesLoader:
    def __init__(self, report: ImportReport, *, apply: bool) -> None:
        self.report = report
        self.apply = apply
        self.seen: set[str] = set()
        self.regions = {region.code: region for region in Region.objects.all()}

    def load(self, chunk: list[PlaceRow]) -> None:
        rows = {row.insee_code: row for row in chunk if self._is_new(row)}
        self._load_regions(rows.values())
        stored = _stored(rows)
        added, changed = [], []
        for row in rows.values():
            before = stored.get(row.insee_code)
            differences = field_changes(before or {}, row.comparable())
            if before is None:
                self.report.record(Change(Action.ADDED, "commune", row.insee_code))
                added.append(row)
            elif differences:
                self.report.record(Change(Action.CHANGED, "commune", row.insee_code, differences))
                changed.append(row)
            else:
                self.report.record(Change(Action.UNCHANGED, "commune", row.insee_code))
        if self.apply:
            self._add(added)
            self._change({row.insee_code: row for row in changed})

    def _is_new(self, row: PlaceRow) -> bool:
        if row.insee_code in self.seen:
            self.report.reject(RowError(self.report.source, None, f"code INSEE {row.insee_code} en double."))
            return False
        self.seen.add(row.insee_code)
        return True

    def _load_regions(self, rows: Iterable[PlaceRow]) -> None:
        for code, name in sorted({row.region for row in rows}):
            region = self.regions.setdefault(code, Region(code=code))
            if region.name == name and region.pk:
                continue
            if not region.name:
                self.report.record(Change(Action.ADDED, "région", code))
            elif region.name != name:
                self.report.record(
                    Change(
                        Action.CHANGED, "région", code, field_changes({"name": region.name}, {"name": name})
                    )
                )
            region.name = name
            if self.apply:
                region.save()

    def _add(self, rows: list[PlaceRow]) -> None:
        communes = Commune.objects.bulk_create(
            Commune(insee_code=row.insee_code, region=self.regions[row.region[0]], **row.fields)
            for row in rows
        )
        _write_postal_codes(zip(communes, rows, strict=True))

    def _change(self, rows: dict[str, PlaceRow]) -> None:
        communes = list(Commune.objects.filter(insee_code__in=rows))
        for commune in communes:
            row = rows[commune.insee_code]
            commune.region = self.regions[row.region[0]]
            for name, value in row.fields.items():
                setattr(commune, name, value)
        Commune.objects.bulk_update(communes, [*FIELDS, "region"])
        CommunePostalCode.objects.filter(commune__in=communes).delete()
        _write_postal_codes((commune, rows[commune.insee_code]) for commune in communes)

    def remove_missing(self) -> None:
        codes = Commune.objects.order_by("insee_code").values_list("insee_code", flat=True)
        gone = [code for code in codes if code not in self.seen]
        for code in gone:
            commune = Commune.objects.get(insee_code=code)
            if self._delete(commune):
                self.report.record(Change(Action.REMOVED, "commune", commune.insee_code))
            else:
                reason = (
                    f"la commune {commune.insee_code} n'est plus dans le fichier mais sert encore ; elle est"
                    " gardée."
                )
                self.report.warn(RowError(self.report.source, None, reason))

    def _delete(self, commune: Commune) -> bool:
        if not self.apply:
            return True
        try:
            commune.delete()
        except ProtectedError:
            return False
        return True


def _stored(insee_codes: Iterable[str]) -> dict[str, dict[str, object]]:
    """What the database holds of some communes, in the shape of `PlaceRow.comparable`."""
    names = ("pk", "insee_code", *FIELDS, "region__code")
    found: dict[str, dict[str, object]] = {}
    owners: dict[int, str] = {}
    communes = Commune.objects.filter(insee_code__in=insee_codes).values_list(*names)
    for pk, insee_code, *values, region in communes:
        owners[pk] = insee_code
        found[insee_code] = {**dict(zip(FIELDS, values, strict=True)), "region": region}
    postal_codes: dict[str, list[str]] = {}
    # By the communes' keys, with no join: PostgreSQL, misled by the statistics of a table just filled, has
    # compared every commune with every postal code, for minutes.
    links = CommunePostalCode.objects.filter(commune__in=list(owners)).order_by("code")
    for owner, code in links.values_list("commune_id", "code"):
        postal_codes.setdefault(owners[owner], []).append(code)
    for insee_code, fields in found.items():
        fields["codes postaux"] = "|".join(postal_codes.get(insee_code, []))
    return found


def _write_postal_codes(owners: Iterable[tuple[Commune, PlaceRow]]) -> None:
    CommunePostalCode.objects.bulk_create(
        CommunePostalCode(commune=commune, code=code)
        for commune, row in owners
        for code in sorted(row.postal_codes)
    )

"""Loads the daily export of the RNCP and the RS, whole: certifications, blocks, replacements, bodies.

One rule: memory holds the codes of each certification and nothing of its bodies, which are more than a million; those stream
from the archive to the database.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property

from django.conf import settings

from skills.imports.csv_source import Record
from skills.imports.links import LinkRow, LinkTable
from skills.imports.open_data import Ends
from skills.imports.records import RecordRow
from skills.imports.report import Line, RowError
from skills.text import one_line
from training.importers.register_archive import RegisterArchive
from training.importers.registers import RegisterImport, certification_table, french_date
from training.models import Certification, CertificationBlock, CertificationBody

CODE = "Numero_Fiche"
DATES = {
    "registration_ends_on": "Date_Fin_Enregistrement",
    "published_on": "Date_dernier_jo",
    "decided_on": "Date_Decision",
    "effective_on": "Date_Effet",
}
STANDARD = (
    CODE,
    "Intitule",
    "Abrege_Intitule",
    "Nomenclature_Europe_Niveau",
    "Type_Enregistrement",
    "Actif",
    *DATES.values(),
)
# Field of a certification → the member that lists its values, the columns that hold them, what joins them.
LISTS = {
    "rome_codes": ("rome", ("Codes_Rome_Code",), ", "),
    "formacodes": ("formacodes", ("Formacode_Code",), ", "),
    "nsf_codes": ("nsf", ("Nsf_Code",), ", "),
    "collective_agreements": ("agreements", ("Ccn_1_Numero", "Ccn_2_Numero", "Ccn_3_Numero"), ", "),
    "access_routes": ("access", ("Si_Jury",), "\n"),
}
CERTIFICATIONS = certification_table(
    "title", "abbreviation", "level", "registration_kind", "is_active", *DATES, *LISTS
)
BLOCKS = LinkTable(CertificationBlock, ("certification_id", "code"), "bloc de compétences", ("title",))
BODIES = LinkTable(
    CertificationBody, ("certification_id", "siret", "name", "role"), "certificateur ou partenaire"
)
CERTIFIER = "CERTIFICATEUR"
# A level that the framework does not number is unknown to us.
_LEVELS = {"": None, **{f"NIV{level}": level for level in range(1, 9)}}
_ACTIVE = {"": None, "ACTIVE": True, "INACTIVE": False}


class RncpExportImport(RegisterImport):
    source = "rncp-export"

    @cached_property
    def archive(self) -> RegisterArchive:
        return RegisterArchive(self.path, settings.RNCP_EXPORT_MAX_BYTES)

    def find_date(self) -> dt.date:
        return self.archive.day

    def load(self) -> None:
        for name in self.archive.extra:
            self.warn(None, f"{name} : fichier inconnu dans l'archive, laissé de côté.")
        read = self.certifications(CERTIFICATIONS, self._certifications())
        self.successions(self._replacements())
        known = self.ends(Certification, "code", read)
        self.links(BLOCKS, self._blocks(known))
        self.links(BODIES, self._bodies(known))

    def _member(self, name: str, *columns: str) -> Iterator[tuple[int, Record]]:
        """Its rows, on lines that know the member: errors name it, not the archive."""
        file = self.archive.shown(name)
        for line, row in self.archive.rows(name, (CODE, *columns), self.report):
            yield Line(line, file), row

    def _certifications(self) -> Iterator[RecordRow]:
        lists = {field: self._lists(field) for field in LISTS}
        for line, row in self._member("standard", *STANDARD):
            code = row[CODE]
            own_lists = {field: values.pop(code, "") for field, values in lists.items()}
            if self.refuse_code(line, code):
                continue
            try:
                values = _values(row)
            except (KeyError, ValueError) as error:
                self.reject(line, f"{code} : valeur illisible ({error}).")
                continue
            yield RecordRow(line, code, {**values, **own_lists})
        for field, values in lists.items():
            for code in values:
                self._warn_of(LISTS[field][0], f"{code[:40]} n'est pas dans la liste des fiches.")

    def _lists(self, field: str) -> dict[str, str]:
        """The values of one field by certification, joined as the field keeps them; equal ones share their memory."""
        name, columns, joint = LISTS[field]
        shared: dict[str, str] = {}
        lists: dict[str, str] = {}
        for _line, row in self._member(name, *columns):
            before = lists.get(row[CODE], "")
            values = before.split(joint) if before else []
            new = [value for column in columns if (value := one_line(row[column])) and value not in values]
            joined = joint.join([*values, *new])
            lists[row[CODE]] = shared.setdefault(joined, joined)
        limit = Certification._meta.get_field(field).max_length
        for code, joined in lists.items():
            if limit and len(joined) > limit:
                lists[code] = joined[: limit + 1].rpartition(joint)[0]
                self._warn_of(name, f"{code} : trop de valeurs pour la fiche ; les premières sont gardées.")
        return lists

    def _warn_of(self, name: str, reason: str) -> None:
        self.report.warn(RowError(self.archive.shown(name), None, reason))

    def _replacements(self) -> Iterator[tuple[int, str, str]]:
        for line, row in self._member("successions", "Ancienne_Certification", "Nouvelle_Certification"):
            code, old, new = row[CODE], row["Ancienne_Certification"], row["Nouvelle_Certification"]
            if old:
                yield line, old, code
            if new:
                yield line, code, new

    def _blocks(self, known: Ends) -> Iterator[LinkRow]:
        columns = ("Bloc_Competences_Code", "Bloc_Competences_Libelle")
        for line, row in self._member("blocks", *columns):
            code, title = row[columns[0]], one_line(row[columns[1]])
            if not code or not title or len(code) > _limit(CertificationBlock, "code"):
                self.reject(line, f"{row[CODE][:40]} : bloc sans code ou sans intitulé, ou code trop long.")
                continue
            title = title[: _limit(CertificationBlock, "title")]
            yield from self._linked(line, row[CODE], known, (code,), (title,))

    def _bodies(self, known: Ends) -> Iterator[LinkRow]:
        names = ("Nom_Certificateur", "Siret_Certificateur")
        for line, row in self._member("bodies", *names):
            yield from self._body(line, row, names, CERTIFIER, known)
        names = ("Nom_Partenaire", "Siret_Partenaire")
        for line, row in self._member("partners", *names, "Habilitation_Partenaire"):
            yield from self._body(line, row, names, row["Habilitation_Partenaire"], known)

    def _body(
        self, line: int, row: Record, columns: tuple[str, str], role: str, known: Ends
    ) -> Iterator[LinkRow]:
        name, siret = one_line(row[columns[0]]), row[columns[1]]
        if not (name or siret):
            self.reject(line, f"{row[CODE][:40]} : organisme sans nom ni SIRET.")
        elif len(siret) > _limit(CertificationBody, "siret") or len(role) > _limit(CertificationBody, "role"):
            self.reject(line, f"{row[CODE][:40]} : SIRET ou habilitation trop longs.")
        else:
            name = (name or siret)[: _limit(CertificationBody, "name")]
            yield from self._linked(line, row[CODE], known, (siret, name, role))

    def _linked(
        self,
        line: int,
        code: str,
        known: Ends,
        ends: tuple[str, ...],
        extra: tuple[str, ...] = (),
    ) -> Iterator[LinkRow]:
        if code not in known:
            self.reject(line, f"{code[:40]} n'est pas dans la liste des fiches.")
        else:
            yield LinkRow(line, (known[code], *ends), extra, " · ".join((code, *filter(None, ends))))


def _limit(model: type[CertificationBlock | CertificationBody], name: str) -> int:
    return int(model._meta.get_field(name).max_length or 0)


def _values(row: Record) -> dict[str, object]:
    """Raise `KeyError` or `ValueError` for what cannot be read."""
    return {
        "title": one_line(row["Intitule"]),
        "abbreviation": one_line(row["Abrege_Intitule"]),
        "level": _LEVELS.get(row["Nomenclature_Europe_Niveau"].upper()),
        "registration_kind": row["Type_Enregistrement"],
        "is_active": _ACTIVE[row["Actif"]],
        **{name: french_date(row[column]) for name, column in DATES.items()},
    }

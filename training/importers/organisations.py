"""Finds or prepares the organisations that trainings name.

One rule: the SIRET is the identity. Without a valid one the name must do, and a note says so. An
organisation that exists is never changed by an import of trainings: its own people look after it.
"""

from django.utils.text import slugify

from people.models import Organisation, OrganisationKind
from skills.siret import normalise_siret, siret_error
from skills.text import text_key
from training.importers.rows import OrganisationRow


class OrganisationDirectory:
    """The organisations met during one import; new ones stay unsaved until `save_new`."""

    def __init__(self, *, demonstration: bool) -> None:
        self.demonstration = demonstration
        self.by_siret: dict[str, Organisation] = {}
        self.by_name: dict[str, Organisation] = {}

    def prepare(self, rows: list[OrganisationRow]) -> None:
        """Fetch at once those that a chunk of rows names by SIRET."""
        wanted = {siret for row in rows if (siret := _valid_siret(row))} - self.by_siret.keys()
        for organisation in Organisation.objects.filter(siret__in=wanted):
            self.by_siret[organisation.siret] = organisation

    def find(self, row: OrganisationRow, notes: list[str]) -> Organisation:
        """The organisation a row names; unsaved when it is new. `prepare` must have seen the row."""
        siret = _valid_siret(row)
        if siret:
            return self.by_siret.setdefault(siret, self._new(row, siret))
        what = f"SIRET « {row.siret[:20]} » invalide" if row.siret else "sans SIRET"
        notes.append(f"organisme « {row.name} » : {what} ; reconnu par son nom.")
        key = text_key(row.name)
        if key not in self.by_name:
            self.by_name[key] = self._named(row.name, key) or self._new(row, None)
        return self.by_name[key]

    def _named(self, name: str, key: str) -> Organisation | None:
        # The slug derives from the name, so it narrows the search on either database; the key decides.
        candidates = Organisation.objects.filter(slug__startswith=slugify(name)[:70]).order_by("pk")
        return next((organisation for organisation in candidates if text_key(organisation.name) == key), None)

    def _new(self, row: OrganisationRow, siret: str | None) -> Organisation:
        return Organisation(
            name=row.name,
            kind=OrganisationKind.TRAINING_PROVIDER,
            siret=siret,
            activity_number=row.activity_number,
            address=row.address,
            is_demonstration=self.demonstration,
        )


def _valid_siret(row: OrganisationRow) -> str:
    if not row.siret or siret_error(row.siret):
        return ""
    return normalise_siret(row.siret)


def identity(organisation: Organisation | None) -> str:
    return organisation.identity if organisation else ""

"""Where an imported row comes from, and what an editor has made of it.

One rule: `given` keeps what the source said of every field; a field whose value differs from it has been corrected by an
editor, and the next import leaves it alone. What a source no longer gives is marked, never deleted.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from skills.sources import SOURCES, OpenDataSource


def source_choices() -> list[tuple[str, str]]:
    return [(source.code, source.name) for source in SOURCES.values()]


class DataRelease(models.Model):
    """One state of a source: the files read, told apart by their fingerprint."""

    source = models.CharField("source", max_length=20, choices=source_choices)
    version = models.CharField("version", max_length=60, blank=True)
    dated_on = models.DateField(
        "date des données",
        null=True,
        blank=True,
        help_text="Dite par l'éditeur de la source ; vide si inconnue.",
    )
    extracted_on = models.DateField("fichier produit le", null=True, blank=True)
    fingerprint = models.CharField("empreinte des fichiers", max_length=64)
    files = models.TextField("fichiers", blank=True)
    loaded_at = models.DateTimeField("chargée le", auto_now_add=True)

    class Meta:
        verbose_name = "livraison de données"
        verbose_name_plural = "livraisons de données"
        ordering = ["source", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "fingerprint"], name="one_release_a_fingerprint")
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.definition.name, self.version, self.day_text]))

    @property
    def definition(self) -> OpenDataSource:
        return SOURCES[self.source]

    @property
    def day(self) -> dt.date | None:
        """The date of the data; failing that, the day on which the file was made."""
        return self.dated_on or self.extracted_on

    @property
    def day_text(self) -> str:
        return f"({self.day:%d/%m/%Y})" if self.day else ""


def as_given(value: object) -> object:
    """A field's value as `given` keeps it: what JSON can hold, compared as it is."""
    if isinstance(value, str):
        # A browser sends back every line of a text ended by both: saving it unchanged corrects nothing.
        return value.replace("\r\n", "\n")
    if isinstance(value, dt.date):
        return value.isoformat()
    # 21 and 21.0 are the same price.
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class FieldProvenance:
    """What is known of one field: the release that gave it, what it gave, and whether an editor corrected it."""

    field: str
    label: str
    release: DataRelease
    given: object
    is_corrected: bool


class Given(models.Model):
    """Mixin of the rows whose fields a source may give. `given` is {field: [value, primary key of the release or None]}."""

    given = models.JSONField("dit par la source", default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def standing(self, field: str) -> object:
        """What stands now of something that a source gives, as `given` keeps it; overridden for what is no plain field."""
        return as_given(getattr(self, self._meta.get_field(field).attname))

    def is_corrected(self, field: str) -> bool:
        return field in self.given and self.standing(field) != self.given[field][0]

    @property
    def corrected_fields(self) -> list[str]:
        return [field for field in self.given if self.is_corrected(field)]

    @property
    def corrected_labels(self) -> str:
        return ", ".join(self.field_label(field) for field in self.corrected_fields)

    def field_label(self, field: str) -> str:
        return str(self._meta.get_field(field).verbose_name)

    def provenances(self) -> list[FieldProvenance]:
        """One entry a field that a source gave. One query."""
        releases = DataRelease.objects.in_bulk(
            {release for _value, release in self.given.values() if release}
        )
        return [
            FieldProvenance(
                field=field,
                label=self.field_label(field),
                release=releases[release],
                given=value,
                is_corrected=self.is_corrected(field),
            )
            for field, (value, release) in self.given.items()
            if release in releases
        ]


class SourcedRecord(Given):
    """A row that open-data sources give; rows made by hand have no release."""

    release = models.ForeignKey(
        DataRelease,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="dernière livraison",
    )
    withdrawn_on = models.DateField(
        "retirée de sa source le",
        null=True,
        blank=True,
        editable=False,
        help_text="Vide : la source la donne.",
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Compute the fields that follow from others; importers, which write in bulk, call it too."""


class SourcedLink(models.Model):
    """A relation that one open-data source gives."""

    release = models.ForeignKey(DataRelease, on_delete=models.PROTECT, editable=False, related_name="+")
    withdrawn_on = models.DateField("retirée de sa source le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

"""Initial diplomas as ONISEP (Idéo) lists them, and the passage between registers.

One rule: a diploma is its ONISEP identifier. It is what exists in France, not an offer: those of the sector are published as
trainings, without provider or session.
"""

import re

from django.db import models

from skills.models import SourcedLink, SourcedRecord
from skills.text import title_keys

# What a title begins with: « BTSA », « bac pro », « licence pro ».
_TYPE = re.compile(r"\w+(?: (?:pro|techno)\b)?", re.IGNORECASE)


class Diploma(SourcedRecord):
    onisep_id = models.CharField("identifiant Onisep", max_length=12, unique=True)
    title = models.CharField("intitulé", max_length=300)
    kind = models.CharField("type de formation", max_length=120, blank=True)
    acronym = models.CharField("sigle", max_length=20, blank=True)
    duration = models.CharField("durée", max_length=20, blank=True)
    exit_level = models.CharField("niveau de sortie", max_length=40, blank=True)
    level = models.PositiveSmallIntegerField(
        "niveau", null=True, blank=True, help_text="Du cadre national, 3 à 8 ; vide si non inscrit au RNCP."
    )
    rncp_code = models.CharField("code RNCP", max_length=12, blank=True, db_index=True)
    school_code = models.CharField("code scolarité", max_length=12, blank=True, db_index=True)
    nsf_codes = models.CharField("codes NSF", max_length=40, blank=True)
    ministry = models.CharField("tutelle", max_length=150, blank=True)
    domains = models.TextField("domaines", blank=True, help_text="Un par ligne.")
    url = models.URLField("page Onisep", max_length=200, blank=True)
    description = models.TextField("description", blank=True)
    access = models.TextField("accès", blank=True)
    expectations = models.TextField("attendus", blank=True)
    further_study = models.TextField("poursuites d'études", blank=True)
    jobs = models.TextField("métiers", blank=True, help_text="Un par ligne.")
    link = models.URLField("autre page", max_length=300, blank=True)
    # Why the sector's filter keeps it, empty when it does not (see training.importers.sector_filter).
    sector_reason = models.CharField("de la filière", max_length=200, blank=True, editable=False)
    # The title folded, and the acronym alone and after the type: what a typed diploma is looked up in.
    title_keys = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = "diplôme (Onisep)"
        verbose_name_plural = "diplômes (Onisep)"
        ordering = ["title", "onisep_id"]

    def __str__(self) -> str:
        return self.title

    def derive(self) -> None:
        self.title_keys = title_keys(self.title, *self._short_names())

    def _short_names(self) -> tuple[str, ...]:
        """« ANABIOTEC » and « BTSA ANABIOTEC »."""
        found = _TYPE.match(self.title)
        return (self.acronym, f"{found[0]} {self.acronym}") if self.acronym and found else ()


class DiplomaPassage(SourcedLink):
    """The same certification in Certif Info, the RNCP and ONISEP, as their table of passage says."""

    certifinfo_id = models.CharField("identifiant Certif Info", max_length=10, unique=True)
    title = models.CharField("intitulé", max_length=300)
    rncp_code = models.CharField("code RNCP", max_length=12, blank=True, db_index=True)
    onisep_id = models.CharField("identifiant Onisep", max_length=12, blank=True, db_index=True)
    school_code = models.CharField("code scolarité", max_length=12, blank=True)
    status = models.CharField("état", max_length=12, blank=True)

    class Meta:
        verbose_name = "passage entre répertoires"
        verbose_name_plural = "passages entre répertoires"
        ordering = ["certifinfo_id"]

    def __str__(self) -> str:
        return f"{self.certifinfo_id} {self.title}"

"""ONISEP's job sheets (Idéo): what is told to pupils about every job of France.

One rule: a sheet is its ONISEP identifier; diplomas that lead to it are named by their own, since jobs and trainings do not
know each other.
"""

from django.db import models

from skills.models import SourcedLink, SourcedRecord


class OnisepJobSheet(SourcedRecord):
    onisep_id = models.CharField("identifiant Onisep", max_length=12, unique=True)
    title = models.CharField("intitulé", max_length=200)
    masculine = models.CharField("au masculin", max_length=200, blank=True)
    feminine = models.CharField("au féminin", max_length=200, blank=True)
    alternative_titles = models.TextField("autres appellations", blank=True, help_text="Une par ligne.")
    rome_codes = models.CharField("codes ROME", max_length=60, blank=True)
    access_level = models.CharField("niveau d'accès", max_length=40, blank=True)
    presentation = models.TextField("présentation", blank=True)
    in_brief = models.TextField("en bref", blank=True)
    work = models.TextField("nature du travail", blank=True)
    skills_required = models.TextField("compétences requises", blank=True)
    conditions = models.TextField("conditions de travail", blank=True)
    access = models.TextField("accès au métier", blank=True)
    interests = models.TextField("centres d'intérêt", blank=True, help_text="Un par ligne.")
    domains = models.TextField("domaines", blank=True, help_text="Un par ligne.")
    url = models.URLField("page Onisep", max_length=200, blank=True)

    class Meta:
        verbose_name = "fiche métier Onisep"
        verbose_name_plural = "fiches métiers Onisep"
        ordering = ["title", "onisep_id"]

    def __str__(self) -> str:
        return self.title


class OnisepSheetDiploma(SourcedLink):
    """A diploma that leads to the job, by its ONISEP identifier."""

    sheet = models.ForeignKey(OnisepJobSheet, on_delete=models.CASCADE, related_name="diploma_links")
    diploma_id = models.CharField("identifiant du diplôme", max_length=12, db_index=True)

    class Meta:
        verbose_name = "diplôme d'une fiche métier Onisep"
        verbose_name_plural = "diplômes des fiches métiers Onisep"
        ordering = ["sheet_id", "diploma_id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "diploma_id"], name="one_diploma_a_sheet")]

    def __str__(self) -> str:
        return f"{self.sheet_id} → {self.diploma_id}"

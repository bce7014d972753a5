"""ROME 4.0 as France Travail publishes it: jobs, titles, competences, contexts, mobilities, sectors, links to ESCO.

One rule: a job is its ROME code; everything else is its OGR code. Diplomas, permits and habilitations come among the
competences and are told apart by `is_licence`.
"""

from django.db import models

from skills.models.esco import EscoOccupation
from skills.models.provenance import SourcedLink, SourcedRecord
from skills.text import title_keys


class RomeJob(SourcedRecord):
    code = models.CharField("code ROME", max_length=5, unique=True)
    ogr_code = models.CharField("code OGR", max_length=10, blank=True)
    title = models.CharField("intitulé", max_length=200)
    definition = models.TextField("définition", blank=True)
    access = models.TextField("accès au métier", blank=True)
    parent_code = models.CharField("fiche dont elle vient", max_length=5, blank=True)
    field_code = models.CharField("code du grand domaine", max_length=1, blank=True)
    field = models.CharField("grand domaine", max_length=120, blank=True)
    domain_code = models.CharField("code du domaine professionnel", max_length=3, blank=True)
    domain = models.CharField("domaine professionnel", max_length=120, blank=True)
    holland_code = models.CharField("code RIASEC", max_length=4, blank=True)
    ecological_transition = models.CharField("transition écologique", max_length=60, blank=True)
    digital_transition = models.CharField("transition numérique", max_length=1, blank=True)
    demographic_transition = models.CharField("transition démographique", max_length=1, blank=True)
    is_regulated = models.CharField("emploi réglementé", max_length=1, blank=True)
    is_executive = models.CharField("emploi cadre", max_length=1, blank=True)

    class Meta:
        verbose_name = "fiche ROME"
        verbose_name_plural = "fiches ROME"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class RomeTitle(SourcedRecord):
    """An « appellation »: the name under which a job is known."""

    ogr_code = models.CharField("code OGR", max_length=10, unique=True)
    job = models.ForeignKey(
        RomeJob, on_delete=models.CASCADE, related_name="titles", verbose_name="fiche ROME"
    )
    title = models.CharField("appellation", max_length=200)
    short_title = models.CharField("appellation courte", max_length=100, blank=True)
    is_main = models.BooleanField("appellation principale", default=False)
    is_rare = models.BooleanField("peu usitée", default=False)
    # The titles folded: what a typed title is looked up in.
    title_keys = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = "appellation ROME"
        verbose_name_plural = "appellations ROME"
        ordering = ["title", "ogr_code"]

    def __str__(self) -> str:
        return self.title

    def derive(self) -> None:
        self.title_keys = title_keys(self.title, self.short_title)


class RomeCompetence(SourcedRecord):
    ogr_code = models.CharField("code OGR", max_length=10, unique=True)
    kind = models.CharField("type", max_length=30, blank=True)
    nature = models.CharField("nature", max_length=20, blank=True)
    label = models.CharField("libellé", max_length=300)
    category = models.CharField("sous-catégorie", max_length=100, blank=True)
    definition = models.TextField("définition", blank=True)
    macro_ogr_code = models.CharField("macro-compétence", max_length=10, blank=True, db_index=True)
    macro_label = models.CharField("libellé de la macro-compétence", max_length=150, blank=True)
    is_licence = models.BooleanField(
        "diplôme, permis ou habilitation", default=False, help_text="N'est pas une compétence à acquérir."
    )

    class Meta:
        verbose_name = "compétence ROME"
        verbose_name_plural = "compétences ROME"
        ordering = ["label", "ogr_code"]

    def __str__(self) -> str:
        return self.label


class RomeJobCompetence(SourcedLink):
    job = models.ForeignKey(RomeJob, on_delete=models.CASCADE, related_name="competence_links")
    competence = models.ForeignKey(RomeCompetence, on_delete=models.CASCADE, related_name="job_links")
    # « Principale » or « Émergente »; empty otherwise.
    core = models.CharField("cœur de métier", max_length=10, blank=True)

    class Meta:
        verbose_name = "compétence d'une fiche ROME"
        verbose_name_plural = "compétences des fiches ROME"
        ordering = ["job_id", "competence_id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "competence"], name="one_rome_competence_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.job_id} → {self.competence_id}"


class RomeContext(SourcedRecord):
    """A working condition, schedule, status or place of work."""

    ogr_code = models.CharField("code OGR", max_length=10, unique=True)
    label = models.CharField("libellé", max_length=150)
    category = models.CharField("type de contexte", max_length=80, blank=True)

    class Meta:
        verbose_name = "contexte de travail ROME"
        verbose_name_plural = "contextes de travail ROME"
        ordering = ["category", "label"]

    def __str__(self) -> str:
        return self.label


class RomeJobContext(SourcedLink):
    job = models.ForeignKey(RomeJob, on_delete=models.CASCADE, related_name="context_links")
    context = models.ForeignKey(RomeContext, on_delete=models.CASCADE, related_name="job_links")

    class Meta:
        verbose_name = "contexte d'une fiche ROME"
        verbose_name_plural = "contextes des fiches ROME"
        ordering = ["job_id", "context_id"]
        constraints = [models.UniqueConstraint(fields=["job", "context"], name="one_rome_context_a_job")]

    def __str__(self) -> str:
        return f"{self.job_id} → {self.context_id}"


class RomeMobility(SourcedLink):
    """A job one may move to, by rank."""

    job = models.ForeignKey(RomeJob, on_delete=models.CASCADE, related_name="mobilities")
    target = models.ForeignKey(RomeJob, on_delete=models.CASCADE, related_name="reached_from")
    rank = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "mobilité ROME"
        verbose_name_plural = "mobilités ROME"
        ordering = ["job_id", "rank"]
        constraints = [models.UniqueConstraint(fields=["job", "target"], name="one_rome_mobility")]

    def __str__(self) -> str:
        return f"{self.job_id} → {self.target_id}"


class RomeSector(SourcedRecord):
    """A sector of activity (ROME's own list) or a division of NAF, told apart by the prefix of `code`."""

    code = models.CharField("code", max_length=20, unique=True)
    label = models.CharField("libellé", max_length=150)

    class Meta:
        verbose_name = "secteur d'activité ROME"
        verbose_name_plural = "secteurs d'activité ROME"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label


class RomeJobSector(SourcedLink):
    job = models.ForeignKey(RomeJob, on_delete=models.CASCADE, related_name="sector_links")
    sector = models.ForeignKey(RomeSector, on_delete=models.CASCADE, related_name="job_links")
    is_main = models.BooleanField("secteur principal", default=False)

    class Meta:
        verbose_name = "secteur d'une fiche ROME"
        verbose_name_plural = "secteurs des fiches ROME"
        ordering = ["job_id", "sector_id"]
        constraints = [models.UniqueConstraint(fields=["job", "sector"], name="one_rome_sector_a_job")]

    def __str__(self) -> str:
        return f"{self.job_id} → {self.sector_id}"


class RomeEscoLink(SourcedLink):
    """A ROME title and the ESCO occupation it corresponds to, as France Travail says."""

    title = models.ForeignKey(RomeTitle, on_delete=models.CASCADE, related_name="esco_links")
    occupation = models.ForeignKey(EscoOccupation, on_delete=models.CASCADE, related_name="rome_links")
    # « broad » and « narrow » are not consistent in the source: no hierarchy may be read from them.
    match = models.CharField("correspondance", max_length=12)

    class Meta:
        verbose_name = "correspondance entre ROME et ESCO"
        verbose_name_plural = "correspondances entre ROME et ESCO"
        ordering = ["title_id", "occupation_id"]
        constraints = [models.UniqueConstraint(fields=["title", "occupation"], name="one_rome_esco_link")]

    def __str__(self) -> str:
        return f"{self.title_id} → {self.occupation_id} ({self.match})"

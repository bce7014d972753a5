"""Certifications of the national registers (RNCP and RS).

One rule: what the source does not say stays unknown (null or empty), and is shown as unknown. Fields come from several sources;
`given` tells which one said what.
"""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from skills.models import DataRelease, SourcedLink, SourcedRecord
from skills.text import title_keys


def register_page(code: str) -> str:
    """The page of a certification at France compétences, which keeps both registers."""
    register, digits = ("rs" if code.startswith("RS") else "rncp"), "".join(filter(str.isdigit, code))
    return f"https://www.francecompetences.fr/recherche/{register}/{digits}/"


class Certification(SourcedRecord):
    code = models.CharField(
        "code",
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^(RNCP|RS)\d{1,6}$", "RNCP ou RS, puis des chiffres.")],
    )
    title = models.CharField("intitulé", max_length=600, blank=True, help_text="Vide si inconnu.")
    abbreviation = models.CharField("type de diplôme", max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(
        "niveau",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
        help_text="Niveau du cadre national, de 1 à 8 ; vide si inconnu.",
    )
    registration_ends_on = models.DateField(
        "fin d'enregistrement", null=True, blank=True, help_text="Vide si inconnue."
    )
    delivery_ends_on = models.DateField(
        "date limite de délivrance", null=True, blank=True, help_text="Vide si inconnue."
    )
    decided_on = models.DateField("date de décision", null=True, blank=True)
    published_on = models.DateField("date de publication", null=True, blank=True)
    effective_on = models.DateField("début des parcours certifiants", null=True, blank=True)
    is_active = models.BooleanField(
        "fiche active", null=True, blank=True, help_text="Selon le répertoire, à la date de la livraison."
    )
    registration_kind = models.CharField("type d'enregistrement", max_length=40, blank=True)
    apprenticeship = models.BooleanField("ouverte à l'apprentissage", null=True, blank=True)
    access_routes = models.TextField("voies d'accès", blank=True, help_text="Une par ligne.")
    nsf_codes = models.CharField("codes NSF", max_length=120, blank=True)
    formacodes = models.CharField("Formacodes", max_length=120, blank=True)
    rome_codes = models.CharField("codes ROME", max_length=300, blank=True)
    collective_agreements = models.CharField("conventions collectives", max_length=120, blank=True)
    # The title folded: what a typed diploma is looked up in.
    title_keys = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = "certification"
        verbose_name_plural = "certifications"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title or '(intitulé inconnu)'}"

    def derive(self) -> None:
        self.title_keys = title_keys(self.title)


class CertificationSuccession(SourcedLink):
    """A certification and the one that replaces it; either may be missing from the register we hold, so both are codes."""

    old_code = models.CharField("ancienne certification", max_length=12, db_index=True)
    new_code = models.CharField("nouvelle certification", max_length=12, db_index=True)

    class Meta:
        verbose_name = "remplacement de certification"
        verbose_name_plural = "remplacements de certifications"
        ordering = ["old_code", "new_code"]
        constraints = [
            models.UniqueConstraint(fields=["old_code", "new_code"], name="one_certification_succession")
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


class CertificationBody(SourcedLink):
    """Who issues the certification (« certificateur ») or may prepare for it or assess it (« partenaire »)."""

    certification = models.ForeignKey(Certification, on_delete=models.CASCADE, related_name="bodies")
    siret = models.CharField("SIRET", max_length=14, blank=True)
    name = models.CharField("nom", max_length=300)
    # « CERTIFICATEUR » or the habilitation of a partner, as the register writes it.
    role = models.CharField("habilitation", max_length=60)

    class Meta:
        verbose_name = "certificateur ou partenaire"
        verbose_name_plural = "certificateurs et partenaires"
        ordering = ["certification_id", "role", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "siret", "name", "role"], name="one_role_a_certification_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


class CertificationBlock(models.Model):
    """A block of skills; a certification without rows has unknown blocks, not none."""

    certification = models.ForeignKey(Certification, on_delete=models.CASCADE, related_name="blocks")
    code = models.CharField("code", max_length=20)
    title = models.CharField("intitulé", max_length=1000)
    release = models.ForeignKey(
        DataRelease, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    withdrawn_on = models.DateField("retiré de sa source le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "bloc de compétences"
        verbose_name_plural = "blocs de compétences"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["certification", "code"], name="one_block_a_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

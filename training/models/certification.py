"""Certifications of the national registers (RNCP and RS).

One rule: what the source does not say stays unknown (null), and is shown as unknown.
"""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models


class CertificationRegister(models.TextChoices):
    RNCP = "RNCP", "Répertoire national des certifications professionnelles"
    RS = "RS", "Répertoire spécifique"


class Certification(models.Model):
    code = models.CharField(
        "code",
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^(RNCP|RS)\d{1,6}$", "RNCP ou RS, puis des chiffres.")],
    )
    title = models.CharField("intitulé", max_length=300, blank=True, help_text="Vide si inconnu.")
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

    class Meta:
        verbose_name = "certification"
        verbose_name_plural = "certifications"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title or '(intitulé inconnu)'}"

    @property
    def register(self) -> str:
        return CertificationRegister.RS if self.code.startswith("RS") else CertificationRegister.RNCP


class CertificationBlock(models.Model):
    """A block of skills; a certification without rows has unknown blocks, not none."""

    certification = models.ForeignKey(Certification, on_delete=models.CASCADE, related_name="blocks")
    code = models.CharField("code", max_length=20)
    title = models.CharField("intitulé", max_length=500)

    class Meta:
        verbose_name = "bloc de compétences"
        verbose_name_plural = "blocs de compétences"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["certification", "code"], name="one_block_a_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

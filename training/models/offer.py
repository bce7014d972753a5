"""Actions and sessions: where, how, when and for how much a training is given (LHEO `action`, `session`).

One rule: a permanent entry is a window (`starts_on` to `ends_on`) in which one may begin, not a date.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from people.models import Organisation
from skills.models import Commune, Given, Region
from training.models.training import Training


class DeliveryMode(models.TextChoices):
    ON_SITE = "on-site", "en présentiel"
    REMOTE = "remote", "à distance"
    MIXED = "mixed", "mixte"


class Funding(models.TextChoices):
    CPF = "cpf", "CPF"
    OPCO = "opco", "OPCO"
    APPRENTICESHIP = "apprenticeship", "apprentissage"


class TeachingLanguage(models.TextChoices):
    FRENCH = "fr", "français"
    ENGLISH = "en", "anglais"


class CleanroomGrade(models.TextChoices):
    """The cleanest room in which one practises (EU GMP annex 1)."""

    NONE = "none", "hors zone classée"
    D = "D", "classe D"
    C = "C", "classe C"
    B = "B", "classe B"
    A = "A", "classe A"


class EquipmentScale(models.TextChoices):
    BENCH = "bench", "échelle du laboratoire"
    PILOT = "pilot", "échelle pilote"
    INDUSTRIAL = "industrial", "échelle industrielle"


class PracticeSetting(models.TextChoices):
    """Where practical work takes place: on working equipment, on a model of it, or both."""

    REAL = "real", "équipements réels"
    SIMULATED = "simulated", "simulation"
    BOTH = "both", "équipements réels et simulation"


def _check_choices(values: list[str], choices: type[models.TextChoices], what: str) -> None:
    unknown = [str(value) for value in values if value not in choices.values]
    if unknown:
        raise ValidationError(
            f"{what} inconnu : {', '.join(unknown)}. Valeurs : {', '.join(choices.values)}."
        )


def validate_funding(values: list[str]) -> None:
    _check_choices(values, Funding, "Financement")


def validate_teaching_languages(values: list[str]) -> None:
    _check_choices(values, TeachingLanguage, "Langue d'enseignement")


def _french() -> list[str]:
    return [TeachingLanguage.FRENCH.value]


class TrainingAction(Given, ClusterableModel, Orderable):
    training = ParentalKey(Training, on_delete=models.CASCADE, related_name="actions")
    external_id = models.CharField("identifiant dans la source", max_length=120, blank=True)
    delivering_provider = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delivered_actions",
        verbose_name="organisme formateur",
        help_text="Vide : l'organisme responsable.",
    )
    mode = models.CharField("modalité", max_length=7, choices=DeliveryMode, default=DeliveryMode.ON_SITE)
    languages = models.JSONField(
        "langues d'enseignement", default=_french, validators=[validate_teaching_languages]
    )
    hours = models.DecimalField(
        "durée (heures)",
        max_digits=7,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    practical_hours = models.DecimalField(
        "dont pratique (heures)",
        max_digits=7,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cleanroom_grade = models.CharField(
        "salle propre",
        max_length=4,
        blank=True,
        choices=CleanroomGrade,
        help_text="La plus propre où l'on pratique ; vide : inconnu.",
    )
    equipment_scale = models.CharField(
        "échelle des équipements", max_length=10, blank=True, choices=EquipmentScale
    )
    practice_setting = models.CharField(
        "pratique sur", max_length=9, blank=True, choices=PracticeSetting, help_text="Vide : inconnu."
    )
    weeks = models.DecimalField(
        "durée (semaines)",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    price_eur = models.DecimalField(
        "prix (€)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="0 : gratuit ; vide : inconnu.",
    )
    funding = models.JSONField("financements", default=list, blank=True, validators=[validate_funding])
    address = models.CharField("adresse", max_length=250, blank=True)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
        help_text="Remplie d'après la commune ; seule quand la commune est inconnue.",
    )
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "action de formation"
        verbose_name_plural = "actions de formation"

    def __str__(self) -> str:
        place = self.commune.name if self.commune else (self.region.name if self.region else "lieu inconnu")
        return f"{self.get_mode_display()}, {place}"

    def clean(self) -> None:
        if self.hours is not None and self.practical_hours is not None and self.practical_hours > self.hours:
            raise ValidationError({"practical_hours": "La pratique ne peut pas durer plus que la formation."})

    def save(self, *args, **kwargs) -> None:
        self.fill_place()
        super().save(*args, **kwargs)

    def fill_place(self) -> None:
        """Take region and coordinates from the commune where the action does not give its own."""
        if self.commune is None:
            return
        self.region = self.commune.region
        if self.latitude is None or self.longitude is None:
            self.latitude, self.longitude = self.commune.latitude, self.commune.longitude


class TrainingSession(Given, Orderable):
    action = ParentalKey(TrainingAction, on_delete=models.CASCADE, related_name="sessions")
    external_id = models.CharField("identifiant dans la source", max_length=120, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    seats = models.PositiveIntegerField("places", null=True, blank=True, help_text="Vide : inconnu.")
    is_permanent_entry = models.BooleanField(
        "entrée permanente",
        default=False,
        help_text="Les dates bornent alors la période où l'on peut commencer.",
    )

    class Meta(Orderable.Meta):
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return f"{self.starts_on} → {self.ends_on or '?'}"

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "La fin précède le début."})

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which the session has not ended; None for an open-ended permanent entry."""
        if self.ends_on is None and self.is_permanent_entry:
            return None
        return self.ends_on or self.starts_on

"""The rows of a job profile: requirements, gates, languages, ways in, pay, diplomas, neighbours.

One rule: a row holds both languages, so that the French and the English page have the same ones (`jobs.translation`).
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from jobs.models.profile import JobProfilePage
from skills.levels import LEVEL_CHOICES
from skills.models import Skill, SkillKind

LOWEST_PAY, HIGHEST_PAY = 10_000, 300_000  # gross euros a year: outside these, a slip of the pen
FIRST_PAY_YEAR = 2015


class Importance(models.TextChoices):
    ESSENTIAL = "essential", "essentielle"
    USEFUL = "useful", "utile"


class GateKind(models.TextChoices):
    MEDICAL_FITNESS = "medical-fitness", "aptitude médicale"
    ASEPTIC_QUALIFICATION = "aseptic-qualification", "qualification aseptique"
    LANGUAGE = "language", "niveau de langue"
    AUTHORISATION = "authorisation", "habilitation"


class WorkLanguage(models.TextChoices):
    FRENCH = "fr", "français"
    ENGLISH = "en", "anglais"
    GERMAN = "de", "allemand"
    SPANISH = "es", "espagnol"
    ITALIAN = "it", "italien"


class LanguageLevel(models.TextChoices):
    """Levels of the Common European Framework of Reference (CEFR)."""

    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"


class Sector(models.TextChoices):
    """Where people come from."""

    FOOD = "food", "agroalimentaire"
    COSMETICS = "cosmetics", "cosmétique"
    CHEMISTRY = "chemistry", "chimie"
    BREWING = "brewing", "brasserie et boissons fermentées"
    HOSPITAL_LABORATORY = "hospital-laboratory", "laboratoire hospitalier"
    MICROELECTRONICS = "microelectronics", "microélectronique"
    DEFENCE = "defence", "défense"
    PHARMACY = "pharmacy", "pharmacie"
    AGRICULTURE = "agriculture", "agriculture"
    ENERGY = "energy", "énergie"
    LOGISTICS = "logistics", "logistique"
    RESEARCH = "research", "recherche"
    OTHER = "other", "autre secteur"


class EntryLevel(models.IntegerChoices):
    """Levels of the French framework of qualifications, by the diploma that everybody knows them by."""

    NO_DIPLOMA = 2, "sans diplôme"
    CAP = 3, "CAP"
    BACCALAUREATE = 4, "bac"
    TWO_YEARS = 5, "bac+2"
    THREE_YEARS = 6, "bac+3"
    FIVE_YEARS = 7, "bac+5"
    DOCTORATE = 8, "doctorat"


class RequiredSkill(Orderable):
    """A skill asked for, with its level and importance."""

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name="compétence")
    level = models.PositiveSmallIntegerField("niveau", choices=LEVEL_CHOICES, default=2)
    importance = models.CharField(
        "importance", max_length=9, choices=Importance, default=Importance.ESSENTIAL
    )

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.skill} ({self.level}, {self.importance})"


class JobRequirement(RequiredSkill):
    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="requirements")

    class Meta(RequiredSkill.Meta):
        verbose_name = "compétence requise"
        verbose_name_plural = "compétences requises"
        constraints = [models.UniqueConstraint(fields=["page", "skill"], name="one_requirement_a_skill")]

    def clean(self) -> None:
        if self.skill_id and self.skill.kind == SkillKind.AUTHORISATION:
            message = "Une habilitation est une condition : mettez-la dans « Conditions impératives »."
            raise ValidationError({"skill": message})


class JobGate(Orderable):
    """A hard condition, kept apart from skills: no average ever hides it. Both languages live on the row."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField("nature", max_length=22, choices=GateKind)
    label_fr = models.CharField("condition", max_length=250)
    label_en = models.CharField("condition en anglais", max_length=250)
    how_fr = models.TextField("comment l'obtenir", blank=True)
    how_en = models.TextField("comment l'obtenir, en anglais", blank=True)
    language = models.CharField("langue", max_length=2, blank=True, choices=WorkLanguage)
    language_level = models.CharField("niveau (CECRL)", max_length=2, blank=True, choices=LanguageLevel)
    skill = models.ForeignKey(
        Skill,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="habilitation",
        help_text="Une compétence du référentiel de type « habilitation » : une personne qui dit l'avoir est reconnue.",
    )

    class Meta(Orderable.Meta):
        verbose_name = "condition impérative"
        verbose_name_plural = "conditions impératives"

    def __str__(self) -> str:
        return self.label_fr

    def clean(self) -> None:
        if self.kind == GateKind.LANGUAGE and not (self.language and self.language_level):
            raise ValidationError(
                {"language_level": "Une condition de langue donne la langue et le niveau (CECRL)."}
            )
        if self.skill_id and self.skill.kind != SkillKind.AUTHORISATION:
            message = (
                "Ce n'est pas une habilitation : une compétence ordinaire va dans « Compétences requises »."
            )
            raise ValidationError({"skill": message})


class JobLanguage(Orderable):
    """A language that the work needs and that bars nobody; one that does is a gate."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField("langue", max_length=2, choices=WorkLanguage)
    language_level = models.CharField("niveau (CECRL)", max_length=2, choices=LanguageLevel)
    importance = models.CharField("importance", max_length=9, choices=Importance, default=Importance.USEFUL)
    note_fr = models.TextField("à quoi elle sert", blank=True)
    note_en = models.TextField("à quoi elle sert, en anglais", blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "langue de travail"
        verbose_name_plural = "langues de travail"
        constraints = [models.UniqueConstraint(fields=["page", "language"], name="one_level_a_language")]

    def __str__(self) -> str:
        return f"{self.get_language_display()} {self.language_level}"


class JobBridge(Orderable):
    """A job of another sector that one comes from: what carries over, what is to be learnt."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="bridges")
    sector = models.CharField("secteur d'origine", max_length=19, choices=Sector)
    from_fr = models.CharField("métier d'origine", max_length=250)
    from_en = models.CharField("métier d'origine en anglais", max_length=250)
    carries_fr = models.TextField("ce qui sert déjà")
    carries_en = models.TextField("ce qui sert déjà, en anglais")
    learn_fr = models.TextField("ce qui reste à apprendre")
    learn_en = models.TextField("ce qui reste à apprendre, en anglais")

    class Meta(Orderable.Meta):
        verbose_name = "passerelle"
        verbose_name_plural = "passerelles"

    def __str__(self) -> str:
        return f"{self.from_fr} ({self.get_sector_display()})"


class JobPay(Orderable):
    """What the job pays, gross euros a year: never without who says so and of which year."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="pay")
    low = models.PositiveIntegerField(
        "de (€ brut par an)", validators=[MinValueValidator(LOWEST_PAY), MaxValueValidator(HIGHEST_PAY)]
    )
    high = models.PositiveIntegerField(
        "à (€ brut par an)", validators=[MinValueValidator(LOWEST_PAY), MaxValueValidator(HIGHEST_PAY)]
    )
    year = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(FIRST_PAY_YEAR)])
    source_fr = models.CharField("source", max_length=250)
    source_en = models.CharField("source en anglais", max_length=250)
    url = models.URLField("adresse de la source", max_length=500, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "rémunération"
        verbose_name_plural = "rémunérations"
        constraints = [
            models.UniqueConstraint(fields=["page"], name="one_pay_a_job"),
            models.CheckConstraint(
                condition=Q(low__lte=F("high")),
                name="pay_goes_upwards",
                violation_error_message="Le bas de la fourchette dépasse le haut.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low} à {self.high} € ({self.source_fr}, {self.year})"

    def clean(self) -> None:
        if self.year is not None and self.year > timezone.localdate().year:
            raise ValidationError({"year": "Cette année n'est pas encore venue."})


class JobDiploma(Orderable):
    """A usual entry diploma."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="diplomas")
    level = models.PositiveSmallIntegerField(
        "niveau",
        choices=EntryLevel,
        help_text="« sans diplôme » vaut aussi pour le brevet des collèges (niveau 2).",
    )
    label_fr = models.CharField("diplôme", max_length=250)
    label_en = models.CharField("diplôme en anglais", max_length=250)
    rncp_code = models.CharField(
        "code RNCP",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^RNCP\d{1,6}$", "RNCP, puis des chiffres.")],
    )

    class Meta(Orderable.Meta):
        verbose_name = "diplôme d'accès"
        verbose_name_plural = "diplômes d'accès"

    def __str__(self) -> str:
        return self.label_fr


class JobNeighbour(Orderable):
    """A job one may move to; either language's page stands for it."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="neighbours")
    neighbour = models.ForeignKey(
        JobProfilePage, on_delete=models.CASCADE, related_name="+", verbose_name="métier"
    )

    class Meta(Orderable.Meta):
        verbose_name = "métier voisin"
        verbose_name_plural = "métiers voisins"

    def __str__(self) -> str:
        return str(self.neighbour)

"""Job profiles: one Wagtail page a language, joined by `translation_key`.

One rule: words belong to each language's page; code, family, requirements, gates, diplomas and mappings are
the same in every language and are copied between them by `jobs.translation`.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page

from skills.levels import LEVEL_CHOICES
from skills.models import Domain, Skill
from skills.models.referential import validate_code


class Importance(models.TextChoices):
    ESSENTIAL = "essential", "essentielle"
    USEFUL = "useful", "utile"


class GateKind(models.TextChoices):
    MEDICAL_FITNESS = "medical-fitness", "aptitude médicale"
    ASEPTIC_QUALIFICATION = "aseptic-qualification", "qualification aseptique"
    LANGUAGE = "language", "niveau de langue"
    AUTHORISATION = "authorisation", "habilitation"


class LanguageLevel(models.TextChoices):
    """Levels of the Common European Framework of Reference (CEFR)."""

    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"


class CleanroomGrade(models.TextChoices):
    """The cleanest room worked in (EU GMP annex 1)."""

    NONE = "none", "hors zone classée"
    D = "D", "classe D"
    C = "C", "classe C"
    B = "B", "classe B"
    A = "A", "classe A"


class Shift(models.TextChoices):
    DAY = "day", "journée"
    TWO_SHIFTS = "2x8", "2×8"
    THREE_SHIFTS = "3x8", "3×8"
    WEEKEND = "weekend", "fin de semaine"
    ON_CALL = "on-call", "astreintes"


def validate_shifts(values: list[str]) -> None:
    unknown = [str(value) for value in values if value not in Shift.values]
    if unknown:
        raise ValidationError(
            f"Horaires inconnus : {', '.join(unknown)}. Valeurs : {', '.join(Shift.values)}."
        )


validate_rome_codes = RegexValidator(
    r"^([A-Z]\d{4}(\s+|$))*$", "Codes ROME (une lettre, quatre chiffres), un par ligne."
)
validate_esco_uris = RegexValidator(
    r"^(http://data\.europa\.eu/esco/occupation/[0-9a-f-]{36}(\s+|$))*$",
    "Adresses de métiers ESCO, une par ligne.",
)


class JobIndexPage(Page):
    """The list of job profiles by step of the value chain."""

    introduction = models.TextField("introduction", blank=True)

    max_count_per_parent = 1
    subpage_types = ["jobs.JobProfilePage"]
    template = "pages/job_list.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "liste des métiers"
        verbose_name_plural = "listes des métiers"


class JobProfilePage(Page):
    code = models.CharField("code", max_length=60, validators=[validate_code], db_index=True)
    family = models.ForeignKey(
        Domain, on_delete=models.PROTECT, related_name="job_profiles", verbose_name="famille"
    )
    alternative_titles = models.TextField("autres appellations", blank=True, help_text="Une par ligne.")
    summary = models.TextField("en bref", blank=True)
    activities = models.TextField("activités", blank=True, help_text="Une par ligne.")
    working_conditions = models.TextField("conditions de travail", blank=True)
    cleanroom_grade = models.CharField(
        "classe de la zone", max_length=4, choices=CleanroomGrade, default=CleanroomGrade.NONE
    )
    shifts = models.JSONField("horaires", default=list, blank=True, validators=[validate_shifts])
    rome_codes = models.TextField(
        "codes ROME", blank=True, validators=[validate_rome_codes], help_text="Un par ligne."
    )
    esco_uris = models.TextField(
        "métiers ESCO", blank=True, validators=[validate_esco_uris], help_text="Un par ligne."
    )

    parent_page_types = ["jobs.JobIndexPage"]
    subpage_types = []
    template = "pages/job_profile.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("alternative_titles"),
        FieldPanel("summary"),
        FieldPanel("activities"),
        InlinePanel("requirements", heading="Compétences requises", label="Compétence"),
        InlinePanel("gates", heading="Conditions impératives", label="Condition"),
        MultiFieldPanel(
            [FieldPanel("cleanroom_grade"), FieldPanel("shifts"), FieldPanel("working_conditions")],
            heading="Conditions de travail",
        ),
        InlinePanel("diplomas", heading="Diplômes d'accès", label="Diplôme"),
        InlinePanel("neighbours", heading="Métiers voisins", label="Métier"),
        MultiFieldPanel(
            [FieldPanel("code"), FieldPanel("family"), FieldPanel("rome_codes"), FieldPanel("esco_uris")],
            heading="Codes",
        ),
    ]

    class Meta:
        verbose_name = "fiche métier"
        verbose_name_plural = "fiches métiers"

    def full_clean(self, *args, **kwargs) -> None:
        self._take_slug_from_code()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._take_slug_from_code()
        super().minimal_clean()

    def clean(self) -> None:
        super().clean()
        self._check_code_is_free()

    def copy(self, *args, update_attrs=None, reset_translation_key=True, **kwargs):
        """A copy that is no translation is another job: its address names it."""
        if reset_translation_key and update_attrs and update_attrs.get("slug"):
            code = slugify(update_attrs["slug"]).replace("_", "-")
            update_attrs = {**update_attrs, "slug": code, "code": code}
        return super().copy(
            *args, update_attrs=update_attrs, reset_translation_key=reset_translation_key, **kwargs
        )

    copy.alters_data = True

    def _take_slug_from_code(self) -> None:
        """The code is the job's identity in addresses, in either language."""
        if self.code:
            self.slug = self.code

    def _check_code_is_free(self) -> None:
        """A code names one job: only the translations of one page share it."""
        others = JobProfilePage.objects.filter(code=self.code).exclude(translation_key=self.translation_key)
        if others.exists():
            raise ValidationError({"code": f"Le code « {self.code} » est déjà celui d'un autre métier."})

    @property
    def alternative_title_list(self) -> list[str]:
        return self.alternative_titles.splitlines()

    @property
    def activity_list(self) -> list[str]:
        return self.activities.splitlines()

    @property
    def rome_code_list(self) -> list[str]:
        return self.rome_codes.split()

    @property
    def esco_uri_list(self) -> list[str]:
        return self.esco_uris.split()


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


class JobGate(Orderable):
    """A hard condition, kept apart from skills: no average ever hides it. Both languages live on the row."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField("nature", max_length=22, choices=GateKind)
    label_fr = models.CharField("condition", max_length=250)
    label_en = models.CharField("condition en anglais", max_length=250)
    how_fr = models.TextField("comment l'obtenir", blank=True)
    how_en = models.TextField("comment l'obtenir, en anglais", blank=True)
    language = models.CharField("langue", max_length=2, blank=True)
    language_level = models.CharField("niveau (CECRL)", max_length=2, blank=True, choices=LanguageLevel)

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


class JobDiploma(Orderable):
    """A usual entry diploma."""

    page = ParentalKey(JobProfilePage, on_delete=models.CASCADE, related_name="diplomas")
    level = models.PositiveSmallIntegerField("niveau", help_text="De 3 (CAP) à 8 (doctorat).")
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

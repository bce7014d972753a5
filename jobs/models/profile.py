"""Job profiles: one Wagtail page a language, joined by `translation_key`.

One rule: words belong to each language's page; code, family, mappings and rows (`jobs.models.profile_rows`) are
the same in every language and are copied between them by `jobs.translation`.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page

from skills.models import Domain
from skills.models.referential import validate_code


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


def lowest_level(diplomas) -> int | None:
    """The level from which these diplomas open a job. A row of a draft may have none yet."""
    return min((diploma.level for diploma in diplomas if diploma.level), default=None)


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
        InlinePanel(
            "languages",
            heading="Langues de travail",
            label="Langue",
            help_text="Une langue sans laquelle on n'est pas pris est une condition impérative.",
        ),
        InlinePanel(
            "pay",
            heading="Rémunération",
            label="Rémunération",
            max_num=1,
            help_text="Toujours d'après une source : sans elle, la page n'en dit rien.",
        ),
        InlinePanel("bridges", heading="Venir d'un autre métier", label="Métier d'origine"),
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
    def entry_level(self) -> int | None:
        """The lowest level of its diplomas; None where it names none."""
        return lowest_level(self.diplomas.all())

    @property
    def rome_code_list(self) -> list[str]:
        return self.rome_codes.split()

    @property
    def esco_uri_list(self) -> list[str]:
        return self.esco_uris.split()

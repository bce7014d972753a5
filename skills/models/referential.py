"""Skills, their labels and their mappings to ESCO and ROME.

One rule: `code` is the identity of a skill, given once and never reused; a retired skill names its replacement.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language

from skills.text import text_key

validate_code = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "Un code s'écrit en minuscules sans accent, mots joints par des tirets."
)


class BilingualLabel(models.Model):
    """A French and an English label; `label` is the one of the active language."""

    label_fr = models.CharField("libellé français", max_length=200)
    label_en = models.CharField("libellé anglais", max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if get_language() == "en" else self.label_fr


class Domain(BilingualLabel):
    """A step of the value chain, or a function that serves them all."""

    code = models.CharField("code", max_length=50, unique=True, validators=[validate_code])
    position = models.PositiveSmallIntegerField("rang", default=0)
    definition_fr = models.TextField("définition", blank=True)
    definition_en = models.TextField("définition en anglais", blank=True)

    class Meta:
        verbose_name = "domaine"
        verbose_name_plural = "domaines"
        ordering = ["position", "code"]

    @property
    def definition(self) -> str:
        return self.definition_en if get_language() == "en" else self.definition_fr


class SkillKind(models.TextChoices):
    KNOWLEDGE = "knowledge", "connaissance"
    KNOW_HOW = "know-how", "savoir-faire"
    BEHAVIOUR = "behaviour", "savoir-être"


class SkillStatus(models.TextChoices):
    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"
    DEPRECATED = "deprecated", "retirée"


class SkillQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=SkillStatus.PUBLISHED)


class Skill(BilingualLabel):
    code = models.CharField("code", max_length=60, unique=True, validators=[validate_code])
    domain = models.ForeignKey(
        Domain, on_delete=models.PROTECT, related_name="skills", verbose_name="domaine"
    )
    kind = models.CharField("type", max_length=10, choices=SkillKind, default=SkillKind.KNOW_HOW)
    status = models.CharField("état", max_length=10, choices=SkillStatus, default=SkillStatus.PUBLISHED)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="remplacée par",
    )
    definition_fr = models.TextField("définition")
    definition_en = models.TextField("définition en anglais")
    broader = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="narrower", verbose_name="compétences plus larges"
    )
    related = models.ManyToManyField("self", blank=True, verbose_name="compétences voisines")

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ["domain__position", "code"]

    @property
    def definition(self) -> str:
        return self.definition_en if get_language() == "en" else self.definition_fr

    def clean(self) -> None:
        if self.status == SkillStatus.DEPRECATED and self.replaced_by_id is None:
            raise ValidationError({"replaced_by": "Une compétence retirée nomme celle qui la remplace."})
        if self.replaced_by_id is not None and self.replaced_by_id == self.pk:
            raise ValidationError({"replaced_by": "Une compétence ne peut pas se remplacer elle-même."})


class LabelKind(models.TextChoices):
    ALTERNATIVE = "alternative", "autre libellé"
    HIDDEN = "hidden", "libellé caché (faute, mot courant)"
    ACRONYM = "acronym", "sigle"


class SkillLabel(models.Model):
    """Another text that means the skill. `language` is empty for acronyms valid in both."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField("type", max_length=11, choices=LabelKind)
    language = models.CharField(
        "langue", max_length=2, blank=True, choices=[("fr", "français"), ("en", "anglais")]
    )
    text = models.CharField("texte", max_length=200)
    key = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = "libellé"
        verbose_name_plural = "libellés"
        ordering = ["skill_id", "kind", "language", "text"]
        constraints = [
            models.UniqueConstraint(fields=["skill", "language", "key"], name="one_text_once_a_skill"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args, **kwargs) -> None:
        self.key = text_key(self.text)
        super().save(*args, **kwargs)


class MappingScheme(models.TextChoices):
    ESCO = "esco", "ESCO"
    ROME = "rome", "ROME"


class MappingMatch(models.TextChoices):
    """SKOS mapping relations, read from our skill to the foreign one."""

    EXACT = "exact", "exacte"
    CLOSE = "close", "proche"
    BROAD = "broad", "plus large"
    NARROW = "narrow", "plus étroite"
    RELATED = "related", "voisine"


class SkillMapping(models.Model):
    """A skill of ESCO (its URI) or of ROME (its OGR code) that ours corresponds to."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="mappings")
    scheme = models.CharField("référentiel", max_length=4, choices=MappingScheme)
    code = models.CharField("URI ESCO ou code OGR", max_length=120)
    match = models.CharField("correspondance", max_length=7, choices=MappingMatch)

    class Meta:
        verbose_name = "correspondance"
        verbose_name_plural = "correspondances"
        ordering = ["skill_id", "scheme", "code"]
        constraints = [models.UniqueConstraint(fields=["skill", "scheme", "code"], name="one_mapping_a_code")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code} ({self.match})"

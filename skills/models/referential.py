"""Skills, their labels, their levels and their mappings to ESCO and ROME; what else an acronym may mean.

One rule: `code` is the identity of a skill, given once and never reused; a retired skill names its replacement.
"""

from functools import cached_property

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from skills.concept_files.differences import entry_fields
from skills.concept_files.entries import (
    EVERY_MODALITY,
    MODALITIES,
    SCHEMES,
    LabelEntry,
    LevelEntry,
    MappingEntry,
    SkillEntry,
)
from skills.concept_files.parsing import LABEL_LIMIT, MAPPING_PATTERNS
from skills.imports.yaml_source import Bilingual
from skills.levels import LEVEL_CHOICES, Level
from skills.models.drafts import ConceptDrafts
from skills.models.provenance import Given
from skills.text import one_line, text_key

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
    # What an employer or the law requires before one may do the work: a gate in job profiles, never a mere skill.
    AUTHORISATION = "authorisation", "habilitation"


class SkillStatus(models.TextChoices):
    """A draft is a skill that is not `live`; `live` skills are in use or retired."""

    PUBLISHED = "published", "en usage"
    DEPRECATED = "deprecated", "retirée"


class Modality(models.TextChoices):
    """What a skill is used to make."""

    ALL = "all", "toutes"
    VACCINES = "vaccines", "vaccins"
    RECOMBINANT_PROTEINS = "recombinant-proteins", "protéines recombinantes"
    MONOCLONAL_ANTIBODIES = "monoclonal-antibodies", "anticorps monoclonaux"
    GENE_THERAPY = "gene-therapy", "thérapie génique"
    CELL_THERAPY = "cell-therapy", "thérapie cellulaire"
    TISSUE_THERAPY = "tissue-therapy", "thérapie tissulaire"


class SkillQuerySet(models.QuerySet):
    def published(self):
        return self.filter(live=True, status=SkillStatus.PUBLISHED)

    def with_concepts(self):
        """With everything that `as_entry` reads. Six queries in all."""
        return self.select_related("domain", "replaced_by").prefetch_related(
            "labels", "levels", "mappings", "broader", "related"
        )


def every_modality() -> list[str]:
    return [Modality.ALL.value]


class Skill(
    Given,
    ConceptDrafts,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    BilingualLabel,
    ClusterableModel,
):
    """A concept of the referential. `given` is what its files said last (see `standing`)."""

    code = models.CharField("code", max_length=60, unique=True, validators=[validate_code])
    domain = models.ForeignKey(
        Domain, on_delete=models.PROTECT, related_name="skills", verbose_name="domaine"
    )
    kind = models.CharField("type", max_length=13, choices=SkillKind, default=SkillKind.KNOW_HOW)
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
    broader = ParentalManyToManyField(
        "self", symmetrical=False, blank=True, related_name="narrower", verbose_name="compétences plus larges"
    )
    related = ParentalManyToManyField("self", blank=True, verbose_name="compétences voisines")
    modalities = models.JSONField("biomédicaments concernés", default=every_modality, blank=True)
    unmapped = models.JSONField(
        "sans équivalent",
        default=list,
        blank=True,
        help_text="Les référentiels où l'on a cherché, et où rien ne correspond.",
    )

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="skill")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="skill",
        for_concrete_model=False,
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ["domain__position", "code"]

    @property
    def revisions(self):
        return self._revisions

    @property
    def definition(self) -> str:
        return self.definition_en if get_language() == "en" else self.definition_fr

    @property
    def is_retired(self) -> bool:
        return self.status == SkillStatus.DEPRECATED

    @property
    def modality_labels(self) -> list[str]:
        return [str(Modality(modality).label) for modality in self.modalities]

    def as_entry(self) -> SkillEntry:
        """The skill as its file would say it: on one line each, retirement before all, no « none » beside a mapping."""
        mappings = tuple(sorted(MappingEntry(one.scheme, one.code, one.match) for one in self.mappings.all()))
        mapped = {one.scheme for one in mappings}
        return SkillEntry(
            code=self.code,
            domain=self.domain.code,
            kind=self.kind,
            status=self.status if self.live or self.is_retired else "draft",
            replaced_by=self.replaced_by.code if self.is_retired and self.replaced_by else "",
            label=Bilingual.on_one_line(self.label_fr, self.label_en),
            definition=Bilingual.on_one_line(self.definition_fr, self.definition_en),
            labels=tuple(
                sorted(
                    LabelEntry(
                        one.kind, one.language, one_line(one.text), tuple(sorted(map(one_line, one.context)))
                    )
                    for one in self.labels.all()
                )
            ),
            modalities=tuple(one for one in MODALITIES if one in self.modalities) or (EVERY_MODALITY,),
            levels=tuple(
                LevelEntry(one.level, Bilingual.on_one_line(one.descriptor_fr, one.descriptor_en))
                for one in self.levels.all()
            ),
            broader=tuple(sorted(other.code for other in self.broader.all())),
            related=tuple(sorted(other.code for other in self.related.all())),
            mappings=mappings,
            unmapped=tuple(one for one in SCHEMES if one in self.unmapped and one not in mapped),
            source="",
            line=0,
        )

    # --- What the files gave: fields as `entry_fields` names them, which are not all columns.
    @cached_property
    def _standing(self) -> dict[str, object]:
        return entry_fields(self.as_entry())

    def standing(self, field: str) -> object:
        return self._standing[field]

    def refresh_from_db(self, *args, **kwargs) -> None:
        self.__dict__.pop("_standing", None)
        super().refresh_from_db(*args, **kwargs)

    def field_label(self, field: str) -> str:
        return FIELD_LABELS[field]

    def clean(self) -> None:
        super().clean()
        if self.status == SkillStatus.DEPRECATED and self.replaced_by_id is None:
            raise ValidationError({"replaced_by": "Une compétence retirée nomme celle qui la remplace."})
        if self.replaced_by_id is not None and self.replaced_by_id == self.pk:
            raise ValidationError({"replaced_by": "Une compétence ne peut pas se remplacer elle-même."})
        if EVERY_MODALITY in self.modalities and len(self.modalities) > 1:
            raise ValidationError({"modalities": "« toutes » se coche seule."})


# How the fields of a concept are called on screens.
FIELD_LABELS = {
    "label_fr": "libellé français",
    "label_en": "libellé anglais",
    "definition_fr": "définition",
    "definition_en": "définition en anglais",
    "domain": "domaine",
    "kind": "type",
    "status": "état",
    "replaced_by": "remplacée par",
    "modalities": "biomédicaments concernés",
    "levels": "niveaux",
    "broader": "compétences plus larges",
    "related": "compétences voisines",
    "labels": "autres libellés",
    "mappings": "correspondances",
}


class LabelKind(models.TextChoices):
    ALTERNATIVE = "alternative", "autre libellé"
    HIDDEN = "hidden", "libellé caché (faute, mot courant)"
    ACRONYM = "acronym", "sigle"


class SkillLabel(models.Model):
    """Another text that means the skill. `language` is empty for acronyms valid in both."""

    skill = ParentalKey(Skill, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField("type", max_length=11, choices=LabelKind)
    language = models.CharField(
        "langue", max_length=2, blank=True, choices=[("fr", "français"), ("en", "anglais")]
    )
    text = models.CharField("texte", max_length=200)
    context = models.JSONField(
        "contexte",
        default=list,
        blank=True,
        help_text="Pour un sigle qui a plusieurs sens : les mots près desquels il a celui-ci.",
    )
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

    def clean(self) -> None:
        super().clean()
        if self.kind == LabelKind.ACRONYM:
            self.language = ""  # an acronym is valid in both
        elif not self.language:
            raise ValidationError(
                {"language": "Choisissez la langue ; seuls les sigles valent dans les deux."}
            )
        elif self.context:
            raise ValidationError({"context": "Seul un sigle a un contexte."})
        if any(len(word) > LABEL_LIMIT for word in self.context):
            raise ValidationError({"context": f"Chaque mot a {LABEL_LIMIT} caractères au plus."})
        if not text_key(self.text):
            raise ValidationError({"text": "Il faut au moins une lettre ou un chiffre."})


class SkillLevel(models.Model):
    """What one does at a level of this skill, where the generic descriptor (`skills.levels`) does not tell enough."""

    skill = ParentalKey(Skill, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField("niveau", choices=LEVEL_CHOICES)
    descriptor_fr = models.TextField("ce qu'on fait à ce niveau")
    descriptor_en = models.TextField("en anglais")

    class Meta:
        verbose_name = "niveau d'une compétence"
        verbose_name_plural = "niveaux d'une compétence"
        ordering = ["skill_id", "level"]
        constraints = [models.UniqueConstraint(fields=["skill", "level"], name="one_descriptor_a_level")]

    def __str__(self) -> str:
        return f"{Level(self.level).name} : {self.descriptor_fr}"

    @property
    def descriptor(self) -> str:
        return self.descriptor_en if get_language() == "en" else self.descriptor_fr


class AcronymSense(models.Model):
    """A meaning of an acronym that is no skill: it keeps the acronym from being read as one."""

    acronym = models.CharField("sigle", max_length=40)
    key = models.CharField(max_length=40, editable=False, db_index=True)
    meaning_fr = models.CharField("sens", max_length=200)
    meaning_en = models.CharField("sens en anglais", max_length=200)
    context = models.JSONField(
        "contexte", default=list, help_text="Les mots près desquels le sigle a ce sens."
    )

    class Meta:
        verbose_name = "autre sens d'un sigle"
        verbose_name_plural = "autres sens de sigles"
        ordering = ["acronym", "meaning_fr"]
        constraints = [models.UniqueConstraint(fields=["key", "meaning_fr"], name="one_sense_once")]

    def __str__(self) -> str:
        return f"{self.acronym} ({self.meaning_fr})"

    def save(self, *args, **kwargs) -> None:
        self.key = text_key(self.acronym)
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

    skill = ParentalKey(Skill, on_delete=models.CASCADE, related_name="mappings")
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

    def clean(self) -> None:
        super().clean()
        pattern = MAPPING_PATTERNS.get(self.scheme)
        if pattern and not pattern.fullmatch(self.code):
            example = "http://data.europa.eu/esco/skill/…" if self.scheme == MappingScheme.ESCO else "123456"
            raise ValidationError({"code": f"Ce n'est pas un code {self.get_scheme_display()} ({example})."})

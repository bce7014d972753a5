"""A training: what is offered, with drafts, preview, workflow and revisions.

One rule: what is dated or placed lives below it (`TrainingAction`, `TrainingSession`); the training is what
people choose.
"""

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from people.models import Organisation
from skills.levels import LEVEL_CHOICES
from skills.models import Given, Skill
from skills.models.referential import validate_code
from training.models.certification import Certification
from training.models.diploma import Diploma


class TrainingKind(models.TextChoices):
    INITIAL = "initial", "formation initiale"
    CONTINUING = "continuing", "formation continue"


class SkillOrigin(models.TextChoices):
    DECLARED = "declared", "déclarée par l'organisme"
    SUGGESTED = "suggested", "suggérée d'après le texte"
    CONFIRMED = "confirmed", "confirmée"


class TrainingOrigin(models.TextChoices):
    """What a training of the catalogue is: a true diploma of the open data, a provider's offer, an invented one."""

    OPEN_DATA = "open-data", "diplôme réel (données ouvertes)"
    PROVIDER = "provider", "offre d'un organisme"
    DEMONSTRATION = "demonstration", "démonstration"


class Confirmation(models.TextChoices):
    """How a link that no provider declared was confirmed."""

    RULE = "rule", "une règle : le texte officiel nomme la compétence"
    EDITOR = "editor", "la rédaction"


def _qualification_level(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        name,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
        help_text="3 CAP, 4 bac, 5 bac+2, 6 bac+3, 7 master, 8 doctorat ; vide si inconnu.",
    )


class Training(
    Given, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    code = models.CharField("code", max_length=80, unique=True, validators=[validate_code])
    provider = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings",
        verbose_name="organisme responsable",
        help_text="Vide pour un diplôme que plusieurs établissements préparent.",
    )
    kind = models.CharField("type", max_length=10, choices=TrainingKind, default=TrainingKind.CONTINUING)
    title_fr = models.CharField("intitulé", max_length=255)
    title_en = models.CharField("intitulé en anglais", max_length=255, blank=True)
    objectives = models.TextField("objectifs", blank=True)
    content = models.TextField("programme", blank=True)
    prerequisites = models.TextField("prérequis", blank=True)
    entry_level = _qualification_level("niveau d'entrée")
    exit_level = _qualification_level("niveau de sortie")
    certifications = ParentalManyToManyField(
        Certification, blank=True, related_name="trainings", verbose_name="certifications"
    )
    url = models.URLField("page de l'organisme", max_length=500, blank=True)
    is_demonstration = models.BooleanField("démonstration", default=False)
    diploma = models.ForeignKey(
        Diploma,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="trainings",
        verbose_name="diplôme des données ouvertes",
    )
    source = models.CharField("source", max_length=120, blank=True, editable=False)
    external_id = models.CharField("identifiant dans la source", max_length=120, blank=True, editable=False)
    left_source_on = models.DateField(
        "absente de sa source depuis",
        null=True,
        blank=True,
        editable=False,
        help_text="Retirée du site parce que sa source ne la donne plus ; y revient si la source la redonne.",
    )

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="training")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="training",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_training_an_external_id",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self):
        return self._revisions

    @property
    def title(self) -> str:
        return (self.title_en if get_language() == "en" else "") or self.title_fr

    @property
    def origin(self) -> TrainingOrigin:
        if self.is_demonstration:
            return TrainingOrigin.DEMONSTRATION
        return TrainingOrigin.PROVIDER if self.provider_id else TrainingOrigin.OPEN_DATA

    @property
    def provider_name(self) -> str:
        """Empty for a diploma that several schools prepare."""
        return self.provider.name if self.provider else ""

    def standing(self, field: str) -> object:
        if field == "provider":
            return self.provider.identity if self.provider else ""
        if field == "certifications":
            return sorted(certification.code for certification in self.certifications.all())
        if field == "skills":
            given = self.given.get("skills", [{}])[0]
            links = [(link.skill.code, link) for link in self.skill_links.all()]
            return {
                code: link.level
                for code, link in links
                if code in given or link.origin == SkillOrigin.DECLARED
            }
        return super().standing(field)

    def field_label(self, field: str) -> str:
        return "compétences visées" if field == "skills" else super().field_label(field)

    def get_preview_template(self, request, mode_name) -> str:
        return "pages/training.html"


class TrainingSkill(Orderable):
    """A skill the training brings, with the level reached and where the link comes from."""

    training = ParentalKey(Training, on_delete=models.CASCADE, related_name="skill_links")
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, related_name="training_links", verbose_name="compétence"
    )
    level = models.PositiveSmallIntegerField("niveau atteint", choices=LEVEL_CHOICES, default=2)
    origin = models.CharField("origine", max_length=9, choices=SkillOrigin, default=SkillOrigin.DECLARED)
    evidence = models.TextField("passage qui la montre", blank=True)
    confirmed_by = models.CharField("confirmée par", max_length=6, choices=Confirmation, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "compétence visée"
        verbose_name_plural = "compétences visées"
        constraints = [models.UniqueConstraint(fields=["training", "skill"], name="one_link_a_skill")]

    def __str__(self) -> str:
        return f"{self.skill} ({self.level})"

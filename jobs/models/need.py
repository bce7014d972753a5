"""Employers' needs, with the skills they ask for.

One rule: a need is public while it is live and not past its closing day; its requirements are its own,
copied from a job profile when it starts from one, then free to differ.
"""

import datetime as dt
import secrets

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, RevisionMixin

from jobs.models.profile import JobProfilePage
from jobs.models.profile_rows import RequiredSkill
from people.models import Organisation
from skills.models import Commune


class NeedKind(models.TextChoices):
    VACANCY = "vacancy", "poste à pourvoir"
    APPRENTICESHIP = "apprenticeship", "alternance ou stage"
    UPSKILLING = "upskilling", "montée en compétences"
    FUTURE = "future", "besoin à venir"


def _new_code() -> str:
    return f"besoin-{secrets.token_hex(4)}"


class NeedQuerySet(models.QuerySet):
    def open(self, on: dt.date):
        """Published and not past their closing day."""
        return self.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=on), live=True)


class EmployerNeed(DraftStateMixin, RevisionMixin, ClusterableModel):
    code = models.SlugField("code", max_length=60, unique=True, default=_new_code, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="needs", verbose_name="employeur"
    )
    kind = models.CharField("type de besoin", max_length=14, choices=NeedKind, default=NeedKind.VACANCY)
    job_profile = models.ForeignKey(
        JobProfilePage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="fiche métier",
        help_text="Ses compétences requises sont reprises si vous n'en donnez aucune.",
    )
    title = models.CharField("intitulé", max_length=200)
    description = models.TextField("description", blank=True)
    positions = models.PositiveIntegerField(
        "nombre de personnes", default=1, validators=[MinValueValidator(1)]
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    starts_on = models.DateField("à partir du", null=True, blank=True)
    closes_on = models.DateField("dernier jour de publication", null=True, blank=True)
    is_demonstration = models.BooleanField("démonstration", default=False, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin"
        verbose_name_plural = "besoins"
        ordering = ["-created_at", "code"]

    def __str__(self) -> str:
        return self.title

    def is_open(self, on: dt.date) -> bool:
        return self.live and (self.closes_on is None or self.closes_on >= on)

    def start_from_job(self) -> None:
        """Take the job profile's requirements where the need has none of its own.

        They are saved with the need, in the database or in a draft.
        """
        if self.job_profile is None or self.requirements.exists():
            return
        self.requirements.add(
            *(
                NeedRequirement(
                    sort_order=requirement.sort_order,
                    skill_id=requirement.skill_id,
                    level=requirement.level,
                    importance=requirement.importance,
                )
                for requirement in self.job_profile.requirements.all()
            )
        )

    def copy_requirements_from_job(self) -> None:
        """The same, written to the database at once."""
        self.start_from_job()
        self.requirements.commit()


class NeedRequirement(RequiredSkill):
    need = ParentalKey(EmployerNeed, on_delete=models.CASCADE, related_name="requirements")

    class Meta(RequiredSkill.Meta):
        verbose_name = "compétence demandée"
        verbose_name_plural = "compétences demandées"
        constraints = [models.UniqueConstraint(fields=["need", "skill"], name="one_need_requirement_a_skill")]

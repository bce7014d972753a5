"""People whom employers may find, under a pseudonym: what they can do, where and for what; never who they are.

One rule: nothing here names anybody (no name, address, e-mail, age, gender, nationality nor photo, and no free text in which
they could be written), and nobody is found but on a consent that holds today. What a person does not show is not stored.
"""

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

from jobs.models.need import NeedKind
from people.models import Consent, ConsentPurpose
from skills.levels import LEVEL_CHOICES
from skills.models import Commune, Region, Skill

FARTHEST_KM = 1_000  # from anywhere to anywhere in mainland France


def new_pseudonym() -> str:
    """Drawn by chance: it says nothing of the person, nor who came before whom."""
    return f"candidat-{secrets.token_hex(4)}"


def validate_need_kinds(kinds: list[str]) -> None:
    unknown = [kind for kind in kinds if kind not in NeedKind.values]
    if unknown:
        raise ValidationError(f"Types de besoin inconnus : {', '.join(map(str, unknown))}.")


class CandidateQuerySet(models.QuerySet):
    def consenting(self, on: dt.date):
        """Whom anybody may be told of on this day."""
        return self.filter(consent__in=Consent.objects.active(ConsentPurpose.CANDIDATE_POOL, on))

    def looking(self):
        """Who says from when they are available, and has not withdrawn; the day is still to be judged."""
        standing = Consent.objects.standing(ConsentPurpose.CANDIDATE_POOL)
        return self.filter(consent__in=standing, available_from__isnull=False)

    def without_consent(self, on: dt.date):
        """Whose data nobody may keep any longer."""
        return self.exclude(consent__in=Consent.objects.active(ConsentPurpose.CANDIDATE_POOL, on))

    def erase(self) -> int:
        """Delete all that is stored of these people, their consent included; how many they were."""
        _, deleted = Consent.objects.filter(candidate__in=self).delete()
        return deleted.get(self.model._meta.label, 0)


class CandidateProfile(models.Model):
    # What follows is used by no list of « uses » of Wagtail's: the admin of a skill or a commune names no candidate.
    wagtail_reference_index_ignore = True

    code = models.SlugField(
        "pseudonyme",
        max_length=40,
        unique=True,
        default=new_pseudonym,
        editable=False,
        validators=[
            RegexValidator(
                r"^candidat-[0-9a-f]{8}$",
                "Un pseudonyme est « candidat- » suivi de huit chiffres hexadécimaux tirés au hasard.",
            )
        ],
    )
    consent = models.OneToOneField(
        Consent, on_delete=models.CASCADE, related_name="candidate", verbose_name="consentement"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="région"
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune",
        help_text="Elle donne la distance ; sans elle, seule la région est montrée.",
    )
    mobility_km = models.PositiveSmallIntegerField(
        "mobilité (km)", default=50, validators=[MaxValueValidator(FARTHEST_KM)]
    )
    remote = models.BooleanField("travail à distance accepté", default=False)
    need_kinds = models.JSONField("types de besoin qui l'intéressent", validators=[validate_need_kinds])
    available_from = models.DateField(
        "disponible à partir du", null=True, blank=True, help_text="Vide : pas disponible pour l'instant."
    )
    is_demonstration = models.BooleanField("démonstration (personne inventée)", default=False, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "profil de candidat"
        verbose_name_plural = "profils de candidats"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.commune and self.commune.region_id != self.region_id:
            raise ValidationError({"commune": f"{self.commune} n'est pas dans la région indiquée."})


class CandidateSkill(models.Model):
    wagtail_reference_index_ignore = True

    profile = models.ForeignKey(CandidateProfile, on_delete=models.CASCADE, related_name="skill_links")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name="compétence")
    level = models.PositiveSmallIntegerField("niveau", choices=LEVEL_CHOICES, default=2)

    class Meta:
        verbose_name = "compétence de candidat"
        verbose_name_plural = "compétences de candidats"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["profile", "skill"], name="one_candidate_skill")]

    def __str__(self) -> str:
        return f"{self.skill} ({self.level})"

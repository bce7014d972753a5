"""What people say is wrong in an answer of « Mes compétences », and the cases that editors make of it.

One rule: a report holds codes and levels. What the person wrote stands in it only with consent, until the day that was
promised: the database refuses it otherwise. Neither account, address, cookie nor hour is kept with it.
"""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from skills.levels import LEVEL_CHOICES
from skills.models import Skill

LANGUAGES = [("fr", "français"), ("en", "anglais")]
EXCERPT = 80  # characters


class Contested(models.TextChoices):
    """What a report says is wrong."""

    NOT_SHOWN = "not-shown", "compétence que le texte ne montre pas"
    MISSED = "missed", "compétence oubliée"
    SET_ASIDE = "set-aside", "compétence mise de côté à tort"
    WRONG_LEVEL = "wrong-level", "niveau faux"
    NOT_BROUGHT = "not-brought", "compétence qu'un métier ou diplôme n'apporte pas"
    JOB_TOO_HIGH = "job-too-high", "métier classé trop haut"
    JOB_TOO_LOW = "job-too-low", "métier classé trop bas"
    REQUIREMENT_UNSEEN = "requirement-unseen", "exigence couverte, jugée manquante ou en partie"
    REQUIREMENT_GRANTED = "requirement-granted", "exigence jugée acquise à tort"
    USELESS_TRAINING = "useless-training", "formation qui n'aide pas"
    OTHER = "other", "autre chose"


class ReportState(models.TextChoices):
    NEW = "new", "à regarder"
    ACCEPTED = "accepted", "retenu"
    REJECTED = "rejected", "écarté"
    CASE = "case", "devenu un cas"


def _level(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(name, choices=LEVEL_CHOICES, null=True, blank=True)


class MatchReport(models.Model):
    """`origin_key` names the job held or the diploma that brought the skill (`Candidate.key`); the versions are empty where
    they are not those of the answer any more. `withdrawal_hash`: of the token by which the person takes the words back.

    The key is drawn by chance and only the day is kept: an order or an hour would lead to a line of a server's log.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField("jour", db_index=True)
    kind = models.CharField("ce qui est contesté", max_length=20, choices=Contested)
    skill_code = models.CharField("compétence", max_length=60, blank=True)
    job_code = models.CharField("métier", max_length=60, blank=True)
    training_code = models.CharField("formation", max_length=80, blank=True)
    origin_key = models.CharField("métier exercé ou diplôme", max_length=200, blank=True)
    level_shown = _level("niveau montré")
    level_claimed = _level("niveau qui serait juste")
    language = models.CharField("langue", max_length=2, choices=LANGUAGES)
    referential_version = models.CharField("référentiel", max_length=80, blank=True)
    model_version = models.CharField("modèle", max_length=40, blank=True)
    formula_version = models.CharField("formule", max_length=20, blank=True)
    catalogue_version = models.CharField("catalogue", max_length=40, blank=True)
    comment = models.TextField("commentaire", blank=True)
    passage = models.TextField("passage cité", blank=True)
    text_until = models.DateField("textes gardés jusqu'au", null=True, blank=True)
    withdrawal_hash = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField("état", max_length=8, choices=ReportState, default=ReportState.NEW)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="traité par",
    )
    reviewed_at = models.DateTimeField("traité le", null=True, blank=True)
    note = models.TextField("note de la rédaction", blank=True)

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        ordering = ["-day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(comment="", passage="") | Q(text_until__isnull=False),
                name="words_of_a_person_only_until_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.day:%d/%m/%Y})"

    @property
    def has_words(self) -> bool:
        return bool(self.comment or self.passage)


class MatchCase(ClusterableModel):
    """An invented text, or one that names nobody, and what must be read out of it. It is called by its number: the admin's
    history, which keeps names, keeps nothing of its text.
    """

    text = models.TextField("texte", max_length=5_000)
    language = models.CharField("langue", max_length=2, choices=LANGUAGES, default="fr")
    names_nobody = models.BooleanField("j'ai vérifié que ce texte ne désigne personne", default=False)
    report = models.ForeignKey(
        MatchReport,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="cases",
        verbose_name="signalement",
    )
    created_on = models.DateField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "cas de test"
        verbose_name_plural = "cas de test"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"cas-{self.pk}" if self.pk else "nouveau cas"

    @property
    def excerpt(self) -> str:
        text = " ".join(self.text.split())
        return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"


class Stance(models.TextChoices):
    """What the text says of a skill; only the first is to be found."""

    HELD = "held", "montrée"
    DENIED = "denied", "niée"
    WISHED = "wished", "souhaitée"
    ABSENT = "absent", "absente"


class MatchCaseSkill(models.Model):
    case = ParentalKey(MatchCase, on_delete=models.CASCADE, related_name="skills")
    # A skill that was ever in use is never deleted. Once retired, the one that stands for it is expected.
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name="compétence")
    stance = models.CharField("dans le texte", max_length=6, choices=Stance, default=Stance.HELD)
    level = _level("niveau")
    quote = models.CharField("passage", max_length=500, blank=True)

    class Meta:
        verbose_name = "compétence attendue"
        verbose_name_plural = "compétences attendues"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "skill"], name="one_expectation_a_skill")]

    def __str__(self) -> str:
        return f"{self.skill} : {self.get_stance_display()}"

    def clean(self) -> None:
        if self.stance != Stance.HELD:
            self.level = None
        elif self.level is None:
            raise ValidationError({"level": "Donnez le niveau que le texte montre."})

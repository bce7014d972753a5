"""A link by which an expert from outside comments a skill, and what the expert says.

One rule: the link is its token, of which only a hash is kept; the only personal datum is the name that the editor wrote.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from skills.models.referential import Skill


class SkillReviewLinkQuerySet(models.QuerySet):
    def active(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class SkillReviewLink(models.Model):
    """`shows_draft`: the latest draft rather than what is online."""

    skill = models.ForeignKey(
        Skill, on_delete=models.CASCADE, related_name="review_links", verbose_name="compétence"
    )
    reviewer = models.CharField("pour qui", max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    shows_draft = models.BooleanField("montre le brouillon", default=False)
    created_at = models.DateTimeField("créé le", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="créé par",
    )
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)

    objects = SkillReviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien de relecture"
        verbose_name_plural = "liens de relecture"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.skill} ({self.reviewer})"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and not self.is_expired


class CommentedPart(models.TextChoices):
    """Which part of a skill a comment is about."""

    WHOLE = "whole", "l'ensemble"
    LABEL = "label", "le libellé"
    DEFINITION = "definition", "la définition"
    LEVELS = "levels", "les niveaux"
    MAPPINGS = "mappings", "les correspondances"


class SkillReviewComment(models.Model):
    """Open until an editor has dealt with it."""

    link = models.ForeignKey(
        SkillReviewLink, on_delete=models.CASCADE, related_name="comments", verbose_name="lien"
    )
    part = models.CharField("porte sur", max_length=10, choices=CommentedPart, default=CommentedPart.WHOLE)
    text = models.TextField("remarque", max_length=2_000)
    created_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)
    treated_at = models.DateTimeField("traitée le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "remarque de relecture"
        verbose_name_plural = "remarques de relecture"
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["link"], condition=Q(treated_at=None), name="open_review_comments")]

    def __str__(self) -> str:
        return self.text[:60]

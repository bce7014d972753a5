"""Scheduled feeds of trainings, and what each of their runs found.

One rule: `source` is the identity of everything a feed loads: it is given once, and two feeds never share one.
What is remembered of the content (validators, fingerprint) is that of the last content loaded whole.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from people.models import Organisation
from training.feeds.addresses import parse_address
from training.feeds.folders import folder_parts
from training.feeds.problems import FeedProblem
from training.models.training import Training

WEEK = dt.timedelta(days=7)
HOURS_A_WEEK = 168
# The cause of a held run whose feed has changed its address since: its content is no longer the feed's.
OBSOLETE = "obsolete"


class FeedFormat(models.TextChoices):
    LHEO = "lheo", "LHEO (XML)"
    CSV = "csv", "CSV"


class FeedOutcome(models.TextChoices):
    LOADED = "loaded", "chargé"
    UNCHANGED = "unchanged", "inchangé"
    HELD = "held", "retenu"
    REFUSED = "refused", "refusé"
    FAILED = "failed", "en échec"


def validate_feed_url(url: str) -> None:
    try:
        parse_address(url, allow_loopback=settings.FEED_ALLOW_LOOPBACK)
    except FeedProblem as problem:
        raise ValidationError(problem.message) from problem


def validate_feed_folder(folder: str) -> None:
    try:
        folder_parts(folder)
    except FeedProblem as problem:
        raise ValidationError(problem.message) from problem


class TrainingFeedQuerySet(models.QuerySet):
    def due(self, now: dt.datetime | None = None) -> "TrainingFeedQuerySet":
        return self.filter(is_active=True, next_due_at__lte=now or timezone.now())


class TrainingFeed(models.Model):
    name = models.CharField("nom", max_length=120)
    source = models.SlugField(
        "nom de source",
        max_length=80,
        unique=True,
        blank=True,
        help_text="Identifie les formations du flux ; donné une fois pour toutes.",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="feeds", verbose_name="organisation"
    )
    url = models.CharField(
        "adresse", max_length=500, blank=True, validators=[validate_feed_url],
        help_text="Adresse publique du fichier, en https de préférence.",
    )  # fmt: skip
    folder = models.CharField(
        "dossier", max_length=200, blank=True, validators=[validate_feed_folder],
        help_text="Sous la racine des flux du serveur ; le fichier le plus récent est lu.",
    )  # fmt: skip
    format = models.CharField("format", max_length=4, choices=FeedFormat, default=FeedFormat.LHEO)
    interval_hours = models.PositiveSmallIntegerField(
        "intervalle (heures)",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(HOURS_A_WEEK)],
        help_text="De 1 heure à une semaine (168).",
    )
    is_active = models.BooleanField("actif", default=False, help_text="Un flux actif publie sans relecture.")
    admits_others = models.BooleanField(
        "admet les formations d'autres organismes",
        default=False,
        help_text="Pour un flux qui rassemble plusieurs organismes ; sinon leurs formations sont rejetées.",
    )

    etag = models.CharField("ETag", max_length=200, blank=True, editable=False)
    last_modified = models.CharField("Last-Modified", max_length=200, blank=True, editable=False)
    fingerprint = models.CharField("empreinte SHA-256", max_length=64, blank=True, editable=False)
    next_due_at = models.DateTimeField("prochain passage", default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField("échecs de suite", default=0, editable=False)
    last_outcome = models.CharField(
        "dernier résultat", max_length=9, choices=FeedOutcome, blank=True, editable=False
    )
    last_run_at = models.DateTimeField("dernier passage", null=True, blank=True, editable=False)

    objects = TrainingFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "flux de formations"
        verbose_name_plural = "flux de formations"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(url="") & ~models.Q(folder=""))
                | (models.Q(folder="") & ~models.Q(url="")),
                name="feed_url_or_folder",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.source:
            self.source = self._free_source()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        if bool(self.url) == bool(self.folder):
            raise ValidationError("Donnez une adresse ou un dossier, l'un des deux.")

    def _free_source(self) -> str:
        """Begins with the organisation's, and names no source that trainings already come from."""
        base = slugify(f"{self.organisation.slug} {self.name}")[:72].strip("-") or "flux"
        number, candidate = 1, base
        while (
            TrainingFeed.objects.filter(source=candidate).exists()
            or Training.objects.filter(source=candidate).exists()
        ):
            number += 1
            candidate = f"{base}-{number}"
        return candidate

    @property
    def origin(self) -> tuple[object, ...]:
        """What decides which content comes, and in whose name."""
        return (self.organisation_id, self.url, self.folder, self.format, self.admits_others)

    def forget_content(self) -> None:
        """After a change of origin: what the former content was says nothing of the next one."""
        self.runs.filter(outcome=FeedOutcome.HELD, accepted_at=None).update(cause=OBSOLETE)
        self.etag = self.last_modified = self.fingerprint = ""
        self.failures = 0
        self.next_due_at = timezone.now()

    def plan_next(self, *, failed: bool) -> None:
        """The next run: after the interval, doubled at each failure in a row, a week at most."""
        self.failures = min(self.failures + 1, 100) if failed else 0
        wait = dt.timedelta(hours=self.interval_hours) * 2 ** min(self.failures, 8)
        self.next_due_at = timezone.now() + min(wait, WEEK)


class FeedRun(models.Model):
    """One run of a feed: what came of it, and the difference it found."""

    feed = models.ForeignKey(TrainingFeed, on_delete=models.CASCADE, related_name="runs", verbose_name="flux")
    started_at = models.DateTimeField("début", default=timezone.now)
    finished_at = models.DateTimeField("fin", null=True, blank=True)
    outcome = models.CharField("résultat", max_length=9, choices=FeedOutcome, blank=True)
    cause = models.CharField("cause", max_length=20, blank=True)
    message = models.TextField("message", blank=True)
    http_status = models.PositiveSmallIntegerField("statut HTTP", null=True, blank=True)
    received_bytes = models.PositiveBigIntegerField("octets reçus", default=0)
    fingerprint = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    added = models.PositiveIntegerField("ajouts", default=0)
    changed = models.PositiveIntegerField("modifications", default=0)
    removed = models.PositiveIntegerField("retraits", default=0)
    unchanged = models.PositiveIntegerField("inchangées", default=0)
    rejected = models.PositiveIntegerField("rejets", default=0)
    report = models.JSONField("différence", default=dict, blank=True)
    reported_at = models.DateTimeField("signalé à l'organisation", null=True, blank=True)
    accepted_at = models.DateTimeField("retraits acceptés le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="retraits acceptés par",
    )

    class Meta:
        verbose_name = "passage d'un flux"
        verbose_name_plural = "passages d'un flux"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feed"], condition=models.Q(finished_at=None), name="one_open_run_a_feed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.feed} : {self.get_outcome_display() or 'en cours'}"

    @property
    def can_be_accepted(self) -> bool:
        """Held, and nothing else was loaded or held since."""
        if self.outcome != FeedOutcome.HELD or self.accepted_at is not None or self.cause == OBSOLETE:
            return False
        since = FeedRun.objects.filter(feed_id=self.feed_id, pk__gt=self.pk)
        settled = (FeedOutcome.HELD, FeedOutcome.LOADED, FeedOutcome.UNCHANGED)
        return not since.filter(outcome__in=settled).exists()

"""What search keeps in the database: changes to index, vectors already computed, the referential's version, texts that people
typed and that nobody knows (`search.unknown_terms`).

One rule: an outbox row is written in the transaction of the change it tells of, and deleted only once every active generation
holds that change.
"""

import secrets
import uuid

from django.db import models
from django.utils import timezone

from search.request import Kind

# With the delays of `search.outbox`, some two hours: an engine that is away for longer is a matter for a person.
MAX_ATTEMPTS = 20


class OutboxQuerySet(models.QuerySet):
    def due(self):
        return self.filter(is_dead=False, next_attempt_at__lte=timezone.now())

    def dead(self):
        return self.filter(is_dead=True)


class OutboxEntry(models.Model):
    """An object whose documents must be indexed again (or removed, if it is not eligible any more).

    `held_by` names the engines that have taken the change already, when another one has not.
    """

    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    code = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_dead = models.BooleanField(default=False)
    last_error = models.CharField(max_length=300, blank=True)
    held_by = models.CharField(max_length=60, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "changement à indexer"
        verbose_name_plural = "changements à indexer"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    @property
    def holders(self) -> set[str]:
        return set(self.held_by.split())

    @holders.setter
    def holders(self, names: set[str]) -> None:
        self.held_by = " ".join(sorted(names))


class EmbeddingVector(models.Model):
    """A vector computed once: float32 bytes of the text with this digest under this recipe."""

    recipe = models.CharField(max_length=16)
    digest = models.CharField(max_length=32)
    vector = models.BinaryField()

    class Meta:
        verbose_name = "vecteur calculé"
        verbose_name_plural = "vecteurs calculés"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["recipe", "digest"], name="one_vector_a_text")]

    def __str__(self) -> str:
        return f"{self.recipe} {self.digest}"


class ReferentialState(models.Model):
    """One row whose token changes with every change of what the referential says, so that caches know when to reload."""

    token = models.CharField(max_length=16)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "état du référentiel"
        verbose_name_plural = "état du référentiel"

    def __str__(self) -> str:
        return self.token


def referential_version() -> str:
    """The token of the referential as it is now; empty before the first change is seen."""
    return ReferentialState.objects.filter(pk=1).values_list("token", flat=True).first() or ""


def touch_referential() -> None:
    said = {"token": secrets.token_hex(8), "changed_at": timezone.now()}
    ReferentialState.objects.update_or_create(pk=1, defaults=said)


class UnknownSighting(models.Model):
    """Somebody typed a text that the referential does not know, on some day.

    `browser` is a hash of a passing token and of the text: it tells one browser from another for this text alone, so that
    nothing links two texts of one person. The key is drawn by chance: a number would tell the order of what was typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=60)
    text = models.CharField(max_length=60)
    day = models.DateField(db_index=True)
    browser = models.CharField(max_length=64)

    class Meta:
        verbose_name = "texte cherché inconnu"
        verbose_name_plural = "textes cherchés inconnus"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["key", "browser"], name="one_sighting_a_browser")]

    def __str__(self) -> str:
        return self.text


class UnknownTerm(models.Model):
    """A text that enough people typed for editors to see it. `people` counts each browser once a gathering."""

    class State(models.TextChoices):
        WAITING = "waiting", "à regarder"
        DONE = "done", "traité"
        DISMISSED = "dismissed", "écarté"

    key = models.CharField(max_length=60, unique=True)
    text = models.CharField("texte", max_length=60)
    people = models.PositiveIntegerField("personnes")
    last_day = models.DateField("dernier jour")
    state = models.CharField("état", max_length=9, choices=State, default=State.WAITING)

    class Meta:
        verbose_name = "texte cherché inconnu"
        verbose_name_plural = "textes cherchés inconnus"
        ordering = ["-people", "-last_day", "key"]

    def __str__(self) -> str:
        return self.text

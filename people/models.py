"""Organisations, the accounts that act for them, and what people consent to.

One rule: what an account may see or change follows from the organisations it belongs to (`people.access`); what is kept of a
person stands on a consent, and on no day without one.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from skills.models import Commune
from skills.siret import normalise_siret, siret_error


class OrganisationKind(models.TextChoices):
    PHARMA_BIOTECH = "pharma-biotech", "entreprise pharmaceutique ou de biotechnologie"
    CDMO = "cdmo", "façonnier (CDMO)"
    CRO = "cro", "société de recherche sous contrat (CRO)"
    SUPPLIER = "supplier", "fournisseur d'équipements, de technologies ou de consommables"
    RESEARCH = "research", "organisme de recherche"
    TRAINING_PROVIDER = "training-provider", "organisme de formation"
    CLUSTER = "cluster", "pôle, association ou syndicat"
    PUBLIC_BODY = "public-body", "service public"


class College(models.TextChoices):
    """The colleges of the sector body."""

    PHARMA_BIOTECH = "pharma-biotech", "entreprises pharmaceutiques et de biotechnologie"
    CDMO = "cdmo", "CDMO"
    SUPPLIERS_CROS = (
        "suppliers-cros",
        "fournisseurs d'équipements, de technologies et de consommables, et CRO",
    )
    RESEARCH_TRAINING = "research-training", "recherche et formation publiques"
    ECOSYSTEM = "ecosystem", "écosystème : pôles, associations, syndicats"


class QualiopiCategory(models.TextChoices):
    """Categories of action a Qualiopi certificate covers (article L. 6313-1 of the French labour code)."""

    TRAINING = "training", "actions de formation"
    SKILLS_ASSESSMENT = "skills-assessment", "bilans de compétences"
    VAE = "vae", "validation des acquis de l'expérience"
    APPRENTICESHIP = "apprenticeship", "formation par apprentissage"


def validate_siret(number: str) -> None:
    if error := siret_error(number):
        raise ValidationError(error)


def validate_qualiopi(categories: list[str]) -> None:
    unknown = [category for category in categories if category not in QualiopiCategory.values]
    if unknown:
        raise ValidationError(f"Catégories Qualiopi inconnues : {', '.join(map(str, unknown))}.")


class Organisation(models.Model):
    name = models.CharField("nom", max_length=200)
    slug = models.SlugField("identifiant", max_length=80, unique=True, blank=True)
    kind = models.CharField("nature", max_length=20, choices=OrganisationKind)
    college = models.CharField("collège", max_length=20, choices=College, blank=True)
    siret = models.CharField(
        "SIRET", max_length=14, unique=True, null=True, blank=True, validators=[validate_siret]
    )
    activity_number = models.CharField(
        "numéro de déclaration d'activité (NDA)",
        max_length=11,
        blank=True,
        help_text="Organismes de formation.",
    )
    qualiopi_categories = models.JSONField(
        "Qualiopi, par catégorie d'action", default=list, blank=True, validators=[validate_qualiopi]
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    address = models.CharField("adresse", max_length=250, blank=True)
    website = models.URLField("site", blank=True)
    description_fr = models.TextField("présentation", blank=True)
    description_en = models.TextField("présentation en anglais", blank=True)
    is_demonstration = models.BooleanField("démonstration (organisation inventée)", default=False)

    class Meta:
        verbose_name = "organisation"
        verbose_name_plural = "organisations"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.siret:
            self.siret = normalise_siret(self.siret)
        else:
            self.siret = None

    def _free_slug(self) -> str:
        base = slugify(self.name)[:70] or "organisation"
        taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(
            candidate
            for number in range(1, len(taken) + 2)
            if (candidate := base if number == 1 else f"{base}-{number}") not in taken
        )

    @property
    def identity(self) -> str:
        """What tells two organisations apart, saved or not."""
        return f"{self.name} ({self.siret})" if self.siret else self.name

    @property
    def is_provider(self) -> bool:
        return self.kind == OrganisationKind.TRAINING_PROVIDER


class Membership(models.Model):
    """An account acts for an organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = "rattachement"
        verbose_name_plural = "rattachements"
        ordering = ["organisation_id", "user_id"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} → {self.organisation}"


class ConsentPurpose(models.TextChoices):
    CANDIDATE_POOL = "candidate-pool", "être proposé, sous pseudonyme, aux employeurs de la filière"


class ConsentQuerySet(models.QuerySet):
    def standing(self, purpose: str):
        """Given for this purpose and not withdrawn; a day is still to be judged by `expires_on`."""
        return self.filter(purpose=purpose, withdrawn_at__isnull=True)

    def active(self, purpose: str, on: dt.date):
        return self.standing(purpose).filter(expires_on__gte=on)


class Consent(models.Model):
    """What somebody accepted, in which words, until when. Who it is stands nowhere: it belongs to what it allows."""

    LONGEST = dt.timedelta(days=731)  # then it is asked for again

    purpose = models.CharField("finalité", max_length=20, choices=ConsentPurpose)
    wording = models.TextField("texte montré")
    given_at = models.DateTimeField("donné le", default=timezone.now)
    expires_on = models.DateField("dernier jour")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "consentement"
        verbose_name_plural = "consentements"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, jusqu'au {self.expires_on:%d/%m/%Y}"

    def clean(self) -> None:
        given_on = timezone.localdate(self.given_at)
        if self.expires_on and not given_on <= self.expires_on <= given_on + self.LONGEST:
            raise ValidationError(
                {"expires_on": "Un consentement vaut deux ans au plus, à compter du jour où il est donné."}
            )

    def is_active(self, on: dt.date) -> bool:
        """Once withdrawn, it holds on no day any more, the day of the withdrawal included."""
        return self.withdrawn_at is None and on <= self.expires_on

    def withdraw(self) -> None:
        """At once, and for good: to come back, somebody gives a new consent."""
        if self.withdrawn_at is None:
            self.withdrawn_at = timezone.now()
            self.save(update_fields=["withdrawn_at"])

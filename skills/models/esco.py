"""ESCO as the European Commission publishes it: skills, occupations, groups and their relations.

One rule: an ESCO concept is its URI. What ESCO itself retired (`is_retired`) is kept and shown as such; what left the file
is `withdrawn_on`.
"""

from django.db import models

from skills.models.provenance import SourcedLink, SourcedRecord
from skills.text import title_keys


class EscoConcept(SourcedRecord):
    uri = models.CharField("URI", max_length=120, unique=True)
    label_fr = models.CharField("libellé français", max_length=250, blank=True)
    label_en = models.CharField("libellé anglais", max_length=250, blank=True)
    description_fr = models.TextField("description", blank=True)
    description_en = models.TextField("description en anglais", blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label_fr or self.label_en or self.uri


class EscoLivingConcept(EscoConcept):
    """What ESCO gives other names to, and may retire."""

    alternative_fr = models.TextField("autres libellés", blank=True, help_text="Un par ligne.")
    alternative_en = models.TextField("autres libellés en anglais", blank=True, help_text="Un par ligne.")
    versions = models.CharField("versions d'ESCO", max_length=40, blank=True)
    is_retired = models.BooleanField("retirée d'ESCO", default=False)

    class Meta:
        abstract = True


class EscoSkill(EscoLivingConcept):
    kind = models.CharField("type", max_length=20, blank=True)
    reuse_level = models.CharField("portée", max_length=30, blank=True)
    collections = models.CharField("collections", max_length=60, blank=True)

    class Meta:
        verbose_name = "compétence ESCO"
        verbose_name_plural = "compétences ESCO"
        ordering = ["label_fr", "uri"]


class EscoSkillGroup(EscoConcept):
    code = models.CharField("code", max_length=10, blank=True)

    class Meta:
        verbose_name = "groupe de compétences ESCO"
        verbose_name_plural = "groupes de compétences ESCO"
        ordering = ["code", "uri"]


class EscoBroader(SourcedLink):
    """A skill or group under a wider one; either end may be a skill or a group, so both are URIs."""

    child_uri = models.CharField("URI", max_length=120)
    parent_uri = models.CharField("URI plus large", max_length=120, db_index=True)

    class Meta:
        verbose_name = "lien hiérarchique ESCO"
        verbose_name_plural = "liens hiérarchiques ESCO"
        ordering = ["child_uri", "parent_uri"]
        constraints = [models.UniqueConstraint(fields=["child_uri", "parent_uri"], name="one_esco_broader")]

    def __str__(self) -> str:
        return f"{self.child_uri} → {self.parent_uri}"


class EscoSkillRelation(SourcedLink):
    """A skill that is essential or optional to another one."""

    skill = models.ForeignKey(EscoSkill, on_delete=models.CASCADE, related_name="relations")
    related = models.ForeignKey(EscoSkill, on_delete=models.CASCADE, related_name="reverse_relations")
    relation = models.CharField("lien", max_length=9)

    class Meta:
        verbose_name = "lien entre compétences ESCO"
        verbose_name_plural = "liens entre compétences ESCO"
        ordering = ["skill_id", "related_id"]
        constraints = [models.UniqueConstraint(fields=["skill", "related"], name="one_esco_skill_relation")]

    def __str__(self) -> str:
        return f"{self.skill_id} → {self.related_id} ({self.relation})"


class IscoGroup(SourcedRecord):
    """A group of occupations (ISCO-08, in French CITP)."""

    code = models.CharField("code", max_length=4, unique=True)
    uri = models.CharField("URI", max_length=120, blank=True)
    label_fr = models.CharField("libellé français", max_length=250, blank=True)
    label_en = models.CharField("libellé anglais", max_length=250, blank=True)
    parent_code = models.CharField("groupe plus large", max_length=4, blank=True)
    description_en = models.TextField("description en anglais", blank=True)

    class Meta:
        verbose_name = "groupe de professions (CITP)"
        verbose_name_plural = "groupes de professions (CITP)"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label_fr}"


class EscoOccupation(EscoLivingConcept):
    code = models.CharField("code", max_length=20, blank=True)
    isco_code = models.CharField("code CITP", max_length=4, blank=True, db_index=True)
    nace_codes = models.CharField("codes NACE", max_length=120, blank=True)
    regulated = models.CharField("réglementation", max_length=20, blank=True)
    # Every label, folded, one a line: what a typed title is looked up in.
    title_keys = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = "métier ESCO"
        verbose_name_plural = "métiers ESCO"
        ordering = ["label_fr", "uri"]

    def derive(self) -> None:
        self.title_keys = title_keys(self.label_fr, self.alternative_fr, self.label_en, self.alternative_en)


class EscoOccupationSkill(SourcedLink):
    occupation = models.ForeignKey(EscoOccupation, on_delete=models.CASCADE, related_name="skill_links")
    skill = models.ForeignKey(EscoSkill, on_delete=models.CASCADE, related_name="occupation_links")
    relation = models.CharField("lien", max_length=9)

    class Meta:
        verbose_name = "compétence d'un métier ESCO"
        verbose_name_plural = "compétences des métiers ESCO"
        ordering = ["occupation_id", "skill_id"]
        constraints = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="one_esco_skill_an_occupation")
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id} → {self.skill_id} ({self.relation})"

"""What flows back from the domain: every change that search must know of becomes outbox rows in the same transaction.

Children announce their parent: a training's sessions are saved after it, so its own save alone would be heard too early.
"""

from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published, page_slug_changed, page_unpublished, published, unpublished

from jobs.models import (
    CandidateProfile,
    CandidateSkill,
    JobBridge,
    JobDiploma,
    JobGate,
    JobProfilePage,
    JobRequirement,
)
from people.models import Consent, Organisation
from search.models import touch_referential
from search.outbox import announce
from search.request import Kind
from skills.models import AcronymSense, Domain, Skill, SkillLabel, SkillLevel, SkillMapping
from skills.signals import skill_changed
from training.models import Certification, Training, TrainingAction, TrainingSession, TrainingSkill
from training.signals import certifications_changed, training_changed


def _training(instance: Training) -> None:
    announce(Kind.TRAININGS, [instance.code])


def _job(instance: JobProfilePage) -> None:
    announce(Kind.JOBS, [instance.code])


def _candidate(instance: CandidateProfile) -> None:
    announce(Kind.CANDIDATES, [instance.code])


def _consent(instance: Consent) -> None:
    """Given again or withdrawn; one that is deleted takes its candidate with it, who is announced then."""
    announce(
        Kind.CANDIDATES, CandidateProfile.objects.filter(consent=instance.pk).values_list("code", flat=True)
    )


def _skill(instance: Skill) -> None:
    touch_referential()
    announce(Kind.SKILLS, [instance.code])


def _domain(instance: Domain) -> None:
    touch_referential()
    announce(Kind.SKILLS, instance.skills.values_list("code", flat=True))


def _organisation(instance: Organisation) -> None:
    announce(Kind.TRAININGS, instance.trainings.values_list("code", flat=True))


def _certification(instance: Certification) -> None:
    announce(Kind.TRAININGS, instance.trainings.values_list("code", flat=True))


# How each model is heard: from the changed row to the announcement.
_LISTENERS = {
    Training: _training,
    TrainingAction: lambda action: _training(action.training),
    TrainingSession: lambda session: _training(session.action.training),
    TrainingSkill: lambda link: _training(link.training),
    JobProfilePage: _job,
    JobRequirement: lambda requirement: _job(requirement.page),
    JobDiploma: lambda diploma: _job(diploma.page),
    JobGate: lambda gate: _job(gate.page),
    JobBridge: lambda bridge: _job(bridge.page),
    CandidateProfile: _candidate,
    CandidateSkill: lambda link: _candidate(link.profile),
    Consent: _consent,
    Skill: _skill,
    SkillLabel: lambda label: _skill(label.skill),
    SkillMapping: lambda mapping: _skill(mapping.skill),
    # No document holds these two: only what is made of the whole referential must know.
    SkillLevel: lambda level: touch_referential(),
    AcronymSense: lambda sense: touch_referential(),
    Domain: _domain,
    Organisation: _organisation,
    Certification: _certification,
}


# What saving a draft or locking writes to the row itself: nothing that is shown changes.
_BOOKKEEPING = frozenset({"latest_revision", "has_unpublished_changes", "locked", "locked_by", "locked_at"})


def _on_row_change(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    if update_fields and _BOOKKEEPING.issuperset(update_fields):
        return
    if not raw:  # fixtures are loaded before their relations exist
        _LISTENERS[sender](instance)


def _on_publication(sender, instance, **kwargs) -> None:
    if isinstance(instance, Training):
        _training(instance)
    elif isinstance(instance, JobProfilePage):
        _job(instance)


def _on_new_slug(sender, instance_before, **kwargs) -> None:
    """A job's slug is its code: under a new one, the document of the old one must go."""
    if isinstance(instance_before, JobProfilePage):
        announce(Kind.JOBS, [instance_before.slug])


def _on_training_import(sender, training_id, **kwargs) -> None:
    announce(Kind.TRAININGS, Training.objects.filter(pk=training_id).values_list("code", flat=True))


def _on_certifications_import(sender, certification_ids, **kwargs) -> None:
    concerned = Training.objects.filter(certifications__in=certification_ids)
    announce(Kind.TRAININGS, concerned.order_by("code").values_list("code", flat=True).distinct())


def _on_skill_import(sender, skill_id, **kwargs) -> None:
    touch_referential()
    announce(Kind.SKILLS, Skill.objects.filter(pk=skill_id).values_list("code", flat=True))


def connect() -> None:
    for model in _LISTENERS:
        post_save.connect(_on_row_change, sender=model)
        post_delete.connect(_on_row_change, sender=model)
    for signal in (published, unpublished, page_published, page_unpublished):
        signal.connect(_on_publication)
    page_slug_changed.connect(_on_new_slug)
    training_changed.connect(_on_training_import)
    certifications_changed.connect(_on_certifications_import)
    skill_changed.connect(_on_skill_import)

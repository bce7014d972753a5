"""Retiring and merging skills in the admin: shown first, done once, told after."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.admin.groups import setup_groups
from jobs.models import JobRequirement
from people.access import REFERENTIAL_EDITORS_GROUP
from search.models import OutboxEntry
from skills.models import LabelKind, Skill, SkillLabel, SkillStatus
from tests.cms import admin_factories as make
from training.models import Training, TrainingSkill

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client, db):
    setup_groups()
    user = make.moderator_account()
    client.force_login(user)
    return user


@pytest.fixture
def old(moderator) -> Skill:
    """Used by a training online, by another's draft that also brings the replacement, and by a job."""
    skill, kept = make.skill("old", "Vieille"), make.skill("kept", "Gardée")
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ALTERNATIVE, language="fr", text="ancien nom")
    institute = make.organisation("Institut")
    make.offer(make.training(institute, "Une formation", live=True), [skill])
    both = make.training(institute, "Deux compétences")
    TrainingSkill.objects.create(training=both, skill=skill, level=4)
    TrainingSkill.objects.create(training=both, skill=kept, level=2)
    both = Training.objects.get(pk=both.pk)
    both.save_revision()
    make.job_profile("culture", "Technicien", skill)
    return skill


def address(name: str, skill: Skill) -> str:
    return reverse(f"admin_skills:{name}", args=[skill.pk])


def kept() -> Skill:
    return Skill.objects.get(code="kept")


@pytest.mark.parametrize("name", ["retire", "merge"])
def test_nothing_happens_before_it_is_confirmed(client, old, name):
    narrow = make.skill("narrow", "Étroite")
    narrow.broader.set([old])
    narrow.save()
    page = client.get(address(name, old)).content.decode()
    assert reverse("choose_skill:choose") in page
    page = client.get(address(name, old), {"replacement": kept().pk}).content.decode()
    assert "2 formations, 1 métier citeront la remplaçante" in page
    assert "Une formation" in page
    assert "À revoir ensuite" in page
    assert ("ancien nom" in page) is (name == "merge")
    assert not Skill.objects.get(pk=old.pk).is_retired


def test_retiring_moves_every_use_and_says_so(client, old):
    OutboxEntry.objects.all().delete()
    page = client.post(address("retire", old), {"replacement": kept().pk}, follow=True).content.decode()
    assert "« Vieille » est retirée ; « Gardée » la remplace." in page
    assert "3 usages ont suivi" in page
    assert "métier culture : old → kept" in page
    assert "elle ne se modifie plus" in page
    assert (Skill.objects.get(pk=old.pk).status, kept().labels.count()) == (SkillStatus.DEPRECATED, 0)
    assert not TrainingSkill.objects.filter(skill=old).exists()
    assert not JobRequirement.objects.filter(skill=old).exists()
    both = Training.objects.get(title_fr="Deux compétences")
    assert [(link.skill.code, link.level) for link in both.skill_links.all()] == [("kept", 4)]
    drafted = both.get_latest_revision_as_object().skill_links.all()
    assert [link.skill.code for link in drafted] == ["kept"]
    assert OutboxEntry.objects.filter(kind="skills", code="old").exists()


def test_merging_gives_the_other_its_words_and_both_histories_tell(client, old):
    client.post(address("merge", old), {"replacement": kept().pk}, follow=True)
    assert {label.text for label in kept().labels.all()} == {"ancien nom", "Vieille"}
    page = client.get(address("history", old)).content.decode()
    assert "Fusionnée dans « kept » (3 usages ont suivi)" in page
    page = client.get(address("history", kept())).content.decode()
    assert "A reçu les libellés de « old »" in page


@pytest.mark.parametrize("choice", ["", "self", "retired", "draft", "999999", "abc"])
def test_a_replacement_is_another_skill_in_use(client, old, choice):
    retired, draft = make.skill("retired", "Retirée"), make.skill("draft", "Brouillon")
    Skill.objects.filter(pk=retired.pk).update(status=SkillStatus.DEPRECATED, replaced_by=kept())
    Skill.objects.filter(pk=draft.pk).update(live=False)
    keys = {"self": old.pk, "retired": retired.pk, "draft": draft.pk}
    response = client.post(address("retire", old), {"replacement": keys.get(choice, choice)})
    assert response.status_code == 200
    assert "Choisissez" in response.content.decode()
    assert not Skill.objects.get(pk=old.pk).is_retired


def test_a_draft_and_a_retired_skill_are_not_retired(client, old):
    Skill.objects.filter(pk=old.pk).update(live=False)
    page = client.get(address("retire", old), follow=True).content.decode()
    assert "est un brouillon" in page
    Skill.objects.filter(pk=old.pk).update(live=True, status=SkillStatus.DEPRECATED, replaced_by=kept())
    page = client.post(address("merge", old), {"replacement": kept().pk}, follow=True).content.decode()
    assert "est déjà retirée" in page


def test_a_waiting_review_ends_with_the_skill(client, old, moderator):
    old.save_revision()
    old.refresh_from_db()
    old.get_workflow().start(old, moderator)
    client.post(address("retire", old), {"replacement": kept().pk})
    assert Skill.objects.get(pk=old.pk).current_workflow_state is None


def test_a_used_skill_is_not_unpublished(client, old):
    page = client.post(address("unpublish", old), follow=True).content.decode()
    assert "sert à 2 formations, 1 métier : retirez-la" in page
    assert Skill.objects.get(pk=old.pk).live
    client.post(address("unpublish", kept()))
    assert kept().live  # which a draft training cites
    TrainingSkill.objects.all().delete()
    client.post(address("unpublish", kept()))
    assert not kept().live


def test_only_who_may_publish_retires_and_only_superusers_put_back(client, old):
    client.force_login(make.account(REFERENTIAL_EDITORS_GROUP))
    for name in ("retire", "merge", "restore"):
        for method in (client.get, client.post):
            assert method(address(name, old), {"replacement": kept().pk}).status_code == 302
    client.force_login(make.moderator_account())
    client.post(address("retire", old), {"replacement": kept().pk})
    client.post(address("restore", old))
    assert Skill.objects.get(pk=old.pk).is_retired
    client.force_login(get_user_model().objects.create_superuser("root"))
    assert "Remettre" in client.get(address("restore", old)).content.decode()
    client.post(address("restore", old))
    assert not Skill.objects.get(pk=old.pk).is_retired
    assert ModelLogEntry.objects.filter(action="skills.restore").exists()
    assert not TrainingSkill.objects.filter(skill=old).exists()  # what moved stays


def test_approving_checks_the_rules_again(client, old, moderator):
    draft = Skill.objects.get(pk=old.pk)
    draft.label_fr = "Nom disputé"
    draft.save_revision()
    draft = Skill.objects.get(pk=old.pk)
    state = draft.get_workflow().start(draft, moderator).current_task_state
    Skill.objects.filter(code="kept").update(label_fr="Nom disputé")
    url = reverse("admin_skills:workflow_action", args=[old.pk, "approve", state.pk])
    page = client.post(url, {"comment": ""}, follow=True).content.decode()
    assert "ne peut pas être publiée" in page
    assert "est déjà celui de « kept »" in page
    assert Skill.objects.get(pk=old.pk).label_fr == "Vieille"

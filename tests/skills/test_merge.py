"""Merging skills: what the kept one gains, what follows, what an open draft keeps."""

import pytest

from skills.concept_files.entries import LabelEntry, MappingEntry, SkillEntry
from skills.concept_files.merging import gained_labels, gained_mappings
from skills.imports.yaml_source import Bilingual
from skills.merge import merge, plan_merge
from skills.models import LabelKind, Skill, SkillLabel, SkillStatus
from skills.restoring import put_back_in_use
from tests.skills.factories import SkillFactory


def entry(code: str, label: str, *labels: LabelEntry, mappings: tuple[MappingEntry, ...] = ()) -> SkillEntry:
    return SkillEntry(
        code, "upstream", "know-how", "published", "", Bilingual(label, f"{label} en"), Bilingual("", ""), labels,
        ("all",), (), (), (), mappings, (), "", 0,
    )  # fmt: skip


def test_names_become_labels_and_what_is_known_is_not_added_again():
    merged = entry(
        "a",
        "Compter",
        LabelEntry("hidden", "fr", "Comptage"),
        LabelEntry("acronym", "", "VCD", ("cellules",)),
        LabelEntry("alternative", "en", "counting"),
        LabelEntry("alternative", "fr", "VCD"),
    )
    kept = entry(
        "b", "Suivre", LabelEntry("alternative", "fr", "comptage"), LabelEntry("hidden", "fr", "counting")
    )
    assert gained_labels(merged, kept) == (
        LabelEntry("acronym", "", "VCD", ("cellules",)),
        LabelEntry("alternative", "en", "Compter en"),
        LabelEntry("alternative", "en", "counting"),
        LabelEntry("alternative", "fr", "Compter"),
    )


def test_a_second_exact_equivalent_becomes_a_close_one():
    merged = entry(
        "a", "A", mappings=(MappingEntry("esco", "1", "exact"), MappingEntry("rome", "2", "exact"))
    )
    kept = entry("b", "B", mappings=(MappingEntry("esco", "3", "exact"), MappingEntry("rome", "2", "close")))
    assert gained_mappings(merged, kept) == (MappingEntry("esco", "1", "close"),)


@pytest.fixture
def pair(db) -> tuple[Skill, Skill]:
    old, kept = SkillFactory(code="old"), SkillFactory(code="kept", unmapped=["rome"])
    SkillLabel.objects.create(skill=old, kind=LabelKind.HIDDEN, language="fr", text="vieux mot")
    old.mappings.create(scheme="rome", code="120076", match="close")
    old.save()
    return Skill.objects.get(pk=old.pk), kept


def test_a_merge_retires_one_and_enriches_the_other(pair):
    old, kept = pair
    merge(old, kept, plan_merge(old, kept, with_mappings=True))
    old, kept = Skill.objects.get(pk=old.pk), Skill.objects.get(pk=kept.pk)
    assert (old.status, old.replaced_by) == (SkillStatus.DEPRECATED, kept)
    assert {label.text for label in kept.labels.all()} == {"vieux mot", "Compétence old", "Skill old"}
    assert ([mapping.code for mapping in kept.mappings.all()], kept.unmapped) == (["120076"], [])
    assert not kept.has_unpublished_changes
    assert kept.live_revision is not None


def test_mappings_are_left_unless_asked_for(pair):
    old, kept = pair
    merge(old, kept, plan_merge(old, kept, with_mappings=False))
    kept = Skill.objects.get(pk=kept.pk)
    assert (kept.mappings.count(), kept.unmapped) == (0, ["rome"])


def test_an_open_draft_gains_the_labels_and_keeps_its_own_words(pair):
    old, kept = pair
    kept.label_fr = "Nom du brouillon"
    kept.save_revision()
    kept = Skill.objects.get(pk=kept.pk)
    merge(old, kept, plan_merge(old, kept, with_mappings=True))
    assert Skill.objects.get(pk=kept.pk).label_fr == "Compétence kept"
    Skill.objects.get(pk=kept.pk).latest_revision.publish()
    kept = Skill.objects.get(pk=kept.pk)
    assert kept.label_fr == "Nom du brouillon"
    assert {label.text for label in kept.labels.all()} == {"vieux mot", "Compétence old", "Skill old"}
    assert kept.mappings.count() == 1


def test_a_retired_skill_comes_back_unless_its_texts_were_taken(pair):
    old, kept = pair
    merge(old, kept, plan_merge(old, kept, with_mappings=False))
    old = Skill.objects.get(pk=old.pk)
    assert any("est déjà celui de « kept »" in sentence for sentence in put_back_in_use(old))
    assert Skill.objects.get(pk=old.pk).is_retired
    kept.labels.all().delete()
    kept.save()
    Skill.objects.filter(pk=kept.pk).update(definition_fr="Tout autre chose.", definition_en="Anything else.")
    assert put_back_in_use(Skill.objects.get(pk=old.pk)) == []
    old = Skill.objects.get(pk=old.pk)
    assert (old.status, old.replaced_by) == (SkillStatus.PUBLISHED, None)

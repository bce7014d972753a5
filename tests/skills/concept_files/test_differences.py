"""What changed between two states, and the version it calls for."""

from dataclasses import replace

import pytest

from skills.concept_files.differences import (
    ConceptChange,
    concept_changes,
    next_version,
    overlay,
    referential_changes,
)
from skills.concept_files.history import parse_version
from skills.concept_files.parsing import read_referential
from skills.imports.yaml_source import Bilingual
from tests.skills.concept_files.folders import write_senses
from tests.skills.factories import DOMAIN_TEXT, skill_text, write_domain

ALPHA, BETA = skill_text("alpha"), skill_text("beta")


@pytest.fixture
def changes_of(tmp_path):
    """The changes from alpha and beta to other skills, or from other texts."""

    def compare(*after, before=(ALPHA, BETA)):
        old = read_referential(write_domain(tmp_path / "old", *before))
        new = read_referential(write_domain(tmp_path / "new", *after))
        assert not [*old.errors, *new.errors]
        return concept_changes(old.skills, new.skills)

    return compare


@pytest.mark.parametrize(
    ("after", "actions", "version"),
    [
        ([ALPHA, BETA], [], "1.2.3"),
        ([BETA, ALPHA], [], "1.2.3"),
        ([ALPHA, BETA, skill_text("gamma")], ["added gamma"], "1.3.0"),
        ([ALPHA], ["removed beta"], "2.0.0"),
        ([ALPHA, skill_text("beta", "status: deprecated", "replaced_by: alpha")], ["retired beta"], "2.0.0"),
        ([ALPHA, skill_text("beta", "status: draft")], ["changed beta"], "2.0.0"),
        ([ALPHA, skill_text("beta", kind="knowledge")], ["changed beta"], "1.3.0"),
        ([ALPHA, skill_text("beta", "modalities: [vaccines]")], ["changed beta"], "1.3.0"),
        ([ALPHA, skill_text("beta", "broader: [alpha]")], ["changed beta"], "1.3.0"),
        ([ALPHA, skill_text("beta", "related: [alpha]")], ["changed alpha", "changed beta"], "1.2.4"),
        ([ALPHA, skill_text("beta", label="bêta")], ["changed beta"], "1.2.4"),
        ([ALPHA, skill_text("beta", "hidden: {fr: [betta]}")], ["changed beta"], "1.2.4"),
        ([ALPHA, skill_text("beta", "rome: none")], ["changed beta"], "1.2.4"),
        ([ALPHA, skill_text("beta", "levels: {1: {fr: Un., en: One.}}")], ["changed beta"], "1.2.4"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_version_follows_what_changed(changes_of, after, actions, version):
    changes = changes_of(*after)

    assert [f"{change.action} {change.code}" for change in changes] == actions
    assert next_version((1, 2, 3), changes) == parse_version(version)


def test_the_largest_change_decides(changes_of):
    changes = changes_of(skill_text("alpha", label="autre"), skill_text("gamma"))

    assert next_version((1, 2, 3), changes) == (2, 0, 0)


def test_who_writes_that_two_skills_are_neighbours_is_no_difference(changes_of):
    changes = changes_of(
        skill_text("alpha", "related: [beta]"), BETA, before=[ALPHA, skill_text("beta", "related: [alpha]")]
    )

    assert changes == []


def test_a_change_shows_its_fields_before_and_after(changes_of):
    (change,) = changes_of(
        skill_text("alpha", "acronyms: [{text: AL, context: [près]}]", label="autre"), BETA
    )

    fields = {field.name: (field.before, field.after) for field in change.fields}
    assert fields["label_fr"] == ("alpha fr", "autre fr")
    assert fields["labels"] == ("", "acronym  AL [près]")
    assert set(fields) == {"label_fr", "label_en", "definition_fr", "definition_en", "labels"}


def test_domains_and_senses_are_told_too(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    write_domain(old, ALPHA)
    write_domain(old, BETA, domain=DOMAIN_TEXT.replace("upstream", "downstream"), name="03-downstream.yaml")
    write_domain(new, ALPHA, BETA, domain=DOMAIN_TEXT.replace("Procédés amont", "Amont"))
    write_senses(old, ("PV", "procès-verbal", "réunion"), ("EM", "école", "commerce"))
    write_senses(new, ("PV", "procès-verbal", "réunion, vote"), ("PM", "poids", "gel"))

    changes = referential_changes(read_referential(old), read_referential(new))

    assert [(change.kind, change.action, change.code) for change in changes] == [
        ("", "changed", "beta"),
        ("domain", "removed", "downstream"),
        ("domain", "changed", "upstream"),
        ("acronym-sense", "removed", "EM (école)"),
        ("acronym-sense", "added", "PM (poids)"),
        ("acronym-sense", "changed", "PV (procès-verbal)"),
    ]
    assert [(field.name, field.before, field.after) for field in changes[2].fields] == [
        ("label_fr", "Procédés amont", "Amont")
    ]
    assert next_version((1, 0, 0), changes) == (2, 0, 0)
    assert next_version((1, 0, 0), [one for one in changes if one.kind == "acronym-sense"]) == (1, 0, 1)


def test_nothing_changed_keeps_the_version():
    assert next_version((1, 2, 3), []) == (1, 2, 3)
    assert next_version((1, 2, 3), [ConceptChange("added", "upstream", "Amont", kind="domain")]) == (1, 3, 0)


def test_an_overlay_keeps_the_corrected_fields_alone(tmp_path):
    said = read_referential(
        write_domain(tmp_path, skill_text("alpha", "rome: none", "broader: [beta]"), BETA)
    ).skills["alpha"]
    stored = replace(
        said,
        label=Bilingual("corrigé", "corrected"),
        unmapped=(),
        broader=(),
        kind="knowledge",
        source="",
        line=0,
    )

    kept = overlay(said, stored, ["label_en", "mappings", "kind"])

    assert (kept.label, kept.unmapped, kept.kind, kept.broader) == (
        Bilingual("alpha fr", "corrected"),
        (),
        "knowledge",
        ("beta",),
    )
    assert (kept.source, kept.line) == (said.source, said.line)

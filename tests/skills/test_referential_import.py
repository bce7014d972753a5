"""Loading the referential: differences are shown, then loaded; what is wrong is refused alone."""

import json

import pytest
from django.core.management import CommandError, call_command

from skills.imports.referential import import_referential
from skills.imports.report import Action
from skills.models import Skill, SkillLabel, SkillStatus
from skills.signals import skill_changed
from tests.skills.factories import SkillFactory, skill_text, write_domain

pytestmark = pytest.mark.django_db

PLAIN = (skill_text("alpha"), skill_text("beta"))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "referential"


@pytest.fixture
def told():
    """The skills that `skill_changed` spoke of."""
    codes = []

    def listener(sender, skill_id, **kwargs):
        codes.append(Skill.objects.get(pk=skill_id).code)

    skill_changed.connect(listener)
    yield codes
    skill_changed.disconnect(listener)


def reasons(report):
    return [error.reason for error in report.errors]


def test_a_dry_run_shows_and_loads_nothing(folder):
    report = import_referential(write_domain(folder, *PLAIN), apply=False)

    assert report.counts[Action.ADDED] == 3
    assert not Skill.objects.exists()


def test_loading_twice_changes_nothing_the_second_time(folder, told):
    write_domain(
        folder,
        skill_text(
            "alpha",
            "alternative: {fr: [alpha bis]}",
            "acronyms: [ALP]",
            "broader: [beta]",
            "related: [gamma]",
            'rome: [{code: "123456", match: close}]',
        ),
        skill_text("beta"),
        skill_text("gamma"),
    )

    import_referential(folder, apply=True)
    assert sorted(told) == ["alpha", "beta", "gamma"]
    told.clear()
    labels = set(SkillLabel.objects.values_list("pk", flat=True))
    report = import_referential(folder, apply=True)

    assert not report.changed_anything
    assert report.counts[Action.UNCHANGED] == 4
    assert told == []
    assert set(SkillLabel.objects.values_list("pk", flat=True)) == labels
    alpha = Skill.objects.get(code="alpha")
    assert alpha.labels.get(kind="acronym").language == ""
    assert alpha.labels.get(kind="alternative").key == "alpha bis"
    assert [skill.code for skill in alpha.broader.all()] == ["beta"]
    assert [skill.code for skill in Skill.objects.get(code="gamma").related.all()] == ["alpha"]


def test_a_changed_label_is_shown_field_by_field_and_announced(folder, told):
    import_referential(write_domain(folder, *PLAIN), apply=True)
    kept = Skill.objects.get(code="alpha").pk
    told.clear()
    write_domain(folder, skill_text("alpha", "hidden: {fr: [alfa]}"), skill_text("beta"))

    report = import_referential(folder, apply=True)

    assert [(change.code, [f.name for f in change.fields]) for change in report.changes] == [
        ("alpha", ["labels"])
    ]
    assert told == ["alpha"]
    alpha = Skill.objects.get(code="alpha")
    assert alpha.pk == kept
    assert [label.text for label in alpha.labels.all()] == ["alfa"]


def test_a_text_belongs_to_one_skill_whatever_its_accents(folder):
    report = import_referential(
        write_domain(
            folder,
            skill_text("alpha", "alternative: {fr: [Préparer les tampons]}"),
            skill_text("beta", "hidden: {en: [preparer LES tampons]}"),
            skill_text("gamma"),
        ),
        apply=True,
    )

    assert len(report.errors) == 1
    assert reasons(report)[0].startswith(
        "beta : le texte « preparer LES tampons » est déjà celui de « alpha » :"
    )
    assert set(Skill.objects.values_list("code", flat=True)) == {"alpha", "gamma"}


def test_a_text_of_a_skill_that_only_the_database_has_is_taken_too(folder):
    SkillFactory(code="by-hand", label_fr="Alpha fr")

    report = import_referential(write_domain(folder, *PLAIN), apply=True)

    assert any("« by-hand »" in reason for reason in reasons(report))
    assert not Skill.objects.filter(code="alpha").exists()


def test_dangling_and_circular_links_are_refused(folder):
    report = import_referential(
        write_domain(
            folder,
            skill_text("alpha", "broader: [nowhere]"),
            skill_text("beta", "broader: [gamma]"),
            skill_text("gamma", "broader: [delta]"),
            skill_text("delta", "broader: [beta]"),
            skill_text("epsilon", "related: [alpha]"),
        ),
        apply=True,
    )

    assert "alpha : lien vers une compétence inconnue : nowhere ;" in reasons(report)[0]
    assert "beta : lien circulaire : beta → gamma → delta → beta ;" in reasons(report)[1]
    assert report.error_count == 4
    # A link to a skill that was refused waits for it; the skill itself is loaded.
    assert list(Skill.objects.values_list("code", flat=True)) == ["epsilon"]
    assert not Skill.objects.get().related.exists()


def test_a_retired_skill_gives_its_texts_to_its_replacement(folder):
    import_referential(write_domain(folder, *PLAIN), apply=True)
    write_domain(
        folder,
        skill_text("alpha", "status: deprecated", "replaced_by: beta"),
        skill_text("beta", "alternative: {fr: [alpha fr]}"),
    )

    report = import_referential(folder, apply=True)

    assert report.errors == []
    alpha = Skill.objects.get(code="alpha")
    assert (alpha.status, alpha.replaced_by.code) == (SkillStatus.DEPRECATED, "beta")


def test_a_skill_no_longer_named_is_never_deleted(folder, told):
    import_referential(write_domain(folder, *PLAIN, skill_text("gamma")), apply=True)
    Skill.objects.filter(code="gamma").update(replaced_by=Skill.objects.get(code="alpha"))
    told.clear()
    write_domain(folder, skill_text("alpha"))

    report = import_referential(folder, apply=True)

    assert [change.code for change in report.changes if change.action is Action.REMOVED] == ["gamma"]
    assert Skill.objects.get(code="gamma").status == SkillStatus.DEPRECATED
    assert told == ["gamma"]
    assert Skill.objects.get(code="beta").status == SkillStatus.PUBLISHED
    assert any("beta" in warning.reason for warning in report.warnings)
    assert not import_referential(folder, apply=True).changed_anything


def test_a_refused_domain_names_the_skills_it_holds_back(folder):
    domain = "domain:\n  code: upstream\n  label: {fr: Amont, en: Upstream}\n"

    report = import_referential(write_domain(folder, skill_text("alpha"), domain=domain), apply=True)

    assert any("« position » manque" in reason for reason in reasons(report))
    assert any("alpha : son domaine « upstream » est refusé" in reason for reason in reasons(report))
    assert not Skill.objects.exists()


def test_queries_do_not_grow_with_the_skills(folder, django_assert_max_num_queries):
    write_domain(folder, *(skill_text(f"skill-{number}", f"acronyms: [S{number}]") for number in range(40)))
    import_referential(folder, apply=True)

    with django_assert_max_num_queries(16):
        import_referential(folder, apply=True)


def test_the_command_reports_as_json_and_exits_with_one_on_a_refusal(folder, capsys):
    write_domain(folder, skill_text("alpha"), skill_text("beta", "broader: [nowhere]"))

    with pytest.raises(SystemExit) as end:
        call_command("referential", "load", str(folder), "--json")

    assert end.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["applied"], report["rejected"]) == (False, 1)
    assert report["errors"][0]["file"] == "02-upstream.yaml"


def test_a_missing_folder_is_said_plainly(folder):
    with pytest.raises(CommandError, match="n'existe pas"):
        call_command("referential", "load", str(folder))


def test_an_empty_folder_loads_nothing_and_says_so(folder):
    folder.mkdir()

    assert "aucune compétence" in reasons(import_referential(folder, apply=True))[0]

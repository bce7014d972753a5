"""Job profile files become a French and an English page, published only when something changed."""

import pytest
from django.core.management import CommandError, call_command

from jobs.importers.profiles import import_profiles
from jobs.models import JobProfilePage
from skills.imports.report import Action
from skills.models import Skill, SkillStatus
from tests.jobs.factories import make_job_indexes, make_skills, profile_text, write_profiles
from tests.skills.factories import DomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    DomainFactory()
    make_skills("alpha", "beta")
    make_job_indexes()
    return tmp_path / "profiles"


def page(code, language="fr"):
    return JobProfilePage.objects.get(code=code, locale__language_code=language)


def revision_counts():
    return {str(page.pk): page.revisions.count() for page in JobProfilePage.objects.all()}


def reasons(report):
    return [error.reason for error in report.errors]


def test_a_file_becomes_two_live_pages_that_are_translations(folder):
    write_profiles(
        folder, a=profile_text("a-job", neighbours="[b-job]"), b=profile_text("b-job", neighbours="[a-job]")
    )

    report = import_profiles(folder, apply=True)

    assert (report.counts[Action.ADDED], report.error_count) == (2, 0)
    french, english = page("a-job"), page("a-job", "en")
    assert french.translation_key == english.translation_key
    assert (french.live, english.live, french.slug, english.slug) == (True, True, "a-job", "a-job")
    assert (french.title, english.title) == ("Métier a-job", "Job a-job")
    assert french.activity_list == ["Faire.", "Vérifier."]
    assert english.alternative_title_list == ["other a-job"]
    assert (french.get_parent().slug, english.get_parent().slug) == ("metiers", "jobs")
    for each in (french, english):
        found = [(r.skill.code, r.level, r.importance) for r in each.requirements.all()]
        assert found == [("alpha", 3, "essential"), ("beta", 1, "useful")]
        assert [(g.kind, g.language, g.language_level, g.label_en) for g in each.gates.all()] == [
            ("language", "en", "B1", "English B1")
        ]
        assert [(d.level, d.rncp_code) for d in each.diplomas.all()] == [(5, "RNCP38883")]
        assert [n.neighbour.code for n in each.neighbours.all()] == ["b-job"]
        assert (each.cleanroom_grade, each.shifts, each.rome_code_list) == (
            "C",
            ["2x8", "weekend"],
            ["H2302"],
        )


def test_a_dry_run_makes_no_page(folder):
    report = import_profiles(write_profiles(folder, a=profile_text("a-job")), apply=False)

    assert report.counts[Action.ADDED] == 1
    assert not JobProfilePage.objects.exists()


def test_the_second_time_nothing_changes_and_no_revision_is_made(folder):
    write_profiles(folder, a=profile_text("a-job", neighbours="[b-job]"), b=profile_text("b-job"))
    import_profiles(folder, apply=True)
    before = revision_counts()

    report = import_profiles(folder, apply=True)

    assert not report.changed_anything
    assert report.counts[Action.UNCHANGED] == 2
    assert revision_counts() == before
    assert set(before.values()) == {1}


def test_only_what_changed_is_published_again(folder):
    write_profiles(folder, a=profile_text("a-job"), b=profile_text("b-job"))
    import_profiles(folder, apply=True)
    requirement = "[{skill: beta, level: 4, importance: essential}]"
    write_profiles(
        folder, a=profile_text("a-job", requirements=requirement, summary="{fr: Neuf., en: In short.}")
    )

    report = import_profiles(folder, apply=True)

    change = report.changes[0]
    assert (change.code, [f.name for f in change.fields]) == (
        "a-job",
        ["fr.summary", "fr.requirements", "en.requirements"],
    )
    assert page("a-job").summary == "Neuf."
    assert [(r.skill.code, r.level) for r in page("a-job", "en").requirements.all()] == [("beta", 4)]
    assert page("b-job").revisions.count() == 1


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        ({"family": "nowhere"}, "famille inconnue : « nowhere »"),
        (
            {"requirements": "[{skill: nothing, level: 2, importance: useful}]"},
            "compétence inconnue : « nothing »",
        ),
        ({"requirements": "[{skill: alpha, level: 5, importance: useful}]"}, "nombre attendu de 1 à 4"),
        ({"requirements": "[{skill: alpha, level: 2, importance: vital}]"}, "« importance » vaut « vital »"),
        ({"requirements": "[]"}, "aucune compétence requise"),
        (
            {
                "requirements": "[{skill: alpha, level: 1, importance: useful},"
                " {skill: alpha, level: 2, importance: useful}]"
            },
            "demandée deux fois : alpha",
        ),
        ({"gates": "[{kind: language, label: {fr: Anglais, en: English}}]"}, "« cefr » manque"),
        ({"gates": "[{kind: courage, label: {fr: a, en: b}}]"}, "« kind » vaut « courage »"),
        ({"conditions": "{cleanroom: E}"}, "« cleanroom » vaut « E »"),
        ({"conditions": "{shifts: [4x8]}"}, "4x8 inconnu"),
        ({"diplomas": "[{level: 5, label: {fr: a, en: b}, rncp: BTS}]"}, "n'est pas un code RNCP"),
        ({"rome": "[H23]"}, "n'est pas un code ROME"),
        ({"neighbours": "[nobody]"}, "métier voisin inconnu : nobody"),
        ({"neighbours": "[a-job]"}, "son propre voisin"),
        ({"title": "{fr: Seulement}"}, "« title.en » manque"),
        ({"salary": "30000"}, "champ inconnu : salary"),
    ],
)
def test_a_wrong_file_is_refused_alone(folder, replaced, reason):
    write_profiles(folder, a=profile_text("a-job", **replaced), b=profile_text("b-job"))

    report = import_profiles(folder, apply=True)

    assert report.error_count == 1
    assert reason in reasons(report)[0]
    assert report.errors[0].source == "a.yaml"
    assert set(JobProfilePage.objects.values_list("code", flat=True)) == {"b-job"}


def test_a_retired_skill_gives_way_to_its_replacement(folder):
    Skill.objects.filter(code="alpha").update(
        status=SkillStatus.DEPRECATED, replaced_by=Skill.objects.get(code="beta")
    )

    report = import_profiles(write_profiles(folder, a=profile_text("a-job")), apply=True)

    assert report.errors == []
    assert any("alpha retirée ; beta" in warning.reason for warning in report.warnings)
    page = JobProfilePage.objects.get(code="a-job", locale__language_code="fr")
    assert "beta" in {requirement.skill.code for requirement in page.requirements.all()}


def test_two_files_cannot_share_a_code(folder):
    report = import_profiles(
        write_profiles(folder, a=profile_text("a-job"), b=profile_text("a-job")), apply=True
    )

    assert [error.source for error in report.errors] == ["b.yaml"]
    assert JobProfilePage.objects.count() == 2


def test_a_page_that_an_editor_took_down_stays_down(folder):
    write_profiles(folder, a=profile_text("a-job"))
    import_profiles(folder, apply=True)
    page("a-job", "en").unpublish()
    write_profiles(folder, a=profile_text("a-job", summary="{fr: Neuf., en: New.}"))

    report = import_profiles(folder, apply=True)

    assert (page("a-job").live, page("a-job", "en").live) == (True, False)
    assert page("a-job", "en").summary == "New."
    assert any("dépubliée" in warning.reason for warning in report.warnings)
    assert not import_profiles(folder, apply=True).changed_anything


def test_an_editor_s_draft_is_kept_in_the_history(folder):
    write_profiles(folder, a=profile_text("a-job"))
    import_profiles(folder, apply=True)
    draft = page("a-job")
    draft.summary = "Brouillon."
    draft.save_revision()
    write_profiles(folder, a=profile_text("a-job", summary="{fr: Neuf., en: In short.}"))

    report = import_profiles(folder, apply=True)

    assert any("brouillon" in warning.reason for warning in report.warnings)
    assert page("a-job").summary == "Neuf."
    assert "Brouillon." in [revision.content["summary"] for revision in page("a-job").revisions.all()]


def test_queries_do_not_grow_with_the_profiles(folder, django_assert_max_num_queries):
    write_profiles(folder, **{f"p{number}": profile_text(f"job-{number}") for number in range(12)})
    import_profiles(folder, apply=True)

    with django_assert_max_num_queries(14):
        import_profiles(folder, apply=True)


def test_without_the_site_tree_the_command_says_what_to_run(tmp_path):
    write_profiles(tmp_path / "profiles", a=profile_text("a-job"))

    with pytest.raises(CommandError, match="setup_site"):
        call_command("load_job_profiles", str(tmp_path / "profiles"))

"""Job profile files become a French and an English page, published only when something changed."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobs import models
from jobs.importers import profile_files
from jobs.importers.profiles import import_profiles
from jobs.models import JobProfilePage
from skills.imports.report import Action
from skills.models import Skill, SkillKind, SkillStatus
from tests.jobs.factories import make_job_indexes, make_skills, profile_text, write_profiles
from tests.skills.factories import DomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    DomainFactory()
    make_skills("alpha", "beta", "forklift")
    Skill.objects.filter(code="forklift").update(kind=SkillKind.AUTHORISATION)
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


GATE = "kind: authorisation, label: {fr: CACES, en: Forklift licence}"
LANGUAGES = (
    "[{language: en, cefr: A2, importance: useful, note: {fr: Les modes opératoires., en: Procedures.}}]"
)
BRIDGE = (
    "{sector: food, from: {fr: Conductrice de ligne en laiterie, en: Dairy line operator},"
    " carries: {fr: L'hygiène., en: Hygiene.}, learn: {fr: L'asepsie., en: Asepsis.}}"
)
PAY = "{low: 24000, high: 30000, source: {fr: Enquête, en: Survey}, year: 2024, url: https://example.org/a}"


def test_languages_bridges_and_pay_are_the_same_rows_on_both_pages(folder):
    write_profiles(folder, a=profile_text("a-job", languages=LANGUAGES, bridges=f"[{BRIDGE}]", pay=PAY))

    report = import_profiles(folder, apply=True)

    assert report.errors == []
    for each in (page("a-job"), page("a-job", "en")):
        spoken = each.languages.get()
        assert (spoken.language, spoken.language_level, spoken.importance) == ("en", "A2", "useful")
        assert (spoken.note_fr, spoken.note_en) == ("Les modes opératoires.", "Procedures.")
        bridge = each.bridges.get()
        assert (bridge.sector, bridge.from_en, bridge.carries_fr, bridge.learn_en) == (
            "food",
            "Dairy line operator",
            "L'hygiène.",
            "Asepsis.",
        )
        pay = each.pay.get()
        assert (pay.low, pay.high, pay.year, pay.source_fr, pay.url) == (
            24_000,
            30_000,
            2024,
            "Enquête",
            "https://example.org/a",
        )
    assert not import_profiles(folder, apply=True).changed_anything


def test_what_a_file_stops_saying_leaves_the_page(folder):
    write_profiles(folder, a=profile_text("a-job", languages=LANGUAGES, bridges=f"[{BRIDGE}]", pay=PAY))
    import_profiles(folder, apply=True)
    write_profiles(folder, a=profile_text("a-job", pay=PAY.replace("30000", "32000")))

    report = import_profiles(folder, apply=True)

    assert [change.name for change in report.changes[0].fields if change.name.startswith("fr.")] == [
        "fr.languages",
        "fr.pay",
        "fr.bridges",
    ]
    each = page("a-job", "en")
    assert (each.languages.count(), each.bridges.count(), each.pay.get().high) == (0, 0, 32_000)


def test_a_job_open_without_diploma(folder):
    diplomas = (
        "[{level: 4, label: {fr: Bac, en: Bac}}, {level: 2, label: {fr: Sans diplôme, en: No diploma}}]"
    )

    report = import_profiles(write_profiles(folder, a=profile_text("a-job", diplomas=diplomas)), apply=True)

    assert report.errors == []
    assert page("a-job").entry_level == 2


def test_the_files_and_the_pages_know_the_same_values():
    assert tuple(models.Sector.values) == profile_files.SECTORS
    assert tuple(models.WorkLanguage.values) == profile_files.LANGUAGES
    assert tuple(models.LanguageLevel.values) == profile_files.CEFR_LEVELS
    assert tuple(models.GateKind.values) == profile_files.GATE_KINDS
    assert tuple(models.Importance.values) == profile_files.IMPORTANCES
    assert (models.profile_rows.LOWEST_PAY, models.profile_rows.HIGHEST_PAY) == (
        profile_files.LOWEST_PAY,
        profile_files.HIGHEST_PAY,
    )
    assert profile_files.FIRST_PAY_YEAR == models.profile_rows.FIRST_PAY_YEAR


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
        ({"diplomas": "[{level: 1, label: {fr: a, en: b}}]"}, "nombre attendu de 2 à 8"),
        ({"languages": "[{language: en, importance: useful}]"}, "« cefr » manque"),
        ({"languages": "[{language: la, cefr: A2, importance: useful}]"}, "« language » vaut « la »"),
        (
            {
                "languages": "[{language: en, cefr: A2, importance: useful},"
                " {language: en, cefr: B1, importance: useful}]"
            },
            "langue donnée deux fois : en",
        ),
        ({"bridges": f"[{BRIDGE.replace('food', 'circus')}]"}, "« sector » vaut « circus »"),
        ({"bridges": "[{sector: food, from: {fr: a, en: b}}]"}, "« carries » doit donner fr et en"),
        ({"pay": PAY.replace("source: {fr: Enquête, en: Survey}, ", "")}, "« source » doit donner fr et en"),
        ({"pay": PAY.replace("year: 2024, ", "")}, "« year » manque"),
        ({"pay": PAY.replace("high: 30000, ", "")}, "« high » manque"),
        ({"pay": PAY.replace("24000", "2400")}, "nombre attendu de 10000 à 300000"),
        ({"pay": PAY.replace("24000", "31000")}, "« low » dépasse « high »"),
        ({"pay": PAY.replace("2024", str(timezone.localdate().year + 1))}, "n'est pas encore venue"),
        ({"pay": PAY.replace("https://", "")}, "adresse attendue"),
        ({"pay": "30000"}, "« pay » doit être un ensemble"),
        ({"gates": f"[{{{GATE}, skill: nothing}}]"}, "compétence inconnue : « nothing »"),
        ({"gates": f"[{{{GATE}, skill: alpha}}]"}, "« alpha » n'est pas une habilitation"),
        (
            {"requirements": "[{skill: forklift, level: 2, importance: useful}]"},
            "une habilitation est une condition : mettez-la dans gates",
        ),
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


def test_a_gate_names_the_authorisation_that_it_asks_for(folder):
    gates = f"[{{{GATE}, skill: forklift}}, {{kind: medical-fitness, label: {{fr: Aptitude, en: Fitness}}}}]"
    write_profiles(folder, a=profile_text("a-job", gates=gates))

    report = import_profiles(folder, apply=True)

    assert report.errors == []
    for each in (page("a-job"), page("a-job", "en")):
        assert [gate.skill and gate.skill.code for gate in each.gates.all()] == ["forklift", None]
    assert not import_profiles(folder, apply=True).changed_anything


def test_the_retired_skill_of_a_gate_gives_way_and_two_gates_stay_two(folder):
    make_skills("old-forklift")
    Skill.objects.filter(code="old-forklift").update(
        kind=SkillKind.AUTHORISATION,
        status=SkillStatus.DEPRECATED,
        replaced_by=Skill.objects.get(code="forklift"),
    )
    gates = f"[{{{GATE}, skill: old-forklift}}, {{{GATE.replace('CACES', 'CACES 3')}, skill: forklift}}]"

    report = import_profiles(write_profiles(folder, a=profile_text("a-job", gates=gates)), apply=True)

    assert report.errors == []
    assert any("old-forklift retirée ; forklift" in warning.reason for warning in report.warnings)
    assert [(gate.label_fr, gate.skill.code) for gate in page("a-job").gates.all()] == [
        ("CACES", "forklift"),
        ("CACES 3", "forklift"),
    ]


@pytest.mark.parametrize(("count", "warned"), [(11, True), (12, False), (25, False), (26, True)])
def test_too_few_or_too_many_requirements_are_warned_of(folder, count, warned):
    codes = [f"skill-{number}" for number in range(count)]
    make_skills(*codes)
    requirements = ", ".join(f"{{skill: {code}, level: 2, importance: useful}}" for code in codes)

    report = import_profiles(
        write_profiles(folder, a=profile_text("a-job", requirements=f"[{requirements}]")), apply=False
    )

    assert report.errors == []
    assert [f"{count} compétences requises" in warning.reason for warning in report.warnings] == [
        True
    ] * warned


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

    with django_assert_max_num_queries(17):
        import_profiles(folder, apply=True)


def test_without_the_site_tree_the_command_says_what_to_run(tmp_path):
    write_profiles(tmp_path / "profiles", a=profile_text("a-job"))

    with pytest.raises(CommandError, match="setup_site"):
        call_command("load_job_profiles", str(tmp_path / "profiles"))

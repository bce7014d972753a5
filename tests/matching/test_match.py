"""Persons against jobs and requirements against trainings, on a real database and a real index of each engine."""

import pytest

from jobs.models import JobDiploma, JobProfilePage
from matching.catalogue.places import Origin
from matching.directions.person_to_jobs import match_person
from matching.directions.requirements_to_trainings import programmes_for_requirements
from matching.errors import UnknownJob, UnknownPlace
from matching.expecting import Hints, Likely
from matching.reading.extraction import extract_skills
from matching.referential import load_referential
from matching.scoring import Held, Requirement, levels_of, score_value
from search.engines import engine
from search.errors import SearchUnavailable
from skills.models import Skill, SkillLabel, SkillStatus
from tests.matching.factories import (
    in_days,
    load_part_of_referential,
    make_action,
    make_job,
    make_training,
    rebuild_index,
)
from tests.skills.factories import CommuneFactory, RegionFactory
from training.models import Training

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]

TEXT = "Je conduis des bioréacteurs et je remplis les dossiers de lot. Jamais de HPLC. Notions de BPF."

SKILLS = (
    "aseptic-connections",
    "batch-documentation",
    "bioreactor-operation",
    "electrophoresis",
    "elisa-assays",
    "gmp",
    "hplc-analysis",
    "sampling",
)


@pytest.fixture
def catalogue(own_index_folder):
    """Two jobs and five trainings around them."""
    load_part_of_referential(*SKILLS)
    make_job(
        "upstream",
        ("bioreactor-operation", 3, "essential"),
        ("batch-documentation", 2, "essential"),
        ("aseptic-connections", 2, "useful"),
        gate="Aptitude médicale",
    )
    make_job(
        "control", ("hplc-analysis", 3, "essential"), ("elisa-assays", 2, "essential"), ("gmp", 2, "useful")
    )
    region = RegionFactory()
    lyon = CommuneFactory(latitude=45.76, longitude=4.88, region=region)
    far = CommuneFactory(
        insee_code="31555",
        name="Toulouse",
        name_key="toulouse",
        department_code="31",
        department="Haute-Garonne",
        region=RegionFactory(code="76", name="Occitanie"),
        latitude=43.6,
        longitude=1.44,
    )
    make_action(make_training("near", ("bioreactor-operation", 3)), 30, commune=lyon, price_eur=900, hours=35)
    make_action(
        make_training("far", ("bioreactor-operation", 3), ("aseptic-connections", 2)), 20, commune=far
    )
    make_action(make_training("remote", ("aseptic-connections", 1)), mode="remote")
    make_action(make_training("ended", ("bioreactor-operation", 4)), -30, commune=lyon)
    make_action(make_training("somewhere", ("aseptic-connections", 2)), 10, region=region)
    make_training("draft", ("bioreactor-operation", 4), live=False)
    rebuild_index()


def test_text_when_matched_then_ranks_jobs_and_says_what_is_missing(catalogue):
    extraction = extract_skills(TEXT)
    assert {skill.code: skill.level for skill in extraction.skills} == {
        "bioreactor-operation": 2,
        "batch-documentation": 2,
        "gmp": 1,
    }
    assert [skill.code for skill in extraction.set_aside] == ["hplc-analysis"]
    match = match_person(extraction.held)
    job = match.jobs[0]
    assert not match.abstained
    assert job.code == "upstream"
    assert [one.state.value for one in job.requirements][:2] == ["partial", "covered"]
    assert job.gates[0].as_dict() == {
        "kind": "medical-fitness",
        "label": "Aptitude médicale",
        "how": "Une visite.",
        "skill": None,
        "state": "to-obtain",
    }


def test_improvements_when_shown_then_follow_the_formula_and_can_be_followed(catalogue):
    held = extract_skills(TEXT).held
    job = match_person(held).jobs[0]
    assert [one.training for one in job.improve] == ["far", "near", "somewhere"]
    graph = load_referential().graph
    requirements = [Requirement(one.skill, one.level, one.importance) for one in job.requirements]
    gained = levels_of([*held, Held("bioreactor-operation", 3), Held("aseptic-connections", 2)])
    best = job.improve[0]
    assert best.before == job.score == score_value(requirements, levels_of(held), graph)
    assert best.after == score_value(requirements, gained, graph) == 1.0
    assert best.offer.next_session == in_days(20)


def test_improvements_when_diplomas_help_then_one_is_shown_and_none_above_the_job_s_own(catalogue):
    """A diploma announces neither place nor date: it never pushes out what can be joined."""
    page = JobProfilePage.objects.get(code="upstream")
    JobDiploma.objects.create(page=page, level=5, label_fr="BTS", label_en="BTS")
    for code, level in (("bts", 5), ("but", 6), ("doctorate", 8), ("unknown", None)):
        make_training(code, ("bioreactor-operation", 4), ("aseptic-connections", 4))
        Training.objects.filter(code=code).update(exit_level=level)
    rebuild_index()
    improve = match_person(extract_skills(TEXT).held).jobs[0].improve
    assert [one.training for one in improve if one.offer is None] == ["bts"]
    assert [one.training for one in improve if one.offer] == ["far", "near"]


def test_improvements_when_a_place_is_given_then_respect_the_distance(catalogue):
    held = extract_skills(TEXT).held
    job = match_person(held, place="Villeurbanne", within_km=50).jobs[0]
    offers = {one.training: one.offer for one in job.improve}
    assert set(offers) == {"near", "somewhere", "remote"}
    assert offers["near"].distance_km == 0
    assert offers["remote"].distance_km is None
    assert offers["somewhere"].note == "Lieu exact inconnu : Auvergne-Rhône-Alpes."


def test_job_when_asked_for_then_is_the_only_answer_even_below_the_floor(catalogue):
    match = match_person([Held("bioreactor-operation", 2)], only_job="control")
    assert [job.code for job in match.jobs] == ["control"]
    assert not match.abstained


def test_job_when_unknown_then_is_an_error(catalogue):
    with pytest.raises(UnknownJob, match="nulle-part"):
        match_person([Held("gmp", 2)], only_job="nulle-part")


def test_place_when_unknown_then_names_what_comes_near(catalogue):
    with pytest.raises(UnknownPlace, match="Villeurbanne"):
        match_person([Held("gmp", 2)], place="Villeurbaine")


def test_match_when_nothing_is_held_then_abstains(catalogue):
    match = match_person(extract_skills("J'aime la cuisine italienne.").held)
    assert match.abstained
    assert match.jobs == ()


def test_match_when_every_score_is_low_then_abstains(catalogue):
    match = match_person([Held("forgotten", 4)])
    assert match.abstained
    assert match.jobs == ()


@pytest.fixture
def demanding(catalogue):
    """A job that asks for much, of which a text shows little: GMP is one sixteenth of it."""
    essential = (
        "bioreactor-operation",
        "batch-documentation",
        "aseptic-connections",
        "elisa-assays",
        "sampling",
    )
    make_job("demanding", ("gmp", 2, "useful"), *((code, 2, "essential") for code in essential))
    rebuild_index()


def test_match_when_a_score_is_low_then_a_job_is_shown_if_more_is_to_be_expected(demanding):
    held = [Held("gmp", 2)]
    likely = Hints([Likely("gmp", 2), Likely("sampling", 2, 0.4)])
    assert [one.code for one in match_person(held).jobs] == ["control"]
    shown = {one.code: one.score for one in match_person(held, hints=likely).jobs}
    assert shown == {"control": 0.1429, "demanding": 0.0625}


def test_match_when_no_score_is_enough_then_what_is_to_be_expected_does_not_change_it(demanding):
    JobProfilePage.objects.filter(code="control").update(live=False)
    rebuild_index()
    likely = Hints([Likely("gmp", 2), Likely("sampling", 2, 0.4)])
    assert match_person([Held("gmp", 2)], hints=likely).abstained


def test_match_when_no_index_answers_then_the_database_proposes_the_same_and_says_so(
    catalogue, settings, tmp_path
):
    held = extract_skills(TEXT).held
    usual = match_person(held)
    wanted = [Requirement("bioreactor-operation", 3), Requirement("aseptic-connections", 2, "useful")]
    programmes = programmes_for_requirements(wanted)
    settings.SEARCH_INDEX_DIR = tmp_path / "none"
    settings.ELASTICSEARCH_INDEX_PREFIX = "none"
    engine.cache_clear()
    reduced = match_person(held)
    assert reduced.jobs == usual.jobs
    assert "viennent directement de la base" in reduced.notice
    assert usual.notice == ""
    assert programmes_for_requirements(wanted).matches == programmes.matches
    assert "viennent directement de la base" in programmes_for_requirements(wanted).notice


def test_match_when_a_named_engine_has_no_index_then_is_an_error(own_index_folder):
    load_part_of_referential("gmp")
    with pytest.raises(SearchUnavailable):
        match_person([Held("gmp", 2)], engine="embedded")


def test_match_when_jobs_are_many_then_queries_stay_few(catalogue, django_assert_max_num_queries):
    for number in range(12):
        make_job(f"more-{number}", ("bioreactor-operation", 2, "essential"), ("sampling", 2, "useful"))
    rebuild_index()
    held = extract_skills(TEXT).held
    referential = load_referential()
    with django_assert_max_num_queries(25):
        assert len(match_person(held, referential=referential).jobs) == 10


def test_programmes_when_a_need_is_given_then_are_ranked_by_coverage(catalogue):
    wanted = [Requirement("bioreactor-operation", 3), Requirement("aseptic-connections", 2, "useful")]
    programmes = programmes_for_requirements(wanted, origin=Origin(latitude=45.76, longitude=4.88)).matches
    # « remote » brings a neighbouring skill only in part; « ended » and « draft » cannot be followed.
    assert [one.training for one in programmes][:2] == ["far", "near"]
    assert {one.training for one in programmes} == {"far", "near", "somewhere", "remote"}
    assert [one.coverage for one in programmes] == sorted((one.coverage for one in programmes), reverse=True)
    near = programmes[1]
    assert near.offer.sessions == (in_days(30),)
    assert near.offer.price_eur == 900
    assert near.offer.distance_km == 0
    assert 350 < programmes[0].offer.distance_km < 400


def test_programmes_when_nothing_is_required_then_none(catalogue):
    assert programmes_for_requirements([]).matches == ()


def test_session_when_permanent_entry_is_open_then_one_may_begin_today(catalogue):
    training = make_training("permanent", ("bioreactor-operation", 3))
    action = make_action(training, -10, length=60)
    action.sessions.update(is_permanent_entry=True)
    rebuild_index()
    programmes = programmes_for_requirements([Requirement("bioreactor-operation", 3)])
    offers = {one.training: one.offer for one in programmes.matches}
    assert offers["permanent"].next_session == in_days(0)


def test_referential_when_a_label_changes_then_the_next_reading_knows(catalogue):
    assert extract_skills("zorglubisation").skills == ()
    skill = Skill.objects.get(code="gmp")
    SkillLabel.objects.bulk_create(
        [SkillLabel(skill=skill, kind="alternative", language="fr", text="zorglubisation")]
    )
    assert [one.code for one in extract_skills("zorglubisation").skills] == ["gmp"]
    assert load_referential() is load_referential()


def test_skill_when_retired_then_its_labels_mean_its_replacement(catalogue):
    replacement = Skill.objects.get(code="gmp")
    Skill.objects.filter(code="hplc-analysis").update(status=SkillStatus.DEPRECATED, replaced_by=replacement)
    assert [one.code for one in extract_skills("HPLC").skills] == ["gmp"]


def test_skill_when_draft_then_is_not_found(catalogue):
    Skill.objects.filter(code="hplc-analysis").update(live=False)
    assert extract_skills("HPLC").skills == ()


def test_extraction_when_no_model_is_installed_then_says_so(catalogue):
    assert "modèle" in extract_skills("HPLC").notice
    assert extract_skills("").skills == ()

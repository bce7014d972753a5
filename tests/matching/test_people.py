"""A need before the pool of candidates, on a real database and a real index of each engine."""

import json
import logging

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from jobs.models import CandidateProfile, CandidateSkill, EmployerNeed
from matching.catalogue.needs import load_need
from matching.catalogue.people import load_people
from matching.directions.need_to_people import people_for_need, pool_of_need
from matching.referential import load_referential
from matching.scoring import Held, Requirement, score
from people.models import Consent
from search.engines import engine
from search.errors import SearchUnavailable
from search.fusion import neutral_order
from skills.models import Skill
from tests.jobs.factories import in_days, make_candidate, pseudonym
from tests.matching.factories import load_part_of_referential, make_job, make_need, rebuild_index
from tests.matching.test_gates import make_authorisation
from tests.skills.factories import CommuneFactory, RegionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]

ASKED = (Requirement("bioreactor-operation", 3), Requirement("gmp", 2, "useful"))
MASTER, BEGINNER, NEIGHBOUR, STRANGER, LATE, STUDENT, AWAY = range(1, 8)


@pytest.fixture
def pool(own_index_folder):
    """A need of Lyon and people around it."""
    load_part_of_referential("bioreactor-operation", "batch-documentation", "gmp", "hplc-analysis")
    skills = {skill.code: skill for skill in Skill.objects.all()}
    Skill.related.through.objects.create(
        from_skill=skills["batch-documentation"], to_skill=skills["bioreactor-operation"]
    )
    make_authorisation("gmo-licence", "Agrément OGM")
    region = RegionFactory()
    lyon = CommuneFactory(latitude=45.76, longitude=4.88, region=region)
    occitanie = RegionFactory(code="76", name="Occitanie")
    toulouse = CommuneFactory(
        insee_code="31555", name="Toulouse", region=occitanie, latitude=43.6, longitude=1.44
    )
    job = make_job("upstream", ("bioreactor-operation", 3, "essential"), gate="OGM", gate_skill="gmo-licence")
    requirements = [(one.skill, one.level, one.importance) for one in ASKED]
    make_need("need", *requirements, job_profile=job, commune=lyon, starts_on=in_days(60))
    make_candidate(
        MASTER, ("bioreactor-operation", 4), ("gmp", 2), ("gmo-licence", 2), region=region, commune=lyon
    )
    make_candidate(BEGINNER, ("bioreactor-operation", 1), region=occitanie, commune=toulouse, mobility_km=300)
    make_candidate(NEIGHBOUR, ("batch-documentation", 4), region=region, remote=True)
    make_candidate(STRANGER, ("hplc-analysis", 4))
    make_candidate(LATE, ("bioreactor-operation", 3), available_from=in_days(61))
    make_candidate(STUDENT, ("bioreactor-operation", 3), need_kinds=["apprenticeship"])
    make_candidate(AWAY, ("bioreactor-operation", 3), available_from=None)
    rebuild_index()


def found(answer) -> list[int]:
    return [int(one.pseudonym.removeprefix("candidat-"), 16) for one in answer.people]


def asked(**options):
    return pool_of_need(load_need("need"), **options)


def test_everybody_who_answers_in_part_is_shown_best_first_with_every_requirement(pool):
    answer = asked()
    assert found(answer) == [MASTER, BEGINNER, NEIGHBOUR]
    assert answer.total == 3
    assert [one.score for one in answer.people] == [1.0, 0.25, 0.15]
    assert [[r.state.value for r in one.requirements] for one in answer.people] == [
        ["covered", "covered"],
        ["partial", "missing"],
        ["partial", "missing"],
    ]
    neighbour = answer.people[2].requirements[0]
    assert neighbour.covered_by == "batch-documentation"
    assert "voisine" in neighbour.reason


def test_the_score_is_the_formula_s(pool):
    graph = load_referential().graph
    expected = score(ASKED, [Held("bioreactor-operation", 1)], graph)
    one = asked().people[1]
    assert (one.score, one.requirements) == (expected.value, expected.requirements)


def test_who_does_not_want_such_a_need_or_is_not_available_in_time_is_not_in_the_pool(pool):
    assert not {LATE, STUDENT, AWAY} & set(found(asked()))
    EmployerNeed.objects.update(starts_on=in_days(61))
    assert LATE in found(asked())
    EmployerNeed.objects.update(starts_on=None)
    assert LATE in found(asked())
    EmployerNeed.objects.update(starts_on=in_days(-200), kind="apprenticeship")
    assert found(asked()) == [MASTER, STUDENT, BEGINNER, NEIGHBOUR]


def test_a_job_is_asked_without_kind_day_or_place(pool):
    answer = people_for_need(ASKED)
    assert set(found(answer)) == {MASTER, BEGINNER, NEIGHBOUR, LATE, STUDENT}
    assert {one.distance_km for one in answer.people} == {None}


def test_what_is_shown_of_the_place_is_what_the_person_shows(pool):
    shown = [(one.region, one.distance_km, one.within_mobility, one.remote) for one in asked().people]
    assert shown == [
        ("Auvergne-Rhône-Alpes", 0, True, False),
        ("Occitanie", 363, False, False),
        ("Auvergne-Rhône-Alpes", None, None, True),
    ]
    CandidateProfile.objects.filter(code=pseudonym(BEGINNER)).update(mobility_km=400)
    assert asked().people[1].within_mobility is True
    CandidateProfile.objects.update(region=None, commune=None)
    assert asked().people[0].as_dict()["region"] is None


def test_gates_are_those_of_the_need_s_job_met_by_the_person_s_word_alone(pool):
    answer = asked()
    assert [[gate.state.value for gate in one.gates] for one in answer.people] == [
        ["met"],
        ["to-obtain"],
        ["to-obtain"],
    ]
    Page.objects.filter(slug="upstream").update(live=False)
    assert {one.gates for one in asked().people} == {()}


def test_a_score_hides_nobody_and_pages_are_cut_out_of_one_order(pool):
    for number in range(100, 230):
        make_candidate(number, ("gmp", 1))
    rebuild_index()
    whole = asked(limit=1_000)
    assert whole.total == len(whole.people) == 133
    assert whole.people[-1].score == 0.125
    equal = [one.pseudonym for one in whole.people if one.score == 0.125]
    assert len(equal) == 130
    assert equal == sorted(equal, key=neutral_order)
    pages = [asked(limit=50, offset=offset) for offset in range(0, 150, 50)]
    assert [one for page in pages for one in page.people] == list(whole.people)
    assert {page.total for page in pages} == {133}
    assert {page.versions for page in pages} == {whole.versions}
    assert asked(offset=133).people == ()


def test_a_need_that_requires_nothing_has_no_pool(pool):
    assert people_for_need([]).total == 0
    assert people_for_need([Requirement("unheard-of", 2)]).total == 0


# --- Consent


@pytest.mark.parametrize("late_index", [True, False])
def test_a_withdrawal_counts_at_once_whatever_the_index_says(pool, late_index):
    profile = CandidateProfile.objects.get(code=pseudonym(MASTER))
    if late_index:  # a change that no signal told of
        Consent.objects.filter(pk=profile.consent_id).update(withdrawn_at="2026-01-01T00:00:00Z")
    else:
        profile.consent.withdraw()
    answer = asked()
    assert (found(answer), answer.total) == ([BEGINNER, NEIGHBOUR], 2)


@pytest.mark.parametrize(
    "changed",
    [
        {"available_from": None},
        {"need_kinds": ["future"]},
        {"available_from": in_days(61)},
    ],
)
def test_what_a_person_changed_counts_at_once_whatever_the_index_says(pool, changed):
    CandidateProfile.objects.filter(code=pseudonym(MASTER)).update(**changed)
    answer = asked()
    assert (found(answer), answer.total) == ([BEGINNER, NEIGHBOUR], 2)


def test_who_no_longer_holds_what_answers_leaves_the_pool_whatever_the_index_says(pool):
    CandidateSkill.objects.filter(profile__code=pseudonym(NEIGHBOUR)).update(
        skill=Skill.objects.get(code="hplc-analysis")
    )
    answer = asked()
    assert (found(answer), answer.total) == ([MASTER, BEGINNER], 2)


def test_a_consent_that_has_ended_counts_from_its_day_on(pool):
    Consent.objects.filter(candidate__code=pseudonym(MASTER)).update(expires_on=in_days(-1))
    assert found(asked()) == [BEGINNER, NEIGHBOUR]
    Consent.objects.update(expires_on=in_days(0))
    assert found(asked()) == [MASTER, BEGINNER, NEIGHBOUR]


# --- Without an index, and what it costs


def test_without_an_index_the_database_proposes_the_same_people_and_says_so(pool, settings, tmp_path, caplog):
    usual = asked()
    settings.SEARCH_INDEX_DIR = tmp_path / "none"
    settings.ELASTICSEARCH_INDEX_PREFIX = "none"
    engine.cache_clear()
    caplog.set_level(logging.INFO)
    reduced = asked()
    assert (reduced.people, reduced.total, reduced.versions) == (usual.people, usual.total, usual.versions)
    assert "viennent directement de la base" in reduced.notice
    assert usual.notice == ""
    assert "candidates come from the database" in caplog.text
    assert "candidat-" not in caplog.text
    with pytest.raises(SearchUnavailable):
        asked(engine=settings.SEARCH_ENGINE)


def test_however_many_people_the_queries_stay_few(pool, django_assert_num_queries):
    referential = load_referential()
    people_for_need(ASKED, referential=referential)
    with django_assert_num_queries(4):
        people_for_need(ASKED, referential=referential)
    for number in range(100, 160):
        make_candidate(number, ("gmp", 1), ("bioreactor-operation", 2))
    rebuild_index()
    people_for_need(ASKED, referential=referential)
    with django_assert_num_queries(4):
        assert people_for_need(ASKED, referential=referential).total == 65


def test_people_are_read_in_two_queries(pool, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(load_people([pseudonym(number) for number in range(10)])) == 6


# --- Versions


def test_the_catalogue_of_the_versions_follows_what_people_hold_and_no_one_s_place(pool):
    before = asked().versions
    CandidateProfile.objects.update(mobility_km=7)
    assert asked().versions == before
    profile = CandidateProfile.objects.get(code=pseudonym(MASTER))
    profile.skill_links.update(level=1)
    after = asked().versions
    assert after.catalogue != before.catalogue
    assert (after.referential, after.formula) == (before.referential, before.formula)


# --- The command


def run(capsys, *arguments: str) -> str:
    call_command("people_for", *arguments)
    return capsys.readouterr().out


def test_the_command_answers_in_json_with_the_keys_of_the_documentation(pool, capsys):
    answer = json.loads(run(capsys, "--need", "need", "--json"))
    assert list(answer) == ["asked", "abstained", "total", "people", "versions"]
    assert answer["asked"] == {"need": "need"}
    assert (answer["abstained"], answer["total"]) == (False, 3)
    assert list(answer["people"][0]) == [
        "pseudonym",
        "score",
        "requirements",
        "gates",
        "region",
        "distance_km",
        "within_mobility",
        "remote",
        "available_from",
        "is_demonstration",
    ]
    assert set(answer["versions"]) == {"referential", "model", "formula", "catalogue"}


def test_the_command_pages_and_tells_the_total(pool, capsys):
    answer = json.loads(run(capsys, "--job", "upstream", "--json", "--limit", "1", "--offset", "2"))
    assert answer["asked"] == {"job": "upstream"}
    assert (len(answer["people"]), answer["total"]) == (1, 5)
    assert "il n'y a personne à cette page" in run(capsys, "--need", "need", "--offset", "9")


def test_the_table_shows_no_score_without_its_requirements(pool, capsys):
    shown = run(capsys, "--need", "need")
    assert "1 à 3, sur 3 personnes" in shown
    assert shown.count("candidat-") == 3
    assert shown.count("Conduire un bioréacteur :") == 3
    assert "dans sa mobilité" in shown
    assert "363 km, hors de sa mobilité" in shown
    assert "dit l'avoir : OGM" in shown
    assert "à obtenir : OGM" in shown
    english = run(capsys, "--need", "need", "--lang", "en")
    assert "within reach" in english
    assert "Present at level 4" in english


def test_the_command_without_anybody_abstains(pool, capsys):
    CandidateProfile.objects.all().erase()
    assert run(capsys, "--need", "need") == "Personne dans le vivier.\n"
    assert json.loads(run(capsys, "--need", "need", "--json"))["abstained"] is True


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--need", "nulle-part"), "Besoin inconnu ou clos"),
        (("--job", "nulle-part"), "Métier inconnu"),
        (("--need", "need", "--limit", "0"), "--limit va de 1 à 100"),
        (("--need", "need", "--offset", "-1"), "--offset"),
        ((), "required"),
    ],
)
def test_the_command_says_what_it_cannot_serve(pool, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("people_for", *arguments)

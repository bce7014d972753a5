"""From a job to those beside it: what is shared and what crossing costs, on a real database and a real index."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import JobBridge, JobNeighbour, JobProfilePage
from matching.directions.cost_to_cross import CrossingState
from matching.directions.crossing import MOST_COSTED, SharedSkill, crossings_from
from matching.errors import PathUnproven, UnknownJob
from matching.paths.sentences import NARROW_SPACE
from matching.referential import load_referential
from matching.scoring import State
from tests.matching.factories import make_job, make_training, rebuild_index
from tests.matching.paths.catalogue import day, load_skills, session
from training.models import Training, TrainingAction, TrainingSession

pytestmark = pytest.mark.django_db

COST_KEYS = [
    "state", "reason", "cost_eur", "hours", "says_all_hours", "days", "starts_on", "ends_on", "missing",
    "unteachable", "left_out", "steps",
]  # fmt: skip


@pytest.fixture
def catalogue(own_index_folder):
    """From « upstream » to « senior » (two trainings), « next » (nothing lacks), « mixed » (a part has no training) and « far »
    (nothing has).
    """
    load_skills()
    upstream = make_job(
        "upstream",
        ("adherent-cell-culture", 2, "essential"),
        ("batch-documentation", 3, "essential"),
        ("gmp", 1, "useful"),
    )
    make_job(
        "senior",
        ("mammalian-cell-culture", 2, "essential"),
        ("gmp", 2, "essential"),
        ("bioreactor-operation", 3, "essential"),
        ("sampling", 1, "useful"),
    )
    make_job("next", ("batch-documentation", 2, "essential"), ("sampling", 1, "useful"))
    make_job(
        "mixed",
        ("batch-documentation", 2, "essential"),
        ("gmp", 2, "essential"),
        ("sampling", 2, "essential"),
    )
    far = make_job("far", ("hplc-analysis", 2, "essential"))
    JobNeighbour.objects.create(page=upstream, neighbour=far)
    session(make_training("gmp", ("gmp", 2)), 20, 2, price_eur=300, hours=14)
    session(make_training("reactor", ("bioreactor-operation", 3)), 40, price_eur=900, hours=None)
    session(make_training("dear", ("gmp", 2), ("bioreactor-operation", 4)), 60, price_eur=2_000, hours=70)
    make_training("undated", ("sampling", 2))
    rebuild_index()


def crossing(code: str, **options):
    found = crossings_from("upstream", **options)
    return next(one for one in found.crossings if one.prepared.job.code == code)


# What is shared


def test_shared_when_a_narrower_skill_or_a_lower_level_is_asked_then_both_levels_are_told(catalogue):
    assert crossing("senior").shared == (
        SharedSkill("mammalian-cell-culture", 2, State.COVERED, "adherent-cell-culture", 2),
        SharedSkill("gmp", 2, State.PARTIAL, "gmp", 1),
    )
    assert crossing("far").shared == ()


def test_shared_when_only_a_broader_skill_answers_then_it_is_not_shared(catalogue):
    found = crossings_from("senior")
    back = next(one for one in found.crossings if one.prepared.job.code == "upstream")
    assert [one.skill for one in back.shared] == ["gmp"]
    assert [one.skill for one in back.prepared.with_state(State.PARTIAL)] == ["adherent-cell-culture"]


# What crossing costs


def test_cost_when_trainings_bring_all_then_is_that_of_the_cheapest_path(catalogue):
    cost = crossing("senior").to_cross
    assert (cost.state, cost.reason, cost.unteachable) == (CrossingState.WHOLE, "", ())
    # What is only useful is not missing, nor what is covered.
    assert [(one.code, one.level) for one in cost.missing] == [("gmp", 2), ("bioreactor-operation", 3)]
    assert [step.facts.training for step in cost.steps] == ["gmp", "reactor"]
    assert (cost.path.path.cost_eur, cost.days) == (1_200, 7)
    assert (cost.starts_on, cost.ends_on) == (day(20), day(44))
    # One of the two trainings does not say its hours.
    assert (cost.hours, cost.says_all_hours) == (14, False)


def test_cost_when_nothing_essential_lacks_then_says_so_and_costs_nothing(catalogue):
    cost = crossing("next").to_cross
    assert (cost.state, cost.reason) == (CrossingState.NOTHING_MISSING, "Rien d'essentiel ne manque.")
    told = cost.as_dict("fr")
    assert (told["cost_eur"], told["hours"], told["days"], told["steps"]) == (0, 0, 0, [])
    assert (told["starts_on"], told["missing"]) == (None, [])


def test_cost_when_no_training_brings_a_part_then_says_which_and_costs_the_rest(catalogue):
    cost = crossing("mixed").to_cross
    assert cost.state is CrossingState.PARTLY
    assert [one.code for one in cost.unteachable] == ["sampling"]
    assert [step.facts.training for step in cost.steps] == ["gmp"]
    assert cost.left_out == 1
    assert "1 des 2 compétences" in cost.reason


def test_cost_when_no_training_brings_anything_then_no_figure_is_said(catalogue):
    told = crossing("far", language="en").to_cross.as_dict("en")
    assert list(told) == COST_KEYS
    assert told["state"] == "no-path"
    assert told["reason"].startswith("No training of the catalogue")
    assert [told[name] for name in ("cost_eur", "hours", "days", "starts_on", "ends_on")] == [None] * 5
    assert told["unteachable"] == [{"skill": "hplc-analysis", "level": 2}]


def test_cost_when_sessions_are_full_then_the_reason_says_what_would_make_it_possible(catalogue):
    TrainingAction.objects.filter(training__code="dear").delete()
    TrainingSession.objects.filter(action__training__code="gmp").update(seats=0)
    cost = crossing("mixed").to_cross
    assert (cost.state, cost.path) == (CrossingState.NO_PATH, None)
    assert cost.reason.endswith("Possible si une place se libère dans « Formation gmp ».")


def test_cost_when_sessions_overlap_then_nothing_is_invented(catalogue):
    Training.objects.filter(code="dear").update(live=False)
    TrainingSession.objects.filter(action__training__code="reactor").update(
        starts_on=day(20), ends_on=day(25)
    )
    cost = crossing("senior").to_cross
    assert (cost.state, cost.path) == (CrossingState.NO_PATH, None)
    assert "aucune suite de leurs sessions" in cost.reason


def test_cost_when_a_path_cannot_be_proven_then_is_a_sentence(catalogue, monkeypatch):
    def unproven(*_, **__):
        raise PathUnproven("time")

    monkeypatch.setattr("matching.paths.finding.best_path", unproven)
    cost = crossing("senior").to_cross
    assert (cost.state, cost.path) == (CrossingState.UNPROVEN, None)
    assert "n'a pas pu être prouvé" in cost.reason


def test_cost_when_jobs_are_many_or_time_is_over_then_the_others_say_it_is_not_computed(
    catalogue, monkeypatch
):
    for number in range(MOST_COSTED):
        make_job(f"more-{number}", ("batch-documentation", 3, "essential"))
    rebuild_index()
    found = crossings_from("upstream", limit=20).crossings
    states = [one.to_cross.state for one in found]
    assert CrossingState.NOT_COMPUTED not in states[:MOST_COSTED]
    assert set(states[MOST_COSTED:]) == {CrossingState.NOT_COMPUTED}
    assert "10 premiers" in found[-1].to_cross.reason
    monkeypatch.setattr("matching.directions.crossing.LONGEST_S", 0.0)
    late = crossings_from("upstream").crossings
    assert {one.to_cross.state for one in late} == {CrossingState.NOT_COMPUTED}
    assert "temps prévu" in late[0].to_cross.reason


def test_queries_when_jobs_and_trainings_are_many_then_stay_few(catalogue):
    referential = load_referential()
    with CaptureQueriesContext(connection) as few:
        assert len(crossings_from("upstream", referential=referential).crossings) == 4
    for number in range(6):
        make_job(f"more-{number}", ("batch-documentation", 3, "essential"), ("gmp", 3, "essential"))
        session(make_training(f"more-{number}", ("gmp", 3)), 20 + number, price_eur=400 + number)
    rebuild_index()
    with CaptureQueriesContext(connection) as many:
        assert len(crossings_from("upstream", referential=referential).crossings) == 10
    assert len(many) - len(few) <= 6 * 15


# Bridges


@pytest.fixture
def bridge(catalogue):
    return JobBridge.objects.create(
        page=JobProfilePage.objects.get(code="upstream"),
        sector="food",
        from_fr="Conductrice de cuve",
        from_en="Tank operator",
        carries_fr="Le nettoyage en place.",
        carries_en="Cleaning in place.",
        learn_fr="Les BPF.",
        learn_en="GMP.",
    )


def test_bridges_when_editors_wrote_some_then_are_told_in_the_language_asked(bridge):
    assert [one.as_dict() for one in crossings_from("upstream", language="en").bridges] == [
        {"sector": "food", "origin": "Tank operator", "carries": "Cleaning in place.", "learn": "GMP."}
    ]
    assert crossings_from("upstream").bridges[0].sector_label == "agroalimentaire"
    assert crossings_from("upstream", language="en").bridges[0].sector_label == "food industry"
    assert crossings_from("senior").bridges == ()


# The command


def test_command_when_asked_for_json_then_each_job_says_what_is_shared_and_what_it_costs(bridge, capsys):
    call_command("jobs_for", "--job", "upstream", "--json")
    (line,) = capsys.readouterr().out.splitlines()
    answer = json.loads(line)
    assert list(answer) == ["asked", "abstained", "jobs", "bridges"]
    jobs = {one["code"]: one for one in answer["jobs"]}
    assert {code: one["is_neighbour"] for code, one in jobs.items()} == {
        "next": False, "mixed": False, "senior": False, "far": True,
    }  # fmt: skip
    senior = jobs["senior"]
    assert list(senior["to_cross"]) == COST_KEYS
    assert [step["training"] for step in senior["to_cross"]["steps"]] == ["gmp", "reactor"]
    assert senior["shared"][1] == {
        "skill": "gmp", "level": 2, "state": "partial", "from_skill": "gmp", "from_level": 1,
    }  # fmt: skip
    assert answer["bridges"][0]["origin"] == "Conductrice de cuve"


def test_command_when_read_by_a_person_then_tells_the_same(bridge, capsys):
    call_command("jobs_for", "--job", "upstream")
    shown = capsys.readouterr().out.replace(NARROW_SPACE, " ")
    assert "Métier far (far) (métier voisin selon la rédaction)" in shown
    assert "en commun : 2 des 4 compétences demandées, dont 1 à un niveau plus haut" in shown
    assert "pour y passer : 1 200 € à payer, 2 formations, au moins 14 h, du " in shown
    assert "pour y passer : Rien d'essentiel ne manque." in shown
    assert "(1 des 2 qui manquent) : « " in shown
    assert "Venir d'un autre métier (passerelles vers upstream)" in shown
    assert "Conductrice de cuve (agroalimentaire)" in shown
    call_command("jobs_for", "--job", "upstream", "--lang", "en")
    shown = capsys.readouterr().out
    assert "to cross: €1,200 to pay, 2 trainings, at least 14 h, from " in shown
    assert "Nothing essential is missing." in shown


def test_command_when_the_job_is_unknown_then_exits_with_two(catalogue):
    with pytest.raises(UnknownJob):
        crossings_from("nowhere")
    with pytest.raises(CommandError, match="nowhere") as refused:
        call_command("jobs_for", "--job", "nowhere")
    assert refused.value.returncode == 2

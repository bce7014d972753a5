"""`manage.py path`, end to end: from a text to proven paths, on a real database and a real index."""

import datetime as dt
import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from jobs.models import JobProfilePage
from matching.errors import PathUnproven
from matching.paths.finding import find_paths
from matching.paths.funding import Status
from matching.paths.problem import Mode, Objective
from matching.paths.question import Question
from matching.paths.sentences import NARROW_SPACE
from matching.paths.vae import BY_EXPERIENCE
from matching.referential import load_referential
from matching.scoring import Held
from tests.matching.factories import make_job, make_training, rebuild_index
from tests.matching.paths.catalogue import certification, day, load_skills, session
from tests.skills.factories import CommuneFactory, RegionFactory
from training.models import Training, TrainingAction

pytestmark = pytest.mark.django_db

TEXT = "Je remplis les dossiers de lot."
LYON = {"latitude": 45.76, "longitude": 4.84}
TOULOUSE = {"latitude": 43.6, "longitude": 1.44}
STEP_KEYS = [
    "training", "title_fr", "title_en", "kind", "session", "provider", "mode", "place", "starts_on", "ends_on", "hours",
    "weekly_hours", "price_eur", "pays_eur", "cpf_eur", "payer", "distance_km", "trips", "brings", "opens", "needs",
    "prerequisites", "certification", "url", "rules", "is_demonstration",
]  # fmt: skip


@pytest.fixture
def catalogue(own_index_folder):
    """A job of two essential skills that are missing, and three ways to one of them: cheap, soon, near."""
    load_skills()
    make_job(
        "upstream",
        ("bioreactor-operation", 3, "essential"),
        ("mammalian-cell-culture", 2, "essential"),
        ("batch-documentation", 2, "essential"),
        ("sampling", 2, "useful"),
    )
    CommuneFactory(insee_code="69123", name="Lyon", name_key="lyon", **LYON, region=RegionFactory())
    session(make_training("cheap", ("bioreactor-operation", 3)), 100, price_eur=200, **TOULOUSE)
    session(make_training("soon", ("bioreactor-operation", 4)), 40, price_eur=900, **TOULOUSE)
    session(make_training("near", ("bioreactor-operation", 3)), 70, price_eur=1_500, **LYON)
    culture = make_training("culture", ("adherent-cell-culture", 2))
    session(culture, 10, price_eur=300, mode="remote")
    make_training("undated", ("bioreactor-operation", 3))
    rebuild_index()


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "texte.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


@pytest.fixture
def run(catalogue, text, capsys):
    def call(*arguments: str) -> dict:
        call_command("path", text, "--job", "upstream", "--json", *arguments)
        (line,) = capsys.readouterr().out.splitlines()
        return json.loads(line)

    return call


def chosen(answer: dict) -> list[tuple[set[str], list[str]]]:
    return [(set(one["objectives"]), [step["training"] for step in one["steps"]]) for one in answer["paths"]]


def test_path_when_asked_for_json_then_has_the_keys_of_its_document(run):
    answer = run()
    assert list(answer) == [
        "id", "abstained", "job", "missing", "unteachable", "left_out", "paths", "relaxations",
    ]  # fmt: skip
    assert (answer["id"], answer["abstained"], answer["job"]) == ("texte.txt", False, "upstream")
    # What the text shows is not missing, nor what is only useful.
    assert answer["missing"] == [
        {"skill": "bioreactor-operation", "level": 3}, {"skill": "mammalian-cell-culture", "level": 2},
    ]  # fmt: skip
    assert answer["left_out"] == [{"training": "undated", "reason": "dates"}]
    path = answer["paths"][0]
    assert list(path) == [
        "objectives", "is_complete_set", "cost_eur", "cpf_eur", "ends_on", "distance_km", "steps",
    ]  # fmt: skip
    assert [list(step) for step in path["steps"]] == [STEP_KEYS, STEP_KEYS]


def test_paths_when_no_objective_is_named_then_are_the_best_by_each(run):
    answer = run("--place", "Lyon")
    assert sorted(chosen(answer), key=str) == sorted(
        [
            ({"cost"}, ["culture", "cheap"]),
            ({"end"}, ["culture", "soon"]),
            ({"distance"}, ["culture", "near"]),
        ],
        key=str,
    )
    assert all(path["is_complete_set"] for path in answer["paths"])
    cheap = next(path for path in answer["paths"] if "cost" in path["objectives"])
    assert (cheap["cost_eur"], cheap["ends_on"]) == (500, day(104).isoformat())
    assert 700 < cheap["distance_km"] < 730
    assert [step["brings"] for step in cheap["steps"]] == [
        ["mammalian-cell-culture"],
        ["bioreactor-operation"],
    ]
    assert [(step["distance_km"], step["trips"]) for step in cheap["steps"]] == [
        (None, 0), (cheap["distance_km"] / 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("objective", "training"), [("cost", "cheap"), ("end", "soon"), ("distance", "near")]
)
def test_path_when_one_objective_is_named_then_is_the_only_one(run, objective, training):
    answer = run("--place", "Lyon", "--objective", objective)
    assert chosen(answer) == [({objective}, ["culture", training])]


def test_paths_when_no_place_is_said_then_distance_means_nothing(run):
    answer = run()
    assert {objective for objectives, _ in chosen(answer) for objective in objectives} == {"cost", "end"}
    assert all(path["distance_km"] is None for path in answer["paths"])
    assert all(step["distance_km"] is None for path in answer["paths"] for step in path["steps"])


def test_prerequisite_when_another_step_brings_it_then_that_step_opens_the_next(run):
    Training.objects.exclude(code="culture").update(prerequisites="Pratique de la culture cellulaire.")
    answer = run("--objective", "cost")
    first, second = answer["paths"][0]["steps"]
    assert (first["training"], first["opens"]) == ("culture", ["has:mammalian-cell-culture"])
    assert second["needs"] == ["has:mammalian-cell-culture"]
    assert first["ends_on"] < second["starts_on"]


def test_limits_when_they_leave_no_path_then_the_least_change_is_said_with_its_path(run):
    answer = run("--budget", "400", "--until", day(200).isoformat())
    assert (answer["paths"], answer["abstained"]) == ([], False)
    (relaxation,) = answer["relaxations"]
    assert relaxation["amounts"] == {"budget": 100}
    assert relaxation["sentence"].replace(NARROW_SPACE, " ") == "Possible avec 100 € de plus."
    assert [step["training"] for step in relaxation["path"]["steps"]] == ["culture", "cheap"]


def test_modes_when_refused_then_the_answer_says_which_to_accept(run):
    answer = run("--modes", "on-site")
    (relaxation,) = answer["relaxations"]
    assert relaxation["amounts"] == {"modes": 1}
    assert relaxation["sentence"] == "Possible si les formations à distance sont admises."


def test_seats_when_none_is_left_then_the_answer_names_the_training(run):
    culture = TrainingAction.objects.get(training__code="culture")
    culture.sessions.update(seats=0)
    (relaxation,) = run("--objective", "cost")["relaxations"]
    assert relaxation["sentence"] == "Possible si une place se libère dans « Formation culture »."


def test_distance_when_limited_then_holds_for_each_mode(run):
    near = run("--place", "Lyon", "--within-km", "50")
    assert chosen(near) == [({"cost", "end", "distance"}, ["culture", "near"])]
    TrainingAction.objects.filter(training__code="cheap").update(mode="mixed")
    mixed = run("--place", "Lyon", "--within-km", "50", "--mixed-within-km", "500")
    assert ["culture", "cheap"] in [trainings for _, trainings in chosen(mixed)]


def test_start_when_later_then_earlier_sessions_are_left(run):
    answer = run("--from-date", day(60).isoformat(), "--skills", "bioreactor-operation", "--objective", "end")
    assert chosen(answer) == [({"end"}, ["near"])]


def test_skill_when_no_training_brings_it_then_the_path_reaches_the_rest(run):
    Training.objects.filter(code="culture").update(live=False)
    answer = run("--objective", "cost")
    assert answer["unteachable"] == [{"skill": "mammalian-cell-culture", "level": 2}]
    assert chosen(answer) == [({"cost"}, ["cheap"])]


def test_answer_when_nothing_can_be_weighed_then_abstains(run):
    TrainingAction.objects.update(price_eur=None)
    answer = run()
    assert answer["abstained"]
    assert (answer["paths"], answer["relaxations"]) == ([], [])
    assert len(answer["unteachable"]) == len(answer["missing"]) == 2
    reasons = {one["training"]: one["reason"] for one in answer["left_out"]}
    assert reasons == {
        "cheap": "price",
        "soon": "price",
        "near": "price",
        "culture": "price",
        "undated": "dates",
    }


def test_answer_when_nothing_is_missing_then_is_a_path_without_steps(run):
    answer = run("--skills", "batch-documentation")
    assert answer["missing"] == []
    assert not answer["abstained"]
    assert chosen(answer) == [({"cost", "end"}, [])]


def test_useful_requirements_when_asked_for_then_are_missing_too(run):
    assert {"skill": "sampling", "level": 2} in run("--also-useful")["missing"]


def test_skills_when_named_then_replace_those_of_the_job_at_its_level(run):
    answer = run("--skills", "bioreactor-operation", "gmp")
    assert answer["missing"] == [{"skill": "bioreactor-operation", "level": 3}, {"skill": "gmp", "level": 2}]


# Who pays


def with_certification(code: str, certified, **action) -> None:
    training = Training.objects.get(code=code)
    training.certifications.set([certified])
    training.save()
    TrainingAction.objects.filter(training=training).update(**action)


@pytest.mark.parametrize("status", ["employee", "job-seeker"])
def test_account_when_it_pays_then_the_step_says_how_much_and_by_which_rules(run, status):
    with_certification("cheap", certification("RNCP1"), funding=["cpf"], price_eur=800)
    answer = run(
        "--cpf", "700", "--status", status, "--skills", "bioreactor-operation", "--objective", "cost"
    )
    (step,) = answer["paths"][0]["steps"]
    rules = {rule["code"].split("@")[0]: rule for rule in step["rules"]}
    share = rules["cpf-participation"]["value"] if status == "employee" else 0
    assert (step["price_eur"], step["cpf_eur"]) == (800, min(700, 800 - share))
    assert ("cpf-participation-exemption" in rules) == (status == "job-seeker")
    assert ("cpf-participation" in rules) == (status == "employee")
    assert all(rule["url"].startswith("https://") and rule["checked_on"] for rule in rules.values())
    assert step["pays_eur"] + step["cpf_eur"] == 800


def test_employer_when_it_pays_then_the_person_pays_nothing(run):
    TrainingAction.objects.update(funding=["opco"])
    answer = run("--status", "employer-funded", "--objective", "cost")
    path = answer["paths"][0]
    assert path["cost_eur"] == 0
    assert {step["payer"] for step in path["steps"]} == {"employer"}
    assert sum(step["price_eur"] for step in path["steps"]) > 0


# Certifications


def test_certification_when_asked_for_then_the_path_leads_to_it(run, catalogue):
    with_certification("near", certification("RNCP1", "RNCP1BC01"))
    answer = run("--target", "rncp1", "--skills", "batch-documentation", "--objective", "cost")
    assert answer["missing"] == [{"certification": "RNCP1"}]
    assert chosen(answer) == [({"cost"}, ["near"])]
    assert answer["paths"][0]["steps"][0]["certification"] == "RNCP1"
    assert answer["paths"][0]["steps"][0]["brings"] == ["RNCP1"]


@pytest.mark.parametrize(
    ("holds", "is_missing"), [(["RNCP1"], False), (["RNCP1BC01", "RNCP1BC02"], False), (["RNCP1BC01"], True)]
)
def test_certification_when_all_its_blocks_are_held_then_is_not_missing(run, holds, is_missing):
    with_certification("near", certification("RNCP1", "RNCP1BC01", "RNCP1BC02"))
    answer = run("--target", "RNCP1", "--skills", "batch-documentation", "--holds", *holds)
    assert bool(answer["missing"]) == is_missing


def test_vae_when_the_person_already_does_it_then_is_a_step_with_usual_figures(run):
    with_certification(
        "near", certification("RNCP1", level=5, access_routes=BY_EXPERIENCE), price_eur=9_000, funding=["cpf"]
    )
    held = [Held("bioreactor-operation", 3)]
    question = Question(target="RNCP1", objective=Objective.COST, status=Status.EMPLOYEE, cpf_eur=5_000)
    found = find_paths(held, question)
    (step,) = found.paths[0].as_dict("fr")["steps"]
    assert (step["kind"], step["training"], step["session"]) == ("vae", "RNCP1", None)
    assert step["pays_eur"] + step["cpf_eur"] == step["price_eur"]
    assert step["mode"] is None
    usual = [rule for rule in step["rules"] if rule["certainty"] == "recalled"]
    assert [rule["note"].startswith("À vérifier.") for rule in usual] == [True, True, True]
    # Who does not hold the skills follows the training.
    found = find_paths([], Question(target="RNCP1", objective=Objective.COST))
    assert [one.facts.training for one in found.paths[0].steps] == ["near"]


def test_diploma_when_the_person_lacks_it_then_the_path_passes_by_one(run):
    Training.objects.filter(code="near").update(entry_level=5)
    Training.objects.filter(code__in=["cheap", "soon"]).update(live=False)
    diploma = make_training("diploma", ("gmp", 1))
    session(diploma, 20, price_eur=100)
    Training.objects.filter(code="diploma").update(exit_level=5)
    rebuild_index()
    limits = ("--skills", "bioreactor-operation", "--objective", "cost")
    assert chosen(run(*limits, "--diploma-level", "4")) == [({"cost"}, ["diploma", "near"])]
    assert chosen(run(*limits, "--diploma-level", "5")) == [({"cost"}, ["near"])]
    assert chosen(run(*limits)) == [({"cost"}, ["near"])]
    assert chosen(run("--target-level", "5", *limits, "--diploma-level", "4")) == [
        ({"cost"}, ["diploma", "near"])
    ]


# Questions that cannot be served


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--job"),
        (["--job", "inconnu"], "inconnu"),
        (["--skills", "inconnue"], "Compétence inconnue : inconnue"),
        (["--target", "RNCP99999"], "Certification inconnue : RNCP99999"),
        (["--target", "RNCP1BC01"], "Certification inconnue : RNCP1BC01"),
        (["--job", "upstream", "--holds", "RS99"], "Certification inconnue : RS99"),
        (["--job", "upstream", "--place", "Xyzville"], "Xyzville"),
        (["--job", "upstream", "--within-km", "10"], "--place"),
        (["--job", "upstream", "--mixed-within-km", "10"], "--place"),
        (["--job", "upstream", "--objective", "distance"], "--place"),
        (["--job", "upstream", "--budget", "nan"], "--budget"),
        (["--job", "upstream", "--cpf", "-1"], "--cpf"),
        (["--job", "upstream", "--weekly-hours", "0"], "--weekly-hours"),
        (["--job", "upstream", "--until", "hier"], "AAAA-MM-JJ"),
        (["--job", "upstream", "--until", "2020-01-01"], "--until"),
        (["--job", "upstream", "--from-date", "2020-01-01"], "--from-date"),
        (["--job", "upstream", "--modes", "avion"], "avion"),
        (["--job", "upstream", "--modes", ","], "Modalité"),
        (["--also-useful", "--skills", "gmp"], "--also-useful"),
        (["--job", "upstream", "--status", "roi"], "roi"),
    ],
)
def test_command_when_the_question_is_wrong_then_says_what(catalogue, text, arguments, message):
    with pytest.raises(CommandError, match=message) as raised:
        call_command("path", text, *arguments)
    assert raised.value.returncode in {1, 2}


def test_place_when_nobody_knows_where_it_is_then_is_refused(catalogue, text):
    CommuneFactory(
        insee_code="69001", name="Nulleville", name_key="nulleville", latitude=None, longitude=None
    )
    with pytest.raises(CommandError, match="donnez une commune voisine"):
        call_command("path", text, "--job", "upstream", "--place", "Nulleville")


def test_path_when_it_cannot_be_proven_then_nothing_unproven_is_answered(catalogue, text, monkeypatch):
    def unproven(*_, **__):
        raise PathUnproven("time")

    monkeypatch.setattr("matching.paths.finding.pareto_paths", unproven)
    with pytest.raises(CommandError, match="n'a pas pu être prouvé"):
        call_command("path", text, "--job", "upstream")


def test_batch_when_a_line_is_bad_then_every_line_is_answered_in_order(catalogue, tmp_path, capsys):
    lines = [
        json.dumps({"id": "a", "text": TEXT}),
        "pas du JSON",
        json.dumps(
            {"id": "c", "text": "Je conduis des bioréacteurs en expert. Culture cellulaire. Dossiers de lot."}
        ),
    ]
    path = tmp_path / "lot.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(SystemExit):
        call_command("path", "--batch", str(path), "--job", "upstream")
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["id"], "error" in one) for one in answers] == [("a", False), (None, True), ("c", False)]
    assert answers[2]["missing"] == []


# For people


def test_path_when_read_by_a_person_then_is_told_step_by_step(catalogue, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    call_command("path", "-", "--job", "upstream", "--place", "Lyon")
    shown = capsys.readouterr().out.replace(NARROW_SPACE, " ")
    assert "Parcours 1 (le moins cher) : 500 € à payer" in shown
    assert "1. Formation culture" in shown
    assert "Non comparées, dates inconnues (1) : Formation undated" in shown
    assert "█" in shown


def test_path_when_asked_for_in_english_then_is_told_in_english(catalogue, text, capsys):
    call_command(
        "path", text, "--job", "upstream", "--budget", "400", "--until", day(200).isoformat(), "--lang", "en"
    )
    shown = capsys.readouterr().out
    assert "Missing: “" in shown
    assert "Possible with €100 more." in shown
    assert "No path meets every condition." in shown


def test_paths_when_trainings_are_many_then_queries_stay_few(catalogue, django_assert_max_num_queries):
    for number in range(15):
        session(
            make_training(f"more-{number}", ("bioreactor-operation", 3)), 20 + number, price_eur=400 + number
        )
    rebuild_index()
    referential = load_referential()
    with django_assert_max_num_queries(45):
        found = find_paths([], Question(job="upstream", place="Lyon"), referential=referential)
    assert found.paths


def test_question_when_asked_in_python_then_is_the_same_as_on_the_command_line(catalogue):
    question = Question(
        job="upstream", latest_end=day(60), modes=frozenset(Mode), starts_from=day(0), objective=Objective.END
    )
    found = find_paths([Held("batch-documentation", 2)], question)
    assert [step.facts.training for step in found.paths[0].steps] == ["culture", "soon"]
    assert found.job_title("fr") == JobProfilePage.objects.get(code="upstream").title
    assert isinstance(found.paths[0].path.ends_on, dt.date)

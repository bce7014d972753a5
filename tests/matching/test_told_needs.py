"""A need told in a text: what it asks for, and the order of trainings, on each engine."""

import json

import pytest
from django.core.management import CommandError, call_command

from matching.directions.requirements_to_trainings import programmes_for_requirements
from matching.reading.extraction import extract_skills
from matching.scoring import Held, Requirement, SkillGraph
from matching.told_needs import NEARNESS, Asked, ToldNeed, read_need
from tests.matching.factories import load_part_of_referential, make_training, rebuild_index
from training.models import Training

ADVERT = "Technicien de contrôle qualité, vaccins. Indispensable : HPLC. Un plus : conduire un bioréacteur."
GRAPH = SkillGraph()
SURE = Asked(Requirement("s0", 2), 1.0)


def order(*asked: Asked, brought: Held, behaviours: frozenset[str] = frozenset()) -> float:
    return ToldNeed(asked=asked).order("t", [brought], GRAPH, behaviours)


def test_a_training_counts_for_what_it_teaches_as_far_as_the_text_asks_for_it():
    doubtful = Asked(Requirement("s1", 2), 0.25)
    assert order(SURE, doubtful, brought=Held("s0", 2)) == 0.8
    assert order(SURE, doubtful, brought=Held("s1", 2)) == 0.2


def test_a_plus_counts_a_third_of_what_is_essential():
    plus = Asked(Requirement("s1", 2, "useful"), 1.0)
    assert order(SURE, plus, brought=Held("s0", 2)) == 0.75


def test_ways_of_behaving_are_left_out():
    behaviour = Asked(Requirement("s1", 2), 1.0)
    assert order(SURE, behaviour, brought=Held("s1", 2), behaviours=frozenset({"s1"})) == 0.0
    assert order(behaviour, brought=Held("s1", 2), behaviours=frozenset({"s1"})) == 0.0


def test_a_training_that_the_text_is_near_to_comes_earlier():
    need = ToldNeed(asked=(SURE,), near={"near": 0.3, "far": 0.1})
    apart = need.order("near", [], GRAPH) - need.order("far", [], GRAPH)
    assert apart == pytest.approx(NEARNESS * 0.2)
    assert need.order("not proposed", [], GRAPH) == need.order("far", [], GRAPH)


def test_a_text_without_passages_is_near_to_no_training():
    assert ToldNeed(asked=(SURE,)).order("t", [], GRAPH) == 0.0


@pytest.fixture
def catalogue(db, each_engine, own_index_folder, real_model):
    load_part_of_referential("hplc-analysis", "bioreactor-operation")
    for code, skill, title in (
        ("a-culture", "bioreactor-operation", "Conduire un bioréacteur"),
        ("b-driving", "hplc-analysis", "Conduite de chariots"),
        ("c-control", "hplc-analysis", "Contrôle qualité des vaccins par HPLC"),
    ):
        make_training(code, (skill, 3))
        Training.objects.filter(code=code).update(title_fr=title, title_en=title, objectives=title)
    rebuild_index()


def test_a_need_told_in_a_text_when_matched_then_what_it_insists_on_and_speaks_of_comes_first(catalogue):
    need = read_need(ADVERT, extract_skills(ADVERT))
    asked = {one.skill: one.importance for one in need.requirements}
    assert asked == {"hplc-analysis": "essential", "bioreactor-operation": "useful"}
    told = programmes_for_requirements(need.requirements, told=need).matches
    assert [one.training for one in told] == ["c-control", "b-driving", "a-culture"]
    untold = {one.training: one for one in programmes_for_requirements(need.requirements).matches}
    assert {one.training: one.coverage for one in told} == {
        code: one.coverage for code, one in untold.items()
    }
    assert "order" in told[0].as_dict()
    assert "order" not in untold["c-control"].as_dict()


def test_command_when_given_the_text_of_a_need_then_tells_what_is_asked_and_the_trainings(
    catalogue, capsys, tmp_path
):
    advert = tmp_path / "annonce.txt"
    advert.write_text(ADVERT, encoding="utf-8")
    call_command("trainings_for", "--text", str(advert), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["abstained"] is False
    assert {one["code"]: one["importance"] for one in answer["skills"]} == {
        "hplc-analysis": "essential",
        "bioreactor-operation": "useful",
    }
    assert [one["training"] for one in answer["trainings"]] == ["c-control", "b-driving", "a-culture"]
    call_command("trainings_for", "--text", str(advert))
    asked, plus, order, _blank, first, *_others = capsys.readouterr().out.splitlines()
    assert asked.startswith("Demandé : Analyser par HPLC")
    assert plus.startswith("Un plus ou appris sur place : Conduire un bioréacteur")
    assert order.startswith("Dans l'ordre de ce que le texte laisse attendre")
    assert "(c-control)" in first


def test_command_when_the_file_has_no_name_then_says_so(catalogue):
    with pytest.raises(CommandError):
        call_command("trainings_for", "--text", "")


def test_command_when_the_text_asks_for_nothing_then_abstains(catalogue, capsys, tmp_path):
    advert = tmp_path / "annonce.txt"
    advert.write_text("Nous sommes fermés le dimanche.", encoding="utf-8")
    call_command("trainings_for", "--text", str(advert), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["abstained"], answer["skills"], answer["trainings"]) == (True, [], [])

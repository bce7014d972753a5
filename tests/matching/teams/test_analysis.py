"""A team against a real database and a real index."""

import datetime as dt

import pytest

from jobs.models import JobProfilePage
from matching.candidates import trainings_bringing
from matching.errors import TeamRefused, UnknownJob, UnknownPlace
from matching.referential import load_referential
from matching.teams import analysis
from matching.teams.analysis import Wishes, analyse_team, load_names
from matching.teams.plan import Reason
from matching.teams.report import answer_as_dict
from matching.teams.team import Need
from search.engines import engine
from search.errors import SearchUnavailable
from tests.matching.factories import (
    in_days,
    make_training,
    rebuild_index,
)
from tests.matching.teams.cases import person

pytestmark = pytest.mark.django_db

PLAN_KEYS = ["from", "until", "budget_eur", "cost_eur", "quarters", "remaining", "profiles", "single_points"]


def team(*more):
    return [
        person("P-1", "operator", **{"bioreactor-operation": 1, "batch-documentation": 2}),
        person("P-2", "operator", **{"batch-documentation": (2, in_days(60))}),
        *more,
    ]


NEEDS = [Need("operator", 2)]


def sent(answer) -> list[tuple[str, list[str], float]]:
    return [
        (one.session.training, [each.person for each in one.people], one.cost_cents / 100)
        for one in answer.plan.sessions
    ]


def test_team_when_analysed_then_people_are_sent_together_and_the_rest_is_told(site):
    answer = analyse_team(team(), NEEDS, Wishes(most_away=2))
    assert sent(answer) == [("near", ["P-1", "P-2"], 1800), ("far", ["P-1", "P-2"], 241)]
    assert answer.plan.cost_cents == 204_100
    left = {(answer.plan.demands[place].person, reason) for place, reason in answer.plan.remaining.items()}
    # The training of a school is no answer for people in post.
    assert left == {("P-2", Reason.NO_TRAINING)}
    figures = answer.outcome.profiles["operator"]
    assert (figures.before, figures.without_plan, figures.after) == (0.5, 0.2857, 0.7857)
    points = answer.outcome.single_points
    assert (points.before, points.without_plan, points.after) == (1, 2, 1)


def test_team_when_the_budget_is_short_then_is_respected(site):
    answer = analyse_team(team(), NEEDS, Wishes(budget_eur=1_000, most_away=2))
    assert answer.plan.cost_cents <= 100_000
    assert Reason.BUDGET in answer.plan.remaining.values()


def test_team_when_a_place_is_given_then_far_sessions_are_left_out(site):
    answer = analyse_team(team(), NEEDS, Wishes(place="Villeurbanne", within_km=50, most_away=2))
    assert [one for one, _, _ in sent(answer)] == ["near"]
    assert Reason.TOO_FAR in answer.plan.remaining.values()


def test_team_when_a_price_is_unknown_then_nobody_is_sent_and_it_is_told(site):
    answer = analyse_team([person("P-3", "analyst", gmp=2)], [Need("analyst", 1)])
    assert sent(answer) == []
    assert set(answer.plan.remaining.values()) == {Reason.NO_PRICE}


def test_team_when_told_for_machines_then_has_the_keys_of_the_documentation(site):
    answer = answer_as_dict(analyse_team(team(), NEEDS, Wishes(budget_eur=5_000, most_away=2)))
    assert list(answer) == [
        "people",
        "profiles",
        "single_points",
        "requalifications",
        "plan",
        "errors",
        "error_count",
    ]
    (profile,) = answer["profiles"]
    assert (profile["code"], profile["posts"], profile["vacant"]) == ("operator", 2, 0)
    assert [one["person"] for one in profile["filled"]] == ["P-1", "P-2"]
    assert {one["state"] for each in profile["filled"] for one in each["requirements"]} == {
        "partial",
        "missing",
    }
    assert profile["gaps"][0]["skill"] == "bioreactor-operation"
    assert (profile["gaps"][0]["short"], profile["gaps"][0]["partial"]) == (2, ["P-1"])
    (renewal,) = answer["requalifications"]
    assert (renewal["person"], renewal["valid_until"]) == ("P-2", in_days(60).isoformat())
    plan = answer["plan"]
    assert list(plan) == PLAN_KEYS
    assert sum(one["cost_eur"] for one in plan["quarters"]) == plan["cost_eur"] <= plan["budget_eur"]
    assert plan["quarters"][-1]["cumulated_eur"] == plan["cost_eur"]
    session = next(one for quarter in plan["quarters"] for one in quarter["sessions"])
    assert session["people"][0]["closes"][0]["causes"] == ["gap", "single-point"]
    assert sum(one["level"] == 2 for one in plan["remaining"]) == 1


# Jobs five, whether search's words are still those of the referential one, trainings four.
QUERIES = 10


def test_team_when_larger_then_the_database_is_asked_no_more_often(site, django_assert_num_queries):
    referential = load_referential()
    analyse_team(team(), NEEDS, referential=referential)  # the words that search keeps in memory
    with django_assert_num_queries(QUERIES):
        analyse_team(team(), NEEDS, referential=referential)
    many = [person(f"Q-{number}", "analyst", gmp=1) for number in range(40)]
    with django_assert_num_queries(QUERIES):
        analyse_team(team(*many), [*NEEDS, Need("analyst", 30)], referential=referential)


def test_names_when_loaded_then_ask_the_database_twice(catalogue, django_assert_num_queries):
    referential = load_referential()
    with django_assert_num_queries(2):
        names = load_names(referential)
    assert names.jobs.find("métier OPERATOR") == "operator"
    assert names.skills.find("conduire un BIORÉACTEUR") == "bioreactor-operation"
    assert names.skills.find("gmp") == "gmp"


def test_trainings_when_more_than_a_search_lists_then_none_is_hidden(site, monkeypatch):
    for number in range(6):
        make_training(f"more-{number}", ("aseptic-connections", 3), ("gmp", 1))
    rebuild_index()
    monkeypatch.setattr(analysis, "MAX_LIMIT", 4)
    asked = []

    def first_four(codes, language, name):
        asked.append(codes)
        found = trainings_bringing(codes, language, name)
        return type(found)(dict(list(found.urls.items())[:4]), found.notice)

    monkeypatch.setattr(analysis, "trainings_bringing", first_four)
    answer = analyse_team(team(), NEEDS, Wishes(most_away=2))
    assert len(asked) > 1
    assert "near" in answer.courses


def test_team_when_no_index_answers_then_the_database_proposes_and_says_so(site, settings, tmp_path):
    usual = analyse_team(team(), NEEDS)
    settings.SEARCH_INDEX_DIR = tmp_path / "none"
    engine.cache_clear()
    reduced = analyse_team(team(), NEEDS)
    assert reduced.plan == usual.plan
    assert "directement de la base" in reduced.notice
    with pytest.raises(SearchUnavailable):
        analyse_team(team(), NEEDS, engine="embedded")


def test_team_when_what_is_asked_is_unknown_then_says_so(site):
    with pytest.raises(UnknownJob, match="nulle-part"):
        analyse_team(team(), [Need("nulle-part", 1)])
    JobProfilePage.objects.filter(code="analyst").update(live=False)
    with pytest.raises(UnknownJob, match="analyst"):
        analyse_team(team(), [Need("analyst", 1)])
    with pytest.raises(UnknownPlace, match="Villeurbanne"):
        analyse_team(team(), NEEDS, Wishes(place="Villeurbaine"))


def test_team_when_the_first_day_has_passed_then_is_refused(catalogue):
    with pytest.raises(TeamRefused, match="est passé"):
        analyse_team(team(), NEEDS, Wishes(starts_on=in_days(-1)))


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (Wishes(budget_eur=-1), "budget"),
        (Wishes(budget_eur=float("nan")), "budget"),
        (Wishes(quarters=0), "trimestres"),
        (Wishes(quarters=13), "trimestres"),
        (Wishes(requalify_months=-1), "échéances"),
        (Wishes(most_away=0), "personne"),
        (Wishes(longest_days=0), "session"),
        (Wishes(within_km=10), "lieu"),
        (Wishes(within_km=float("inf"), place="Lyon"), "distance"),
        (Wishes(starts_on=dt.date(9_999, 1, 1)), "date"),
    ],
)
def test_wishes_when_impossible_then_are_refused(wishes, words):
    with pytest.raises(TeamRefused, match=words):
        wishes.check()

"""What a plan is asked to close, and what each thing weighs."""

from matching.scoring import Requirement, SkillGraph
from matching.teams.demands import Cause, closed_by, demands_of
from matching.teams.gaps import stand
from matching.teams.team import Ask, Profile
from matching.teams.validities import requalifications
from tests.matching.teams.cases import START, course, day, demand, person, profile

PLAIN = SkillGraph()


def demands(people, profiles, days: int = 500):
    standing = stand(people, profiles, PLAIN, START)
    return {
        (one.person, one.ask): (one.weight, one.causes, one.due)
        for one in demands_of(standing, requalifications(standing, day(days)))
    }


def test_demand_when_a_gap_is_essential_then_weighs_three_and_useful_one():
    wanted = (Requirement("s0", 2), Requirement("s1", 2, "useful"), Requirement("s2", 1, "useful"))
    site = Profile("j", "", "", wanted, 1, 1)
    team = [person("a", "j", s2=1), person("b", s0=2)]
    assert demands(team, [site]) == {
        ("a", Ask("s0", 2)): (3, (Cause.GAP,), None),
        ("a", Ask("s1", 2)): (1, (Cause.GAP,), None),
    }


def test_demand_when_it_also_ends_a_single_point_then_weighs_both():
    assert demands([person("a", "j")], [profile("j", s0=2)]) == {
        ("a", Ask("s0", 2)): (6, (Cause.GAP, Cause.SINGLE_POINT), None)
    }


def test_demand_when_the_team_lacks_a_holder_then_is_for_the_backup():
    team = [person("a", "j", s0=2), person("b")]
    assert demands(team, [profile("j", team_min=2, s0=2)]) == {
        ("b", Ask("s0", 2)): (3, (Cause.SINGLE_POINT,), None)
    }


def test_demand_when_a_qualification_ends_then_has_its_day_and_weighs_post_and_team():
    team = [person("a", "j", s0=(2, day(90)), s5=(2, day(90)))]
    assert demands(team, [profile("j", s0=2)]) == {
        ("a", Ask("s0", 2)): (6, (Cause.REQUALIFICATION,), day(90))
    }
    assert demands(team, [profile("j", s0=2)], days=89) == {}


def test_demand_when_a_qualification_has_ended_then_is_a_gap_without_a_day():
    team = [person("a", "j", s0=(2, day(-1))), person("b", s0=2)]
    assert demands(team, [profile("j", s0=2)]) == {("a", Ask("s0", 2)): (3, (Cause.GAP,), None)}


def test_training_when_it_reaches_the_level_or_is_more_specific_then_closes():
    graph = SkillGraph.build(broader=[("narrow", "s0"), ("s0", "wide")], related=[("beside", "s0")])
    courses = [
        course("same", s0=2),
        course("lower", s0=1),
        course("narrow", narrow=2),
        course("wide", wide=4),
        course("beside", beside=4),
    ]
    found = closed_by([demand("a", "s0", 2)], courses, graph)
    assert {code for code, people in found.items() if people} == {"same", "narrow"}
    assert found["same"] == {"a": [0]}

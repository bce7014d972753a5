"""What ends, and what falls with it."""

import pytest

from matching.scoring import SkillGraph, State, score
from matching.teams.gaps import held_on, stand
from matching.teams.team import Ask, asked
from matching.teams.validities import LostHolder, requalifications
from tests.matching.teams.cases import START, day, person, profile, random_graph, random_team, seeded


def covers(one, requirement, on, graph) -> bool:
    return score([requirement], held_on(one, on), graph).requirements[0].state is State.COVERED


@pytest.mark.parametrize("seed", range(25))
def test_requalifications_when_random_then_tell_what_the_day_after_lacks(seed):
    random = seeded(seed)
    graph = random_graph(random)
    people, profiles = random_team(random)
    standing = stand(people, profiles, graph, START)
    found = requalifications(standing, day(500))
    by_code, by_profile = {one.code: one for one in people}, {one.code: one for one in profiles}
    for one in people:
        post = by_profile.get(standing.posts.get(one.code, ""))
        ends = {each.valid_until for each in found if each.person == one.code and not each.is_expired}
        for end in ends:
            opened = {
                ask
                for each in found
                if (each.person, each.valid_until) == (one.code, end)
                for ask in each.opens
            }
            expected = {
                asked(requirement)
                for requirement in (post.requirements if post else ())
                if covers(one, requirement, end, graph)
                and not covers(one, requirement, end.fromordinal(end.toordinal() + 1), graph)
            }
            assert opened == expected
    for each in found:
        after = max(each.valid_until.fromordinal(each.valid_until.toordinal() + 1), START)
        for lost in each.single_points:
            requirement = next(
                one for profile in profiles for one in profile.requirements if asked(one) == lost.ask
            )
            holders = sum(covers(one, requirement, after, graph) for one in people)
            assert (lost.holders_left, lost.holders_left < lost.needed) == (holders, True)
            assert not covers(by_code[each.person], requirement, after, graph)


def test_requalification_when_another_skill_still_covers_then_nothing_falls():
    graph = SkillGraph.build(broader=[("narrow", "wide")])
    site = profile("j", wide=2)
    standing = stand([person("a", "j", wide=(3, day(10)), narrow=(2, day(90)))], [site], graph, START)
    first, second = requalifications(standing, day(100))
    assert (first.skill, first.matters) == ("wide", False)
    assert (second.skill, second.opens, second.single_points) == (
        "narrow",
        (Ask("wide", 2),),
        (LostHolder(Ask("wide", 2), 0, 1),),
    )


def test_requalification_when_two_end_one_after_the_other_then_the_second_leaves_too_few():
    site = profile("j", posts=3, team_min=2, s0=2)
    team = [person("a", s0=(2, day(10))), person("b", s0=(2, day(20))), person("c", s0=2)]
    first, second = requalifications(stand(team, [site], SkillGraph(), START), day(100))
    assert (first.person, first.single_points) == ("a", ())
    assert (second.person, second.single_points) == ("b", (LostHolder(Ask("s0", 2), 1, 2),))


def test_requalification_when_ended_already_then_says_so_and_beyond_the_horizon_is_left_out():
    site = profile("j", s0=2, s1=2, s2=2)
    team = [person("a", "j", s0=(2, day(-5)), s1=(2, day(50)), s2=(2, day(51)))]
    found = requalifications(stand(team, [site], SkillGraph(), START), day(50))
    assert [(one.skill, one.is_expired, one.opens) for one in found] == [
        ("s0", True, (Ask("s0", 2),)),
        ("s1", False, (Ask("s1", 2),)),
    ]

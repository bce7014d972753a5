"""Who takes which post, what is short, and what hangs on one person or none."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from matching.calibration import MATCH_FLOOR
from matching.scoring import SkillGraph, State, score
from matching.teams.assignment import NO_POST, assign
from matching.teams.gaps import held_on, stand
from matching.teams.team import Ask
from tests.matching.teams.cases import START, day, person, profile, random_graph, random_team, seeded

PLAIN = SkillGraph()


def total(scores, taken) -> float:
    return sum(scores[row, post] for row, post in enumerate(taken) if post != NO_POST)


def best_total(scores, posts) -> float:
    """By trying every order of the people on the posts."""
    places = [post for post, count in enumerate(posts) for _ in range(count)]
    people = [*range(len(scores)), *[None] * len(places)]
    counted = np.where(scores >= MATCH_FLOOR, scores, 0)
    return max(
        sum(counted[row, post] for row, post in zip(order, places, strict=True) if row is not None)
        for order in set(permutations(people, len(places)))
    )


@pytest.mark.parametrize("seed", range(25))
def test_assignment_when_nobody_holds_a_post_then_has_the_highest_total(seed):
    random = seeded(seed)
    scores = np.array([[round(random.random(), 2) for _ in range(2)] for _ in range(random.randint(1, 4))])
    posts = [random.randint(0, 2), random.randint(1, 2)]
    taken = assign(scores, posts, [NO_POST] * len(scores))
    assert total(scores, taken) == pytest.approx(best_total(scores, posts))
    counts = Counter(post for post in taken if post != NO_POST)
    assert all(counts[post] <= posts[post] for post in counts)
    assert all(scores[row, post] >= MATCH_FLOOR for row, post in enumerate(taken) if post != NO_POST)


def test_assignment_when_a_profile_is_held_then_is_kept_even_below_another():
    scores = np.array([[0.2, 0.9], [0.8, 0.1]])
    assert assign(scores, [1, 1], [0, NO_POST]) == [0, 1]


def test_assignment_when_more_hold_it_than_there_are_posts_then_the_best_keep_it():
    scores = np.array([[0.2, 0.9], [0.8, 0.9], [0.5, 0.3]])
    assert assign(scores, [1, 1], [0, 0, 0]) == [1, 0, NO_POST]


def test_assignment_when_nobody_comes_near_then_the_post_stays_empty():
    assert assign(np.array([[0.01]]), [1], [NO_POST]) == [NO_POST]
    assert assign(np.array([[0.01]]), [1], [0]) == [0]


@pytest.mark.parametrize("seed", range(25))
def test_standing_when_random_then_agrees_with_the_scorer(seed):
    random = seeded(seed)
    graph = random_graph(random)
    people, profiles = random_team(random)
    standing = stand(people, profiles, graph, START)
    by_code = {one.code: one for one in people}
    for one in standing.by_profile:
        for filled in one.filled:
            expected = score(one.profile.requirements, held_on(by_code[filled.person], START), graph)
            assert filled.score == expected
            assert standing.posts[filled.person] == one.profile.code
        for gap in one.gaps:
            place = one.profile.requirements.index(gap.requirement)
            states = {filled.person: filled.score.requirements[place].state for filled in one.filled}
            assert set(gap.missing) == {code for code, state in states.items() if state is State.MISSING}
            assert set(gap.partial) == {code for code, state in states.items() if state is State.PARTIAL}
    assert {point.ask for point in standing.single_points} == fragile(people, profiles, graph)


def fragile(people, profiles, graph) -> set[Ask]:
    """By asking the scorer of everybody."""
    found = set()
    for one in profiles:
        for requirement in one.requirements:
            results = [
                score([requirement], held_on(each, START), graph).requirements[0].state for each in people
            ]
            if requirement.importance == "essential" and results.count(State.COVERED) < one.team_min:
                found.add(Ask(requirement.skill, requirement.level))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_standing_when_the_order_changes_then_stays(seed):
    random = seeded(seed)
    graph = random_graph(random)
    people, profiles = random_team(random)
    before = stand(people, profiles, graph, START)
    random.shuffle(people)
    random.shuffle(profiles)
    after = stand(people, profiles, graph, START)
    assert (before.posts, before.by_profile, before.single_points) == (
        after.posts,
        after.by_profile,
        after.single_points,
    )


def test_single_point_when_one_person_holds_it_then_names_them_and_who_comes_nearest():
    site = profile("j", posts=1, team_min=2, s0=3, s1=2)
    team = [person("a", "j", s0=3, s1=2), person("b", s1=1), person("c", s0=2, s1=2)]
    (point,) = stand(team, [site], PLAIN, START).single_points
    assert (point.ask, point.holders, point.backups, point.needed) == (Ask("s0", 3), ("a",), ("c",), 2)


def test_single_point_when_two_hold_it_then_is_none():
    site = profile("j", posts=1, team_min=2, s0=3)
    assert stand([person("a", s0=3), person("b", s0=4)], [site], PLAIN, START).single_points == ()


def test_qualification_when_ended_before_the_day_then_counts_for_nothing():
    site = profile("j", s0=3)
    standing = stand([person("a", "j", s0=(3, day(-1)))], [site], PLAIN, START)
    assert standing.by_profile[0].filled[0].score.value == 0
    assert stand([person("a", "j", s0=(3, day(0)))], [site], PLAIN, START).by_profile[0].value == 1


def test_profile_when_a_post_is_empty_then_counts_it_for_nothing():
    standing = stand([person("a", s0=3)], [profile("j", posts=2, s0=3)], PLAIN, START)
    assert (standing.by_profile[0].vacant, standing.by_profile[0].value) == (1, 0.5)

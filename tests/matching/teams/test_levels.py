"""The formula over a team is the formula."""

import pytest

from matching.scoring import Held, Requirement, State, score
from matching.teams.gaps import held_on
from matching.teams.levels import DatedLevels, Levels
from matching.teams.team import Ask, asked
from tests.matching.teams.cases import SKILLS, START, day, person, random_graph, random_team, seeded


@pytest.mark.parametrize("seed", range(25))
def test_levels_when_compared_with_the_scorer_then_are_equal_to_the_last_decimal(seed):
    random = seeded(seed)
    graph = random_graph(random)
    held = [
        {skill: random.randint(0, 4) for skill in random.sample(SKILLS, random.randint(0, 8))}
        for _ in range(5)
    ]
    wanted = [
        Requirement(skill, random.randint(1, 4), random.choice(["essential", "useful"]))
        for skill in random.sample(SKILLS, random.randint(1, 8))
    ]
    levels = Levels(held, graph)
    whole = [score(wanted, [Held(code, level) for code, level in one.items()], graph) for one in held]
    assert levels.scores(wanted) == [one.value for one in whole]
    for place, requirement in enumerate(wanted):
        results = [one.requirements[place] for one in whole]
        assert levels.credits(asked(requirement)).tolist() == [one.credit for one in results]
        assert levels.covers(asked(requirement)).tolist() == [one.state is State.COVERED for one in results]


def test_levels_when_nothing_is_required_or_held_then_are_zero():
    assert Levels([{}, {"s0": 4}], random_graph(seeded(1))).scores([]) == [0.0, 0.0]
    assert Levels([{}], random_graph(seeded(1))).scores([Requirement("s0", 2)]) == [0.0]


@pytest.mark.parametrize("seed", range(25))
def test_covered_until_when_compared_with_every_following_day_then_is_the_last_that_is_covered(seed):
    random = seeded(seed)
    graph = random_graph(random)
    people, profiles = random_team(random)
    levels = DatedLevels([one.held for one in people], graph, START)
    for requirement in profiles[0].requirements:
        last = levels.covered_until(asked(requirement))
        for row, one in enumerate(people):
            for number in (0, 1, 30, 200, 699, 701, 5000):
                state = score([requirement], held_on(one, day(number)), graph).requirements[0].state
                assert (state is State.COVERED) == (last[row] >= day(number).toordinal())


def test_covered_until_when_two_skills_cover_then_is_the_later_end():
    graph = random_graph(seeded(0)).build(broader=[("narrow", "wide")])
    held = person("p", wide=(3, day(10)), narrow=(2, day(40))).held
    levels = DatedLevels([held], graph, START)
    assert levels.covered_until(Ask("wide", 2)).tolist() == [day(40).toordinal()]
    assert levels.covered_until(Ask("wide", 3)).tolist() == [day(10).toordinal()]
    assert levels.covered_until(Ask("wide", 4)).tolist() == [0]

"""The formula and its promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.profiles import Profiles
from matching.scoring import (
    BROADER_SHARE,
    RELATED_SHARE,
    Held,
    Requirement,
    SkillGraph,
    State,
    score,
    score_value,
)

CODES = [f"s{number}" for number in range(8)]
UNRELATED = "elsewhere"
codes = st.sampled_from(CODES)
levels = st.integers(1, 4)
pairs = st.lists(st.tuples(codes, codes), max_size=8)
graphs = st.builds(SkillGraph.build, broader=pairs, related=pairs)
requirements = st.lists(
    st.builds(Requirement, codes, levels, st.sampled_from(["essential", "useful"])),
    min_size=1,
    max_size=8,
    unique_by=lambda requirement: requirement.skill,
)
held_lists = st.lists(st.builds(Held, codes, levels), max_size=8)


def value(wanted, held, graph):
    return score(wanted, held, graph).value


@given(requirements, held_lists, st.builds(Held, codes, levels), graphs)
def test_score_when_a_skill_is_added_then_never_falls(wanted, held, one, graph):
    assert value(wanted, [*held, one], graph) >= value(wanted, held, graph)


@given(requirements, held_lists, graphs, st.data())
def test_score_when_a_level_is_raised_then_never_falls(wanted, held, graph, data):
    raised = [Held(one.skill, data.draw(st.integers(one.level, 4))) for one in held]
    assert value(wanted, raised, graph) >= value(wanted, held, graph)


@given(requirements, held_lists, graphs, st.randoms())
def test_score_when_the_order_changes_then_stays(wanted, held, graph, random):
    shuffled_wanted, shuffled_held = list(wanted), list(held)
    random.shuffle(shuffled_wanted)
    random.shuffle(shuffled_held)
    before, after = score(wanted, held, graph), score(shuffled_wanted, shuffled_held, graph)
    assert before.value == after.value
    assert set(before.requirements) == set(after.requirements)


@given(requirements, held_lists, levels, graphs)
def test_score_when_an_unrelated_skill_is_added_then_nothing_changes(wanted, held, level, graph):
    assert score(wanted, [*held, Held(UNRELATED, level)], graph) == score(wanted, held, graph)


@given(requirements, held_lists, graphs)
def test_score_when_read_with_its_requirements_then_agrees_with_them(wanted, held, graph):
    result = score(wanted, held, graph)
    assert 0 <= result.value <= 1
    assert (result.value == 1) == all(one.state is State.COVERED for one in result.requirements)
    assert (result.value == 0) == all(one.state is State.MISSING for one in result.requirements)
    for one in result.requirements:
        assert (one.covered_by is None) == (one.state is State.MISSING)
        assert one.reason


GRAPH = SkillGraph.build(
    broader=[("narrow", "skill"), ("skill", "wide"), ("wide", "widest")],
    related=[("beside", "skill")],
    labels={"beside": ("Voisine", "Neighbour"), "wide": ("Large", "Wide"), "narrow": ("Précise", "Precise")},
)


@pytest.mark.parametrize(
    ("held", "state", "covered_by", "credit"),
    [
        ((), State.MISSING, None, 0.0),
        ((Held("skill", 2),), State.COVERED, "skill", 1.0),
        ((Held("skill", 4),), State.COVERED, "skill", 1.0),
        ((Held("skill", 1),), State.PARTIAL, "skill", 0.5),
        ((Held("narrow", 2),), State.COVERED, "narrow", 1.0),
        ((Held("narrow", 1),), State.PARTIAL, "narrow", 0.5),
        ((Held("wide", 4),), State.PARTIAL, "wide", BROADER_SHARE),
        ((Held("widest", 2),), State.PARTIAL, "widest", BROADER_SHARE),
        ((Held("beside", 4),), State.PARTIAL, "beside", RELATED_SHARE),
        ((Held("beside", 1),), State.PARTIAL, "beside", RELATED_SHARE / 2),
        ((Held("beside", 4), Held("skill", 2)), State.COVERED, "skill", 1.0),
        ((Held("skill", 1), Held("narrow", 1)), State.PARTIAL, "skill", 0.5),
        ((Held("other", 4),), State.MISSING, None, 0.0),
    ],
)
def test_requirement_when_held_in_some_way_then_has_its_state(held, state, covered_by, credit):
    (result,) = score([Requirement("skill", 2)], held, GRAPH).requirements
    assert (result.state, result.covered_by, result.credit) == (state, covered_by, credit)


def test_score_when_importances_differ_then_is_their_weighted_mean():
    wanted = [Requirement("skill", 2, "essential"), Requirement("other", 2, "useful")]
    assert value(wanted, [Held("skill", 2)], GRAPH) == 0.75
    assert value(wanted, [Held("other", 2)], GRAPH) == 0.25
    assert value(wanted, [Held("skill", 2), Held("other", 1)], GRAPH) == 0.875


def test_score_when_nothing_is_required_then_is_zero():
    assert score_value([], {"skill": 4}, GRAPH) == 0.0


def test_graph_when_links_loop_then_is_read_once():
    graph = SkillGraph.build(broader=[("a", "b"), ("b", "a")])
    assert value([Requirement("a", 2)], [Held("b", 2)], graph) == 1.0


def test_reason_when_partial_then_names_the_skill_in_the_language_asked():
    wanted = [Requirement("skill", 2)]
    (french,) = score(wanted, [Held("beside", 2)], GRAPH).requirements
    (english,) = score(wanted, [Held("beside", 2)], GRAPH, "en").requirements
    assert french.reason == "« Voisine », voisine, au niveau 2, n'y répond qu'en partie."
    assert english.reason == "“Neighbour”, a neighbour, at level 2, answers it only in part."


@given(st.lists(requirements, max_size=4), held_lists, graphs, st.sampled_from(["fr", "en"]))
def test_profiles_when_compared_at_once_then_each_is_scored_as_alone(profiles, held, graph, language):
    wanted = {f"job-{number}": one for number, one in enumerate(profiles)}
    alone = {code: score(one, held, graph, language) for code, one in wanted.items()}
    assert Profiles(wanted, graph, language).scores(held) == alone


def test_profiles_when_asked_twice_then_the_first_person_leaves_no_trace():
    profiles = Profiles({"job": [Requirement("skill", 2)]}, GRAPH)
    assert profiles.scores([Held("skill", 2)])["job"].value == 1.0
    assert profiles.scores([])["job"].value == 0.0

"""What a text lets expect of somebody: what it comes from, and that more never lowers it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.expecting import (
    DEMANDING,
    NAMED,
    NEARNESS,
    UNTOLD,
    Expected,
    Expecting,
    Hints,
    Likely,
    with_expectations,
)
from matching.scoring import Held, Requirement, SkillGraph, score

SKILLS = [f"s{number}" for number in range(6)]
GRAPH = SkillGraph.build(broader=[("s1", "s0")], related=[("s2", "s3")], labels={"s4": ("Quatre", "Four")})
one_likely = st.builds(Likely, st.sampled_from(SKILLS), st.integers(1, 4), st.floats(0.01, 1.0))
likely = st.lists(one_likely, max_size=6)
requirements = st.lists(
    st.builds(
        Requirement, st.sampled_from(SKILLS), st.integers(1, 4), st.sampled_from(["essential", "useful"])
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.skill,
)


def expected(asked: list[Requirement], hints: Hints, held: tuple[Held, ...] = ()) -> Expected:
    return Expecting(hints, GRAPH).of("job", score(asked, held, GRAPH))


def value(asked: list[Requirement], likely: list[Likely]) -> float:
    return expected(asked, Hints(likely)).value


@given(requirements, likely, one_likely)
def test_one_skill_more_never_lowers_what_is_expected(asked, held, more):
    assert value(asked, [*held, more]) >= value(asked, held)


@given(requirements, likely)
def test_order_does_not_matter(asked, held):
    assert value(asked, held) == value(asked, held[::-1])


@given(requirements, likely)
def test_likelier_skills_never_lower_what_is_expected(asked, held):
    surer = [Likely(one.skill, one.level, 1.0) for one in held]
    assert value(asked, surer) >= value(asked, held)


@given(requirements, likely)
def test_what_is_sure_is_worth_its_score(asked, held):
    shown = score(asked, [Held(one.skill, one.level) for one in held], GRAPH)
    assert value(asked, [Likely(one.skill, one.level, 1.0) for one in held]) == shown.value


def test_a_skill_counts_as_far_as_it_is_likely():
    found = expected([Requirement("s0", 2)], Hints([Likely("s0", 2, 0.3)]))
    assert found.value == 0.3
    assert [(one.requirement, one.skill, one.credit) for one in found.maybe] == [("s0", "s0", 0.3)]


def test_what_is_shown_is_no_maybe():
    found = expected([Requirement("s0", 2)], Hints([Likely("s0", 2, 0.9)]), (Held("s0", 2),))
    assert (found.value, found.maybe) == (0.9, ())


def test_a_way_of_behaving_when_nothing_is_said_of_it_then_is_expected_in_part_and_never_told_of():
    asked = [Requirement("s0", 2), Requirement("s5", 2)]
    untold = Expecting(Hints(), GRAPH, {"s5"}).of("job", score(asked, (), GRAPH))
    assert (untold.value, untold.maybe) == (UNTOLD / 2, ())
    told = Expecting(Hints([Likely("s5", 2, 0.9)]), GRAPH, {"s5"}).of("job", score(asked, (), GRAPH))
    assert told.value == 0.45


def test_a_job_that_is_named_or_near_comes_earlier_for_the_same_skills():
    asked = [Requirement("s0", 2)]
    plain = expected(asked, Hints())
    named, near = expected(asked, Hints(named={"job"})), expected(asked, Hints(near={"job": 0.5}))
    assert plain.value == named.value == near.value
    assert (named.order - plain.order, near.order - plain.order) == pytest.approx((NAMED, NEARNESS * 0.5))
    assert (named.as_dict()["named"], near.as_dict()["near"]) == (True, 0.5)
    assert expected(asked, Hints(named={"other"}, near={"other": 1.0})).order == plain.order


def test_of_two_jobs_that_ask_for_the_same_skills_the_less_demanding_comes_earlier():
    operator = expected([Requirement("s0", 1), Requirement("s5", 2)], Hints())
    engineer = expected([Requirement("s0", 3), Requirement("s5", 4)], Hints())
    assert (operator.level, engineer.level) == (1.5, 3.5)
    assert operator.order - engineer.order == pytest.approx(2 * DEMANDING)


def test_a_requirement_that_may_be_answered_says_by_what():
    asked = [Requirement("s4", 2), Requirement("s1", 2)]
    scored = score(asked, (), GRAPH)
    found = Expecting(Hints([Likely("s4", 2, 0.4)]), GRAPH).of("job", scored)
    shown = with_expectations(scored.requirements, found, GRAPH, "fr")
    assert [one.reason for one in shown] == [
        "Rien n'y répond. À vérifier : le texte parle peut-être de « Quatre ».",
        "Rien n'y répond.",
    ]

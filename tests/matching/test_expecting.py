"""What is to be expected of somebody: what it comes from, and that more never lowers it."""

from hypothesis import given
from hypothesis import strategies as st

from matching.expecting import COMPANION_SHARE, Companions, Likely, expected, with_expectations
from matching.scoring import Held, Requirement, SkillGraph, score

SKILLS = [f"s{number}" for number in range(8)]
GRAPH = SkillGraph.build(broader=[("s1", "s0")], related=[("s2", "s3")], labels={"s4": ("Quatre", "Four")})
PROFILES = [
    {"s4", "s5", "s6", "s7"},
    {"s4", "s5", "s6", "s7"},
    {"s4", "s5", "s6"},
    {"s0", "s2"},
    {"s4", "s5", "s6", "s7", "s3"},
]
COMPANIONS = Companions.of(PROFILES)
likely = st.lists(
    st.builds(Likely, st.sampled_from(SKILLS), st.integers(1, 4), st.floats(0.01, 1.0)), max_size=6
)
requirements = st.lists(
    st.builds(
        Requirement, st.sampled_from(SKILLS), st.integers(1, 4), st.sampled_from(["essential", "useful"])
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.skill,
)


def value(asked: list[Requirement], held: list[Likely]) -> float:
    return expected(score(asked, (), GRAPH), held, COMPANIONS, GRAPH).value


@given(
    requirements, likely, st.builds(Likely, st.sampled_from(SKILLS), st.integers(1, 4), st.floats(0.01, 1.0))
)
def test_one_skill_more_never_lowers_what_is_expected(asked, held, more):
    assert value(asked, [*held, more]) >= value(asked, held)


@given(requirements, likely)
def test_order_does_not_matter(asked, held):
    assert value(asked, held) == value(asked, held[::-1])


@given(requirements, likely)
def test_likelier_skills_never_lower_what_is_expected(asked, held):
    surer = [Likely(one.skill, one.level, 1.0) for one in held]
    assert value(asked, surer) >= value(asked, held)


def test_a_skill_counts_as_far_as_it_is_likely():
    found = expected(score([Requirement("s0", 2)], (), GRAPH), [Likely("s0", 2, 0.3)], COMPANIONS, GRAPH)
    assert found.value == 0.3
    assert [(one.skill, one.maybe) for one in found.expectations] == [("s0", "s0")]


def test_what_is_shown_is_no_expectation():
    scored = score([Requirement("s0", 2)], [Held("s0", 2)], GRAPH)
    found = expected(scored, [Likely("s0", 2, 0.9)], COMPANIONS, GRAPH)
    assert (found.value, found.expectations) == (0.9, ())


def test_a_requirement_that_goes_with_three_skills_is_expected_in_part_and_says_why():
    asked = [Requirement("s7", 3), Requirement("s1", 2)]
    held = [Likely(code, 2) for code in ("s4", "s5", "s6")]
    scored = score(asked, [Held(one.skill, one.level) for one in held], GRAPH)
    found = expected(scored, held, COMPANIONS, GRAPH)
    (one,) = found.expectations
    assert one.skill == "s7"
    assert set(one.because) == {"s4", "s5", "s6"}
    assert 0 < one.credit <= COMPANION_SHARE
    shown = with_expectations(scored.requirements, found, GRAPH, "fr")
    assert shown[0].reason.startswith("Rien n'y répond. À vérifier : va souvent avec ")
    assert "« Quatre »" in shown[0].reason
    assert shown[1].reason == "Rien n'y répond."


def test_a_profile_does_not_speak_for_itself():
    alone = Companions.of([{"s1", "s2", "s3", "s4"}])
    asked = [Requirement(code, 2) for code in ("s1", "s2", "s3", "s4")]
    held = [Likely(code, 2) for code in ("s1", "s2", "s3")]
    scored = score(asked, [Held(one.skill, one.level) for one in held], SkillGraph())
    assert expected(scored, held, alone, SkillGraph()).expectations == ()

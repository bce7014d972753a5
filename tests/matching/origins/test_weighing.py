"""What a path is worth, and what several paths to one skill make together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.origins.explanations import KINDS, RELATIONS, STATUSES, say_level, say_step, say_why
from matching.origins.weighing import DROPPED, EFFECTS, MAPPINGS, RETIRED, Step, judge, strength, weigh

START = Step("rome-title", "1", "Titre")


def path(*relations: str, skill: str = "gmp", level: int = 0, status: str = ""):
    """A path whose steps are reached by these relations, the last one being our skill."""
    *middle, last = relations
    steps = [Step("rome-competence", f"{n}", "Étape", one, "rome", status) for n, one in enumerate(middle)]
    return (START, *steps, Step("skill", skill, skill, last, level=level))


@pytest.mark.parametrize(
    ("relations", "level", "doubts"),
    [
        (("title-of", "core", "exact"), 2, 0),
        (("title-of", "core", "close"), 2, 0),
        (("title-of", "core", "narrow"), 1, 1),
        (("title-of", "other", "exact"), 1, 1),
        (("title-of", "other", "narrow"), 1, 2),
        (("title-of", "emerging", "exact"), 1, 1),
        (("essential", "exact"), 2, 0),
        (("same-job", "essential", "exact"), 2, 0),
        (("close-job", "essential", "exact"), 1, 1),
        (("leads-to", "described-by", "core", "exact"), 1, 1),
    ],
)
def test_path_when_every_step_allows_it_then_brings_the_skill(relations, level, doubts):
    verdict = judge(path(*relations))
    assert (verdict.level, verdict.doubts) == (level, doubts)


@pytest.mark.parametrize(
    "relations",
    [
        ("title-of", "core", "broad"),
        ("title-of", "core", "related"),
        ("linked-job", "essential", "exact"),
        ("optional", "exact"),
        ("leads-to", "other", "exact"),
        ("prepared-by", "suggested"),
    ],
)
def test_path_when_a_step_is_too_loose_then_is_only_to_check(relations):
    skills, to_check = weigh([path(*relations, level=2)])
    assert skills == ()
    assert [one.skill for one in to_check] == ["gmp"]


def test_path_when_broken_twice_then_is_not_shown():
    assert weigh([path("linked-job", "essential", "related")]) == ((), ())
    assert weigh([path("close-job", "optional", "exact")]) == ((), ())


def test_training_when_it_teaches_then_gives_its_own_level():
    assert judge(path("prepared-by", "teaches", level=3)).level == 3


def test_step_when_its_source_dropped_the_link_then_does_not_count():
    assert judge(path("core", "exact", status=DROPPED)).level == 0


def test_step_when_retired_then_counts_with_a_doubt():
    verdict = judge(path("core", "exact", status=RETIRED))
    assert (verdict.level, verdict.doubts) == (2, 1)


def test_strength_is_said_in_three_words():
    assert [strength(doubts) for doubts in range(4)] == ["strong", "fair", "weak", "weak"]


def test_every_relation_and_state_has_its_words():
    assert set(EFFECTS) == set(RELATIONS)
    assert set(STATUSES) >= {RETIRED, DROPPED}
    assert set(EFFECTS) >= MAPPINGS


middles = st.sampled_from(sorted(set(EFFECTS) - MAPPINGS - {"", "teaches", "suggested"}))
paths = st.builds(
    lambda ways, last, skill, status: path(*ways, last, skill=skill, status=status),
    st.lists(middles, min_size=1, max_size=4),
    st.sampled_from(sorted(MAPPINGS)),
    st.sampled_from(["gmp", "sampling", "rigour"]),
    st.sampled_from(["", RETIRED, DROPPED]),
)


@given(st.lists(paths, max_size=12), st.randoms())
def test_weigh_when_rows_come_in_another_order_then_answers_the_same(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert weigh(shuffled) == weigh(found)


@given(st.lists(paths, max_size=10), paths)
def test_weigh_when_a_path_is_added_then_no_skill_is_lowered(found, more):
    before, after = (
        {one.skill: (one.level, -one.doubts) for one in weigh(rows)[0]} for rows in (found, [*found, more])
    )
    for skill, (level, certainty) in before.items():
        assert after[skill][0] >= level
        assert after[skill][1] >= certainty


@given(st.lists(paths, max_size=12))
def test_weigh_puts_every_skill_in_one_list_only_with_bounded_paths(found):
    skills, to_check = weigh(found)
    assert not {one.skill for one in skills} & {one.skill for one in to_check}
    for one in (*skills, *to_check):
        assert 1 <= len(one.paths) <= 5
        assert all(bool(judge(way).level) == bool(one.level) for way in one.paths)
    assert all(one.level == judge(one.paths[0]).level for one in skills)


@given(paths, st.sampled_from(["fr", "en"]))
def test_every_path_can_be_said(found, language):
    assert say_why(found, language)
    assert all(say_step(step, language) for step in found)
    say_level(found, language)
    assert {step.kind for step in found} <= set(KINDS)

"""What goes without saying in a trade: what it comes from, and the trainings that it puts first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.catalogue.jobs import Job
from matching.catalogue.trainings import TrainingOffer
from matching.directions.improvements import training_gains
from matching.scoring import Held, Requirement, SkillGraph, score
from matching.trade import NEAREST, NO_TRADE, SURENESS, Trade

GRAPH = SkillGraph()
one_requirement = st.builds(
    Requirement, st.sampled_from("abc"), st.integers(1, 4), st.sampled_from(["essential", "useful"])
)
one_job = st.lists(one_requirement, max_size=3, unique_by=lambda one: one.skill)


def alike(count: int, *asked: Requirement) -> list[tuple[Requirement, ...]]:
    return [asked] * count


def test_what_every_near_job_asks_for_is_nearly_sure():
    assert Trade(alike(NEAREST, Requirement("a", 2))).known("a", 2) == pytest.approx(SURENESS)
    assert Trade(alike(1, Requirement("a", 2))).known("a", 2) == pytest.approx(SURENESS / NEAREST)
    assert Trade(alike(NEAREST, Requirement("a", 2))).known("b", 2) == 0.0


def test_what_is_only_useful_counts_a_third_and_a_lower_level_in_proportion():
    useful = Trade(alike(NEAREST, Requirement("a", 2, "useful")))
    assert useful.known("a", 2) == pytest.approx(SURENESS / 3)
    assert Trade(alike(NEAREST, Requirement("a", 2))).known("a", 4) == pytest.approx(SURENESS / 2)


def test_what_the_text_denies_or_wishes_for_is_not_known():
    assert Trade(alike(NEAREST, Requirement("a", 2)), frozenset({"a"})).known("a", 2) == 0.0


@given(st.lists(one_job, max_size=NEAREST), st.integers(1, 4))
def test_never_more_than_sure_and_never_more_at_a_higher_level(jobs, level):
    trade = Trade(jobs)
    assert 0 <= trade.known("a", level) <= SURENESS + 1e-9
    assert trade.known("a", 4) <= trade.known("a", level)


def training(code: str, *brought: Held) -> TrainingOffer:
    return TrainingOffer(code, code, code, "", False, brought, ())


def test_a_training_that_teaches_what_is_known_by_trade_comes_later_and_gains_the_same():
    asked = (Requirement("a", 2), Requirement("b", 2))
    job = Job("job", "", "", asked, ())
    trainings = [training("1-of-a", Held("a", 2)), training("2-of-b", Held("b", 2))]
    scored = score(asked, (), GRAPH)

    def found(trade: Trade):
        return training_gains(job, scored, trainings, {}, GRAPH, {}, trade=trade)

    plain, known = found(NO_TRADE), found(Trade(alike(NEAREST, Requirement("a", 2))))
    assert [one.training for one in plain] == ["1-of-a", "2-of-b"]
    assert [one.training for one in known] == ["2-of-b", "1-of-a"]
    assert {(one.training, one.before, one.after) for one in plain} == {
        (one.training, one.before, one.after) for one in known
    }
    assert [one.taught for one in known] == [0.5, pytest.approx(0.5 * (1 - SURENESS))]

"""The figures of reading and of rankings, on sets small enough to count by hand."""

import pytest

from matching.evaluation.annotated_set import HeldSkill
from matching.evaluation.extraction_figures import Found, grouped, shares, text_figures
from matching.evaluation.ranked_set import Judgement, RankedSet, RankedText
from matching.evaluation.ranking_figures import figures_of, means
from matching.evaluation.report import ablation_table, extraction_table, ranking_table
from tests.matching.evaluation.test_sets import small_set

ANNOTATED = small_set(
    {"both": HeldSkill(2, 2), "one": HeldSkill(3, 1), "level": HeldSkill(2, 2)},
    {"both": HeldSkill(3, 2), "level": HeldSkill(2, 2)},
    a={"aside": "denied"},
    b={"aside": "denied"},
)
NOTHING = small_set({}, {})


def of(annotated, held, set_aside=()):
    return text_figures(annotated, annotated.texts[0], Found(held, set_aside))


def test_shares_when_counted_then_what_anybody_listed_is_right_and_what_both_listed_is_wanted():
    found = shares([of(ANNOTATED, {"both": 3, "one": 3, "wrong": 2}, ["aside"])])
    assert found["precision"].value == pytest.approx(2 / 3)
    assert found["recall"].value == pytest.approx(1 / 2)
    assert found["recall_of_all_listed"].value == pytest.approx(2 / 3)
    assert found["levels"].value == 1.0
    assert found["kept_aside"].value == 1.0
    assert "false_answers" not in found


def test_shares_when_a_denied_skill_is_answered_then_it_was_not_kept_aside():
    assert shares([of(ANNOTATED, {"aside": 2})])["kept_aside"].value == 0.0


def test_level_when_outside_what_annotators_gave_then_is_wrong():
    assert shares([of(ANNOTATED, {"both": 4, "level": 1})])["levels"].value == 0.0


def test_false_answers_when_counted_then_are_texts_not_skills():
    figures = [of(NOTHING, {"x": 2, "y": 2}), of(NOTHING, {})]
    assert shares(figures)["false_answers"].value == 0.5
    assert "recall" not in shares(figures)
    assert set(grouped(figures)) == {("all", ""), ("kind", "plain"), ("lang", "fr")}


PERSON = RankedText("p", "people", "fr", "texte", "target")
NEED = RankedText("n", "needs", "fr", "texte")
RANKED = RankedSet(
    (PERSON, NEED),
    {
        "a": {"p": Judgement("j1", {"j1": 3, "j2": 1}, {"t1": 2}), "n": Judgement("j2", {}, {"t1": 3})},
        "b": {"p": Judgement("j3", {"j3": 3, "j1": 3}, {"t2": 2}), "n": Judgement("j2", {}, {"t1": 1})},
    },
    {"p": "tuning", "n": "tuning"},
    "",
)


def test_ranking_when_the_judges_differ_then_grades_are_means_and_both_first_jobs_are_right():
    assert RANKED.jobs("p") == {"j1": 3.0, "j2": 0.5, "j3": 1.5}
    assert RANKED.right_jobs("p") == {"j1", "j3"}
    best = figures_of(RANKED, PERSON, ["j1", "j3", "j2"], ["t1", "t2"])
    assert best.values == {"person_jobs": 1.0, "person_right_job": 1.0, "person_trainings": 1.0}
    late = figures_of(RANKED, PERSON, ["x", "y", "z", "j1"], [])
    assert late.values["person_right_job"] == 0.0
    assert 0 < late.values["person_jobs"] < 1
    assert late.values["person_trainings"] == 0.0


def test_means_when_taken_then_each_kind_counts_its_own():
    figures = [figures_of(RANKED, PERSON, ["j1"], ["t1"]), figures_of(RANKED, NEED, ["j2"], ["t1"])]
    found = means(figures)
    assert (found["person_jobs"].count, found["need_trainings"].count) == (1, 1)
    assert found["need_right_job"].mean == 1.0


def test_tables_when_written_then_say_what_each_figure_is_over():
    lines = extraction_table([of(ANNOTATED, {"both": 2})]).compact_lines()
    assert "1.000 [1.00, 1.00] of 1" in lines[2]
    assert "full" in ablation_table({"full": [of(ANNOTATED, {"both": 2})]}).compact_lines()[2]
    ranked = ranking_table({"full": [figures_of(RANKED, NEED, ["j2"], ["t1"])]}).compact_lines()
    assert any(line.startswith("| need → trainings, nDCG@5 | 1.000") for line in ranked)

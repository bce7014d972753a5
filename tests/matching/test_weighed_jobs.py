"""Which jobs are an answer, and which tell somebody's trade."""

import pytest

from matching.catalogue.jobs import Job
from matching.directions.weighed_jobs import WeighedJob, is_good_enough, nearest_jobs, person_trade
from matching.expecting import Expected, Hints
from matching.scoring import Requirement, Score
from matching.trade import NEAREST


def weighed(code: str, score: float, expected: float) -> WeighedJob:
    job = Job(code, code, code, (Requirement(code, 2),), ())
    return WeighedJob(job, Score(score, ()), Expected(expected))


@pytest.mark.parametrize(
    ("score", "expected", "is_answer"),
    [
        (0.11, 0.06, True),  # enough is shown, though it is not sure
        (0.03, 0.09, True),  # some is shown, and enough is to be expected
        (0.03, 0.07, False),
        (0.006, 0.12, False),  # next to nothing is shown: what nobody tells is no answer
    ],
)
def test_a_job_is_an_answer_for_what_is_shown_and_expected(score, expected, is_answer):
    assert is_good_enough(weighed("a", score, expected)) is is_answer


def test_a_trade_is_made_of_the_first_good_jobs_without_the_one_that_is_wanted():
    jobs = [weighed(str(number), 0.0 if number == 1 else 0.2, 0.1) for number in range(NEAREST + 4)]
    nearest = nearest_jobs(jobs)
    assert [one.code for one in nearest] == ["0", "2", "3", "4", "5", "6"]
    trade = person_trade(nearest, Hints(denied=frozenset({"4"})), wanted="2")
    known = {code for code in map(str, range(NEAREST + 4)) if trade.known(code, 2)}
    assert known == {"0", "3", "5", "6"}

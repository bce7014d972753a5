"""What is read once for several questions gives the answers that each would have alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.paths.finding import find_paths
from matching.paths.problem import Objective
from matching.paths.question import Question
from matching.paths.shelf import Shelf
from matching.referential import load_referential
from tests.matching.factories import make_job, make_training, rebuild_index
from tests.matching.paths.catalogue import load_skills, session
from training.models import Training

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(own_index_folder):
    """Two jobs that ask for the same skill at two levels, and a training for each."""
    load_skills()
    make_job("junior", ("bioreactor-operation", 2, "essential"))
    make_job("senior", ("bioreactor-operation", 4, "essential"), ("sampling", 2, "essential"))
    session(make_training("low", ("bioreactor-operation", 2)), 20, price_eur=100)
    session(make_training("high", ("bioreactor-operation", 4), ("sampling", 2)), 40, price_eur=900)
    Training.objects.filter(code="high").update(prerequisites="Pratique de l'HPLC.")
    session(make_training("hplc", ("hplc-analysis", 1)), 5, price_eur=50)
    rebuild_index()


def test_questions_when_they_share_a_shelf_then_each_has_its_own_answer_in_fewer_queries(catalogue):
    referential = load_referential()
    shelf = Shelf(referential)
    questions = [Question(job=code, objective=Objective.COST) for code in ("junior", "senior", "junior")]
    counts = {}
    for name, given in (("alone", None), ("together", shelf)):
        with CaptureQueriesContext(connection) as queries:
            answers = [find_paths([], one, referential=referential, shelf=given) for one in questions]
        counts[name] = len(queries)
        steps = [[step.facts.training for step in answer.paths[0].steps] for answer in answers]
        assert steps == [["low"], ["hplc", "high"], ["low"]]
    assert counts["together"] <= counts["alone"] - 15


def test_shelf_when_asked_again_then_reads_nothing_and_has_no_draft(catalogue, django_assert_num_queries):
    Training.objects.filter(code="low").update(live=False)
    shelf = Shelf(load_referential())
    codes = {"low", "hplc", "high", "nowhere"}
    assert [training.code for training in shelf.trainings(codes)] == ["high", "hplc"]
    with django_assert_num_queries(0):
        assert [training.code for training in shelf.trainings(codes)] == ["high", "hplc"]

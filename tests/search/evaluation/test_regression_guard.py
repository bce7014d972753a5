"""Search is not worse than the run recorded: the tuning half on the demonstration, with the real model."""

import pytest

from search.evaluation.golden_files import TUNING
from search.evaluation.golden_set import read_golden_set
from search.evaluation.recorded import read_baseline
from search.evaluation.regression import falls
from search.evaluation.runs import run_queries
from search.request import Mode
from tests.search.demonstration import build_index

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.model,
    pytest.mark.any_database,
    pytest.mark.timeout(900),
]
REMEDY = "If it is wanted, say why and record again: manage.py evaluate_search --set tuning --record"


@pytest.fixture
def index(demonstration, real_model, one_thread, pytestconfig):
    """The live index of the demonstration, with the model's vectors."""
    build_index(pytestconfig.cache, "embedded")


def test_no_mode_is_significantly_worse_than_recorded(index):
    golden, baseline = read_golden_set(), read_baseline()
    assert baseline is not None
    assert baseline.provenance.golden == golden.digest, f"The golden set has changed. {REMEDY}"
    queries = golden.half(TUNING)
    figures = {mode.value: list(run_queries(golden, queries, mode)) for mode in Mode}
    told = [str(fall) for fall in falls(baseline, figures)]
    assert not told, "\n".join(["Search has become worse.", *told, REMEDY])

"""Search is not worse than the run recorded: the tuning half on the demonstration, with the real model.

A model's first run computes its vectors, which takes minutes; pytest's cache keeps them for the next ones.
"""

import numpy as np
import pytest
from django.core.management import call_command
from django.db import transaction

from search.embeddings import embedder
from search.evaluation.golden_set import TUNING, read_golden_set
from search.evaluation.recorded import read_baseline
from search.evaluation.regression import falls
from search.evaluation.runs import run_queries
from search.models import EmbeddingVector
from search.request import Mode

pytestmark = [pytest.mark.django_db, pytest.mark.model, pytest.mark.timeout(900)]
REMEDY = "If it is wanted, say why and record again: manage.py evaluate_search --set tuning --record"


class Silent:
    def write(self, text: str) -> None:
        pass


@pytest.fixture(scope="module")
def demonstration(model_folder, django_db_setup, django_db_blocker):
    """The demonstration in the database; rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demonstration", stdout=Silent(), stderr=Silent())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def index(demonstration, real_model, one_thread, pytestconfig):
    """The live index of the demonstration, with the model's vectors."""
    recipe = embedder().recipe.fingerprint
    kept = pytestconfig.cache.mkdir("embedding-vectors") / f"{recipe}.npz"
    restore_vectors(kept, recipe)
    call_command("search_index", "rebuild", verbosity=0, stdout=Silent())
    keep_vectors(kept, recipe)


def restore_vectors(path, recipe):
    if path.exists():
        with np.load(path) as kept:
            EmbeddingVector.objects.bulk_create(
                [
                    EmbeddingVector(recipe=recipe, digest=digest, vector=vector.tobytes())
                    for digest, vector in zip(kept["digests"], kept["vectors"], strict=True)
                ]
            )


def keep_vectors(path, recipe):
    rows = list(EmbeddingVector.objects.filter(recipe=recipe).values_list("digest", "vector"))
    vectors = np.stack([np.frombuffer(bytes(vector), dtype=np.float32) for _, vector in rows])
    np.savez(path, digests=[digest for digest, _ in rows], vectors=vectors)


def test_no_mode_is_significantly_worse_than_recorded(index):
    golden, baseline = read_golden_set(), read_baseline()
    assert baseline is not None
    assert baseline.provenance.golden == golden.digest, f"The golden set has changed. {REMEDY}"
    queries = golden.half(TUNING)
    figures = {mode.value: list(run_queries(golden, queries, mode)) for mode in Mode}
    told = [str(fall) for fall in falls(baseline, figures)]
    assert not told, "\n".join(["Search has become worse.", *told, REMEDY])

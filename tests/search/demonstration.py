"""The demonstration in the database, and its vectors kept from one run to the next."""

from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.db import transaction

from search.embeddings import embedder
from search.models import EmbeddingVector


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


def build_index(cache: pytest.Cache, *engines: str) -> None:
    """The index of the demonstration in each of these engines, with the model's vectors.

    A model's first run computes its vectors, which takes minutes; pytest's cache keeps them for the next ones.
    """
    recipe = embedder().recipe.fingerprint
    kept = cache.mkdir("embedding-vectors") / f"{recipe}.npz"
    _restore_vectors(kept, recipe)
    for engine in engines:
        call_command("search_index", "rebuild", engine=engine, verbosity=0, stdout=Silent(), stderr=Silent())
    _keep_vectors(kept, recipe)


def _restore_vectors(path: Path, recipe: str) -> None:
    if path.exists():
        with np.load(path) as kept:
            EmbeddingVector.objects.bulk_create(
                [
                    EmbeddingVector(recipe=recipe, digest=digest, vector=vector.tobytes())
                    for digest, vector in zip(kept["digests"], kept["vectors"], strict=True)
                ],
                ignore_conflicts=True,
            )


def _keep_vectors(path: Path, recipe: str) -> None:
    rows = list(EmbeddingVector.objects.filter(recipe=recipe).values_list("digest", "vector"))
    vectors = np.stack([np.frombuffer(bytes(vector), dtype=np.float32) for _, vector in rows])
    beside = path.with_suffix(f".{id(rows)}.npz")  # two workers may keep them at once
    np.savez(beside, digests=[digest for digest, _ in rows], vectors=vectors)
    beside.replace(path)


@pytest.fixture
def one_thread():
    """Threads that wait for each other on a busy machine take ten times as long for one short text."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

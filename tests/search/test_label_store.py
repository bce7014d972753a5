"""Labels kept on disk, with a real model: what is built is read back, and what is not right is not read."""

import json

import numpy as np
import pytest

from search.embeddings import Embedder, embedder
from search.errors import IndexBusy, LinkingUnavailable
from search.label_store import LabelStore
from search.linking import Label, LabelSet, Mode, build_ranker

pytestmark = pytest.mark.model

LABELS = [
    Label("a", "opérateur de remplissage", "a"),
    Label("b", "technicien de laboratoire", "b"),
    Label("b", "laborantin", "b"),
]
MORE = [*LABELS, Label("c", "boulanger", "c")]


@pytest.fixture(autouse=True)
def with_model(real_model, scikit_learn):
    return real_model


@pytest.fixture
def store(tmp_path):
    return LabelStore(tmp_path / "titres")


@pytest.fixture
def encoded(monkeypatch):
    """The texts that are encoded from now on."""
    texts: list[str] = []
    encode = embedder().encode

    def noted(some):
        texts.extend(some)
        return encode(some)

    monkeypatch.setattr(embedder(), "encode", noted)
    return texts


def test_ranker_read_from_disk_says_what_a_fresh_one_says(store):
    assert store.build(LABELS, embedder())
    fresh = build_ranker(LabelSet(LABELS), Mode.HYBRID, embedder())
    read = store.ranker(embedder())
    assert [label.code for label in read.known.labels] == [label.code for label in fresh.known.labels]
    titles = ["laborantine", "filling operator"]
    assert np.allclose(read.scores(titles), fresh.scores(titles), atol=2e-3)


def test_build_encodes_only_what_is_new_and_leaves_nothing_behind(store, encoded):
    store.build(LABELS, embedder())
    assert len(encoded) == 3
    assert not store.build(reversed(LABELS), embedder())
    assert len(encoded) == 3
    assert store.build(MORE, embedder())
    assert encoded[3:] == ["boulanger"]
    assert store.ranker(embedder()).known.concept_places.keys() == {"a", "b", "c"}
    assert sorted(path.name.partition("-")[0] for path in store.folder.iterdir()) == [
        "build.lock", "current.json", "labels",
    ]  # fmt: skip


def test_what_another_model_made_is_not_read(store):
    store.build(LABELS, embedder())
    other = Embedder(embedder().name, "passage: ")
    assert store.ranker(other) is None
    assert store.build(LABELS, other)
    assert store.ranker(embedder()) is None


@pytest.mark.parametrize("damage", ["current", "labels", "vectors", "folder"])
def test_what_is_damaged_is_not_read_and_is_built_again(store, damage):
    store.build(LABELS, embedder())
    current = store.folder / json.loads((store.folder / "current.json").read_text())["name"]
    if damage == "current":
        (store.folder / "current.json").write_text("{")
    elif damage == "labels":
        (current / "labels.json").write_text('[["a"]]')
    elif damage == "vectors":
        np.save(current / "vectors.npy", np.zeros((1, 4), np.float32))
    else:
        current.rename(store.folder / "ailleurs")
    fresh = LabelStore(store.folder)
    forget()
    assert fresh.ranker(embedder()) is None
    assert fresh.build(LABELS, embedder())
    assert fresh.ranker(embedder()) is not None


def forget() -> None:
    """What another process, which has read nothing yet, would see."""
    from search import label_store

    label_store._read.cache_clear()


def test_one_build_at_a_time_and_never_of_nothing(store):
    from filelock import FileLock

    assert store.ranker(embedder()) is None
    with pytest.raises(LinkingUnavailable):
        store.build([], embedder())
    store.build(LABELS, embedder())
    with FileLock(store.folder / "build.lock"), pytest.raises(IndexBusy):
        store.build(MORE, embedder())

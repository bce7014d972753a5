"""A whole build, of a small random model on small data: what is shipped, and what stopping it costs."""

from dataclasses import replace

import numpy as np
import pytest

from search.model_building import checkpoints, packaged_model
from search.model_building.build import ModelBuild, Sources
from search.model_building.contrastive import Trainer, rate_share
from search.model_building.encoding import Encoder
from search.model_building.model_folder import write_base_model
from search.model_building.packaged_model import WORD_EMBEDDINGS, BertWeights
from search.model_building.pairs import PairSampler
from search.model_building.recipe import TrainingRecipe
from search.model_building.vocabulary import cut_vocabulary
from tests.search.model_building.factories import small_tokenizer, some_concepts, write_open_data

pytestmark = pytest.mark.model

RECIPE = TrainingRecipe(steps=6, batch_size=4, most_tokens=24, most_pieces=60, learning_rate=1e-3)
HIDDEN, FEED_FORWARD = 32, 64


def random_weights(pieces: int) -> BertWeights:
    generator = np.random.default_rng(0)

    def draw(*shape: int) -> np.ndarray:
        return generator.normal(0, 0.1, shape).astype(np.float32)

    tensors = {
        WORD_EMBEDDINGS: draw(pieces, HIDDEN),
        "embeddings.position_embeddings.weight": draw(64, HIDDEN),
        "embeddings.token_type_embeddings.weight": draw(2, HIDDEN),
        "embeddings.LayerNorm.weight": np.ones(HIDDEN, np.float32),
        "embeddings.LayerNorm.bias": np.zeros(HIDDEN, np.float32),
    }
    for layer in range(2):
        prefix = f"encoder.layer.{layer}."
        for name in (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
        ):
            tensors |= {f"{prefix}{name}.weight": draw(HIDDEN, HIDDEN), f"{prefix}{name}.bias": draw(HIDDEN)}
        tensors |= {f"{prefix}intermediate.dense.weight": draw(FEED_FORWARD, HIDDEN)}
        tensors |= {f"{prefix}intermediate.dense.bias": draw(FEED_FORWARD)}
        tensors |= {
            f"{prefix}output.dense.weight": draw(HIDDEN, FEED_FORWARD),
            f"{prefix}output.dense.bias": draw(HIDDEN),
        }
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors |= {f"{prefix}{name}.weight": np.ones(HIDDEN, np.float32)}
            tensors |= {f"{prefix}{name}.bias": np.zeros(HIDDEN, np.float32)}
    return BertWeights(HIDDEN, 2, 4, FEED_FORWARD, 64, 2, 1e-12, tensors)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base") / "model"
    texts = [text for one in some_concepts() for text in (*one.names, *one.details)]
    cut, rows = cut_vocabulary(small_tokenizer(), texts, 60)
    write_base_model(random_weights(60), cut, rows, folder)
    return folder


def test_the_vocabulary_keeps_letters_and_what_is_said_in_small_letters():
    from tokenizers import Tokenizer

    cut, rows = cut_vocabulary(small_tokenizer(), ["du pain"], 60)
    tokenizer = Tokenizer.from_str(cut)
    pieces = tokenizer.get_vocab()
    assert {"▁pain", "▁quai", "▁zoo", "a", "é", "<mask>"} <= pieces.keys()
    assert {"▁Quai", "▁面"}.isdisjoint(pieces)
    assert len(pieces) == len(rows)
    assert tokenizer.encode("QUAI").tokens == tokenizer.encode("quai").tokens == ["<s>", "▁quai", "</s>"]


def test_the_rate_rises_then_falls_to_nothing():
    recipe = TrainingRecipe(steps=100)
    shares = [rate_share(number, recipe) for number in range(100)]
    assert shares.index(max(shares)) in (9, 10)
    assert shares[-1] < 0.01
    assert shares[10:] == sorted(shares[10:], reverse=True)


def test_training_draws_the_texts_of_a_concept_together(base):
    trainer = Trainer(base, PairSampler(some_concepts(), RECIPE), RECIPE)
    losses = [trainer.step(number % 3) for number in range(30)]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_what_may_mean_the_same_is_no_negative(base):
    sampler = PairSampler(
        some_concepts(), replace(RECIPE, batch_size=5)
    )  # every concept, siblings among them
    trainer = Trainer(base, sampler, RECIPE)
    masked = 0
    for number in range(5):
        batch = sampler.batch(number)
        spared = trainer._not_negatives(batch).numpy()
        same_family = (batch.families[:, None] == batch.families) & (batch.families >= 0)
        np.fill_diagonal(same_family, False)
        assert not spared.diagonal().any()
        assert (spared | ~same_family).all()
        masked += int(same_family.sum())
    assert masked


def test_the_guide_spares_what_the_base_model_finds_nearer(base):
    sampler = PairSampler(some_concepts(), RECIPE)
    guide = Encoder(base, 24).encode(sampler.texts).astype(np.float16)
    spares_all = replace(RECIPE, guide_margin=-2.0)
    guided, blind = Trainer(base, sampler, spares_all, guide), Trainer(base, sampler, RECIPE)
    batch = sampler.batch(0)
    assert (~guided._not_negatives(batch)).sum() == len(batch.left)  # the pairs themselves
    assert (~blind._not_negatives(batch)).sum() > len(batch.left)


def test_vectors_do_not_depend_on_the_texts_beside_them(base):
    encoder = Encoder(base, 24)
    texts = [text for one in some_concepts() for text in one.names]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 0.02  # bfloat16 where the processor has it
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)


@pytest.fixture
def sources(tmp_path, monkeypatch, settings):
    """Small open data, no texts of ours, and a random model in the place of the packages."""
    monkeypatch.setattr(packaged_model, "fetch", lambda packaged, folder: small_tokenizer().encode())
    monkeypatch.setattr(packaged_model, "read_weights", lambda raw: random_weights(60))
    for name in ("referential", "profiles"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(
        "search.model_building.build.read_own_texts", lambda *folders: iter(some_concepts()[4:])
    )
    return Sources(write_open_data(tmp_path / "open"), tmp_path / "referential", tmp_path / "profiles")


def _weights(folder):
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


def test_a_build_that_was_stopped_ends_with_the_same_weights(sources, tmp_path, monkeypatch):
    whole = ModelBuild(sources, tmp_path / "w1", tmp_path / "m1", RECIPE, lambda steps, label: steps)
    report = whole.run()
    assert len(report.losses) == RECIPE.steps

    monkeypatch.setattr("search.model_building.build.CHECKPOINT_SECONDS", -1)  # one at every step
    step = Trainer.step

    def stopped(self, number):
        if number == 3:
            raise KeyboardInterrupt
        return step(self, number)

    monkeypatch.setattr(Trainer, "step", stopped)
    with pytest.raises(KeyboardInterrupt):
        ModelBuild(sources, tmp_path / "w2", tmp_path / "m2", RECIPE, lambda steps, label: steps).run()
    monkeypatch.setattr(Trainer, "step", step)
    again = ModelBuild(sources, tmp_path / "w2", tmp_path / "m2", RECIPE, lambda steps, label: steps).run()

    assert again.losses == pytest.approx(report.losses)
    for name, tensor in _weights(tmp_path / "m1").items():
        assert tensor.dtype == np.float16
        assert np.allclose(tensor, _weights(tmp_path / "m2")[name], atol=2e-3), name


def test_the_folder_loads_and_gives_unit_vectors(sources, tmp_path):
    from sentence_transformers import SentenceTransformer

    ModelBuild(sources, tmp_path / "w", tmp_path / "m", RECIPE, lambda steps, label: steps).run()
    model = SentenceTransformer(str(tmp_path / "m"), device="cpu")
    vectors = model.float().encode(["Boulanger", "boulanger", "quai"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.allclose(vectors[0], vectors[1])
    assert not np.allclose(vectors[0], vectors[2])


def test_a_work_folder_of_another_plan_is_refused(sources, tmp_path):
    def build(recipe):
        return ModelBuild(sources, tmp_path / "w", tmp_path / "m", recipe, lambda steps, label: steps)

    build(RECIPE)._read()
    with pytest.raises(checkpoints.OtherPlan, match="autres réglages"):
        build(TrainingRecipe(steps=7))._read()


def test_weights_of_another_kind_are_refused():
    with pytest.raises(ValueError, match="E5S1"):
        packaged_model.read_weights(b"GGUF" + bytes(100))


def test_four_bit_blocks_are_read_back():
    scale = np.array([0.5], np.float16).view(np.uint8)
    nibbles = np.arange(16, dtype=np.uint8) | (np.uint8(15) - np.arange(16, dtype=np.uint8)) << 4
    values = packaged_model.dequantise(np.concatenate([scale, nibbles]), 32)
    assert values.tolist() == [[*((np.arange(16) - 8) * 0.5), *((7 - np.arange(16)) * 0.5)]]

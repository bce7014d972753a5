"""Training what a passage is about: by its meaning (softmax regression) and by its words (centroids). Pure: no Django.

One rule: the seed is fixed, so that the same texts and vectors give the same model.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.reading.passage_model import Floats, PassageModel, terms

EPOCHS = 20
BATCH = 1024
RATE = 0.05
DECAY = 0.02
NOISE = 0.03  # added to each number of a vector, so that no passage is learnt by heart
SMOOTHING = 0.1
START = 12.0  # length of a skill's weights before training: its mean vector, so long
SEED = 1
LEAST_EXAMPLE = 0.5  # weight from which a text is kept as an example that passages are compared with
BETAS = (0.9, 0.999)


@dataclass(frozen=True)
class TrainingSet:
    """Texts as the keys of their words and as unit vectors, the place of the skill each shows, and how much each counts."""

    keys: Sequence[Sequence[str]]
    vectors: Floats
    skills: npt.NDArray[np.intp]
    weights: Floats


def train_passage_model(codes: Sequence[str], encoder: str, examples: TrainingSet) -> PassageModel:
    weights, bias = _train_meaning(len(codes), examples)
    vocabulary, rarity, first, skills, strengths = _train_words(len(codes), examples)
    chosen = np.flatnonzero(examples.weights >= LEAST_EXAMPLE)
    chosen = chosen[np.argsort(examples.skills[chosen], kind="stable")]
    starts = np.searchsorted(examples.skills[chosen], np.arange(len(codes)))
    return PassageModel(
        tuple(codes),
        encoder,
        weights,
        bias,
        vocabulary,
        rarity,
        first,
        skills,
        strengths,
        examples.vectors[chosen],
        starts.astype(np.int32),
    )


# --- Meaning
def _train_meaning(count: int, examples: TrainingSet) -> tuple[Floats, Floats]:
    """AdamW on the smoothed cross-entropy, with a cosine schedule."""
    random = np.random.default_rng(SEED)
    weights = np.zeros((examples.vectors.shape[1], count), dtype=np.float32)
    np.add.at(weights.T, examples.skills, examples.vectors * examples.weights[:, None])
    weights *= START / np.maximum(np.linalg.norm(weights, axis=0, keepdims=True), 1e-9)
    bias = np.zeros(count, dtype=np.float32)
    moments = [np.zeros_like(one) for one in (weights, weights, bias, bias)]
    step = 0
    for epoch in range(EPOCHS):
        rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        order = random.permutation(len(examples.vectors))
        for start in range(0, len(order), BATCH):
            step += 1
            chosen = order[start : start + BATCH]
            noisy = examples.vectors[chosen] + NOISE * random.standard_normal(
                (len(chosen), weights.shape[0]), dtype=np.float32
            )
            noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
            slopes = _slopes(noisy @ weights + bias, examples.skills[chosen], examples.weights[chosen])
            weights *= np.float32(1 - rate * DECAY)
            _adam(weights, noisy.T @ slopes, moments[0], moments[1], rate, step)
            _adam(bias, slopes.sum(axis=0), moments[2], moments[3], rate, step)
    return weights, bias


def _slopes(logits: Floats, skills: npt.NDArray[np.intp], weights: Floats) -> Floats:
    """Of the weighted mean of the smoothed cross-entropy, with regard to the logits."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = shifted / shifted.sum(axis=1, keepdims=True)
    probabilities -= SMOOTHING / logits.shape[1]
    probabilities[np.arange(len(skills)), skills] -= 1 - SMOOTHING
    return np.asarray(probabilities * (weights / weights.sum())[:, None], dtype=np.float32)


def _adam(values: Floats, slopes: Floats, mean: Floats, square: Floats, rate: float, step: int) -> None:
    """One step, in place (Kingma and Ba, 2015)."""
    mean += np.float32(1 - BETAS[0]) * (slopes - mean)
    square += np.float32(1 - BETAS[1]) * (slopes**2 - square)
    corrected = mean / np.float32(1 - BETAS[0] ** step)
    spread = np.sqrt(square / np.float32(1 - BETAS[1] ** step)) + np.float32(1e-8)
    values -= np.float32(rate) * corrected / spread


# --- Words
def _train_words(
    count: int, examples: TrainingSet
) -> tuple[dict[str, int], Floats, npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]:
    """TF-IDF centroids of the skills, turned over: by term, the skills it speaks for and how strongly."""
    from scipy import sparse

    counted = [Counter(terms(keys)) for keys in examples.keys]
    vocabulary = {term: place for place, term in enumerate(sorted({term for one in counted for term in one}))}
    holders = Counter(term for one in counted for term in one)
    ordered = np.array([holders[term] for term in vocabulary], dtype=np.float32)
    rarity = np.log((1 + len(counted)) / (1 + ordered)) + 1
    rows = np.repeat(np.arange(len(counted)), [len(one) for one in counted])
    columns = np.array([vocabulary[term] for one in counted for term in one], dtype=np.intp)
    values = np.array([1 + np.log(times) for one in counted for times in one.values()]) * rarity[columns]
    texts = _unit_rows(sparse.csr_matrix((values, (rows, columns)), shape=(len(counted), len(vocabulary))))
    owners = sparse.csr_matrix(
        (examples.weights, (examples.skills, np.arange(len(counted)))), shape=(count, len(counted))
    )
    by_term = sparse.csc_matrix(_unit_rows(sparse.csr_matrix(owners @ texts)))
    by_term.sort_indices()
    return (
        vocabulary,
        rarity.astype(np.float32),
        by_term.indptr.astype(np.int32),
        by_term.indices.astype(np.int32),
        by_term.data.astype(np.float32),
    )


def _unit_rows(matrix: Any) -> Any:
    """The sparse matrix with rows of length one (scipy has no types to say so)."""
    from scipy import sparse

    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ matrix)

"""Batches: what is drawn, and that it can be drawn again."""

import numpy as np

from search.model_building.pairs import PairSampler
from search.model_building.recipe import TrainingRecipe
from tests.search.model_building.factories import some_concepts

RECIPE = TrainingRecipe(batch_size=4)


def _texts(sampler, number):
    batch = sampler.batch(number)
    return [
        (sampler.texts[one], sampler.texts[other]) for one, other in zip(batch.left, batch.right, strict=True)
    ]


def test_a_batch_depends_on_the_seed_and_its_number_alone():
    one, other = PairSampler(some_concepts(), RECIPE), PairSampler(some_concepts(), RECIPE)
    other.batch(0)  # drawn or not, earlier batches change nothing
    assert _texts(one, 7) == _texts(other, 7)
    assert [_texts(one, n) for n in range(5)] != [
        _texts(PairSampler(some_concepts(), TrainingRecipe(seed=2, batch_size=4)), n) for n in range(5)
    ]


def test_a_pair_is_two_texts_of_one_concept_and_each_concept_comes_once():
    owner = {text: one.code for one in some_concepts() for text in (*one.names, *one.details)}
    sampler = PairSampler(some_concepts(), RECIPE)
    for number in range(30):
        pairs = _texts(sampler, number)
        assert all(one != other and owner[one] == owner[other] for one, other in pairs)
        assert len({owner[one] for one, _ in pairs}) == len(pairs) == 4
        assert "f" not in {owner[one] for one, _ in pairs}


def test_a_batch_is_never_larger_than_what_there_is():
    assert len(PairSampler(some_concepts(), TrainingRecipe(batch_size=512)).batch(0).left) == 5


def test_texts_of_the_same_words_share_a_key():
    sampler = PairSampler([*some_concepts()[:1], *some_concepts()[1:2]], RECIPE)
    assert len(np.unique(sampler.keys)) == len(sampler.texts)
    twin = some_concepts()[0].__class__("z", "esco-skill", ("Boulanger", "pâtissier"))
    sampler = PairSampler([some_concepts()[0], twin], RECIPE)
    row = {text: number for number, text in enumerate(sampler.texts)}
    assert sampler.keys[row["Boulanger"]] == sampler.keys[row["boulanger"]]

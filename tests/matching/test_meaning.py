"""What is made of neighbours by meaning: the floor, the lead, the probability. No model has to be loaded."""

import pytest

from matching.calibration import (
    LABEL_PROBABILITY,
    SEMANTIC_LEAD,
    SEMANTIC_LEAST_PROBABILITY,
    SEMANTIC_PROBABILITY_MAX,
    label_probability,
    semantic_probability,
)
from matching.candidates import NearSkill
from matching.reading.extraction import _nearest_evidence
from matching.reading.reader import read_text
from matching.reading.sentences import Span
from tests.matching.factories import real_lexicon

TEXT = "Débutant, je range le magasin"
SPAN = Span(0, len(TEXT))


@pytest.mark.parametrize(
    "neighbours",
    [
        [],
        [NearSkill("stock", 0.7, SEMANTIC_LEAST_PROBABILITY - 0.001)],
        [NearSkill("stock", 0.7, 0.9), NearSkill("orders", 0.7 - SEMANTIC_LEAD / 2, 0.9)],
    ],
)
def test_passage_when_no_skill_is_near_or_two_are_then_nothing_is_answered(neighbours):
    assert _nearest_evidence(TEXT, SPAN, neighbours) is None


def test_passage_when_one_skill_stands_out_then_is_its_evidence():
    near = [NearSkill("stock", 0.7, 0.6), NearSkill("orders", 0.7 - 2 * SEMANTIC_LEAD, 0.55)]
    evidence = _nearest_evidence(TEXT, SPAN, near)
    assert (evidence.code, evidence.found_by) == ("stock", "semantic")
    assert TEXT[evidence.start : evidence.end] == TEXT
    assert evidence.level.level == 1


def test_probability_when_found_by_meaning_then_grows_and_stays_under_a_label():
    values = [semantic_probability(step / 10) for step in range(5, 11)]
    assert values == sorted(values)
    assert values[0] == 0.5
    assert values[-1] == SEMANTIC_PROBABILITY_MAX <= min(LABEL_PROBABILITY.values())


def test_probability_when_less_sure_then_is_lower():
    plain = label_probability("alternative", 10, corrected=False, gapped=False)
    assert label_probability("alternative", 10, corrected=True, gapped=False) < plain
    assert label_probability("alternative", 10, corrected=False, gapped=True) < plain
    assert label_probability("acronym", 3, corrected=False, gapped=False) < label_probability(
        "acronym", 4, corrected=False, gapped=False
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Je plie des serviettes et je compte les pièces",
            ["Je plie des serviettes et je compte les pièces"],
        ),
        ("Je n'ai jamais plié de serviettes", []),
        ("J'aimerais plier des serviettes", []),
        ("HPLC au laboratoire central", []),
        ("Bonjour", []),
    ],
)
def test_clause_when_it_denies_wishes_or_names_a_skill_then_is_not_compared_by_meaning(text, expected):
    silent = read_text(text, real_lexicon()).silent
    assert [text[start:end] for start, end in silent] == expected

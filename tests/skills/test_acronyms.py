"""An acronym is read where its context tells its senses apart, and nowhere else."""

import pytest

from skills.acronyms import Sense, sense_of

VIGILANCE = Sense("pharmacovigilance", (("effets", "indesirables"), ("signal",)))
MINUTES = Sense("", (("reunion",), ("signature",)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("declarer les effets indesirables", VIGILANCE),
        ("signer le pv de reunion", MINUTES),
        ("signal et effets indesirables dits en reunion", VIGILANCE),
        ("effets non indesirables", None),
        ("signal en reunion", None),
        ("aucun mot utile", None),
        ("", None),
    ],
    ids=[
        "one sense",
        "the sense that is no skill",
        "most phrases",
        "phrase cut",
        "two alike",
        "no context",
        "no word",
    ],
)
def test_the_sense_with_most_phrases_around_is_read(words, expected):
    assert sense_of([MINUTES, VIGILANCE], words.split()) == expected
    assert sense_of([VIGILANCE, MINUTES], words.split()) == expected


def test_the_only_sense_needs_no_context():
    assert sense_of([VIGILANCE], []) is VIGILANCE

"""What is said of a skill before it, after it, or of a whole list: held, denied or wished for."""

import pytest

from matching.reading.context import Stance, judge
from matching.reading.lexicon import LabelRow, Lexicon
from matching.reading.tokens import tokenize

LEXICON = Lexicon(
    LabelRow(code, "fr", text, "preferred")
    for code, text in [
        ("hplc", "analyse HPLC"),
        ("elisa", "dosage ELISA"),
        ("culture", "culture cellulaire"),
        ("gowning", "salle blanche"),
        ("maintenance", "maintenance préventive"),
        ("handover", "passer les consignes"),
    ]
)


def stances(text: str) -> dict[str, str]:
    tokens = tokenize(text)
    mentions = LEXICON.find(tokens)
    verdicts = judge(tokens, mentions)
    return {mention.code: verdict.stance.value for mention, verdict in zip(mentions, verdicts, strict=True)}


HELD, DENIED, WISHED = (stance.value for stance in Stance)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Analyse HPLC, dosage ELISA : jamais pratiqué.", {"hplc": DENIED, "elisa": DENIED}),
        ("Analyse HPLC au quotidien, dosage ELISA : jamais pratiqué.", {"hplc": HELD, "elisa": DENIED}),
        ("La salle blanche, je n'y ai jamais mis les pieds.", {"gowning": DENIED}),
        ("La salle blanche, très peu.", {"gowning": DENIED}),
        ("Je préfère éviter la salle blanche.", {"gowning": DENIED}),
        ("La culture cellulaire, c'est mon projet.", {"culture": WISHED}),
        ("Mon rêve : la culture cellulaire.", {"culture": WISHED}),
        ("Je pourrais faire de l'analyse HPLC si on me forme.", {"hplc": WISHED}),
        ("Je ne quitte jamais mon poste sans passer les consignes.", {"handover": HELD}),
        ("Je souhaite quitter la maintenance préventive.", {"maintenance": HELD}),
        ("Je ne veux plus faire de maintenance préventive.", {"maintenance": HELD}),
        ("Pas seulement la culture cellulaire.", {"culture": HELD}),
        ("Sans expérience de la culture cellulaire.", {"culture": DENIED}),
        ("Je souhaite découvrir la culture cellulaire.", {"culture": WISHED}),
    ],
)
def test_stance(text, expected):
    assert stances(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La culture cellulaire en amont, jamais touché.", {"culture": DENIED}),
        ("On me demande si je sais faire une analyse HPLC. Non.", {"hplc": DENIED}),
        ("J'espère maîtriser la culture cellulaire d'ici deux ans.", {"culture": WISHED}),
        ("Six ans, dont trois en salle blanche.", {"gowning": HELD}),
        ("There has never been a deviation in salle blanche.", {"gowning": HELD}),
        ("No culture cellulaire so far.", {"culture": DENIED}),
        ("I dont know analyse HPLC.", {"hplc": DENIED}),
    ],
)
def test_stance_when_told_in_other_ways_then_is_understood(text, expected):
    assert stances(text) == expected

"""What a text of a need insists on, and what it calls a plus."""

import pytest

from matching.reading.importance import ESSENTIAL, USEFUL, Importances


@pytest.mark.parametrize(
    "sentence",
    [
        "Un plus : HPLC.",
        "Les plus : HPLC, anglais.",
        "Atouts : HPLC.",
        "En plus : HPLC.",
        "Apprécié sans être exigé : HPLC.",
        "Seraient appréciés : HPLC, un stage.",
        "Souhaité : HPLC.",
        "Idéalement : HPLC.",
        "Ce serait bien : HPLC.",
        "- Bonus : HPLC",
        "Une pratique de la HPLC serait un plus.",
        "La HPLC est un vrai atout.",
        "HPLC appréciée.",
        "Une connaissance de la HPLC, sans être obligatoire, nous aiderait.",
        "La HPLC s'apprend chez nous.",
        "HPLC et BPF enseignées sur place.",
        "Nous formons à la HPLC.",
        "Nice to have: HPLC.",
        "A plus: HPLC.",
        "Preferred: HPLC.",
        "Not required: HPLC.",
        "Knowledge of HPLC is welcome.",
        "HPLC would be an advantage.",
        "HPLC can be taught.",
        "We will train you in HPLC.",
    ],
)
def test_what_is_a_plus_or_learnt_at_work_is_useful(sentence):
    text = f"Indispensable : les BPF. {sentence} Poste à Lyon."
    importances = Importances(text)
    assert importances.at(text.index("HPLC")) == USEFUL
    assert importances.at(text.index("BPF")) == ESSENTIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "Exigé : HPLC.",
        "Essential: HPLC.",
        "Vous conduirez plus de dix analyses HPLC par jour.",
        "Nous formons une équipe autour de la HPLC.",
        "Vous formerez les nouveaux à la HPLC.",
        "Vous aurez à former les arrivants à la HPLC.",
        "HPLC plant, apprentices trained every year.",
        "Pour six référents, un niveau plus élevé : HPLC.",
        "Bien connaître la HPLC.",
        "Bien maîtriser : HPLC.",
        "Plus de dix analyses par jour : HPLC.",
        "Our HPLC train starts in a year.",
    ],
)
def test_everything_else_that_is_asked_for_is_essential(sentence):
    assert Importances(sentence).at(sentence.index("HPLC")) == ESSENTIAL


def test_a_plus_does_not_spill_over_the_next_sentence():
    text = "Un plus : l'anglais.\nHPLC exigée."
    assert Importances(text).at(text.index("HPLC")) == ESSENTIAL

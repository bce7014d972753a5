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


@pytest.mark.parametrize(
    "sentence",
    [
        "Une première expérience en HPLC constitue un plus.",
        "La HPLC représente un atout.",
        "La HPLC constituerait un plus.",
        "La HPLC peut être un plus.",
        "La pratique de la HPLC est souhaitée.",
        "La HPLC est souhaitable.",
        "HPLC (souhaitée)",
        "HPLC (un plus)",
        "HPLC : un plus",
        "HPLC apprécié(e).",
        "HPLC non exigée.",
        "Idéalement, vous connaissez la HPLC.",
        "Compétences appréciées : HPLC.",
        "Nous vous apprenons la HPLC.",
        "Vous serez formé à la HPLC.",
        "La HPLC s'apprend en interne.",
        "HPLC is a strong plus.",
        "HPLC is also a plus.",
        "HPLC would be a great asset.",
        "HPLC would be beneficial.",
        "HPLC preferred.",
        "HPLC (optional)",
        "Good to have: HPLC.",
        "Desired: HPLC.",
        "Preferred qualifications: HPLC.",
    ],
)
def test_other_ways_of_saying_that_it_is_a_plus(sentence):
    assert Importances(sentence).at(sentence.index("HPLC")) == USEFUL


@pytest.mark.parametrize(
    "sentence",
    [
        "Le plus important : HPLC.",
        "Le plus souvent : HPLC.",
        "Plus précisément : vous maîtrisez la HPLC.",
        "En plus de la production : vous tenez la HPLC.",
        "Appréciation des risques : HPLC comprise.",
        "Asset management: maintain HPLC systems.",
        "Assets you will manage: HPLC systems.",
        "Useful life of equipment: HPLC.",
        "Welcome to our site: you run HPLC under GMP.",
        "Nos procédés sont des plus exigeants : HPLC.",
        "Les candidatures de personnes handicapées sont bienvenues et vous maîtrisez la HPLC.",
        "The ideal candidate is welcome to apply and masters HPLC.",
        "We train operators in HPLC: you design and deliver these courses.",
        "Nous formons aux HPLC les équipes de nos clients, et vous animez ces sessions.",
        "Operators can be taught HPLC by you.",
    ],
)
def test_words_of_a_plus_that_tell_of_something_else(sentence):
    assert Importances(sentence).at(sentence.index("HPLC")) == ESSENTIAL


@pytest.mark.parametrize(
    ("text", "essential", "useful"),
    [
        ("La connaissance des BPF est indispensable, celle de la HPLC serait un plus.", "BPF", "HPLC"),
        ("HPLC is preferred but GMP is mandatory.", "GMP", "HPLC"),
        ("It is not essential to have HPLC but GMP is required.", "GMP", "HPLC"),
        ("Le métier s'apprend sur le tas, mais les BPF sont exigées.", "BPF", "métier"),
        ("Exigé : BPF\nLes plus :\n- HPLC\n- ELISA\n", "BPF", "ELISA"),
        ("Les plus :\n- HPLC\n\nMissions :\n- BPF", "BPF", "HPLC"),
        ("Preferred qualifications:\n- HPLC\nYou will:\n- GMP", "GMP", "HPLC"),
        ("Compétences souhaitées :\n- HPLC\nVous tenez les BPF.", "BPF", "HPLC"),
    ],
)
def test_a_text_that_tells_both_is_cut_where_it_changes(text, essential, useful):
    importances = Importances(text)
    assert importances.at(text.index(essential)) == ESSENTIAL
    assert importances.at(text.index(useful)) == USEFUL


def test_what_is_asked_for_once_without_reserve_is_essential_though_it_is_a_plus_elsewhere():
    importances = Importances("Vous tenez la HPLC. Un plus : hplc avancée, ELISA.")
    assert importances.of("HPLC") == ESSENTIAL
    assert importances.of("ELISA") == USEFUL
    assert importances.of("") == ESSENTIAL

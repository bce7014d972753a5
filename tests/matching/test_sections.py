"""Headings that speak for what stands below them."""

import pytest

from matching.reading.reader import read_text
from matching.reading.sections import Section, Standing, sections
from tests.matching.factories import real_lexicon


def told(text: str) -> list[Section]:
    """The sections that say something of what they hold."""
    return [one for one in sections(text) if one.standing is not Standing.TITLE]


@pytest.mark.parametrize(
    ("title", "standing"),
    [
        ("JAMAIS FAIT", "denied"),
        ("Ce que je ne sais pas faire", "denied"),
        ("WHAT I LACK", "denied"),
        ("Never done:", "denied"),
        ("NE CONNAIT PAS", "denied"),
        ("DOES NOT KNOW", "denied"),
        ("Wish", "wished"),
        ("RUBRIQUE : SOUHAITS", "wished"),
        ("À DÉVELOPPER", "wished"),
        ("Would like", "wished"),
        ("PROJET PROFESSIONNEL", "wished"),
        ("Ce que je cherche :", "wished"),
        ("CENTRES D'INTÉRÊT", "leisure"),
        ("Hobbies", "leisure"),
        ("LOISIRS ET SPORTS", "leisure"),
    ],
)
def test_heading_when_it_says_what_it_holds_then_speaks_up_to_the_next_heading(title, standing):
    text = f"EXPÉRIENCE\nHPLC\n\n{title}\nCulture cellulaire\nPesée\n\nLANGUES\nAnglais"
    (section,) = told(text)
    assert section.standing.value == standing
    assert text[section.title_start : section.title_end] == title.rstrip(" :")
    assert text[section.start : section.end] == "Culture cellulaire\nPesée\n\n"


@pytest.mark.parametrize(
    "title",
    [
        "RECHERCHE",
        "Objectifs",
        "PROJETS",
        "COMPÉTENCES",
        "Recherche : culture de cellules",
        "Objectif : savoir régler un pH",
    ],
)
def test_heading_when_it_may_mean_something_else_then_everything_is_held(title):
    assert told(f"EXPÉRIENCE\nHPLC\n\n{title}\nCulture cellulaire") == []


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("- Pas encore fait : chromatographie", "denied"),
        ("Ce qui me manque : la HPLC, l'ELISA.", "denied"),
        ("Envie d'apprendre - la culture", "wished"),
        ("Recherche : stage de six mois en culture", "wished"),
        ("Objectif : intégrer une équipe de production", "wished"),
    ],
)
def test_opening_when_a_line_begins_by_saying_it_then_speaks_for_the_line(line, standing):
    text = f"Un début.\n{line}\nHPLC tous les jours"
    (section,) = told(text)
    assert section.standing.value == standing
    assert "tous les jours" not in text[section.start : section.end]


@pytest.mark.parametrize(
    "text",
    [
        "FORMATION\nBTS bioanalyses\n\nEXPÉRIENCE\nHPLC",
        "Formations et diplômes :\nBTS bioanalyses\nHPLC",
        "Formation : BTS bioanalyses\nHPLC",
        "SHORT COURSES AND TRAINING\nHPLC",
    ],
)
def test_title_of_a_part_when_it_is_the_name_of_a_skill_too_then_shows_none(text):
    reading = read_text(text, real_lexicon())
    assert {one.code for one in reading.held} == {"hplc-analysis"}
    assert not any("ormation" in text[unit.start : unit.end] for unit in reading.units)


def test_title_when_more_is_said_then_is_read():
    text = "FORMATION DES NOUVEAUX\nDix opérateurs par an"
    assert not sections(text)


def test_sentence_cut_at_the_margin_when_read_then_is_no_heading():
    assert told("Je n'ai jamais\ntravaillé en zone stérile") == []


def test_skills_when_they_stand_under_such_a_heading_then_are_set_aside_with_it():
    text = "EXPÉRIENCE\nÉlectrophorèse\n\nNEVER DONE\nHPLC. ELISA.\n\nTO LEARN\nCulture en fed-batch\n\nLOISIRS\nMicroscopie"
    reading = read_text(text, real_lexicon())
    assert {one.code for one in reading.held} == {"electrophoresis"}
    reasons = {one.code: one.reason for one in reading.refused}
    assert reasons["hplc-analysis"] == "Le texte dit le contraire : « NEVER DONE »."
    assert reasons["fed-batch-culture"].startswith("C'est un souhait")
    assert "microscopy" not in reasons

"""What a person types, read into units."""

import pytest

from search.lexicon import LexiconRow, build_lexicon
from search.query import parse_query, required_units, spelled_out

LEXICON = build_lexicon(
    [
        LexiconRow("mes-operation", "Utiliser un système d'exécution de la production"),
        LexiconRow("mes-operation", "MES"),
        LexiconRow("tangential-flow-filtration", "filtration tangentielle"),
        LexiconRow("tangential-flow-filtration", "UF/DF"),
        LexiconRow("tangential-flow-filtration", "ultra filtration", shown=False),
        LexiconRow("pharmacovigilance", "PV", context=("effets indésirables", "vigilance")),
        LexiconRow("", "PV", context=("réunion", "signature")),
        LexiconRow("environmental-monitoring", "EM", context=("surveillance",)),
    ]
)


def skills(text: str) -> list[tuple[str, ...]]:
    return [unit.skills for unit in parse_query(text, LEXICON).units]


def test_a_label_becomes_one_unit_with_its_alternatives():
    (unit,) = parse_query("les filtrations tangentielles", LEXICON).units
    assert unit.skills == ("tangential-flow-filtration",)
    assert unit.tokens == ("filtrations", "tangentielles")
    assert "UF/DF" in unit.alternatives
    assert "ultra filtration" not in unit.alternatives, "a hidden label is never shown nor expanded to"


def test_hidden_label_leads_to_the_skill():
    assert skills("ultra filtration") == [("tangential-flow-filtration",)]


def test_acronym_in_capitals_is_software_while_the_stop_word_is_not():
    assert skills("logiciel MES") == [(), ("mes-operation",)]
    assert skills("mes cours de chimie") == [()]
    assert skills("mes") == [("mes-operation",)], "alone, it can only be the acronym"


def test_elision_and_hyphens_are_cut():
    tokens = [unit.tokens for unit in parse_query("l'asepsie du remplissage-scellage", LEXICON).units]
    assert tokens == [("asepsie",), ("remplissage",), ("scellage",)]


def test_identifier_is_the_whole_text():
    assert parse_query("RNCP 40500", LEXICON).identifier == "rncp40500"


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "\x00\x01", "🧬" * 50, "a" * 5000, "' OR 1=1 --", "title:(", "*?~^"]
)
def test_any_text_is_read_without_error(text):
    parse_query(text, LEXICON)


@pytest.mark.parametrize(("count", "required"), [(0, 0), (1, 1), (2, 2), (3, 2), (5, 2), (9, 2), (12, 3)])
def test_required_units(count, required):
    assert required_units(count) == required


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PV effets indésirables", "pharmacovigilance"),
        ("PV et vigilances", "pharmacovigilance"),
        ("PV de réunion", None),
        ("PV", None),
        ("PV vigilance réunion", None),
        ("EM", "environmental-monitoring"),
    ],
)
def test_an_acronym_of_several_senses_is_expanded_only_where_its_context_tells(text, expected):
    """One whose other senses nobody recorded is no riddle."""
    units = parse_query(text, LEXICON).units
    assert next((unit.skills for unit in units if unit.skills), None) == ((expected,) if expected else None)
    assert units[0].acronym == text[:2], "the word itself is searched all the same"


def test_an_acronym_is_spelled_out_for_the_model():
    lexicon = build_lexicon([LexiconRow("capa", "CAPA"), LexiconRow("capa", r"actions correctives \1")])
    asked = "Gérer les CAPA"
    assert spelled_out(asked, parse_query(asked, lexicon)) == r"Gérer les CAPA (actions correctives \1)"
    assert spelled_out("rien", parse_query("rien", lexicon)) == "rien"

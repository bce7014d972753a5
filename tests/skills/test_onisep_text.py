"""ONISEP's texts become plain French: markup goes, words stay."""

import csv
import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from skills.imports.onisep import FILES
from skills.imports.onisep_text import is_odd, one_line, one_line_each, readable_text


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("Une phrase.\n\n  Une  autre.\r\n", "Une phrase.\nUne autre."),
        ("### En équipe\nElle travaille.\n### Seul\nIl lit.", "En équipe\nElle travaille.\n\nSeul\nIl lit."),
        ("-\nSavoir lire.\n-\nSavoir\n", "- Savoir lire.\n- Savoir"),
        ("-Justifier de sa capacité\n• économie", "- Justifier de sa capacité\n- économie"),
        ("-\n-\nDernier\n-", "- Dernier"),
        ("-\n### Accès\nOuvert", "Accès\nOuvert"),
        ("**Statuts possibles:**\n- salarié", "Statuts possibles :\n- salarié"),
        ("Un **vrai** métier * et plus", "Un vrai métier * et plus"),
        ("Niveau bac + 2\n<p>\nDEUST\n</p>", "Niveau bac + 2\nDEUST"),
        ("Grâce à l`enseignement &amp; la \x81pratique", "Grâce à l'enseignement & la pratique"),
        ("pH < 7 et > 2", "pH < 7 et > 2"),
        ("###", ""),
        ("Avant\n#\nAprès", "Avant\nAprès"),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(source, read):
    assert readable_text(source) == read


def test_a_heading_that_repeats_the_name_of_the_field_is_left_out():
    assert readable_text("### Accès\nAprès la 3e.", own_heading="Accès") == "Après la 3e."
    assert readable_text("Après la 3e.\n### Accès\nAutre", own_heading="Accès").endswith("\n\nAccès\nAutre")


@given(st.text(alphabet="ab -#*\n<>p/", max_size=60))
def test_whatever_the_source_there_is_no_lone_dash_nor_two_empty_lines(text):
    read = readable_text(text)
    assert not read.startswith("\n")
    assert "\n\n\n" not in read
    assert "\n-\n" not in read


def test_cells_become_lines():
    assert one_line(" a\xa0 b\n") == "a b"
    assert one_line("BTS \u202e<b>bio</b>\x07 pH < 7") == "BTS bio pH < 7"
    assert [is_odd(text) for text in ("a\u2066b", "<i>a", "a\x07", "a\xa0\x92 b\n", "pH < 7 > 2")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert one_line_each("a | b|| a|c\xa0d") == "a\nb\nc d"


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_no_word_of_the_real_texts_is_lost_and_no_markup_stays():
    columns = {
        "formation_sheets": ("description", "acces", "attendus", "poursuite_etudes"),
        "job_sheets": (
            "presentation",
            "en_bref",
            "nature_travail",
            "competences_requises",
            "conditions_travail",
            "acces_metier",
        ),
    }
    read = 0
    for name, texts in columns.items():
        path = Path(settings.OPEN_DATA_DIR) / "onisep" / FILES[name]
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column in texts:
                    text = readable_text(row[column])
                    assert _words(text) == _words(re.sub(r"</?p>", "", row[column])), (
                        row["onisep_id"],
                        column,
                    )
                    assert not re.search(r"^#|\*\*|^-$|^-\w|</?p>|\n\n\n", text, re.MULTILINE)
                    read += bool(text)
    assert read > 7_000


def _words(text: str) -> str:
    return re.sub(r"[\W_]", "", text)

"""What is read as a text and what is refused."""

import pytest

from matching.errors import TextRefused
from matching.reading.sentences import clauses, sentences
from matching.reading.texts import check_text, decode_text


@pytest.mark.parametrize(
    "data",
    [
        "Électrophorèse à l'œuvre".encode(),
        "\ufeffÉlectrophorèse à l'œuvre".encode(),
        "Électrophorèse à l'œuvre".encode("cp1252"),
        "Électrophorèse à l'œuvre".encode("utf-16"),
    ],
)
def test_bytes_when_of_a_known_encoding_then_give_the_text(data):
    assert decode_text(data) == "Électrophorèse à l'œuvre"


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", b"\x81\x8d\xff", "é".encode("utf-16")[:-1]])
def test_bytes_when_binary_then_are_refused(data):
    with pytest.raises(TextRefused):
        decode_text(data)


@pytest.mark.parametrize("text", ["a" * 101, "a\x00b", "\x01\x02\x03\x04\x05", "\ud800"])
def test_text_when_unreadable_or_too_long_then_is_refused(text):
    with pytest.raises(TextRefused):
        check_text(text, 100)


@pytest.mark.parametrize(
    "text", ["", "a" * 100, "ligne\r\nautre\tcolonne\x0cpage", "un retour arrière\x08 égaré"]
)
def test_text_when_readable_then_passes(text):
    check_text(text, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. Deux ! Trois", ["Un.", "Deux !", "Trois"]),
        ("pH 7.4 puis 0.5 mol. Fin", ["pH 7.4 puis 0.5 mol.", "Fin"]),
        ("par ex. la HPLC", ["par ex. la HPLC"]),
        ("les B.P.F. depuis 2019", ["les B.P.F. depuis 2019"]),
        ("une ligne\nqui continue\nAutre ligne", ["une ligne\nqui continue", "Autre ligne"]),
        ("- un\r\n- deux\r\n", ["- un", "- deux"]),
        ("un ; deux", ["un ;", "deux"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_when_split_then_are_stretches_of_the_text(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_clauses_when_split_then_stop_at_commas_and_contrast():
    text = "J'ai fait ceci, cela (souvent) mais pas le reste."
    assert [text[start:end] for start, end in clauses(text)] == [
        "J'ai fait ceci",
        "cela",
        "souvent",
        "pas le reste.",
    ]


def test_a_word_in_both_genders_is_not_cut():
    text = "Technicien(ne) de laboratoire (HPLC), opérateur(trice)"
    assert [text[start:end] for start, end in clauses(text)] == [
        "Technicien(ne) de laboratoire",
        "HPLC",
        "opérateur(trice)",
    ]

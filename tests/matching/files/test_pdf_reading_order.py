"""The words of a page in the order in which they are read: columns, lists, paragraphs, words cut at the end of a line."""

import pytest

from matching.files.characters import tidy
from matching.reading.sentences import sentences
from tests.matching.files.cases import text_of
from tests.matching.files.pdf_files import lines, pdf, text

pytestmark = pytest.mark.any_database

LEFT = (
    "Technicienne de production en",
    "bioproduction depuis six ans,",
    "dont trois comme référente des",
    "bonnes pratiques documentaires",
)
RIGHT = (
    "Je forme les nouveaux arrivants",
    "aux gestes aseptiques et aux",
    "contrôles en cours de procédé,",
    "sans jamais avoir lyophilisé.",
)


def row_by_row(*rows: tuple[str, str], left: float = 50, right: float = 320) -> str:
    """A page written as some programs do: line by line across its columns."""
    told = ""
    for number, (one, other) in enumerate(rows):
        told += text(one, left, 700 - 14 * number, 11) + text(other, right, 700 - 14 * number, 11)
    return told


def test_columns_written_line_by_line_are_told_one_after_the_other():
    page = (
        text("Marie Exemple", 50, 760, 20)
        + row_by_row(*zip(LEFT, RIGHT, strict=True))
        + text("Fin de page", 50, 100)
    )
    told = " ".join(text_of(pdf(page)).split())
    assert told == " ".join(("Marie Exemple", *LEFT, *RIGHT, "Fin de page"))


def test_columns_written_one_after_the_other_stay_so():
    page = lines(*LEFT, x=50, leading=14) + lines(*RIGHT, x=320, leading=14)
    assert " ".join(text_of(pdf(page)).split()) == " ".join((*LEFT, *RIGHT))


def test_three_columns_are_told_one_after_the_other():
    columns = [
        [
            f"{name} qui continue ici",
            f"puis encore {name} fois",
            f"et toujours {name} autres",
            f"enfin {name} derniers",
        ]
        for name in ("un", "deux", "trois")
    ]
    page = "".join(
        text(column[n], 40 + 180 * place, 700 - 14 * n, 10)
        for n in range(4)
        for place, column in enumerate(columns)
    )
    assert " ".join(text_of(pdf(page)).split()) == " ".join(line for column in columns for line in column)


def test_the_rows_of_a_table_stay_together():
    page = row_by_row(
        ("2019–2023", "Technicienne chez Sanofi"),
        ("2017–2019", "Opératrice chez bioMérieux"),
        ("2016", "Stage"),
        ("2015", "BTS"),
    )
    assert text_of(pdf(page)).split("\n")[:2] == [
        "2019–2023 Technicienne chez Sanofi",
        "2017–2019 Opératrice chez bioMérieux",
    ]


def test_two_things_side_by_side_are_two_sentences():
    page = row_by_row(("Je souhaite découvrir", "Chromatographie HPLC"))
    told = text_of(pdf(page))
    assert [told[start:end] for start, end in sentences(told)] == [
        "Je souhaite découvrir",
        "Chromatographie HPLC",
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            ("la purification par chromato-", "graphie d'affinité"),
            "la purification par chromatographie d'affinité",
        ),
        (("mon savoir-", "faire en culture"), "mon savoir-faire en culture"),
        (("la région Auvergne-", "Rhône-Alpes"), "la région Auvergne-Rhône-Alpes"),
        (("la norme ISO-", "9001 et la suite"), "la norme ISO-9001 et la suite"),
    ],
)
def test_a_word_cut_at_the_end_of_a_line_is_whole_again(told, expected):
    assert text_of(pdf(lines(*told))) == expected


def test_two_long_lines_that_may_be_two_things_stay_apart():
    told = (
        "Conduite de procédés de purification, qualification des équipements",
        "Chromatographie HPLC, dosage des endotoxines",
    )
    assert text_of(pdf(lines(*told))) == "\n".join(told)


def test_a_long_line_goes_on_in_the_next_one():
    told = (
        "Six ans de conduite de procédés de purification par chromatographie",
        "HPLC et de filtration tangentielle, en salle propre et en équipe de",
        "nuit et de jour",
        "Habilitation électrique",
    )
    first, second = text_of(pdf(lines(*told))).split("\n")
    assert first == " ".join(told[:3])
    assert second == told[3]


def test_items_of_a_list_stay_apart_and_whole():
    page = (
        text("• Chromatographie", 50, 700)
        + text("HPLC et FPLC", 62, 686)
        + text("• Culture cellulaire", 50, 672)
    )
    assert text_of(pdf(page)) == "• Chromatographie HPLC et FPLC\n• Culture cellulaire"
    set_apart = (
        text("•", 50, 700) + text("Chromatographie", 80, 700) + text("•", 50, 686) + text("Culture", 80, 686)
    )
    assert text_of(pdf(set_apart)) == "• Chromatographie\n• Culture"


def test_paragraphs_are_set_apart():
    page = lines("compétences", "expérience", leading=40)
    assert text_of(pdf(page)) == "compétences\n\nexpérience"


@pytest.mark.parametrize("matrix", ["0 1 -1 0 595 0", "-1 0 0 -1 595 842"])
def test_a_page_whose_text_is_turned_is_read_in_its_own_direction(matrix):
    page = f"q {matrix} cm {lines('Conduite de bioréacteur', 'en salle propre', y=400)} Q "
    assert text_of(pdf(page)) == "Conduite de bioréacteur\nen salle propre"


def test_old_accents_and_ligatures_become_letters():
    assert tidy("exp´erience de Franc¸ais, proﬁl, ˆetre")[0] == "expérience de Français, profil, être"
    assert tidy("a\u200bb\u00adc\ue001\x00 d\u2028e\r\n\n\n\nf") == ("abc• d\ne\n\nf", 0)
    assert tidy("HP\U000e0041LC") == ("HPLC", 1)

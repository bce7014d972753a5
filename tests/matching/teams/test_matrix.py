"""Matrices as people write them: both shapes, every problem in its place, and no identity let through."""

import datetime as dt

import pytest

from matching.errors import TeamRefused
from matching.teams import csv_table
from matching.teams.matrix import read_matrix
from matching.teams.names import Names
from matching.teams.team import Qualification
from tests.matching.teams.cases import seeded

SKILLS = Names(
    {
        "gmp": ("Bonnes pratiques de fabrication (BPF)", "Good manufacturing practice (GMP)"),
        "aseptic-filling": ("Conduire un remplissage aseptique", "Perform aseptic filling"),
        "batch-documentation": ("Renseigner le dossier de lot", "Complete the batch record"),
    }
)
JOBS = Names({"operator": ("Opérateur de bioproduction",), "leader": ("Chef d'équipe",)})
END = dt.date(2031, 3, 31)


def read(text: str | bytes):
    return read_matrix(text if isinstance(text, bytes) else text.encode(), SKILLS, JOBS, "equipe.csv")


def held(matrix) -> dict[str, dict[str, Qualification]]:
    return {one.code: dict(one.held) for one in matrix.people}


def told(matrix) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in matrix.problems.kept]


WIDE = (
    "personne;profil;gmp;Conduire un remplissage aseptique;complete the batch record\n"
    "P-001;operator;3@2031-03-31;;2\n"
    "P-002;;0;4 @31/03/2031;\n"
)
TEAM = {
    "P-001": {"gmp": Qualification(3, END), "batch-documentation": Qualification(2)},
    "P-002": {"gmp": Qualification(0), "aseptic-filling": Qualification(4, END)},
}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wide_matrix_when_written_by_any_spreadsheet_then_is_the_same(delimiter, encoding, end):
    text = WIDE.replace("personne", "Personne").replace("gmp;", "Bonnes pratiques de fabrication (BPF);")
    matrix = read(text.replace(";", delimiter).replace("\n", end).encode(encoding))
    assert held(matrix) == TEAM
    assert [one.profile for one in matrix.people] == ["operator", ""]
    assert matrix.problems.count == 0


def test_long_matrix_when_read_then_is_the_same_team():
    lines = [
        "personne;competence;niveau;valable_jusqu_au;profil",
        "P-001;gmp;3;2031-03-31;Opérateur de bioproduction",
        "P-001;Renseigner le dossier de lot;2;;operator",
        "P-002;gmp;0;;",
        "P-002;aseptic-filling;4;31/03/2031;",
    ]
    matrix = read("\n".join(lines))
    assert held(matrix) == TEAM
    assert [one.profile for one in matrix.people] == ["operator", ""]
    assert matrix.problems.count == 0


def test_matrix_when_excel_says_its_separator_then_lines_keep_their_numbers():
    matrix = read("sep=;\npersonne;gmp\nP-001;9\n")
    assert told(matrix) == [(3, "gmp")]


def test_matrix_when_a_label_has_the_delimiter_then_quotes_are_read():
    matrix = read('personne,"Conduire un remplissage aseptique","gmp"\nP-001,"2",3\n')
    assert held(matrix)["P-001"] == {"aseptic-filling": Qualification(2), "gmp": Qualification(3)}


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("P-002;;5;;", "gmp", ["« 5 »", "0 à 4"]),
        ("P-002;;2,5;;", "gmp", ["« 2,5 »", "0 à 4"]),
        ("P-002;;expert;;", "gmp", ["« expert »"]),
        ("P-002;;3@31-03-2031;;", "gmp", ["« 31-03-2031 »", "AAAA-MM-JJ"]),
        ("P-002;;3@2031-02-30;;", "gmp", ["« 2031-02-30 »"]),
        ("P-002;operateur;;;", "profil", ["operateur", "operator"]),
        (";operator;3;;", "personne", ["vide", "P-014"]),
        ("p-001;;3;;", "personne", ["P-001", "ligne 2"]),
        ("P-002;;3;;;;9", "", ["7 cellules pour 5 colonnes"]),
    ],
)
def test_line_when_something_is_wrong_then_says_where_and_what_to_do_and_keeps_the_rest(line, column, words):
    header, first, _ = WIDE.splitlines()
    matrix = read("\n".join([header, first, line, "P-003;;1;1;1"]))
    assert told(matrix) == [(3, column)]
    message = str(matrix.problems.kept[0])
    assert message.startswith("equipe.csv, ligne 3")
    assert all(word in message for word in words)
    assert held(matrix)["P-001"] == TEAM["P-001"]
    assert len(held(matrix)["P-003"]) == 3


def test_cell_when_wrong_then_the_others_of_its_line_are_kept():
    assert held(read("personne;gmp;aseptic-filling\nP-001;7;2\n"))["P-001"] == {
        "aseptic-filling": Qualification(2)
    }


def test_problems_when_many_then_all_are_told_at_once():
    matrix = read("personne;gmp;gpm;gmp\nP-001;x\nMarie Dupont;2\nP-003;y;\n")
    assert told(matrix) == [(1, "gpm"), (1, "gmp"), (2, "gmp"), (3, "personne"), (4, "gmp")]
    assert "Bonnes pratiques de fabrication" in matrix.problems.kept[0].message


@pytest.mark.parametrize(
    "identity",
    [
        "marie.dupont@exemple.fr",
        "06 12 34 56 78",
        "+33 6.12.34.56.78",
        "2 85 03 69 266 123 45",
        "1 85 03 2A 266 123 45",
        "285036926612345",
        "Marie Dupont",
        "DUPONT Marie",
        "Dupont, Marie",
        "Jean-Pierre Le Goff",
        "Élodie D'Almeida",
        "Mme Dupont",
        "M. D",
        "marie.dupont",
        "marie_dupont",
        "P" * 41,
        "P-\x1b[31m",
    ],
)
def test_person_when_an_identity_shows_then_is_refused_and_never_repeated(identity):
    matrix = read(f'personne;gmp\n"{identity}";3\nP-002;2\n')
    assert list(held(matrix)) == ["P-002"]
    (problem,) = matrix.problems.kept
    assert (problem.line, problem.column) == (2, "personne")
    assert "P-014" in problem.message
    assert identity not in str(problem.as_dict())


@pytest.mark.parametrize(
    "code",
    ["P-014", "Opérateur 3", "équipe nuit", "A12 B", "nuit-02", "Poste A", "42", "R2D2", "Équipe nuit 2"],
)
def test_person_when_a_pseudonym_is_given_then_is_taken(code):
    assert list(held(read(f"personne;gmp\n{code};3\n"))) == [code]


def test_column_when_it_would_say_who_people_are_then_is_not_read():
    matrix = read("personne;Prénom;gmp;Date de naissance\nP-001;Marie;2;1990-01-01\n")
    assert told(matrix) == [(1, "Prénom"), (1, "Date de naissance")]
    assert "Supprimez-la" in matrix.problems.kept[0].message
    assert held(matrix) == {"P-001": {"gmp": Qualification(2)}}


@pytest.mark.parametrize(
    ("rows", "column", "words"),
    [
        (["P-001;gmp;2;;"], "niveau", "déjà donnée"),
        (["P-001;gpm;2;;"], "competence", "Bonnes pratiques"),
        (["P-001;batch-documentation;2;demain;"], "niveau", "« demain »"),
        (["P-001;batch-documentation;2;;leader"], "profil", "« operator »"),
    ],
)
def test_long_line_when_something_is_wrong_then_says_what(rows, column, words):
    header = "personne;competence;niveau;valable_jusqu_au;profil"
    matrix = read("\n".join([header, "P-001;gmp;3;;operator", *rows]))
    assert told(matrix) == [(3, column)]
    assert words in matrix.problems.kept[0].message
    assert held(matrix)["P-001"]["gmp"] == Qualification(3)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"\n\n", "vide"),
        (b"PK\x03\x04xl/workbook.xml", "classeur"),
        (b"personne;gmp\x00", "octets nuls"),
        (b"nom;gmp\nMarie;3\n", "personne"),
        (b"personne;zorglub\nP-001;3\n", "aucune colonne n'est une compétence"),
        (b"personne;gmp\n", "aucune personne"),
        (b"personne;gmp\nMarie Dupont;3\n", "ligne 2"),
        (b"\x81\x8d;\x90", "encodage"),
    ],
)
def test_file_when_nobody_can_be_read_then_is_refused_with_its_name(data, words):
    with pytest.raises(TeamRefused, match=r"equipe\.csv") as refused:
        read(data)
    assert words in str(refused.value)
    assert "Marie" not in str(refused.value)


def test_quote_when_left_open_then_says_so_and_keeps_what_comes_before():
    matrix = read('personne;gmp\nP-001;2\nP-002;"3\nP-003;1\n')
    assert list(held(matrix)) == ["P-001"]
    assert told(matrix) == [(3, "")]
    assert "guillemet" in matrix.problems.kept[0].message


def test_matrix_when_too_large_then_is_refused(monkeypatch):
    with pytest.raises(TeamRefused, match="5000 personnes"):
        read("personne;gmp\n" + "".join(f"P-{number};1\n" for number in range(5001)))
    with pytest.raises(TeamRefused, match="1001 colonnes"):
        read(";".join(["personne", *["gmp"] * 1000]) + "\nP-001;1\n")
    with pytest.raises(TeamRefused, match="20 Mo"):
        read(b"personne;gmp\n" + b"x" * 20_000_000)
    monkeypatch.setattr(csv_table, "MOST_ROWS", 2)
    with pytest.raises(TeamRefused, match="2 lignes"):
        read("personne;gmp\nP-1;1\nP-2;1\nP-3;1\n")


def test_problems_when_more_than_can_be_kept_then_are_counted():
    matrix = read("personne;gmp\n" + "".join(f"P-{number};x\n" for number in range(300)))
    assert (len(matrix.problems.kept), matrix.problems.count) == (csv_table.KEPT, 300)


@pytest.mark.parametrize("seed", range(30))
def test_matrix_when_the_bytes_are_anything_then_is_read_or_refused_and_nothing_else(seed):
    """Whatever is cut out of, or thrown into, a file, the answer is a team or a refusal."""
    random = seeded(seed)
    data = bytearray(WIDE.encode())
    for _ in range(random.randint(1, 12)):
        place = random.randrange(len(data))
        data[place : place + random.randint(0, 3)] = random.choice(
            [b"", b'"', b";", b"\n", b"@", b"\r", b"\xff", b"9", b",", b"\t"]
        )
    try:
        matrix = read(bytes(data))
    except TeamRefused:
        return
    assert all(0 <= one.level <= 4 for each in matrix.people for one in each.held.values())

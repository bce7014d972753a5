"""`evaluate_linking`: the benchmark's protocol on small files, and what it says of bad ones. No database is opened."""

import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search.evaluation.linking import LinkingQuery, RankedQuery, figures

LABELS = """element_id,label,esco_uri
C1_fr_0,opérateur de remplissage,http://e/1
C1_fr_1,conducteur de machine,http://e/1
C2_fr_0,technicien de laboratoire,http://e/2
C2_fr_1,laborantin,http://e/2
C3_fr_0,boulanger,http://e/3
"""
QUERIES = """query_id,title,relevant_element_ids
Q1,Laborantin / Laborantine (H/F),C2_fr_0|C2_fr_1
Q2,Boulanger / Boulangère,C3_fr_0
"""
KEYS = ["queries", "map", "mrr", "hit1", "hit5", "hit10", "map_by_concept"]


@pytest.fixture
def files(tmp_path):
    def write(queries: str | bytes = QUERIES, labels: str | bytes = LABELS) -> tuple[str, str]:
        paths = tmp_path / "requetes.csv", tmp_path / "libelles.csv"
        for path, content in zip(paths, (queries, labels), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(paths[0]), str(paths[1])

    return write


@pytest.fixture
def run(capsys):
    def call(*arguments: str) -> dict:
        call_command("evaluate_linking", *arguments, "--json")
        (line,) = capsys.readouterr().out.splitlines()
        return json.loads(line)

    return call


def test_figures_are_the_means_over_the_queries():
    one = RankedQuery(LinkingQuery("1", "x", ("a", "b")), [1, 4], [1, 2])
    other = RankedQuery(LinkingQuery("2", "y", ("c",)), [10], [8])
    assert figures([one, other]) == {
        "queries": 2, "map": 0.425, "mrr": 0.55, "hit1": 0.5, "hit5": 0.5, "hit10": 1.0, "map_by_concept": 0.5625,
    }  # fmt: skip


def test_characters_alone_are_measured_without_a_model(files, run, scikit_learn, tmp_path, capsys):
    ranks = tmp_path / "rangs.jsonl"
    found = run(*files(), "--ranks", str(ranks))
    assert list(found) == KEYS
    assert (found["queries"], found["mrr"], found["hit1"], found["map_by_concept"]) == (2, 1.0, 1.0, 1.0)
    first, second = (json.loads(line) for line in ranks.read_text("utf-8").splitlines())
    assert first["query_id"] == "Q1"
    assert list(first["ranks"]) == ["C2_fr_0", "C2_fr_1"]
    assert first["ranks"]["C2_fr_1"] == 1
    assert second == {"query_id": "Q2", "ranks": {"C3_fr_0": 1}}


def test_person_is_told_that_there_is_no_model(files, scikit_learn, capsys):
    call_command("evaluate_linking", *files())
    shown = capsys.readouterr()
    assert "caractères seuls" in shown.err
    assert "MAP, rangés par concept" in shown.out


def test_labels_may_be_zipped_and_without_uri(files, run, scikit_learn):
    bare = "\n".join(line.rpartition(",")[0] for line in LABELS.splitlines())
    queries, labels = files(labels=bare)
    zipped = Path(labels + ".gz")
    zipped.write_bytes(gzip.compress(bare.encode()))
    assert run(queries, labels) == run(queries, str(zipped)) == run(*files())


@pytest.mark.parametrize(
    ("queries", "labels", "said"),
    [
        (QUERIES + "Q3,Boulanger,C9_fr_0\n", LABELS, r"requetes.csv, ligne 4 : éléments inconnus : C9_fr_0"),
        (QUERIES + "Q3,,C3_fr_0\n", LABELS, r"requetes.csv, ligne 4 : cellule vide : title"),
        (QUERIES + "Q3,Boulanger,\n", LABELS, r"requetes.csv, ligne 4 : cellule vide : relevant_element_ids"),
        (QUERIES + "Q3,Boulanger, | \n", LABELS, r"requetes.csv, ligne 4 : aucun élément"),
        (QUERIES + "Q2,Boulanger,C3_fr_0\n", LABELS, r"requetes.csv, ligne 4 : Q2 est déjà à la ligne 3"),
        (QUERIES + "Q3,Boulanger\n", LABELS, r"requetes.csv, ligne 4 : le nombre de cellules"),
        (QUERIES, LABELS + "C3_fr_0,pâtissier,u\n", r"libelles.csv, ligne 7 : C3_fr_0 est déjà à la ligne 6"),
        (QUERIES, LABELS + "C4_fr_0, ,u\n", r"libelles.csv, ligne 7 : cellule vide : label"),
    ],
)
def test_bad_row_is_reported_and_left_out(files, scikit_learn, capsys, queries, labels, said):
    with pytest.raises(SystemExit) as stopped:
        call_command("evaluate_linking", *files(queries, labels), "--json")
    assert stopped.value.code == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["queries"] == 2
    assert said in shown.err


@pytest.mark.parametrize(
    ("queries", "labels", "said"),
    [
        ("query_id,titre\nQ1,x\n", LABELS, "requetes.csv : colonnes absentes : title, relevant_element_ids"),
        (QUERIES, "element_id\nC1\n", "libelles.csv : colonnes absentes : label"),
        (QUERIES.encode("latin-1"), LABELS, "requetes.csv : ce n'est pas un CSV en UTF-8"),
        ("", LABELS, "requetes.csv : colonnes absentes"),
        (QUERIES.splitlines()[0], LABELS, "requetes.csv : aucune requête à mesurer"),
        ("query_id,title,relevant_element_ids\nQ1,x,C9\n", LABELS, "aucune requête à mesurer"),
    ],
)
def test_file_when_it_cannot_be_read_then_says_why(files, queries, labels, said):
    with pytest.raises(CommandError, match=said) as raised:
        call_command("evaluate_linking", *files(queries, labels))
    assert raised.value.returncode == 2


def test_path_when_wrong_then_is_named(files, scikit_learn, tmp_path):
    queries, labels = files()
    for arguments in (
        ("/nulle/part.csv", labels),
        (queries, str(tmp_path)),
        (queries, labels, "--ranks", "/nulle/part"),
    ):
        with pytest.raises(CommandError, match=r"/nulle/part|test_path") as raised:
            call_command("evaluate_linking", *arguments)
        assert raised.value.returncode == 2


def test_mode_asked_for_when_it_cannot_be_had_then_nothing_is_measured(files, settings, tmp_path):
    for model in ("", str(tmp_path)):
        settings.EMBEDDING_MODEL = model
        for mode in ("hybrid", "model"):
            with pytest.raises(CommandError, match="modèle"):
                call_command("evaluate_linking", *files(), "--mode", mode)


def test_model_when_it_does_not_load_then_characters_are_measured(
    files, run, scikit_learn, settings, tmp_path, capsys
):
    expected = run(*files())
    settings.EMBEDDING_MODEL = str(tmp_path)
    call_command("evaluate_linking", *files(), "--json")
    shown = capsys.readouterr()
    assert json.loads(shown.out) == expected
    assert "caractères seuls" in shown.err


@pytest.mark.model
def test_every_mode_gives_its_figures(files, run, real_model, scikit_learn):
    for mode in ("hybrid", "model", "characters"):
        assert run(*files(), "--mode", mode)["mrr"] > 0.5

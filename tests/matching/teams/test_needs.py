"""What a site needs, from a file or from the command line."""

import pytest

from matching.errors import TeamRefused
from matching.teams.names import Names
from matching.teams.needs import needs_from, read_needs
from matching.teams.team import Need

JOBS = Names({"operator": ("Opérateur de bioproduction", "Operator"), "leader": ("Chef d'équipe",)})


def read(text: str):
    return read_needs(text.encode(), JOBS, "besoins.csv")


def test_needs_when_read_then_have_two_holders_unless_they_say_more():
    needs = read("profil;effectif;equipe_min\noperator;3;\nChef d'équipe;1;4\n").needs
    assert needs == (Need("operator", 3, 2), Need("leader", 1, 4))
    assert read("profil,effectif\noperator,3\n").needs == (Need("operator", 3, 2),)


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("operatr;2;", "profil", "operator"),
        ("zzz;2;", "profil", "manage.py catalogue jobs"),
        ("leader;0;", "effectif", "de 1 à 5000"),
        ("leader;deux;", "effectif", "« deux »"),
        ("leader;2;0", "equipe_min", "de 1 à 100"),
        ("operator;2;", "profil", "déjà donné"),
    ],
)
def test_need_when_wrong_then_says_where_and_the_rest_is_kept(line, column, words):
    found = read(f"profil;effectif;equipe_min\noperator;3;\n{line}\n")
    assert found.needs == (Need("operator", 3, 2),)
    (problem,) = found.problems.kept
    assert (problem.line, problem.column) == (3, column)
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("metier;nombre\n", "profil"),
        ("profil;effectif\n", "aucun besoin"),
        ("profil;effectif\noperatr;1\n", "ligne 2"),
        ("profil;effectif\noperator;3000\nleader;3000\n", "5000 postes"),
    ],
)
def test_needs_when_nothing_can_be_asked_then_are_refused(text, words):
    with pytest.raises(TeamRefused, match=r"besoins\.csv") as refused:
        read(text)
    assert words in str(refused.value)


def test_profiles_when_typed_then_are_read():
    assert needs_from(["operator=3", "leader"], JOBS).needs == (Need("operator", 3), Need("leader", 1))
    assert needs_from(["Chef d'équipe = 2"], JOBS).needs == (Need("leader", 2),)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["operatr=3"], "operator"),
        (["operator=x"], "operator=3"),
        (["operator=-1"], "de 1 à"),
        (["operator=1", "operator=2"], "déjà donné"),
    ],
)
def test_profiles_when_typed_wrong_then_are_refused(texts, words):
    with pytest.raises(TeamRefused, match="--profile") as refused:
        needs_from(texts, JOBS)
    assert words in str(refused.value)

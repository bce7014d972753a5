"""The team and the needs that the documentation shows."""

from pathlib import Path

from django.conf import settings

from matching.teams.matrix import read_matrix
from matching.teams.names import Names
from matching.teams.needs import read_needs
from matching.teams.plan import Reason
from matching.teams.words import REASONS, WORDS
from tests.matching.factories import referential_rows

SAMPLES = Path(settings.BASE_DIR) / "matching" / "samples"


def test_samples_when_read_with_the_referential_that_ships_then_are_whole():
    labels: dict[str, list[str]] = {}
    for row in referential_rows():
        if row.kind == "preferred":
            labels.setdefault(row.code, []).append(row.text)
    profiles = (Path(settings.BASE_DIR) / "jobs" / "profiles").glob("*.yaml")
    jobs = Names({path.stem: () for path in profiles})
    matrix = read_matrix((SAMPLES / "equipe-site.csv").read_bytes(), Names(labels), jobs)
    needs = read_needs((SAMPLES / "besoins-site.csv").read_bytes(), jobs)
    assert (matrix.problems.kept, needs.problems.kept) == ([], [])
    assert len(matrix.people) == 12
    assert sum(need.posts for need in needs.needs) == 11


def test_words_when_compared_then_both_languages_say_the_same_things():
    assert WORDS["fr"].keys() == WORDS["en"].keys()
    assert set(REASONS["fr"]) == set(REASONS["en"]) == set(Reason)

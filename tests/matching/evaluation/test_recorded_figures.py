"""The figures of the holdout: kept once, given back as they were, never written over."""

import json

import pytest
from django.core.management import CommandError, call_command

from matching.evaluation.extraction_figures import TextFigures
from matching.evaluation.ranked_set import read_ranked_set
from matching.evaluation.ranking_figures import RankingFigures
from matching.evaluation.recorded_figures import (
    Provenance,
    read_rankings,
    read_readings,
    write_figures,
)
from matching.management.commands import evaluate_matching
from search.evaluation.golden_files import HOLDOUT

PROVENANCE = Provenance("2026-01-31", "0123", "1", 0.5)
READINGS = {"full": [TextFigures("t1", "fr", "cv", 4, 3, 5, 3, 7, 3, 2, 1, 1)]}
RANKINGS = {"full": [RankingFigures("p1", "people", "fr", {"person_jobs": 0.8})]}


def test_figures_when_kept_then_are_given_back_as_they_were(tmp_path):
    texts, rankings = tmp_path / "texts.json", tmp_path / "rankings.json"
    assert read_readings(texts) is None
    assert read_rankings(rankings) is None
    write_figures(texts, PROVENANCE, READINGS)
    write_figures(rankings, PROVENANCE, RANKINGS)
    assert read_readings(texts) == (PROVENANCE, READINGS)
    assert read_rankings(rankings) == (PROVENANCE, RANKINGS)


def test_figures_when_measured_again_then_those_that_are_kept_stand(tmp_path):
    path = tmp_path / "rankings.json"
    write_figures(path, PROVENANCE, RANKINGS)
    with pytest.raises(FileExistsError):
        write_figures(path, PROVENANCE, {})
    assert read_rankings(path) == (PROVENANCE, RANKINGS)


def test_command_when_asked_for_the_holdout_then_shows_what_is_kept(capsys):
    call_command("evaluate_matching", "--set", "holdout", "--json")
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert "mesurés une fois" in err
    shown = {one["id"] for one in lines if one["part"] == "ranking"}
    assert shown == {text.id for text in read_ranked_set().half(HOLDOUT)}


def test_command_when_there_is_no_model_then_the_holdout_is_not_spent_on_words_alone(
    settings, tmp_path, monkeypatch
):
    monkeypatch.setattr(evaluate_matching, "read_readings", lambda: None)
    settings.EMBEDDING_MODEL = ""
    with pytest.raises(CommandError, match="modèle de langue"):
        call_command("evaluate_matching", "--set", "holdout")

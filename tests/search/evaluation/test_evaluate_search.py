"""`manage.py evaluate_search` on a small catalogue and a golden set of its own."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.search.factories import make_skill

pytestmark = pytest.mark.django_db


class Evaluation:
    """The command, with the files of the test."""

    def __init__(self, golden, recorded, wordings):
        self.golden, self.recorded, self.wordings = golden, recorded, wordings

    def __call__(self, *arguments: str) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        folders = ("--golden", self.golden, "--recorded", self.recorded, "--wordings", self.wordings)
        call_command("evaluate_search", *map(str, folders), *arguments, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    def lines(self, *arguments: str) -> list[dict]:
        return [json.loads(line) for line in self(*arguments, "--json")[0].splitlines()]


@pytest.fixture
def evaluate(golden_files, rebuild, tmp_path):
    make_skill("s1", "Conduire des colonnes", "Run columns")
    make_skill("s3", "Cryoconservation", "Cryopreservation")
    rebuild()
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    wordings = tmp_path / "wordings.jsonl"
    one = {"id": "f1", "target": "skills", "masculine": "des colonnes"}
    wordings.write_text(json.dumps(one | {"feminine": "colonnes", "epicene": "équitation"}), encoding="utf-8")
    return Evaluation(golden_files.write(), recorded, wordings)


def test_figures_of_one_mode(evaluate):
    out, err = evaluate("--mode", "lexical")
    assert "Modèle : aucun ; moteur : embedded" in out
    assert "| nDCG@10 " in out
    assert "Absents de l'index (jobs), comptés comme non trouvés : x" in err


def test_lines_for_machines(evaluate):
    first, overall, *others = evaluate.lines("--mode", "lexical", "--each")
    assert (first["set"], first["recipe"]["engine"], first["recipe"]["model"]) == ("tuning", "embedded", "")
    assert (overall["queries"], overall["with_answer"]) == (3, 2)
    # q1's only answer is not in the index; q2's is found first; q3 has no answer and gets none.
    assert overall["figures"]["mrr"]["mean"] == 0.5
    assert overall["figures"]["no_answer_precision"]["mean"] == 0.5
    assert overall["figures"]["no_answer_recall"]["mean"] == 1
    queries = [line["query"]["id"] for line in others if "query" in line]
    assert queries == ["q1", "q2", "q3"]


def test_fairness(evaluate):
    lines = evaluate.lines("--set", "fairness", "--mode", "lexical")
    worst = lines[-1]
    assert worst["rbo"] == {"masculine/feminine": 1, "masculine/epicene": 0, "feminine/epicene": 0}
    out, _ = evaluate("--set", "fairness", "--mode", "lexical")
    assert "équitation" in out


def test_without_a_model_the_other_modes_are_refused_with_the_reason(evaluate):
    with pytest.raises(CommandError, match="aucun modèle") as caught:
        evaluate()
    assert caught.value.returncode == 2


def test_all_never_runs_the_holdout_half(evaluate):
    _, err = evaluate("--set", "all", "--mode", "lexical")
    assert "n'a pas encore été mesurée" in err
    assert list(evaluate.recorded.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--record", "--mode", "lexical"),
        ("--record", "--set", "fairness"),
        ("--each", "--set", "holdout"),
        ("--report", "page.md", "--mode", "lexical"),
        ("--golden", "/no/folder"),
        ("--wordings", "/no/file"),
    ],
)
def test_what_makes_no_sense_is_refused(evaluate, arguments):
    with pytest.raises(CommandError) as caught:
        evaluate(*arguments)
    assert caught.value.returncode == 2


def test_mistakes_of_the_golden_set_are_told(evaluate, golden_files):
    golden_files.halves["q1"] = "neither"
    golden_files.write()
    with pytest.raises(CommandError, match=r"split\.csv, ligne 2"):
        evaluate("--mode", "lexical")


def test_without_an_index_it_says_what_to_do(db, golden_files):
    with pytest.raises(CommandError, match="search_index rebuild"):
        call_command("evaluate_search", "--golden", str(golden_files.write()))


@pytest.mark.model
def test_record_report_and_the_one_run_of_the_holdout_half(
    real_model, one_thread, evaluate, rebuild, tmp_path
):
    rebuild()
    evaluate("--record")
    baseline = json.loads((evaluate.recorded / "tuning.json").read_text(encoding="utf-8"))
    assert set(baseline["ndcg10"]) == {"lexical", "semantic", "hybrid"}
    assert set(baseline["ndcg10"]["hybrid"]) == {"q1", "q2"}

    page = tmp_path / "quality.md"
    evaluate("--report", str(page))
    assert "Not run yet." in page.read_text(encoding="utf-8")
    assert not (evaluate.recorded / "holdout.json").exists()

    first, err = evaluate("--set", "holdout")
    assert "ne seront plus mesurés" in err
    make_skill("cryo", "Cryoconservation des cellules", "Cell cryopreservation")
    rebuild()
    again, err = evaluate("--set", "holdout")
    assert again == first
    assert "ne seront plus mesurés" not in err
    one_mode = evaluate.lines("--set", "holdout", "--mode", "lexical")
    assert {line["mode"] for line in one_mode if "mode" in line} == {"lexical"}
    with pytest.raises(CommandError, match="supprimez"):
        evaluate("--set", "holdout", "--again")
    evaluate("--report", str(page))
    assert "Run once, on " in page.read_text(encoding="utf-8")

"""The tables, the report and the lines for machines."""

import json

import pytest

from search.evaluation import json_lines
from search.evaluation.agreement import agreement_by_target
from search.evaluation.golden_files import GoldenSetError
from search.evaluation.golden_set import KINDS, LANGUAGES, TARGETS, read_golden_set
from search.evaluation.recorded import Holdout
from search.evaluation.report import Evaluation, report
from search.evaluation.tables import (
    difference_table,
    fairness_table,
    group_table,
    overall_table,
    query_table,
    worst,
)
from search.evaluation.wordings import Wordings, overlap, read_wordings
from search.evaluation.words import ENGLISH, FRENCH
from tests.search.evaluation.test_figures import PROVENANCE, RECIPE, query_figures


@pytest.fixture
def figures():
    lexical = [query_figures(number, 0.2, kind="typo") for number in range(8)]
    hybrid = [query_figures(number, 0.2 + number / 20, kind="typo") for number in range(8)]
    nothing = query_figures(9, 0.0, kind="no_answer", has_answer=False, abstained=True)
    return {
        mode: [*some, nothing]
        for mode, some in (("lexical", lexical), ("semantic", lexical), ("hybrid", hybrid))
    }


@pytest.fixture
def overlaps():
    same = dict.fromkeys(("masculine", "feminine", "epicene"), ("a", "b", "c"))
    one = Wordings("f1", "jobs", {"masculine": "un", "feminine": "une", "epicene": "un·e"})
    other = Wordings("f2", "skills", {"masculine": "le", "feminine": "la", "epicene": "lae"})
    return [overlap(one, same), overlap(other, same | {"epicene": ("x", "y", "z")})]


def test_both_languages_have_every_word():
    assert list(FRENCH) == list(ENGLISH)
    assert {*KINDS, *LANGUAGES, *TARGETS} <= set(FRENCH)


def test_overall_table_marks_what_is_significant(figures):
    table = overall_table(figures, FRENCH)
    assert table.header == (
        "mesure",
        "lexical",
        "sémantique",
        "hybride",
        "hybride − lexical",
        "hybride − sémantique",
    )
    ndcg = table.rows[0]
    assert ndcg[1] == "0.200 [0.20, 0.20]"
    assert ndcg[4].startswith("+0.175 [")
    assert ndcg[4].endswith(" *")
    rows = {row[0]: row[1] for row in table.rows}
    assert (rows["requêtes"], rows["avec réponse"], rows["abstentions"]) == ("9", "8", "1")
    assert rows["précision des abstentions"] == "1.000 [1.00, 1.00]"


def test_one_mode_alone_has_no_difference(figures):
    alone = {"lexical": figures["lexical"]}
    assert overall_table(alone, ENGLISH).header == ("figure", "lexical")
    assert difference_table(alone, ENGLISH) is None


def test_group_table_has_a_row_a_group_and_mode(figures):
    table = group_table(figures, "kind", ENGLISH)
    assert [row[:4] for row in table.rows[:2]] == [
        ("typing mistake", "lexical", "8", "8"),
        ("typing mistake", "semantic", "8", "8"),
    ]
    assert table.rows[3][:5] == ("no answer", "lexical", "1", "0", "–")


def test_query_table_begins_with_the_worst(figures):
    ids = [row[0] for row in query_table(figures, ENGLISH).rows]
    assert ids == ["q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q9"]


def test_lines_are_aligned_for_the_terminal_and_compact_in_a_file(figures):
    table = overall_table(figures, FRENCH)
    assert len({len(line) for line in table.lines()}) == 1
    assert table.compact_lines()[1] == "|---|---|---|---|---|---|"


def test_fairness_table_and_worst(overlaps):
    table = fairness_table(overlaps, ENGLISH)
    assert [(row[0], row[1]) for row in table.rows] == [("jobs", "1"), ("skills", "1"), ("all", "2")]
    assert table.rows[0][2] == "1.000 [1.00, 1.00]"
    assert table.rows[1][2].startswith("0.333")
    assert [one.wordings.id for one in worst(overlaps)] == ["f2", "f1"]


def evaluation(golden, figures, overlaps, holdout=None):
    agreements = agreement_by_target(golden, {"jobs": 10, "skills": 20})
    return Evaluation(golden, RECIPE, figures, holdout, overlaps, agreements, {"jobs": ["x"]})


def test_report_says_what_it_was_made_with_and_how(golden_files, figures, overlaps):
    golden = read_golden_set(golden_files.write())
    page = report(evaluation(golden, figures, overlaps))
    assert "Model: `a-model`, fingerprint `0123`. Engine: embedded. Version of documents: 3." in page
    assert "evaluate_search --report docs/quality.md" in page
    assert "counted as not found: jobs: `x`." in page
    assert "Not run yet." in page
    for title in ("Tuning half", "Holdout half", "Fairness of wording", "Agreement of the judges"):
        assert f"\n## {title}\n" in page
    assert "| skills | 0.333 | le | la | lae |" in page
    assert "| all | listed by a judge or both | 5 |" in page


def test_report_says_when_the_holdout_half_was_run_and_that_the_set_has_changed(
    golden_files, figures, overlaps
):
    golden = read_golden_set(golden_files.write())
    page = report(evaluation(golden, figures, overlaps, Holdout(PROVENANCE, figures)))
    holdout = page[page.index("## Holdout half") : page.index("## Fairness")]
    assert "Run once, on 2026-01-31." in holdout
    assert "fingerprint `0123`" in holdout
    assert "The golden set has changed since." in holdout
    assert "| nDCG@10 | 0.200 [0.20, 0.20] |" in holdout


def test_lines_for_machines(figures, overlaps):
    lines = [*json_lines.figure_lines("tuning", figures), *json_lines.fairness_lines("hybrid", overlaps)]
    assert json.loads(json.dumps(lines)) == lines
    first = lines[0]
    assert (first["set"], first["mode"], first["group"], first["value"]) == ("tuning", "lexical", "all", None)
    assert first["figures"]["ndcg10"] == {"mean": 0.2, "low": 0.2, "high": 0.2, "count": 8}
    difference = next(line for line in lines if "minus" in line)
    assert (difference["mode"], difference["minus"]) == ("hybrid", "lexical")
    assert difference["figures"]["ndcg10"]["significant"] is True
    assert lines[-1]["wordings"]["id"] == "f1"


def test_the_wordings_are_read_and_their_mistakes_told(tmp_path):
    assert {one.target for one in read_wordings()} == set(TARGETS)
    path = tmp_path / "wordings.jsonl"
    good = {"id": "f1", "target": "jobs", "masculine": "un", "feminine": "une", "epicene": "un·e"}
    bad = [good | {"target": "people"}, {"id": "f2", "target": "jobs", "masculine": "un"}, good]
    path.write_text("\n".join(json.dumps(line) for line in (good, *bad)), encoding="utf-8")
    with pytest.raises(GoldenSetError) as caught:
        read_wordings(path)
    assert str(caught.value).splitlines() == [
        "wordings.jsonl, ligne 2 : valeur inconnue pour target",
        "wordings.jsonl, ligne 3 : il manque feminine, epicene",
        "wordings.jsonl, ligne 4 : f1 est déjà là",
    ]

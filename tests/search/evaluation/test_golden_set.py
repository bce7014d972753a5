"""The golden set: what its files mean, and what is refused in them; the real files are right."""

from collections import Counter

import pytest

from search.evaluation.golden_files import GoldenSetError, write_split
from search.evaluation.golden_set import GOLDEN_FOLDER, GoldenQuery, read_golden_set, split


def queries_of(stratum: tuple[str, str, str], count: int) -> list[GoldenQuery]:
    lang, kind, target = stratum
    return [GoldenQuery(f"{kind}-{number}", lang, kind, target, "texte") for number in range(count)]


def test_grade_is_the_mean_of_the_judges_and_the_unlisted_got_nought(golden_files):
    golden = read_golden_set(golden_files.write())
    assert golden.grades("q2") == {"s1": 2.5, "s2": 0.5}
    assert golden.relevant("q2") == {"s1"}


def test_one_judge_alone_with_a_marginal_grade_makes_no_answer(golden_files):
    golden = read_golden_set(golden_files.write())
    assert golden.grades("q3") == {"s1": 0.5}
    assert not golden.relevant("q3")


def test_halves(golden_files):
    golden = read_golden_set(golden_files.write())
    assert [query.id for query in golden.half("tuning")] == ["q1", "q2", "q3"]
    assert [query.id for query in golden.half("holdout")] == ["q4"]


def test_codes_that_the_index_lacks_are_told(golden_files):
    golden = read_golden_set(golden_files.write())
    known = {"jobs": {"y"}, "skills": {"s1", "s2", "s3"}}
    assert golden.unknown_codes(known) == {"jobs": ("x",)}


def test_digest_follows_queries_and_judgements_but_not_the_order_of_lines(golden_files):
    first = read_golden_set(golden_files.write()).digest
    golden_files.queries.reverse()
    assert read_golden_set(golden_files.write()).digest == first
    golden_files.judged["b"]["q4"] = {"s3": 1}
    assert read_golden_set(golden_files.write()).digest != first


def test_every_mistake_is_told_with_file_and_line(golden_files):
    golden_files.queries += [
        {"id": "q1", "lang": "fr", "kind": "typo", "target": "jobs", "text": "encore"},
        {"id": "q5", "lang": "de", "kind": "typo", "target": "jobs", "text": "Zellkultur"},
        {"id": "q6", "lang": "fr", "kind": "typo", "target": "jobs", "text": " "},
    ]
    golden_files.judged["a"] |= {"q2": {"s1": 4}, "zz": {}}
    del golden_files.judged["b"]["q4"]
    golden_files.halves |= {"q3": "both", "q9": "tuning"}
    folder = golden_files.write()
    with (folder / "judgements-b.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n[]\n")
    with pytest.raises(GoldenSetError) as caught:
        read_golden_set(folder)
    told = str(caught.value).splitlines()
    beginnings = [
        "queries.jsonl, ligne 5 : q1 est déjà là",
        "queries.jsonl, ligne 6 : valeur inconnue pour lang",
        "queries.jsonl, ligne 7 : il manque text",
        "judgements-a.jsonl, ligne 2 : « grades »",
        "judgements-a.jsonl, ligne 5 : zz",
        "judgements-a.jsonl : q2 n'est pas jugée",
        "judgements-b.jsonl, ligne 4 : JSON illisible",
        "judgements-b.jsonl, ligne 5 : il faut un objet JSON",
        "judgements-b.jsonl : q4 n'est pas jugée",
        "split.csv, ligne 4 : la moitié est tuning ou holdout",
        "split.csv, ligne 6 : q9",
        "split.csv : q3 n'a pas de moitié",
    ]
    assert len(told) == len(beginnings)
    for line, beginning in zip(told, beginnings, strict=True):
        assert line.startswith(beginning)


def test_true_is_no_grade(golden_files):
    golden_files.judged["a"]["q1"] = {"x": True}
    with pytest.raises(GoldenSetError, match=r"judgements-a\.jsonl, ligne 1"):
        read_golden_set(golden_files.write())


def test_split_is_half_and_half_within_each_stratum():
    strata = [("fr", "experience", "skills"), ("en", "typo", "jobs")]
    queries = queries_of(strata[0], 10) + queries_of(strata[1], 5)
    halves = split(queries)
    counts = Counter((query.kind, halves[query.id]) for query in queries)
    assert counts == {
        ("experience", "tuning"): 5,
        ("experience", "holdout"): 5,
        ("typo", "tuning"): 3,
        ("typo", "holdout"): 2,
    }
    assert split(queries[::-1]) == halves


def test_the_real_files_are_right_and_follow_the_rule_of_halves(tmp_path):
    golden = read_golden_set()
    assert golden.halves == split(golden.queries)
    write_split(tmp_path / "split.csv", golden.halves)
    assert (tmp_path / "split.csv").read_bytes() == (GOLDEN_FOLDER / "split.csv").read_bytes()

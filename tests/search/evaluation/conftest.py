"""A small golden set in a folder of its own, and queries to put in it."""

import json

import pytest

QUERIES = [
    {"id": "q1", "lang": "fr", "kind": "job_search", "target": "jobs", "text": "technicien de culture"},
    {"id": "q2", "lang": "en", "kind": "experience", "target": "skills", "text": "running columns"},
    {"id": "q3", "lang": "fr", "kind": "no_answer", "target": "skills", "text": "dresser des chevaux"},
    {"id": "q4", "lang": "fr", "kind": "experience", "target": "skills", "text": "cryoconservation"},
]
JUDGED_A = {"q1": {"x": 3}, "q2": {"s1": 3, "s2": 1}, "q3": {}, "q4": {"s3": 2}}
JUDGED_B = {"q1": {"x": 3}, "q2": {"s1": 2}, "q3": {"s1": 1}, "q4": {"s3": 3}}
HALVES = {"q1": "tuning", "q2": "tuning", "q3": "tuning", "q4": "holdout"}


class GoldenFiles:
    """The files of a golden set, to be changed before they are read."""

    def __init__(self, folder):
        self.folder = folder
        self.queries = [dict(query) for query in QUERIES]
        self.judged = {"a": dict(JUDGED_A), "b": dict(JUDGED_B)}
        self.halves = dict(HALVES)

    def write(self):
        self.folder.mkdir(exist_ok=True)
        self.write_lines("queries.jsonl", [json.dumps(query) for query in self.queries])
        for judge, judged in self.judged.items():
            lines = [json.dumps({"id": query, "grades": grades}) for query, grades in judged.items()]
            self.write_lines(f"judgements-{judge}.jsonl", lines)
        self.write_lines(
            "split.csv", ["id,half", *(f"{query},{half}" for query, half in self.halves.items())]
        )
        return self.folder

    def write_lines(self, name, lines):
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def golden_files(tmp_path):
    return GoldenFiles(tmp_path / "golden")

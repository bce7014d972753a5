"""The annotated texts and the judged people and needs: what ships, the rules by which they count, and files with mistakes."""

import json

import pytest

from matching.evaluation.annotated_set import (
    ANNOTATED_FOLDER,
    KINDS,
    AnnotatedSet,
    AnnotatedText,
    Annotation,
    HeldSkill,
    read_annotated_set,
)
from matching.evaluation.ranked_set import NEEDS, PEOPLE, read_ranked_set
from matching.reader_building import sources
from search.evaluation.golden_files import HOLDOUT, TUNING, GoldenSetError
from tests.matching.factories import referential_rows

CODES = {row.code for row in referential_rows()}


# --- What ships
def test_annotated_texts_when_read_then_are_enough_of_every_kind_and_know_the_referential():
    annotated = read_annotated_set()
    assert len(annotated.texts) >= 80
    assert {text.kind for text in annotated.texts} == set(KINDS)
    for text in annotated.texts:
        assert annotated.acceptable(text.id) | annotated.may_be_set_aside(text.id) <= CODES
    for half in (TUNING, HOLDOUT):
        assert sum(text.kind == "no_answer" for text in annotated.half(half)) >= 10


def test_halves_when_read_then_the_holdout_is_what_was_written_last():
    for one, last in ((read_annotated_set(), "uvw"), (read_ranked_set(), "rk")):
        assert {text.id[0] for text in one.half(TUNING)}.isdisjoint(last)
        assert {text.id[0] for text in one.half(HOLDOUT)} == set(last)


def test_judged_people_and_needs_when_read_then_are_enough():
    ranked = read_ranked_set()
    assert sum(text.kind == PEOPLE for text in ranked.texts) >= 40
    assert sum(text.kind == NEEDS for text in ranked.texts) >= 15
    for text in ranked.texts:
        assert 1 <= len(ranked.right_jobs(text.id)) <= 2
        assert ranked.trainings(text.id)


def test_training_of_the_reader_when_it_gathers_texts_then_never_sees_the_holdout():
    annotated = read_annotated_set()
    held_out = {text.id for text in annotated.half(HOLDOUT)}
    texts = sources.judged_texts()
    assert {text.id for text in texts if text.is_tuning} == {text.id for text in annotated.half(TUNING)}
    assert held_out.isdisjoint(text.id for text in texts)
    wanted = [one.source for one in sources.quotes(texts, CODES)]
    assert wanted
    assert held_out.isdisjoint(wanted)
    holdout_texts = {text.text for text in annotated.half(HOLDOUT)}
    assert holdout_texts.isdisjoint(text.text for text in texts)


def test_ways_of_saying_when_read_then_every_skill_has_some():
    said: dict[str, int] = {}
    for one in sources.sayings(CODES):
        said[one.code] = said.get(one.code, 0) + 1
    assert set(said) == CODES
    assert min(said.values()) >= 15


# --- The rule
def small_set(one: dict[str, HeldSkill], other: dict[str, HeldSkill], **aside) -> AnnotatedSet:
    text = AnnotatedText("t", "fr", "plain", "texte")
    annotations = {
        "a": {"t": Annotation(one, aside.get("a", {}))},
        "b": {"t": Annotation(other, aside.get("b", {}))},
    }
    return AnnotatedSet((text,), annotations, {"t": TUNING}, "")


def test_skill_when_both_list_it_and_one_is_sure_then_must_be_found():
    annotated = small_set(
        {"both": HeldSkill(2, 2), "unsure": HeldSkill(2, 1), "one": HeldSkill(3, 2)},
        {"both": HeldSkill(3, 1), "unsure": HeldSkill(2, 1)},
    )
    assert annotated.required("t") == {"both"}
    assert annotated.acceptable("t") == {"both", "unsure", "one"}
    assert annotated.levels("t", "both") == (2, 3)


def test_skill_when_both_set_it_aside_then_must_be_kept_aside():
    annotated = small_set({}, {}, a={"x": "denied", "y": "wished"}, b={"x": "wished"})
    assert annotated.set_aside("t") == {"x"}
    assert annotated.may_be_set_aside("t") == {"x", "y"}


# --- Mistakes
@pytest.fixture
def folder(tmp_path):
    (tmp_path / "texts.jsonl").write_text(
        json.dumps({"id": "t1", "lang": "fr", "kind": "plain", "text": "Je pèse."}) + "\n", encoding="utf-8"
    )
    (tmp_path / "split.csv").write_text("id,half\nt1,tuning\n", encoding="utf-8")
    for name in "ab":
        line = {"id": "t1", "held": {}, "denied": {}, "wished": {}}
        (tmp_path / f"annotations-{name}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"x": {"level": 2, "sure": True, "quote": "ailleurs"}}, "la citation n'est pas dans le texte"),
        ({"x": {"level": 9, "sure": True, "quote": "pèse"}}, "le niveau va de 1 à 4"),
        ({"x": {"level": 2, "sure": 1, "quote": "pèse"}}, "« sure » est vrai ou faux"),
        ([], "doit donner un objet"),
    ],
)
def test_annotation_when_wrong_then_is_told_with_its_place(folder, held, said):
    line = {"id": "t1", "held": held, "denied": {}, "wished": {}}
    (folder / "annotations-b.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(GoldenSetError, match=r"annotations-b\.jsonl, ligne 1") as refused:
        read_annotated_set(folder)
    assert said in str(refused.value)


def test_annotations_when_a_text_is_missing_or_unknown_then_is_told(folder):
    line = {"id": "t9", "held": {}, "denied": {}, "wished": {}}
    (folder / "annotations-a.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(GoldenSetError) as refused:
        read_annotated_set(folder)
    assert "t9 n'est pas un texte connu" in str(refused.value)
    assert "t1 n'est pas annoté" in str(refused.value)
    assert (ANNOTATED_FOLDER / "split.csv").exists()

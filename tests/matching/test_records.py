"""A match that is kept: whole without the catalogue, replayed by the formula alone, refused when altered."""

import json

import pytest
from django.core.management import CommandError, call_command

from jobs.models import JobRequirement
from matching.directions.person_to_jobs import match_person
from matching.errors import RecordRefused
from matching.records import digest_of, make_record, read_record, replay
from matching.referential import load_referential
from matching.scoring import Held
from skills.models import Skill
from tests.matching.factories import rebuild_index
from tests.matching.test_match import catalogue  # noqa: F401 - fixture

pytestmark = pytest.mark.django_db

HELD = (Held("bioreactor-operation", 2), Held("batch-documentation", 2), Held("elisa-assays", 1))


@pytest.fixture
def record(catalogue):  # noqa: F811
    one, other = (Skill.objects.get(code=code) for code in ("bioreactor-operation", "aseptic-connections"))
    Skill.related.through.objects.create(from_skill=one, to_skill=other)
    rebuild_index()
    referential = load_referential()
    return make_record(match_person(HELD, referential=referential), HELD, referential, "fr")


def test_record_when_replayed_then_every_figure_comes_again(record):
    assert record["answer"][0]["improve"]
    assert record["answer"][0]["improve_skills"]
    assert replay(json.loads(json.dumps(record))) == []


def test_record_when_the_catalogue_is_gone_then_is_still_replayed(record):
    JobRequirement.objects.all().delete()
    assert replay(record) == []


def test_record_when_made_then_holds_no_word_of_the_person(record):
    assert set(record) == {
        "format",
        "made_on",
        "language",
        "versions",
        "held",
        "likely",
        "behaviours",
        "denied",
        "nearest",
        "links",
        "labels",
        "jobs",
        "trainings",
        "answer",
        "digest",
    }


@pytest.mark.parametrize(
    ("where", "value", "place"),
    [
        (("answer", 0, "score"), 0.99, "upstream/score"),
        (("answer", 0, "improve", 0, "after"), 0.99, "upstream/improve/"),
        (("answer", 0, "improve", 0, "taught"), 0.99, "upstream/improve/"),
        (("answer", 0, "improve_skills", 0, "after"), 0.99, "upstream/improve_skills/"),
        (("answer", 0, "requirements", 0, "state"), "covered", "upstream/requirements/bioreactor-operation"),
    ],
)
def test_record_when_a_figure_is_not_the_formula_s_then_is_told(record, where, value, place):
    target = record
    for step in where[:-1]:
        target = target[step]
    target[where[-1]] = value
    (difference,) = replay(record)
    assert difference.place.startswith(place)


def test_record_when_altered_or_no_record_then_is_refused(record):
    text = json.dumps(record)
    assert read_record(text) == record
    with pytest.raises(RecordRefused, match="modifié"):
        read_record(text.replace('"made_on": "', '"made_on": "1'))
    for other in ("pas du JSON", "[]", "{}", '{"format": "biofiliere-match-2"}', "[" * 100_000):
        with pytest.raises(RecordRefused):
            read_record(other)
    broken = {"format": record["format"], "held": 5}
    with pytest.raises(RecordRefused, match="incomplet"):
        replay({**broken, "digest": digest_of(broken)})


def test_commands_when_a_match_is_recorded_then_replay_says_it_is_the_same(record, tmp_path, capsys):
    text, kept = tmp_path / "texte.txt", tmp_path / "match.json"
    text.write_text("Conduite de bioréacteurs. Dossier de lot.", encoding="utf-8")
    call_command("match", str(text), "--record", str(kept), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert "Conduite de bioréacteurs." not in kept.read_text(encoding="utf-8")
    call_command("replay", str(kept), "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["same"] is True
    assert [one["today"] for one in said["jobs"]] == [one["score"] for one in answer["jobs"]]
    assert said["versions"]["recorded"] == said["versions"]["today"] == answer["versions"]
    JobRequirement.objects.filter(page__code="upstream").update(level=4)
    call_command("replay", str(kept))
    shown = capsys.readouterr().out
    assert "Recalculé à l'identique" in shown
    assert "catalogue" in shown
    assert "aujourd'hui :" in shown


def test_replay_when_the_file_is_missing_then_exits_with_two(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("replay", str(tmp_path / "none.json"))
    assert refused.value.returncode == 2

"""What the training may read, and what it makes of titles."""

import sys
from pathlib import Path

import pytest
from django.conf import settings

from search.model_building.concepts import OUR_JOB, OUR_SKILL, gendered_names, shared_ending
from search.model_building.open_data import FILES, read_open_data
from search.model_building.own_texts import read_own_texts
from search.model_building.pairs import PairSampler
from search.model_building.recipe import TrainingRecipe
from tests.search.model_building.factories import write_open_data

OPENED: list[str] | None = None


def _note_opened(event: str, arguments: tuple) -> None:
    if OPENED is not None and event == "open" and isinstance(arguments[0], str | Path):
        OPENED.append(str(arguments[0]))


sys.addaudithook(_note_opened)  # a hook cannot be removed: it notes only while OPENED is a list


@pytest.fixture
def opened(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "OPENED", files := [])
    return files


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Boulanger / Boulangère", ("Boulanger / Boulangère", "Boulanger", "Boulangère")),
        (
            "Entraîneur sportif / Entraîneuse sportive de football",
            (
                "Entraîneur sportif / Entraîneuse sportive de football",
                "Entraîneur sportif de football",
                "Entraîneuse sportive de football",
            ),
        ),
        ("chef de quai/cheffe de quai", ("chef de quai/cheffe de quai", "chef de quai", "cheffe de quai")),
        ("Cariste", ("Cariste",)),
        ("un / deux / trois", ("un / deux / trois",)),
    ],
)
def test_a_title_is_read_in_its_genders(title, names):
    assert gendered_names(title) == names


def test_an_esco_title_is_also_written_the_way_of_rome():
    assert shared_ending("chef de quai/cheffe de quai") == "chef / cheffe de quai"
    assert shared_ending("boulanger/boulangère") == "boulanger / boulangère"
    assert shared_ending("juge") == "juge"


def test_only_the_named_files_are_opened(tmp_path, opened):
    folder = write_open_data(tmp_path)
    for name in (
        "eval/occupation_linking_fr_tuning.csv",
        "rome/rome_esco.csv.gz",
        "onisep/onisep_ideo_metiers_rome.csv.gz",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("trap", encoding="utf-8")

    opened.clear()
    concepts = list(read_open_data(folder))

    read = {Path(path).relative_to(folder).as_posix() for path in opened if path.startswith(str(folder))}
    assert read == set(FILES)
    assert not any("eval" in name or "rome_esco" in name or "ideo" in name for name in FILES)
    assert len(concepts) == 5


def test_no_pair_joins_two_sources(tmp_path):
    concepts = [*read_open_data(write_open_data(tmp_path)), *_own()]
    origin: dict[str, set[str]] = {}
    for concept in concepts:
        for text in (*concept.names, *concept.details):
            origin.setdefault(text, set()).add(concept.source)
    sampler = PairSampler(concepts, TrainingRecipe(batch_size=64))

    pairs = [
        (sampler.texts[one], sampler.texts[other])
        for number in range(40)
        for batch in [sampler.batch(number)]
        for one, other in zip(batch.left, batch.right, strict=True)
    ]

    assert len(pairs) == 40 * 64
    assert all(origin[one] & origin[other] for one, other in pairs)


def test_our_mappings_and_codes_are_not_read():
    concepts = list(_own())
    assert {concept.source for concept in concepts} == {OUR_SKILL, OUR_JOB}
    texts = [text for concept in concepts for text in (*concept.names, *concept.details)]
    assert not [text for text in texts if "data.europa.eu" in text]


@pytest.mark.open_data
@pytest.mark.skipif(not settings.OPEN_DATA_DIR, reason="OPEN_DATA_DIR n'est pas donné")
def test_of_the_real_data_too_only_the_named_files_are_opened(opened):
    folder = Path(settings.OPEN_DATA_DIR)

    count = sum(1 for _ in read_open_data(folder))

    read = {Path(path).relative_to(folder).as_posix() for path in opened if path.startswith(str(folder))}
    assert read == set(FILES)
    assert count == 3_042 + 14_037 + 13_120


def test_a_missing_file_is_named(tmp_path):
    write_open_data(tmp_path)
    (tmp_path / FILES[1]).unlink()
    with pytest.raises(FileNotFoundError, match=r"esco_skills\.csv\.gz"):
        list(read_open_data(tmp_path))


def _own():
    return read_own_texts(settings.REFERENTIAL_DIR, settings.BASE_DIR / "jobs" / "profiles")

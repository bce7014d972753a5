"""Texts that people typed and nobody knows: what is kept, when it is shown, when it is forgotten."""

import datetime as dt

import pytest
from django.core.management import call_command

from search import unknown_terms
from search.models import UnknownSighting, UnknownTerm
from search.typed_texts import keepable
from search.unknown_terms import KEPT_DAYS, PEOPLE, forget, gather, is_known_otherwise, is_unknown, record
from skills.models import LabelKind, SkillLabel
from tests.skills.factories import CommuneFactory, SkillFactory

TODAY = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Bio-impression   3D ", "bio-impression 3d"),
        ("« Écoconception »", "écoconception"),
        ("x", ""),
        ("é" * 61, ""),
        ("***", ""),
        ("2024", ""),
        ("marie.durand@example.org", ""),
        ("voir www.exemple.fr", ""),
        ("mon-cv.fr", ""),
        ("06 12 34 56 78", ""),
        ("appelez +33 6 12-34-56-78", ""),
        ("né le 12/04/1985", ""),
        ("1 85 04 69 123 456", ""),
        ("RNCP40500", "rncp40500"),
        ("cuve de 2000 litres", "cuve de 2000 litres"),
    ],
)
def test_what_could_tell_of_a_person_is_not_kept(text, kept):
    assert keepable(text) == kept


@pytest.fixture
def skill(db):
    skill = SkillFactory(
        code="bioreactor", label_fr="Conduire un bioréacteur", label_en="Operate a bioreactor"
    )
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ACRONYM, text="USP")
    return skill


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("conduire un bioréacteur", False),
        ("USP à Lyon", False),
        ("bio-impression 3d", True),
        ("formation", True),
    ],
)
def test_the_lexicon_tells_what_is_known(skill, text, unknown):
    assert is_unknown(text) is unknown


def test_what_names_something_else_of_the_site_is_not_recorded(skill):
    CommuneFactory(name="Villeurbanne", name_key="villeurbanne")
    assert is_known_otherwise("Villeurbanne")
    assert is_known_otherwise("procédés amont")
    assert not record("Villeurbanne", "token", TODAY)
    assert not UnknownSighting.objects.exists()


def typed(text: str, *tokens: int, day: dt.date = TODAY) -> None:
    for token in tokens:
        record(text, f"token-{token}", day)


def waiting() -> list[tuple[str, int]]:
    terms = UnknownTerm.objects.filter(state=UnknownTerm.State.WAITING)
    return list(terms.values_list("text", "people"))


def test_a_text_shows_once_five_browsers_typed_it(skill):
    typed("Bio-impression", *range(PEOPLE - 1))
    typed("bio-impression", *range(PEOPLE - 1))  # the same browsers again
    gather(TODAY)
    assert waiting() == []
    typed("bio impression", PEOPLE)
    gather(TODAY)
    assert waiting() == [("bio-impression", PEOPLE)]
    # The hashes that served to count are gone.
    assert not UnknownSighting.objects.exists()
    typed("bio-impression", 50, day=TODAY + dt.timedelta(days=2))
    gather(TODAY + dt.timedelta(days=2))
    assert waiting() == [("bio-impression", PEOPLE + 1)]
    assert UnknownTerm.objects.get().last_day == TODAY + dt.timedelta(days=2)


def test_nothing_links_two_texts_of_one_browser(skill):
    typed("bio-impression", 1)
    typed("écoconception", 1)
    rows = list(UnknownSighting.objects.all())
    assert len({row.browser for row in rows}) == 2
    assert all("token-1" not in str(vars(row)) for row in rows)
    assert {field.name for field in UnknownSighting._meta.get_fields()} == {
        "id",
        "key",
        "text",
        "day",
        "browser",
    }


def test_what_few_typed_is_forgotten_after_thirty_days(skill):
    typed("bio-impression", 1, day=TODAY - dt.timedelta(days=KEPT_DAYS + 1))
    typed("écoconception", 1, day=TODAY - dt.timedelta(days=KEPT_DAYS))
    assert forget(TODAY) == 1
    assert [row.text for row in UnknownSighting.objects.all()] == ["écoconception"]
    typed("autre chose", 1, day=TODAY + dt.timedelta(days=1))  # the first row of a day does the same
    assert [row.text for row in UnknownSighting.objects.all()] == ["autre chose"]


def test_the_command_forgets_and_gathers(skill, capsys):
    typed("bio-impression", *range(PEOPLE), day=dt.date.today() - dt.timedelta(days=2))  # noqa: DTZ011
    typed("vieux mot", 1, day=dt.date(2020, 1, 1))
    UnknownSighting.objects.filter(text="vieux mot").update(day=dt.date(2020, 1, 1))
    call_command("purge_unknown_terms")
    assert "1 textes" in capsys.readouterr().out
    assert waiting() == [("bio-impression", PEOPLE)]


def test_a_day_adds_a_bounded_number_of_rows(skill, monkeypatch):
    monkeypatch.setattr(unknown_terms, "ROWS_A_DAY", 3)
    typed("bio-impression", *range(10))
    assert UnknownSighting.objects.count() == 3
    typed("bio-impression", 11, day=TODAY + dt.timedelta(days=1))
    assert UnknownSighting.objects.count() == 4


def test_a_dismissed_text_never_comes_back_and_one_dealt_with_may(skill):
    typed("bio-impression", *range(PEOPLE))
    gather(TODAY)
    UnknownTerm.objects.update(state=UnknownTerm.State.DISMISSED)
    typed("bio-impression", *range(20, 20 + PEOPLE))
    assert not UnknownSighting.objects.exists()
    UnknownTerm.objects.update(state=UnknownTerm.State.DONE)
    typed("bio-impression", *range(20, 20 + PEOPLE))
    gather(TODAY)
    assert waiting() == [("bio-impression", PEOPLE)]


def test_a_text_that_a_skill_has_by_now_leaves_the_list(skill):
    typed("bio-impression", *range(PEOPLE))
    gather(TODAY)
    SkillFactory(code="bioprinting", label_fr="Bio-impression", live=False)
    gather(TODAY)
    assert waiting() == []

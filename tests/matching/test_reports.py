"""Reports that an answer is wrong: what is kept of them, for how long, and what never is."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from matching import reports
from matching.models import Contested, MatchReport
from matching.referential import load_referential
from matching.reports import (
    KEPT_DAYS,
    Contest,
    TooManyReports,
    Words,
    answer_stamp,
    forget_words,
    keep_report,
    purge,
    report_of,
)
from matching.versions import versions_of
from skills.models import Skill
from tests.matching.factories import load_part_of_referential, make_action, make_job, make_training

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)
WORDS = Words("Ce n'est pas mon métier.", "je monte en fioles")


@pytest.fixture
def catalogue():
    load_part_of_referential("gmp", "sampling")
    make_job("upstream", ("gmp", 3, "essential"))
    make_action(make_training("near", ("gmp", 3)), 30)


def contest(**values) -> Contest:
    values = {"kind": Contested.NOT_SHOWN, "skill": "gmp", "level_shown": 2, **values}
    return Contest(**{"stamp": answer_stamp(load_referential()), **values})


def keep(words: Words | None = None, day: dt.date = TODAY, **values) -> tuple[MatchReport, str]:
    known = set(MatchReport.objects.values_list("pk", flat=True))
    token = keep_report(contest(**values), words, "fr", day)
    return MatchReport.objects.exclude(pk__in=known).get(), token


def test_without_words_only_codes_levels_and_versions_are_kept(catalogue):
    report, token = keep()
    assert token == ""
    assert (report.comment, report.passage, report.text_until, report.withdrawal_hash) == ("", "", None, "")
    assert (report.kind, report.skill_code, report.level_shown) == ("not-shown", "gmp", 2)
    now = versions_of(load_referential(), ())
    assert report.referential_version == now.referential
    assert (report.model_version, report.formula_version) == (now.model, now.formula)
    assert report.catalogue_version == ""


def test_neither_hour_nor_order_of_a_report_is_kept():
    """What a line of a server's log has, and a report must not."""
    kinds = {field.name: field.get_internal_type() for field in MatchReport._meta.concrete_fields}
    assert [name for name, kind in kinds.items() if kind == "DateTimeField"] == ["reviewed_at"]
    assert kinds["id"] == "UUIDField"
    assert not {"user", "account", "session", "ip", "address", "browser"} & set(kinds)


def test_words_are_kept_until_the_promised_day_and_their_token_is_not(catalogue):
    report, token = keep(WORDS)
    assert (report.comment, report.passage) == (WORDS.comment, WORDS.passage)
    assert report.text_until == TODAY + dt.timedelta(days=KEPT_DAYS)
    assert len(token) > 40
    assert token not in str(list(MatchReport.objects.values()))


def test_the_database_refuses_words_without_a_day(catalogue):
    for field in ("comment", "passage"):
        with pytest.raises(IntegrityError), transaction.atomic():
            MatchReport.objects.create(day=TODAY, kind="other", language="fr", **{field: "texte"})


def test_versions_are_unknown_once_the_site_has_changed(catalogue):
    stamp = answer_stamp(load_referential())
    assert keep(stamp=stamp)[0].formula_version == "1"
    Skill.objects.filter(code="sampling").update(label_fr="Prélever autrement")
    report, _token = keep(stamp=stamp)
    assert (report.referential_version, report.formula_version) == ("", "")
    assert keep(stamp="")[0].referential_version == ""


def test_two_answers_of_one_state_of_the_site_have_one_stamp(catalogue):
    """Nothing in two reports of one person says that they come from one answer."""
    assert answer_stamp(load_referential()) == answer_stamp(load_referential())
    one, other = (keep(skill=code)[0] for code in ("gmp", "sampling"))
    same = ("referential_version", "model_version", "formula_version", "catalogue_version", "withdrawal_hash")
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]


def test_the_catalogue_is_what_is_contested(catalogue):
    job = {"kind": Contested.JOB_TOO_HIGH, "skill": "", "job": "upstream"}
    before = keep(**job)[0].catalogue_version
    make_job("other", ("sampling", 2, "essential"))
    assert keep(**job)[0].catalogue_version == before != ""
    both = keep(kind=Contested.USELESS_TRAINING, skill="", job="upstream", training="near")[0]
    assert both.catalogue_version not in ("", before)


def test_a_day_has_a_bounded_number_of_reports(catalogue, monkeypatch):
    monkeypatch.setattr(reports, "ROWS_A_DAY", 2)
    keep(), keep(WORDS)
    with pytest.raises(TooManyReports):
        keep()
    assert MatchReport.objects.count() == 2
    keep(day=TODAY + dt.timedelta(days=1))


def test_words_are_forgotten_after_the_promised_day_and_codes_stay(catalogue):
    report, token = keep(WORDS)
    assert purge(TODAY + dt.timedelta(days=KEPT_DAYS)) == 0
    assert purge(TODAY + dt.timedelta(days=KEPT_DAYS + 1)) == 1
    report.refresh_from_db()
    assert (report.comment, report.passage, report.text_until, report.withdrawal_hash) == ("", "", None, "")
    assert report.skill_code == "gmp"
    assert report_of(token) is None


def test_the_first_report_of_a_day_forgets_what_is_too_old(catalogue):
    keep(WORDS)
    keep(day=TODAY + dt.timedelta(days=KEPT_DAYS + 1))
    assert not MatchReport.objects.exclude(comment="").exists()


def test_the_token_takes_the_words_of_its_report_back_and_no_other(catalogue):
    one, token = keep(WORDS)
    other, _ = keep(WORDS)
    assert report_of(token) == one
    assert forget_words(MatchReport.objects.filter(pk=one.pk)) == 1
    assert report_of(token) is None
    other.refresh_from_db()
    assert other.has_words


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 5_000])
def test_an_invented_token_finds_nothing(catalogue, token):
    keep()
    assert report_of(token) is None


def test_the_command_forgets_and_tells_how_many(catalogue, capsys):
    today = timezone.localdate()
    keep(WORDS, day=today)
    keep(WORDS, day=today - dt.timedelta(days=KEPT_DAYS + 1))
    call_command("purge_match_reports")
    assert "1 signalement de plus" in capsys.readouterr().out
    assert MatchReport.objects.exclude(comment="").count() == 1


def test_keeping_takes_few_queries(catalogue, django_assert_max_num_queries):
    contested = contest(kind=Contested.USELESS_TRAINING, skill="", job="upstream", training="near")
    with django_assert_max_num_queries(19):
        keep_report(contested, WORDS, "fr", TODAY)

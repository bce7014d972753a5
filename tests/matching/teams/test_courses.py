"""Sessions as a plan may choose them."""

import datetime as dt

import pytest

from matching.teams.courses import Search, load_courses
from matching.teams.quarters import months_after, quarters_from
from tests.matching.factories import in_days, load_part_of_referential, make_action, make_training
from training.models import TrainingSession


@pytest.fixture
def referential(db):
    load_part_of_referential("gmp")


def courses(*codes: str, days: int = 400):
    asked = Search(in_days(0), in_days(days))
    return {one.code: one.sessions for one in load_courses(dict.fromkeys(codes, ""), asked)}


def test_sessions_when_entry_is_permanent_then_one_a_quarter_shares_the_seats(referential):
    action = make_action(make_training("open", ("gmp", 2)), weeks=2, hours=70, price_eur=10)
    TrainingSession.objects.create(
        action=action, starts_on=in_days(-10), ends_on=in_days(300), seats=5, is_permanent_entry=True
    )
    sessions = courses("open")["open"]
    assert 3 <= len(sessions) <= 5
    assert {one.starts_on.weekday() for one in sessions} == {0}
    assert {(one.ends_on - one.starts_on).days for one in sessions} == {11}
    assert len({one.seats_key for one in sessions}) == 1
    assert len({one.code for one in sessions}) == len(sessions)
    assert all(in_days(0) <= one.starts_on <= in_days(300) for one in sessions)


@pytest.mark.parametrize(
    ("values", "days"), [({"weeks": 1}, 5), ({"hours": 14}, 2), ({"hours": 42}, 8), ({}, 1)]
)
def test_session_when_it_does_not_say_its_end_then_lasts_what_is_told(referential, values, days):
    action = make_action(make_training("brief", ("gmp", 2)), **values)
    TrainingSession.objects.create(action=action, starts_on=in_days(10))
    (session,) = courses("brief")["brief"]
    assert session.days == days


@pytest.mark.parametrize(("hours", "is_beside"), [(40, True), (140, False), (None, False)])
def test_session_when_it_takes_few_hours_a_week_then_is_beside_work(referential, hours, is_beside):
    make_action(make_training("slow", ("gmp", 2)), 10, length=27, hours=hours)
    assert [one.is_beside_work for one in courses("slow")["slow"]] == [is_beside]


def test_quarters_when_counted_from_a_day_then_the_first_is_cut():
    quarters = quarters_from(dt.date(2031, 11, 26), 3)
    assert [one.name for one in quarters] == ["2031-Q4", "2032-Q1", "2032-Q2"]
    assert (quarters[0].starts_on, quarters[0].ends_on) == (dt.date(2031, 11, 26), dt.date(2031, 12, 31))
    assert quarters[-1].ends_on == dt.date(2032, 6, 30)


def test_months_when_the_day_does_not_exist_then_is_the_last_of_the_month():
    assert months_after(dt.date(2031, 8, 31), 18) == dt.date(2033, 2, 28)
    assert months_after(dt.date(2031, 12, 15), 1) == dt.date(2032, 1, 15)

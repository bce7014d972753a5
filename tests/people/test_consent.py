"""A consent holds until its day or its withdrawal, whichever comes first, and two years at most."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from people.models import Consent, ConsentPurpose

pytestmark = pytest.mark.django_db

POOL = ConsentPurpose.CANDIDATE_POOL


def make_consent(days: int, **values) -> Consent:
    expires_on = timezone.localdate() + dt.timedelta(days=days)
    return Consent.objects.create(purpose=POOL, wording="Texte.", expires_on=expires_on, **values)


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (1, True)])
def test_a_consent_holds_until_its_day_included(days, holds):
    today = timezone.localdate()
    consent = make_consent(days)
    assert consent.is_active(today) is holds
    assert Consent.objects.active(POOL, today).exists() is holds


def test_a_consent_that_is_withdrawn_holds_no_more_from_that_moment_on():
    today = timezone.localdate()
    consent = make_consent(100)
    consent.withdraw()
    consent.refresh_from_db()
    assert not consent.is_active(today)
    assert not consent.is_active(today - dt.timedelta(days=30))
    assert not Consent.objects.active(POOL, today).exists()
    assert not Consent.objects.standing(POOL).exists()


def test_the_first_withdrawal_is_the_one_that_is_kept():
    consent = make_consent(100)
    consent.withdraw()
    first = consent.withdrawn_at
    consent.withdraw()
    assert Consent.objects.get().withdrawn_at == first


def test_a_consent_for_something_else_allows_nothing_here():
    Consent.objects.create(purpose="newsletter", wording="Texte.", expires_on=timezone.localdate())
    assert not Consent.objects.active(POOL, timezone.localdate()).exists()


@pytest.mark.parametrize("days", [-1, 732])
def test_a_consent_without_end_or_ended_before_it_begins_is_refused(days):
    with pytest.raises(ValidationError, match="deux ans au plus"):
        make_consent(days).full_clean()
    make_consent(731).full_clean()

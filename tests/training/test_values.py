"""Reading single values: what is understood, what becomes unknown, and what is said about it."""

import datetime as dt
from decimal import Decimal

import pytest

from training.importers import values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 250,50", Decimal("1250.50")),
        ("1\u202f250,50 €", Decimal("1250.50")),
        ("1.250,50", Decimal("1250.50")),
        ("1,250.50", Decimal("1250.50")),
        ("1250.5", Decimal("1250.50")),
        ("35 heures", Decimal(35)),
        ("0", Decimal(0)),
        ("", None),
        ("-", None),
    ],
)
def test_numbers(text, expected):
    notes = []
    assert values.number(text, "prix", notes, digits=9, places=2, zero_unknown=False) == expected
    assert notes == []


@pytest.mark.parametrize(
    "text", ["gratuit", "1e9", "NaN", "Infinity", "-5", "99999999999999", "1,2,3", "9" * 500]
)
def test_absurd_numbers_are_unknown_and_noted(text):
    notes = []
    assert values.number(text, "prix", notes, digits=9, places=2, zero_unknown=False) is None
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-02-01", dt.date(2027, 2, 1)),
        ("20270201", dt.date(2027, 2, 1)),
        ("1/2/2027", dt.date(2027, 2, 1)),
        ("01-02-2027", dt.date(2027, 2, 1)),
        ("2027-02-01T08:00:00", dt.date(2027, 2, 1)),
        ("00000000", None),
        ("99991231", None),
        ("31/12/9999", None),
    ],
)
def test_dates(text, expected):
    notes = []
    assert values.date(text, "début", notes) == expected
    assert notes == []


@pytest.mark.parametrize("text", ["2027-02-30", "demain", "0001-01-01", "2027-13-01"])
def test_impossible_dates_are_unknown_and_noted(text):
    notes = []
    assert values.date(text, "début", notes) is None
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.exemple.fr/page", "https://www.exemple.fr/page"),
        ("http://exemple.fr", "http://exemple.fr"),
        ("javascript:alert(1)", ""),
        ("javascript://exemple.fr/%0aalert(1)", ""),
        ("pas une adresse", ""),
        ("", ""),
    ],
)
def test_urls(text, expected):
    assert values.url(text, []) == expected


def test_scripts_do_not_reach_the_text():
    assert values.clean_text("<p>Avant</p><script>alert(1)</script><b>après</b>") == "Avant\naprès"
    assert values.clean_text("a\x00b\x0bc") == "a b c"


@pytest.mark.parametrize(
    ("text", "code"),
    [("35352", "RNCP35352"), ("RNCP 35352", "RNCP35352"), ("rs5653", "RS5653"), ("0", ""), ("-", "")],
)
def test_certification_codes(text, code):
    notes = []
    assert values.certification_code(text, "RNCP", notes) == code
    assert notes == []

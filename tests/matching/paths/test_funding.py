"""Who pays what, on the day before a rule changes and on the day itself."""

import datetime as dt
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from matching.paths.funding import (
    Certainty,
    Status,
    all_rules,
    apprenticeship_rules,
    cpf_terms,
    employer_rules,
    rules_on,
    vae_cpf_terms,
    vae_figures,
)
from matching.paths.problem import CpfTerms

NOW = dt.date(2026, 11, 26)
OFFICIAL = {
    "code.travail.gouv.fr",
    "www.legifrance.gouv.fr",
    "of.moncompteformation.gouv.fr",
    "www.moncompteformation.gouv.fr",
    "travail-emploi.gouv.fr",
    "vae.gouv.fr",
}


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (dt.date(2024, 5, 1), 0),
        (dt.date(2024, 5, 2), 100),
        (dt.date(2024, 12, 31), 100),
        (dt.date(2025, 1, 1), 102.23),
        (dt.date(2025, 12, 31), 102.23),
        (dt.date(2026, 1, 1), 103.20),
        (dt.date(2026, 4, 1), 103.20),
        (dt.date(2026, 4, 2), 150),
        (NOW, 150),
    ],
)
def test_participation_when_the_day_changes_then_follows_the_rule_of_that_day(day, share):
    answer = cpf_terms(day, "rncp", Status.EMPLOYEE)
    assert answer.terms == CpfTerms(share)
    cited = {rule.topic: rule.value for rule in answer.rules}
    assert cited.get("cpf-participation", 0) == share


def test_participation_when_the_account_would_pay_all_then_leaves_it_to_the_person():
    assert cpf_terms(NOW, "rncp", Status.EMPLOYEE).terms.most(1_000) == 850
    assert cpf_terms(NOW, "rncp", Status.JOB_SEEKER).terms.most(1_000) == 1_000


@pytest.mark.parametrize(
    ("status", "share"),
    [
        (Status.JOB_SEEKER, 0),
        (Status.EMPLOYER_FUNDED, 0),
        (Status.EMPLOYEE, 150),
        (Status.APPRENTICE, 150),
        (Status.OTHER, 150),
    ],
)
def test_participation_when_the_status_is_exempt_then_says_by_which_rule(status, share):
    answer = cpf_terms(NOW, "rncp", status)
    assert answer.terms.share_eur == share
    topics = [rule.topic for rule in answer.rules]
    assert any(topic.startswith("cpf-participation-exemption") for topic in topics) == (share == 0)
    assert ("cpf-participation" in topics) == (share > 0)


@pytest.mark.parametrize(
    ("day", "register", "certification", "ceiling"),
    [
        (dt.date(2026, 2, 25), "rs", "RS7314", None),
        (dt.date(2026, 2, 26), "rs", "RS7314", 1_500),
        (NOW, "rs", "RS7314", 1_500),
        (NOW, "rs", "RS7003", None),  # CléA
        (NOW, "rs", "RS5616", 1_500),  # CléA numérique: no text read exempts it
        (NOW, "rncp", "RNCP40500", None),
    ],
)
def test_ceiling_when_the_certification_is_of_the_specific_register_then_holds(
    day, register, certification, ceiling
):
    answer = cpf_terms(day, register, Status.JOB_SEEKER, certification)
    assert answer.terms.ceiling_eur == ceiling
    assert answer.terms.most(4_000) == (ceiling or 4_000)
    assert any(rule.topic.startswith("cpf-ceiling") for rule in answer.rules) == (
        register == "rs" and day >= dt.date(2026, 2, 26)
    )


@pytest.mark.parametrize("day", [dt.date(2018, 12, 31), NOW])
def test_account_when_no_certification_is_registered_then_pays_nothing(day):
    assert cpf_terms(day, "", Status.JOB_SEEKER).terms is None
    assert cpf_terms(dt.date(2018, 12, 31), "rncp", Status.JOB_SEEKER).terms is None


@pytest.mark.parametrize(("day", "is_told"), [(dt.date(2026, 10, 1), False), (dt.date(2026, 10, 2), True)])
def test_bill_when_it_is_only_proposed_then_is_told_and_not_counted(day, is_told):
    answer = cpf_terms(day, "rncp", Status.EMPLOYEE)
    told = [rule for rule in answer.rules if not rule.is_in_force]
    assert [rule.value for rule in told] == ([200] if is_told else [])
    assert answer.terms.share_eur == 150
    assert all(rule.is_in_force for rule in cpf_terms(day, "rncp", Status.JOB_SEEKER).rules)


@pytest.mark.parametrize(
    ("day", "pays"), [(dt.date(2025, 7, 31), False), (dt.date(2025, 8, 1), True), (NOW, True)]
)
def test_vae_when_the_decree_came_into_force_then_the_account_pays_for_all_of_it(day, pays):
    assert (vae_cpf_terms(day, Status.EMPLOYEE).terms is not None) == pays


@pytest.mark.parametrize(("day", "is_open"), [(dt.date(2022, 12, 22), False), (dt.date(2022, 12, 23), True)])
def test_vae_when_open_to_all_then_has_usual_figures_that_are_marked(day, is_open):
    figures = vae_figures(day)
    assert (figures is not None) == is_open
    if figures:
        usual = [rule for rule in figures.rules if rule.topic.startswith("vae-usual")]
        assert {rule.certainty for rule in usual} == {Certainty.RECALLED}
        assert all(rule.note("fr").startswith("À vérifier.") for rule in usual)
        assert all(rule.note("en").startswith("To be checked.") for rule in usual)
        assert (figures.days, figures.price_eur, figures.weekly_hours) == (365, 2_000, 3.5)


def test_others_who_pay_when_asked_then_are_cited():
    assert [rule.topic for rule in apprenticeship_rules(NOW)] == ["apprenticeship-free", "apprenticeship-age"]
    assert [rule.topic for rule in employer_rules(NOW)] == ["employer-pays"]
    assert apprenticeship_rules(dt.date(2018, 12, 31)) == ()


def test_credit_when_asked_then_is_information():
    credits = {rule.topic: rule.value for rule in rules_on(NOW) if rule.topic.startswith("cpf-credit")}
    assert sorted(credits.values()) == [500, 800, 5_000, 8_000]


def test_rules_when_read_then_are_sourced_dated_and_said_in_both_languages():
    assert len({rule.code for rule in all_rules()}) == len(all_rules())
    for rule in all_rules():
        assert rule.ends_on is None or rule.starts_on <= rule.ends_on
        assert urlsplit(rule.url).hostname in OFFICIAL, rule.code
        assert rule.source
        assert rule.checked_on >= NOW
        assert all(rule.what[language] for language in ("fr", "en"))
        assert set(rule.notes) in ({"fr", "en"}, set())
        assert (rule.value is None) == (rule.unit == "")


def test_rules_when_they_follow_each_other_then_leave_no_day_out_and_never_overlap():
    by_topic: dict[str, list] = {}
    for rule in all_rules():
        by_topic.setdefault(rule.topic, []).append(rule)
    for rules in by_topic.values():
        assert rules[-1].ends_on is None
        for before, after in pairwise(rules):
            assert before.ends_on == after.starts_on - dt.timedelta(days=1), after.code


def test_rule_when_shown_then_has_all_that_a_path_cites():
    (rule,) = rules_on(NOW, "cpf-participation")
    assert rule.as_dict("en") == {
        "code": "cpf-participation@2026-04-02",
        "what": "Compulsory flat participation",
        "value": 150.0,
        "unit": "EUR",
        "from": "2026-04-02",
        "until": None,
        "source": "Décret n° 2026-234 du 30 mars 2026, Journal officiel du 1er avril 2026",
        "url": "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000053742996",
        "checked_on": "2026-11-26",
        "certainty": "verified",
        "in_force": True,
        "note": "The amount on the day of the request. It is raised every 1 January; that of 2027 was not published on the"
        " day of the check.",
    }

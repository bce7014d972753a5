"""From the catalogue to options: what each brings and needs, when, where and for how much; and what is left out, with why."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.catalogue.places import Origin
from matching.paths.facts import Reason
from matching.paths.funding import Status
from matching.paths.options import load_options, needs_of
from matching.paths.paying import Payer
from matching.paths.prerequisites import required_skills
from matching.paths.problem import CpfTerms, Mode, StepKind
from matching.paths.spans import NoSpan, Span, calendar_days, span_of, trips_of
from matching.paths.tokens import Certificate, held_certificates, with_broader
from matching.paths.vae import BY_EXPERIENCE, add_vae
from matching.referential import load_referential
from tests.matching.factories import make_training, real_lexicon, referential_rows
from tests.matching.paths.catalogue import (
    DAY,
    certification,
    day,
    load_skills,
    offered,
    only,
    session,
    sought,
)
from training.models import CertificationBlock, Training, TrainingAction

TEACHABLE = frozenset(row.code for row in referential_rows())
LYON = Origin("Lyon", "84", 45.76, 4.84)


@pytest.fixture
def skills(db):
    load_skills()


@pytest.fixture
def reactor(skills):
    """A training that covers bioreactor-operation at level 3, with one session."""
    training = make_training("reactor", ("bioreactor-operation", 3))
    session(training)
    return training


# What an option brings and needs


def test_option_when_made_then_is_the_session_of_an_action(reactor):
    option, facts = only(sought(("bioreactor-operation", 3)))
    assert (option.earliest, option.latest, option.days) == (day(DAY), day(DAY), 5)
    assert option.brings == {"skill:bioreactor-operation"}
    assert (option.price_eur, option.cpf, option.kind) == (1_000, None, StepKind.TRAINING)
    assert (facts.title_fr, facts.provider, facts.payer) == (
        "Formation reactor",
        "Institut d'essai",
        Payer.PERSON,
    )
    assert facts.session == TrainingAction.objects.get().sessions.get().pk


@pytest.mark.parametrize(
    ("taught", "level", "asked", "is_brought"),
    [
        ("mammalian-cell-culture", 2, 2, True),
        ("mammalian-cell-culture", 3, 2, True),
        ("mammalian-cell-culture", 1, 2, False),
        ("adherent-cell-culture", 2, 2, True),  # narrower
        ("adherent-cell-culture", 1, 2, False),
    ],
)
def test_requirement_when_the_scorer_gives_full_credit_then_is_brought(
    skills, taught, level, asked, is_brought
):
    session(make_training("culture", (taught, level)))
    found = offered(sought(("mammalian-cell-culture", asked)))
    assert [option.brings for option in found.options] == [{"skill:mammalian-cell-culture"}] * is_brought


def test_requirement_when_only_a_broader_skill_is_taught_then_is_not_brought(skills):
    session(make_training("culture", ("mammalian-cell-culture", 4)))
    assert offered(sought(("adherent-cell-culture", 1))).options == ()


def test_diploma_when_reached_then_brings_every_level_up_to_it(reactor):
    Training.objects.update(exit_level=5)
    option, _ = only(sought(("bioreactor-operation", 3)))
    assert {f"level:{number}" for number in (1, 2, 3, 4, 5)} == option.brings - {"skill:bioreactor-operation"}


@pytest.mark.parametrize(("says_diploma", "needs"), [(True, {"level:5"}), (False, set())])
def test_entry_level_when_the_person_says_a_diploma_then_is_needed(reactor, says_diploma, needs):
    Training.objects.update(entry_level=5)
    option, _ = only(sought(("bioreactor-operation", 3), says_diploma=says_diploma))
    assert option.needs == needs


def test_prerequisite_when_another_training_brings_it_then_the_two_meet_by_a_token(reactor):
    Training.objects.update(prerequisites="Pratique de la culture cellulaire.")
    session(make_training("culture", ("adherent-cell-culture", 1)), 10)
    found = {option.training: option for option in offered(sought(("bioreactor-operation", 3))).options}
    assert found["reactor"].needs == {"has:mammalian-cell-culture"}
    # It teaches a narrower skill, at whatever level; it brings nothing of what is sought.
    assert found["culture"].brings == {"has:mammalian-cell-culture"}


def test_person_when_they_hold_a_narrower_skill_then_meet_the_prerequisite(reactor):
    Training.objects.update(prerequisites="Pratique de la culture cellulaire.")
    asked = sought(("bioreactor-operation", 3), skills={"adherent-cell-culture": 1})
    assert asked.held_of(offered(asked).needs, load_referential().graph) == {"has:mammalian-cell-culture"}
    graph = load_referential().graph
    assert with_broader(["adherent-cell-culture"], graph) == {
        "adherent-cell-culture",
        "mammalian-cell-culture",
    }


def test_certification_when_led_to_then_brings_it_with_its_blocks_and_its_level(reactor):
    reactor.certifications.set([certification("RNCP1", "RNCP1BC01", "RNCP1BC02", level=4)])
    reactor.save()
    dropped = CertificationBlock.objects.get(code="RNCP1BC02")
    dropped.withdrawn_on = day(-1)
    dropped.save()
    option, facts = only(sought(targets=frozenset({"block:RNCP1BC01"})))
    levels = {f"level:{number}" for number in (1, 2, 3, 4)}
    assert option.brings == {"certification:RNCP1", "block:RNCP1BC01", *levels}
    assert (facts.certification, facts.certification_title) == ("RNCP1", "Titre RNCP1")


def test_training_when_it_brings_nothing_sought_then_is_neither_option_nor_left_out(reactor):
    make_training("other", ("sampling", 4))
    found = offered(sought(("sampling", 4), ("gmp", 2)))
    assert found.options == ()
    assert [one.training for one in found.left_out] == ["other"]  # no date; « reactor » brings neither


# Prerequisites


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("Bases de biologie moléculaire et pratique du laboratoire.", {"has:molecular-biology"}),
        ("Pratique de la culture de cellules en suspension et notions de plans d'expériences.", {
            "has:mammalian-cell-culture", "has:design-of-experiments",
        }),
        ("HPLC ou électrophorèse.", {"has:electrophoresis|hplc-analysis"}),
        ("Pratique de l'HPLC souhaitée.", {"has:hplc-analysis"}),
        # Denied, or of no use
        ("Aucun prérequis", set()),
        ("Sans expérience de culture cellulaire exigée.", set()),
        ("Pratique de l'HPLC ; aucune expérience de l'électrophorèse n'est demandée.", {"has:hplc-analysis"}),
        # An alternative to what names no skill
        ("Bases de biologie cellulaire ou première expérience en laboratoire.", set()),
        ("Bases de la culture cellulaire et habillage de grade C ou D.", {"has:mammalian-cell-culture"}),
        # Of diplomas, of health, of plans
        ("Bac+2 en chimie, biochimie.", set()),
        ("Absence de contre-indication médicale au travail en ZAC.", set()),
        ("Exercer ou se destiner à exercer dans une banque de tissus.", set()),
        # Of one session among others
        ("Pratique de l'HPLC ; lire l'anglais technique pour la session en anglais.", {"has:hplc-analysis"}),
        # A short acronym is not sure enough
        ("BPF de base.", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_prerequisites_when_read_then_only_what_is_surely_asked_is_needed(text, needs):
    assert required_skills(text, real_lexicon(), TEACHABLE) == needs


def test_prerequisites_when_they_name_an_authorisation_then_need_no_skill():
    assert (
        required_skills("Pratique de l'HPLC.", real_lexicon(), TEACHABLE - {"hplc-analysis"}) == frozenset()
    )


def test_needs_when_read_alone_then_are_those_of_the_options(reactor, django_assert_num_queries):
    Training.objects.update(prerequisites="Pratique de l'HPLC.", entry_level=4)
    asked = sought(("bioreactor-operation", 3), says_diploma=True)
    referential = load_referential()
    with django_assert_num_queries(2):
        needs = needs_of(["reactor"], asked, referential)
    assert needs == {"reactor": only(asked)[0].needs} == {"reactor": {"level:4", "has:hplc-analysis"}}


# What is held


def test_certificates_when_all_blocks_are_held_then_the_certification_is():
    known = [
        Certificate("RNCP1", 4, frozenset({"RNCP1BC01", "RNCP1BC02"})),
        Certificate("RS2", None, frozenset()),
    ]
    whole = {
        "certification:RNCP1",
        "block:RNCP1BC01",
        "block:RNCP1BC02",
        *(f"level:{n}" for n in (1, 2, 3, 4)),
    }
    assert held_certificates({"RNCP1BC01", "RNCP1BC02"}, known) == whole
    assert held_certificates({"RNCP1"}, known) == whole
    assert held_certificates({"RNCP1BC01"}, known) == {"block:RNCP1BC01"}
    assert held_certificates({"RS2"}, known) == {"certification:RS2"}


# Days, hours, journeys

MONDAY = dt.date(2026, 11, 30)


class Dates:
    def __init__(self, starts_on, ends_on=None, permanent=False):
        self.starts_on, self.ends_on, self.is_permanent_entry = starts_on, ends_on, permanent


@pytest.mark.parametrize(
    ("dates", "hours", "weeks", "weekly", "span"),
    [
        # An end that is given
        (Dates(MONDAY, MONDAY + dt.timedelta(1)), 14, None, None, Span(MONDAY, MONDAY, 2, 14)),
        (Dates(MONDAY, MONDAY + dt.timedelta(8)), 49, None, None, Span(MONDAY, MONDAY, 9, 35)),
        (Dates(MONDAY, MONDAY + dt.timedelta(4)), None, None, None, Span(MONDAY, MONDAY, 5, 35)),
        # Else the weeks, else the hours, 7 each working day
        (Dates(MONDAY), 70, 2, None, Span(MONDAY, MONDAY, 12, 35)),
        (Dates(MONDAY), 42, None, None, Span(MONDAY, MONDAY, 8, 35)),
        (Dates(MONDAY), None, None, None, NoSpan.DURATION),
        # A permanent entry: a window, and what it takes from its weeks or at the person's pace
        (Dates(MONDAY, dt.date(2027, 6, 1), True), 42, 12, None, Span(MONDAY, dt.date(2027, 6, 1), 84, 3.5)),
        (Dates(MONDAY, None, True), 42, 12, None, Span(MONDAY, dt.date(2027, 11, 30), 84, 3.5)),
        (Dates(MONDAY, None, True), 35, None, 7, Span(MONDAY, dt.date(2027, 11, 30), 35, 7)),
        (Dates(MONDAY, None, True), 14, None, None, Span(MONDAY, dt.date(2027, 11, 30), 4, 14)),
        (Dates(MONDAY, None, True), None, None, None, NoSpan.DURATION),
        # Too late
        (Dates(dt.date(2026, 11, 25), MONDAY), 14, None, None, NoSpan.OVER),
        (Dates(dt.date(2026, 1, 1), dt.date(2026, 11, 25), True), 14, 1, None, NoSpan.OVER),
    ],
)
def test_span_when_something_is_not_said_then_is_counted_at_its_longest(dates, hours, weeks, weekly, span):
    assert span_of(dates, hours, weeks, dt.date(2026, 11, 26), weekly) == span


def test_span_when_a_permanent_entry_is_open_then_begins_today():
    window = span_of(Dates(dt.date(2026, 1, 1), None, True), 14, 1, MONDAY)
    assert (window.earliest, window.latest) == (MONDAY, dt.date(2027, 11, 30))


@pytest.mark.parametrize(
    ("weekday", "working", "days"),
    [(0, 1, 1), (0, 5, 5), (0, 6, 8), (4, 1, 1), (4, 2, 4), (4, 6, 8), (4, 7, 11)],
)
def test_days_when_counted_in_working_days_then_skip_weekends(weekday, working, days):
    assert calendar_days(weekday, working) == days


@pytest.mark.parametrize(
    ("mode", "days", "trips"),
    [
        (Mode.ON_SITE, 1, 1), (Mode.ON_SITE, 7, 1), (Mode.ON_SITE, 8, 2),
        (Mode.MIXED, 7, 1), (Mode.MIXED, 15, 2), (Mode.MIXED, 22, 2),
        (Mode.REMOTE, 300, 0),
    ],
)  # fmt: skip
def test_trips_when_counted_then_are_one_a_week_begun(mode, days, trips):
    assert trips_of(mode, days) == trips


def test_distance_when_the_person_says_from_where_then_is_counted_each_way(reactor):
    TrainingAction.objects.update(latitude=43.6, longitude=1.44)
    option, _ = only(sought(("bioreactor-operation", 3), origin=LYON))
    assert 350 < option.distance_km < 370
    assert option.travel_km == 2 * option.distance_km
    assert only(sought(("bioreactor-operation", 3)))[0].travel_km == 0


# Who pays


@pytest.mark.parametrize(
    ("status", "fundings", "price", "paid"),
    [
        (Status.OTHER, [], 1_000, (1_000, Payer.PERSON)),
        (Status.OTHER, [], 0, (0, Payer.NOBODY)),
        (Status.EMPLOYEE, ["opco"], 1_000, (1_000, Payer.PERSON)),
        (Status.EMPLOYER_FUNDED, ["opco"], 1_000, (0, Payer.EMPLOYER)),
        (Status.EMPLOYER_FUNDED, ["opco"], None, (0, Payer.EMPLOYER)),
        (Status.EMPLOYER_FUNDED, [], 1_000, (1_000, Payer.PERSON)),
        (Status.APPRENTICE, ["apprenticeship"], None, (0, Payer.APPRENTICESHIP)),
        (Status.APPRENTICE, ["opco"], 1_000, (1_000, Payer.PERSON)),
        (Status.OTHER, ["apprenticeship", "opco"], 3_000, (3_000, Payer.PERSON)),
    ],
)
def test_price_when_others_pay_then_the_person_pays_nothing_and_it_says_who(
    reactor, status, fundings, price, paid
):
    TrainingAction.objects.update(funding=fundings, price_eur=price)
    option, facts = only(sought(("bioreactor-operation", 3), status=status))
    assert (option.price_eur, facts.payer) == paid
    assert facts.price_eur == price
    assert bool(facts.rules) == (facts.payer in {Payer.EMPLOYER, Payer.APPRENTICESHIP})


def rule_value(facts, topic: str) -> float:
    return next(rule.value for rule in facts.rules if rule.topic == topic)


def test_account_when_the_certification_is_registered_then_pays_by_its_register(reactor):
    TrainingAction.objects.update(funding=["cpf"], price_eur=4_000)
    reactor.certifications.set([certification("RNCP1"), certification("RS2")])
    reactor.save()
    option, facts = only(sought(("bioreactor-operation", 3), status=Status.EMPLOYEE))
    assert facts.certification == "RNCP1"
    assert option.cpf == CpfTerms(rule_value(facts, "cpf-participation"))
    reactor.certifications.set([certification("RS3")])
    reactor.save()
    option, facts = only(sought(("bioreactor-operation", 3), status=Status.EMPLOYEE))
    assert option.cpf.ceiling_eur == rule_value(facts, "cpf-ceiling-rs")


@pytest.mark.parametrize(
    ("ends", "active", "pays"),
    [(DAY, True, True), (DAY - 1, True, False), (None, True, True), (None, False, False)],
)
def test_account_when_the_registration_has_ended_on_the_first_day_then_pays_nothing(
    reactor, ends, active, pays
):
    TrainingAction.objects.update(funding=["cpf"])
    ends_on = None if ends is None else day(ends)
    reactor.certifications.set([certification("RNCP1", registration_ends_on=ends_on, is_active=active)])
    reactor.save()
    option, _ = only(sought(("bioreactor-operation", 3)))
    assert (option.cpf is not None) == pays


def test_account_when_the_action_does_not_accept_it_then_pays_nothing(reactor):
    reactor.certifications.set([certification("RNCP1")])
    reactor.save()
    assert only(sought(("bioreactor-operation", 3)))[0].cpf is None


# Registration


@pytest.mark.parametrize(
    ("ends", "expected"), [((), None), ((40,), 40), ((40, 90), 90), ((40, None), None), ((None,), None)]
)
def test_registration_when_several_end_then_the_latest_counts_and_unknown_never_ends(reactor, ends, expected):
    reactor.certifications.set(
        certification(f"RNCP{number}", registration_ends_on=None if end is None else day(end))
        for number, end in enumerate(ends)
    )
    reactor.save()
    option, _ = only(sought(("bioreactor-operation", 3)))
    assert option.registration_ends == (None if expected is None else day(expected))


def test_registration_when_one_has_ended_before_the_session_then_the_other_is_obtained(reactor):
    reactor.certifications.set(
        [
            certification("RNCP1", registration_ends_on=day(DAY - 1)),
            certification("RNCP2", registration_ends_on=day(90)),
        ]
    )
    reactor.save()
    option, _ = only(sought(targets=frozenset({"certification:RNCP1", "certification:RNCP2"})))
    assert option.brings == {"certification:RNCP2"}


def test_registration_when_it_ends_within_a_window_then_only_what_lasts_longest_is_obtained(reactor):
    TrainingAction.objects.all().delete()
    session(reactor, DAY, 100, permanent=True)
    ends = {"RNCP1": 40, "RNCP2": 90}
    made = {code: certification(code, registration_ends_on=day(end)) for code, end in ends.items()}
    both = sought(targets=frozenset({"certification:RNCP1", "certification:RNCP2"}))
    reactor.certifications.set(made.values())
    reactor.save()
    option, _ = only(both)
    assert (option.brings, option.registration_ends) == ({"certification:RNCP2"}, day(90))
    made["RNCP1"].registration_ends_on = None
    made["RNCP1"].save()
    option, _ = only(both)
    assert (option.brings, option.registration_ends) == ({"certification:RNCP1"}, None)


def test_registration_when_all_have_ended_then_the_option_says_until_when_it_was(reactor):
    reactor.certifications.set([certification("RNCP1", registration_ends_on=day(DAY - 1))])
    reactor.save()
    option, _ = only(sought(targets=frozenset({"certification:RNCP1"})))
    assert "certification:RNCP1" in option.brings
    assert option.registration_ends == day(DAY - 1)


# What is left out


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"price_eur": None}, Reason.PRICE),
        ({"price_eur": None, "funding": ["cpf"]}, Reason.PRICE),
        ({"hours": None, "length": None}, Reason.DURATION),
        ({"starts": -1}, Reason.OVER),
        ({"price_eur": None, "funding": ["apprenticeship"]}, Reason.CONTRACT),
        ({"price_eur": 0, "funding": ["apprenticeship", "opco"]}, Reason.CONTRACT),
    ],
)
def test_training_when_it_cannot_be_weighed_then_is_named_with_the_reason(skills, values, reason):
    session(make_training("reactor", ("bioreactor-operation", 3)), **values)
    found = offered(sought(("bioreactor-operation", 3)))
    assert found.options == ()
    assert [(one.training, one.title_fr, one.reason) for one in found.left_out] == [
        ("reactor", "Formation reactor", reason)
    ]


def test_training_when_it_announces_no_date_then_is_named(skills):
    training = make_training("reactor", ("bioreactor-operation", 3))
    assert [one.reason for one in offered(sought(("bioreactor-operation", 3))).left_out] == [Reason.DATES]
    TrainingAction.objects.create(training=training, price_eur=10)
    assert [one.reason for one in offered(sought(("bioreactor-operation", 3))).left_out] == [Reason.DATES]


@pytest.mark.parametrize(("mode", "is_left_out"), [("on-site", True), ("mixed", True), ("remote", False)])
def test_place_when_unknown_then_matters_to_who_says_from_where_they_leave(reactor, mode, is_left_out):
    TrainingAction.objects.update(mode=mode)
    found = offered(sought(("bioreactor-operation", 3), origin=LYON))
    assert [one.reason for one in found.left_out] == [Reason.PLACE] * is_left_out
    assert len(offered(sought(("bioreactor-operation", 3))).options) == 1


def test_training_when_one_session_is_over_then_the_others_say_all(reactor):
    session(reactor, -10)
    found = offered(sought(("bioreactor-operation", 3)))
    assert len(found.options) == 1
    assert found.left_out == ()


def test_training_when_one_way_has_no_price_then_is_an_option_and_is_named(reactor):
    session(reactor, 60, price_eur=None)
    found = offered(sought(("bioreactor-operation", 3)))
    assert len(found.options) == 1
    assert [one.reason for one in found.left_out] == [Reason.PRICE]


def test_draft_when_it_would_help_then_is_not_there(skills):
    session(make_training("draft", ("bioreactor-operation", 3), live=False))
    assert offered(sought(("bioreactor-operation", 3))) == offered(sought(("gmp", 1)))


def test_options_when_trainings_are_many_then_queries_stay_the_same(skills):
    counts = []
    for number in range(8):
        training = make_training(f"more-{number}", ("bioreactor-operation", 3), ("sampling", 2))
        training.certifications.set([certification(f"RNCP{number}", f"RNCP{number}BC01")])
        training.save()
        for start in (10, 40):
            session(training, start)
        if number in {0, 7}:
            asked, referential = sought(("bioreactor-operation", 3)), load_referential()
            codes = list(Training.objects.values_list("code", flat=True))
            with CaptureQueriesContext(connection) as queries:
                found = load_options(codes, asked, referential, {})
            counts.append(len(queries))
            assert len(found.options) == 2 * (number + 1)
    assert counts[0] == counts[1] <= 10


# VAE


@pytest.fixture
def prepared(skills):
    """A certification open to experience, which two trainings without date prepare."""
    made = certification(
        "RNCP1", "RNCP1BC01", level=5, access_routes=f"En contrat d'apprentissage\n{BY_EXPERIENCE}"
    )
    for code, links in {
        "long": [("bioreactor-operation", 3), ("gmp", 2), ("sampling", 2), ("batch-documentation", 2)],
        "short": [("bioreactor-operation", 2), ("hplc-analysis", 1)],
    }.items():
        training = make_training(code, *links)
        training.certifications.set([made])
        training.save()
    return made


# Four of the five skills, at the level that the least demanding training reaches.
ENOUGH = {"bioreactor-operation": 2, "gmp": 2, "sampling": 2, "batch-documentation": 2}


def vae(levels, targets=frozenset({"certification:RNCP1"}), modes=frozenset(Mode), **values):
    asked = sought(targets=targets, skills=levels, **values)
    return add_vae(offered(asked), asked, modes, load_referential().graph)


def test_vae_when_most_of_the_skills_are_held_then_is_an_option_with_usual_figures(prepared):
    found = vae(ENOUGH, status=Status.EMPLOYEE)
    (option,) = found.options
    facts = found.facts[option.code]
    assert option.kind is StepKind.VAE
    assert option.brings == {
        "certification:RNCP1",
        "block:RNCP1BC01",
        *(f"level:{n}" for n in (1, 2, 3, 4, 5)),
    }
    assert (option.earliest, option.days, option.price_eur) == (day(0), 365, 2_000)
    assert (option.travel_km, facts.mode) == (0, None)
    assert option.cpf == CpfTerms(rule_value(facts, "cpf-participation"))
    assert {rule.certainty.value for rule in facts.rules if "usual" in rule.topic} == {"recalled"}


@pytest.mark.parametrize("target", ["certification:RNCP1", "block:RNCP1BC01", "level:5", "level:4"])
def test_vae_when_it_gives_what_is_sought_then_is_proposed(prepared, target):
    assert len(vae(ENOUGH, frozenset({target})).options) == 1


@pytest.mark.parametrize("target", ["certification:RNCP2", "level:6", "skill:gmp"])
def test_vae_when_it_does_not_give_what_is_sought_then_is_not(prepared, target):
    assert vae(ENOUGH, frozenset({target})).options == ()


@pytest.mark.parametrize(
    ("change", "is_proposed"),
    [
        ({}, True),
        ({"access_routes": "En contrat d'apprentissage"}, False),
        ({"registration_ends_on": -1}, False),
        ({"registration_ends_on": 0}, True),
        ({"is_active": False}, False),
        ({"withdrawn_on": -1}, False),
        ({"code": "RS1"}, False),
    ],
)
def test_vae_when_the_register_does_not_allow_it_then_is_not_proposed(prepared, change, is_proposed):
    for name, value in change.items():
        setattr(prepared, name, day(value) if name.endswith("_on") else value)
    prepared.save()
    assert bool(vae(ENOUGH, frozenset({f"certification:{prepared.code}"})).options) == is_proposed


@pytest.mark.parametrize(
    "levels",
    [
        {},
        {**ENOUGH, "gmp": 1},  # below the level
        {code: level for code, level in ENOUGH.items() if code != "sampling"},  # three of five
    ],
)
def test_vae_when_too_little_is_held_then_is_not_proposed(prepared, levels):
    assert vae(levels).options == ()


def test_vae_when_no_training_prepares_the_certification_then_is_not_proposed(prepared):
    Training.objects.update(live=False)
    assert vae(ENOUGH).options == ()


def test_vae_when_remote_is_refused_then_is_still_proposed(prepared):
    (option,) = vae(ENOUGH, modes=frozenset({Mode.ON_SITE})).options
    assert (option.mode, option.trips) == (Mode.ON_SITE, 0)


def test_vae_when_certifications_are_many_then_queries_stay_the_same(prepared, django_assert_max_num_queries):
    for number in range(10, 15):
        other = certification(f"RNCP{number}", level=5, access_routes=BY_EXPERIENCE)
        training = make_training(f"other-{number}", ("gmp", 1))
        training.certifications.set([other])
        training.save()
    asked = sought(targets=frozenset({"level:5"}), skills=ENOUGH)
    found, graph = offered(asked), load_referential().graph
    with django_assert_max_num_queries(5):
        options = add_vae(found, asked, frozenset(Mode), graph).options
    assert len(options) == 6

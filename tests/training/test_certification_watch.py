"""What the watch decides, what an import of trainings says of it, and the command that lists it."""

import datetime as dt
import json
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from skills.models import DataRelease
from tests.search.factories import make_provider
from tests.training.registers import TITLES, load
from training.certification_watch.queries import registrations, trainings_in_state
from training.certification_watch.rules import (
    CertificationState,
    Registration,
    SessionConcern,
    a_year_after,
    alerts,
    last_successors,
)
from training.importers.csv_file import COLUMNS
from training.models import (
    Certification,
    CertificationSuccession,
    Training,
    TrainingAction,
    TrainingSession,
)

TODAY = dt.date(2026, 11, 25)
ENDED, SOON, REPLACED, CURRENT, UNKNOWN = CertificationState
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


@dataclass(frozen=True)
class Session:
    starts_on: dt.date
    ends_on: dt.date | None = None
    is_permanent_entry: bool = False


@pytest.mark.parametrize(
    ("ends_on", "state"),
    [
        (TODAY - dt.timedelta(days=1), ENDED),
        (TODAY, SOON),
        (dt.date(2027, 11, 25), SOON),
        (dt.date(2027, 11, 26), CURRENT),
        (None, UNKNOWN),
    ],
)
def test_states_by_date(ends_on, state):
    assert Registration("RNCP1", ends_on=ends_on).states(TODAY) == (state,)
    replaced = Registration("RNCP1", ends_on=ends_on, successors=("RNCP2",))
    assert replaced.states(TODAY) == (state, REPLACED)


def test_the_registers_word_decides_only_without_a_date():
    assert Registration("RNCP1", is_active=False).states(TODAY) == (ENDED,)
    assert Registration("RNCP1", is_active=True).states(TODAY) == (UNKNOWN,)
    future = Registration("RNCP1", ends_on=dt.date(2030, 1, 1), is_active=False)
    assert future.states(TODAY) == (CURRENT,)


def test_a_year_after_a_leap_day():
    assert a_year_after(dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)


@given(DAYS, DAYS)
def test_a_state_never_goes_back_as_days_pass(ends_on, today):
    order = [CURRENT, SOON, ENDED]
    one = Registration("RNCP1", ends_on=ends_on)
    (now,), (later,) = one.states(today), one.states(today + dt.timedelta(days=40))
    assert order.index(now) <= order.index(later)


@pytest.mark.parametrize(
    ("session", "concern"),
    [
        (Session(dt.date(2027, 6, 30)), None),
        (Session(dt.date(2027, 7, 1)), SessionConcern.AFTER),
        # Who began in time may finish.
        (Session(dt.date(2027, 6, 1), dt.date(2028, 6, 1)), None),
        (Session(dt.date(2027, 7, 1), None, True), SessionConcern.AFTER),
        (Session(dt.date(2026, 1, 1), None, True), SessionConcern.RUNS_PAST),
        (Session(dt.date(2026, 1, 1), dt.date(2027, 7, 1), True), SessionConcern.RUNS_PAST),
        (Session(dt.date(2026, 1, 1), dt.date(2027, 6, 30), True), None),
        # It is over: nobody can be told any more.
        (Session(dt.date(2026, 1, 1), dt.date(2026, 2, 1)), None),
    ],
)
def test_sessions_that_come_after_the_end(session, concern):
    one = Registration("RNCP1", ends_on=dt.date(2027, 6, 30))
    (alert,) = alerts([one], [session], TODAY)
    assert alert.sessions == (((session, concern),) if concern else ())


def test_nothing_is_said_of_sessions_when_the_end_is_unknown():
    (alert,) = alerts([Registration("RNCP1")], [Session(dt.date(2090, 1, 1))], TODAY)
    assert not alert.is_concerning


@given(DAYS, DAYS, st.none() | DAYS)
def test_a_dated_session_is_concerned_exactly_when_it_starts_after(ends_on, starts_on, session_end):
    one = Registration("RNCP1", ends_on=ends_on)
    concern = one.concern_of(Session(starts_on, session_end))
    assert (concern is SessionConcern.AFTER) == (starts_on > ends_on)


def test_chains_are_followed_to_their_ends_and_circles_end():
    chain = {"A": ["B", "C"], "B": ["D"], "D": ["E"]}
    assert last_successors("A", chain) == ("C", "E")
    assert last_successors("E", chain) == ()
    assert last_successors("A", {"A": ["B"], "B": ["A"]}) == ("B",)


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.sampled_from("ABCDEF"), max_size=3)))
def test_a_successor_is_never_the_certification_itself(graph):
    for code in graph:
        assert code not in last_successors(code, graph)


# --- On the database


def days(count: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=count)


def release() -> DataRelease:
    return DataRelease.objects.get_or_create(source="rncp-kit", fingerprint="x")[0]


def replace(old: str, new: str) -> None:
    CertificationSuccession.objects.create(old_code=old, new_code=new, release=release())


def certified(code: str, *certifications: Certification, live: bool = True) -> Training:
    training = Training.objects.create(code=code, title_fr=code, provider=make_provider(), live=live)
    training.certifications.set(certifications)
    training.save()
    return training


@pytest.fixture
def register(db):
    """One certification a state, one replaced through a chain."""
    ends = {"RNCP1": days(-1), "RNCP2": days(30), "RNCP3": days(800), "RNCP4": None}
    for code, ends_on in ends.items():
        Certification.objects.create(code=code, title=f"Titre {code}", registration_ends_on=ends_on)
    Certification.objects.create(code="RNCP5", is_active=False)
    replace("RNCP1", "RNCP7")
    replace("RNCP7", "RNCP8")
    return {one.code: one for one in Certification.objects.all()}


def test_the_database_and_the_pure_module_agree_on_states(register):
    for code, one in register.items():
        certified(code.lower(), one)
    known = registrations(register.values())
    for state in CertificationState:
        found = trainings_in_state(Training.objects.all(), state, timezone.localdate())
        expected = {code.lower() for code, one in known.items() if state in one.states(timezone.localdate())}
        assert {training.code for training in found} == expected, state


def test_the_command_lists_live_trainings_concerned(register):
    training = certified("concernee", register["RNCP1"], register["RNCP3"])
    action = TrainingAction.objects.create(training=training)
    TrainingSession.objects.create(action=action, starts_on=days(20))
    certified("brouillon", register["RNCP1"], live=False)
    certified("tranquille", register["RNCP3"], register["RNCP4"])
    out = StringIO()
    call_command("certification_watch", "--json", stdout=out)
    (line,) = map(json.loads, out.getvalue().splitlines())
    assert (line["training"], line["certification"]) == ("concernee", "RNCP1")
    assert (line["states"], line["successors"]) == (["ended", "replaced"], ["RNCP8"])
    assert line["ends_on"] == days(-1).isoformat()
    assert [session["concern"] for session in line["sessions"]] == ["after"]
    out = StringIO()
    call_command("certification_watch", stdout=out)
    assert "remplacée par RNCP8" in out.getvalue()
    assert "commence après la fin d'enregistrement" in out.getvalue()


def test_the_watchs_queries_do_not_grow_with_the_trainings(register, django_assert_max_num_queries):
    for number in range(40):
        certified(f"f-{number}", register["RNCP1"])
    with django_assert_max_num_queries(10):
        call_command("certification_watch", stdout=StringIO())


def provider_csv(tmp_path, *rows: dict[str, str]):
    base = {
        "code_formation": "F1",
        "intitule_fr": "Culture cellulaire",
        "nom_organisme": "Institut d'essai",
        "certification": "RNCP1",
        "modalite": "distance",
    }
    lines = [";".join(COLUMNS)]
    lines += [";".join((base | row).get(column, "") for column in COLUMNS) for row in rows]
    path = tmp_path / "formations.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_an_import_warns_with_line_code_dates_and_successor(register, tmp_path):
    late, permanent = days(40).isoformat(), days(-40).isoformat()
    path = provider_csv(
        tmp_path,
        {"code_session": "S1", "debut": late},
        {"code_session": "S2", "debut": permanent, "entree_permanente": "oui"},
        {"code_formation": "F2", "certification": "RNCP4"},
    )
    told = load("import_trainings_csv", path)
    end = f"{days(-1):%d/%m/%Y}"
    assert (
        f"formations.csv, ligne 2 : formation F1 : certification RNCP1 : enregistrement terminé le {end},"
        " remplacée par RNCP8." in told
    )
    assert "ligne 2 : formation F1 : action A1, session S1 : session du" in told
    assert f"commence après la fin d'enregistrement de RNCP1 ({end}), remplacée par RNCP8." in told
    assert "ligne 3 : formation F1 : action A1, session S2 : entrée permanente depuis le" in told
    assert "se poursuit après la fin d'enregistrement" in told
    assert "RNCP4" not in told
    assert "0 rejets" in told


def test_an_import_names_codes_that_the_loaded_register_lacks(tmp_path, db):
    path = provider_csv(tmp_path, {"certification": "RNCP35367|RNCP9999"})
    assert "absente du répertoire" not in load("import_trainings_csv", path)
    load("import_rncp_titles", TITLES)
    told = load("import_trainings_csv", path)
    assert "certification RNCP9999 : absente du répertoire chargé" in told
    assert "RNCP35367" not in told

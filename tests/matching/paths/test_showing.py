"""What is said of a path to people: amounts, dates, sentences of relaxations, the timeline."""

import datetime as dt

import pytest

from matching.paths.answers import FoundPaths, Target, best_by, found_path, is_best
from matching.paths.facts import LeftOut, OptionFacts, Reason
from matching.paths.funding import Status, cpf_terms, vae_figures
from matching.paths.paying import Payer
from matching.paths.problem import ConstraintName, Mode, Objective, Option, Path, Relaxation, Step, StepKind
from matching.paths.sentences import NARROW_SPACE, say_euros, say_number, say_relaxation, say_token, say_trips
from matching.paths.showing import show
from matching.paths.timeline import Bar, draw

MONDAY = dt.date(2027, 1, 4)
NAMES = {
    "hplc-analysis": ("HPLC", "HPLC"),
    "gmp": ("BPF", "GMP"),
    "electrophoresis": ("Électrophorèse", "Electrophoresis"),
}


def label(code: str, language: str) -> str:
    return NAMES[code][language == "en"]


def option(code: str, *brings: str, needs=(), **values) -> Option:
    return Option(code, code, MONDAY, MONDAY, 5, frozenset(brings), frozenset(needs), **values)


def facts(code: str, **values) -> OptionFacts:
    usual = {
        "kind": StepKind.TRAINING, "training": code, "title_fr": f"Formation {code}", "title_en": f"Training {code}",
        "provider": "Institut", "place": "Lyon", "mode": Mode.ON_SITE, "session": 1, "hours": 35.0, "price_eur": 1_000.0,
        "payer": Payer.PERSON, "rules": (), "certification": "", "certification_title": "", "prerequisites": "",
        "url": f"/formations/{code}/", "is_demonstration": False,
    }  # fmt: skip
    return OptionFacts(**{**usual, **values})


def path(*options: Option) -> Path:
    """One after the other, a week each."""
    steps = []
    for number, one in enumerate(options):
        first = MONDAY + dt.timedelta(weeks=number)
        steps.append(Step(one, first, first + dt.timedelta(days=4), one.price_eur, 0.0))
    last = steps[-1].ends_on if steps else None
    return Path(
        tuple(steps), sum(one.price_eur for one in options), 0.0, last, sum(one.travel_km for one in options)
    )


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        (0, "0 €", "€0"), (300, "300 €", "€300"), (103.2, "103,20 €", "€103.20"), (12_120.5, "12 120,50 €", "€12,120.50"),
    ],
)  # fmt: skip
def test_euros_when_said_then_have_cents_only_when_there_are_some(amount, french, english):
    assert say_euros(amount, "fr").replace(NARROW_SPACE, " ") == french
    assert say_euros(amount, "en") == english


def test_numbers_when_said_then_are_those_of_the_language():
    assert (say_number(3.5, "fr"), say_number(3.5, "en")) == ("3,5", "3.5")
    assert say_number(285_149.6, "fr") == "285150"
    assert [say_trips(number, "fr") for number in (1, 2)] == ["1 aller-retour", "2 allers-retours"]


@pytest.mark.parametrize(
    ("token", "french", "english"),
    [
        ("skill:gmp", "« BPF »", "“GMP”"),
        (
            "has:electrophoresis|hplc-analysis",
            "« Électrophorèse » ou « HPLC »",
            "“Electrophoresis” or “HPLC”",
        ),
        ("level:5", "un diplôme de niveau 5", "a diploma of level 5"),
        ("certification:RNCP1", "RNCP1", "RNCP1"),
    ],
)
def test_token_when_said_then_has_its_name(token, french, english):
    assert (say_token(token, label, "fr"), say_token(token, label, "en")) == (french, english)


@pytest.mark.parametrize(
    ("amounts", "french", "english"),
    [
        ({ConstraintName.BUDGET: 300}, "avec 300 € de plus", "with €300 more"),
        ({ConstraintName.CPF: 50}, "avec 50 € de plus sur le compte CPF", "with €50 more on the CPF account"),
        ({ConstraintName.LATEST_END: 1}, "en finissant 1 jour plus tard", "by ending 1 day later"),
        ({ConstraintName.START: 12}, "en commençant 12 jours plus tôt", "by beginning 12 days earlier"),
        ({ConstraintName.WEEKLY_HOURS: 3.5}, "avec 3,5 h de plus par semaine", "with 3.5 more hours a week"),
        ({ConstraintName.DISTANCE: 40}, "en allant 40 km plus loin", "by going 40 km further"),
        (
            {ConstraintName.BUDGET: 300, ConstraintName.LATEST_END: 20},
            "avec 300 € de plus et en finissant 20 jours plus tard",
            "with €300 more and by ending 20 days later",
        ),
    ],
)
def test_relaxation_when_it_has_amounts_then_says_them(amounts, french, english):
    relaxation = Relaxation(amounts, path(option("a", "skill:gmp")))
    shown = {"a": facts("a")}
    said = say_relaxation(relaxation, shown, frozenset(), label, "fr")
    assert said.replace(NARROW_SPACE, " ") == f"Possible {french}."
    assert say_relaxation(relaxation, shown, frozenset(), label, "en") == f"Possible {english}."


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (ConstraintName.MODES, "si les formations mixtes sont admises"),
        (ConstraintName.SEATS, "si une place se libère dans « Formation b »"),
        (
            ConstraintName.NEEDS,
            "si l'organisme dispense de ses prérequis : « Formation b » (un diplôme de niveau 5)",
        ),
        (
            ConstraintName.REGISTRATION,
            "en suivant « Formation b » après la fin d'enregistrement de sa certification",
        ),
    ],
)
def test_relaxation_when_something_is_allowed_then_names_it(name, sentence):
    """« b » also needs what is held and what the step before it brings: neither is waived."""
    needs = {"has:gmp", "has:hplc-analysis", "level:5"}
    steps = path(option("a", "has:gmp"), option("b", "skill:gmp", needs=needs, mode=Mode.MIXED))
    relaxation = Relaxation({name: 1.0}, steps, {name: ("b",)})
    said = say_relaxation(relaxation, {"a": facts("a"), "b": facts("b")}, {"has:hplc-analysis"}, label, "fr")
    assert said == f"Possible {sentence}."


def test_every_constraint_when_relaxed_then_has_a_sentence_in_both_languages():
    for name in ConstraintName:
        relaxation = Relaxation({name: 1.0}, path(option("a", "skill:gmp")), {name: ("a",)})
        for language in ("fr", "en"):
            assert len(say_relaxation(relaxation, {"a": facts("a")}, frozenset(), label, language)) > 15


# The path as told


def test_steps_when_told_then_say_what_each_is_for_once():
    first = option("a", "has:gmp", "level:4")
    second = option("b", "skill:gmp", "skill:hplc-analysis", needs={"has:gmp"})
    third = option("c", "skill:hplc-analysis", needs={"level:4"})
    told = found_path(
        path(first, second, third),
        {one.code: facts(one.code) for one in (first, second, third)},
        frozenset({"skill:gmp", "skill:hplc-analysis"}),
    )
    assert [(step.brings, step.opens) for step in told.steps] == [
        (set(), {"has:gmp", "level:4"}),
        ({"skill:gmp", "skill:hplc-analysis"}, set()),
        (set(), set()),
    ]


def test_paths_when_compared_then_each_objective_has_its_best():
    cheap, near = path(option("a", price_eur=10.0, distance_km=9, trips=1)), path(option("b", price_eur=20.0))
    best = best_by([cheap, near], Objective)
    assert best == {Objective.COST: 10, Objective.END: near.ends_on.toordinal(), Objective.DISTANCE: 0}
    assert [objective for objective in Objective if is_best(cheap, objective, best)] == [
        Objective.COST,
        Objective.END,
    ]
    assert [objective for objective in Objective if is_best(near, objective, best)] == [
        Objective.END,
        Objective.DISTANCE,
    ]


def shown(found: FoundPaths, language: str = "fr") -> str:
    return "\n".join(show(found, label, language))


def test_answer_when_nothing_is_missing_then_says_so():
    assert shown(FoundPaths("job", "Métier", "Job", ())) == "Rien ne manque : aucune formation à suivre."


def test_answer_when_shown_then_has_what_each_step_brings_costs_and_lasts():
    one = option("a", "skill:gmp", needs={"level:4"}, price_eur=1_000.0, distance_km=12.5, trips=2)
    told = found_path(
        path(one), {"a": facts("a", prerequisites="Avoir 16 à 25 ans.", is_demonstration=True)}, frozenset({"skill:gmp"}),
        (Objective.COST, Objective.END), has_place=True, is_complete_set=False,
    )  # fmt: skip
    missing = (Target("skill:gmp", 2), Target("skill:hplc-analysis", 1))
    left_out = [LeftOut(f"t{number}", f"Titre {number}", "", Reason.PRICE) for number in range(7)]
    text = shown(FoundPaths("job", "Métier", "Job", missing, missing[1:], tuple(left_out), (told,)))
    for line in (
        "Il manque : « BPF », « HPLC »",
        "Aucune formation comparée ne l'apporte : « HPLC »",
        "Parcours 1 (le moins cher, le plus tôt fini) : 1 000 € à payer, fini le 08/01/2027, 50 km de trajets",
        "  1. Formation a [démonstration]",
        "     Institut, en présentiel, Lyon, à 12,5 km, 2 allers-retours",
        "     du 04/01/2027 au 08/01/2027, 35 h, 1 000 €",
        "     apporte « BPF »",
        "     demande un diplôme de niveau 4",
        "     prérequis annoncés : Avoir 16 à 25 ans.",
        "     /formations/a/",
        "D'autres parcours peuvent convenir : tous n'ont pas pu être calculés.",
        "Non comparées, prix inconnu (7) : Titre 0 ; Titre 1 ; Titre 2 ; Titre 3 ; Titre 4 ; … et 2 autres",
    ):
        assert line in text.replace(NARROW_SPACE, " ").splitlines(), line


def test_answer_when_nothing_helps_then_says_so():
    missing = (Target("skill:gmp", 2),)
    found = FoundPaths("job", "Métier", "Job", missing, missing)
    assert found.abstained
    assert "n'apporte ce qui manque" in shown(found)
    assert "No training" in shown(found, "en")


def test_answer_when_what_helps_cannot_be_followed_in_any_series_then_says_that():
    missing = (Target("skill:gmp", 2), Target("skill:hplc-analysis", 2))
    found = FoundPaths("job", "Métier", "Job", missing, unteachable=missing[:1])
    assert found.abstained
    assert "aucune suite de leurs sessions n'est possible" in shown(found)
    assert "n'apporte ce qui manque" not in shown(found)
    assert "no series of their sessions is possible" in shown(found, "en")


# The timeline


def test_timeline_when_drawn_then_has_a_bar_for_each_step_below_its_months():
    lines = draw(
        [
            Bar("1", dt.date(2026, 12, 1), dt.date(2026, 12, 4)),
            Bar("2", dt.date(2027, 1, 15), dt.date(2027, 2, 28)),
        ],
        "fr",
    )
    assert lines == [
        "  2026    2027",
        "  déc     jan     fév",
        "1 █",
        "2            ████████████",
    ]


@pytest.mark.parametrize(("months", "width"), [(9, 8), (18, 4), (36, 2), (72, 1), (100, 1)])
def test_timeline_when_it_is_long_then_months_are_narrower(months, width):
    start = dt.date(2027, 1, 1)
    years, month = divmod(months - 1, 12)
    _, names, bar = draw([Bar("1", start, dt.date(2027 + years, month + 1, 28))], "en")
    assert len(bar) <= 2 + months * width
    assert len(names) > (months - 1) * width
    assert names.lstrip().startswith({8: "Jan     Feb", 4: "Jan Feb", 2: "J F M", 1: "JFM"}[width])


def test_timeline_when_a_step_lasts_a_day_then_is_still_seen():
    assert draw([Bar("1", MONDAY, MONDAY)], "fr")[2] == "1 █"
    assert draw([], "fr") == []


def test_rules_when_shown_then_are_said_once_with_their_source_and_how_sure_they_are():
    account = cpf_terms(dt.date(2026, 11, 26), "rncp", Status.EMPLOYEE).rules
    usual = vae_figures(dt.date(2026, 11, 26)).rules
    told = found_path(
        path(option("a", "skill:gmp"), option("b")),
        {"a": facts("a", rules=account), "b": facts("b", rules=(*account, *usual))},
        frozenset({"skill:gmp"}),
    )
    lines = shown(FoundPaths("job", "Métier", "Job", (Target("skill:gmp", 2),), paths=(told,))).splitlines()
    rules = [line.replace(NARROW_SPACE, " ") for line in lines[lines.index("Règles appliquées :") + 1 :]]
    assert len(rules) == len({rule.code for rule in (*account, *usual)})
    participation = next(line for line in rules if "Participation forfaitaire" in line)
    assert participation.startswith(
        "  Participation forfaitaire obligatoire : 150 €, depuis le 02/04/2026. Décret n° 2026-234"
    )
    assert "(vérifié le 26/11/2026)" in participation
    assert [line.startswith("  PAS EN VIGUEUR. ") for line in rules].count(True) == 1
    assert sum("(de mémoire, le 26/11/2026). À vérifier." in line for line in rules) == 3

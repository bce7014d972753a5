"""How long a team takes, how that grows, and how good its plan is. Run: `python -m benchmarks.matching_teams [--database]`.

A seeded team of 200 people by 60 skills, 20 profiles of 15 requirements, 300 sessions of 150 trainings: from the bytes of the
matrix to the plan and its outcome. The bar is 2 s on two cores. With `--database`, as many people against 20 jobs of the
database that is configured (the demonstration, loaded and indexed), through the search engine.
"""

import datetime as dt
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matching.scoring import Held, Requirement, SkillGraph
from matching.teams import plan as planning
from matching.teams.demands import closed_by, demands_of
from matching.teams.gaps import Standing, stand
from matching.teams.matrix import read_matrix
from matching.teams.names import Names
from matching.teams.offers import Course, Session
from matching.teams.outcome import outcome_of
from matching.teams.plan import Plan, Terms, make_plan
from matching.teams.team import Person, Profile
from matching.teams.validities import requalifications

START = dt.date(2031, 1, 1)
LAST_DAY = dt.date(2031, 12, 31)
HORIZON = dt.date(2032, 7, 1)
ROUNDS = 7
BAR_MS = 2_000
SIZES = ((50, 5), (100, 10), (200, 20), (500, 50), (1_000, 100), (2_000, 200))
BUDGET_SHARES = (0.1, 0.25, 0.5)


@dataclass(frozen=True)
class Case:
    matrix: bytes
    profiles: list[Profile]
    courses: list[Course]
    graph: SkillGraph
    names: tuple[Names, Names]


def make_case(people: int, profiles: int, skills: int = 60, sessions: int = 300, seed: int = 1) -> Case:
    chance = random.Random(seed)  # noqa: S311 - the same team every time
    codes = [f"skill-{number}" for number in range(skills)]
    graph = SkillGraph.build(
        [chance.sample(codes, 2) for _ in range(10)], [chance.sample(codes, 2) for _ in range(10)]
    )
    needed = [_profile(chance, f"job-{number}", codes, people // profiles) for number in range(profiles)]
    courses = [_course(chance, f"course-{number}", codes) for number in range(sessions // 2)]
    rows = [_row(chance, number, needed, codes) for number in range(people)]
    matrix = "\n".join([";".join(["personne", "profil", *codes]), *rows]).encode()
    names = Names(dict.fromkeys(codes, ())), Names({one.code: () for one in needed})
    return Case(matrix, needed, courses, graph, names)


def _profile(chance: random.Random, code: str, codes: Sequence[str], posts: int) -> Profile:
    wanted = tuple(
        Requirement(skill, chance.choice([1, 2, 2, 3]), "essential" if place < 8 else "useful")
        for place, skill in enumerate(chance.sample(codes, 15))
    )
    return Profile(code, code, code, wanted, posts, 2)


def _row(chance: random.Random, number: int, profiles: Sequence[Profile], codes: Sequence[str]) -> str:
    """Somebody who holds two thirds of what a profile asks for, and a few other skills; one in five of them ends."""
    profile = profiles[number % len(profiles)]
    held = {one.skill for one in profile.requirements if chance.random() < 0.65} | set(
        chance.sample(codes, 5)
    )
    cells = [_cell(chance) if code in held else "" for code in codes]
    return ";".join([f"P-{number:04}", profile.code if chance.random() < 0.7 else "", *cells])


def _cell(chance: random.Random) -> str:
    level = chance.choice([1, 2, 3, 3])
    if chance.random() < 0.8:
        return str(level)
    return f"{level}@{START + dt.timedelta(days=chance.randrange(-30, 700))}"


def _course(chance: random.Random, code: str, codes: Sequence[str]) -> Course:
    days = chance.choice([2, 3, 5, 5, 10])
    price = days * chance.choice([30_000, 40_000, 50_000, 60_000])
    brings = tuple(
        Held(skill, chance.choice([2, 2, 3])) for skill in chance.sample(codes, chance.randint(2, 6))
    )
    starts = [START + dt.timedelta(days=chance.randrange(350)) for _ in range(2)]
    sessions = tuple(
        Session(
            f"{code}/{place}",
            code,
            start,
            start + dt.timedelta(days=days - 1),
            price,
            chance.choice([6, 8, 10, 12]),
        )
        for place, start in enumerate(starts)
    )
    return Course(code, code, code, "", "", brings, sessions)


def analyse(case: Case, budget_cents: int | None = None) -> tuple[Sequence[Person], Standing, Plan]:
    people = read_matrix(case.matrix, *case.names).people
    standing = stand(people, case.profiles, case.graph, START)
    demands = demands_of(standing, requalifications(standing, HORIZON))
    terms = Terms(START, LAST_DAY, budget_cents)
    plan = make_plan(demands, case.courses, standing.posts, case.graph, terms)
    outcome_of(standing, plan, case.courses)
    return people, standing, plan


def main() -> None:
    if "--database" in sys.argv[1:]:
        measure_database()
        return
    measure_growth()
    measure_rule()
    print(
        f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def measure_growth() -> None:
    print(
        "from the matrix to the plan (milliseconds, no limit of budget; processor: without waiting for others)"
    )
    print(
        f"  {'people':>7}{'profiles':>10}{'median':>9}{'worst':>8}{'processor':>11}{'demands':>9}{'places':>8}"
    )
    for people, profiles in SIZES:
        case = make_case(people, profiles)
        _, _, plan = analyse(case)  # imports and caches
        times = _milliseconds(lambda case=case: analyse(case))
        processor = _milliseconds(lambda case=case: analyse(case), time.process_time)
        places = sum(len(one.people) for one in plan.sessions)
        bar = f"   bar {BAR_MS}" if (people, profiles) == (200, 20) else ""
        print(
            f"  {people:>7}{profiles:>10}{statistics.median(times):>9.0f}{max(times):>8.0f}"
            f"{statistics.median(processor):>11.0f}"
            f"{len(plan.demands):>9}{places:>8}{bar}"
        )


def _milliseconds(call: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        started = clock()
        call()
        times.append(1_000 * (clock() - started))
    return times


def measure_rule() -> None:
    """What share of the weight of all demands the same money closes: in our order, with the most people first, and at most."""
    print("\nshare of what is wanted that a budget closes, 200 people, 20 profiles (people a session)")
    print(f"  {'budget':>10}{'our order':>16}{'most people first':>21}{'no plan can pass':>19}")
    case = make_case(200, 20)
    whole = analyse(case)[2].cost_cents
    for share in BUDGET_SHARES:
        budget = int(whole * share)
        standing, plan = analyse(case, budget)[1:]
        bound = _closed_at_most(case, plan, budget)
        ours, kept = _figures(plan), planning._rank
        planning._rank = _most_people_first
        theirs = _figures(make_plan(plan.demands, case.courses, standing.posts, case.graph, plan.terms))
        planning._rank = kept
        print(f"  {budget / 100:>8.0f} €{ours:>16}{theirs:>21}{bound:>19.1%}")


def _figures(plan: Plan) -> str:
    wanted = sum(one.weight for one in plan.demands)
    left = sum(plan.demands[place].weight for place in plan.remaining)
    people = statistics.mean(len(one.people) for one in plan.sessions)
    return f"{1 - left / wanted:.1%} ({people:.1f})"


def _most_people_first(session: Session, group: planning._Group) -> tuple[object, ...]:
    return -len(group.people), -group.gain, session.starts_on, session.code


def _closed_at_most(case: Case, plan: Plan, budget_cents: int) -> float:
    """By linear programming: parts of people may be sent, seats and budget count, the calendar does not."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix

    demands = plan.demands
    closers = closed_by(demands, case.courses, case.graph)
    sessions = [one for each in case.courses for one in each.sessions if plan.terms.obstacle(one) is None]
    rows, columns, values = [], [], []
    limits = [0.0] * len(demands) + [float(budget_cents)] + [float(one.seats or 0) for one in sessions]
    column = len(demands)
    for number, one in enumerate(sessions):
        for places in closers[one.training].values():
            for row, value in (
                *((place, -1.0) for place in places),
                (len(demands), float(one.price_cents or 0)),
                (len(demands) + 1 + number, 1.0),
            ):
                rows.append(row)
                columns.append(column)
                values.append(value)
            column += 1
    rows += range(len(demands))
    columns += range(len(demands))
    values += [1.0] * len(demands)
    weights = np.zeros(column)
    weights[: len(demands)] = [-one.weight for one in demands]
    matrix = coo_matrix((values, (rows, columns)), shape=(len(limits), column))
    found = linprog(weights, matrix.tocsr(), limits, bounds=(0, 1), method="highs")
    return -found.fun / sum(one.weight for one in demands)


def measure_database() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from matching.catalogue.jobs import load_jobs
    from matching.referential import load_referential
    from matching.teams.analysis import analyse_team, load_names
    from matching.teams.report import answer_as_dict
    from matching.teams.team import Need, Qualification

    referential = load_referential()
    codes = sorted(load_names(referential).jobs.codes)[:20]
    jobs = load_jobs(codes)
    chance = random.Random(1)  # noqa: S311 - the same team every time
    team = [
        Person(
            f"P-{number:04}",
            code,
            {
                one.skill: Qualification(one.level)
                for one in jobs[code].requirements
                if chance.random() < 0.65
            },
        )
        for number in range(200)
        for code in [codes[number % len(codes)]]
    ]
    needs = [Need(code, 10) for code in codes]
    answer_as_dict(analyse_team(team, needs))
    times = _milliseconds(lambda: answer_as_dict(analyse_team(team, needs)))
    print(
        f"200 people, 20 jobs of the database: {statistics.median(times):.0f} ms, at worst {max(times):.0f} ms"
    )


if __name__ == "__main__":
    main()

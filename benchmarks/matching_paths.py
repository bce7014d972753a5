"""How fast the best learning paths are proven. Run: `python -m benchmarks.matching_paths`.

Made-up catalogues, the same for the same seed: of each training four to six of the referential's 448 skills, two or three
sessions or a window of permanent entry, a price, a place; one in ten asks for a skill. People lack fifteen skills and hold
others. What is timed is one answer from the options in memory to the path, pruning included; reading a catalogue from the
database is not. Small catalogues and large ones show how it grows.
"""

import contextlib
import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from matching.errors import PathUnproven
from matching.paths.choices import Limits, choices_under
from matching.paths.forms import COST, Cap
from matching.paths.integer import solve
from matching.paths.problem import Constraints, CpfTerms, Mode, Objective, Option, Problem
from matching.paths.program import Program
from matching.paths.solving import best_path, pareto_paths
from matching.paths.table import read_table, targets_of

FIRST_DAY = dt.date(2031, 1, 6)
SKILLS, MISSING, HELD = 448, 15, 100
DOMAINS = 14  # the skills of a training come from one or two of them, where `by_domain`
SIZES = (1_000, 10_000, 30_000, 100_000)
SIZE_OF_THE_BAR = 10_000
ROUNDS, PLAIN_ROUNDS = 12, 3  # problems of each size
BAR_MS, FRONT_BAR_S = 300, 4.0


def made_up_options(draw: random.Random, trainings: int, *, by_domain: bool) -> tuple[Option, ...]:
    options: list[Option] = []
    for number in range(trainings):
        options += _training(draw, f"training-{number}", by_domain)
    return tuple(options)


def _training(draw: random.Random, name: str, by_domain: bool) -> list[Option]:
    brings = frozenset(draw.sample(_skills(draw, by_domain), draw.randint(4, 6)))
    needs = frozenset({f"skill-{draw.randrange(SKILLS)}"} if draw.random() < 0.1 else ()) - brings
    price = draw.choice((float(draw.randint(200, 6000)), float(10 * draw.randint(20, 600))))
    cpf = draw.choice((None, None, CpfTerms(100.0), CpfTerms(100.0, 4000.0)))
    days = draw.randint(1, 60)
    is_window = draw.random() < 0.1
    options = []
    for session in range(1 if is_window else draw.choice((1, 2, 2, 3, 3, 4))):
        mode = draw.choice((Mode.ON_SITE, Mode.ON_SITE, Mode.MIXED, Mode.REMOTE))
        earliest = FIRST_DAY + dt.timedelta(days=draw.randint(0, 400))
        options.append(
            Option(
                code=f"{name}/{session}",
                training=name,
                earliest=earliest,
                latest=earliest + dt.timedelta(days=draw.randint(30, 365) * is_window),
                days=days,
                brings=brings,
                needs=needs,
                price_eur=price,
                cpf=cpf,
                mode=mode,
                distance_km=0.0 if mode == Mode.REMOTE else float(draw.randint(0, 800)),
                trips=0 if mode == Mode.REMOTE else -(-days // 5),
                weekly_hours=draw.choice((14.0, 21.0, 35.0, 35.0, 35.0)),
                seats=draw.choice((None, None, 10, 3, 0)),
            )
        )
    return options


def _skills(draw: random.Random, by_domain: bool) -> list[str]:
    numbers: Sequence[int] = range(SKILLS)
    if by_domain and draw.random() < 0.8:
        domain = draw.randrange(DOMAINS)
        wanted = {domain, (domain + 1) % DOMAINS} if draw.random() < 0.3 else {domain}
        numbers = [number for number in numbers if number % DOMAINS in wanted]
    return [f"skill-{number}" for number in numbers]


def made_up_problem(seed: int, trainings: int, *, by_domain: bool = False) -> Problem:
    draw = random.Random(seed)  # noqa: S311 - the same case every time
    options = made_up_options(draw, trainings, by_domain=by_domain)
    skills = [f"skill-{number}" for number in range(SKILLS)]
    near = _skills(draw, by_domain)
    missing = frozenset(draw.sample(near if len(near) > MISSING else skills, MISSING))
    held = frozenset(draw.sample(sorted(set(skills) - missing), HELD))
    constraints = Constraints(
        starts_from=FIRST_DAY + dt.timedelta(days=draw.randint(0, 60)),
        latest_end=draw.choice((None, FIRST_DAY + dt.timedelta(days=540))),
        budget_eur=draw.choice((None, 15_000.0, 30_000.0)),
        weekly_hours=draw.choice((None, None, None, 21.0)),
        within_km=draw.choice(({}, {Mode.ON_SITE: 400.0, Mode.MIXED: 600.0})),
        modes=draw.choice((frozenset(Mode), frozenset(Mode), frozenset({Mode.MIXED, Mode.REMOTE}))),
        cpf_eur=draw.choice((0.0, 1500.0, 3000.0, 5000.0)),
    )
    return Problem(missing, options, constraints, held)


def main() -> None:
    """One answer to each objective, and the front of at most twelve paths, over made-up problems of each size."""
    import scipy.optimize  # noqa: F401 - imported before anything is timed

    print(
        f"proven best paths to {MISSING} missing skills: milliseconds, median (worst) of {ROUNDS} problems;"
    )
    print(
        f"twelve paths between, in seconds; « plain »: the cheapest, by one integer program ({PLAIN_ROUNDS} problems)"
    )
    heads = (*(one.value for one in Objective), "twelve (s)", "plain")
    print(f"  {'trainings':>10}" + "".join(f"{head:>18}" for head in heads))
    for trainings in SIZES:
        spent = [_spent_on(seed, trainings) for seed in range(ROUNDS)]
        columns = zip(*(one[:-1] for one in spent), strict=True)
        line = "".join(f"{_figures(times):>18}" for times in columns)
        plain = [one[-1] for one in spent if one[-1] is not None]
        bars = f"   bars {BAR_MS}, {FRONT_BAR_S:.0f}" if trainings == SIZE_OF_THE_BAR else ""
        print(f"  {trainings:>10}{line}{_figures(plain) if plain else '':>18}{bars}", flush=True)


def _spent_on(seed: int, trainings: int) -> tuple[float | None, ...]:
    """Milliseconds of each objective, seconds of the front, milliseconds of the plain integer program for a few problems."""
    problem = made_up_problem(seed, trainings, by_domain=bool(seed % 2))
    found = [_milliseconds(lambda one=objective: best_path(problem, one)) for objective in Objective]
    front = _milliseconds(lambda: pareto_paths(problem)) / 1_000
    is_plain = seed < PLAIN_ROUNDS and trainings <= SIZE_OF_THE_BAR
    return *found, front, _milliseconds(lambda: _plain(problem)) if is_plain else None


def _plain(problem: Problem) -> None:
    """The alternative: HiGHS over every choice, without bounds or pruning."""
    limits = Limits.of(problem.constraints)
    choices = choices_under(read_table(problem, targets_of(problem)), limits)
    caps = [] if limits.budget is None else [Cap(COST, limits.budget)]
    program = Program(choices, limits.cpf)
    with contextlib.suppress(PathUnproven):  # its limit of time is counted
        solve(program, np.arange(len(choices)), COST, caps)


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1_000 * (time.perf_counter() - started)


def _figures(times: Sequence[float]) -> str:
    digits = 1 if max(times) < 100 and statistics.median(times) < 20 else 0
    return f"{statistics.median(times):.{digits}f} ({max(times):.{digits}f})"


if __name__ == "__main__":
    main()

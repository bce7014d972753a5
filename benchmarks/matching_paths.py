"""How fast the best learning paths are proven. Run: `python -m benchmarks.matching_paths [--problems N] [--trainings N]`.

Made-up catalogues, the same for the same seed: of each training four to six of the referential's 448 skills, two or three
sessions or a window of permanent entry, a price, a place; one in ten asks for a skill. People lack fifteen skills and hold
others. What is timed is one answer from the options in memory to the path, pruning included; reading a catalogue from the
database is not. Small catalogues and large ones show how it grows.
"""

import datetime as dt
import random
from collections.abc import Sequence

from matching.paths.problem import Constraints, CpfTerms, Mode, Option, Problem

FIRST_DAY = dt.date(2031, 1, 6)
SKILLS, MISSING, HELD = 448, 15, 100
DOMAINS = 14  # the skills of a training come from one or two of them, where `by_domain`
SIZES = (1_000, 10_000, 30_000, 100_000)


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

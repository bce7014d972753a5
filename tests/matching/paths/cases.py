"""Random small problems of learning paths, the same for the same seed, with everything that can make one hard."""

import datetime as dt
import random

from matching.paths.problem import Constraints, CpfTerms, Mode, Option, Problem

FIRST_DAY = dt.date(2031, 3, 3)
MODES = tuple(Mode)


def day(number: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=number)


def small_problem(seed: int) -> Problem:
    draw = random.Random(seed)  # noqa: S311 - the same case every time
    targets = [f"t{number}" for number in range(draw.randint(1, 4))]
    others = [f"n{number}" for number in range(draw.randint(0, 3))]
    options: list[Option] = []
    windows = 0
    while len(options) < draw.randint(5, 8):
        training = f"training-{len({option.training for option in options})}"
        brings = _brings(draw, targets, others)
        needs = frozenset(draw.sample(targets + others, 1)) - brings if draw.random() < 0.3 else frozenset()
        for _ in range(draw.choice((1, 1, 2, 3))):
            is_window = windows < 3 and draw.random() < 0.3
            windows += is_window
            options.append(_option(draw, training, len(options), brings, needs, is_window))
    draw.shuffle(options)
    held = frozenset(draw.sample(others, 1)) if others and draw.random() < 0.3 else frozenset()
    return Problem(frozenset(targets), tuple(options[:8]), _constraints(draw), held)


def _brings(draw: random.Random, targets: list[str], others: list[str]) -> frozenset[str]:
    tokens = targets + others
    return frozenset(draw.sample(tokens, min(len(tokens), draw.choice((1, 1, 2, 2, 3)))))


def _option(
    draw: random.Random,
    training: str,
    number: int,
    brings: frozenset[str],
    needs: frozenset[str],
    is_window: bool,
) -> Option:
    first = draw.randint(-4, 24)
    price = draw.choice((0, 100, 150, 200, 350, 500, 500.5))
    mode = draw.choice(MODES)
    distance = 0.0 if mode == Mode.REMOTE else draw.choice((0.0, 3.5, 10.0, 40.0, 120.0))
    return Option(
        code=f"option-{number}",
        training=training,
        earliest=day(first),
        latest=day(first + draw.randint(1, 4) * is_window),
        days=draw.randint(1, 7),
        brings=brings,
        needs=needs,
        price_eur=price,
        cpf=draw.choice((None, CpfTerms(0.0), CpfTerms(100.0), CpfTerms(50.0, 200.0))),
        mode=mode,
        distance_km=distance,
        trips=0 if mode == Mode.REMOTE else draw.randint(1, 3),
        weekly_hours=draw.choice((7.0, 14.0, 35.0, 35.0)),
        seats=draw.choice((None, None, None, None, 4, 0)),
        registration_ends=day(draw.randint(0, 30)) if draw.random() < 0.3 else None,
    )


def _constraints(draw: random.Random) -> Constraints:
    kinds = draw.choice(("none", "some", "some", "many"))
    likely = {"none": 0.0, "some": 0.3, "many": 0.7}[kinds]

    def limited() -> bool:
        return draw.random() < likely

    return Constraints(
        starts_from=day(draw.choice((0, 0, 3))),
        latest_end=day(draw.randint(8, 30)) if limited() else None,
        budget_eur=draw.choice((0.0, 150.0, 400.0, 800.0)) if limited() else None,
        weekly_hours=draw.choice((7.0, 20.0)) if limited() else None,
        within_km={mode: draw.choice((5.0, 50.0)) for mode in MODES} if limited() else {},
        modes=frozenset(draw.sample(MODES, 2)) if limited() else frozenset(MODES),
        cpf_eur=draw.choice((0.0, 120.0, 600.0)),
    )

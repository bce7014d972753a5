"""Small random teams, profiles and catalogues, and short ways to write the fixed ones."""

import datetime as dt
from random import Random

from matching.scoring import Held, Requirement, SkillGraph
from matching.teams.demands import Cause, Demand
from matching.teams.names import Names
from matching.teams.offers import Course, Session
from matching.teams.team import Ask, Person, Profile, Qualification

START = dt.date(2031, 1, 6)
SKILLS = [f"s{number}" for number in range(8)]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same cases every time


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def names(*codes: str, **labels: str) -> Names:
    """Codes that are their own label, and codes with a label."""
    return Names({**dict.fromkeys(codes, ()), **{code: (label,) for code, label in labels.items()}})


def person(code: str, profile: str = "", **held: int | tuple[int, dt.date]) -> Person:
    """`s1=3`, or `s1=(3, last day)`."""
    return Person(
        code,
        profile,
        {
            skill: Qualification(*one) if isinstance(one, tuple) else Qualification(one)
            for skill, one in held.items()
        },
    )


def profile(code: str, posts: int = 1, team_min: int = 1, **essential: int) -> Profile:
    requirements = tuple(Requirement(skill, level) for skill, level in essential.items())
    return Profile(code, f"Métier {code}", "", requirements, posts, team_min)


def course(code: str, *sessions: Session, **brings: int) -> Course:
    skills = tuple(Held(skill, level) for skill, level in brings.items())
    return Course(code, f"Formation {code}", "", "", "", skills, sessions)


def session(training: str, first: int, days: int = 2, price: int | None = 100, **values: object) -> Session:
    """From the first day (counted from START); the price is in cents."""
    code = f"{training}/{first}"
    return Session(code, training, day(first), day(first + days - 1), price, **values)


def demand(
    who: str, skill: str = "s0", level: int = 1, weight: int = 3, due: dt.date | None = None
) -> Demand:
    return Demand(who, Ask(skill, level), weight, (Cause.GAP,), due)


def random_graph(random: Random) -> SkillGraph:
    pairs = [(random.choice(SKILLS), random.choice(SKILLS)) for _ in range(random.randrange(6))]
    beside = [(random.choice(SKILLS), random.choice(SKILLS)) for _ in range(random.randrange(4))]
    return SkillGraph.build(pairs, beside)


def random_profile(random: Random, code: str) -> Profile:
    skills = random.sample(SKILLS, random.randint(1, 6))
    requirements = tuple(
        Requirement(skill, random.randint(1, 4), random.choice(["essential", "useful"])) for skill in skills
    )
    return Profile(code, code, "", requirements, random.randint(1, 3), random.randint(1, 3))


def random_person(random: Random, code: str, profiles: list[str]) -> Person:
    held = {
        skill: Qualification(
            random.randint(0, 4), day(random.randint(-60, 700)) if random.random() < 0.4 else None
        )
        for skill in random.sample(SKILLS, random.randint(0, 6))
    }
    return Person(code, random.choice(["", "", *profiles]), held)


def random_team(random: Random, size: int = 6) -> tuple[list[Person], list[Profile]]:
    profiles = [random_profile(random, f"j{number}") for number in range(random.randint(1, 3))]
    codes = [one.code for one in profiles]
    return [random_person(random, f"p{number}", codes) for number in range(random.randint(1, size))], profiles


def random_courses(random: Random, count: int) -> list[Course]:
    """Trainings of up to three skills, each with one or two sessions within some weeks."""
    return [
        Course(
            f"t{number}",
            f"t{number}",
            "",
            "",
            "",
            tuple(Held(skill, random.randint(1, 4)) for skill in random.sample(SKILLS, random.randint(1, 3))),
            tuple(
                Session(
                    f"t{number}/{place}",
                    f"t{number}",
                    first := day(random.randint(0, 25)),
                    first + dt.timedelta(days=random.randint(0, 6)),
                    random.choice([0, 100, 200, 300, 300, None]),
                    random.choice([1, 2, 3, None]),
                    is_near=random.random() < 0.9,
                    is_beside_work=random.random() < 0.2,
                )
                for place in range(random.randint(1, 2))
            ),
        )
        for number in range(count)
    ]

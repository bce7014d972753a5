"""A small catalogue for the tests of paths: skills with a broader one, a job, trainings that say when, where and how much."""

import datetime as dt

from matching.paths.options import Sought, load_options
from matching.referential import load_referential
from matching.scoring import Requirement
from skills.models import Skill
from tests.matching.factories import in_days, load_part_of_referential
from training.models import Certification, CertificationBlock, Training, TrainingAction, TrainingSession

SKILLS = (
    "adherent-cell-culture",
    "aseptic-connections",
    "batch-documentation",
    "bioreactor-operation",
    "gmp",
    "hplc-analysis",
    "mammalian-cell-culture",
    "sampling",
)
# The tests' own days: every session lies after today, and no rule of funding changes between them.
DAY = 30


def load_skills() -> None:
    """The skills, of which culture of adherent cells is a part of culture of animal cells."""
    load_part_of_referential(*SKILLS)
    narrow = Skill.objects.get(code="adherent-cell-culture")
    narrow.broader.set([Skill.objects.get(code="mammalian-cell-culture")])
    narrow.save()


def session(
    training: Training,
    starts: int = DAY,
    length: int | None = 5,
    *,
    permanent: bool = False,
    seats=None,
    **action,
) -> TrainingSession:
    """A session of an action of its own; `length` None: no end is said."""
    values = {"price_eur": 1_000, "hours": 35, **action}
    return TrainingSession.objects.create(
        action=TrainingAction.objects.create(training=training, **values),
        starts_on=in_days(starts),
        ends_on=None if length is None else in_days(starts + length - 1),
        is_permanent_entry=permanent,
        seats=seats,
    )


def certification(code: str, *blocks: str, **values) -> Certification:
    made = Certification.objects.create(code=code, title=f"Titre {code}", **{"is_active": True, **values})
    for block in blocks:
        CertificationBlock.objects.create(certification=made, code=block, title=f"Bloc {block}")
    return made


def sought(*requirements: tuple[str, int], targets: frozenset[str] = frozenset(), **values) -> Sought:
    asked = tuple(Requirement(skill, level) for skill, level in requirements)
    return Sought(asked, targets, **{"today": in_days(0), **values})


def offered(asked: Sought):
    """What all the trainings of the catalogue offer."""
    codes = list(Training.objects.values_list("code", flat=True))
    return load_options(codes, asked, load_referential(), {})


def only(asked: Sought):
    """The only option, and what is shown of it."""
    found = offered(asked)
    (option,) = found.options
    return option, found.facts[option.code]


def day(number: int) -> dt.date:
    return in_days(number)

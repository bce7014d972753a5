"""Many trainings at once, so that a result set is longer than any page and than the ranks that are fused.

One rule: what each training offers follows from its number, so that a test knows the order to expect.
"""

from dataclasses import dataclass

from search.fusion import neutral_order
from skills.geography import distance_km
from tests.search.factories import in_days, make_provider
from training.models import Training, TrainingAction, TrainingSession

LYON = (45.758, 4.835)
UNKNOWN = float("inf")


@dataclass(frozen=True)
class Made:
    """What one training offers; what it does not tell is None."""

    number: int

    @property
    def code(self) -> str:
        return f"many-{self.number:03}"

    @property
    def price(self) -> int | None:
        return None if self.number % 7 == 0 else self.number % 11 * 100

    @property
    def is_remote(self) -> bool:
        return self.number % 9 == 0

    @property
    def point(self) -> tuple[float, float] | None:
        if self.is_remote or self.number % 4 == 0:
            return None
        return (43 + self.number % 13 / 2, 1 + self.number % 17 / 4)

    @property
    def starts(self) -> int | None:
        """Days from now."""
        return None if self.number % 5 == 0 else 1 + self.number % 23

    @property
    def is_open(self) -> bool:
        """A permanent entry has begun."""
        return self.number % 12 == 1

    @property
    def kilometres(self) -> float:
        if self.is_remote:
            return -1
        return UNKNOWN if self.point is None else distance_km(*LYON, *self.point)

    def keys(self) -> dict[str, tuple]:
        """By what each order compares it, the neutral one last."""
        start = UNKNOWN if self.starts is None or self.is_open else self.starts
        neutral = neutral_order(self.code)
        return {
            "date": (not self.is_open, start, neutral),
            "price": (UNKNOWN if self.price is None else self.price, neutral),
            "distance": (self.kilometres, neutral),
        }


def make_many(count: int) -> list[Made]:
    """Trainings that « chromatographie » finds, some better than others."""
    made, provider = [Made(number) for number in range(count)], make_provider()
    trainings = Training.objects.bulk_create(
        Training(
            code=one.code,
            title_fr="Chromatographie " + "et autres techniques " * (one.number % 6),
            provider=provider,
            live=True,
        )
        for one in made
    )
    actions = TrainingAction.objects.bulk_create(
        TrainingAction(
            training=training,
            mode="remote" if one.is_remote else "on-site",
            price_eur=one.price,
            latitude=one.point and one.point[0],
            longitude=one.point and one.point[1],
        )
        for one, training in zip(made, trainings, strict=True)
    )
    TrainingSession.objects.bulk_create(
        TrainingSession(
            action=action,
            starts_on=in_days(-3 if one.is_open else one.starts or 0),
            ends_on=in_days(90),
            is_permanent_entry=one.is_open,
        )
        for one, action in zip(made, actions, strict=True)
        if one.starts is not None or one.is_open
    )
    return made

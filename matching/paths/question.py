"""What a person asks of a path, in their own terms. Pure: no Django, no engine.

One rule: nothing is presumed that was not said: no limit, no money, no diploma.
"""

import datetime as dt
from dataclasses import dataclass

from matching.paths.funding import Status
from matching.paths.problem import Constraints, Mode, Objective


@dataclass(frozen=True, slots=True)
class Question:
    """`job`, `skills`, `target` (a certification or a block) and `target_level` say what for: the job's essential requirements
    unless `skills` names others. `holds` are certifications and blocks. `objective` None: the best by each, and what lies
    between.
    """

    job: str = ""
    skills: tuple[str, ...] = ()
    also_useful: bool = False
    target: str = ""
    target_level: int | None = None
    starts_from: dt.date | None = None
    latest_end: dt.date | None = None
    budget_eur: float | None = None
    weekly_hours: float | None = None
    place: str = ""
    within_km: float | None = None
    mixed_within_km: float | None = None
    modes: frozenset[Mode] = frozenset(Mode)
    cpf_eur: float = 0.0
    status: Status = Status.OTHER
    diploma_level: int | None = None
    holds: frozenset[str] = frozenset()
    objective: Objective | None = None

    def constraints(self, today: dt.date) -> Constraints:
        return Constraints(
            starts_from=self.starts_from or today,
            latest_end=self.latest_end,
            budget_eur=self.budget_eur,
            weekly_hours=self.weekly_hours,
            within_km=self._within_km(),
            modes=self.modes,
            cpf_eur=self.cpf_eur,
        )

    def _within_km(self) -> dict[Mode, float]:
        """A mixed training has its own limit, since one goes there less often; the limit of the others when none is said."""
        mixed = self.within_km if self.mixed_within_km is None else self.mixed_within_km
        limits = {Mode.ON_SITE: self.within_km, Mode.MIXED: mixed}
        return {mode: limit for mode, limit in limits.items() if limit is not None}

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """Distance is no aim for who does not say where they leave from."""
        return tuple(one for one in Objective if one is not Objective.DISTANCE or self.place)

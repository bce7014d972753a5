"""Many profiles against one set of skills at once. Pure: no Django, no engine.

One rule: the answer is that of `matching.scoring.score` for each profile, requirement by requirement. It is only quicker: a
requirement that several profiles share is explained once, and one that nothing answers was explained beforehand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from matching.scoring import (
    Held,
    Requirement,
    Score,
    SkillGraph,
    explain,
    levels_of,
    total_weight,
    value_of,
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Profile:
    """`places`: where the requirements of the profile stand among the distinct ones."""

    places: tuple[int, ...]
    weight: int


class Profiles:
    """Profiles (jobs, needs...) by code, ready to be compared with people: build once, ask many times."""

    def __init__(
        self, requirements: Mapping[str, Sequence[Requirement]], graph: SkillGraph, language: str = "fr"
    ) -> None:
        self._graph, self._language = graph, language
        self._distinct = list(dict.fromkeys(one for asked in requirements.values() for one in asked))
        place_of = {one: place for place, one in enumerate(self._distinct)}
        self._profiles = {
            code: _Profile(tuple(place_of[one] for one in asked), total_weight(asked))
            for code, asked in requirements.items()
        }
        self._missing = [explain(one, {}, graph, language) for one in self._distinct]
        self._places_of: defaultdict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self._distinct):
            self._places_of[one.skill].append(place)

    def __len__(self) -> int:
        return len(self._profiles)

    def scores(self, held: Iterable[Held]) -> dict[str, Score]:
        """The score of every profile with each of its requirements, in the profiles' order."""
        levels = levels_of(held)
        results, gains = self._missing.copy(), [0.0] * len(self._missing)
        touched = {asked for code in levels for asked in self._graph.answered_by(code)}
        for place in (place for skill in touched for place in self._places_of.get(skill, ())):
            results[place] = explain(self._distinct[place], levels, self._graph, self._language)
            gains[place] = results[place].gain
        return {
            code: Score(value_of(_chosen(gains, one.places), one.weight), _chosen(results, one.places))
            for code, one in self._profiles.items()
        }


def _chosen(values: Sequence[Value], places: tuple[int, ...]) -> tuple[Value, ...]:
    return tuple([values[place] for place in places])

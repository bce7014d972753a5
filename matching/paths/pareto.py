"""The paths between the best ones: those that no other path beats on cost, end and distance at once. Pure: no Django, no
engine.

One rule: what is not yet known lies in zones, each below a local upper bound (Klamroth, Lacour, Vanderpooten, 2015). A zone
is either proven empty or gives a path that nothing beats, so that the set is complete when no zone is left.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from matching.paths.forms import COST, DISTANCE, Cap, Form, cost_of
from matching.paths.minimising import Optimum, Question
from matching.paths.ordered import best, best_for
from matching.paths.problem import Objective

Point = tuple[int, int, int]  # cents, day, decametres

UNBOUNDED = 1 << 60
FINENESS = 64  # of the weights of cost and distance
MORE = 6
# Of the days between the soonest end and the latest expected, which ends are looked at first.
LATER = (1.0, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875)


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """Paths by growing cost; they are all there are when `is_complete`."""

    found: tuple[Optimum, ...]
    is_complete: bool


def front(question: Question, caps: Sequence[Cap], most: int) -> Front:
    """At most so many paths, beginning with the best of each objective; none when there is no path."""
    search = _Front(question, caps)
    for objective in Objective:
        optimum = best(question, objective, caps)
        if optimum is None:
            return Front((), is_complete=True)
        if len(search.found) < most:
            search.take(optimum)
    search.know_ideal()
    search.sample(most)
    while search.zones and len(search.found) < most:
        search.explore()
    return Front(tuple(search.found[point] for point in sorted(search.found)), not search.zones)


@dataclass(slots=True, eq=False)
class _Front:
    question: Question
    caps: Sequence[Cap]
    found: dict[Point, Optimum] = field(default_factory=dict)
    zones: list[Point] = field(default_factory=lambda: [(UNBOUNDED,) * 3])
    ideal: Point = (0, 0, 0)
    worst: Point = (0, 0, 0)

    def know_ideal(self) -> None:
        """From the best of each objective: nothing is better on any, and little is expected beyond the worst of them."""
        costs, ends, distances = zip(*self.found, strict=True)
        self.ideal = min(costs), min(ends), min(distances)
        self.worst = max(costs), max(ends), max(distances)
        self._leave_empty()

    def take(self, optimum: Optimum) -> None:
        point = cost_of(optimum.path, self.question.account), optimum.end, int(optimum.path.travel.sum())
        if point not in self.found:
            self.found[point] = optimum
            self.zones = split(self.zones, point)
            self._leave_empty()

    def _leave_empty(self) -> None:
        self.zones = [
            zone for zone in self.zones if all(low < high for low, high in zip(self.ideal, zone, strict=True))
        ]

    def sample(self, most: int) -> None:
        """Paths spread over the days between the soonest and the last: a limit on the end alone leaves what is quick to prove,
        while a zone between close points may take long to be proven empty.
        """
        for late in LATER:
            day = self.ideal[1] + round(late * (self.worst[1] - self.ideal[1]))
            for form in self._mixed():
                if len(self.found) >= most or not self.zones:
                    return
                optimum = best_for(self.question.until(day), form, self.caps)
                if optimum is not None:
                    self.take(optimum)

    def _mixed(self) -> Iterator[Form]:
        """Cost and distance, each as much as the other over what is expected, then more of the one and of the other."""
        of_cost, of_travel = self._weights((UNBOUNDED,) * 3)
        for cheaper, nearer in ((1, 1), (MORE, 1), (1, MORE)):
            yield Form(cost=of_cost * cheaper, travel=of_travel * nearer)

    def _weights(self, zone: Point) -> tuple[int, int]:
        """Of cost and of travel, so that each counts as much as the other over the zone."""
        cost, _, distance = self._sides(zone)
        finest = max(1, min(cost, distance) // FINENESS)
        return max(1, distance // finest), max(1, cost // finest)

    def explore(self) -> None:
        """The largest zone: a path of it, or the proof that there is none."""
        zone = max(self.zones, key=lambda one: (self._size(one), one))
        optimum = self._within(zone)
        if optimum is None:
            self.zones.remove(zone)
        else:
            self.take(optimum)

    def _sides(self, zone: Point) -> Point:
        """How far the zone reaches beyond the ideal, as far as something is expected."""
        cost, end, distance = (
            max(min(high, worst + 1) - low, 1)
            for low, high, worst in zip(self.ideal, zone, self.worst, strict=True)
        )
        return cost, end, distance

    def _size(self, zone: Point) -> float:
        whole = self._sides((UNBOUNDED,) * 3)
        size = 1.0
        for side, most in zip(self._sides(zone), whole, strict=True):
            size *= side / most
        return size

    def _within(self, zone: Point) -> Optimum | None:
        """The best path of this zone, cost and distance weighed by how far the zone reaches."""
        of_cost, of_travel = self._weights(zone)
        form = Form(cost=of_cost, travel=of_travel)
        caps = list(self.caps)
        caps += [
            Cap(one, most - 1) for one, most in ((COST, zone[0]), (DISTANCE, zone[2])) if most < UNBOUNDED
        ]
        return best_for(
            self.question.until(zone[1] - 1) if zone[1] < UNBOUNDED else self.question, form, caps
        )


def split(zones: Collection[Point], point: Point) -> list[Point]:
    """The zones that are left when a path of this point is known, none within another."""
    kept, parts = [], set()
    for zone in zones:
        if all(value < high for value, high in zip(point, zone, strict=True)):
            parts |= {(*zone[:axis], point[axis], *zone[axis + 1 :]) for axis in range(3)}
        else:
            kept.append(zone)
    every = [*kept, *sorted(parts)]
    return [zone for zone in every if not any(_is_within(zone, other) for other in every)]


def _is_within(zone: Point, other: Point) -> bool:
    return zone != other and all(high <= most for high, most in zip(zone, other, strict=True))

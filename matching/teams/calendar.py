"""Who is away when. Pure: no Django, no engine.

One rule: nobody is at two places on one day, and on no day are more people of a profile away than it can spare.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

AWAY_SHARE = 3  # one in three people of a profile may be away on the same day

Stay = tuple[dt.date, dt.date]  # first and last day


class Calendar:
    """`posts` gives the profile of those who have a post; `most_away` how many of each profile may be away, a third when
    not said.
    """

    def __init__(self, posts: Mapping[str, str], most_away: int | None = None) -> None:
        self._posts = posts
        sizes: defaultdict[str, int] = defaultdict(int)
        for profile in posts.values():
            sizes[profile] += 1
        self._most = {
            profile: max(1, size // AWAY_SHARE) if most_away is None else most_away
            for profile, size in sizes.items()
        }
        self._people: defaultdict[str, list[Stay]] = defaultdict(list)
        self._profiles: defaultdict[str, list[Stay]] = defaultdict(list)

    def profile_of(self, person: str) -> str | None:
        return self._posts.get(person)

    def is_free(self, person: str, stay: Stay) -> bool:
        return not any(_meet(stay, other) for other in self._people[person])

    def spare(self, profile: str, stay: Stay) -> int:
        """How many more people of the profile may be away on every day of the stay."""
        met = [other for other in self._profiles[profile] if _meet(stay, other)]
        # Most are away together on the first day of the stay, or on the first day of another one.
        days = [stay[0], *(first for first, _ in met if first >= stay[0])]
        return self._most[profile] - max(
            (sum(first <= day <= last for first, last in met) for day in days), default=0
        )

    def book(self, person: str, stay: Stay, *, is_away: bool) -> None:
        """`is_away` is false for what is followed beside one's work."""
        self._people[person].append(stay)
        profile = self._posts.get(person)
        if profile and is_away:
            self._profiles[profile].append(stay)


def _meet(one: Stay, other: Stay) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]

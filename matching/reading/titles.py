"""Which jobs a text names by one of their titles. Pure: no Django, no engine.

One rule: a title counts whole, whatever its gender and its small words; one that several jobs share names none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from matching.reading.stems import STOP_WORDS, french_stem
from matching.reading.tokens import tokenize
from skills.gender import in_one_gender

MOST_JOBS = 2  # that may share a title and still be named by it


class JobTitles:
    """The titles of jobs, by code, ready to be looked for."""

    def __init__(self, titles: Mapping[str, Iterable[str]]) -> None:
        jobs: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for code, names in titles.items():
            for name in names:
                stems = tuple(_stems(name))
                if len(stems) > 1 or len(in_one_gender(name).split()) == 1 == len(stems):
                    jobs[stems].add(code)
        self._jobs = {stems: frozenset(codes) for stems, codes in jobs.items() if len(codes) <= MOST_JOBS}
        self._longest = max(map(len, self._jobs), default=0)

    def named_in(self, text: str) -> frozenset[str]:
        """The codes of the jobs that the text names."""
        stems = list(_stems(text))
        found: set[str] = set()
        for first in range(len(stems)):
            for size in range(self._longest, 0, -1):
                if codes := self._jobs.get(tuple(stems[first : first + size])):
                    found |= codes
                    break
        return frozenset(found)


def _stems(text: str) -> Iterator[str]:
    for token in tokenize(in_one_gender(text)):
        if token.key not in STOP_WORDS:
            yield french_stem(token.key)

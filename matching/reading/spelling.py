"""Long words with one wrong letter. Pure: no Django, no engine.

One rule: a correction keeps the first letter and changes one letter at most (insertion, deletion,
substitution or swap).
"""

from collections.abc import Iterable

SHORTEST = 7


def _deletions(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(1, len(word))}


def is_one_edit_away(first: str, second: str) -> bool:
    """One insertion, deletion, substitution or swap of neighbours apart (or equal)."""
    if abs(len(first) - len(second)) > 1:
        return False
    shortest = min(len(first), len(second))
    start = next((place for place in range(shortest) if first[place] != second[place]), shortest)
    rest, other = first[start:], second[start:]
    if len(rest) == len(other):
        is_swap = len(rest) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]
        return rest[1:] == other[1:] or is_swap
    return rest[1:] == other or rest == other[1:]


class Speller:
    """Finds the known word that a misspelt one means."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = {word for word in words if len(word) >= SHORTEST and word.isalpha()}
        self._by_deletion: dict[str, list[str]] = {}
        for word in sorted(self._words):
            for form in {word, *_deletions(word)}:
                self._by_deletion.setdefault(form, []).append(word)

    def correct(self, word: str) -> str | None:
        """A known word one edit away, a plural s aside (of several, the first in the alphabet)."""
        if len(word) < SHORTEST or word in self._words or not word.isalpha():
            return None
        return self._nearest(word) or (self._nearest(word[:-1]) if word.endswith("s") else None)

    def _nearest(self, word: str) -> str | None:
        found = {
            known
            for form in (word, *_deletions(word))
            for known in self._by_deletion.get(form, ())
            if known[0] == word[0] and is_one_edit_away(word, known)
        }
        return min(found, default=None)

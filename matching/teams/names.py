"""The skills or jobs that people write, by code or by label. Pure: no Django, no engine.

One rule: only an exact code or label is taken (accents, capitals and punctuation aside); what comes near is proposed, never
guessed.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from skills.text import text_key

MOST_PROPOSED = 3
NEARNESS = 0.6  # of difflib: under it a proposal would only puzzle
# Names looked up by nearness at most: each costs some milliseconds, and a file of wrong columns needs no thousand proposals.
MOST_LOOKED_UP = 30


class Names:
    """From what is written to a code. `labels` are those of each code, the first one being shown in proposals."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._labels = {code: [label for label in texts if label] for code, texts in labels.items()}
        self._by_key: dict[str, set[str]] = {}
        for code, texts in self._labels.items():
            for text in (code, *texts):
                self._by_key.setdefault(text_key(text), set()).add(code)
        self._proposed: dict[str, tuple[str, ...]] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._labels)

    def find(self, text: str) -> str | None:
        """The code that is meant; None when there is none, or several."""
        if text in self._labels:
            return text
        found = self._by_key.get(text_key(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def near(self, text: str) -> tuple[str, ...]:
        """What may have been meant, best first, as « label » (code)."""
        key = text_key(text)
        if key not in self._proposed:
            if len(self._proposed) >= MOST_LOOKED_UP:
                return ()
            self._proposed[key] = tuple(self._shown(code) for code in self._near_codes(key))
        return self._proposed[key]

    def _near_codes(self, key: str) -> list[str]:
        keys = [key] if key in self._by_key else get_close_matches(key, self._by_key, MOST_PROPOSED, NEARNESS)
        codes = (code for near in keys for code in sorted(self._by_key[near]))
        return list(dict.fromkeys(codes))[:MOST_PROPOSED]

    def _shown(self, code: str) -> str:
        labels = self._labels[code]
        return f"« {labels[0]} » ({code})" if labels else code

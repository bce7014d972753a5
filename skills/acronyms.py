"""Which sense an acronym has where it stands: PV is pharmacovigilance near « effets indésirables », minutes near « réunion ».

Pure: no Django. One rule: an acronym of several senses is read only where its context tells them apart; nobody guesses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sense:
    """`skill` is empty for a meaning that is no skill; `phrases` are its context, each as the words that make it up."""

    skill: str
    phrases: tuple[Words, ...] = ()


def sense_of(senses: Sequence[Sense], words: Sequence[str]) -> Sense | None:
    """The only sense, or the one of which most phrases stand in `words`; None when nothing tells, or tells two alike.

    `words` and the phrases are to be normalised alike (folded, stemmed) by the caller.
    """
    if len(senses) == 1:
        return senses[0]
    found = [(sum(_stands_in(phrase, words) for phrase in sense.phrases), sense) for sense in senses]
    found.sort(key=lambda one: -one[0])
    (best, sense), (second, _) = found[0], found[1]
    return sense if best > second else None


def _stands_in(phrase: Words, words: Sequence[str]) -> bool:
    size = len(phrase)
    return size > 0 and any(tuple(words[at : at + size]) == phrase for at in range(len(words) - size + 1))

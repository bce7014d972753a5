"""What the training reads: concepts with the texts that name or describe them. Pure.

One rule: a concept belongs to one source; nothing here or downstream joins the concepts of two sources.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skills.text import one_line

ESCO_OCCUPATION, ESCO_SKILL = "esco-occupation", "esco-skill"
ROME_TITLE = "rome-title"
OUR_SKILL, OUR_JOB = "our-skill", "our-job"

_GENDERS = re.compile(r"\s*/\s*")


@dataclass(frozen=True)
class Concept:
    """`names` say the same thing, `details` describe it; concepts of one `family` are near, and never taken for opposites."""

    code: str
    source: str
    names: tuple[str, ...]
    details: tuple[str, ...] = ()
    family: str = ""


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that say something, their spaces tidied, each once, in order."""
    return tuple(dict.fromkeys(tidy for text in texts if (tidy := one_line(text))))


def gendered_names(title: str) -> tuple[str, ...]:
    """A title given as « masculine / feminine » and its two halves; any other title alone.

    « Entraîneur sportif / Entraîneuse sportive de football » shares its last words between both: the first half says how
    many words of the second are its own.
    """
    if not (halves := _halves(title)):
        return distinct([title])
    masculine, feminine = halves
    shared = feminine.split()[len(masculine.split()) :]
    return distinct([title, " ".join([masculine, *shared]), feminine])


def _halves(title: str) -> list[str]:
    """The masculine and the feminine of a title that gives both; nothing for another."""
    halves = _GENDERS.split(title.strip())
    return halves if len(halves) == 2 and all(halves) else []


def shared_ending(title: str) -> str:
    """« chef de quai/cheffe de quai » written as « chef / cheffe de quai », the way of ROME; other titles as they are."""
    if not (halves := _halves(title)):
        return title
    masculine, feminine = (half.split() for half in halves)
    shared = 0
    while shared < min(len(masculine), len(feminine)) - 1 and masculine[-1 - shared] == feminine[-1 - shared]:
        shared += 1
    own = masculine[: len(masculine) - shared]
    return f"{' '.join(own)} / {' '.join(feminine)}"


def all_texts(concepts: Iterable[Concept]) -> Iterator[str]:
    for concept in concepts:
        yield from concept.names
        yield from concept.details

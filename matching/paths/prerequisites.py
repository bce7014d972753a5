"""The skills that the prerequisites of a training name. Pure: no Django, no engine.

One rule: what the text surely asks for as a skill is required, even when it is only wished for (« souhaitée »): the words do
not tell that surely. Nothing is required that the text denies (« aucune expérience du plasma n'est demandée »), offers as an
alternative to what cannot be read (« ou première expérience »), or says of diplomas, of health, of plans or of some sessions.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from matching.paths.tokens import has_token
from matching.reading.lexicon import Lexicon
from matching.reading.reader import Evidence, read_text
from matching.reading.sentences import Span, sentences

# A label of the referential as its editors wrote it: neither corrected, nor scattered, nor a short acronym.
LEAST_PROBABILITY = 0.9
# Between two alternatives; « grade C ou D » joins letters, not skills.
_OR = re.compile(r"(?<=\w{3}) (?:ou|or) ", re.IGNORECASE)
# The level of entry of a training says the diploma; the names of diplomas name subjects, not skills held.
_NOT_SKILLS = re.compile(
    r"\b(?:bac|baccalauréat|bts|but|dut|licence|master|diplômes?|école d'ingénieurs|terminale"
    r"|médical\w*|aptitude|contre-indications?"
    r"|se destine\w*|y être appelé\w*|sur le point"
    r"|pour (?:la|les) sessions?)\b",
    re.IGNORECASE,
)


def required_skills(text: str, lexicon: Lexicon, teachable: AbstractSet[str]) -> frozenset[str]:
    """The `has:` tokens of this text; `teachable` are the codes of knowledge and know-how."""
    surely = [
        found
        for found in read_text(text, lexicon).held
        if found.probability >= LEAST_PROBABILITY and found.code in teachable
    ]
    return frozenset(
        has_token(found.code for found in alternatives)
        for sentence in sentences(text)
        if not _NOT_SKILLS.search(text, sentence.start, sentence.end)
        for alternatives in _alternatives(text, sentence, surely)
    )


def _alternatives(text: str, sentence: Span, surely: list[Evidence]) -> Iterator[list[Evidence]]:
    """The skills of a sentence, each with those that « ou » joins to it; none that « ou » joins to words without a skill."""
    found = [one for one in surely if sentence.start <= one.start < sentence.end]
    starts = [sentence.start, *(one.end for one in found)]
    ends = [*(one.start for one in found), sentence.end]
    has_or = [bool(_OR.search(text, start, end)) for start, end in zip(starts, ends, strict=True)]
    first, last = 0, len(found) - 1
    for place in range(len(found)):
        if place < last and has_or[place + 1]:
            continue
        is_open = (first == 0 and has_or[0]) or (place == last and has_or[-1])
        if not is_open:
            yield found[first : place + 1]
        first = place + 1

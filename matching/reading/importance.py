"""How much a text that asks for skills insists on each. Pure: no Django, no engine.

One rule: what is called a plus, or left to be learnt at work, is useful; whatever else is asked for is essential, and so is
what a text insists on anywhere.
"""

import re
from collections.abc import Iterator, Sequence

from matching.reading.sentences import Span, clauses_of, sentences

ESSENTIAL, USEFUL = "essential", "useful"

_WISHED = (
    r"(?:souhait(?:ée?s?|ables?)|appréci(?:ée?s?|ables?|é\(e\)s?)|bienvenue?s?|facultati(?:fs?|ves?)|optionnel(?:le)?s?"
    r"|secondaires?)"
)
_ASSET = r"(?:an? )?(?:real |big |strong |great |clear )?(?:plus|bonus|assets?|advantages?)"
_AT_WORK = r"(?:ici|chez nous|sur place|sur le tas|au poste|en poste|en interne|avec nous)"


def _any(*ways: str) -> str:
    return f"(?:{'|'.join(ways)})"


# What opens a sentence, or a list, that stands after its colon.
_OPENING = re.compile(
    r"^\W*"
    + _any(
        r"(?:(?:les?|un|vos|des|petits?|gros|seront des|serait un|ce serait) )*(?:plus|bonus|atouts?)"
        r"(?: du poste| appréci\w+| si possible)?",
        r"(?:ce serait|c'est) (?:bien|mieux)(?: avec)?",
        r"en plus(?: si possible)?",
        r"idéalement|de préférence|preferably|ideally",
        rf"(?:(?:seraient|sont) )?(?:(?:compétence|qualité|expérience)s? )?{_WISHED}(?: sans être exigée?s?)?",
        r"(?:non|pas) exigée?s?|not (?:required|needed)",
        _ASSET,
        r"nice[ -]to[ -]haves?|good to have",
        r"(?:preferred|desired|desirable|optional|helpful|appreciated|welcome)"
        r"(?: (?:skills|qualifications|experience|requirements))?",
    )
    + r"\s*:",
    re.IGNORECASE,
)
# What makes a plus of the clauses around it.
_PLUS = re.compile(
    _any(
        r"\b(?:est|sont|(?:ser|constituer|représenter)(?:a|ont|ait|aient)|constitue(?:nt)?|représente(?:nt)?"
        r"|peu(?:t|vent) être)"
        r" (?:un|des) (?:vrais? |gros |réels? )?(?:plus(?! \w+s\b)|atouts?)\b",
        rf"\b(?:est|sont|ser(?:a|ont|ait|aient)) (?:très |fortement )?{_WISHED}(?!\w| et (?:vous|nous)\b)",
        r"\b(?:sans être|n'est pas|ne sont pas) (?:exigée?|obligatoire|indispensable|requise?)s?\b",
        r"\b(?:is|are|would be|will be) (?:also |highly )?"
        rf"(?:{_ASSET}|appreciated|desirable|preferred|helpful|beneficial|advantageous)\b",
        r"\b(?:is|are) (?:not (?:required|essential|mandatory)|optional|welcome(?! to\b))\b",
        r"\bnice to have\b|\b(?:non|pas) exigée?s?\b|^\W*(?:idéalement|ideally|preferably)\b",
        rf"[(:–-] ?(?:un plus|a plus|optional|preferred|{_WISHED})\)?\W*$",
        rf"(?<!\w)(?:{_WISHED}|preferred|desirable)\W*$",
    ),
    re.IGNORECASE,
)
_LEARNT = re.compile(
    _any(
        rf"s['’]appren\w+ (?:\w+ ){{0,2}}{_AT_WORK}",
        rf"\b(?:enseignée?s?|apprise?s?|formée?s?) {_AT_WORK}",
        r"\b(?:nous|on) (?:vous )?(?:form(?:e|era|erons|ons)|appren(?:d|dra|drons|ons)) (?:à|au|aux|sur|la|le|les|l['’])",
        r"\bvous serez formée?s? (?:à|au|aux|sur)\b",
        r"formation (?:est )?(?:assurée|dispensée) en interne",
        r"\b(?:can|will) be (?:learnt|learned|taught|acquired)\b",
        r"\bwe (?:will |can |would )?(?:train|teach) you\b",
    ),
    re.IGNORECASE,
)
# Who teaches others is not taught: a trainer's advert.
_OTHERS = re.compile(
    r"\b(?:clients?|équipes?|opérateurs?|sessions?|customers?|operators?|par an|au total)\b", re.IGNORECASE
)
_INSISTED = re.compile(
    r"(?<!sans être )(?<!pas )(?<!non )(?<!not )\b"
    + _any(
        r"indispensables?|exigée?s?|obligatoires?|requise?s?|essentiel(?:le)?s?",
        r"impérati(?:fs?|ves?|vement)",
        r"required|mandatory|essential|must",
    )
    + r"\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-–—•*▪●◦‣·>]")


class Importances:
    """The passages of a text that tell of a plus, asked again and again."""

    def __init__(self, text: str) -> None:
        self._text, self._folded = text, text.casefold()
        self._useful = list(_useful(text, sentences(text)))

    def at(self, start: int) -> str:
        """How much the text insists on what stands there: `essential` or `useful`."""
        return USEFUL if any(span.start <= start < span.end for span in self._useful) else ESSENTIAL

    def of(self, quote: str) -> str:
        """How much it insists on what it says so, wherever it does: `essential` when it does once."""
        said = re.finditer(re.escape(quote.casefold()), self._folded) if quote else ()
        found = {self.at(one.start()) for one in said}
        return USEFUL if found == {USEFUL} else ESSENTIAL


def _useful(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Sentences, or clauses of them; the list below a title counts with it."""
    is_listed, end = False, 0
    for span in spans:
        said = text[span.start : span.end]
        is_listed = is_listed and bool(_BULLET.match(said)) and text[end : span.start].count("\n") < 2
        end = span.end
        if is_listed:
            yield span
        elif _OPENING.match(said):
            is_listed = said.endswith(":")
            yield span
        elif _is_a_plus(said):
            yield from (
                clause
                for clause in clauses_of(text, span)
                if not _INSISTED.search(text[clause.start : clause.end])
            )


def _is_a_plus(sentence: str) -> bool:
    return bool(_PLUS.search(sentence) or (_LEARNT.search(sentence) and not _OTHERS.search(sentence)))

"""How much a text that asks for skills insists on each. Pure: no Django, no engine.

One rule: what a sentence calls a plus, or leaves to be learnt at work, is useful; whatever else is asked for is essential.
"""

import re

from matching.reading.sentences import sentences

ESSENTIAL, USEFUL = "essential", "useful"

# A sentence that opens so, up to its colon, lists what is a plus.
_OPENING = re.compile(
    r"^\W*(?:les? |un |des |the |a |an )?(?:seront des |serait un |would be an? )?"
    r"(?:gros |petits? |vrais? |real |big )?"
    r"(?:plus(?! d)|bonus|atouts?|ce serait (?:bien|mieux)|appréci\w+|souhait\w+|secondaires?|facultati\w+|optionnel\w*"
    r"|en plus|idéalement"
    r"|bienvenue?s?|utiles?|nice[ -]to[ -]haves?|pluses|assets?|advantages?|desirables?|preferred|preferably|ideally|optional"
    r"|welcome|useful|helpful|appreciated|not (?:required|needed)|non exigée?s?|pas exigée?s?)\b[^:.]{0,60}:",
    re.IGNORECASE,
)
# One that says so anywhere tells of nothing else.
_PLUS = re.compile(
    r"\b(?:(?:est|sont|serait|seraient|sera|seront|constituent?) (?:un|des) (?:vrai |gros |réel )?(?:plus|atouts?)"
    r"|(?:serait|seraient|est|sont|sera|seront) (?:très )?(?:appréci\w+|bienvenue?s?)"
    r"|sans être (?:exigée?|obligatoire|indispensable)s?"
    r"|(?:is|are|would be|will be) (?:an? |highly |also )?"
    r"(?:plus|asset|advantage|appreciated|welcome|desirable|preferred|helpful)"
    r"|nice to have|not (?:required|essential|mandatory))\b"
    r"|\b(?:appréciée?s?|bienvenue?s?)\W*$",
    re.IGNORECASE,
)
_LEARNT = re.compile(
    r"s['’]appren\w+ (?:ici|chez nous|sur place|sur le tas|au poste|en poste|avec nous)"
    r"|\b(?:enseignée?s?|apprise?s?|formée?s?) (?:ici|chez nous|sur place|en interne|au poste)"
    r"|\b(?:nous|on) (?:vous )?(?:form(?:e|era|erons|ons)|appren(?:d|dra|drons|ons)) (?:à|au|aux|sur)\b"
    r"|\b(?:can|will) be (?:learnt|learned|taught|trained)\b|\bwe (?:will |can |would )?(?:train|teach)\b",
    re.IGNORECASE,
)


class Importances:
    """The sentences of a text, asked again and again."""

    def __init__(self, text: str) -> None:
        self._useful = [span for span in sentences(text) if _is_of_use(text[span.start : span.end])]

    def at(self, start: int) -> str:
        """How much the text insists on what stands there: `essential` or `useful`."""
        return USEFUL if any(span.start <= start < span.end for span in self._useful) else ESSENTIAL


def _is_of_use(sentence: str) -> bool:
    return any(cue.search(sentence) for cue in (_OPENING, _PLUS, _LEARNT))

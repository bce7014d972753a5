"""What the words around a mention say of it: held, denied or wished for. Pure: no Django, no engine.

One rule: a denial or a wish reaches from its cue to the next statement of the same sentence, never beyond;
what is not clearly denied or wished for is held.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from matching.reading.lexicon import Mention
from matching.reading.tokens import Token


class Stance(Enum):
    HELD = "held"
    DENIED = "denied"
    WISHED = "wished"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A stance and the tokens of the cue that gives it (None when held)."""

    stance: Stance
    cue: tuple[int, int] | None = None


_HELD = Verdict(Stance.HELD)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b")


# All patterns read folded words joined by one space: « n'ai pas » is "n ai pas", "don't" is "don t".
# They look like a denial or a wish and are neither; what follows is held.
_AFFIRMED = _any(
    r"(?:pas|non) (?:seulement|uniquement|simplement|juste)",
    r"pas que",
    r"pas mal d[eu]?",
    r"pas (?:attendu|rare)(?: pour| d[e]?| que?)?",
    r"(?:arrete|cesse|lasse|contente|limite|borne)\w* pas(?: d[e]?| a| qu)",
    r"laisse\w* (?:jamais|pas) passer",
    r"pas une? (?:\w+ ){1,6}(?:ne|n) (?:\w+ ){1,4}sans",
    r"pas moins d[eu]?",
    r"(?:not|don t|doesn t|didn t|isn t|wasn t) (?:only|just|merely|simply|limited to|limit \w+ to)",
    r"(?:no|not) (?:less|fewer) than",
    # Two denials make one statement.
    r"(?:pas|jamais) (?:une? (?:seule? )?|de |d )\w+(?: \w+)? sans(?: que?)?(?! (?:experience|formation|connaissance|pratique"
    r"|notion))",
    r"aucune? \w+ (?:\w+ ){0,3}(?:ne|n) (?:\w+ ){1,5}sans(?: que?)?",
    r"(?:n|ne) (?:est|a|y a|existe) pas (?:une? |de |d )\w+ (?:\w+ )?(?:lequel|laquelle|que?|qu|dont|ou) "
    r"(?:je|j|nous|on) (?:n|ne)",
    r"pas (?:me|m|se|s|nous) passer(?: d[eu]?s?)?",
    r"(?:never|not|hardly|barely|scarcely) an? \w+ (?:\w+ ){0,3}without",
    r"(?:couldn t|can t|could not|cannot|can not|wouldn t) (?:do|live|work|be) without",
    r"pas (?:\w+ ){0,2}(?:premiere? fois|novice|debutante?|neophyte|etrangere?|nouve(?:lle|au))(?: en| a| dans| pour| avec)?",
    r"not (?:\w+ )?(?:first time|new|uncommon|unusual|rare|afraid|scared|unfamiliar|beginner|novice|stranger)"
    r"(?: to| of| with| in)?",
    r"no stranger",
    r"n hesite (?:pas|jamais)(?: a)?",
    r"(?:sans|pas de?|aucune?|jamais (?:eu )?(?:de |d |un |une |le moindre |la moindre )?) ?(?:aucune? "
    r"|un |une |grande? )?"
    r"(?:problemes?|difficultes?|soucis?|erreurs?|aide|supervision|encadrement|faille|interruption"
    r"|hesitation|ecarts?|incidents?"
    r"|accidents?|rejets?|arrets?|peur|assistance|deviations?|reserve|secrets?)",
    r"(?:n ai|n a|n avons) pas (?:peur|de (?:probleme|difficulte|mal))(?: de| avec| a)?",
    r"(?:jamais|pas) (?:cesse|arrete|quitte|abandonne|manque|rate|loupe|lache|oublie|delaisse|neglige|perdu)"
    r"(?: de| d| la| le| les)?",
    r"plus que jamais",
    r"(?:ne|n) (?:quitte|manque|oublie|cesse|lache|rate|loupe|neglige|perd)\w* jamais",
    r"(?:souhait\w*|veux|voudrais) (?:quitter|changer d\w?|arreter)",
    r"ne (?:veux|souhaite) plus(?: faire)?",
    r"(?:never|not) (?:stopped|ceased|missed|failed)",
    r"(?:never|jamais|no)(?: been| had| eu| connu)?(?: an| any| un| une| de| d| le moindre| la moindre)?(?: \w+){0,3} "
    r"(?:failures?|failed|incidents?|deviations?|accidents?|complaints?|ecarts?|rejets?|erreurs?|defauts?)",
    r"no \w+(?: \w+){1,8} (?:unless|without)",
    r"(?:no|without)(?: any)? (?:problems?|difficult\w*|errors?|supervision|help|issues?|incidents?"
    r"|deviations?)",
    r"(?:ai|(?:il|elle|on|m) a|avons|avoir|pu|ayant) (?:pu |deja |aussi |egalement |ainsi )*(?:pu |su |du )?(?:apprendre"
    r"|decouvrir)",
    r"(?:m a|m ont) (?:permis|appris|fait decouvrir)(?: d| de| a)?(?: apprendre| decouvrir)?",
    r"l occasion (?:de|d) (?:apprendre|decouvrir|pratiquer|travailler)",
    r"(?:mon|mes|une|my|solide|solides|longue) (?:solides? |longue |grande |bonne |\d+ ans d )?"
    r"(?:experiences?|competences?|connaissances|savoir faire|maitrise|acquis|skills?|background"
    r"|expertise|knowledge)",
    r"(?:fort|forte) (?:de|d)",
    r"(?:i|je) (?:maitrise|master|have|know|use|pratique|utilise|connais|ai|work(?:ed)?|j ai)",
    r"j (?:ai|utilise|effectue|assure|anime|encadre|applique|etais)",
    r"(?:i ve|we|nous|on) (?:ai|avons|a|have)",
    r"\d+ (?:ans?|annees?|years?|mois|months?)",
    r"(?:apres|after|depuis|since|pendant) ",
)
_DENIAL = _any(
    r"(?:n |ne )?\w* ?jamais(?: (?:ete|eu|fait|pratique|travaille|utilise|manipule|touche|vu))?",
    r"aucune?s?(?: (?:experience|connaissance|formation|pratique|notion|competence)s?)?",
    r"pas(?: encore)?",
    r"ni",
    r"zero(?! (?:defauts?|dechets?|accidents?|papiers?|incidents?|erreurs?|ecarts?|non|stock|rejets?|defects?|waste|faults?"
    r"|errors?|deviations?|failures?|complaints?))",
    r"(?:connais|connaissais|sais|savais|comprends) (?:strictement |absolument )?rien",
    r"(?:incapables? d[e]?|unable to|(?:m|am|are|is) missing|^rien (?:en|sur|d[eu]?))",
    r"(?:absence|manque|defaut) (?:totale? )?d[e]? ?(?:experience|pratique|formation|connaissances?|competences?)",
    r"(?:lacunes?|faiblesses?)",
    r"(?:etrangere?s?|neophytes?|profanes?) (?:a|au|aux|en|dans)",
    r"sans (?:aucune? |la moindre |grande |vraie |reelle )?(?:experience|connaissances?|formation"
    r"|pratique|notions?|maitrise"
    r"|avoir|etre|jamais|connaitre|savoir|competences?)",
    r"non (?:formee?|habilitee?|qualifiee?|initiee?|pratiquee?|maitrisee?|acquis|certifiee?|experimentee?)",
    r"(?:sauf|hormis|excepte|except)",
    r"a l exception d\w*",
    r"(?:never|neither|nor|not|cannot|lack|lacks|lacking|unfamiliar)(?: yet)?",
    r"^no(?= (?:\w+ ){1,5}(?:so far|yet|at all) $)",
    r"^no(?= (?:\w+ ){1,2}$)",
    r"(?:everything|anything|all) (?:but|except|other than)",
    r"nothing (?:about|of|on)",
    r"yet to(?= \w)",
    r"(?:no|without|zero|little)(?! doubt)(?: any| prior| previous| real)?(?: \w+){0,2} (?:experience|knowledge|training"
    r"|background|practice|exposure|skills?)",
    r"(?:don|didn|haven|hasn|isn|wasn|can|couldn|doesn) t",
    r"didnt|havent|dont (?=(?:know|have|do|use|work|master|practise)\b)",
    r"(?:j ignore|meconnais)",
    r"(?:prefere|prefererais) (?:eviter|ne pas)",
    r"(?:il )?(?:me )?(?:manque|manquent)",
)
_WISH = _any(
    r"(?:souhait|desir|aspir|ambitionn)\w*",
    r"j espere (?=\w+(?:er|ir|re)\b)",
    r"(?:j )?(?:aimerai|aimerais|adorerais)",
    r"voudrais?",
    r"je (?:veux|reve|vise)",
    r"je (?:compte|vais) (?:bientot |me |m )?(?=\w+(?:er|ir|re)\b)",
    r"je (?:re)?cherche (?:actuellement |a |un |une )",
    r"(?:cherchant|recherchant) a",
    r"(?:a la|en) recherche (?:active )?d\w*",
    r"a (?:terme|l avenir|(?:moyen|long) terme)",
    r"(?:ouvert\w* a|plairai\w*|vivement|dans l ideal|idealement|ideally|aspiring|future (?:goal|plan)s?)",
    r"(?:envie|hate|projet|souhait|objectif|ambition|volonte) (?:est )?(?:de|d|du|dans|en)",
    r"(?:interess|attir|tent|motiv)ee?s? (?:par|a|pour|d)",
    r"m interesse\w*",
    r"ce qui me (?:tente|attire|plait|fait envie)\w*",
    r"curieu\w+ (?:de|d)",
    r"(?:mon|ma) (?:grand )?(?:reve|projet|objectif|souhait|ambition)",
    r"(?:attends|attente d) (?:mon|ma|une|l|la|d) ?(?:inscription|formation)",
    r"pourrais",
    r"(?:a |pour |de |d )?(?:decouvrir|apprendre|acquerir)",
    r"(?:me|se) (?:former|reconvertir|specialiser|reorienter|perfectionner|familiariser)",
    r"(?:m|s) (?:orienter|initier|ouvrir)",
    r"(?:evoluer|reconversion|reorientation|aller) (?:vers|dans|en)",
    r"(?:bientot|prochainement|formation prevue|a venir)",
    r"(?:would|d) (?:like|love)(?: to)?",
    r"(?:my|our) (?:\w+ )?(?:goal|aim|ambition|dream|objective|plan|wish)",
    r"(?:open|happy|glad|prepared) to (?:learn|be trained|train|discover|mov)\w*",
    r"(?:want|wish|hope|hoping|aim|plan|planning|looking|eager|keen|willing|ready|curious|excited) "
    r"(?:to|for|on|about|forward to)",
    r"(?:interested in|to learn|to discover|to be trained|want to)",
)
# Said after the skill: « La HPLC, je ne connais pas », « ZAC : jamais », "HPLC: no experience".
_DENIED_BEFORE = re.compile(
    r"^(?:(?:c est|ca|cela) )?(?:(?:je|moi) )?(?:n |ne |l |j |ai |n ai |n en ai |y |y ai |en )*(?:"
    r"(?:connais|maitrise|pratique|sais|fait|pratique)? ?(?:pas|jamais)(?: encore)?(?: \w+){0,3}"
    r"|(?:tres )?peu(?: pour moi)?|(?:me |m |nous )(?:manque|fait defaut)"
    r"|(?:aucune?|pas d|sans) (?:experience|connaissance|notion|pratique)s?|(?:me |m )?(?:est |sont "
    r"|reste )?inconnue?s?|non"
    r"|i (?:do not|don t) know(?: it)?|no(?: experience| knowledge)?|none|never(?: done| used)?(?: it)?"
    r"|not yet|unknown|zero"
    r"|(?:n )?est (?:vraiment |absolument )?pas (?:mon|ma|notre|pour) \w+(?: \w+){0,2}"
    r"|non (?:maitrise|pratique|acquis|connu|aborde|vu|etudie)e?s?(?: \w+){0,2}"
    r"|(?:avons )?(?:vue?s? |lue?s? |etudiee?s? )?(?:que|qu) (?:dans |en |a |sur )(?:les |la |le )?"
    r"(?:livres?|bouquins?|theorie|papier|cours|videos?)(?: \w+){0,2}"
    r"|(?:n )?(?:est|sont) pas (?:(?:aborde|traite|couvert|inclus|compris|vu|prevu)e?s?|au programme)(?: \w+){0,3}"
    r"|(?:ne )?(?:fait|font) pas partie(?: \w+){0,4}"
    r"|(?:fait|font) l objet d (?:un|une) autre \w+(?: \w+){0,2}"
    r"|(?:is|are|isn|aren) (?:not|t) (?:covered|included|taught|part|addressed|discussed)(?: \w+){0,4}"
    r"|(?:is|isn) (?:not|nt|t) (?:my \w+|something i (?:have|ve|had|did|do) \w+)(?: \w+){0,2})$"
)
# « La culture cellulaire en amont, jamais touché. »
_QUALIFIER = re.compile(r"^(?:(?:en|de|du|des|d|au|aux|dans|pour|sur) \w+ ?){1,2}$|^(?:ca|cela)$")
_NO = frozenset({"non", "no", "jamais", "never", "nope"})
# « La culture cellulaire, c'est mon projet. », « L'HPLC m'attire beaucoup. », "HPLC: to be learnt"
_WISHED_BEFORE = re.compile(
    r"^(?:c est|ce serait|voila|est|serait) (?:mon|ma|un|une) (?:grand )?(?:reve|projet|objectif|souhait|envie"
    r"|ambition)\b|^(?:m|nous) (?:interess|attir|tent|intrigu|plairai)\w*(?: \w+){0,3}$"
    r"|^me tente\w*(?: \w+){0,3}$"
    r"|^(?:(?:is|are) )?(?:to be (?:learn\w*|acquired|discovered)|to (?:learn|acquire|discover)"
    r"|a (?:apprendre|decouvrir|acquerir))(?: \w+){0,2}$"
)
# A wish even where it is the name of a quality (« Envie d'apprendre : la conduite de bioréacteur »).
_EAGERNESS = re.compile(r"^(?:envie d|eager to|keen to|willing to)\b")
_LINKS = frozenset({"et", "ou", "and", "or", "ni", "nor", "la", "le", "les", "l", "the"})
_HARD_BREAKS = frozenset(
    {"mais", "but", "however", "cependant", "toutefois", "pourtant", "though", "although", "tandis"}
)
_ALL = frozenset({"everything", "anything", "all", "nothing"})
_SUBJECTS = frozenset({"je", "j", "nous", "on", "i", "we", "ai", "have"})
# A part after a comma that begins so goes on with what the part before denied or wished for.
_CONTINUES = frozenset({"ni", "nor", "or", "ou", "et", "and"})
_ASSERTS = _any(
    r"(?:je|j|nous|on|i|we)",
    r"(?:forme|habilite|qualifie|experimente|confirme|certifie|autonome|titulaire|diplome)e?s?",
    r"(?:maitris|connais|pratiqu|utilis|exper|compet|solide|bonn|trained|skilled|strong|good|familiar"
    r"|proficient|worked|experienced)\w*",
    r"\d+ (?:ans?|annees?|years?|mois|months?)",
    r"(?:oui|yes|si|depuis|since|actuellement|currently)",
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of tokens between commas; `is_new` when a word of contrast or a new subject opens it."""

    first: int
    last: int
    is_new: bool


def judge(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Verdict]:
    """The verdict on each mention, in the same order."""
    covered = {place for mention in mentions for place in range(mention.first, mention.last + 1)}
    states = _states(tokens, covered)
    verdicts = [states[mention.first] for mention in mentions]
    for place in reversed(range(len(mentions))):
        if verdicts[place] is _HELD:
            listed = place + 1 < len(mentions) and _is_listed_with(
                tokens, mentions[place], mentions[place + 1]
            )
            after = _said_afterwards(tokens, mentions[place], mentions)
            verdicts[place] = (
                verdicts[place + 1] if listed and _follows(verdicts, mentions, place + 1) else after
            )
    return verdicts


def _follows(verdicts: Sequence[Verdict], mentions: Sequence[Mention], place: int) -> bool:
    """Whether the verdict on this mention comes from words said after it."""
    cue = verdicts[place].cue
    return cue is not None and cue[0] > mentions[place].last


def _is_listed_with(tokens: Sequence[Token], mention: Mention, following: Mention) -> bool:
    """Whether only commas and linking words stand between two mentions of one sentence."""
    between = tokens[mention.last + 1 : following.first]
    same_sentence = tokens[mention.last].sentence == tokens[following.first].sentence
    return same_sentence and all(token.key in _LINKS for token in between)


def statement_parts(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """First and last token of every part: what commas, brackets and words of contrast separate."""
    return [(part.first, part.last) for part in _parts(tokens)]


def _states(tokens: Sequence[Token], covered: set[int]) -> list[Verdict]:
    """The stance in force at every token."""
    states: list[Verdict] = []
    current = _HELD
    previous: _Part | None = None
    for part in _parts(tokens):
        if part.is_new or _asserts(tokens, part) or not _goes_on(tokens, part, previous, covered):
            current = _HELD
        previous = part
        changes = _changes(tokens, part, covered)
        for place in range(part.first, part.last + 1):
            current = changes.get(place, current)
            states.append(current)
    return states


def _goes_on(tokens: Sequence[Token], part: _Part, previous: _Part | None, covered: set[int]) -> bool:
    """Whether a part continues the list of the one before: a colon or « ni » opens it, or that one named a
    skill.
    """
    if (
        tokens[part.first].after_colon
        or tokens[part.first].key in _CONTINUES - {"et", "and"}
        or previous is None
    ):
        return True
    return not covered.isdisjoint(range(previous.first, previous.last + 1))


def _asserts(tokens: Sequence[Token], part: _Part) -> bool:
    keys = [token.key for token in tokens[part.first : part.first + 4]]
    return keys[0] not in _CONTINUES - {"et", "and"} and bool(_ASSERTS.search(" ".join(keys)))


def _parts(tokens: Sequence[Token]) -> list[_Part]:
    parts: list[_Part] = []
    first, is_new = 0, True
    for place in range(1, len(tokens) + 1):
        opening = _opening(tokens, place)
        if opening is None:
            continue
        parts.append(_Part(first, place - 1, is_new))
        first, is_new = place, opening
    return parts if tokens else []


def _opening(tokens: Sequence[Token], place: int) -> bool | None:
    """Whether a part begins here, and if so whether it is a new statement."""
    if place == len(tokens) or tokens[place].sentence != tokens[place - 1].sentence:
        return True
    key = tokens[place].key
    following = tokens[place + 1].key if place + 1 < len(tokens) else ""
    # "Everything but HPLC"
    if key == "but" and tokens[place - 1].key in _ALL:
        return None
    if key in _HARD_BREAKS or (key, following) in {("en", "revanche"), ("par", "contre")}:
        return True
    if key in {"et", "and", "puis", "then"} and following in _SUBJECTS:
        return True
    return None if tokens[place].joined else False


def _changes(tokens: Sequence[Token], part: _Part, covered: set[int]) -> dict[int, Verdict]:
    """From which token on a cue of this part holds. Cues inside a mention are part of the skill's name."""
    words, starts = "", {}
    for place in range(part.first, part.last + 1):
        starts[len(words)] = place
        words += tokens[place].key + " "
    masked = words
    changes: dict[int, Verdict] = {}
    for pattern, stance in ((_AFFIRMED, None), (_DENIAL, Stance.DENIED), (_WISH, Stance.WISHED)):
        for found in pattern.finditer(masked):
            if not found.group().strip():
                continue
            first = _place_at(starts, found.start() + len(found.group()) - len(found.group().lstrip()))
            last = _place_at(starts, found.end() - 1)
            is_name = covered.issuperset(range(first, last + 1))
            if stance and is_name and not _EAGERNESS.match(found.group().strip()):
                continue
            verdict = Verdict(stance, (first, last)) if stance else _HELD
            changes.setdefault(last if not stance else first, verdict)
            masked = masked[: found.start()] + "#" * (found.end() - found.start()) + masked[found.end() :]
    return _denials_first(changes)


def _denials_first(changes: dict[int, Verdict]) -> dict[int, Verdict]:
    """A wish inside a denial stays denied: « je ne souhaite pas » and « jamais pu découvrir »."""
    kept: dict[int, Verdict] = {}
    current = _HELD
    for place in sorted(changes):
        change = changes[place]
        if change.stance is Stance.WISHED and current.stance is Stance.DENIED:
            continue
        kept[place] = current = change
    return kept


def _place_at(starts: dict[int, int], offset: int) -> int:
    return starts[max(start for start in starts if start <= offset)]


def _said_afterwards(tokens: Sequence[Token], mention: Mention, mentions: Sequence[Mention]) -> Verdict:
    """A denial or a wish that follows the skill and says nothing else: up to eight words, to the end of its part. A place or a
    kind may stand between: « La culture en amont, jamais touché ». So may a full stop before « Non. » alone.
    """
    first = mention.last + 1
    if first >= len(tokens):
        return _HELD
    if tokens[first].sentence != tokens[mention.last].sentence:
        return _answered_no(tokens, first)
    last = _part_end(tokens, first)
    if last + 1 < len(tokens) and _QUALIFIER.match(_keys(tokens, first, last)):
        first, last = last + 1, _part_end(tokens, last + 1)
    if any(other.first <= last and other.last >= first for other in mentions):
        return _HELD
    words = _keys(tokens, first, last)
    for pattern, stance in ((_DENIED_BEFORE, Stance.DENIED), (_WISHED_BEFORE, Stance.WISHED)):
        if pattern.match(words):
            return Verdict(stance, (first, last))
    return _HELD


def _part_end(tokens: Sequence[Token], first: int) -> int:
    last = first
    while last + 1 < len(tokens) and last - first < 8 and _opening(tokens, last + 1) is None:
        last += 1
    return last


def _keys(tokens: Sequence[Token], first: int, last: int) -> str:
    return " ".join(token.key for token in tokens[first : last + 1])


def _answered_no(tokens: Sequence[Token], first: int) -> Verdict:
    """The next sentence is nothing but a no: « On me demande si je sais valider un système. Non. »"""
    is_alone = first + 1 >= len(tokens) or tokens[first + 1].sentence != tokens[first].sentence
    if is_alone and tokens[first].key in _NO:
        return Verdict(Stance.DENIED, (first, first))
    return _HELD

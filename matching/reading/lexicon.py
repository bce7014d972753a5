"""Labels of skills found in a text. Pure: no Django, no engine.

One rule: the longest label wins where several start together, and a mention is a stretch of the original
text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.calibration import SHORT_LETTERS, label_probability
from matching.reading.spelling import Speller
from matching.reading.stems import STOP_WORDS, english_stem, french_stem
from matching.reading.tokens import Token, tokenize
from skills.acronyms import Sense, sense_of

LONGEST_GAP = 4  # words that may stand inside a coordinated label
SHORT_ACRONYM = 4  # letters: up to there an acronym is read in capitals only
TYPO_ALONE = 10  # letters a one-word label needs for a misspelling of it to count
_RANK = {"preferred": 0, "acronym": 1, "alternative": 2, "hidden": 3}
_STEMS = {"fr": french_stem, "en": english_stem}
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_COORDINATORS = frozenset({"et", "ou", "and", "or", "puis", "ni", "nor"})
# Verbs that add nothing to their object: « réaliser des connexions aseptiques » is also found as «
# connexions aseptiques ».
_SUPPORT_VERBS = re.compile(
    r"^(?:réaliser|effectuer|assurer|mettre en œuvre|utiliser|appliquer|pratiquer|perform|carry out|use"
    r"|apply|ensure|handle)\s+",
    re.IGNORECASE,
)
_INFLECTION = re.compile(r"(?:aux|al|ees?|es|e|s|x)$")
_MONTHS = frozenset({"sep", "mar", "oct", "nov", "dec"})


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A text that means a skill; `kind` is preferred, alternative, hidden or acronym.

    `context` are the words near which an acronym of several senses has this one; an empty `code` is a sense that is no skill.
    """

    code: str
    language: str
    text: str
    kind: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill met in a text, from token `first` to token `last` included; `words` counts the label's own words, `kind` is one
    of the first `SIGNS` of `matching.reading.weighing`.
    """

    code: str
    start: int
    end: int
    first: int
    last: int
    found_by: str
    probability: float
    words: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Acronym:
    """One way to write an acronym, and every sense it has."""

    row: LabelRow
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    row: LabelRow
    stems: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def order(self) -> tuple[int, str]:
        return _RANK[self.row.kind], self.row.code


class _Node:
    __slots__ = ("children", "entries")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.entries: list[_Entry] = []


def _is_acronym(row: LabelRow) -> bool:
    """Acronyms, and short labels that are written in capitals whatever their kind."""
    return row.kind == "acronym" or (
        row.text.isupper() and " " not in row.text and len(row.text) <= SHORT_ACRONYM
    )


def _variants(text: str) -> Iterator[str]:
    yield text
    plain = _BRACKETS.sub("", text)
    if plain != text:
        yield plain
    without_verb = _SUPPORT_VERBS.sub("", plain)
    if without_verb != plain and sum(token.key not in STOP_WORDS for token in tokenize(without_verb)) >= 2:
        yield without_verb
    if "-" in plain:
        yield plain.replace("-", "")


def _content(keys: list[str]) -> tuple[str, ...]:
    """The words that make a label: without small words, unless only one word would be left (« goods in »)."""
    content = tuple(key for key in keys if key not in STOP_WORDS)
    if len(content) > 1:
        return content
    while len(keys) > 1 and keys[0] in _DETERMINERS:
        keys = keys[1:]
    return tuple(keys)


_DETERMINERS = frozenset({"l", "la", "le", "les", "un", "une", "the", "a", "an"})


class Lexicon:
    """Every label of the referential, ready to be looked up. Building it costs; looking up does not."""

    def __init__(self, rows: Iterable[LabelRow]) -> None:
        self._tries: dict[str, _Node] = {"fr": _Node(), "en": _Node()}
        self._by_head: dict[str, dict[str, list[_Entry]]] = {"fr": {}, "en": {}}
        self._known: dict[str, set[str]] = {"fr": set(), "en": set()}
        self._acronyms: dict[tuple[str, ...], _Acronym] = {}
        words: set[str] = set()
        for row in sorted(rows, key=lambda row: (_RANK[row.kind], row.code, row.language, row.text)):
            if _is_acronym(row):
                self._add_acronym(row)
                continue
            for text in _variants(row.text):
                words.update(self._add(row, text))
        self._speller = Speller(words)
        self._longest_acronym = max((len(keys) for keys in self._acronyms), default=0)

    def _add_acronym(self, row: LabelRow) -> None:
        keys = tuple(token.key for token in tokenize(row.text))
        if not keys:
            return
        known = self._acronyms.get(keys)
        sense = Sense(row.code, tuple(_context_words(tokenize(phrase)) for phrase in row.context))
        senses = (*known.senses, sense) if known else (sense,)
        self._acronyms[keys] = _Acronym(known.row if known else row, senses)

    def _add(self, row: LabelRow, text: str) -> set[str]:
        all_keys = [token.key for token in tokenize(text)]
        keys = _content(all_keys)
        for language in (row.language,) if row.language in self._tries else tuple(self._tries):
            stems = tuple(_STEMS[language](key) for key in keys)
            entry = _Entry(row, stems, keys)
            node = self._tries[language]
            for stem in stems:
                node = node.children.setdefault(stem, _Node())
            if node is not self._tries[language]:
                node.entries.append(entry)
            if len(stems) > 1:
                self._by_head[language].setdefault(stems[0], []).append(entry)
            self._known[language].update(stems)
        return set(keys)

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """Mentions in order of place: no two overlap, but coordinated ones may share their common words."""
        keys, corrected = self._readings(tokens)
        found = [*self._find_acronyms(tokens)]
        for language, stem in _STEMS.items():
            stems = [stem(key) for key in keys]
            found += self._find_labels(language, tokens, keys, stems, corrected)
        strict = _longest_first(found)
        taken = {place for mention in strict for place in range(mention.first, mention.last + 1)}
        gapped: list[Mention] = []
        for language, stem in _STEMS.items():
            gapped += self._find_gapped(language, tokens, [stem(key) for key in keys], corrected, taken)
        return sorted(
            [*strict, *_one_a_place(gapped, strict)],
            key=lambda mention: (mention.start, mention.end, mention.code),
        )

    def _readings(self, tokens: Sequence[Token]) -> tuple[list[str], set[int]]:
        """The key of every token, misspelt long words put right, and which ones were."""
        keys, corrected = [], set()
        for place, token in enumerate(tokens):
            known = (
                french_stem(token.key) in self._known["fr"] or english_stem(token.key) in self._known["en"]
            )
            right = None if known else self._speller.correct(token.key)
            if right:
                corrected.add(place)
            keys.append(right or token.key)
        return keys, corrected

    def _find_acronyms(self, tokens: Sequence[Token]) -> Iterator[Mention]:
        for first in range(len(tokens)):
            for size in range(min(self._longest_acronym, len(tokens) - first), 0, -1):
                run = tokens[first : first + size]
                if any(not token.joined for token in run[1:]):
                    continue
                acronym = self._acronym(run)
                if acronym and not _is_no_acronym(tokens, first, size):
                    sense = _sense_here(acronym, tokens, first, size)
                    if sense is None or not sense.skill:
                        break
                    letters = sum(len(token.key) for token in run)
                    probability = label_probability("acronym", letters, corrected=False, gapped=False)
                    yield Mention(
                        sense.skill,
                        run[0].start,
                        run[-1].end,
                        first,
                        first + size - 1,
                        "acronym",
                        probability,
                        size,
                        "short_acronym" if letters <= SHORT_LETTERS else "acronym",
                    )
                    break

    def _acronym(self, run: Sequence[Token]) -> _Acronym | None:
        found = self._acronyms.get(tuple(token.key for token in run))
        surface = "".join(token.surface for token in run)
        if found is None and surface[-1:] == "s" and surface[:-1].isupper():  # CAPAs, SOPs
            found = self._acronyms.get((*(token.key for token in run[:-1]), run[-1].key[:-1]))
            surface = surface[:-1]
        return found if found and _is_written_as_acronym(surface.replace(".", ""), found.row.text) else None

    def _find_labels(
        self, language: str, tokens: Sequence[Token], keys: list[str], stems: list[str], corrected: set[int]
    ) -> Iterator[Mention]:
        for first in range(len(tokens)):
            node: _Node | None = self._tries[language].children.get(stems[first])
            best: tuple[int, list[_Entry]] | None = None
            last = first
            while node is not None:
                if node.entries:
                    best = (last, node.entries)
                last += 1
                while (
                    last < len(tokens)
                    and tokens[last].joined
                    and keys[last] in STOP_WORDS
                    and (stems[last] not in node.children)
                ):
                    last += 1
                is_next = last < len(tokens) and tokens[last].joined
                node = node.children.get(stems[last]) if is_next else None
            if best:
                mention = _mention(tokens, keys, first, best[0], best[1], corrected)
                if mention:
                    yield mention

    def _find_gapped(
        self, language: str, tokens: Sequence[Token], stems: list[str], corrected: set[int], taken: set[int]
    ) -> Iterator[Mention]:
        for first in range(len(tokens)):
            for entry in self._by_head[language].get(stems[first], ()):
                places = _gapped_places(tokens, stems, first, entry.stems)
                if places is None or taken.issuperset(places):
                    continue
                if not _is_coordinated(tokens, places) and (
                    entry.row.kind == "hidden" or places[-1] in taken
                ):
                    continue
                probability = label_probability(
                    entry.row.kind, 99, corrected=not corrected.isdisjoint(places), gapped=True
                )
                start, end, words = tokens[first].start, tokens[places[-1]].end, len(places)
                yield Mention(
                    entry.row.code,
                    start,
                    end,
                    first,
                    places[-1],
                    "label",
                    probability,
                    words,
                    "altered_label",
                )


def _context_words(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(french_stem(token.key) for token in tokens if token.key not in STOP_WORDS)


def _sense_here(acronym: _Acronym, tokens: Sequence[Token], first: int, size: int) -> Sense | None:
    """By the words of its sentence, failing that by those of the sentences beside."""
    if len(acronym.senses) == 1:
        return acronym.senses[0]
    sentence = tokens[first].sentence
    others = [token for place, token in enumerate(tokens) if not first <= place < first + size]
    for reach in (0, 1):
        near = [token for token in others if abs(token.sentence - sentence) <= reach]
        if sense := sense_of(acronym.senses, _context_words(near)):
            return sense
    return None


def _is_written_as_acronym(surface: str, text: str) -> bool:
    """Short ones in capitals only (or exactly as the referential writes them); lower case when it cannot be
    a word.
    """
    exact = re.sub(r"[^\w]", "", text)
    if surface in {exact, exact.upper()}:
        return True
    is_long = len(exact) > SHORT_ACRONYM
    no_vowel = len(exact) >= 3 and not set(exact.casefold()) & set("aeiouy")
    return surface == exact.casefold() and (is_long or no_vowel)


def _is_no_acronym(tokens: Sequence[Token], first: int, size: int) -> bool:
    """A word of a line in capitals (« MES COMPÉTENCES »), or a month (« SEP 2021 »)."""
    if size > 1:
        return False
    key, sentence = tokens[first].key, tokens[first].sentence
    around = [
        place
        for place in (first - 1, first + 1)
        if 0 <= place < len(tokens) and tokens[place].sentence == sentence
    ]
    if key in _MONTHS and any(tokens[place].key.isdigit() for place in around):
        return True
    if key not in STOP_WORDS:
        return False
    return any(tokens[place].surface.isupper() and len(tokens[place].key) > SHORT_ACRONYM for place in around)


def _mention(
    tokens: Sequence[Token],
    keys: list[str],
    first: int,
    last: int,
    entries: list[_Entry],
    corrected: set[int],
) -> Mention | None:
    content = _content(list(keys[first : last + 1]))
    places = [place for place in range(first, last + 1) if keys[place] in content]
    entry = min(entries, key=lambda entry: (entry.keys != content, entry.order))
    is_corrected = not corrected.isdisjoint(places)
    if is_corrected and len(places) == 1 and len(content[0]) < TYPO_ALONE:
        return None
    if not is_corrected and len(content) == 1 and not _is_inflection(content[0], entry.keys):
        return None
    kind = "altered_label" if is_corrected else f"{entry.row.kind}_label"
    probability = label_probability(entry.row.kind, 99, corrected=is_corrected, gapped=False)
    start, end = tokens[first].start, tokens[last].end
    return Mention(entry.row.code, start, end, first, last, "label", probability, len(places), kind)


def _is_inflection(key: str, label: tuple[str, ...]) -> bool:
    """Whether a word is the label's but for gender and number: « robot » is not « robotique », whatever their common stem."""
    return len(label) == 1 and _INFLECTION.sub("", key) == _INFLECTION.sub("", label[0])


def _gapped_places(
    tokens: Sequence[Token], stems: list[str], first: int, wanted: tuple[str, ...]
) -> tuple[int, ...] | None:
    """Where the label's words stand, in order, with one gap: one word, or more around « et », « ou » or a
    comma.
    """
    places = [first]
    gap_used = False
    for stem in wanted[1:]:
        found = _next_place(tokens, stems, places[-1], stem)
        if found is None:
            return None
        between = [place for place in range(places[-1] + 1, found) if tokens[place].key not in STOP_WORDS]
        if between and (gap_used or not _may_stand_inside(tokens, places[-1], found, between)):
            return None
        gap_used = gap_used or bool(between)
        places.append(found)
    return tuple(places) if gap_used else None


def _next_place(tokens: Sequence[Token], stems: list[str], after: int, stem: str) -> int | None:
    sentence = tokens[after].sentence
    for place in range(after + 1, min(after + 3 + 2 * LONGEST_GAP, len(tokens))):
        if tokens[place].sentence != sentence:
            return None
        if stems[place] == stem:
            return place
    return None


def _may_stand_inside(tokens: Sequence[Token], before: int, after: int, between: list[int]) -> bool:
    if any(tokens[place].key in _NEVER_INSIDE for place in range(before + 1, after)):
        return False
    is_joined = all(tokens[place].joined for place in range(before + 1, after + 1))
    if len(between) == 1 and is_joined:
        return True
    if len(between) > LONGEST_GAP:
        return False
    return _resumes(tokens, before, after) or tokens[before + 1].key in _COORDINATORS


def _is_coordinated(tokens: Sequence[Token], places: Sequence[int]) -> bool:
    inside = range(places[0] + 1, places[-1] + 1)
    return any(not tokens[place].joined or tokens[place].key in _COORDINATORS for place in inside)


def _resumes(tokens: Sequence[Token], before: int, after: int) -> bool:
    """The label goes on right after « et », « ou » or a comma (small words aside)."""
    place = after
    while place > before + 1:
        if not tokens[place].joined:
            return True
        place -= 1
        if tokens[place].key in _COORDINATORS:
            return True
        if tokens[place].key not in STOP_WORDS:
            return False
    return False


# Between two words of a label, these show that two different things are spoken of.
_SEPARATING = """
    je j nous on il elle i we he she mais but pas jamais sans aucun aucune not no never without ne que qui
    dont puis ai avons avoir have has was were est sont
"""
_NEVER_INSIDE = frozenset(_SEPARATING.split())


def _longest_first(mentions: list[Mention]) -> list[Mention]:
    """Drop what overlaps a longer mention (then a surer one, then the first code)."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(
        mentions, key=lambda found: (-found.words, -found.probability, found.first, found.code)
    ):
        places = range(mention.first, mention.last + 1)
        if taken.isdisjoint(places):
            kept.append(mention)
            taken.update(places)
    return kept


def _one_a_place(gapped: list[Mention], strict: list[Mention]) -> list[Mention]:
    """The shortest stretch for a skill, for skills not already read in the same words."""
    kept: list[Mention] = []
    for mention in sorted(
        gapped, key=lambda found: (found.last - found.first, -found.probability, found.code)
    ):
        rivals = [
            other
            for other in [*strict, *kept]
            if other.code == mention.code and other.first <= mention.last and mention.first <= other.last
        ]
        if not rivals and not any(other.last == mention.last for other in kept):
            kept.append(mention)
    return kept

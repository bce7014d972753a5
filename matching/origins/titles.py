"""What a person gives for a job held or a diploma obtained, found in ROME, ESCO, ONISEP and the RNCP by code or by title.

One rule: a title is only taken for certain when the text can mean nothing else; otherwise the person chooses among at most
twenty. What its source retired is still found, marked, after what is current.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import and_, or_

from django.db.models import BooleanField, Case, Model, Q, Value, When
from django.db.models.functions import Length

from matching.calibration import CLEAR_LEAD, CLEAR_NEARNESS, CLEAR_TITLE, GENERIC_JOBS, GENERIC_TITLES
from matching.errors import UnknownOrigin
from matching.origins.title_index import with_nearest
from matching.origins.title_tables import (
    CERTIFICATION,
    DIPLOMA,
    ESCO_OCCUPATION,
    KINDS,
    ROME_JOB,
    ROME_TITLE,
    TABLES,
    Candidate,
    make_candidate,
    titles_of,
)
from matching.origins.title_words import (
    LONGEST_TITLE,
    OTHER_NAME_SHARE,
    TypedTitle,
    can_be_corrected,
    halves,
    has_word,
    have_same_words,
    likeness,
    may_lack,
    probe,
    word_key,
)
from skills.text import text_key

MOST_CANDIDATES = 20
# Rows of one table that are read and compared, at most: those with the very title first, then the shortest.
_MOST_READ = 150


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates, best first, the one that is clearly meant, if any, and whether there were more than are given.

    `is_by_nearness` when no title has the words: the candidates are only the nearest.
    """

    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    is_cut: bool = False
    is_by_nearness: bool = False


def find_origins(text: str, kinds: Sequence[str] = KINDS) -> Found:
    """What a text or a code may name. At most five queries a table. Raises UnknownOrigin for a code that nothing has."""
    # No database takes a null character nor half a surrogate pair, and no title has one.
    text = " ".join(text.replace("\x00", " ").encode("utf-8", "ignore").decode().split())
    coded = _by_code(text, kinds)
    if coded is not None:
        if not coded:
            raise UnknownOrigin(f"Code inconnu : « {text[:60]} ». Donnez l'intitulé, ou vérifiez le code.")
        return Found(tuple(coded), coded[0] if len(coded) == 1 else None)
    if len(text) > LONGEST_TITLE:
        raise UnknownOrigin(f"Un intitulé a {LONGEST_TITLE} caractères au plus.")
    typed = TypedTitle.read(text)
    found = _by_title(typed, kinds, _every_word(typed))
    if not found:
        # A word that many titles have is no misspelling of another: only then is it asked, as it costs queries.
        typed = typed.may_be_misspelt(_rare_words(typed, kinds))
        found = _by_title(typed, kinds, _every_word(typed)) if typed.doubtful else []
    has_every_word = bool(found)
    chosen = _clearly_meant(typed, sorted(found, key=_best_first))
    if not found and may_lack(typed):
        found = _by_title(typed, kinds, _most_words(typed), may_lack(typed))
    if chosen is None:
        found = with_nearest(text, kinds, found)
    best = sorted(found, key=_best_first)
    is_by_nearness = not has_every_word and any(one.nearness for one in best)
    if is_by_nearness:
        chosen = _clearly_nearest(typed, best)
    is_cut = len(best) > MOST_CANDIDATES
    return Found(tuple(best[:MOST_CANDIDATES]), chosen, is_cut, is_by_nearness)


def has_titles(kinds: Sequence[str] = KINDS) -> bool:
    """Whether the open data of any of these kinds is loaded."""
    return any(TABLES[kind].model._default_manager.exists() for kind in kinds)


def _best_first(one: Candidate) -> tuple[object, ...]:
    nearness, likeness = -one.nearness, -one.likeness  # of words alone when the index of titles was not asked
    return bool(one.status), nearness, likeness, one.is_rare, KINDS.index(one.kind), one.title_fr, one.code


def _clearly_meant(typed: TypedTitle, found: Sequence[Candidate]) -> Candidate | None:
    """The one whose very title this is, when nothing else is called so; any other name or longer title only when nothing else
    has all the words, and never for a word alone.
    """
    if not found:
        return None
    best, rivals = found[0], [one for one in found[1:] if bool(one.status) == bool(found[0].status)]
    is_one_word = len(typed.words) == 1
    if best.likeness < 1:
        is_alone = len(found) == 1 and best.likeness >= CLEAR_TITLE
        return best if is_alone and not is_one_word else None
    if any(_rivals(best, one) for one in rivals) or (is_one_word and _is_generic(typed, best, rivals)):
        return None
    return best


def _clearly_nearest(typed: TypedTitle, best: Sequence[Candidate]) -> Candidate | None:
    """The nearest title, when it is all but the same and far ahead of every other job or diploma; never for a word alone."""
    first, *others = best
    if len(typed.words) == 1 or first.status or first.nearness < CLEAR_NEARNESS:
        return None
    rivals = (one.nearness for one in others if _is_other(first, one))
    return first if first.nearness - max(rivals, default=0.0) >= CLEAR_LEAD else None


def _is_other(one: Candidate, other: Candidate) -> bool:
    """Whether they are two jobs or diplomas, and neither two titles of one job nor two sources' entries for it."""
    if one.kind == ROME_TITLE == other.kind:
        return one.job != other.job
    is_rival = one.kind == other.kind or one.is_job != other.is_job
    return is_rival or not have_same_words(one.title_fr, other.title_fr)


def _is_generic(typed: TypedTitle, best: Candidate, rivals: Iterable[Candidate]) -> bool:
    """Whether too many other jobs are called by this word and more: « pharmacien » d'officine, hospitalier, responsable…"""
    others: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for one in rivals:
        if one.is_job == best.is_job and one.job != best.job and _is_kind_of(typed.words[0], one):
            others[one.kind].add(one.job)
    return any(len(jobs) > GENERIC_JOBS for jobs in others.values())


def _is_kind_of(word: str, one: Candidate) -> bool:
    """A French title says the job first, an English one last."""
    french, english = text_key(one.title_fr).split(), text_key(one.title_en).split()
    return word in {word_key(end) for end in (*french[:1], *english[:1], *english[-1:])}


def _rivals(best: Candidate, other: Candidate) -> bool:
    """Whether somebody who gives the very title of `best` may mean the other: one of its kind or a diploma of the same words;
    and, of a diploma that is called like a job, a job of nearly these words.
    """
    if not best.is_job and other.is_job:
        return other.likeness >= CLEAR_TITLE
    return other.likeness >= best.likeness and (other.kind == best.kind or other.is_job != best.is_job)


_CODES: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (re.compile(r"[A-Z]\d{4}", re.IGNORECASE), ROME_JOB, str.upper),
    (re.compile(r"\d{5,6}"), ROME_TITLE, str),
    (re.compile(r"http://data\.europa\.eu/esco/occupation/[0-9a-f-]{36}"), ESCO_OCCUPATION, str),
    (re.compile(r"\d{4}(\.\d{1,3})+"), ESCO_OCCUPATION, str),
    (re.compile(r"FOR\.\d{1,7}", re.IGNORECASE), DIPLOMA, str.upper),
    (
        re.compile(r"(RNCP|RS) ?\d{1,6}", re.IGNORECASE),
        CERTIFICATION,
        lambda text: text.upper().replace(" ", ""),
    ),
)


def _by_code(text: str, kinds: Sequence[str]) -> list[Candidate] | None:
    """The rows that have this code; None when the text has the form of no code. Two queries at most."""
    forms = [(kind, write(text)) for pattern, kind, write in _CODES if pattern.fullmatch(text)]
    # The registers number as ROME does, from five figures on; with fewer, only somebody who asks for them means them.
    if text.isdigit() and (forms or ROME_TITLE not in kinds) and CERTIFICATION in kinds:
        forms += [(CERTIFICATION, f"RNCP{text}"), (CERTIFICATION, f"RS{text}")]
    if not forms:
        return None
    return [
        make_candidate(kind, row, 1.0)
        for kind, code in forms
        if kind in kinds
        for row in TABLES[kind].rows_with(code).order_by("pk")[:MOST_CANDIDATES]
    ]


def _by_title(typed: TypedTitle, kinds: Sequence[str], asked: Q, lacking: int = 0) -> list[Candidate]:
    """The rows asked for, compared with what was typed. One query a table; every ROME job is one of its own titles, so jobs are
    not read.
    """
    found = []
    for kind in kinds:
        if kind == ROME_JOB or not typed.words:
            continue
        rows = TABLES[kind].rows().filter(asked).annotate(is_very_title=_has_line(typed.key))
        for row in rows.order_by("-is_very_title", Length("title_keys"), "pk")[:_MOST_READ]:
            share, other_name = _compare(typed, kind, row, lacking)
            if share:
                found.append(make_candidate(kind, row, share, other_name))
    return found


def _compare(typed: TypedTitle, kind: str, row: Model, lacking: int) -> tuple[float, str]:
    """How near the row comes, and the other name that comes nearer than its title, if any."""
    own = likeness(typed, map(text_key, titles_of(kind, row)), lacking)
    if own and kind == DIPLOMA:
        return own, ""  # its acronym only makes it shorter: « BUT CJ » says no more of « BUT »
    other = round(likeness(typed, row.title_keys.splitlines(), lacking) * OTHER_NAME_SHARE, 4)
    if other <= own:
        return own, ""
    if kind == DIPLOMA:
        return other, row.acronym
    if kind != ESCO_OCCUPATION:
        return other, ""
    names = [*row.alternative_fr.splitlines(), *row.alternative_en.splitlines()]
    return other, max(names, key=lambda name: likeness(typed, [text_key(name)], lacking), default="")


def _rare_words(typed: TypedTitle, kinds: Sequence[str]) -> list[str]:
    """The long words typed that few titles have, so that they may be misspelt. One query a table, until all are known."""
    counts = {word: 0 for word in typed.words if can_be_corrected(word)}
    if len(typed.words) == 1:
        return list(counts)  # no title has it: that is why it is asked
    for kind in kinds:
        rare = [word for word, count in counts.items() if count < GENERIC_TITLES]
        if kind == ROME_JOB or not rare:
            continue
        # In the next table only what is still rare is asked, so a very common word hides another in one table at most.
        asked = reduce(or_, (_has_word(word, misspelt=False) for word in rare))
        rows = TABLES[kind].model._default_manager.filter(asked)
        for keys in rows.values_list("title_keys", flat=True)[:_MOST_READ]:
            for word in rare:
                counts[word] += has_word(keys.splitlines(), word)
    return [word for word, count in counts.items() if count < GENERIC_TITLES]


def _every_word(typed: TypedTitle) -> Q:
    asked = Q()
    # The longest words first: they are the rarest, and spare the database the others.
    for word in sorted(typed.words, key=len, reverse=True):
        asked &= _has_word(word, misspelt=word in typed.doubtful)
    return asked


def _most_words(typed: TypedTitle) -> Q:
    """Some words may be missing, but not the longest: what is left without it (« licence pro … ») would name anything."""
    longest, *others = sorted(typed.words, key=len, reverse=True)
    asked = Q()
    for kept in combinations(others, max(1, len(others) - may_lack(typed))):
        asked |= reduce(and_, (Q(title_keys__contains=probe(word)) for word in kept))
    return Q(title_keys__contains=probe(longest)) & asked


def _has_word(word: str, misspelt: bool) -> Q:
    pieces = (halves(word) if misspelt else None) or (probe(word),)
    return reduce(or_, (Q(title_keys__contains=piece) for piece in pieces))


def _has_line(key: str) -> Case:
    line = (
        Q(title_keys=key)
        | Q(title_keys__startswith=f"{key}\n")
        | Q(title_keys__endswith=f"\n{key}")
        | Q(title_keys__contains=f"\n{key}\n")
    )
    return Case(When(line, then=Value(True)), default=Value(False), output_field=BooleanField())

"""From a parsed query to Elasticsearch queries. Pure: only the builders of `elasticsearch.dsl`.

One rule: the user's words reach `match`, `term`, `prefix` and `fuzzy` clauses only, none of which reads a query language.
"""

from collections.abc import Collection, Sequence
from typing import Any

from elasticsearch.dsl import query as q

from search.clauses import ParsedQuery, Unit
from search.engines.words import (
    ACRONYM,
    ALTERNATIVE,
    ALTERNATIVE_FROM,
    ENGLISH,
    EXACT_CODE,
    FRENCH,
    NAMED_SKILL,
    PREFIX,
    PREFIX_FROM,
    SKILL_CODE,
    TIE_BREAKER,
    TYPO,
    WORD,
    stems,
    typos_allowed,
)
from skills.text import text_key

_LANGUAGES = ((FRENCH, "french"), (ENGLISH, "english"))


def words_query(
    parsed: ParsedQuery,
    wanted_skills: Sequence[str] = (),
    *,
    typos: Collection[str] = (),
    required: int | None = None,
) -> q.Query | None:
    """Documents with `required` of the units (those that the query asks for, unless told), or about a skill it names, or having
    a wanted skill (one point each); None when nothing is asked. `typos` are the words that no document has.
    """
    parts: list[q.Query] = [
        q.ConstantScore(filter=q.Term("keywords.skill", {"value": code}), boost=1.0)
        for code in dict.fromkeys(wanted_skills)
    ]
    if parsed.units:
        least = parsed.required if required is None else min(required, parsed.required)
        should = [_unit(unit, typos) for unit in parsed.units]
        parts.append(q.Bool(should=should, minimum_should_match=least))
    for code in dict.fromkeys(code for unit in parsed.units for code in unit.skills):
        parts.append(q.ConstantScore(filter=q.Term("keywords.skill", {"value": code}), boost=NAMED_SKILL))
    if parsed.identifier:
        parts.append(_term("identifiers", parsed.identifier, EXACT_CODE))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else q.Bool(should=parts, minimum_should_match=1)


def doubtful_words(parsed: ParsedQuery) -> list[str]:
    """The words long enough to be forgiven a typo, should no document have them."""
    return list(
        dict.fromkeys(token for unit in parsed.units for token in unit.tokens if typos_allowed(token))
    )


def known_word(word: str) -> q.Query:
    """What has the word, or a word that begins like it."""
    return q.Bool(should=[_exact(word), q.Prefix("words", {"value": word})], minimum_should_match=1)


def highlight_query(parsed: ParsedQuery, field: str) -> q.Query:
    """The words worth marking in a passage: those typed, and the acronyms of what they name; no stop word."""
    acronyms = [text_key(text) for unit in parsed.units for text in unit.alternatives if text.isupper()]
    typed = [token for unit in parsed.units for token in unit.tokens]
    words = dict.fromkeys([*typed, *(acronym for acronym in acronyms if " " not in acronym)])
    return q.Bool(should=[q.Match(field, {"query": word}) for word in words])


def _unit(unit: Unit, typos: Collection[str]) -> q.Query:
    ways = [_all([_word(token, token in typos) for token in unit.tokens])]
    if unit.acronym:
        ways.append(_term("acronyms", unit.acronym, ACRONYM))
    ways += [_term("keywords.skill", code, SKILL_CODE) for code in unit.skills]
    ways += [way for text in unit.alternatives if (way := _alternative(text))]
    return q.DisMax(queries=ways, tie_breaker=TIE_BREAKER)


def _word(word: str, is_typo: bool) -> q.Query:
    """A word as it is, or as the beginning of another; failing both, as a misspelling."""
    ways = [_exact(word)]
    if is_typo:
        ways.append(q.Fuzzy("words", _constant(word, TYPO, fuzziness=typos_allowed(word))))
    elif len(word) >= PREFIX_FROM:
        ways.append(q.Prefix("words", _constant(word, PREFIX)))
    return ways[0] if len(ways) == 1 else q.DisMax(queries=ways)


def _constant(word: str, boost: float, **options: Any) -> dict[str, Any]:
    """However many words stand for it, and however rare they are, they are worth the same."""
    return {"value": word, "rewrite": "constant_score", "boost": boost, **options}


def _exact(word: str) -> q.Query:
    fields = [_boosted("words", WORD)]
    fields += [_boosted(name, boost) for weights, _ in _LANGUAGES for name, boost in weights.items()]
    return q.MultiMatch(query=word, fields=fields, type="best_fields", tie_breaker=TIE_BREAKER)


def _alternative(text: str) -> q.Query | None:
    """The text as a phrase of the titles, labels and bodies of either language."""
    fields, is_phrase = [], False
    for weights, analyzer in _LANGUAGES:
        terms = stems(analyzer, text)
        if len(terms) > 1 or (terms and len(terms[0]) >= ALTERNATIVE_FROM):
            fields += [_boosted(name, boost) for name, boost in weights.items()]
            is_phrase = is_phrase or len(terms) > 1
    if not fields:
        return None
    return q.MultiMatch(
        query=text,
        fields=fields,
        type="phrase" if is_phrase else "best_fields",
        tie_breaker=TIE_BREAKER,
        boost=ALTERNATIVE,
    )


def _boosted(field: str, boost: float) -> str:
    return f"{field}^{boost:g}"


def _term(field: str, value: str, boost: float) -> q.Query:
    return q.Term(field, {"value": value, "boost": boost})


def _all(queries: Sequence[q.Query]) -> q.Query:
    return queries[0] if len(queries) == 1 else q.Bool(must=list(queries))

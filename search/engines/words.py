"""What the words of a query are worth and when they stand for others: the same on both engines.

One rule: stem first, then fold accents (« handicapées » meets « handicapés »); documents keep their stop words, queries have
lost theirs (`search.stopwords`). Words are cut wherever there is neither letter nor digit, so that an elided article
(« l'asepsie ») is a word of its own.
"""

from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

MAX_WORD = 60
# Fields and what a match in each is worth; a name says more than a sentence.
FRENCH = {"title_fr": 5.0, "labels_fr": 3.0, "skills_fr": 1.5, "body_fr": 1.0}
ENGLISH = {"title_en": 5.0, "labels_en": 3.0, "skills_en": 1.5, "body_en": 1.0}
EXACT_CODE = 40.0
SKILL_CODE = 6.0
NAMED_SKILL = 1.0  # being about a skill that the query names, whatever of its other words is missing
ACRONYM = 5.0
WORD = 0.5
PREFIX = 0.3
TYPO = 0.4
ALTERNATIVE = 0.7
TIE_BREAKER = 0.2
# From how many letters a word may be the beginning of another, hold one typo, hold two; and from how many letters of stem a
# single word is an alternative of its own.
PREFIX_FROM = 4
TYPO_FROM = 6
TWO_TYPOS_FROM = 13
ALTERNATIVE_FROM = 5
# About how long the passage of a result is.
SNIPPET_CHARACTERS = 220


@cache
def analyzers() -> dict[str, TextAnalyzer]:
    def build(*stemmer: Filter) -> TextAnalyzer:
        builder = (
            TextAnalyzerBuilder(Tokenizer.simple())
            .filter(Filter.remove_long(MAX_WORD))
            .filter(Filter.lowercase())
        )
        for step in stemmer:
            builder = builder.filter(step)
        return builder.filter(Filter.ascii_fold()).build()

    return {
        "french": build(Filter.stemmer("french")),
        "english": build(Filter.stemmer("english")),
        "words": build(),
    }


def stems(analyzer: str, text: str) -> list[str]:
    """The terms that an analyzer makes of a text."""
    return list(analyzers()[analyzer].analyze(text))


def typos_allowed(word: str) -> int:
    """How many letters may differ from a word that no document has."""
    return 0 if len(word) < TYPO_FROM else 1 if len(word) < TWO_TYPOS_FROM else 2

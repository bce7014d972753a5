"""How sure a finding is, and the floors under which nothing is answered. Pure: no Django, no engine.

One rule: every constant of matching that a person may contest is here, with what it means (docs/matching.md
repeats them).
"""

# Probability that a person who wrote this passage means this skill, by what was found.
LABEL_PROBABILITY = {"preferred": 0.95, "alternative": 0.9, "hidden": 0.8, "acronym": 0.92}
SHORT_ACRONYM_PROBABILITY = 0.86  # of so many letters or fewer: other meanings exist
SHORT_LETTERS = 3
TYPO_FACTOR = 0.9  # one letter of a long word was corrected
GAP_FACTOR = 0.85  # other words stand inside the label (« maintenance préventive et corrective »)

# A job under this score is not shown as an answer unless the person asked for that very job, or at least as much is to be
# expected of it and some of it is shown; without a job at this score there is no answer.
MATCH_FLOOR = 0.08
LEAST_SHOWN = 0.02

# A title given for a job or a diploma is the share of the found title's words that were typed. Short of the very words, the
# only title found is taken for certain from this share on.
CLEAR_TITLE = 0.5
# A title of one word is too general when those that begin with it are of more other jobs than this: of ROME's, 2 for
# « coiffeur », 1 for « avocat », but 5 for « pharmacien » and 3 for « biologiste ».
GENERIC_JOBS = 2
# A word that so many titles have is spelt as it is meant.
GENERIC_TITLES = 3

# A title is compared by meaning and spelling (`search.linking`) when its words find nothing certain; 1 is the very title. Of
# 198 titles whose words no label has (the tuning half, `python -m benchmarks.title_thresholds`), three in four have their
# right label above the floor, and so have 2 of 25 texts that name no job; 19 come as near and lead as much as is clear, all
# of them right.
NEAR_TITLE = 0.6
CLEAR_NEARNESS = 0.9
CLEAR_LEAD = 0.08


def label_probability(kind: str, letters: int, *, corrected: bool, gapped: bool) -> float:
    """Of a label or acronym found in the text."""
    probability = LABEL_PROBABILITY[kind]
    if kind == "acronym" and letters <= SHORT_LETTERS:
        probability = SHORT_ACRONYM_PROBABILITY
    if corrected:
        probability *= TYPO_FACTOR
    if gapped:
        probability *= GAP_FACTOR
    return round(probability, 3)

"""How likely a text shows a skill, of all that speaks for it: labels, the meaning of passages, their words. Pure.

One rule: the probability is a logistic curve over named signs (`SIGNS`), fitted on annotated texts; nothing else is added to it
afterwards. Without a model of meaning the curve is another one, over the signs that remain.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.reading.lexicon import Mention
from matching.reading.passage_model import PassageModel, PassageScores
from matching.reading.reader import Reading
from matching.reading.units import Unit

NOTHING = -12.0  # log probability where no passage speaks
# A passage proposes its best skills, as far as they are likely enough to be worth weighing.
PROPOSED = 6
LEAST_LIKELY = -4.0
CLEAR = -1.5  # log probability from which a passage is said to point at a skill
ALIKE = 1e-4  # between log probabilities that say the same; far above what one processor computes differently from another
KINDS = ("know-how", "knowledge", "behaviour", "authorisation")

SIGNS = (
    "preferred_label",
    "alternative_label",
    "hidden_label",
    "acronym",
    "short_acronym",
    "altered_label",
    "any_label",
    "label_count",
    "label_words",
    "at_label",
    "joint",
    "meaning",
    "words",
    "rank",
    "behind_best",
    "unit_words",
    "units_pointing",
    "units_best",
    "other_label",
    "bare_label",
    "diploma",
    "joint_share",
    "meaning_share",
    "words_share",
    "at_label_share",
    "label_joint",
    "label_behind",
    "label_rank",
    "hidden_joint",
    "joint_words",
    "nearest",
    "nearest_behind",
    "nearest_here",
    "nearest_here_behind",
    *KINDS,
)
OF_MEANING = frozenset(
    {"meaning", "meaning_share", "nearest", "nearest_behind", "nearest_here", "nearest_here_behind"}
)
# A diploma names what it taught, and whoever studied it may never have done it.
_DIPLOMA = frozenset(
    "diplome master licence bts but dut bac doctorat these phd msc bsc ingenieur ecole option specialite mention formation "
    "universite university degree school lycee iut certificat certificate".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A skill that something in the text speaks for: its signs, by name, and the best label and passage, if any."""

    code: str
    signs: Mapping[str, float]
    mention: Mention | None
    unit: Unit | None


@dataclass(frozen=True)
class Curve:
    """Probability by signs: `weights` by name, each sign being first shifted and scaled."""

    weights: Mapping[str, tuple[float, float, float]]  # shift, scale, weight
    intercept: float

    def probability(self, signs: Mapping[str, float]) -> float:
        total = self.intercept + sum(
            weight * (signs[name] - shift) / scale for name, (shift, scale, weight) in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def candidates(
    model: PassageModel,
    kinds: Mapping[str, str],
    reading: Reading,
    scores: PassageScores,
    replaced: Mapping[str, str] | None = None,
) -> list[Candidate]:
    """Every skill worth weighing, in the order of codes; `kinds` gives the kind of each skill, `scores` those of the reading's
    units, `replaced` the skill that stands for each one retired since the model was made. What the text names only to deny it
    or wish for it is no candidate, whatever else comes near.
    """
    codes_of_columns, scores = scores.redirected(model.codes, replaced or {})
    refused = {one.code for one in reading.refused}
    by_code: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in reading.mentions:
        by_code[mention.code].append(mention)
    places = {code: place for place, code in enumerate(codes_of_columns)}
    proposed = {codes_of_columns[place] for place in _proposed(scores)}
    codes = sorted((proposed | by_code.keys()) & places.keys() - refused)
    board = _Board(reading.units, scores, reading.mentions)
    return [board.candidate(code, places[code], by_code[code], kinds.get(code, "")) for code in codes]


def _proposed(scores: PassageScores) -> set[int]:
    found: set[int] = set()
    for row in scores.joint:
        best = np.argpartition(-row, PROPOSED)[:PROPOSED] if len(row) > PROPOSED else range(len(row))
        found.update(int(place) for place in best if row[place] > LEAST_LIKELY)
    return found


class _Board:
    """The passages and what they are about, looked at for one skill after the other."""

    def __init__(self, units: Sequence[Unit], scores: PassageScores, mentions: Sequence[Mention]) -> None:
        self._units, self._scores, self._mentions = units, scores, mentions
        self._best = scores.joint.max(axis=1) if len(units) else np.zeros(0)
        self._holders = {
            one: [row for row, unit in enumerate(units) if unit.start <= one.start and one.end <= unit.end]
            for one in mentions
        }

    def candidate(self, code: str, place: int, labels: list[Mention], kind: str) -> Candidate:
        row = self._best_row(place)
        signs = {
            **_label_signs(labels),
            "at_label": self._at(labels, place),
            **self._passage_signs(row, place, code),
            **self._nearest_signs(row, place),
            **self._context_signs(row, labels),
            **{name: float(kind == name) for name in KINDS},
        }
        signs |= _combined(signs)
        best = max(labels, key=lambda one: (one.probability, -one.start), default=None)
        return Candidate(code, signs, best, None if row is None else self._units[row])

    def _best_row(self, place: int) -> int | None:
        """The passage that speaks most for the skill; of a sentence and a clause of it that say the same, the clause."""
        if not self._units:
            return None
        column = self._scores.joint[:, place]
        near = [int(row) for row in np.flatnonzero(column >= column.max() - ALIKE)]
        return min(near, key=lambda row: self._units[row].end - self._units[row].start)

    def _at(self, labels: Sequence[Mention], place: int) -> float:
        """How likely the passages that hold the labels are to be about the skill."""
        found = [float(self._scores.joint[row, place]) for label in labels for row in self._holders[label]]
        return max(found, default=NOTHING)

    def _passage_signs(self, row: int | None, place: int, code: str) -> dict[str, float]:
        scores = self._scores
        if row is None:
            names = ("joint", "meaning", "words")
            none = {
                "rank": 10.0,
                "behind_best": 10.0,
                "unit_words": 0.0,
                "units_pointing": 0.0,
                "units_best": 0.0,
            }
            return {**dict.fromkeys(names, NOTHING), **none, "other_label": 0.0}
        unit, line = self._units[row], scores.joint[row]
        column = scores.joint[:, place]
        beside = any(one.code != code and unit.start <= one.start < unit.end for one in self._mentions)
        return {
            "joint": float(line[place]),
            "meaning": float((scores.words if scores.meaning is None else scores.meaning)[row, place]),
            "words": float(scores.words[row, place]),
            "rank": float(min(10, int((line > line[place]).sum()))),
            "behind_best": float(self._best[row] - line[place]),
            "unit_words": unit.words / 10,
            "units_pointing": float((column > CLEAR).sum()),
            "units_best": float(((column >= self._best - ALIKE) & (column > LEAST_LIKELY)).sum()),
            "other_label": float(beside),
        }

    def _nearest_signs(self, row: int | None, place: int) -> dict[str, float]:
        """How near the nearest example of the skill is to any passage, and to the one that speaks most for it; how far behind
        the nearest example of any skill that is.
        """
        nearest = self._scores.nearest
        if row is None or nearest is None:
            return {"nearest": 0.0, "nearest_behind": 1.0, "nearest_here": 0.0, "nearest_here_behind": 1.0}
        best = int(nearest[:, place].argmax())
        return {
            "nearest": float(nearest[best, place]),
            "nearest_behind": float(nearest[best].max() - nearest[best, place]),
            "nearest_here": float(nearest[row, place]),
            "nearest_here_behind": float(nearest[row].max() - nearest[row, place]),
        }

    def _context_signs(self, row: int | None, labels: Sequence[Mention]) -> dict[str, float]:
        """Whether a label stands alone in its clause, and whether a diploma is spoken of."""
        holders = [self._units[row] for row in sorted({row for one in labels for row in self._holders[one]})]
        spoken = holders or ([self._units[row]] if row is not None else [])
        return {
            "bare_label": float(
                any(
                    one.words >= unit.words
                    for unit in holders
                    for one in labels
                    if unit.start <= one.start < unit.end
                )
            ),
            "diploma": float(any(not _DIPLOMA.isdisjoint(unit.keys) for unit in spoken)),
        }


def _combined(signs: Mapping[str, float]) -> dict[str, float]:
    """What two signs say together, and shares of probability, which a sum of logarithms cannot say."""
    labelled, joint = signs["any_label"], signs["joint"]
    return {
        "joint_share": math.exp(joint),
        "meaning_share": math.exp(signs["meaning"]),
        "words_share": math.exp(signs["words"]),
        "at_label_share": math.exp(signs["at_label"]),
        "label_joint": labelled * joint,
        "label_behind": labelled * signs["behind_best"],
        "label_rank": labelled * signs["rank"],
        "hidden_joint": signs["hidden_label"] * joint,
        "joint_words": joint * signs["unit_words"],
    }


def _label_signs(labels: Sequence[Mention]) -> dict[str, float]:
    kinds = {one.kind for one in labels}
    return {
        **{name: float(name in kinds) for name in SIGNS[:6]},
        "any_label": float(bool(labels)),
        "label_count": float(len(labels)),
        "label_words": float(max((one.words for one in labels), default=0)),
    }

"""What the thresholds of titles found by meaning are chosen on. Run, with EMBEDDING_MODEL and OPEN_DATA_DIR set:
`python -m benchmarks.title_thresholds`.

The tuning half of MELO, titles whose very words some label has left out: words find those. `matching/calibration.py` takes the
floor from the first table and from the texts that name no job, the two figures of a sure title from the second.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import django
import numpy as np

NEARNESSES = (0.80, 0.84, 0.88, 0.90, 0.92, 0.94, 0.96, 0.97, 0.98)
LEADS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.12)
FLOORS = (0.01, 0.02, 0.05, 0.10, 0.25, 0.50)
NO_TITLES = (
    "je fais du vélo le dimanche",
    "bonjour tout le monde",
    "recette de lasagnes aux légumes",
    "quel temps fera-t-il demain",
    "Paris Saint-Germain",
    "azerty uiop",
    "j'ai mal au dos depuis hier",
    "le prix du gaz augmente",
    "rue de la République à Lyon",
    "permis B",
    "motivé et ponctuel",
    "mon chat s'appelle Félix",
    "abonnement annuel sans engagement",
    "horaires du train pour Nantes",
    "bleu clair",
    "deux kilos de pommes de terre",
    "lorem ipsum dolor sit amet",
    "qui a gagné le match",
    "temps plein en CDI",
    "je ne sais pas",
    "appartement trois pièces avec balcon",
    "how do I reset my password",
    "the weather is nice today",
    "what time is it",
    "second-hand car for sale",
)


def main(open_data: str) -> None:
    from search.embeddings import embedder
    from search.evaluation.linking_files import read_labels, read_queries
    from search.linking import LabelSet, Mode, build_ranker
    from skills.imports.report import ImportReport

    folder, report = Path(open_data) / "eval", ImportReport("eval")
    labels = read_labels(folder / "occupation_labels_fr.csv.gz", report)
    codes = {label.code: label.concept for label in labels}
    queries = read_queries(folder / "occupation_linking_fr_tuning.csv", codes, report)
    ranker = build_ranker(LabelSet(labels), Mode.HYBRID, embedder())
    worded = {_words(label.text) for label in labels}
    asked = [query for query in queries if _words(query.title) not in worded]
    places = ranker.known.concept_places
    guesses, rights = [], []
    for query, scores in zip(asked, ranker.each(query.title for query in asked), strict=True):
        best = ranker.best_of_concepts(scores)
        first, second = np.argsort(-best, kind="stable")[:2]
        right = {places[codes[code]] for code in query.relevant}
        guesses.append((best[first], best[first] - best[second], first in right))
        rights.append(max(best[row] for row in right))
    _show_floors(rights, [scores.max() for scores in ranker.each(NO_TITLES)])
    _show_guesses(np.array(guesses, dtype=float), len(queries))


def _words(title: str) -> frozenset[str]:
    from matching.origins.title_words import TypedTitle

    return frozenset(TypedTitle.read(title).words)


def _show_floors(rights: Sequence[float], wrongs: Sequence[float]) -> None:
    print("share of the titles whose nearest right label is under…")
    print("  " + "  ".join(f"{share:.0%}: {np.quantile(rights, share):.3f}" for share in FLOORS))
    print("nearest label of texts that name no job, the highest first")
    print("  " + " ".join(f"{score:.3f}" for score in sorted(wrongs, reverse=True)))


def _show_guesses(guesses: np.ndarray, queries: int) -> None:
    print(f"{len(guesses)} titles of {queries} whose words no label has: guesses right / made")
    print("nearness  " + "  ".join(f"lead {lead:.2f}" for lead in LEADS))
    for nearness in NEARNESSES:
        made = [guesses[(guesses[:, 0] >= nearness) & (guesses[:, 1] >= lead), 2] for lead in LEADS]
        print(f"{nearness:8.2f}  " + "  ".join(f"{some.sum():4.0f}/{len(some):<4d}" for some in made))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    django.setup()
    main(os.environ["OPEN_DATA_DIR"])

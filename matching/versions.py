"""What a match depends on: the versions of the referential, the model, the formula and the catalogue.

One rule: two matches with the same versions and the same question have the same answer.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from matching.catalogue.jobs import Job
from matching.catalogue.people import Person
from matching.catalogue.trainings import TrainingOffer
from matching.referential import Referential
from matching.scoring import FORMULA_VERSION
from search.embeddings import embedder
from skills.stored_concepts import stored_version


@dataclass(frozen=True, slots=True)
class Versions:
    """`referential` is the version of the files loaded last and a digest of what stands now; `model` the fingerprint of the
    embedding model, empty without one; `catalogue` a digest of the jobs, trainings and people that were weighed.
    """

    referential: str
    model: str
    formula: str
    catalogue: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def versions_of(
    referential: Referential,
    jobs: Iterable[Job],
    trainings: Iterable[TrainingOffer] = (),
    people: Iterable[Person] = (),
) -> Versions:
    """One query."""
    model = embedder()
    return Versions(
        f"{stored_version()}+{referential.digest}",
        model.recipe.fingerprint if model else "",
        FORMULA_VERSION,
        catalogue_digest(jobs, trainings, people),
    )


def catalogue_digest(
    jobs: Iterable[Job], trainings: Iterable[TrainingOffer], people: Iterable[Person] = ()
) -> str:
    """Of what they ask for and bring; titles and dates do not count, since no score depends on them."""
    content = [
        sorted(
            [
                job.code,
                job.highest_diploma,
                [[one.skill, one.level, one.importance] for one in job.requirements],
            ]
            for job in jobs
        ),
        sorted(
            [training.code, [[one.skill, one.level] for one in training.skills]] for training in trainings
        ),
        # Beside the others, so that an answer without people keeps the digest that it had.
        *sorted([person.pseudonym, [[one.skill, one.level] for one in person.skills]] for person in people),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

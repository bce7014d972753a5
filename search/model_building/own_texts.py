"""Concepts of our own referential and job profiles, read from the product's files.

One rule: only their own words are taken; what they say of ESCO and ROME (mappings, codes) is not. The ways of saying a skill
(`skills.sayings`) are left to the model that reads passages: it has to tell new ways from them, which is harder when this
one has learnt them by heart.
"""

from collections.abc import Iterator
from pathlib import Path

from jobs.importers.profile_files import read_profiles
from search.model_building.concepts import OUR_JOB, OUR_SKILL, Concept, distinct
from skills.concept_files.parsing import read_referential


def read_own_texts(referential: Path, profiles: Path) -> Iterator[Concept]:
    """Raises `ValueError` when the files are not right: what is wrong with them is for their own checks to say."""
    files = read_referential(referential)
    jobs = read_profiles(profiles)
    if files.errors or jobs.errors:
        raise ValueError(str([*files.errors, *jobs.errors][0]))
    for skill in files.skills.values():
        if not skill.is_retired:
            names = [
                skill.label.fr,
                skill.label.en,
                *(label.text for label in skill.labels if not label.context),
            ]
            details = [skill.definition.fr, skill.definition.en]
            yield Concept(f"skill:{skill.code}", OUR_SKILL, distinct(names), distinct(details))
    for job in jobs.profiles.values():
        yield Concept(
            f"job:{job.code}",
            OUR_JOB,
            distinct([job.title.fr, job.title.en, *job.alternative[0], *job.alternative[1]]),
            distinct([job.summary.fr, job.summary.en, *job.activities[0], *job.activities[1]]),
        )

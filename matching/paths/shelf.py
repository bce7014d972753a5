"""What the questions of one answer share: the trainings that options are read from, what their prerequisites name, and the jobs
that whoever asks has read already.

One rule: a shelf serves one answer and goes with it. Nothing is kept from one request to the next, so that no path is made of
what the catalogue no longer says.
"""

from collections.abc import Iterable
from functools import cached_property

from matching.catalogue.jobs import Job
from matching.paths.prerequisites import required_skills
from matching.referential import Referential
from skills.models import Skill
from skills.models.referential import SkillKind
from training.models import Training


class Shelf:
    """Eight queries for the trainings that are not on it yet, whatever their number; one for the skills that can be taught."""

    def __init__(self, referential: Referential, jobs: Iterable[Job] = ()) -> None:
        self.jobs = {job.code: job for job in jobs}
        self._lexicon = referential.lexicon
        self._trainings: dict[str, Training | None] = {}
        self._needs: dict[str, frozenset[str]] = {}

    def trainings(self, codes: Iterable[str]) -> list[Training]:
        """Those of these codes that are live, in the order of their codes, with all their rows."""
        wanted = sorted(codes)
        unread = [code for code in wanted if code not in self._trainings]
        if unread:
            self._trainings |= dict.fromkeys(unread)
            self._trainings |= {training.code: training for training in _read(unread)}
        found = (self._trainings[code] for code in wanted)
        return [training for training in found if training is not None]

    def required(self, prerequisites: str) -> frozenset[str]:
        """The `has:` tokens of the text of a training's prerequisites."""
        if prerequisites not in self._needs:
            self._needs[prerequisites] = required_skills(prerequisites, self._lexicon, self._teachable)
        return self._needs[prerequisites]

    @cached_property
    def _teachable(self) -> frozenset[str]:
        kinds = (SkillKind.KNOWLEDGE, SkillKind.KNOW_HOW)
        return frozenset(Skill.objects.published().filter(kind__in=kinds).values_list("code", flat=True))


def _read(codes: Iterable[str]) -> Iterable[Training]:
    return (
        Training.objects.filter(live=True, code__in=list(codes))
        .select_related("provider")
        .prefetch_related(
            "certifications__blocks", "skill_links__skill", "actions__sessions", "actions__commune"
        )
    )

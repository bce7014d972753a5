"""From what a person holds and asks to the best paths: the one entrance above the optimiser.

One rule: the optimiser proves, and nothing after it changes its answer; what was not weighed is said beside it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matching.catalogue.jobs import Job
from matching.errors import PathRefused, PathUnproven
from matching.paths.answers import (
    FoundPath,
    FoundPaths,
    FoundRelaxation,
    Target,
    best_by,
    found_path,
    is_best,
)
from matching.paths.facts import Offered
from matching.paths.gathering import gather
from matching.paths.options import Sought, load_options
from matching.paths.problem import Objective, Path, Problem, Relaxation
from matching.paths.question import Question
from matching.paths.seeking import load_job, read_question
from matching.paths.sentences import say_relaxation
from matching.paths.shelf import Shelf
from matching.paths.solving import best_path, pareto_paths
from matching.paths.tokens import skill_token
from matching.paths.vae import add_vae
from matching.referential import Referential, load_referential
from matching.scoring import Held

MOST_PATHS = 12

_CUT = {
    "fr": "Plus de formations que la limite apportent ce qui manque : les parcours sont les meilleurs parmi celles qui ont été "
    "comparées.",
    "en": "More trainings than the limit bring what is missing: the paths are the best among those that were compared.",
}


_UNPROVEN = {
    "fr": "Le meilleur parcours n'a pas pu être prouvé à temps : resserrez les conditions (date de fin, distance, budget) ou "
    "demandez un seul objectif.",
    "en": "The best path could not be proven in time: narrow the conditions (end, distance, budget) or ask for one objective.",
}


@dataclass(frozen=True, slots=True)
class _Solved:
    """What the optimiser answers, whichever way it is asked."""

    paths: tuple[Path, ...]
    is_complete: bool
    relaxations: tuple[Relaxation, ...]
    unbrought: frozenset[str]


def find_paths(
    held: Iterable[Held],
    question: Question,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
    shelf: Shelf | None = None,
) -> FoundPaths:
    """Who asks several questions for one answer gives them the same shelf. Raises UnknownJob, UnknownPlace, PathRefused, and
    SearchUnavailable when the engine is named.
    """
    referential = referential or load_referential()
    shelf = shelf or Shelf(referential)
    job = shelf.jobs.get(question.job) or load_job(question.job, language)
    sought = read_question(question, job, held, referential)
    gathered = gather(sought, referential, language, engine, shelf)
    offered = load_options(gathered.urls, sought, referential, gathered.urls, shelf)
    offered = add_vae(offered, sought, question.modes, referential.graph)
    problem = Problem(
        targets=sought.tokens,
        options=offered.options,
        constraints=question.constraints(sought.today),
        held=sought.held_of(offered.needs, referential.graph),
    )
    try:
        solved = _solve(problem, question.objective)
    except PathUnproven as error:
        raise PathRefused(_UNPROVEN[language]) from error
    notice = " ".join(filter(None, (gathered.notice, _CUT[language] if gathered.is_cut else "")))
    return _Telling(question, sought, offered, problem, referential, language).told(solved, job, notice)


def _solve(problem: Problem, objective: Objective | None) -> _Solved:
    if objective is None:
        found = pareto_paths(problem, most=MOST_PATHS)
        return _Solved(tuple(found.paths), found.is_complete, tuple(found.relaxations), found.unbrought)
    answer = best_path(problem, objective)
    paths = () if answer.path is None else (answer.path,)
    return _Solved(paths, True, answer.relaxations, answer.unbrought)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What was asked and what could be chosen, beside which an answer is told."""

    question: Question
    sought: Sought
    offered: Offered
    problem: Problem
    referential: Referential
    language: str

    def told(self, solved: _Solved, job: Job | None, notice: str) -> FoundPaths:
        missing = _targets(self.sought)
        # When nothing that is missing is brought, the path without steps is no answer.
        is_helped = not missing or bool(self.sought.tokens - solved.unbrought)
        return FoundPaths(
            job=job.code if job else "",
            job_title_fr=job.title_fr if job else "",
            job_title_en=job.title_en if job else "",
            missing=missing,
            unteachable=tuple(target for target in missing if target.token in solved.unbrought),
            left_out=self.offered.left_out,
            paths=tuple(self._paths(solved)) if is_helped else (),
            relaxations=tuple(self._relaxation(one) for one in solved.relaxations),
            notice=notice,
        )

    def _paths(self, solved: _Solved) -> Iterator[FoundPath]:
        asked = self.question.objective
        objectives = self.question.objectives if asked is None else (asked,)
        best = best_by(solved.paths, objectives) if solved.paths else {}
        for path in solved.paths:
            reached = tuple(one for one in objectives if is_best(path, one, best))
            yield self._path(path, reached, is_complete_set=solved.is_complete)

    def _path(
        self, path: Path, objectives: tuple[Objective, ...] = (), *, is_complete_set: bool = True
    ) -> FoundPath:
        return found_path(
            path,
            self.offered.facts,
            self.sought.tokens,
            objectives,
            is_complete_set=is_complete_set,
            has_place=bool(self.question.place),
        )

    def _relaxation(self, relaxation: Relaxation) -> FoundRelaxation:
        sentence = say_relaxation(
            relaxation, self.offered.facts, self.problem.held, self.referential.label, self.language
        )
        return FoundRelaxation(relaxation, sentence, self._path(relaxation.path))


def _targets(sought: Sought) -> tuple[Target, ...]:
    """In the order of the job's requirements, then the others."""
    skills = (Target(skill_token(one.skill), one.level) for one in sought.requirements)
    return (*skills, *(Target(token) for token in sorted(sought.targets)))

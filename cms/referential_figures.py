"""What the catalogue holds beside the skills: job profiles and how far apart they are, trainings.

One rule: what is counted is what is published, in the database.
"""

from collections import defaultdict

from jobs.models import JobProfilePage, JobRequirement
from skills.concept_files.statistics import greatest_overlap
from training.models import Training


def catalogue_figures() -> dict[str, object]:
    """Counts of jobs and trainings. Five queries."""
    rows = JobRequirement.objects.filter(page__live=True, page__alias_of=None).order_by()
    skills: dict[str, set[str]] = defaultdict(set)
    for job, skill in rows.values_list("page__code", "skill__code"):
        skills[job].add(skill)
    sizes = [len(found) for found in skills.values()]
    share, one, other = greatest_overlap({job: frozenset(found) for job, found in skills.items()})
    jobs = JobProfilePage.objects.live().filter(alias_of=None).order_by()
    trainings = Training.objects.filter(live=True)
    return {
        "jobs": jobs.values("code").distinct().count(),
        "requirements_a_job": {"fewest": min(sizes, default=0), "most": max(sizes, default=0)},
        "greatest_overlap_of_two_jobs": {"share": round(share, 2), "jobs": f"{one}, {other}".strip(", ")},
        "demonstration_trainings": trainings.filter(is_demonstration=True).count(),
        "open_data_trainings": trainings.filter(is_demonstration=False, provider=None).count(),
    }

"""How each kind is listed and built.

One rule: eligibility (what may be found) is decided by each kind's own module and nowhere else.
"""

from search.documents import candidates, jobs, skills, trainings
from search.documents.base import DocumentSource
from search.request import Kind

SOURCES: dict[Kind, DocumentSource] = {
    Kind.JOBS: DocumentSource(jobs.codes, jobs.build),
    Kind.TRAININGS: DocumentSource(trainings.codes, trainings.build),
    Kind.SKILLS: DocumentSource(skills.codes, skills.build),
    Kind.CANDIDATES: DocumentSource(candidates.codes, candidates.build),
}

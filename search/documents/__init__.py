"""Objects turned into search documents, one module a kind.

`SOURCES` is the table of contents: how each kind is listed, loaded and built. Eligibility (what may be found) is decided by
each module's `eligible()` and nowhere else.
"""

from search.documents import jobs, skills, trainings
from search.documents.base import DocumentSource
from search.request import Kind

SOURCES: dict[Kind, DocumentSource] = {
    Kind.JOBS: DocumentSource(jobs.codes, jobs.build),
    Kind.TRAININGS: DocumentSource(trainings.codes, trainings.build),
    Kind.SKILLS: DocumentSource(skills.codes, skills.build),
}

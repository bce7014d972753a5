"""Where the titles of jobs and diplomas are stored, and what a candidate is: a row of one of these tables.

One rule: whatever names a title (a form, an address, an index) names it by the key of its row, and is looked up here.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import F, Model, Q, QuerySet, Value

from matching.origins.title_words import LONGEST_TITLE
from matching.origins.weighing import row_status
from skills.languages import in_language
from skills.models import EscoOccupation, RomeJob, RomeTitle
from skills.text import text_key
from training.models import Certification, Diploma

ROME_TITLE, ROME_JOB, ESCO_OCCUPATION = "rome-title", "rome-job", "esco-occupation"
DIPLOMA, CERTIFICATION = "diploma", "certification"
JOB_KINDS = (ROME_TITLE, ROME_JOB, ESCO_OCCUPATION)
DIPLOMA_KINDS = (DIPLOMA, CERTIFICATION)
# In the order in which equal titles are shown. What `--kind` names stands for several of them.
KINDS = (*JOB_KINDS, *DIPLOMA_KINDS)
KIND_CHOICES: dict[str, tuple[str, ...]] = {
    "rome": (ROME_TITLE, ROME_JOB),
    "esco": (ESCO_OCCUPATION,),
    "diploma": (DIPLOMA,),
    "certification": (CERTIFICATION,),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Where the titles of a kind are: the source, the model, the columns that hold a code (the first names the row), the one
    that tells apart two rows of one title, and what else a candidate is made of.
    """

    source: str
    model: type[Model]
    codes: tuple[str, ...]
    detail: str
    columns: tuple[str, ...]

    def rows(self) -> QuerySet:
        detail = F(self.detail) if self.detail else Value("")
        columns = (*self.codes, "withdrawn_on", *self.columns)
        return self.model._default_manager.only(*columns).annotate(detail=detail)

    def rows_with(self, code: str) -> QuerySet:
        return self.rows().filter(reduce(or_, (Q(**{name: code}) for name in self.codes)))


_NAMES = ("label_fr", "label_en", "alternative_fr", "alternative_en")
TABLES: dict[str, Table] = {
    ROME_TITLE: Table("rome", RomeTitle, ("ogr_code",), "job__code", ("title", "is_rare", "title_keys")),
    ROME_JOB: Table("rome", RomeJob, ("code",), "", ("title",)),
    ESCO_OCCUPATION: Table(
        "esco", EscoOccupation, ("uri", "code"), "code", (*_NAMES, "is_retired", "title_keys")
    ),
    DIPLOMA: Table("onisep", Diploma, ("onisep_id",), "kind", ("title", "acronym", "title_keys")),
    CERTIFICATION: Table(
        "rncp-titles", Certification, ("code",), "abbreviation", ("title", "is_active", "title_keys")
    ),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title of one of the sources. `likeness` is 1 when the words are the same; `status` is empty for what is
    current; `detail` tells apart two candidates with one title; `other_name` is the name by which it was found when its title
    is not; `nearness` is how near it comes by meaning and spelling, from 0 to 1, when the index of titles was asked.
    """

    kind: str
    code: str
    title_fr: str
    title_en: str
    status: str
    likeness: float
    detail: str = ""
    is_rare: bool = False
    other_name: str = ""
    nearness: float = 0.0

    @property
    def source(self) -> str:
        return TABLES[self.kind].source

    @property
    def key(self) -> str:
        """What names it in a form or an address."""
        return f"{self.kind}:{self.code}"

    @property
    def job(self) -> str:
        """What the titles of one job share: the ROME job, ESCO's group of occupations; a diploma is its own."""
        if self.kind == ROME_TITLE:
            return self.detail
        return self.detail.partition(".")[0] if self.kind == ESCO_OCCUPATION else self.code

    @property
    def is_job(self) -> bool:
        return self.kind in JOB_KINDS

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language) or self.title_en or self.code

    def as_dict(self, language: str) -> dict[str, object]:
        return {
            "kind": self.kind,
            "code": self.code,
            "title": self.title(language),
            "status": self.status or "current",
            "source": self.source,
        }


def find_candidate(key: str) -> Candidate | None:
    """The candidate that a form or an address names (`Candidate.key`). One query."""
    kind, _, code = key.replace("\x00", "").encode("utf-8", "ignore").decode().partition(":")
    if kind not in KINDS or not 0 < len(code) <= LONGEST_TITLE:
        return None
    return next((make_candidate(kind, row, 1.0) for row in TABLES[kind].rows_with(code)), None)


def make_candidate(kind: str, row: Model, share: float, other_name: str = "") -> Candidate:
    title_fr, title_en = titles_of(kind, row)
    is_retired, is_active = getattr(row, "is_retired", False), getattr(row, "is_active", None)
    return Candidate(
        kind=kind,
        code=getattr(row, TABLES[kind].codes[0]),
        title_fr=title_fr,
        title_en=title_en,
        status=row_status(row.withdrawn_on, is_retired=is_retired, is_active=is_active),
        likeness=share,
        detail=row.detail,
        is_rare=getattr(row, "is_rare", False),
        other_name=other_name,
    )


def titles_of(kind: str, row: Model) -> tuple[str, str]:
    return (row.label_fr, row.label_en) if kind == ESCO_OCCUPATION else (row.title, "")


def names_of(kind: str, row: Model) -> tuple[str, ...]:
    """Every name by which somebody may mean the row, its titles first."""
    names = [name for name in titles_of(kind, row) if name]
    if kind == ESCO_OCCUPATION:
        names += [*row.alternative_fr.splitlines(), *row.alternative_en.splitlines()]
    elif kind == CERTIFICATION and row.detail and text_key(row.detail) not in text_key(row.title):
        names.append(f"{row.detail} {row.title}")  # « BTS », « Master » stand apart in the register
    return tuple(dict.fromkeys(names))

"""Reports that an answer is wrong: kept within bounds, taken back, forgotten.

One rule: without consent only codes and levels are kept; with it, the words of the person until the day that was promised, and
the person can take them back before, by a token that is kept nowhere.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db.models import QuerySet

from matching.catalogue.jobs import load_jobs
from matching.catalogue.trainings import load_trainings
from matching.models import Contested, MatchReport
from matching.referential import Referential, load_referential
from matching.versions import Versions, versions_of

KEPT_DAYS = 365
# Rows that one day may add: a script that reports at random fills no table.
ROWS_A_DAY = 500
LONGEST_COMMENT, LONGEST_PASSAGE = 1_000, 500
_UNKNOWN = Versions("", "", "", "")


class TooManyReports(Exception):
    """The day has as many reports as it may."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What is contested: codes and levels only. `stamp` is that of the answer (see `answer_stamp`)."""

    kind: Contested = Contested.OTHER
    skill: str = ""
    job: str = ""
    training: str = ""
    origin: str = ""
    level_shown: int | None = None
    level_claimed: int | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What the person wrote, and agreed that it be kept."""

    comment: str = ""
    passage: str = ""


# --- Versions
def answer_stamp(referential: Referential) -> str:
    """What a link says of its answer's versions: the same for every answer of one state of the site, so that two reports of one
    person have nothing in common. One query.
    """
    return _stamp(versions_of(referential, ()))


def _stamp(versions: Versions) -> str:
    said = " ".join((versions.referential, versions.model, versions.formula))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _versions(contest: Contest) -> Versions:
    """Those of the answer, unknown where they are not those of now any more; the catalogue is what is contested and nothing
    else. At most sixteen queries.
    """
    jobs = load_jobs([contest.job]).values() if contest.job else ()
    trainings = load_trainings([contest.training]).values() if contest.training else ()
    versions = versions_of(load_referential(), jobs, trainings)
    if _stamp(versions) != contest.stamp:
        return _UNKNOWN
    return versions


# --- Keeping
def keep_report(contest: Contest, words: Words | None, language: str, day: dt.date) -> str:
    """Keep a report; the token by which its words are taken back, empty without any. Raises TooManyReports. The first row of a
    day forgets what is too old.
    """
    today = MatchReport.objects.filter(day=day).count()
    if today == 0:
        purge(day)
    if today >= ROWS_A_DAY:
        raise TooManyReports
    versions = _versions(contest)
    report = MatchReport(
        day=day,
        kind=contest.kind,
        skill_code=contest.skill,
        job_code=contest.job,
        training_code=contest.training,
        origin_key=contest.origin,
        level_shown=contest.level_shown,
        level_claimed=contest.level_claimed,
        language=language,
        referential_version=versions.referential,
        model_version=versions.model,
        formula_version=versions.formula,
        catalogue_version=versions.catalogue if contest.job or contest.training else "",
    )
    token = _add_words(report, words, day) if words and (words.comment or words.passage) else ""
    report.save(force_insert=True)
    return token


def _add_words(report: MatchReport, words: Words, day: dt.date) -> str:
    token = secrets.token_urlsafe(32)
    report.comment, report.passage = words.comment, words.passage
    report.text_until = day + dt.timedelta(days=KEPT_DAYS)
    report.withdrawal_hash = _hash(token)
    return token


# --- Forgetting
def _hash(token: str) -> str:
    # The token is 256 bits drawn by chance: a fast hash keeps it as well as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()


def report_of(token: str) -> MatchReport | None:
    """The report whose words the token takes back, while it has some."""
    return MatchReport.objects.filter(withdrawal_hash=_hash(token)).first()


def forget_words(reports: QuerySet[MatchReport]) -> int:
    """How many reports had words; what they contest stays."""
    with_words = reports.filter(text_until__isnull=False)
    return with_words.update(comment="", passage="", text_until=None, withdrawal_hash="")


def purge(day: dt.date) -> int:
    """Forget the words that were promised to be kept no longer than this day."""
    return forget_words(MatchReport.objects.filter(text_until__lt=day))

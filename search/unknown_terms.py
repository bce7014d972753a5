"""The texts that people typed in a search box and that the referential does not know, for its editors.

One rule: a text is seen by nobody before five browsers typed it; what fewer typed is forgotten after 30 days, and nothing kept
leads from a text to a person or to another text of the same person. Texts of « Mes compétences » never come here.
"""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import Count
from django.utils.crypto import salted_hmac

from jobs.models import JobProfilePage
from people.models import Organisation
from search.lexicon import phrase_key
from search.models import UnknownSighting, UnknownTerm
from search.query import parse_query
from search.referential import current_lexicon
from search.typed_texts import keepable
from skills.models import Commune, Domain, Skill, SkillLabel
from skills.text import text_key, title_keys
from training.models import Certification, Training

PEOPLE = 5
KEPT_DAYS = 30
# Rows that one day may add: a script that types at random fills no table.
ROWS_A_DAY = 2_000


def is_unknown(text: str, *, found_nothing: bool = False) -> bool:
    """Whether no skill, label or acronym of the referential is in the text; where a search found nothing at all, whether the
    text is more than one of them.
    """
    lexicon = current_lexicon()
    if found_nothing:
        return phrase_key(text) not in lexicon.skills_of
    return not any(unit.skills for unit in parse_query(text, lexicon).units)


def is_known_otherwise(text: str) -> bool:
    """Whether the whole text names something else that the site holds: a job, a training, a place. At most six queries."""
    key = text_key(text)
    return (
        Commune.objects.filter(name_key=key).exists()
        or Organisation.objects.filter(name__iexact=text).exists()
        or Certification.objects.filter(code__iexact=text.replace(" ", "")).exists()
        or Training.objects.filter(title_fr__iexact=text).exists()
        or any(key in (text_key(one.label_fr), text_key(one.label_en)) for one in Domain.objects.all())
        or _is_a_job(key)
    )


def _is_a_job(key: str) -> bool:
    titles = JobProfilePage.objects.live().order_by().values_list("title", "alternative_titles")
    return any(key in title_keys(title, others).split("\n") for title, others in titles)


def record(text: str, browser_token: str, day: dt.date) -> bool:
    """Keep that a browser typed a text; whether it was kept. The first row of a day forgets what is too old."""
    flat = keepable(text)
    if not flat or is_known_otherwise(flat):
        return False
    key = text_key(flat)
    if UnknownTerm.objects.filter(key=key, state=UnknownTerm.State.DISMISSED).exists():
        return False
    today = UnknownSighting.objects.filter(day=day).count()
    if today == 0:
        forget(day)
    if today >= ROWS_A_DAY:
        return False
    row = UnknownSighting(key=key, text=flat, day=day, browser=_browser(browser_token, key))
    UnknownSighting.objects.bulk_create([row], ignore_conflicts=True)
    return True


def _browser(token: str, key: str) -> str:
    """A hash for this text alone: the same browser has another one for another text."""
    return salted_hmac("search.unknown_terms", f"{token} {key}", algorithm="sha256").hexdigest()


def forget(day: dt.date) -> int:
    """Delete what too few people typed in the last 30 days; how many rows."""
    return UnknownSighting.objects.filter(day__lt=day - dt.timedelta(days=KEPT_DAYS)).delete()[0]


@transaction.atomic
def gather(day: dt.date) -> None:
    """Show the texts that enough people typed, count them, and delete the hashes that served to count."""
    forget(day)
    seen = set(UnknownTerm.objects.filter(state=UnknownTerm.State.WAITING).values_list("key", flat=True))
    counted = UnknownSighting.objects.order_by().values("key").annotate(people=Count("pk"))
    for key in [row["key"] for row in counted if row["people"] >= PEOPLE or row["key"] in seen]:
        rows = list(UnknownSighting.objects.filter(key=key))
        _count(key, rows)
        UnknownSighting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    waiting = UnknownTerm.objects.filter(state=UnknownTerm.State.WAITING)
    known = _texts_of_skills()
    learnt = [term.pk for term in waiting if term.key in known]
    UnknownTerm.objects.filter(pk__in=learnt).update(state=UnknownTerm.State.DONE)


def _texts_of_skills() -> set[str]:
    """Every text that a skill has by now, drafts and retired ones included."""
    names = Skill.objects.order_by().values_list("label_fr", "label_en")
    labels = SkillLabel.objects.order_by().values_list("key", flat=True)
    return {*labels, *(text_key(name) for pair in names for name in pair)}


def _count(key: str, rows: list[UnknownSighting]) -> None:
    text = Counter(row.text for row in rows).most_common(1)[0][0]
    last = max(row.day for row in rows)
    term = UnknownTerm.objects.filter(key=key).first() or UnknownTerm(key=key, text=text, people=0)
    if term.state == UnknownTerm.State.DONE:
        # It was dealt with, and as many people again found nothing.
        term.state, term.people = UnknownTerm.State.WAITING, 0
    term.people += len(rows)
    term.last_day = last
    term.save()

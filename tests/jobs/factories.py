"""The site's job lists, job profile files and pages, and candidates, for tests."""

import datetime as dt
from pathlib import Path

from django.utils import timezone
from wagtail.models import Locale, Page

from jobs.models import CandidateProfile, CandidateSkill, JobIndexPage, JobProfilePage, NeedKind
from people.models import Consent, ConsentPurpose
from skills.models import Skill
from tests.skills.factories import DomainFactory, SkillFactory


def make_job_indexes() -> dict[str, JobIndexPage]:
    """A list of jobs in each language, translations of each other."""
    root = Page.get_first_root_node()
    indexes: dict[str, JobIndexPage] = {}
    for language, slug in (("fr", "metiers"), ("en", "jobs")):
        locale, _ = Locale.objects.get_or_create(language_code=language)
        index = JobIndexPage(title=slug, slug=slug, locale=locale)
        if indexes:
            index.translation_key = indexes["fr"].translation_key
        indexes[language] = root.add_child(instance=index)
    return indexes


def make_job_page(index: JobIndexPage, code: str, **values: object) -> JobProfilePage:
    """A published job page in the language of its list."""
    values = {"title": code, "family": DomainFactory(), "locale": index.locale, **values}
    page = index.add_child(instance=JobProfilePage(code=code, slug=code, live=False, **values))
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_skills(*codes: str) -> None:
    for code in codes:
        SkillFactory(code=code)


def profile_text(code: str, **replaced: str) -> str:
    """A job profile as it is written in a file; `replaced` swaps top-level values."""
    values = {
        "family": "upstream",
        "title": f"{{fr: Métier {code}, en: Job {code}}}",
        "alternative": f"{{fr: [autre {code}], en: [other {code}]}}",
        "summary": "{fr: En bref., en: In short.}",
        "activities": "{fr: [Faire., Vérifier.], en: [Do., Check.]}",
        "requirements": "[{skill: alpha, level: 3, importance: essential},"
        " {skill: beta, level: 1, importance: useful}]",
        "gates": "[{kind: language, language: en, cefr: B1, label: {fr: Anglais B1, en: English B1},"
        " how: {fr: Un test., en: A test.}}]",
        "conditions": "{cleanroom: C, shifts: [2x8, weekend], notes: {fr: En équipe., en: In shifts.}}",
        "diplomas": '[{level: 5, label: {fr: BTS, en: BTS}, rncp: "38883"}]',
        "rome": "[H2302]",
        "esco": "[]",
        "neighbours": "[]",
    } | replaced
    return "\n".join([f"code: {code}", *(f"{key}: {value}" for key, value in values.items())]) + "\n"


def write_profiles(folder: Path, **profiles: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in profiles.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def make_candidate(
    number: int, *skills: tuple[str, int], expires_in: int = 100, **values
) -> CandidateProfile:
    """Somebody who consents, is available and wants any kind of need; the skills exist already."""
    consent = Consent.objects.create(
        purpose=ConsentPurpose.CANDIDATE_POOL, wording="Texte montré.", expires_on=in_days(expires_in)
    )
    chosen = {"need_kinds": list(NeedKind.values), "available_from": in_days(0), **values}
    profile = CandidateProfile.objects.create(code=pseudonym(number), consent=consent, **chosen)
    for skill, level in skills:
        CandidateSkill.objects.create(profile=profile, skill=Skill.objects.get(code=skill), level=level)
    return profile


def pseudonym(number: int) -> str:
    return f"candidat-{number:08x}"


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)
